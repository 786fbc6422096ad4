//! Why an ensemble answers what it answers.

use rayon::prelude::*;

use super::ensemble::{Aggregation, EnsembleTask, Tree, TreeEnsemble};
use super::grow::MOST_DEPTH;
use super::matrix::Columns;
use super::scorer::Scorer;
use super::threads::thread_pool;
use crate::error::{Error, ErrorKind, Result};
use crate::statistics::random::SplitMix64;

/// What shuffling one feature costs.
///
/// ```
/// use hivectl::trees::{Columns, RandomForestParams, fit_forest, permutation_importances};
/// use linfa::ParamGuard;
///
/// let size = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
/// let duration = [10.0, 10.0, 10.0, 20.0, 20.0, 20.0];
/// let matrix = Columns::new(vec![&size[..]], 6)?;
/// let parameters = RandomForestParams::new().trees(5).bootstrap(false).min_split(2).min_leaf(1).check()?;
/// let forest = fit_forest(&parameters, &matrix, &duration, 1, &|_| ())?;
/// let importances = permutation_importances(&forest.ensemble, &matrix, &duration, 5, 42, 1)?;
/// assert!(importances[0].mean > 0.0);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PermutationImportance {
    /// Mean increase of the mean absolute error over the repeats, in units of the target.
    pub mean: f64,
    /// Standard deviation over the repeats (n in the denominator).
    pub standard_deviation: f64,
}

/// How much the mean absolute error on `matrix` and `target` grows when one feature's values are shuffled
/// among the rows (Breiman 2001), `repeats` times each; one entry a feature. The same for any number of
/// `threads`.
///
/// Errors: [`ErrorKind::SchemaMismatch`] when the number of features differs, [`ErrorKind::BadInput`] when
/// `target` has another length or the ensemble several outputs.
pub fn permutation_importances(
    ensemble: &TreeEnsemble,
    matrix: &Columns<'_>,
    target: &[f64],
    repeats: usize,
    seed: u64,
    threads: usize,
) -> Result<Vec<PermutationImportance>> {
    if target.len() != matrix.rows() || ensemble.outputs != 1 {
        return Err(Error::new(
            ErrorKind::BadInput,
            format!("{} targets for {} rows and {} outputs", target.len(), matrix.rows(), ensemble.outputs),
        ));
    }
    let scorer = Scorer::new(ensemble)?;
    let error =
        |scores: &[f64]| scores.iter().zip(target).map(|(score, target)| (score - target).abs()).sum::<f64>() / target.len().max(1) as f64;
    thread_pool(threads)?.install(|| {
        let plain = error(&scorer.score_on_pool(matrix)?);
        (0..matrix.features())
            .map(|feature| {
                let increases: Result<Vec<f64>> = (0..repeats)
                    .map(|repeat| {
                        let shuffled = shuffled(matrix.column(feature), SplitMix64::stream(seed, (feature * repeats + repeat) as u64));
                        Ok(error(&scorer.score_on_pool(&matrix.with_column(feature, &shuffled))?) - plain)
                    })
                    .collect();
                let increases = increases?;
                let mean = increases.iter().sum::<f64>() / repeats.max(1) as f64;
                let variance = increases.iter().map(|increase| (increase - mean).powi(2)).sum::<f64>() / repeats.max(1) as f64;
                Ok(PermutationImportance { mean, standard_deviation: variance.sqrt() })
            })
            .collect()
    })
}

fn shuffled(column: &[f32], mut random: SplitMix64) -> Vec<f32> {
    let mut column = column.to_vec();
    for last in (1..column.len()).rev() {
        column.swap(last, random.below(last + 1));
    }
    column
}

/// Exact path-dependent SHAP values (Lundberg et al. 2020, "TreeExplainer"): how the features make a row's
/// raw answer. The expectation plus all contributions is the answer before its link (for isolation
/// forests the mean path length). Where a feature is left out, a node sends the row both ways, weighted by
/// the training weight of its children.
///
/// A feature's value is the integral over t in (0, 1) of what knowing it adds while each other feature is
/// known with probability t (Owen 1972). For one leaf that is a polynomial whose degree is below the
/// number of features on the way, so Gauss-Legendre quadrature is exact, all its terms are positive, and
/// one walk over the nodes does (as in Yu et al. 2022, "Linear TreeSHAP").
///
/// ```
/// use hivectl::trees::{Columns, Explainer, RandomForestParams, fit_forest};
/// use linfa::ParamGuard;
///
/// let size = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
/// let duration = [10.0, 10.0, 10.0, 20.0, 20.0, 20.0];
/// let matrix = Columns::new(vec![&size[..]], 6)?;
/// let parameters = RandomForestParams::new().trees(5).bootstrap(false).min_split(2).min_leaf(1).check()?;
/// let forest = fit_forest(&parameters, &matrix, &duration, 1, &|_| ())?;
/// let explainer = Explainer::new(&forest.ensemble)?;
/// // On average 15 ms; that the size is 1 makes it 10 ms.
/// assert!((explainer.expectation()[0] - 15.0).abs() < 1e-9);
/// assert!((explainer.contributions(&[1.0])?[0] + 5.0).abs() < 1e-9);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Explainer<'a> {
    ensemble: &'a TreeEnsemble,
    expectation: Vec<f64>,
    /// What a tree's answer is divided by.
    unit: f64,
    /// Points in (0, 1) and their weights.
    points: Vec<(f64, f64)>,
}

