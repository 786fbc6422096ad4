//! Gradient boosting (Friedman 2001) of regression trees with XGBoost's regularised gain and leaves.

use linfa::ParamGuard;
use rayon::prelude::*;

use super::bins::{BinnedMatrix, MOST_BINS, usual_bins};
use super::cells::pack_number;
use super::criteria::Newton;
use super::ensemble::{Aggregation, EnsembleTask, Precision, ThresholdComparison, Tree, TreeEnsemble, gain_importances};
use super::fixed_point::nearest_integer;
use super::grow::{Grower, GrowthLimits, MOST_DEPTH};
use super::leaves::Leaves;
use super::matrix::{Columns, check_target};
use super::objective::Objective;
use super::rows::Rows;
use super::setters::setters;
use super::threads::thread_pool;
use crate::error::{Error, ErrorKind, Result};
use crate::statistics::random::SplitMix64;

/// Parameters of gradient boosting, not yet checked.
///
/// ```
/// use hivectl::trees::{BoostingParams, Columns, fit_boosting, score};
/// use linfa::ParamGuard;
///
/// let size = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
/// let duration = [10.0, 10.0, 10.0, 20.0, 20.0, 20.0];
/// let matrix = Columns::new(vec![&size[..]], 6)?;
/// let boosted = fit_boosting(&BoostingParams::new().depth(2).check()?, &matrix, &duration, 1, &|_| ())?;
/// let answers = score(&boosted.ensemble, &matrix, 1)?;
/// assert!((answers[0] - 10.0).abs() < 0.1 && (answers[5] - 20.0).abs() < 0.1);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BoostingParams(BoostingValidParams);

/// Parameters of gradient boosting that an ensemble can be grown with.
///
/// ```
/// use hivectl::trees::{BoostingParams, BoostingValidParams};
/// use linfa::ParamGuard;
///
/// let checked: BoostingValidParams = BoostingParams::new().rounds(10).check()?;
/// assert_eq!(checked, BoostingParams::default().rounds(10).check()?);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BoostingValidParams {
    objective: Objective,
    rounds: usize,
    depth: usize,
    learning_rate: f64,
    l1: f64,
    l2: f64,
    min_gain: f64,
    min_child_weight: f64,
    row_share: f64,
    column_share: f64,
    early_stopping: Option<EarlyStopping>,
    base: Option<f64>,
    bins: Option<usize>,
    seed: u64,
}

/// When to stop adding trees.
///
/// ```
/// use hivectl::trees::{BoostingParams, EarlyStopping};
/// use linfa::ParamGuard;
///
/// let stopping = |holdout| BoostingParams::new().early_stopping(Some(EarlyStopping { holdout, patience: 10 })).check();
/// assert_eq!((stopping(0.2).is_ok(), stopping(1.5).is_ok()), (true, false));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EarlyStopping {
    /// Share of the rows, the last ones, that are held out to measure the loss; in (0, 1). Rows must be in the order of time.
    pub holdout: f64,
    /// Rounds without a smaller holdout loss after which to stop, at least 1.
    pub patience: usize,
}

impl Default for BoostingParams {
    /// Squared error, 100 rounds, depth 6, learning rate 0.1, L1 0, L2 1, minimum gain 0, minimum child
    /// weight 1, all rows and columns, no early stopping, seed 42.
    fn default() -> Self {
        BoostingParams(BoostingValidParams {
            objective: Objective::SquaredError,
            rounds: 100,
            depth: 6,
            learning_rate: 0.1,
            l1: 0.0,
            l2: 1.0,
            min_gain: 0.0,
            min_child_weight: 1.0,
            row_share: 1.0,
            column_share: 1.0,
            early_stopping: None,
            base: None,
            bins: None,
            seed: 42,
        })
    }
}

