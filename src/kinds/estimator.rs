//! What of a model that can be run differs from kind to kind.

use std::collections::BTreeMap;

use super::answers::Answers;
use super::outcomes::Outcomes;
use super::prediction::{PredictedValue, Reason};
use crate::error::Result;
use crate::features::{FeatureSchema, Timeline};
use crate::ticket::Ticket;
use crate::trees::interval::IntervalModel;
use crate::trees::{Columns, WithoutPart};

/// What a model says of one ticket, by its features.
///
/// ```
/// use hivectl::kinds::{PredictedValue, RowPredictor};
/// use hivectl::ticket::Ticket;
///
/// let first: &RowPredictor = &|_, features| Ok((vec![PredictedValue::Number(Some(f64::from(features[0])))], Vec::new()));
/// assert_eq!(first(&Ticket::default(), &[2.0])?.0, [PredictedValue::Number(Some(2.0))]);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
pub type RowPredictor<'a> = dyn Fn(&Ticket, &[f32]) -> Result<(Vec<PredictedValue>, Vec<Reason>)> + Sync + 'a;

/// What of a loaded model differs from kind to kind.
///
/// ```
/// use hivectl::kinds::{Catalogue, Outcomes, external::adopt};
/// # use hivectl::features::FeatureSchema;
/// # use hivectl::trees::{EnsembleTask, Tree, TreeEnsemble};
/// # let leaf = Tree {
/// #     feature: vec![0], threshold: vec![0.0], left: vec![Tree::LEAF], right: vec![Tree::LEAF], missing_left: vec![false],
/// #     value: vec![60_000.0], rows: vec![1], weight: vec![1.0], impurity: vec![0.0], gain: vec![0.0], categorical: Vec::new(),
/// # };
/// # let trees = TreeEnsemble::averaged(EnsembleTask::Regression, FeatureSchema::reference().names(), 1, vec![leaf]);
/// // The only leaf of the only tree holds a minute.
/// let external = adopt(&Catalogue::all(), trees, "model.pkl of m@1")?;
/// let estimator = external.estimator.as_ref();
/// let score = estimator.row_scorer()?(&[0.0; 15]);
/// assert_eq!(estimator.outcomes(&[score])?, Outcomes::DurationsMs(vec![60_000.0]));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
pub trait Estimator: Send + Sync {
    /// One number a row: durations in ms not below 0, or scores of an anomaly detector.
    ///
    /// Errors: those of scoring.
    fn scores(&self, rows: &Columns<'_>, threads: usize) -> Result<Vec<f64>>;

    /// The same for one row after the other, prepared once.
    ///
    /// Errors: those of preparing.
    fn row_scorer(&self) -> Result<Box<dyn Fn(&[f32]) -> f64 + Sync + '_>>;

    /// What it would say without each part of its trees; empty where its answer is no mean of trees.
    ///
    /// Errors: those of scoring.
    fn scores_without_parts(&self, _rows: &Columns<'_>, _threads: usize) -> Result<Vec<WithoutPart>> {
        Ok(Vec::new())
    }

    /// What scores say, in the form that the kind answers in.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] for a model that cannot say it.
    fn outcomes(&self, scores: &[f64]) -> Result<Outcomes>;

    /// What it says of rows, and what without each part of its trees.
    ///
    /// Errors: those of [`Estimator::scores`] and [`Estimator::outcomes`].
    fn answers(&self, rows: &Columns<'_>, threads: usize) -> Result<Answers> {
        let without = self.scores_without_parts(rows, threads)?;
        Answers::of(&self.scores(rows, threads)?, &without, |scores| self.outcomes(scores))
    }

    /// What became of these rows, in the sense of the kind.
    fn actual(&self, timeline: &Timeline, rows: &[u32]) -> Outcomes;

    /// How scores compare with what became of the tickets, by the names of the field.
    ///
    /// Errors: those of [`Estimator::outcomes`].
    fn metrics(&self, actual: &Outcomes, scores: &[f64]) -> Result<BTreeMap<String, f64>>;

    /// What it says of tickets, prepared once; with reasons for all of them where `explain` asks for it.
    ///
    /// Errors: those of preparing.
    fn predictor<'a>(&'a self, schema: &'a FeatureSchema, explain: bool) -> Result<Box<RowPredictor<'a>>>;

    /// The prediction interval, where it has one.
    fn interval(&self) -> Option<&IntervalModel> {
        None
    }

    /// The share of tickets that it was set to mark, where that is known.
    fn share_to_mark(&self) -> Option<f64> {
        None
    }

    /// Whether it brings its own rules for what an anomaly is.
    fn has_rules(&self) -> bool {
        false
    }
}
