//! The words that say whose duration is known, and from where.

use clap::{Args, ValueEnum};

use crate::ticket::{LabelRule, LabelWanted, TicketStatus};

/// Which tickets have an outcome.
#[derive(Debug, Args)]
pub struct LabelArgs {
    /// Where durations come from: actual_duration_ms, completed_at minus started_at, or the first that is there
    #[arg(long, value_enum, default_value_t = LabelWord::Auto)]
    pub label: LabelWord,

    /// Statuses whose tickets count
    #[arg(long, value_delimiter = ',', default_value = "completed", value_parser = status)]
    pub status: Vec<TicketStatus>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LabelWord {
    Actual,
    Derived,
    Auto,
}

impl LabelArgs {
    /// The rule behind the words.
    pub fn rule(&self) -> LabelRule {
        let wanted = match self.label {
            LabelWord::Actual => LabelWanted::Actual,
            LabelWord::Derived => LabelWanted::Derived,
            LabelWord::Auto => LabelWanted::Auto,
        };
        LabelRule { wanted, statuses: self.status.clone() }
    }
}

/// Reads the word of a status.
pub fn status(word: &str) -> Result<TicketStatus, String> {
    match TicketStatus::parse(word.trim()) {
        TicketStatus::Unknown => Err("the statuses are pending, running, completed, failed, compensating, compensated, rejected".into()),
        status => Ok(status),
    }
}
