//! `hivectl runbook list` and `show`.

use clap::Args;

use super::{find, language, language_parser, words};
use crate::api::runbook::{RunbookContextRequest, RunbookList, RunbookPage, RunbookStep, RunbookSummary};
use crate::base::{Hint, commands};
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::cli::view::table::{Column, table};
use crate::cli::view::{Screen, View};
use crate::error::Result;
use crate::runbook::{IDS, Language, Runbook, Step, filled, read};

/// List the runbooks
///
/// Reads nothing and changes nothing.
#[derive(Debug, Args)]
pub struct ListRunbooksArgs {
    /// Language; otherwise that of LANG
    #[arg(long, value_parser = language_parser())]
    pub lang: Option<Language>,
}

/// Show a runbook
///
/// Its commands are complete, with the model and the places of the context in force filled in; what is not known stands
/// in capitals. Changes nothing.
#[derive(Debug, Args)]
pub struct ShowRunbookArgs {
    /// Name of the runbook
    #[arg(add = complete::runbooks())]
    pub id: String,

    /// Language; otherwise that of LANG
    #[arg(long, value_parser = language_parser())]
    pub lang: Option<Language>,

    /// What a word of the commands stands for, such as model=ticket-anomaly-detector (can be repeated)
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = words::pair)]
    pub values: Vec<(String, String)>,
}

impl VerbArgs for ListRunbooksArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "runbook list",
        examples: &[
            ("What there is", "hivectl runbook list"),
            ("With the alerts that lead there", "hivectl runbook list -o wide"),
            ("Em português", "hivectl runbook list --lang pt-BR"),
        ],
        exit_codes: &[],
        has_rows: true,
        ..VerbSpec::READING
    };

    fn run(&self, _: &Session<'_>) -> Result<Report> {
        let language = language(self.lang);
        let summary = |book: Runbook| RunbookSummary {
            step_count: book.steps.len(),
            language: language.to_string(),
            id: book.id,
            title: book.title,
            summary: book.summary,
            alerts: book.alerts,
            codes: book.codes,
        };
        Report::of(RunbookList { items: IDS.iter().filter_map(|id| read(id, language)).map(summary).collect() })
    }
}

impl VerbArgs for ShowRunbookArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "runbook show",
        examples: &[
            ("What to do", "hivectl runbook show rollback"),
            ("About another model", "hivectl runbook show rollback --set model=ticket-anomaly-detector"),
            ("Em português", "hivectl runbook show training-failed --lang pt-BR"),
        ],
        exit_codes: &[11],
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        let language = language(self.lang);
        let book = find(&self.id, language)?;
        // A runbook must be readable when the settings are what is broken.
        let context = session.run(&RunbookContextRequest { runs: false }).ok();
        let typed = |name: &str| self.values.iter().find(|(word, _)| word == name).map(|(_, value)| value.clone());
        let value = |name: &str| typed(name).or_else(|| context.as_ref()?.word(name));
        let step = |step: &Step| RunbookStep {
            title: step.title.clone(),
            text: step.text.clone(),
            kind: step.kind,
            command: step.filled(value),
            exit_codes: step.expected.as_ref().map(|expected| expected.exit_codes.clone()),
            words: step.expected.as_ref().map(|expected| expected.words.clone()),
        };
        Report::of(RunbookPage {
            markdown: filled(book.source, value),
            items: book.steps.iter().map(step).collect(),
            language: language.to_string(),
            id: book.id,
            title: book.title,
            summary: book.summary,
            alerts: book.alerts,
            codes: book.codes,
        })
    }
}

impl View for RunbookList {
    fn text(&self, screen: &Screen) -> String {
        const COLUMNS: [Column; 4] = [Column::Text("ID"), Column::Number("STEPS"), Column::Text("TITLE"), Column::Text("ALERTS")];
        let shown = if screen.all_columns { 4 } else { 3 };
        let row = |book: &RunbookSummary| {
            let all = [book.id.clone(), book.step_count.to_string(), book.title.clone(), book.alerts.join(" ")];
            all.into_iter().take(shown).collect()
        };
        table(&COLUMNS[..shown], &self.items.iter().map(row).collect::<Vec<Vec<String>>>(), screen)
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(|book| book.id.clone()).collect()
    }

    fn next(&self) -> Vec<Hint> {
        vec![(commands::runbook_show("ID"), ", ", commands::runbook_run("ID")).into()]
    }
}

impl View for RunbookPage {
    fn text(&self, _: &Screen) -> String {
        self.markdown.clone()
    }

    fn is_verbatim(&self) -> bool {
        true
    }

    fn next(&self) -> Vec<Hint> {
        vec![commands::runbook_run(&self.id).into()]
    }
}