impl BoostingParams {
    /// The defaults; see [`BoostingParams::default`].
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Loss that boosting minimises (default squared error).
        objective: Objective;
        /// Number of trees at most, at least 1 (default 100).
        rounds: usize;
        /// Deepest leaf in edges, 1 to [`MOST_DEPTH`](super::MOST_DEPTH) (default 6).
        depth: usize;
        /// η, in (0, 1] (default 0.1).
        learning_rate: f64;
        /// α, the L1 penalty of a leaf, 0 or more (default 0).
        l1: f64;
        /// λ, the L2 penalty of a leaf, 0 or more (default 1).
        l2: f64;
        /// γ, the gain that a split must exceed, 0 or more (default 0).
        min_gain: f64;
        /// Least number of rows (second derivatives) in a child, 0 or more (default 1).
        min_child_weight: f64;
        /// Share of the rows each tree sees, drawn without replacement, in (0, 1] (default 1).
        row_share: f64;
        /// Share of the features each tree sees, in (0, 1] (default 1).
        column_share: f64;
        /// When to stop before the last round (default never).
        early_stopping: Option<EarlyStopping>;
        /// What the ensemble starts from; by default the constant of least loss.
        base: Option<f64>;
        /// Seed of every draw (default 42).
        seed: u64;
    }

    /// Most bins a feature is cut into, 2 to [`MOST_BINS`]; see
    /// [`RandomForestParams::bins`](super::RandomForestParams::bins).
    #[must_use]
    pub fn bins(mut self, bins: usize) -> Self {
        self.0.bins = Some(bins);
        self
    }
}

impl ParamGuard for BoostingParams {
    type Checked = BoostingValidParams;
    type Error = Error;

    /// Errors: [`ErrorKind::Usage`] that names the parameter and its range.
    fn check_ref(&self) -> Result<&BoostingValidParams> {
        let refuse = |what: String| Err(Error::new(ErrorKind::Usage, what));
        let parameters = &self.0;
        parameters.objective.check()?;
        if parameters.rounds == 0 {
            return refuse("rounds is 0; boosting needs at least 1".into());
        }
        if !(1..=MOST_DEPTH).contains(&parameters.depth) {
            return refuse(format!("the depth of boosting's trees is {}; it is a number from 1 to {MOST_DEPTH}", parameters.depth));
        }
        for (name, value) in
            [("learning rate", parameters.learning_rate), ("row share", parameters.row_share), ("column share", parameters.column_share)]
        {
            if !(value > 0.0 && value <= 1.0) {
                return refuse(format!("{name} is {value}; it is a number above 0 and up to 1"));
            }
        }
        for (name, value) in [
            ("L1", parameters.l1),
            ("L2", parameters.l2),
            ("min gain", parameters.min_gain),
            ("min child weight", parameters.min_child_weight),
        ] {
            if !(value >= 0.0 && value.is_finite()) {
                return refuse(format!("{name} is {value}; it is a finite number of 0 or more"));
            }
        }
        if parameters.base.is_some_and(|base| !base.is_finite()) {
            return refuse("the base is not a finite number".into());
        }
        if parameters.bins.is_some_and(|bins| !(2..=MOST_BINS).contains(&bins)) {
            return refuse(format!("a feature cannot be cut into {} bins; 2 to {MOST_BINS} are possible", parameters.bins.unwrap_or(0)));
        }
        match parameters.early_stopping {
            Some(EarlyStopping { holdout, .. }) if !(holdout > 0.0 && holdout < 1.0) => {
                refuse(format!("the holdout of early stopping is {holdout}; it is a share above 0 and below 1"))
            }
            Some(EarlyStopping { patience: 0, .. }) => refuse("the patience of early stopping is 0; it is at least 1 round".into()),
            _ => Ok(parameters),
        }
    }

    fn check(self) -> Result<BoostingValidParams> {
        self.check_ref()?;
        Ok(self.0)
    }
}

/// A boosted ensemble and what was learned on the way.
///
/// ```
/// use hivectl::trees::{BoostingParams, Columns, fit_boosting};
/// use linfa::ParamGuard;
///
/// let size = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
/// let duration = [10.0, 10.0, 10.0, 20.0, 20.0, 20.0];
/// let matrix = Columns::new(vec![&size[..]], 6)?;
/// let boosted = fit_boosting(&BoostingParams::new().rounds(3).check()?, &matrix, &duration, 1, &|_| ())?;
/// assert_eq!((boosted.ensemble.trees.len(), boosted.importances), (3, vec![1.0]));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FittedBoosting {
    /// The trees up to the round of least holdout loss, or all without early stopping.
    pub ensemble: TreeEnsemble,
    /// Mean loss of the held-out rows after each round that was made; empty without early stopping.
    pub holdout_loss: Vec<f64>,
    /// Share of each feature in the total gain; adds up to 1, or all 0 without a split.
    pub importances: Vec<f64>,
}