impl<'a> Explainer<'a> {
    /// Prepares an ensemble.
    ///
    /// Errors: [`ErrorKind::Usage`] for an answer that is a function of the sum; [`ErrorKind::BadModelFile`] if its check fails, if it holds a split without training weight, or
    /// a leaf deeper than [`MOST_DEPTH`].
    pub fn new(ensemble: &'a TreeEnsemble) -> Result<Self> {
        ensemble.check()?;
        if matches!(ensemble.task, EnsembleTask::Transformed(_)) {
            return Err(Error::new(ErrorKind::Usage, "this model gives no reasons")
                .because("its answer is a function of the sum of its leaves, so that no part of it belongs to a feature"));
        }
        let mut explainer = Explainer {
            ensemble,
            expectation: ensemble.base.clone(),
            unit: if ensemble.aggregation == Aggregation::Mean { ensemble.trees.len() as f64 } else { 1.0 },
            points: Vec::new(),
        };
        for (number, tree) in ensemble.trees.iter().enumerate() {
            check_weights(number, tree)?;
            explainer.expect(tree);
        }
        let depth = ensemble.trees.iter().map(Tree::depth).max().unwrap_or(0);
        if depth > MOST_DEPTH {
            return Err(Error::new(ErrorKind::BadModelFile, format!("a tree of the model is {depth} cuts deep"))
                .because(format!("answers of trees of up to {MOST_DEPTH} cuts can be explained")));
        }
        explainer.points = gauss_legendre(depth.min(ensemble.features()).div_ceil(2).max(1));
        Ok(explainer)
    }

    /// The answer where nothing is known of the row, one number an output.
    pub fn expectation(&self) -> &[f64] {
        &self.expectation
    }

    /// SHAP values of one row, feature-major: `[feature * outputs + output]`. NaN in `row` means missing.
    ///
    /// Errors: [`ErrorKind::SchemaMismatch`] for a row of another length.
    pub fn contributions(&self, row: &[f32]) -> Result<Vec<f64>> {
        if row.len() != self.ensemble.features() {
            return Err(Error::new(
                ErrorKind::SchemaMismatch,
                format!("the model was trained on {} features, the row has {}", self.ensemble.features(), row.len()),
            ));
        }
        Ok(match self.points.len() {
            1 => self.walk::<1>(row),
            2 => self.walk::<2>(row),
            3 => self.walk::<3>(row),
            4 => self.walk::<4>(row),
            5 => self.walk::<5>(row),
            6..=8 => self.walk::<8>(row),
            9..=16 => self.walk::<16>(row),
            17..=32 => self.walk::<32>(row),
            _ => self.walk::<POINTS>(row),
        })
    }

    /// SHAP values of all rows, in order; see [`Explainer::contributions`]. The same for any number of
    /// `threads`.
    pub fn contributions_of_all(&self, matrix: &Columns<'_>, threads: usize) -> Result<Vec<Vec<f64>>> {
        let row = |row: usize| (0..matrix.features()).map(|feature| matrix.column(feature)[row]).collect::<Vec<f32>>();
        thread_pool(threads)?.install(|| (0..matrix.rows()).into_par_iter().map(|number| self.contributions(&row(number))).collect())
    }

    /// Adds a tree's mean answer over its training rows.
    fn expect(&mut self, tree: &Tree) {
        let mut reach = vec![0.0; tree.len()];
        reach[0] = 1.0;
        for node in 0..tree.len() {
            if tree.is_leaf(node) {
                let values = &tree.value[node * self.ensemble.outputs..];
                self.expectation.iter_mut().zip(values).for_each(|(sum, value)| *sum += reach[node] * value / self.unit);
                continue;
            }
            for child in [tree.left[node] as usize, tree.right[node] as usize] {
                reach[child] = reach[node] * tree.weight[child] / tree.weight[node];
            }
        }
    }

    fn walk<const N: usize>(&self, row: &[f32]) -> Vec<f64> {
        let mut points = [0.5; N];
        let mut weights = [0.0; N];
        self.points.iter().enumerate().take(N).for_each(|(place, &(point, weight))| (points[place], weights[place]) = (point, weight));
        let mut walk = ShapWalk {
            explainer: self,
            row,
            points,
            ways: vec![Way::default(); row.len()],
            contributions: vec![0.0; row.len() * self.ensemble.outputs],
        };
        for tree in &self.ensemble.trees {
            walk.visit(tree, 0, weights);
        }
        walk.contributions.iter_mut().for_each(|contribution| *contribution /= self.unit);
        walk.contributions
    }
}

