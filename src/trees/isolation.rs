//! Isolation forests (Liu, Ting, Zhou 2008) with scikit-learn's meaning to the letter.

use linfa::ParamGuard;
use rayon::prelude::*;

use super::ensemble::{EnsembleTask, IsolationScore, Tree, TreeEnsemble, average_path_length};
use super::matrix::Columns;
use super::scorer::Scorer;
use super::setters::setters;
use super::threads::thread_pool;
use crate::error::{Error, ErrorKind, Result};
use crate::statistics::percentile::percentile;
use crate::statistics::random::SplitMix64;

/// A feature whose values in a node differ by no more is constant there (scikit-learn's FEATURE_THRESHOLD).
const CONSTANT: f32 = 1e-7;

/// Parameters of an isolation forest, not yet checked.
///
/// ```
/// use hivectl::trees::{Columns, IsolationForestParams, fit_isolation};
/// use linfa::ParamGuard;
///
/// let size: Vec<f32> = (0..20).map(|row| if row == 19 { 100.0 } else { row as f32 }).collect();
/// let matrix = Columns::new(vec![&size[..]], 20)?;
/// let forest = fit_isolation(&IsolationForestParams::new().check()?, &matrix, 1, &|_| ())?;
/// let lowest = forest.training_scores.iter().copied().fold(f64::INFINITY, f64::min);
/// assert_eq!(forest.training_scores[19], lowest);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct IsolationForestParams(IsolationForestValidParams);

/// Parameters of an isolation forest that one can be grown with.
///
/// ```
/// use hivectl::trees::{IsolationForestParams, IsolationForestValidParams};
/// use linfa::ParamGuard;
///
/// let checked: IsolationForestValidParams = IsolationForestParams::new().trees(10).check()?;
/// assert_eq!(checked, IsolationForestParams::default().trees(10).check()?);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct IsolationForestValidParams {
    trees: usize,
    subsample: usize,
    contamination: Option<f64>,
    seed: u64,
}

impl Default for IsolationForestParams {
    /// 100 trees on 256 rows each, contamination 0.05, seed 42.
    fn default() -> Self {
        IsolationForestParams(IsolationForestValidParams { trees: 100, subsample: 256, contamination: Some(0.05), seed: 42 })
    }
}

impl IsolationForestParams {
    /// The defaults; see [`IsolationForestParams::default`].
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Number of trees, at least 1 (default 100).
        trees: usize;
        /// Rows each tree is grown on, at least 1 (default 256); all rows if there are fewer.
        subsample: usize;
        /// Share of training rows to mark as anomalies, in (0, 0.5] (default 0.05); `None` sets the offset to
        /// -0.5, scikit-learn's "auto".
        contamination: Option<f64>;
        /// Seed of every draw (default 42).
        seed: u64;
    }
}

impl ParamGuard for IsolationForestParams {
    type Checked = IsolationForestValidParams;
    type Error = Error;

    /// Errors: [`ErrorKind::Usage`] that names the parameter and its range.
    fn check_ref(&self) -> Result<&IsolationForestValidParams> {
        let refuse = |what: String| Err(Error::new(ErrorKind::Usage, what));
        if self.0.trees == 0 {
            return refuse("an isolation forest needs at least 1 tree".into());
        }
        if self.0.subsample == 0 {
            return refuse("the subsample of an isolation forest needs at least 1 row".into());
        }
        match self.0.contamination {
            Some(share) if !(share > 0.0 && share <= 0.5) => {
                refuse(format!("contamination is {share}; it is a share above 0 and up to 0.5"))
            }
            _ => Ok(&self.0),
        }
    }

    fn check(self) -> Result<IsolationForestValidParams> {
        self.check_ref()?;
        Ok(self.0)
    }
}

