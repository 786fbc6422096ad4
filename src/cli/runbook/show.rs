//! `hivectl runbook list` and `show`.

use clap::Args;

use super::{find, language, language_parser, words};
use crate::api::runbook::{RunbookContextRequest, RunbookList, RunbookPage, RunbookStep, RunbookSummary};
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::VerbSpec;
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

pub const LIST_SPEC: VerbSpec = VerbSpec {
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

pub const SHOW_SPEC: VerbSpec = VerbSpec {
    words: "runbook show",
    examples: &[
        ("What to do", "hivectl runbook show rollback"),
        ("About another model", "hivectl runbook show rollback --set model=ticket-anomaly-detector"),
        ("Em português", "hivectl runbook show training-failed --lang pt-BR"),
    ],
    exit_codes: &[11],
    ..VerbSpec::READING
};

impl ListRunbooksArgs {
    pub fn run(&self) -> Result<Report> {
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

impl ShowRunbookArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let language = language(self.lang);
        let book = find(&self.id, language)?;
        // A runbook must be readable when the settings are what is broken.
        let context = session.operations().runbook_context(RunbookContextRequest { runs: false }).ok();
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
