//! Predictions back into tickets: each is written only while its ticket is as it was read, and every run is recorded.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::error::Result;
use crate::ticket::{Ticket, Window};

use super::contract::TicketQuery;

/// The keys below a ticket's `predictions` that are written, and no others.
pub const PREDICTION_KEYS: [&str; 7] =
    ["duration_ms", "duration_confidence", "model_name", "model_version", "predicted_at", "error_ms", "error_pct"];

/// What a ticket was when it was read. The bytes are the store's own; nobody else looks into them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketRevision {
    id: Box<[u8]>,
    state: Box<[u8]>,
    is_writable: bool,
}

impl TicketRevision {
    /// The revision of the ticket that the store knows by `id`, with whatever the store needs to find out whether it is
    /// still the same; `is_writable` is false for a ticket that no prediction can be written into.
    pub fn new(id: impl Into<Box<[u8]>>, state: impl Into<Box<[u8]>>, is_writable: bool) -> TicketRevision {
        TicketRevision { id: id.into(), state: state.into(), is_writable }
    }

    /// The store's own name of the ticket.
    pub fn id(&self) -> &[u8] {
        &self.id
    }

    /// What the store remembered of the ticket.
    pub fn state(&self) -> &[u8] {
        &self.state
    }

    /// Whether a prediction can be written at all: not where `predictions` is a word, a number or a list.
    pub fn is_writable(&self) -> bool {
        self.is_writable
    }

    /// A number for the ticket, the same in every revision of it within one process.
    pub fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.id.hash(&mut hasher);
        hasher.finish()
    }
}

/// What a model says of one ticket, and how far it was off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NewPrediction {
    pub duration_ms: f64,
    /// 0 to 1.
    pub confidence: f64,
    /// Actual minus predicted.
    pub error_ms: f64,
    /// Size of the error in percent of the actual duration.
    pub error_pct: f64,
}

/// What became of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchOutcome {
    /// Positions in the batch of the tickets that have got their prediction now.
    pub written: BTreeSet<usize>,
    /// Positions of tickets that have got this version's prediction from another run meanwhile.
    pub written_elsewhere: BTreeSet<usize>,
    /// Positions of tickets that the store cannot hold with a prediction.
    pub refused: BTreeSet<usize>,
    /// Tickets that had otherwise changed since they were read, or were gone.
    pub conflicts: u64,
}

/// Under which name, and until when, predictions are kept that a run writes over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeepReplaced {
    /// The id of the run.
    pub run: String,
    /// Milliseconds since the epoch.
    pub until_ms: i64,
}

/// What became of predictions that a run had written over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UndoOutcome {
    /// Those that were kept and not put back before.
    pub kept: u64,
    /// Those that are as they were before the run, or would be.
    pub restored: u64,
    /// Tickets that no longer hold what the run wrote.
    pub conflicts: Vec<String>,
}

/// Writes the predictions of one version of a model.
pub trait PredictionWriter: Send + Sync {
    /// Writes a batch, `predicted_at` in milliseconds since the epoch: the keys of [`PREDICTION_KEYS`] and no other, each
    /// ticket only while it is as its revision says.
    ///
    /// Errors: the store's own. What was written stays; the same batch may be written again.
    fn write(&self, batch: &[(&TicketRevision, NewPrediction)], predicted_at: i64) -> Result<BatchOutcome>;
}

/// A backfill that was begun.
#[derive(Clone, Debug, PartialEq)]
pub struct BackfillRecord {
    /// Unique, and later ids sort after earlier ones.
    pub id: String,
    /// Milliseconds since the epoch.
    pub started_at: i64,
    pub model_name: String,
    pub model_version: String,
    pub window: Window,
    /// Outcomes up to this moment count, milliseconds since the epoch; `None` for every outcome there is.
    pub as_of: Option<i64>,
    pub eligible: u64,
    pub actor: String,
    pub reason: Option<String>,
    /// Nothing is written into tickets.
    pub errors_only: bool,
    /// Predictions of others are written over.
    pub replace: bool,
}

/// The numbers of a backfill that has ended, under the names of the running system.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BackfillStatistics {
    pub processed: u64,
    pub predicted: u64,
    pub conflicts: u64,
    pub skipped: Vec<(String, u64)>,
    pub total_tickets: u64,
    /// Mean, median, p95 and p99 of the size of the error in ms; `None` without a prediction.
    pub error_ms: Option<[f64; 4]>,
    pub extreme_count: u64,
    /// Ticket, predicted, actual, both in ms.
    pub extreme: Vec<(String, f64, f64)>,
}

/// What is called with each ticket and its revision.
pub type VisitRevision<'v> = dyn FnMut(Ticket, TicketRevision) -> Result<()> + 'v;

/// Tickets that predictions can be written into, and the record of the backfills that did.
pub trait PredictionStore: Sync {
    /// Reads as [`TicketSource::for_each`](super::TicketSource::for_each) does, each ticket with what is needed to write
    /// into it.
    ///
    /// Errors: `visit`'s, and the store's own.
    fn for_each_revision(&self, query: &TicketQuery, visit: &mut VisitRevision<'_>) -> Result<()>;

    /// Prepares to write the predictions of a version; several writers may write at a time. What is written over is kept
    /// first where `keep` says so.
    ///
    /// Errors: the store's own.
    fn writer(&self, model_name: &str, model_version: &str, keep: Option<KeepReplaced>) -> Result<Box<dyn PredictionWriter>>;

    /// Puts back what a run wrote over, in tickets that still hold what it wrote; without `write` it only counts.
    ///
    /// Errors: [`crate::error::ErrorKind::FileNotFound`] for a run of which nothing is known; the store's own.
    fn undo(&self, run: &str, write: bool) -> Result<UndoOutcome>;

    /// An id that no other backfill has; later ids sort after earlier ones.
    fn new_record_id(&self) -> String;

    /// The latest backfill of these tickets that was begun and has not ended.
    ///
    /// Errors: the store's own.
    fn unfinished(&self) -> Result<Option<BackfillRecord>>;

    /// Records that a backfill begins; again for one that goes on, which changes nothing.
    ///
    /// Errors: the store's own.
    fn begin(&self, record: &BackfillRecord) -> Result<()>;

    /// Records how a backfill ended; what was begun for the same version within its window is over with it.
    ///
    /// Errors: the store's own.
    fn finish(&self, record: &BackfillRecord, statistics: &BackfillStatistics, retention_days: i64) -> Result<()>;
}
