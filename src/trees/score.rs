//! What an ensemble answers, for many rows or one, from one compiled form.

use rayon::prelude::*;

use super::ensemble::{Aggregation, Comparison, Link, Task, Tree, TreeEnsemble};
use super::forest::thread_pool;
use super::isolation::average_path_length;
use super::matrix::Columns;
use crate::error::{Error, ErrorKind, Result};

/// Rows scored together: their values stay in the first-level cache while the trees pass by.
const BLOCK_ROWS: usize = 256;

/// One node as the walk wants it. A leaf points at itself.
#[derive(Clone, Copy, Debug)]
struct CompiledNode {
    /// Left if `value <= threshold`, whatever the ensemble's own comparison is.
    threshold: f32,
    feature: u32,
    /// Left child; the right one follows it.
    left: u32,
    missing_left: bool,
    leaf: bool,
}

/// The threshold `t32` for which `value <= t32` says what the ensemble's comparison says of every
/// 32-bit `value`; NaN where no value goes left.
fn compiled_threshold(threshold: f64, comparison: Comparison, single_precision: bool) -> f32 {
    let nearest = threshold as f32;
    let below_or_equal = if single_precision || f64::from(nearest) <= threshold { nearest } else { nearest.next_down() };
    let equal = single_precision || f64::from(below_or_equal) == threshold;
    match comparison {
        Comparison::LessOrEqual => below_or_equal,
        Comparison::Less if !equal => below_or_equal,
        Comparison::Less if below_or_equal == f32::NEG_INFINITY => f32::NAN,
        Comparison::Less => below_or_equal.next_down(),
    }
}

/// One tree, compiled; node numbers are its own.
#[derive(Clone, Debug)]
pub(crate) struct Walk {
    nodes: Vec<CompiledNode>,
    /// Original number of each compiled node.
    original: Vec<u32>,
}

impl Walk {
    pub(crate) fn new(tree: &Tree, comparison: Comparison, single_precision: bool) -> Self {
        let mut original = vec![0u32];
        let mut nodes: Vec<CompiledNode> = Vec::with_capacity(tree.len());
        while nodes.len() < original.len() {
            let number = nodes.len() as u32;
            let node = original[nodes.len()] as usize;
            if tree.is_leaf(node) {
                nodes.push(CompiledNode { threshold: f32::INFINITY, feature: 0, left: number, missing_left: true, leaf: true });
                continue;
            }
            let threshold = compiled_threshold(tree.threshold[node], comparison, single_precision);
            nodes.push(CompiledNode {
                threshold,
                feature: tree.feature[node],
                left: original.len() as u32,
                missing_left: tree.missing_left[node],
                leaf: false,
            });
            original.extend([tree.left[node], tree.right[node]]);
        }
        Walk { nodes, original }
    }

    /// The leaf, by its number in the original tree, that a row reaches.
    pub(crate) fn leaf(&self, value: impl Fn(usize) -> f32) -> usize {
        let mut number = 0;
        loop {
            let node = self.nodes[number];
            if node.leaf {
                return self.original[number] as usize;
            }
            let value = value(node.feature as usize);
            let left = if value.is_nan() { node.missing_left } else { value <= node.threshold };
            number = node.left as usize + usize::from(!left);
        }
    }
}

/// An ensemble compiled for scoring.
#[derive(Clone, Debug)]
pub struct Scorer {
    features: usize,
    outputs: usize,
    walks: Vec<Walk>,
    /// Leaf values by original node, row-major in outputs.
    values: Vec<Vec<f64>>,
    base: Vec<f64>,
    divisor: f64,
    finish: Finish,
}

/// From aggregate to answer.
#[derive(Clone, Copy, Debug)]
enum Finish {
    Nothing,
    Logistic,
    Softmax,
    /// Average path length of the subsample; 0 where it has one row.
    Isolation(f64),
}

impl Scorer {
    /// Compiles an ensemble.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] if [`TreeEnsemble::check`] fails.
    pub fn new(ensemble: &TreeEnsemble) -> Result<Self> {
        ensemble.check()?;
        let finish = match &ensemble.task {
            Task::Regression => Finish::Nothing,
            Task::Classification { link: Link::Identity, .. } => Finish::Nothing,
            Task::Classification { link: Link::Logistic, .. } => Finish::Logistic,
            Task::Classification { link: Link::Softmax, .. } => Finish::Softmax,
            Task::Isolation(score) => Finish::Isolation(average_path_length(score.subsample)),
        };
        Ok(Scorer {
            features: ensemble.features(),
            outputs: ensemble.outputs,
            walks: ensemble.trees.iter().map(|tree| Walk::new(tree, ensemble.comparison, ensemble.single_precision)).collect(),
            values: ensemble.trees.iter().map(|tree| tree.value.clone()).collect(),
            base: ensemble.base.clone(),
            divisor: if ensemble.aggregation == Aggregation::Mean { ensemble.trees.len() as f64 } else { 1.0 },
            finish,
        })
    }

