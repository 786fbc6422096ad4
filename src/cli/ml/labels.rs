//! The words that say whose duration is known, and from where.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::api::words::{LabelRule, LabelWanted, TicketStatus, TypedInstructions};
use crate::error::{Error, ErrorKind, Result};

/// Which tickets have an outcome.
#[derive(Debug, Args)]
pub struct LabelArgs {
    /// Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there [default: as the version was trained; without one auto]
    #[arg(long, value_parser = label_parser())]
    pub label: Option<LabelWanted>,

    /// Statuses whose tickets count [default: as the version was trained; without one completed]
    #[arg(long, value_delimiter = ',', value_parser = status)]
    pub status: Vec<TicketStatus>,
}

/// Where a duration may come from.
fn label_parser() -> impl TypedValueParser<Value = LabelWanted> {
    PossibleValuesParser::new(LabelWanted::ALL.map(|wanted| wanted.to_string())).try_map(|word| word.parse::<LabelWanted>())
}

/// Words that say whose duration is known.
pub trait LabelWords {
    /// What was typed.
    fn typed(&self) -> TypedInstructions;

    /// The rule behind the words, with the usual one where nothing was typed.
    fn rule(&self) -> LabelRule {
        let (usual, typed) = (LabelRule::default(), self.typed());
        LabelRule { wanted: typed.label.unwrap_or(usual.wanted), statuses: typed.status.unwrap_or(usual.statuses) }
    }
}

impl LabelWords for LabelArgs {
    fn typed(&self) -> TypedInstructions {
        typed(self.label, &self.status)
    }
}

fn typed(label: Option<LabelWanted>, status: &[TicketStatus]) -> TypedInstructions {
    let status = (!status.is_empty()).then(|| status.to_vec());
    TypedInstructions { label, status, ..TypedInstructions::default() }
}

/// The same for a verb that judges by tickets or by a table, whose rows say in a column what they are.
#[derive(Debug, Args)]
pub struct LabelOrColumnArgs {
    /// Where durations come from: auto, actual or timestamps [default: as the version was trained; without one auto]; with
    /// --test-data the column that says what each row is [default: label]
    #[arg(long, value_name = "LABEL|COLUMN")]
    pub label: Option<String>,

    /// Statuses whose tickets count [default: as the version was trained; without one completed]
    #[arg(long, value_delimiter = ',', value_parser = status)]
    pub status: Vec<TicketStatus>,
}

impl LabelOrColumnArgs {
    /// The column of a table with what each row is.
    pub fn column(&self) -> String {
        self.label.clone().unwrap_or_else(|| "label".into())
    }

    /// Errors: [`ErrorKind::Usage`] for a word that says nothing of tickets.
    pub fn check_for_tickets(&self) -> Result<()> {
        match &self.label {
            Some(word) if word.parse::<LabelWanted>().is_err() => {
                let words = LabelWanted::ALL.map(|wanted| wanted.to_string()).join(", ");
                Err(Error::new(
                    ErrorKind::Usage,
                    format!("'{:.40}' does not say where durations come from", word.escape_debug().to_string()),
                )
                .hint(format!("`--label` is one of {words}; with `--test-data FILE` it names a column")))
            }
            _ => Ok(()),
        }
    }
}

impl LabelWords for LabelOrColumnArgs {
    fn typed(&self) -> TypedInstructions {
        typed(self.label.as_ref().and_then(|word| word.parse().ok()), &self.status)
    }
}

/// Reads the word of a status.
pub fn status(word: &str) -> std::result::Result<TicketStatus, String> {
    match TicketStatus::from(word.trim()) {
        TicketStatus::Unknown => Err("the statuses are pending, running, completed, failed, compensating, compensated, rejected".into()),
        status => Ok(status),
    }
}
