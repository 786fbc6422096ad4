//! Why an ensemble answers what it answers.

use rayon::prelude::*;

use super::ensemble::{Aggregation, Tree, TreeEnsemble};
use super::forest::thread_pool;
use super::matrix::Columns;
use super::random::Random;
use super::scorer::Scorer;
use super::walk::goes_left;
use crate::error::{Error, ErrorKind, Result};

/// Share of each feature in the gain of all splits: for forests each tree's gain per unit of its weight
/// (scikit-learn's `feature_importances_`), for boosting the plain sum (XGBoost's "total_gain"). Adds up
/// to 1, or all 0 where no gain is known.
pub fn gain_importances(ensemble: &TreeEnsemble) -> Vec<f64> {
    let mut importances = vec![0.0; ensemble.features()];
    for tree in &ensemble.trees {
        let unit = if ensemble.aggregation == Aggregation::Mean { tree.weight[0] } else { 1.0 };
        for node in (0..tree.len()).filter(|&node| !tree.is_leaf(node)) {
            importances[tree.feature[node] as usize] += tree.gain[node] / unit;
        }
    }
    let total: f64 = importances.iter().sum();
    if total > 0.0 {
        importances.iter_mut().for_each(|importance| *importance /= total);
    }
    importances
}

/// What shuffling one feature costs.
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
                        let shuffled = shuffled(matrix.column(feature), Random::new(seed, (feature * repeats + repeat) as u64));
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

fn shuffled(column: &[f32], mut random: Random) -> Vec<f32> {
    let mut column = column.to_vec();
    for last in (1..column.len()).rev() {
        column.swap(last, random.below(last + 1));
    }
    column
}

/// How the features make one row's raw answer: the expectation plus all contributions is the answer before
/// its link (for isolation forests the mean path length).
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The answer where nothing is known of the row, one number an output.
    pub expectation: Vec<f64>,
    /// SHAP values, feature-major: `contributions[feature * outputs + output]`.
    pub contributions: Vec<f64>,
}

/// Exact path-dependent SHAP values of one row (Lundberg et al. 2020, "TreeExplainer"): where a feature is
/// left out, a node sends the row both ways, weighted by the training weight of its children. NaN in `row`
/// means missing. Time grows with leaves × depth².
///
/// Errors: [`ErrorKind::SchemaMismatch`] for a row of another length; [`ErrorKind::BadModelFile`] if the
/// ensemble fails its check or holds a split without training weight.
pub fn explain(ensemble: &TreeEnsemble, row: &[f32]) -> Result<Explanation> {
    check_row(ensemble, row)?;
    let mut explanation =
        Explanation { expectation: ensemble.base.clone(), contributions: vec![0.0; ensemble.features() * ensemble.outputs] };
    let unit = if ensemble.aggregation == Aggregation::Mean { ensemble.trees.len() as f64 } else { 1.0 };
    for (number, tree) in ensemble.trees.iter().enumerate() {
        let walk = ShapWalk { ensemble, tree, row, unit };
        walk.check_weights(number)?;
        walk.expect(&mut explanation.expectation);
        walk.visit(0, Vec::with_capacity(16), Step { feature: None, kept: 1.0, left_out: 1.0, share: 0.0 }, &mut explanation.contributions);
    }
    Ok(explanation)
}

/// Explanations of all rows of a matrix, in order; see [`explain`].
pub fn explain_all(ensemble: &TreeEnsemble, matrix: &Columns<'_>, threads: usize) -> Result<Vec<Explanation>> {
    thread_pool(threads)?.install(|| {
        (0..matrix.rows())
            .into_par_iter()
            .map(|row| explain(ensemble, &(0..matrix.features()).map(|feature| matrix.column(feature)[row]).collect::<Vec<f32>>()))
            .collect()
    })
}

fn check_row(ensemble: &TreeEnsemble, row: &[f32]) -> Result<()> {
    ensemble.check()?;
    if row.len() != ensemble.features() {
        return Err(Error::new(
            ErrorKind::SchemaMismatch,
            format!("the model was trained on {} features, the row has {}", ensemble.features(), row.len()),
        ));
    }
    Ok(())
}

/// One feature on the way from the root to a node.
#[derive(Clone, Copy)]
struct Step {
    /// Nothing at the root.
    feature: Option<u32>,
    /// 1 if the row itself goes this way, else 0.
    kept: f64,
    /// Share of the training weight that goes this way.
    left_out: f64,
    /// Summed weights of the subsets of the way that hold as many features as this step's place.
    share: f64,
}

/// One tree and one row.
struct ShapWalk<'a> {
    ensemble: &'a TreeEnsemble,
    tree: &'a Tree,
    row: &'a [f32],
    /// What the tree's answer is divided by.
    unit: f64,
}