/// Boosts trees for a numeric target.
///
/// `target` holds one finite number a row. `threads` at least 1; the result is the same for any number.
/// `progress` hears how many rounds are done. NaN among the features means missing and is learnt.
///
/// Errors: [`ErrorKind::BadInput`] for a NaN or infinite target or a target of another length;
/// [`ErrorKind::NotEnoughData`] without rows, or if early stopping leaves none to learn from or to judge by;
/// [`ErrorKind::Internal`] when threads cannot be started.
pub fn fit_boosting(
    parameters: &BoostingValidParams,
    matrix: &Columns<'_>,
    target: &[f64],
    threads: usize,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<FittedBoosting> {
    check_target(matrix, target)?;
    super::fixed_point::FixedPoint::of(target)?;
    let rows = matrix.rows();
    let training_rows = match parameters.early_stopping {
        None => rows,
        Some(stopping) => rows - (rows as f64 * stopping.holdout).ceil() as usize,
    };
    if training_rows == 0 {
        return Err(Error::new(ErrorKind::NotEnoughData, format!("of {rows} rows early stopping leaves none to learn from")));
    }
    thread_pool(threads)?.install(|| {
        let binned = BinnedMatrix::new(matrix, parameters.bins.unwrap_or(usual_bins(rows)));
        let base = parameters.base.unwrap_or_else(|| parameters.objective.best_constant(&target[..training_rows]));
        let boosting = Boosting {
            parameters,
            matrix,
            target,
            training_rows,
            binned: &binned,
            grower: Grower::new(&binned),
            leaves: Leaves::new(&binned, matrix, parameters.depth),
        };
        boosting.run(base, progress)
    })
}

/// One boosted ensemble in the making.
struct Boosting<'a> {
    parameters: &'a BoostingValidParams,
    matrix: &'a Columns<'a>,
    target: &'a [f64],
    /// Rows that are trained on; those after them are held out.
    training_rows: usize,
    binned: &'a BinnedMatrix,
    grower: Grower<'a, Newton>,
    leaves: Leaves<'a>,
}

