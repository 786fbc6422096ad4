//! A version's answers as of each ticket's creation, for tickets that come chunk of time by chunk of time: no
//! more than a chunk is ever in memory.

use std::sync::Arc;

use super::loaded::LoadedModel;
use crate::error::Result;
use crate::features::{Advance, FeatureSchema, History, HistoryPolicy, TicketTable, Timeline, build_from, learn_until};

/// What a version says of one ticket, and what was known of its like when it was created.
///
/// ```
/// use hivectl::kinds::chunks::AsOfCreation;
/// assert_eq!(AsOfCreation { duration_ms: 5.0, average_ms: None, spread_ms: None }.duration_ms, 5.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AsOfCreation {
    pub duration_ms: f64,
    /// Mean duration of the ticket's task type and risk band; `None` where the version does not look at it.
    pub average_ms: Option<f64>,
    /// Standard deviation of the same.
    pub spread_ms: Option<f64>,
}

/// Answers from the features as they were when each ticket was created: of tickets from the version's training's time
/// with the outcomes at hand that were known by then, of later ones with the history that travels with it. Also of
/// tickets that it has learned from.
///
/// ```
/// use hivectl::features::TicketTable;
/// use hivectl::kinds::{Catalogue, LoadedModel, external::adopt};
/// use hivectl::ticket::Ticket;
/// # use hivectl::features::FeatureSchema;
/// # use hivectl::trees::{EnsembleTask, Tree, TreeEnsemble};
/// # let leaf = Tree {
/// #     feature: vec![0], threshold: vec![0.0], left: vec![Tree::LEAF], right: vec![Tree::LEAF], missing_left: vec![false],
/// #     value: vec![60_000.0], rows: vec![1], weight: vec![1.0], impurity: vec![0.0], gain: vec![0.0], categorical: Vec::new(),
/// # };
/// # let trees = TreeEnsemble::averaged(EnsembleTask::Regression, FeatureSchema::reference().names(), 1, vec![leaf]);
/// # let model = LoadedModel::external(adopt(&Catalogue::all(), trees, "model.pkl of m@1")?, 0);
/// let mut table = TicketTable::default();
/// table.push(&Ticket { created_at: Some(1_000), ..Ticket::default() }, None);
/// // The only leaf of the model's only tree holds a minute.
/// let answers = model.chunks().answers(&table.into_timeline(), &[0], 1)?;
/// assert_eq!(answers[0].duration_ms, 60_000.0);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
pub struct Chunks<'r> {
    pub(super) model: &'r LoadedModel,
    pub(super) schema: Arc<FeatureSchema>,
    /// What the outcomes at hand have taught.
    pub(super) known: History,
    /// The version's own history, and what came after it.
    pub(super) served: History,
}

impl Chunks<'_> {
    /// The answers for these rows of a chunk, ascending. Its table is the one that [`Chunks::pass`] gave, or an
    /// empty one for the first.
    pub fn answers(&self, timeline: &Timeline, rows: &[u32], threads: usize) -> Result<Vec<AsOfCreation>> {
        let until = self.model.history_until();
        let later = rows.partition_point(|&row| timeline.tickets()[row as usize].created_at <= until);
        let continued = timeline.continuing(&self.served);
        let frames = [
            build_from(&self.schema, &self.known, timeline, &rows[..later], &HistoryPolicy::default())?,
            build_from(&self.schema, &self.served, &continued, &rows[later..], &HistoryPolicy::in_service())?,
        ];
        let names = self.schema.names();
        let place = |name: &str| names.iter().position(|known| known == name);
        let (average, spread) = (place("avg_duration_by_task"), place("std_duration_by_task"));
        let mut answers = Vec::with_capacity(rows.len());
        for frame in &frames {
            let scores = self.model.estimator().scores(&frame.columns()?, threads)?;
            for (row, duration_ms) in scores.into_iter().enumerate() {
                let features = frame.row(row);
                let value = |place: Option<usize>| place.map(|place| f64::from(features[place]));
                answers.push(AsOfCreation { duration_ms, average_ms: value(average), spread_ms: value(spread) });
            }
        }
        Ok(answers)
    }

    /// Leaves a chunk behind whose tickets were all created before `next` (milliseconds since the epoch), and
    /// gives the table for the one that begins there.
    pub fn pass(&mut self, timeline: Timeline, next: i64) -> TicketTable {
        learn_until(&mut self.known, &timeline, next, Advance::Everything);
        let continued = timeline.continuing(&self.served);
        learn_until(&mut self.served, &continued, next, Advance::Recency);
        timeline.into_following(next)
    }
}
