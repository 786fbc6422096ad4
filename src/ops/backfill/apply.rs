//! Writes what was planned.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use super::errors::{ErrorAccumulator, ErrorSummary};
use super::pending::PendingPrediction;
use super::plan::BackfillPlan;
use super::request::BackfillOptions;
use crate::api::backfill::REFUSED_BY_SERVER;
use crate::base::commands;
use crate::base::number::counted;
use crate::base::time::MS_PER_DAY;
use crate::error::{Error, Result};
use crate::ops::Progress;
use crate::source::{
    BackfillRecord, BackfillStatistics, BatchOutcome, KeepReplaced, NewPrediction, PredictionStore, PredictionWriter, TicketRevision,
};

/// Tickets of one `update` command, at most.
const BATCH: usize = 2_000;
/// Commands on their way at a time: one is made and judged here while the server carries out the other.
const AT_A_TIME: usize = 2;
/// With a rate, so many commands a second.
const COMMANDS_A_SECOND: f64 = 4.0;

/// What was done.
#[derive(Clone, Debug)]
pub struct BackfillOutcome {
    pub eligible: u64,
    pub predicted: u64,
    /// Tickets that had changed since they were read.
    pub conflicts: u64,
    /// Tickets that the server cannot store with a prediction, such as one of 16 MB.
    pub refused: u64,
    pub errors: ErrorSummary,
    /// The note in `ml_backfill_history`; `None` where nothing was to be done.
    pub history_id: Option<String>,
}

/// Writes the predictions of `plan` into the tickets of `store`.
///
/// Errors: those of writing, with how much was written; a later run goes on from there.
pub fn apply(
    plan: &BackfillPlan<'_>,
    store: &dyn PredictionStore,
    options: &BackfillOptions,
    progress: &dyn Progress,
) -> Result<BackfillOutcome> {
    let version = &plan.model.version;
    if plan.eligible() == 0 && options.resumed.is_none() && !options.errors_only {
        let errors = plan.errors_before().summary();
        return Ok(BackfillOutcome { eligible: 0, predicted: 0, conflicts: 0, refused: 0, errors, history_id: None });
    }
    let record = options.resumed.clone().unwrap_or_else(|| BackfillRecord {
        id: store.new_record_id(),
        started_at: jiff::Timestamp::now().as_millisecond(),
        model_name: version.name.clone(),
        model_version: version.version.to_string(),
        window: plan.window,
        as_of: plan.as_of,
        eligible: plan.eligible(),
        actor: options.actor.clone(),
        reason: options.reason.clone(),
        errors_only: options.errors_only,
        replace: !options.errors_only && !plan.replaces.is_empty(),
    });
    store.begin(&record)?;
    let applied = match options.errors_only {
        true => {
            let errors = plan.all_errors(progress)?;
            BackfillOutcome {
                eligible: plan.eligible(),
                predicted: 0,
                conflicts: 0,
                refused: 0,
                errors,
                history_id: Some(record.id.clone()),
            }
        }
        false => {
            // A rate is kept by one alone.
            let writers = if options.rate.is_some() { 1 } else { AT_A_TIME };
            let number = version.version.to_string();
            let until_ms = record.started_at.saturating_add(options.retention_days * MS_PER_DAY);
            let keep = record.replace.then(|| KeepReplaced { run: record.id.clone(), until_ms });
            let open = |_| store.writer(&version.name, &number, keep.clone());
            let writers = (0..writers).map(open).collect::<Result<Vec<_>>>()?;
            let writing = Writing::new(plan, &writers, options.rate, progress);
            let Totals { sent, predicted, conflicts, refused, errors } = writing.all(plan)?;
            // What was due when it was counted and no longer when it was read again has changed too.
            let conflicts = conflicts + plan.eligible().saturating_sub(sent);
            BackfillOutcome {
                eligible: plan.eligible(),
                predicted,
                conflicts,
                refused,
                errors: errors.summary(),
                history_id: Some(record.id.clone()),
            }
        }
    };
    store.finish(&record, &statistics(plan, &applied), options.retention_days)?;
    Ok(applied)
}

