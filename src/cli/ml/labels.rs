//! The words that say whose duration is known, and from where.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::api::words::{LabelRule, LabelWanted, TicketStatus, TypedInstructions};

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

impl LabelArgs {
    /// The rule behind the words, with the usual one where nothing was typed.
    pub fn rule(&self) -> LabelRule {
        let (usual, typed) = (LabelRule::default(), self.typed());
        LabelRule { wanted: typed.label.unwrap_or(usual.wanted), statuses: typed.status.unwrap_or(usual.statuses) }
    }

    /// What was typed.
    pub fn typed(&self) -> TypedInstructions {
        let status = (!self.status.is_empty()).then(|| self.status.clone());
        TypedInstructions { label: self.label, status, ..TypedInstructions::default() }
    }
}

/// Reads the word of a status.
pub fn status(word: &str) -> Result<TicketStatus, String> {
    match TicketStatus::from(word.trim()) {
        TicketStatus::Unknown => Err("the statuses are pending, running, completed, failed, compensating, compensated, rejected".into()),
        status => Ok(status),
    }
}
