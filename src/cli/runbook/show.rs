//! `hivectl runbook list` and `show`.

use clap::Args;
use serde_json::{Value, json};

use super::{LanguageWord, find, language, words};
use crate::base::commands;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::view::Screen;
use crate::cli::view::table::{Column, table};
use crate::error::Result;
use crate::runbook::{IDS, Runbook, StepKind, filled, read};

/// List the runbooks
///
/// Reads nothing and changes nothing.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Language; otherwise that of LANG
    #[arg(long, value_enum)]
    pub lang: Option<LanguageWord>,
}

/// Show a runbook
///
/// Its commands are complete, with the model and the places of the context in force filled in; what is not known stands
/// in capitals. Changes nothing.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Name of the runbook
    pub id: String,

    /// Language; otherwise that of LANG
    #[arg(long, value_enum)]
    pub lang: Option<LanguageWord>,

    /// What a word of the commands stands for, such as model=ticket-anomaly-detector (can be repeated)
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = words::pair)]
    pub values: Vec<(String, String)>,
}

impl ListArgs {
    pub fn run(&self) -> Result<Report> {
        let language = language(self.lang);
        let books: Vec<Runbook> = IDS.iter().filter_map(|id| read(id, language)).collect();
        let items: Vec<Value> = books
            .iter()
            .map(|book| {
                json!({
                    "id": book.id,
                    "title": book.title,
                    "summary": book.summary,
                    "step_count": book.steps.len(),
                    "alerts": book.alerts,
                    "codes": book.codes,
                    "language": language.word(),
                })
            })
            .collect();
        let rows: Vec<Vec<String>> = books
            .iter()
            .map(|book| vec![book.id.clone(), book.steps.len().to_string(), book.title.clone(), book.alerts.join(" ")])
            .collect();
        let text = move |screen: &Screen| {
            const COLUMNS: [Column; 4] = [Column::Text("ID"), Column::Number("STEPS"), Column::Text("TITLE"), Column::Text("ALERTS")];
            let shown = if screen.all_columns { 4 } else { 3 };
            let rows: Vec<Vec<String>> = rows.iter().map(|row| row[..shown].to_vec()).collect();
            table(&COLUMNS[..shown], &rows, screen)
        };
        let names = IDS.iter().map(|id| (*id).to_owned()).collect();
        let mut report = Report { names, ..Report::new("hivectl.runbook.list/v1", json!({ "items": items }), text) };
        report.next.push((commands::runbook_show("ID"), ", ", commands::runbook_run("ID")).into());
        Ok(report)
    }
}

impl ShowArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let language = language(self.lang);
        let book = find(&self.id, language)?;
        // A runbook must be readable when the settings are what is broken.
        let settings = session.settings(&session.flags()).ok();
        let typed = |name: &str| self.values.iter().find(|(word, _)| word == name).map(|(_, value)| value.clone());
        let value = |name: &str| typed(name).or_else(|| words::usual(name, settings.as_ref()?));
        let text = filled(book.source, value);
        let steps: Vec<Value> = book
            .steps
            .iter()
            .map(|step| {
                json!({
                    "title": step.title,
                    "text": step.text,
                    "kind": kind(step.kind),
                    "command": step.filled(value),
                    "exit_codes": step.expected.as_ref().map(|expected| expected.exit_codes.clone()),
                    "words": step.expected.as_ref().map(|expected| expected.words.clone()),
                })
            })
            .collect();
        let data = json!({ "id": book.id, "title": book.title, "summary": book.summary, "language": language.word(), "alerts": book.alerts, "codes": book.codes, "items": steps });
        let mut report = Report::verbatim("hivectl.runbook.show/v1", text).with_data(data);
        report.next.push(commands::runbook_run(&book.id).into());
        Ok(report)
    }
}

/// The word for scripts.
pub fn kind(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Look => "look",
        StepKind::Change => "change",
        StepKind::External => "external",
    }
}
