//! Random forests (Breiman 2001) with scikit-learn's parameters and meaning.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use linfa::ParamGuard;
use rayon::prelude::*;

use super::bins::{BinnedMatrix, MOST_BINS};
use super::ensemble::{Aggregation, Comparison, Task, Tree, TreeEnsemble};
use super::fixed_point::FixedPoint;
use super::grow::{Grower, Limits};
use super::histogram::{Cell, MOST_WEIGHT, pack_value};
use super::matrix::Columns;
use super::random::Random;
use super::rows::Rows;
use super::score::Scorer;
use super::split::Criterion;
use crate::error::{Error, ErrorKind, Result};

/// Rows up to which every distinct value is a bin of its own unless the parameters say otherwise.
const EXACT_ROWS: usize = 8_192;

/// Bins of a feature on larger data.
const USUAL_BINS: usize = 255;

/// Parameters of a random forest, not yet checked.
#[derive(Clone, Debug, PartialEq)]
pub struct RandomForestParams(RandomForestValidParams);

/// Parameters of a random forest that a forest can be grown with.
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

    /// Number of trees, at least 1 (default 100).
    #[must_use]
    pub fn trees(mut self, trees: usize) -> Self {
        self.0.trees = trees;
        self
    }

    /// Deepest leaf in edges, at least 1 (default 10).
    #[must_use]
    pub fn depth(mut self, depth: usize) -> Self {
        self.0.depth = depth;
        self
    }

    /// Distinct rows a node needs to be split, at least 2 (default 5).
    #[must_use]
    pub fn min_split(mut self, min_split: usize) -> Self {
        self.0.min_split = min_split;
        self
    }

    /// Distinct rows a leaf needs, at least 1 (default 2).
    #[must_use]
    pub fn min_leaf(mut self, min_leaf: usize) -> Self {
        self.0.min_leaf = min_leaf;
        self
    }

    /// Share of the features looked at in each node, in (0, 1] (default 1.0).
    #[must_use]
    pub fn max_features(mut self, max_features: f64) -> Self {
        self.0.max_features = max_features;
        self
    }

    /// Whether each tree sees a sample of the rows, drawn with replacement (default), or all of them.
    #[must_use]
    pub fn bootstrap(mut self, bootstrap: bool) -> Self {
        self.0.bootstrap = bootstrap;
        self
    }

    /// Seed of every draw (default 42).
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.0.seed = seed;
        self
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
        if *depth == 0 {
            return refuse("the depth of a forest's trees must be at least 1".into());
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

/// A grown forest and what was learnt on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedForest {
    pub ensemble: TreeEnsemble,
    /// For each training row the mean over the trees that did not see it; NaN where all did.
    pub out_of_bag: Vec<f64>,
    /// Share of each feature in the total loss reduction; adds up to 1, or all 0 without a split.
    pub importances: Vec<f64>,
}

/// Squared error: a split's gain is the fall of the sum of squared errors.
struct SquaredError {
    fixed: FixedPoint,
    min_leaf: usize,
}

impl Criterion for SquaredError {
    fn admits(&self, left: Cell, right: Cell) -> bool {
        left.rows() >= self.min_leaf && right.rows() >= self.min_leaf
    }

    /// `(S_L·W - W_L·S)² / (W_L·W_R)`, which is `W` times the gain.
    fn merit(&self, node: Cell, left: Cell) -> (f64, f64) {
        let (weight, left_weight) = (node.weight() as f64, left.weight() as f64);
        let difference = left.sum as f64 * weight - left_weight * node.sum as f64;
        (difference * difference, left_weight * (weight - left_weight))
    }

    /// `S_L²/W_L + S_R²/W_R - S²/W`. Zero is a split too (scikit-learn cuts a node as long as its
    /// targets differ), so the exact zero of integers is told from a rounded one.
    fn gain(&self, node: Cell, left: Cell) -> Option<f64> {
        let exact = i128::from(left.sum) * i128::from(node.weight()) - i128::from(left.weight()) * i128::from(node.sum);
        let (weight, left_weight) = (node.weight() as f64, left.weight() as f64);
        let difference = exact as f64 / self.fixed.scale;
        Some(difference / weight * (difference / (left_weight * (weight - left_weight))))
    }