/// A grown isolation forest.
///
/// ```
/// use hivectl::trees::{Columns, IsolationForestParams, fit_isolation};
/// use linfa::ParamGuard;
///
/// let size: Vec<f32> = (0..20).map(|row| if row == 19 { 100.0 } else { row as f32 }).collect();
/// let matrix = Columns::new(vec![&size[..]], 20)?;
/// let automatic = fit_isolation(&IsolationForestParams::new().contamination(None).check()?, &matrix, 1, &|_| ())?;
/// assert_eq!((automatic.ensemble.trees.len(), automatic.training_scores.len()), (100, 0));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FittedIsolation {
    pub ensemble: TreeEnsemble,
    /// Score of every training row, in (-1, 0); empty where the offset needed none ("auto").
    pub training_scores: Vec<f64>,
}

/// Grows an isolation forest and sets its offset.
///
/// The same for any number of `threads`. `progress` hears how many trees are done. NaN means missing and
/// goes left or right by the toss of a coin in each node.
///
/// Errors: [`ErrorKind::NotEnoughData`] without rows or features; [`ErrorKind::Internal`] when threads
/// cannot be started.
pub fn fit_isolation(
    parameters: &IsolationForestValidParams,
    matrix: &Columns<'_>,
    threads: usize,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<FittedIsolation> {
    if matrix.rows() == 0 || matrix.features() == 0 {
        return Err(Error::new(
            ErrorKind::NotEnoughData,
            format!("there is nothing to learn from: {} rows of {} features", matrix.rows(), matrix.features()),
        ));
    }
    let subsample = parameters.subsample.min(matrix.rows());
    let depth = subsample.max(2).next_power_of_two().trailing_zeros() as usize;
    let done = std::sync::atomic::AtomicUsize::new(0);
    let trees = thread_pool(threads)?.install(|| {
        (0..parameters.trees)
            .into_par_iter()
            .map(|number| {
                let tree = grow_tree(matrix, subsample, depth, SplitMix64::stream(parameters.seed, number as u64));
                progress(done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1);
                tree
            })
            .collect()
    });
    let mut score = IsolationScore { subsample, offset: -0.5, contamination: parameters.contamination };
    let names = (0..matrix.features()).map(|feature| format!("x{feature}")).collect();
    let mut ensemble = TreeEnsemble::averaged(EnsembleTask::Isolation(score), names, 1, trees);
    let mut training_scores = Vec::new();
    if let Some(contamination) = parameters.contamination {
        training_scores = Scorer::new(&ensemble)?.score(matrix, threads)?;
        // A little below the rows that tie, so that scikit-learn's own arithmetic leaves them normal too.
        score.offset =
            percentile(&mut training_scores.clone(), 100.0 * contamination).map_or(score.offset, |tied| tied - IsolationScore::TIE);
        ensemble.task = EnsembleTask::Isolation(score);
    }
    Ok(FittedIsolation { ensemble, training_scores })
}

/// `count` different rows of `rows`, in increasing cost of `count` only (Floyd's sampling).
fn sample(random: &mut SplitMix64, rows: usize, count: usize) -> Vec<u32> {
    let mut chosen = std::collections::HashSet::with_capacity(count);
    (rows - count..rows)
        .map(|last| {
            let candidate = random.below(last + 1);
            let row = if chosen.contains(&candidate) { last } else { candidate };
            chosen.insert(row);
            row as u32
        })
        .collect()
}

/// A range of rows that wait to be isolated.
struct Pending {
    node: usize,
    depth: usize,
    from: usize,
    to: usize,
}

fn grow_tree(matrix: &Columns<'_>, subsample: usize, depth: usize, mut random: SplitMix64) -> Tree {
    let mut rows = sample(&mut random, matrix.rows(), subsample);
    let mut tree = Tree::default();
    let mut features: Vec<usize> = (0..matrix.features()).collect();
    push_leaf(&mut tree, 0, rows.len());
    let mut waiting = vec![Pending { node: 0, depth: 0, from: 0, to: rows.len() }];
    while let Some(Pending { node, depth: level, from, to }) = waiting.pop() {
        let rows = &mut rows[from..to];
        if level >= depth || rows.len() < 2 {
            continue;
        }
        let Some(cut) = draw_cut(matrix, rows, &mut features, &mut random) else { continue };
        let column = matrix.column(cut.feature);
        let goes_left = |row: u32| {
            let value = column[row as usize];
            if value.is_nan() { cut.missing_left } else { f64::from(value) <= cut.threshold }
        };
        let left = partition(rows, goes_left);
        if left == 0 || left == rows.len() {
            continue; // only infinities do this
        }
        tree.feature[node] = cut.feature as u32;
        tree.threshold[node] = cut.threshold;
        tree.missing_left[node] = cut.missing_left;
        let child = tree.len();
        tree.left[node] = child as u32;
        tree.right[node] = child as u32 + 1;
        push_leaf(&mut tree, level + 1, left);
        push_leaf(&mut tree, level + 1, rows.len() - left);
        waiting.push(Pending { node: child + 1, depth: level + 1, from: from + left, to });
        waiting.push(Pending { node: child, depth: level + 1, from, to: from + left });
    }
    tree
}

fn push_leaf(tree: &mut Tree, depth: usize, rows: usize) {
    tree.feature.push(0);
    tree.threshold.push(0.0);
    tree.left.push(Tree::LEAF);
    tree.right.push(Tree::LEAF);
    tree.missing_left.push(false);
    tree.value.push(depth as f64 + average_path_length(rows));
    tree.rows.push(rows as u64);
    tree.weight.push(rows as f64);
    tree.impurity.push(0.0);
    tree.gain.push(0.0);
}

struct Cut {
    feature: usize,
    threshold: f64,
    missing_left: bool,
}

/// A random feature that differs among the rows, and a random threshold in its range.
fn draw_cut(matrix: &Columns<'_>, rows: &[u32], features: &mut [usize], random: &mut SplitMix64) -> Option<Cut> {
    for tried in 0..features.len() {
        features.swap(tried, tried + random.below(features.len() - tried));
        let feature = features[tried];
        let column = matrix.column(feature);
        let (mut low, mut high, mut missing) = (f32::INFINITY, f32::NEG_INFINITY, 0);
        for &row in rows {
            let value = column[row as usize];
            low = low.min(value);
            high = high.max(value);
            missing += usize::from(value.is_nan());
        }
        let differs = high > low + CONSTANT;
        if missing == rows.len() || (missing == 0 && !differs) {
            continue;
        }
        let missing_left = missing > 0 && random.next_u64() >> 63 == 1;
        if !differs {
            // All present values are alike: the cut is between them and the missing ones.
            return Some(Cut { feature, threshold: if missing_left { f64::from(low).next_down() } else { f64::INFINITY }, missing_left });
        }
        return Some(Cut { feature, threshold: threshold_between(low, high, random), missing_left });
    }
    None
}

/// Uniform in [low, high); infinite ends are brought to the largest finite numbers first.
fn threshold_between(low: f32, high: f32, random: &mut SplitMix64) -> f64 {
    let (from, to) = (f64::from(low.max(f32::MIN)), f64::from(high.min(f32::MAX)));
    let threshold = from + random.unit() * (to - from);
    if threshold >= to { from } else { threshold }
}

/// Brings the rows that go left to the front and returns their number.
fn partition(rows: &mut [u32], goes_left: impl Fn(u32) -> bool) -> usize {
    let mut left = 0;
    for index in 0..rows.len() {
        if goes_left(rows[index]) {
            rows.swap(left, index);
            left += 1;
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_lengths_are_scikit_learns() {
        for (rows, expected) in [(1, 0.0), (2, 1.0), (3, 1.207_392_357_589_623), (10, 3.748_880_484_475_505), (256, 10.244_770_920_119_917)]
        {
            assert!((average_path_length(rows) - expected).abs() < 1e-12, "{rows}");
        }
    }

    #[test]
    fn samples_hold_different_rows() {
        let mut random = SplitMix64::stream(1, 2);
        for (rows, count) in [(256, 256), (300, 256), (1_000_000, 256), (1, 1)] {
            let mut sample = sample(&mut random, rows, count);
            sample.sort_unstable();
            sample.dedup();
            assert_eq!(sample.len(), count);
            assert!(sample.iter().all(|&row| (row as usize) < rows));
        }
    }
}