    /// Numbers answered a row.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// The answer for one row of an ensemble with one output: the regression value, the probability of
    /// the second class, or scikit-learn's isolation score in (-1, 0). NaN means missing.
    ///
    /// Panics if `row` is shorter than the number of features.
    pub fn score_row(&self, row: &[f32]) -> f64 {
        let mut answer = [0.0];
        if self.outputs == 1 {
            self.score_row_into(row, &mut answer);
        }
        answer[0]
    }

    /// The answers for one row, [`Scorer::outputs`] numbers.
    pub fn score_row_into(&self, row: &[f32], answer: &mut [f64]) {
        answer.fill(0.0);
        for (walk, values) in self.walks.iter().zip(&self.values) {
            let leaf = walk.leaf(|feature| row[feature]);
            answer.iter_mut().zip(&values[leaf * self.outputs..]).for_each(|(sum, value)| *sum += value);
        }
        self.finish(answer);
    }

    /// The answers for all rows, row-major: [`Scorer::outputs`] numbers a row. The same for any
    /// number of threads, and the same as row by row.
    ///
    /// Errors: [`ErrorKind::SchemaMismatch`] when the number of features differs.
    pub fn score(&self, matrix: &Columns<'_>, threads: usize) -> Result<Vec<f64>> {
        if matrix.features() != self.features {
            return Err(Error::new(
                ErrorKind::SchemaMismatch,
                format!("the model was trained on {} features, the data has {}", self.features, matrix.features()),
            ));
        }
        let mut answers = vec![0.0; matrix.rows() * self.outputs];
        thread_pool(threads)?.install(|| {
            answers
                .par_chunks_mut(BLOCK_ROWS * self.outputs)
                .enumerate()
                .for_each(|(block, answers)| self.score_block(matrix, block * BLOCK_ROWS, answers));
        });
        Ok(answers)
    }

    fn score_block(&self, matrix: &Columns<'_>, first: usize, answers: &mut [f64]) {
        for (walk, values) in self.walks.iter().zip(&self.values) {
            for (row, answer) in answers.chunks_exact_mut(self.outputs).enumerate() {
                let leaf = walk.leaf(|feature| matrix.column(feature)[first + row]);
                answer.iter_mut().zip(&values[leaf * self.outputs..]).for_each(|(sum, value)| *sum += value);
            }
        }
        answers.chunks_exact_mut(self.outputs).for_each(|answer| self.finish(answer));
    }

    fn finish(&self, answer: &mut [f64]) {
        answer.iter_mut().zip(&self.base).for_each(|(sum, base)| *sum = base + *sum / self.divisor);
        match self.finish {
            Finish::Nothing => {}
            Finish::Logistic => answer.iter_mut().for_each(|raw| *raw = 1.0 / (1.0 + (-*raw).exp())),
            Finish::Softmax => {
                let most = answer.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                answer.iter_mut().for_each(|raw| *raw = (*raw - most).exp());
                let total: f64 = answer.iter().sum();
                answer.iter_mut().for_each(|raw| *raw /= total);
            }
            Finish::Isolation(expected) => {
                answer.iter_mut().for_each(|path| *path = if expected > 0.0 { -(-*path / expected).exp2() } else { -0.5 })
            }
        }
    }
}

/// Scores a matrix once; see [`Scorer`] for many.
pub fn score(ensemble: &TreeEnsemble, matrix: &Columns<'_>, threads: usize) -> Result<Vec<f64>> {
    Scorer::new(ensemble)?.score(matrix, threads)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_comparison_becomes_less_or_equal() {
        let thresholds = [
            0.1,
            -0.1,
            1.0,
            0.0,
            1e-50,
            -1e-50,
            1e300,
            -1e300,
            f64::from(f32::MAX),
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::midpoint(1.0, f64::from(1.0f32.next_up())),
        ];
        for threshold in thresholds {
            let nearest = threshold as f32;
            for value in [
                nearest,
                nearest.next_up(),
                nearest.next_down(),
                0.0,
                -0.0,
                f32::INFINITY,
                f32::NEG_INFINITY,
                f32::MAX,
                f32::MIN,
                f32::MIN_POSITIVE,
            ] {
                let wide = f64::from(value);
                assert_eq!(
                    value <= compiled_threshold(threshold, Comparison::LessOrEqual, false),
                    wide <= threshold,
                    "{value} <= {threshold}"
                );
                assert_eq!(value <= compiled_threshold(threshold, Comparison::Less, false), wide < threshold, "{value} < {threshold}");
                assert_eq!(
                    value <= compiled_threshold(threshold, Comparison::LessOrEqual, true),
                    value <= nearest,
                    "{value} <= {threshold} single"
                );
                assert_eq!(value <= compiled_threshold(threshold, Comparison::Less, true), value < nearest, "{value} < {threshold} single");
            }
        }
    }
}
