//! What every kind of model is trained on.

use std::sync::Arc;

use crate::error::Result;
use crate::features::{FeatureFrame, FeatureSchema, History, HistoryPolicy, HoldoutSplit, Timeline, build};

/// Tickets in the order of creation, those that are used, and which of them judge.
///
/// ```
/// use hivectl::features::{HoldoutSplit, TicketTable};
/// use hivectl::kinds::TrainingData;
/// use hivectl::ticket::Ticket;
///
/// let mut table = TicketTable::default();
/// (1..=10).for_each(|second| table.push(&Ticket { created_at: Some(second * 1_000), ..Ticket::default() }, None));
/// let split = HoldoutSplit::by_time(10, 0.2);
/// let data = TrainingData { timeline: table.into_timeline(), rows: (0..10).collect(), split };
/// assert_eq!((data.window(), data.holdout_from()), ((1_000, 10_000), 9_000));
/// ```
pub struct TrainingData {
    pub timeline: Timeline,
    /// Rows of the timeline that are used, ascending.
    pub rows: Vec<u32>,
    /// Positions in `rows`.
    pub split: HoldoutSplit,
}

/// How much may be used at once, and whom to tell.
///
/// ```
/// use std::sync::atomic::{AtomicUsize, Ordering};
///
/// let grown = AtomicUsize::new(0);
/// let context = hivectl::kinds::TrainingContext { threads: 1, seed: 42, progress: &|trees| grown.store(trees, Ordering::Relaxed) };
/// (context.progress)(3);
/// assert_eq!(grown.into_inner(), 3);
/// ```
pub struct TrainingContext<'a> {
    pub threads: usize,
    pub seed: u64,
    /// Called with the number of trees that are done, from any thread.
    pub progress: &'a (dyn Fn(usize) + Sync),
}

impl TrainingData {
    /// The features of all used tickets; nothing of the holdout's outcomes is in the statistics.
    pub fn frame(&self, schema: &Arc<FeatureSchema>) -> Result<FeatureFrame> {
        build(schema, &self.timeline, &self.rows, &HistoryPolicy::as_in_service(&self.split, &self.rows, &self.timeline))
    }

    /// The features of all used tickets as a model sees them that learned its words from `history`: the same
    /// word has the code that it had then.
    pub fn frame_continuing(&self, schema: &Arc<FeatureSchema>, history: &History) -> Result<FeatureFrame> {
        let timeline = self.timeline.continuing(history);
        build(schema, &timeline, &self.rows, &HistoryPolicy::as_in_service(&self.split, &self.rows, &timeline))
    }

    /// Durations in ms of the used tickets at these positions.
    pub fn durations_ms(&self, positions: &[u32]) -> Vec<f64> {
        positions.iter().map(|&position| self.timeline.tickets()[self.rows[position as usize] as usize].duration_ms).collect()
    }

    /// Task types of the used tickets at these positions.
    pub fn task_types(&self, positions: &[u32]) -> Vec<&str> {
        let words = self.timeline.vocabulary().task_types.words();
        positions
            .iter()
            .map(|&position| {
                let code = self.timeline.tickets()[self.rows[position as usize] as usize].task_type as usize;
                words.get(code).map_or("", |word| word.as_str())
            })
            .collect()
    }

    /// First and last creation time of the used tickets, milliseconds since the epoch.
    pub fn window(&self) -> (i64, i64) {
        let created = |row: Option<&u32>| row.map_or(0, |&row| self.timeline.tickets()[row as usize].created_at);
        (created(self.rows.first()), created(self.rows.last()))
    }

    /// Creation time of the first ticket of the holdout; the end of the window when there is none.
    pub fn holdout_from(&self) -> i64 {
        let first = self.split.holdout.first().map(|&position| self.timeline.tickets()[self.rows[position as usize] as usize].created_at);
        first.unwrap_or(self.window().1)
    }
}
