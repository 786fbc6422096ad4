//! The words that say whose duration is known, and from where.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::api::words::{LabelRule, LabelWanted, TicketStatus, TypedInstructions, ZeroDurations};
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

    #[command(flatten)]
    pub zero: ZeroArgs,
}

/// Whether work of no time counts.
#[derive(Clone, Copy, Debug, Args)]
pub struct ZeroArgs {
    /// Whether tickets that took no time count; those left out are counted apart [default: as the version was trained; without one drop]
    #[arg(long, value_parser = zero_parser())]
    pub zero_durations: Option<ZeroDurations>,
}

fn zero_parser() -> impl TypedValueParser<Value = ZeroDurations> {
    PossibleValuesParser::new(ZeroDurations::ALL.map(|word| word.to_string())).try_map(|word| word.parse::<ZeroDurations>())
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
        LabelRule {
            wanted: typed.label.unwrap_or(usual.wanted),
            statuses: typed.status.unwrap_or(usual.statuses),
            zero_durations: typed.zero_durations.unwrap_or(usual.zero_durations),
        }
    }
}

impl LabelWords for LabelArgs {
    fn typed(&self) -> TypedInstructions {
        typed(self.label, &self.status, self.zero)
    }
}

fn typed(label: Option<LabelWanted>, status: &[TicketStatus], zero: ZeroArgs) -> TypedInstructions {
    let status = (!status.is_empty()).then(|| status.to_vec());
    TypedInstructions { label, status, zero_durations: zero.zero_durations, ..TypedInstructions::default() }
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

    #[command(flatten)]
    pub zero: ZeroArgs,
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
        typed(self.label.as_ref().and_then(|word| word.parse().ok()), &self.status, self.zero)
    }
}

/// Reads the word of a status.
pub fn status(word: &str) -> std::result::Result<TicketStatus, String> {
    match TicketStatus::from(word.trim()) {
        TicketStatus::Unknown => Err("the statuses are pending, running, completed, failed, compensating, compensated, rejected".into()),
        status => Ok(status),
    }
}