impl ShapWalk<'_> {
    fn check_weights(&self, number: usize) -> Result<()> {
        let bad = (0..self.tree.len())
            .find(|&node| !self.tree.is_leaf(node) && !(self.tree.weight[node] > 0.0 && self.tree.weight[node].is_finite()));
        match bad {
            None => Ok(()),
            Some(node) => Err(Error::new(
                ErrorKind::BadModelFile,
                format!("tree {number}, node {node}: a split with training weight {}", self.tree.weight[node]),
            )
            .because("SHAP values need the weight of the training rows in each node")),
        }
    }

    /// Adds the tree's mean answer over its training rows.
    fn expect(&self, expectation: &mut [f64]) {
        let mut reach = vec![0.0; self.tree.len()];
        reach[0] = 1.0;
        for node in 0..self.tree.len() {
            if self.tree.is_leaf(node) {
                let values = &self.tree.value[node * self.ensemble.outputs..];
                expectation.iter_mut().zip(values).for_each(|(sum, value)| *sum += reach[node] * value / self.unit);
                continue;
            }
            for child in [self.tree.left[node] as usize, self.tree.right[node] as usize] {
                reach[child] = reach[node] * self.tree.weight[child] / self.tree.weight[node];
            }
        }
    }

    fn visit(&self, node: usize, mut way: Vec<Step>, step: Step, contributions: &mut [f64]) {
        extend(&mut way, step);
        if self.tree.is_leaf(node) {
            let outputs = self.ensemble.outputs;
            let values = &self.tree.value[node * outputs..][..outputs];
            for (place, step) in way.iter().enumerate().skip(1) {
                let weight = unwound_sum(&way, place) * (step.kept - step.left_out) / self.unit;
                let Some(feature) = step.feature else { continue };
                contributions[feature as usize * outputs..].iter_mut().zip(values).for_each(|(sum, value)| *sum += weight * value);
            }
            return;
        }
        let feature = self.tree.feature[node];
        let (left, right) = (self.tree.left[node] as usize, self.tree.right[node] as usize);
        let (hot, cold) = if goes_left(self.ensemble, self.tree, node, self.row[feature as usize]) { (left, right) } else { (right, left) };
        let (mut kept, mut left_out) = (1.0, 1.0);
        if let Some(place) = way.iter().position(|step| step.feature == Some(feature)) {
            (kept, left_out) = (way[place].kept, way[place].left_out);
            unwind(&mut way, place);
        }
        let share = |child: usize| left_out * self.tree.weight[child] / self.tree.weight[node];
        self.visit(cold, way.clone(), Step { feature: Some(feature), kept: 0.0, left_out: share(cold), share: 0.0 }, contributions);
        self.visit(hot, way, Step { feature: Some(feature), kept, left_out: share(hot), share: 0.0 }, contributions);
    }
}

/// Adds a step to the way and updates the subsets' weights.
fn extend(way: &mut Vec<Step>, step: Step) {
    let length = way.len() as f64;
    way.push(Step { share: if way.is_empty() { 1.0 } else { 0.0 }, ..step });
    for place in (0..way.len() - 1).rev() {
        way[place + 1].share += step.kept * way[place].share * (place as f64 + 1.0) / (length + 1.0);
        way[place].share *= step.left_out * (length - place as f64) / (length + 1.0);
    }
}

/// Takes the step at `place` out of the way, as if it had never been added.
fn unwind(way: &mut Vec<Step>, place: usize) {
    let shares = unwound_shares(way, place);
    way.remove(place);
    way.iter_mut().zip(shares).for_each(|(step, share)| step.share = share);
}

/// Sum of the subsets' weights without the step at `place`.
fn unwound_sum(way: &[Step], place: usize) -> f64 {
    unwound_shares(way, place).into_iter().sum()
}

fn unwound_shares(way: &[Step], place: usize) -> Vec<f64> {
    let last = way.len() - 1;
    let length = way.len() as f64;
    let Step { kept, left_out, .. } = way[place];
    if kept == 0.0 && left_out == 0.0 {
        return vec![0.0; last]; // no training row and not this row: nothing comes this way
    }
    let mut shares: Vec<f64> = way[..last].iter().map(|step| step.share).collect();
    let mut next = way[last].share;
    for index in (0..last).rev() {
        if kept != 0.0 {
            let old = shares[index];
            shares[index] = next * length / ((index as f64 + 1.0) * kept);
            next = old - shares[index] * left_out * (last - index) as f64 / length;
        } else {
            shares[index] = shares[index] * length / (left_out * (last - index) as f64);
        }
    }
    shares
}
