//! Random forests (Breiman 2001) with scikit-learn's parameters and meaning.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use linfa::ParamGuard;
use rayon::prelude::*;

use super::bins::{BinnedMatrix, MOST_BINS, usual_bins};
use super::cells::{MOST_WEIGHT, pack_class, pack_number};
use super::criteria::{Gini, SquaredError};
use super::ensemble::{EnsembleTask, Tree, TreeEnsemble, gain_importances};
use super::fixed_point::FixedPoint;
use super::grow::{Grower, GrowthLimits, MOST_DEPTH};
use super::link::LinkFunction;
use super::matrix::{Columns, check_target};
use super::rows::Rows;
use super::scorer::Scorer;
use super::setters::setters;
use super::split::SplitCriterion;
use super::threads::thread_pool;
use crate::error::{Error, ErrorKind, Result};
use crate::statistics::ClassLabel;
use crate::statistics::random::SplitMix64;

/// Most classes a forest tells apart.
pub const MOST_CLASSES: usize = 32;

/// Parameters of a random forest, not yet checked.
///
/// ```
/// use hivectl::trees::{Columns, RandomForestParams, fit_forest, score};
/// use linfa::ParamGuard;
///
/// let size = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
/// let duration = [10.0, 10.0, 10.0, 20.0, 20.0, 20.0];
/// let matrix = Columns::new(vec![&size[..]], 6)?;
/// let parameters = RandomForestParams::new().trees(5).bootstrap(false).min_split(2).min_leaf(1).check()?;
/// let forest = fit_forest(&parameters, &matrix, &duration, 1, &|_| ())?;
/// assert_eq!(score(&forest.ensemble, &matrix, 1)?, duration);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RandomForestParams(RandomForestValidParams);

/// Parameters of a random forest that a forest can be grown with.
///
/// ```
/// use hivectl::trees::{RandomForestParams, RandomForestValidParams};
/// use linfa::ParamGuard;
///
/// let checked: RandomForestValidParams = RandomForestParams::new().trees(10).check()?;
/// assert_eq!(checked, RandomForestParams::default().trees(10).check()?);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RandomForestValidParams {
    trees: usize,
    depth: usize,
    min_split: usize,
    min_leaf: usize,
    max_features: f64,
    bootstrap: bool,
    seed: u64,
    bins: Option<usize>,
}

impl Default for RandomForestParams {
    /// 100 trees, depth 10, split from 5 rows, leaves of 2 rows, all features, bootstrap, seed 42.
    fn default() -> Self {
        RandomForestParams(RandomForestValidParams {
            trees: 100,
            depth: 10,
            min_split: 5,
            min_leaf: 2,
            max_features: 1.0,
            bootstrap: true,
            seed: 42,
            bins: None,
        })
    }
}

impl RandomForestParams {
    /// The defaults; see [`RandomForestParams::default`].
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Number of trees, at least 1 (default 100).
        trees: usize;
        /// Deepest leaf in edges, 1 to [`MOST_DEPTH`] (default 10).
        depth: usize;
        /// Distinct rows a node needs to be split, at least 2 (default 5).
        min_split: usize;
        /// Distinct rows a leaf needs, at least 1 (default 2).
        min_leaf: usize;
        /// Share of the features looked at in each node, in (0, 1] (default 1.0).
        max_features: f64;
        /// Whether each tree sees a sample of the rows, drawn with replacement (default), or all of them.
        bootstrap: bool;
        /// Seed of every draw (default 42).
        seed: u64;
    }

    /// Most bins a feature is cut into, 2 to [`MOST_BINS`]. Features of fewer distinct values are cut
    /// exactly. Default: [`MOST_BINS`] up to 8,192 rows (exact), 255 above.
    #[must_use]
    pub fn bins(mut self, bins: usize) -> Self {
        self.0.bins = Some(bins);
        self
    }
}

impl ParamGuard for RandomForestParams {
    type Checked = RandomForestValidParams;
    type Error = Error;

    /// Errors: [`ErrorKind::Usage`] that names the parameter and its range.
    fn check_ref(&self) -> Result<&RandomForestValidParams> {
        let RandomForestValidParams { trees, depth, min_split, min_leaf, max_features, bins, .. } = &self.0;
        let refuse = |what: String| Err(Error::new(ErrorKind::Usage, what));
        if *trees == 0 {
            return refuse("a forest needs at least 1 tree".into());
        }
        if !(1..=MOST_DEPTH).contains(depth) {
            return refuse(format!("the depth of a forest's trees is {depth}; it is a number from 1 to {MOST_DEPTH}"));
        }
        if *min_split < 2 {
            return refuse(format!("min split is {min_split}; a node needs at least 2 rows to be split"));
        }
        if *min_leaf == 0 {
            return refuse("min leaf is 0; a leaf needs at least 1 row".into());
        }
        if !(*max_features > 0.0 && *max_features <= 1.0) {
            return refuse(format!("max features is {max_features}; it is a share above 0 and up to 1"));
        }
        if bins.is_some_and(|bins| !(2..=MOST_BINS).contains(&bins)) {
            return refuse(format!("a feature cannot be cut into {} bins; 2 to {MOST_BINS} are possible", bins.unwrap_or(0)));
        }
        Ok(&self.0)
    }

