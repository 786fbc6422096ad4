//! What a version would have predicted for tickets that have ended, as of the creation of each.

use std::collections::BTreeMap;

use super::window::Tickets;
use crate::drift::Observations;
use crate::error::Result;
use crate::models::ModelKind;
use crate::ops::judging::{Runner, Truth};

/// Absolute errors of a version, in ms.
pub struct Errors {
    /// The tickets that have one.
    pub tickets: Observations,
    pub absolute_ms: Vec<f64>,
    /// Tickets without one, by reason.
    pub left_out: BTreeMap<&'static str, usize>,
}

/// Predicts the durations of these rows, but for those that the version has learned from; `None` where it predicts
/// none.
pub fn errors(runner: &Runner, tickets: &mut Tickets, rows: &[u32], threads: usize) -> Result<Option<Errors>> {
    if runner.kind == ModelKind::Anomaly {
        return Ok(None);
    }
    tickets.judges.rows = rows.to_vec();
    let (fair, left_out) = runner.fair_rows(&tickets.judges);
    let answers = runner.answers(&tickets.judges, &fair, threads)?;
    let Truth::Durations(actual) = runner.truth(&tickets.judges, &fair) else { return Ok(None) };
    let absolute_ms = actual.iter().zip(&answers.scores).map(|(actual, predicted)| (actual - predicted).abs()).collect();
    Ok(Some(Errors { tickets: tickets.observe(&fair)?, absolute_ms, left_out }))
}
