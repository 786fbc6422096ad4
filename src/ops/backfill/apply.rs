//! Writes what was planned.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use super::errors::{Errors, ErrorsSoFar};
use super::items::Item;
use super::work::Work;
use crate::base::commands;
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

/// The name under which tickets are counted that cannot be stored with a prediction.
pub const REFUSED: &str = "refused_by_server";

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
    /// Tickets that the server cannot store with a prediction, such as one of 16 MB.
    pub refused: u64,
    pub errors: Errors,
    /// The note in `ml_backfill_history`; `None` where nothing was to be done.
    pub history_id: Option<String>,
}

/// Writes the predictions of `work` into the tickets at `place`.
///
/// Errors: those of writing, with how much was written; a later run goes on from there.
pub fn apply(work: &Work, place: &MongoPlace, orders: &Orders, progress: &dyn Progress) -> Result<Applied> {
    let version = &work.model.version;
    if work.eligible() == 0 && orders.resumed.is_none() && !orders.errors_only {
        let errors = work.errors_so_far().summary();
        return Ok(Applied { eligible: 0, predicted: 0, conflicts: 0, refused: 0, errors, history_id: None });
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
    let applied = match orders.errors_only {
        true => {
            let errors = work.all_errors(progress)?;
            Applied { eligible: work.eligible(), predicted: 0, conflicts: 0, refused: 0, errors, history_id: Some(record.id.clone()) }
        }
        false => {
            // A rate is kept by one alone.
            let writers = if orders.rate.is_some() { 1 } else { AT_A_TIME };
            let open = |_| PredictionWriter::open(place, &version.name, &version.version.to_string());
            let writers = (0..writers).map(open).collect::<Result<Vec<_>>>()?;
            let writing = Writing::new(work, &writers, orders.rate, progress);
            let Outcome { sent, predicted, conflicts, refused, errors } = writing.all(work)?;
            // What was due when it was counted and no longer when it was read again has changed too.
            let conflicts = conflicts + work.eligible().saturating_sub(sent);
            Applied {
                eligible: work.eligible(),
                predicted,
                conflicts,
                refused,
                errors: errors.summary(),
                history_id: Some(record.id.clone()),
            }
        }
    };
    history.finish(&record, &statistics(work, &applied), orders.retention_days)?;
    Ok(applied)
}

/// What became of the items so far.
struct Outcome {
    sent: u64,
    /// How many predictions this run wrote.
    predicted: u64,
    conflicts: u64,
    refused: u64,
    /// Of the tickets that have this version's prediction now, whoever wrote it.
    errors: ErrorsSoFar,
}

/// Writes batch after batch, each writer one at a time.
struct Writing<'w> {
    writers: &'w [PredictionWriter],
    rate: Option<f64>,
    started: Instant,
    progress: &'w dyn Progress,
    outcome: Outcome,
}

impl<'w> Writing<'w> {
    fn new(work: &Work, writers: &'w [PredictionWriter], rate: Option<f64>, progress: &'w dyn Progress) -> Self {
        progress.begin("writing predictions", Some(work.eligible()));
        let outcome = Outcome { sent: 0, predicted: 0, conflicts: 0, refused: 0, errors: work.errors_so_far() };
        Writing { writers, rate, started: Instant::now(), progress, outcome }
    }

    fn all(mut self, work: &Work) -> Result<Outcome> {
        work.each(&mut |items| self.write_all(items)).map_err(|error| told(&error, self.outcome.predicted, work.eligible()))?;
        let Outcome { predicted, conflicts, .. } = self.outcome;
        self.progress.finish(&format!("{predicted} predictions written, {conflicts} tickets had changed"));
        Ok(self.outcome)
    }

    fn write_all(&mut self, items: &[Item]) -> Result<()> {
        let size = self.rate.map_or(BATCH, |rate| ((rate / COMMANDS_A_SECOND).ceil() as usize).clamp(1, BATCH));
        let batches: Vec<&[Item]> = items.chunks(size).collect();
        let (next, mut failed) = (AtomicUsize::new(0), None);
        let (rate, started, before) = (self.rate, self.started, self.outcome.sent as usize);
        std::thread::scope(|scope| {
            let (tell, told) = channel();
            for writer in self.writers {
                let (tell, next, batches) = (tell.clone(), &next, &batches);
                scope.spawn(move || {
                    while let number = next.fetch_add(1, Ordering::Relaxed)
                        && let Some(batch) = batches.get(number)
                    {
                        if let Some(rate) = rate {
                            let due = Duration::from_secs_f64((before + number * size) as f64 / rate);
                            std::thread::sleep(due.saturating_sub(started.elapsed()));
                        }
                        // The one who listens is there until the last writer has ended.
                        let _ = tell.send((*batch, write(writer, batch)));
                    }
                });
            }
            drop(tell);
            for (batch, written) in told {
                match written {
                    Ok(written) => self.note(batch, &written),
                    Err(error) => {
                        // What is under way is waited for, so that it is counted; nothing more is begun.
                        next.store(batches.len(), Ordering::Relaxed);
                        failed.get_or_insert(error);
                    }
                }
            }
        });
        failed.map_or(Ok(()), Err)
    }

    fn note(&mut self, batch: &[Item], written: &Written) {
        let outcome = &mut self.outcome;
        for item in written.done.iter().chain(&written.elsewhere).map(|&place| &batch[place]) {
            outcome.errors.add(&item.ticket_id, item.prediction.duration_ms, item.actual_ms);
        }
        outcome.predicted += written.done.len() as u64;
        outcome.conflicts += written.conflicts;
        outcome.refused += written.refused.len() as u64;
        outcome.sent += batch.len() as u64;
        self.progress.advance_to(outcome.sent);
    }
}

fn write(writer: &PredictionWriter, batch: &[Item]) -> Result<Written> {
    let changes: Vec<(&Seen, NewPrediction)> = batch.iter().filter_map(|item| Some((item.seen.as_ref()?, item.prediction))).collect();
    writer.write(&changes, jiff::Timestamp::now().as_millisecond())
}

/// The failure with what was done before it.
fn told(error: &Error, written: u64, planned: u64) -> Error {
    let told = Error::new(error.kind(), error.message()).because(format!("{written} of {planned} predictions were written before"));
    let told = error.causes().iter().fold(told, |told, cause| told.because(cause));
    let told = error.hints().iter().fold(told, |told, hint| told.hint(hint.clone()));
    told.hint(("what is written stays; go on with `", commands::backfill_resume(), "`"))
}

fn statistics(work: &Work, applied: &Applied) -> BackfillStatistics {
    let errors = &applied.errors;
    let refused = (applied.refused > 0).then(|| (REFUSED.to_owned(), applied.refused));
    BackfillStatistics {
        processed: errors.count,
        predicted: applied.predicted,
        conflicts: applied.conflicts,
        skipped: work.skipped.iter().map(|(reason, count)| (reason.clone(), *count)).chain(refused).collect(),
        total_tickets: work.read,
        error_ms: errors.sizes_ms,
        extreme_count: errors.extreme_count,
        extreme: errors.extreme.iter().map(|extreme| (extreme.ticket_id.clone(), extreme.predicted_ms, extreme.actual_ms)).collect(),
    }
}
