//! Writes what was planned.

use std::time::{Duration, Instant};

use super::errors::Errors;
use super::work::{Item, Work};
use crate::error::{Error, Result};
use crate::ops::Progress;
use crate::source::mongodb::{BackfillHistory, BackfillRecord, BackfillStatistics, MongoPlace, NewPrediction, PredictionWriter, Seen};

/// Tickets of one `update` command, at most.
const BATCH: usize = 2_000;
/// With a rate, so many commands a second.
const COMMANDS_A_SECOND: f64 = 4.0;

/// How the writing goes.
#[derive(Clone, Debug)]
pub struct Orders {
    /// Tickets a second, at most.
    pub rate: Option<f64>,
    /// Nothing is written into tickets; the errors are noted in the history.
    pub errors_only: bool,
    /// A backfill that was begun before and goes on.
    pub resumed: Option<BackfillRecord>,
    pub actor: String,
    pub reason: Option<String>,
    /// How long the note in the history is worth keeping.
    pub retention_days: i64,
}

/// What was done.
#[derive(Clone, Debug)]
pub struct Applied {
    pub eligible: u64,
    pub predicted: u64,
    /// Tickets that had changed since they were read.
    pub conflicts: u64,
    pub errors: Errors,
    /// The note in `ml_backfill_history`; `None` where nothing was to be done.
    pub history_id: Option<String>,
}

/// Writes the predictions of `work` into the tickets at `place`.
///
/// Errors: those of writing, with how much was written; a later run goes on from there.
pub fn apply(work: &Work, place: &MongoPlace, orders: &Orders, progress: &dyn Progress) -> Result<Applied> {
    let version = &work.model.version;
    if work.items.is_empty() && orders.resumed.is_none() && !orders.errors_only {
        return Ok(Applied { eligible: 0, predicted: 0, conflicts: 0, errors: work.errors(None), history_id: None });
    }
    let history = BackfillHistory::open(place)?;
    let record = orders.resumed.clone().unwrap_or_else(|| BackfillRecord {
        id: BackfillRecord::fresh_id(),
        started_at: jiff::Timestamp::now().as_millisecond(),
        model_name: version.name.clone(),
        model_version: version.version.to_string(),
        window: work.window,
        as_of: work.as_of,
        eligible: work.eligible(),
        actor: orders.actor.clone(),
        reason: orders.reason.clone(),
        errors_only: orders.errors_only,
    });
    history.begin(&record)?;
    let (has_prediction, predicted, conflicts) = match orders.errors_only {
        true => (None, 0, 0),
        false => {
            let writer = PredictionWriter::open(place, &version.name, &version.version.to_string())?;
            let outcome = write_all(&work.items, &writer, orders.rate, progress)?;
            (Some(outcome.has_prediction), outcome.predicted, outcome.conflicts)
        }
    };
    let errors = work.errors(has_prediction.as_deref());
    history.finish(&record, &statistics(work, predicted, conflicts, &errors), orders.retention_days)?;
    Ok(Applied { eligible: work.eligible(), predicted, conflicts, errors, history_id: Some(record.id) })
}

/// What became of the items.
struct Outcome {
    /// Which items have this version's prediction now, whoever wrote it.
    has_prediction: Vec<bool>,
    /// How many of them this run wrote.
    predicted: u64,
    conflicts: u64,
}

/// Writes batch after batch.
fn write_all(items: &[Item], writer: &PredictionWriter, rate: Option<f64>, progress: &dyn Progress) -> Result<Outcome> {
    progress.begin("writing predictions", Some(items.len() as u64));
    let size = rate.map_or(BATCH, |rate| ((rate / COMMANDS_A_SECOND).ceil() as usize).clamp(1, BATCH));
    let mut outcome = Outcome { has_prediction: vec![false; items.len()], predicted: 0, conflicts: 0 };
    let mut sent = 0_usize;
    let started = Instant::now();
    for batch in items.chunks(size) {
        if let Some(rate) = rate {
            let due = Duration::from_secs_f64(sent as f64 / rate);
            std::thread::sleep(due.saturating_sub(started.elapsed()));
        }
        let changes: Vec<(&Seen, NewPrediction)> = batch.iter().filter_map(|item| Some((item.seen.as_ref()?, item.prediction))).collect();
        let predicted_at = jiff::Timestamp::now().as_millisecond();
        let written = writer.write(&changes, predicted_at).map_err(|error| told(&error, outcome.predicted, items.len()))?;
        written.done.iter().chain(&written.elsewhere).for_each(|&place| outcome.has_prediction[sent + place] = true);
        outcome.predicted += written.done.len() as u64;
        outcome.conflicts += written.conflicts;
        sent += batch.len();
        progress.advance_to(sent as u64);
    }
    progress.finish(&format!("{} predictions written, {} tickets had changed", outcome.predicted, outcome.conflicts));
    Ok(outcome)
}

/// The failure with what was done before it.
fn told(error: &Error, written: u64, planned: usize) -> Error {
    let told = Error::new(error.kind(), error.message()).because(format!("{written} of {planned} predictions were written before"));
    let told = error.causes().iter().fold(told, |told, cause| told.because(cause));
    let told = error.hints().iter().fold(told, |told, hint| told.hint(hint.clone()));
    told.hint("what is written stays; go on with `hivectl ml backfill --resume`")
}

fn statistics(work: &Work, predicted: u64, conflicts: u64, errors: &Errors) -> BackfillStatistics {
    BackfillStatistics {
        processed: errors.count,
        predicted,
        conflicts,
        skipped: work.skipped.iter().map(|(reason, count)| (reason.clone(), *count)).collect(),
        total_tickets: work.read,
        error_ms: errors.sizes_ms,
        extreme_count: errors.extreme_count,
        extreme: errors.extreme.iter().map(|extreme| (extreme.ticket_id.clone(), extreme.predicted_ms, extreme.actual_ms)).collect(),
    }
}