fn check_weights(number: usize, tree: &Tree) -> Result<()> {
    let weightless = |&node: &usize| !tree.is_leaf(node) && (tree.weight[node] <= 0.0 || !tree.weight[node].is_finite());
    match (0..tree.len()).find(weightless) {
        None => Ok(()),
        Some(node) => Err(Error::new(
            ErrorKind::BadModelFile,
            format!("tree {number}, node {node}: a split with training weight {}", tree.weight[node]),
        )
        .because("SHAP values need the weight of the training rows in each node")),
    }
}

/// Most points there are: enough for 128 features on one way.
const POINTS: usize = 64;

/// Gauss-Legendre points in (0, 1) and their weights: exact for polynomials of degree `2 * count - 1`.
fn gauss_legendre(count: usize) -> Vec<(f64, f64)> {
    let count = count.min(POINTS);
    let n = count as f64;
    (0..count)
        .map(|index| {
            let mut x = (std::f64::consts::PI * (index as f64 + 0.75) / (n + 0.5)).cos();
            let mut slope = 1.0;
            for _ in 0..100 {
                let (mut value, mut before) = (1.0, 0.0);
                for degree in 0..count {
                    let degree = degree as f64;
                    (value, before) = (((2.0 * degree + 1.0) * x * value - degree * before) / (degree + 1.0), value);
                }
                slope = n * (x * value - before) / (x * x - 1.0);
                let step = value / slope;
                x -= step;
                if step.abs() < 1e-16 {
                    break;
                }
            }
            ((1.0 - x) / 2.0, 1.0 / ((1.0 - x * x) * slope * slope))
        })
        .collect()
}

/// What the cuts by one feature on the way from the root say.
#[derive(Clone, Copy)]
struct Way {
    /// 1 if the row itself goes this way, else 0.
    row: f64,
    /// Share of the training weight that does.
    share: f64,
}

impl Default for Way {
    fn default() -> Self {
        Way { row: 1.0, share: 1.0 }
    }
}

impl Way {
    /// Probability to come this way if the feature is known with probability t, at each point t.
    fn at<const N: usize>(self, points: &[f64; N]) -> [f64; N] {
        points.map(|t| self.row * t + self.share * (1.0 - t))
    }

    /// How much more certain the way is once the feature is known.
    fn difference(self) -> f64 {
        self.row - self.share
    }
}

/// One row on all ways through the trees.
struct ShapWalk<'a, const N: usize> {
    explainer: &'a Explainer<'a>,
    row: &'a [f32],
    points: [f64; N],
    /// The way so far, by feature.
    ways: Vec<Way>,
    contributions: Vec<f64>,
}

impl<const N: usize> ShapWalk<'_, N> {
    /// Adds what the cuts below `node` contribute. `reach` is the weighted probability, at each point, to
    /// come to the node; returned is the sum over the leaves below of theirs times their values, by output.
    fn visit(&mut self, tree: &Tree, node: usize, reach: [f64; N]) -> Vec<[f64; N]> {
        let ensemble = self.explainer.ensemble;
        if tree.is_leaf(node) {
            return tree.value[node * ensemble.outputs..(node + 1) * ensemble.outputs]
                .iter()
                .map(|value| reach.map(|reach| reach * value))
                .collect();
        }
        let feature = tree.feature[node] as usize;
        let before = self.ways[feature];
        let at_before = before.at(&self.points);
        let goes_to = tree.child(node, f64::from(self.row[feature]), ensemble.comparison, ensemble.precision);
        let mut sums = vec![[0.0; N]; ensemble.outputs];
        for child in [tree.left[node] as usize, tree.right[node] as usize] {
            let way =
                Way { row: if child == goes_to { before.row } else { 0.0 }, share: before.share * tree.weight[child] / tree.weight[node] };
            if way.row == 0.0 && way.share == 0.0 {
                continue; // neither this row nor a training row comes here
            }
            let at = way.at(&self.points);
            self.ways[feature] = way;
            let below = self.visit(tree, child, std::array::from_fn(|k| reach[k] / at_before[k] * at[k]));
            self.ways[feature] = before;
            for (output, (sum, below)) in sums.iter_mut().zip(below).enumerate() {
                let (mut now, mut then) = (0.0, 0.0);
                for k in 0..N {
                    now += below[k] / at[k];
                    then += below[k] / at_before[k];
                    sum[k] += below[k];
                }
                self.contributions[feature * ensemble.outputs + output] += way.difference() * now - before.difference() * then;
            }
        }
        sums
    }
}
