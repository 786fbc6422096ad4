//! What is asked of a backfill.

use crate::source::BackfillRecord;
use crate::ticket::{LabelRule, Window};

/// Tickets held in memory, at most, unless another number is asked for; about 150 MB.
pub const HELD_TICKETS: usize = 250_000;

/// Which tickets get a prediction.
#[derive(Clone, Debug)]
pub struct BackfillRequest {
    pub labels: LabelRule,
    pub window_days: f64,
    /// Milliseconds since the epoch; `None` is the newest `created_at`, with every outcome known.
    pub as_of: Option<i64>,
    /// The window of a plan that was made before, in place of the one that days and moment make.
    pub window: Option<Window>,
    pub threads: usize,
    /// More labelled tickets than this are not held in memory: they are counted in a first reading and predicted in
    /// a second, slice of time by slice of time.
    pub held_tickets: usize,
}

/// How the predictions are written.
#[derive(Clone, Debug)]
pub struct BackfillOptions {
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
