//! Writes what was planned.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use super::errors::Errors;
use super::work::{Item, Work};
use crate::error::{Error, Result};
use crate::ops::Progress;
use crate::source::mongodb::{
    BackfillHistory, BackfillRecord, BackfillStatistics, MongoPlace, NewPrediction, PredictionWriter, Seen, Written,
};

/// Tickets of one `update` command, at most.
const BATCH: usize = 2_000;
/// Commands on their way at a time: one is made and judged here while the server carries out the other.
const AT_A_TIME: usize = 2;
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
            // A rate is kept by one alone.
            let writers = if orders.rate.is_some() { 1 } else { AT_A_TIME };
            let open = |_| PredictionWriter::open(place, &version.name, &version.version.to_string());
            let writers = (0..writers).map(open).collect::<Result<Vec<_>>>()?;
            let outcome = write_all(&work.items, &writers, orders.rate, progress)?;
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

/// Writes batch after batch, each writer one at a time.
fn write_all(items: &[Item], writers: &[PredictionWriter], rate: Option<f64>, progress: &dyn Progress) -> Result<Outcome> {
    progress.begin("writing predictions", Some(items.len() as u64));
    let size = rate.map_or(BATCH, |rate| ((rate / COMMANDS_A_SECOND).ceil() as usize).clamp(1, BATCH));
    let mut outcome = Outcome { has_prediction: vec![false; items.len()], predicted: 0, conflicts: 0 };
    let (mut sent, mut failed) = (0_usize, None);
    let started = Instant::now();
    let batches: Vec<&[Item]> = items.chunks(size).collect();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let (tell, told) = channel();
        for writer in writers {
            let (tell, next, batches) = (tell.clone(), &next, &batches);
            scope.spawn(move || {
                while let number = next.fetch_add(1, Ordering::Relaxed)
                    && let Some(batch) = batches.get(number)
                {
                    if let Some(rate) = rate {
                        let due = Duration::from_secs_f64((number * size) as f64 / rate);
                        std::thread::sleep(due.saturating_sub(started.elapsed()));
                    }
                    // The one who listens is there until the last writer has ended.
                    let _ = tell.send((number * size, batch.len(), write(writer, batch)));
                }
            });
        }
        drop(tell);
        for (first, count, written) in told {
            match written {
                Ok(written) => {
                    written.done.iter().chain(&written.elsewhere).for_each(|&place| outcome.has_prediction[first + place] = true);
                    outcome.predicted += written.done.len() as u64;
                    outcome.conflicts += written.conflicts;
                    sent += count;
                    progress.advance_to(sent as u64);
                }
                Err(error) => {
                    // What is under way is waited for, so that it is counted; nothing more is begun.
                    next.store(batches.len(), Ordering::Relaxed);
                    failed.get_or_insert(error);
                }
            }
        }
    });
    if let Some(error) = failed {
        return Err(told(&error, outcome.predicted, items.len()));
    }
    progress.finish(&format!("{} predictions written, {} tickets had changed", outcome.predicted, outcome.conflicts));
    Ok(outcome)
}

fn write(writer: &PredictionWriter, batch: &[Item]) -> Result<Written> {
    let changes: Vec<(&Seen, NewPrediction)> = batch.iter().filter_map(|item| Some((item.seen.as_ref()?, item.prediction))).collect();
    writer.write(&changes, jiff::Timestamp::now().as_millisecond())
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