impl Boosting<'_> {
    fn run(&self, base: f64, progress: &(dyn Fn(usize) + Sync)) -> Result<FittedBoosting> {
        let mut predictions = vec![base; self.target.len()];
        let (mut trees, mut holdout_loss) = (Vec::new(), Vec::new());
        let (mut best, mut rounds_kept) = (f64::INFINITY, 0);
        let mut rows = Rows::default();
        let mut largest = self.largest_gradient(0, &predictions);
        for round in 0..self.parameters.rounds {
            trees.push(self.round(round, &mut predictions, &mut largest, &mut rows)?);
            progress(round + 1);
            let Some(stopping) = self.parameters.early_stopping else { continue };
            let loss = self.parameters.objective.mean_loss(&self.target[self.training_rows..], &predictions[self.training_rows..]);
            holdout_loss.push(loss);
            if loss < best {
                (best, rounds_kept) = (loss, round + 1);
            } else if round + 1 - rounds_kept >= stopping.patience {
                break;
            }
        }
        if self.parameters.early_stopping.is_some() {
            trees.truncate(rounds_kept.max(1));
        }
        let ensemble = TreeEnsemble {
            task: EnsembleTask::Regression,
            feature_names: (0..self.matrix.features()).map(|feature| format!("x{feature}")).collect(),
            outputs: 1,
            base: vec![base],
            aggregation: Aggregation::Sum,
            comparison: ThresholdComparison::LessOrEqual,
            precision: Precision::SingleValues,
            trees,
        };
        let importances = gain_importances(&ensemble);
        Ok(FittedBoosting { ensemble, holdout_loss, importances })
    }

    /// Largest absolute gradient of the training rows among those from `first` on.
    fn largest_gradient(&self, first: usize, predictions: &[f64]) -> f64 {
        let target = &self.target[first.min(self.training_rows)..self.training_rows];
        let count = predictions.len().min(target.len());
        self.parameters.objective.largest_gradient(&target[..count], &predictions[..count])
    }

    /// Grows one tree on the gradients, of which `largest` is the largest, and adds it to the predictions.
    fn round(&self, round: usize, predictions: &mut [f64], largest: &mut f64, rows: &mut Rows) -> Result<Tree> {
        let parameters = self.parameters;
        let mut random = SplitMix64::stream(parameters.seed, round as u64);
        let scale = gradient_scale(*largest, self.training_rows);
        let root_words = self.fill(predictions, scale, &mut random, rows);
        let features = self.draw_features(&mut random);
        let limits = GrowthLimits {
            depth: parameters.depth,
            min_split: 2,
            features: &features,
            features_per_node: features.len(),
            seed: random.next_u64(),
            shared: true,
        };
        let criterion = Newton {
            unit: 1.0 / scale,
            l2: parameters.l2,
            l1: parameters.l1,
            min_gain: parameters.min_gain,
            min_child_weight: parameters.min_child_weight,
            learning_rate: parameters.learning_rate,
        };
        let mut grown = self.grower.grow(&criterion, limits, rows.all(root_words));
        if parameters.objective.refits_leaves() {
            let leaves = self.leaves.of_rows(&grown)?;
            self.refit(&mut grown.tree, &leaves, predictions);
        }
        *largest = self.leaves.add_to(&grown, predictions, |first, predictions| self.largest_gradient(first, predictions))?;
        Ok(grown.tree)
    }

    /// Packs the negative gradients times `scale` as integers; returns where the rows' words of codes are if
    /// they are not among the rows.
    fn fill(&self, predictions: &[f64], scale: f64, random: &mut SplitMix64, rows: &mut Rows) -> Option<&[Vec<u64>]> {
        let objective = self.parameters.objective;
        let (target, predictions) = (&self.target[..self.training_rows], &predictions[..self.training_rows]);
        let value = |target: f64, prediction: f64| pack_number(nearest_integer(objective.negative_gradient(target, prediction) * scale), 1);
        if self.parameters.row_share < 1.0 {
            let bag = self.draw_rows(random.next_u64());
            rows.fill(&bag, |row| if row < self.training_rows { value(target[row], predictions[row]) } else { 0 }, &self.binned.words);
            return None;
        }
        rows.fill_all(self.training_rows, self.binned.words.len(), |first, values| {
            let known = target[first..].iter().zip(&predictions[first..]);
            values.iter_mut().zip(known).for_each(|(packed, (&target, &prediction))| *packed = value(target, prediction));
        });
        Some(&self.binned.words)
    }

    /// Draws the rows of a tree, one bit each; at least one.
    fn draw_rows(&self, seed: u64) -> Vec<u64> {
        const PART: usize = 64;
        let mut bag = vec![0u64; self.training_rows.div_ceil(64)];
        bag.par_chunks_mut(PART).enumerate().for_each(|(part, bag)| {
            let mut random = SplitMix64::stream(seed, part as u64);
            for (word, marks) in bag.iter_mut().enumerate() {
                let rows = (self.training_rows - 64 * (part * PART + word)).min(64);
                *marks = (0..rows).fold(0, |marks, bit| marks | u64::from(random.unit() < self.parameters.row_share) << bit);
            }
        });
        if bag.iter().all(|&marks| marks == 0) {
            let row = SplitMix64::stream(seed, u64::MAX).below(self.training_rows);
            bag[row / 64] |= 1 << (row % 64);
        }
        bag
    }

    /// Draws the features of a tree, in ascending order; at least one.
    fn draw_features(&self, random: &mut SplitMix64) -> Vec<usize> {
        let all = self.binned.features.len();
        let mut features: Vec<usize> = (0..all).collect();
        let count = ((self.parameters.column_share * all as f64).round() as usize).clamp(1, all.max(1)).min(all);
        if count < all {
            for position in 0..count {
                features.swap(position, position + random.below(all - position));
            }
            features.truncate(count);
            features.sort_unstable();
        }
        features
    }

    /// Gives each leaf the constant of least loss over the residuals of its rows, times the learning rate.
    fn refit(&self, tree: &mut Tree, leaves: &[u32], predictions: &[f64]) {
        let mut residuals: Vec<Vec<f64>> = vec![Vec::new(); tree.len()];
        for ((&leaf, target), prediction) in leaves[..self.training_rows].iter().zip(self.target).zip(predictions) {
            residuals[leaf as usize].push(target - prediction);
        }
        tree.value.par_iter_mut().zip(residuals).filter(|(_, residuals)| !residuals.is_empty()).for_each(|(value, residuals)| {
            *value = self.parameters.learning_rate * self.parameters.objective.best_constant(&residuals);
        });
    }
}

/// A power of two that makes gradients integers of up to 46 bits whose sum over all rows fits 61.
fn gradient_scale(largest: f64, rows: usize) -> f64 {
    if largest == 0.0 {
        return 1.0;
    }
    let bits_of_rows = (usize::BITS - rows.leading_zeros()) as i32;
    let exponent = 46.min(61 - bits_of_rows) - (largest.log2().floor() as i32 + 1);
    f64::powi(2.0, exponent.min(1000))
}