/// What became of the predictions so far.
struct Totals {
    sent: u64,
    /// How many predictions this run wrote.
    predicted: u64,
    conflicts: u64,
    refused: u64,
    /// Of the tickets that have this version's prediction now, whoever wrote it.
    errors: ErrorAccumulator,
}

/// Writes batch after batch, each writer one at a time.
struct Writing<'w> {
    writers: &'w [Box<dyn PredictionWriter>],
    rate: Option<f64>,
    started: Instant,
    progress: &'w dyn Progress,
    totals: Totals,
}

impl<'w> Writing<'w> {
    fn new(plan: &BackfillPlan<'_>, writers: &'w [Box<dyn PredictionWriter>], rate: Option<f64>, progress: &'w dyn Progress) -> Self {
        progress.begin("writing predictions", Some(plan.eligible()));
        let totals = Totals { sent: 0, predicted: 0, conflicts: 0, refused: 0, errors: plan.errors_before() };
        Writing { writers, rate, started: Instant::now(), progress, totals }
    }

    fn all(mut self, plan: &BackfillPlan<'_>) -> Result<Totals> {
        plan.each(&mut |items| self.write_all(items)).map_err(|error| interrupted(&error, self.totals.predicted, plan.eligible()))?;
        let Totals { predicted, conflicts, .. } = self.totals;
        self.progress.finish(&format!("{} written, {} had changed", counted(predicted, "prediction"), counted(conflicts, "ticket")));
        Ok(self.totals)
    }

    fn write_all(&mut self, items: &[PendingPrediction]) -> Result<()> {
        let size = self.rate.map_or(BATCH, |rate| ((rate / COMMANDS_A_SECOND).ceil() as usize).clamp(1, BATCH));
        let batches: Vec<&[PendingPrediction]> = items.chunks(size).collect();
        let (next, mut failed) = (AtomicUsize::new(0), None);
        let (rate, started, before) = (self.rate, self.started, self.totals.sent as usize);
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
                        let _ = tell.send((*batch, write(writer.as_ref(), batch)));
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

    fn note(&mut self, batch: &[PendingPrediction], written: &BatchOutcome) {
        let totals = &mut self.totals;
        for item in written.written.iter().chain(&written.written_elsewhere).map(|&position| &batch[position]) {
            totals.errors.add(&item.ticket_id, item.prediction.duration_ms, item.actual_ms);
        }
        totals.predicted += written.written.len() as u64;
        totals.conflicts += written.conflicts;
        totals.refused += written.refused.len() as u64;
        totals.sent += batch.len() as u64;
        self.progress.advance_to(totals.sent);
    }
}

fn write(writer: &dyn PredictionWriter, batch: &[PendingPrediction]) -> Result<BatchOutcome> {
    let changes: Vec<(&TicketRevision, NewPrediction)> =
        batch.iter().filter_map(|item| Some((item.revision.as_ref()?, item.prediction))).collect();
    writer.write(&changes, jiff::Timestamp::now().as_millisecond())
}

/// The failure with what was done before it.
fn interrupted(error: &Error, written: u64, planned: u64) -> Error {
    let explained = Error::new(error.kind(), error.message()).because(format!("{written} of {planned} predictions were written before"));
    let explained = error.causes().iter().fold(explained, |explained, cause| explained.because(cause));
    let explained = error.hints().iter().fold(explained, |explained, hint| explained.hint(hint.clone()));
    explained.hint(("what is written stays; go on with `", commands::backfill_resume(), "`"))
}

fn statistics(plan: &BackfillPlan<'_>, applied: &BackfillOutcome) -> BackfillStatistics {
    let errors = &applied.errors;
    let refused = (applied.refused > 0).then(|| (REFUSED_BY_SERVER.to_owned(), applied.refused));
    BackfillStatistics {
        processed: errors.count,
        predicted: applied.predicted,
        conflicts: applied.conflicts,
        skipped: plan.skipped.iter().map(|(reason, count)| (reason.clone(), *count)).chain(refused).collect(),
        total_tickets: plan.read,
        error_ms: errors.sizes_ms,
        extreme_count: errors.extreme_count,
        extreme: errors.extreme.iter().map(|extreme| (extreme.ticket_id.clone(), extreme.predicted_ms, extreme.actual_ms)).collect(),
    }
}
