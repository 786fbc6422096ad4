//! The words that say whose duration is known, and from where.

use clap::{Args, ValueEnum};

use crate::kinds::TypedInstructions;
use crate::ticket::{LabelRule, LabelWanted, TicketStatus};

/// Which tickets have an outcome.
#[derive(Debug, Args)]
pub struct LabelArgs {
    /// Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there [default: as the version was trained, else auto]
    #[arg(long, value_enum)]
    pub label: Option<LabelWord>,

    /// Statuses whose tickets count [default: as the version was trained, else completed]
    #[arg(long, value_delimiter = ',', value_parser = status)]
    pub status: Vec<TicketStatus>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LabelWord {
    Actual,
    Derived,
    Auto,
}

impl LabelArgs {
    /// The rule behind the words, with the usual one where nothing was typed.
    pub fn rule(&self) -> LabelRule {
        let (usual, typed) = (LabelRule::default(), self.typed());
        LabelRule { wanted: typed.label.unwrap_or(usual.wanted), statuses: typed.status.unwrap_or(usual.statuses) }
    }

    /// What was typed.
    pub fn typed(&self) -> TypedInstructions {
        let label = self.label.map(|label| match label {
            LabelWord::Actual => LabelWanted::Actual,
            LabelWord::Derived => LabelWanted::Derived,
            LabelWord::Auto => LabelWanted::Auto,
        });
        let status = (!self.status.is_empty()).then(|| self.status.clone());
        TypedInstructions { label, status, ..TypedInstructions::default() }
    }
}

/// Reads the word of a status.
pub fn status(word: &str) -> Result<TicketStatus, String> {
    match TicketStatus::parse(word.trim()) {
        TicketStatus::Unknown => Err("the statuses are pending, running, completed, failed, compensating, compensated, rejected".into()),
        status => Ok(status),
    }
}