    fn value(&self, node: Cell) -> f64 {
        if node.weight() == 0 { self.fixed.offset } else { self.fixed.mean(node.sum, node.weight() as f64) }
    }
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
    let pool = thread_pool(threads)?;
    let bins = parameters.bins.unwrap_or(if matrix.rows() <= EXACT_ROWS { MOST_BINS } else { USUAL_BINS });
    let encoded: Vec<i64> = target.iter().map(|&target| fixed.encode(target)).collect();
    let (trees, bags): (Vec<Tree>, Vec<Vec<u64>>) = pool.install(|| {
        let binned = BinnedMatrix::new(matrix, bins);
        Forest { parameters, binned: &binned, fixed, encoded: &encoded }.grow(progress)
    });
    let ensemble = TreeEnsemble {
        task: Task::Regression,
        feature_names: (0..matrix.features()).map(|feature| format!("x{feature}")).collect(),
        outputs: 1,
        base: vec![0.0],
        aggregation: Aggregation::Mean,
        comparison: Comparison::LessOrEqual,
        single_precision: false,
        trees,
    };
    let scorer = Scorer::new(&ensemble)?;
    let out_of_bag = pool.install(|| scorer.out_of_bag(matrix, &bags));
    let importances = gain_importances(&ensemble);
    Ok(FittedForest { ensemble, out_of_bag, importances })
}

fn check_target(matrix: &Columns<'_>, target: &[f64]) -> Result<()> {
    if target.len() != matrix.rows() {
        return Err(Error::new(ErrorKind::BadInput, format!("{} targets for {} rows", target.len(), matrix.rows())));
    }
    if matrix.rows() == 0 {
        return Err(Error::new(ErrorKind::NotEnoughData, "there are no rows to learn from"));
    }
    Ok(())
}

/// Threads of our own, so that a caller's number holds whatever else runs in the process.
pub(crate) fn thread_pool(threads: usize) -> Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.max(1))
        .build()
        .map_err(|source| Error::new(ErrorKind::Internal, format!("cannot start {threads} threads")).because(source))
}

/// Share of each feature in the total gain of all trees.
fn gain_importances(ensemble: &TreeEnsemble) -> Vec<f64> {
    let mut importances = vec![0.0; ensemble.features()];
    for tree in &ensemble.trees {
        for node in 0..tree.len() {
            importances[tree.feature[node] as usize] += tree.gain[node] / tree.weight[0];
        }
    }
    let total: f64 = importances.iter().sum();
    if total > 0.0 {
        importances.iter_mut().for_each(|importance| *importance /= total);
    }
    importances
}

/// One forest in the making.
struct Forest<'a> {
    parameters: &'a RandomForestValidParams,
    binned: &'a BinnedMatrix,
    fixed: FixedPoint,
    encoded: &'a [i64],
}

/// What one thread works with, handed from tree to tree.
struct Scratch<'a> {
    grower: Grower<'a>,
    rows: Rows,
    weights: Vec<u8>,
}

impl Forest<'_> {
    /// One task a tree, no waiting in between.
    fn grow(&self, progress: &(dyn Fn(usize) + Sync)) -> (Vec<Tree>, Vec<Vec<u64>>) {
        let spare: Mutex<Vec<Scratch<'_>>> = Mutex::new(Vec::new());
        let done = AtomicUsize::new(0);
        let next = || {
            spare.lock().ok().and_then(|mut spare| spare.pop()).unwrap_or_else(|| Scratch {
                grower: Grower::new(self.binned),
                rows: Rows::new(self.binned.words.len()),
                weights: Vec::new(),
            })
        };
        (0..self.parameters.trees)
            .into_par_iter()
            .with_max_len(1)
            .map(|number| {
                let mut scratch = next();
                let tree = self.grow_tree(number, &mut scratch);
                if let Ok(mut spare) = spare.lock() {
                    spare.push(scratch);
                }
                progress(done.fetch_add(1, Ordering::Relaxed) + 1);
                tree
            })
            .unzip()
    }

    fn grow_tree(&self, number: usize, scratch: &mut Scratch<'_>) -> (Tree, Vec<u64>) {
        let mut random = Random::new(self.parameters.seed, number as u64);
        self.draw(&mut random, &mut scratch.weights);
        scratch.rows.fill(&scratch.weights, |row, weight| pack_value(self.encoded[row], u64::from(weight)), &self.binned.words);
        let features = self.binned.features.len();
        let limits = Limits {
            depth: self.parameters.depth,
            min_split: self.parameters.min_split.max(2 * self.parameters.min_leaf),
            features_per_node: ((self.parameters.max_features * features as f64) as usize).clamp(1, features.max(1)),
        };
        let criterion = SquaredError { fixed: self.fixed, min_leaf: self.parameters.min_leaf };
        let tree = scratch.grower.grow(&criterion, limits, &mut scratch.rows, &mut random);
        let bag = scratch
            .weights
            .chunks(64)
            .map(|weights| weights.iter().enumerate().fold(0, |bag, (bit, &weight)| bag | u64::from(weight > 0) << bit))
            .collect();
        (tree, bag)
    }

    /// How often each row is in the bag.
    fn draw(&self, random: &mut Random, weights: &mut Vec<u8>) {
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
        const { assert!(u8::MAX as u64 == MOST_WEIGHT) }
    }
}
