//! Which leaf of a tree just grown each training row reaches.

use rayon::prelude::*;

use super::bins::BinnedMatrix;
use super::coded::{BinTree, CODED_DEPTH, CODED_FEATURES, Code, coded_columns};
use super::ensemble::{Aggregation, Comparison, Task, Tree, TreeEnsemble};
use super::grow::Grown;
use super::matrix::Columns;
use super::score::Instructions;
use super::scorer::Scorer;
use super::walk::CodeWalk;
use crate::error::Result;

/// Rows walked together.
const PART: usize = 4096;

/// The training rows in the form that is walked fastest: one byte a bin where that is possible.
pub(crate) struct Leaves<'a> {
    matrix: &'a Columns<'a>,
    /// Bins by feature, `stride` bytes each, missing values as [`Code::MISSING`].
    bins: Option<Vec<u8>>,
    stride: usize,
    missing: bool,
    instructions: Instructions,
}

impl<'a> Leaves<'a> {
    pub(crate) fn new(binned: &BinnedMatrix, matrix: &'a Columns<'a>, depth: usize) -> Self {
        let features = matrix.features();
        let stride = matrix.rows().next_multiple_of(64);
        let narrow = binned.features.iter().all(|bins| bins.len() <= u8::MISSING.number());
        let bins = (narrow && (1..=CODED_FEATURES).contains(&features) && depth <= CODED_DEPTH).then(|| {
            let mut bytes = vec![0; coded_columns(features) * stride];
            bytes
                .par_chunks_mut(stride.max(1))
                .take(features)
                .enumerate()
                .for_each(|(feature, bytes)| binned.features[feature].codes_of(matrix.column(feature), u8::MISSING, bytes));
            bytes
        });
        Leaves { matrix, bins, stride, missing: binned.features.iter().any(|bins| bins.has_missing), instructions: Instructions::detect() }
    }

    /// Adds the tree's answer to each row's prediction.
    pub(crate) fn add_to(&self, grown: &Grown, predictions: &mut [f64]) -> Result<()> {
        let Some(bins) = &self.bins else {
            let answers = single(&grown.tree, self.matrix.features())?.score_on_pool(self.matrix)?;
            predictions.iter_mut().zip(answers).for_each(|(prediction, answer)| *prediction += answer);
            return Ok(());
        };
        let nodes = BinTree::new(&grown.tree, &grown.left_bins);
        let values: Vec<f64> = nodes.leaves.iter().map(|&leaf| grown.tree.value[leaf as usize]).collect();
        self.walk(bins, &nodes, predictions, |prediction, place| *prediction += values[place as usize]);
        Ok(())
    }

    /// The leaf of each row, by its number in the tree.
    pub(crate) fn of_rows(&self, grown: &Grown) -> Result<Vec<u32>> {
        let Some(bins) = &self.bins else {
            // Leaves answer with their own numbers, which a 64-bit float holds exactly.
            let numbered = Tree { value: (0..grown.tree.len()).map(|node| node as f64).collect(), ..grown.tree.clone() };
            return Ok(single(&numbered, self.matrix.features())?
                .score_on_pool(self.matrix)?
                .into_iter()
                .map(|leaf| leaf as u32)
                .collect());
        };
        let nodes = BinTree::new(&grown.tree, &grown.left_bins);
        let mut leaves = vec![0u32; self.matrix.rows()];
        self.walk(bins, &nodes, &mut leaves, |leaf, place| *leaf = nodes.leaves[place as usize]);
        Ok(leaves)
    }

    fn walk<T: Send>(&self, bins: &[u8], nodes: &BinTree, rows: &mut [T], take: impl Fn(&mut T, u32) + Sync) {
        rows.par_chunks_mut(PART).enumerate().for_each_init(
            || vec![0u32; PART],
            |places, (part, rows)| {
                let walk = CodeWalk {
                    tree: nodes.tree(),
                    codes: bins,
                    stride: self.stride,
                    features: self.matrix.features(),
                    missing: self.missing,
                };
                walk.places(self.instructions, part * PART, rows.len(), places);
                rows.iter_mut().zip(places.iter()).for_each(|(row, &place)| take(row, place));
            },
        );
    }
}

/// A scorer for one tree's own answers.
fn single(tree: &Tree, features: usize) -> Result<Scorer> {
    Scorer::new(&TreeEnsemble {
        task: Task::Regression,
        feature_names: vec![String::new(); features],
        outputs: 1,
        base: vec![0.0],
        aggregation: Aggregation::Sum,
        comparison: Comparison::LessOrEqual,
        single_precision: false,
        trees: vec![tree.clone()],
    })
}