    fn check(self) -> Result<RandomForestValidParams> {
        self.check_ref()?;
        Ok(self.0)
    }
}

/// A grown forest and what was learned on the way.
///
/// ```
/// use hivectl::trees::{Columns, RandomForestParams, fit_forest};
/// use linfa::ParamGuard;
///
/// let size = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
/// let duration = [10.0, 10.0, 10.0, 20.0, 20.0, 20.0];
/// let matrix = Columns::new(vec![&size[..]], 6)?;
/// let parameters = RandomForestParams::new().trees(5).bootstrap(false).min_split(2).min_leaf(1).check()?;
/// let forest = fit_forest(&parameters, &matrix, &duration, 1, &|_| ())?;
/// assert_eq!((forest.ensemble.trees.len(), forest.importances), (5, vec![1.0]));
/// // Without a bootstrap every tree has seen every row.
/// assert!(forest.out_of_bag.iter().all(|mean| mean.is_nan()));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FittedForest {
    pub ensemble: TreeEnsemble,
    /// For each training row the mean over the trees that did not see it, one number an output; NaN where
    /// all did.
    pub out_of_bag: Vec<f64>,
    /// Share of each feature in the total loss reduction; adds up to 1, or all 0 without a split.
    pub importances: Vec<f64>,
}

/// Grows a forest for a numeric target.
///
/// `target` holds one finite number a row; whole numbers are summed exactly. `threads` at least 1;
/// the result is the same for any number. `progress` hears how many trees are done.
///
/// Errors: [`ErrorKind::BadInput`] for a NaN or infinite target or a target of another length;
/// [`ErrorKind::NotEnoughData`] without rows; [`ErrorKind::Internal`] when threads cannot be started.
/// NaN among the features means missing and is learnt; infinities are the largest and smallest values.
pub fn fit_forest(
    parameters: &RandomForestValidParams,
    matrix: &Columns<'_>,
    target: &[f64],
    threads: usize,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<FittedForest> {
    check_target(matrix, target)?;
    let fixed = FixedPoint::of(target)?;
    let encoded: Vec<i64> = target.iter().map(|&target| fixed.encode(target)).collect();
    let criterion = SquaredError { fixed, min_leaf: parameters.min_leaf };
    let value = |row: usize, weight| pack_number(encoded[row], weight);
    grow_forest(parameters, matrix, EnsembleTask::Regression, 1, &criterion, value, threads, progress)
}

/// Grows a forest that tells classes apart by Gini impurity and answers with probabilities, one output a
/// class in ascending order of the labels.
///
/// Errors: as [`fit_forest`], and [`ErrorKind::BadInput`] for more than [`MOST_CLASSES`] labels.
pub fn fit_forest_classifier(
    parameters: &RandomForestValidParams,
    matrix: &Columns<'_>,
    labels: &[f64],
    threads: usize,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<FittedForest> {
    check_target(matrix, labels)?;
    FixedPoint::of(labels)?;
    let mut classes = labels.to_vec();
    classes.sort_unstable_by(f64::total_cmp);
    classes.dedup();
    let outputs = classes.len();
    let encoded: Vec<u8> = labels.iter().map(|label| classes.partition_point(|class| class < label) as u8).collect();
    let value = |row: usize, weight| pack_class(encoded[row], weight);
    let classes = classes.into_iter().map(ClassLabel::Number).collect();
    let task = EnsembleTask::Classification { classes, link: LinkFunction::Identity };
    let min_leaf = parameters.min_leaf;
    match outputs {
        0..=2 => grow_forest(parameters, matrix, task, outputs, &Gini::<2> { classes: outputs, min_leaf }, value, threads, progress),
        3..=4 => grow_forest(parameters, matrix, task, outputs, &Gini::<4> { classes: outputs, min_leaf }, value, threads, progress),
        5..=8 => grow_forest(parameters, matrix, task, outputs, &Gini::<8> { classes: outputs, min_leaf }, value, threads, progress),
        9..=16 => grow_forest(parameters, matrix, task, outputs, &Gini::<16> { classes: outputs, min_leaf }, value, threads, progress),
        17..=MOST_CLASSES => {
            grow_forest(parameters, matrix, task, outputs, &Gini::<MOST_CLASSES> { classes: outputs, min_leaf }, value, threads, progress)
        }
        _ => {
            Err(Error::new(ErrorKind::BadInput, format!("{outputs} different labels; a forest tells at most {MOST_CLASSES} classes apart")))
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "the two public entries and what sets them apart")]
fn grow_forest<K: SplitCriterion>(
    parameters: &RandomForestValidParams,
    matrix: &Columns<'_>,
    task: EnsembleTask,
    outputs: usize,
    criterion: &K,
    value: impl Fn(usize, u8) -> u64 + Sync + Send,
    threads: usize,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<FittedForest> {
    let pool = thread_pool(threads)?;
    let (trees, bags): (Vec<Tree>, Vec<Bag>) = pool.install(|| {
        let binned = BinnedMatrix::new(matrix, parameters.bins.unwrap_or(usual_bins(matrix.rows())));
        let forest = Forest {
            parameters,
            binned: &binned,
            features: (0..matrix.features()).collect(),
            grower: Grower::new(&binned),
            criterion,
            value,
            spare: Mutex::new(Vec::new()),
            done: AtomicUsize::new(0),
            progress,
        };
        let numbers = 0..parameters.trees;
        if parameters.trees < threads {
            numbers.map(|number| forest.grow(number, true)).unzip()
        } else {
            numbers.into_par_iter().with_max_len(1).map(|number| forest.grow(number, false)).unzip()
        }
    });
    let names = (0..matrix.features()).map(|feature| format!("x{feature}")).collect();
    let ensemble = TreeEnsemble::averaged(task, names, outputs, trees);
    let scorer = Scorer::new(&ensemble)?;
    let out_of_bag = pool.install(|| scorer.out_of_bag(matrix, &bags));
    Ok(FittedForest { importances: gain_importances(&ensemble), ensemble, out_of_bag })
}

/// One bit a row: whether a tree has seen it.
type Bag = Vec<u64>;

/// One forest in the making.
struct Forest<'a, K: SplitCriterion, V> {
    parameters: &'a RandomForestValidParams,
    binned: &'a BinnedMatrix,
    /// All of them.
    features: Vec<usize>,
    grower: Grower<'a, K>,
    criterion: &'a K,
    /// Packed value of a row by its number and weight.
    value: V,
    /// Rows and weights that no tree uses now.
    spare: Mutex<Vec<(Rows, Vec<u8>)>>,
    done: AtomicUsize,
    progress: &'a (dyn Fn(usize) + Sync),
}

impl<K: SplitCriterion, V: Fn(usize, u8) -> u64> Forest<'_, K, V> {
    fn grow(&self, number: usize, shared: bool) -> (Tree, Bag) {
        let (mut rows, mut weights) = self.spare.lock().ok().and_then(|mut spare| spare.pop()).unwrap_or_default();
        let mut random = SplitMix64::stream(self.parameters.seed, number as u64);
        self.draw(&mut random, &mut weights);
        let bag: Bag = weights
            .chunks(64)
            .map(|weights| weights.iter().enumerate().fold(0, |bag, (bit, &weight)| bag | u64::from(weight > 0) << bit))
            .collect();
        // Past the last row are values that no mark keeps.
        rows.fill(&bag, |row| weights.get(row).map_or(0, |&weight| (self.value)(row, weight)), &self.binned.words);
        let features = self.features.len();
        let limits = GrowthLimits {
            features: &self.features,
            depth: self.parameters.depth,
            min_split: self.parameters.min_split.max(2 * self.parameters.min_leaf),
            features_per_node: ((self.parameters.max_features * features as f64) as usize).clamp(1, features.max(1)),
            seed: random.next_u64(),
            shared,
        };
        let tree = self.grower.grow(self.criterion, limits, rows.all(None)).tree;
        if let Ok(mut spare) = self.spare.lock() {
            spare.push((rows, weights));
        }
        (self.progress)(self.done.fetch_add(1, Ordering::Relaxed) + 1);
        (tree, bag)
    }

    /// How often each row is in the bag.
    fn draw(&self, random: &mut SplitMix64, weights: &mut Vec<u8>) {
        const { assert!(u8::MAX as u64 == MOST_WEIGHT) }
        weights.clear();
        if !self.parameters.bootstrap {
            weights.resize(self.binned.rows, 1);
            return;
        }
        weights.resize(self.binned.rows, 0);
        for _ in 0..self.binned.rows {
            let weight = &mut weights[random.below(self.binned.rows)];
            *weight = weight.saturating_add(1);
        }
    }
}
