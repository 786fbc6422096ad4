//! Which leaf of a tree just grown each training row reaches.

use rayon::prelude::*;

use super::bins::BinnedMatrix;
use super::coded::{BinTree, CODED_DEPTH, CODED_FEATURES, coded_columns};
use super::ensemble::{EnsembleTask, Tree, TreeEnsemble};
use super::grow::GrownTree;
use super::instruction_set::InstructionSet;
use super::matrix::Columns;
use super::ranks::Code;
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
    instruction_set: InstructionSet,
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
        Leaves {
            matrix,
            bins,
            stride,
            missing: binned.features.iter().any(|bins| bins.has_missing),
            instruction_set: InstructionSet::detect(),
        }
    }

    /// Adds the tree's answer to each row's prediction. `judge` sees the new predictions part by part, with
    /// the number of their first row; the largest of its answers is returned.
    pub(crate) fn add_to(&self, grown: &GrownTree, predictions: &mut [f64], judge: impl Fn(usize, &[f64]) -> f64 + Sync) -> Result<f64> {
        let Some(bins) = &self.bins else {
            let answers = single(&grown.tree, self.matrix.features())?.score_on_pool(self.matrix)?;
            predictions.iter_mut().zip(answers).for_each(|(prediction, answer)| *prediction += answer);
            return Ok(judge(0, predictions));
        };
        let nodes = BinTree::new(&grown.tree, &grown.left_bins);
        let values: Vec<f64> = nodes.leaves.iter().map(|&leaf| grown.tree.value[leaf as usize]).collect();
        Ok(self.walk(bins, &nodes, predictions, |first, predictions, places| {
            predictions.iter_mut().zip(places).for_each(|(prediction, &place)| *prediction += values[place as usize]);
            judge(first, predictions)
        }))
    }

    /// The leaf of each row, by its number in the tree.
    pub(crate) fn of_rows(&self, grown: &GrownTree) -> Result<Vec<u32>> {
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
        self.walk(bins, &nodes, &mut leaves, |_, leaves, places| {
            leaves.iter_mut().zip(places).for_each(|(leaf, &place)| *leaf = nodes.leaves[place as usize]);
            0.0
        });
        Ok(leaves)
    }

    /// Gives `take` the rows part by part, with the number of the first and the places where they end in the
    /// tree, and returns the largest of its answers, at least 0.
    fn walk<T: Send>(&self, bins: &[u8], nodes: &BinTree, rows: &mut [T], take: impl Fn(usize, &mut [T], &[u32]) -> f64 + Sync) -> f64 {
        let part = |places: &mut Vec<u32>, (part, rows): (usize, &mut [T])| {
            let walk =
                CodeWalk { tree: nodes.tree(), codes: bins, stride: self.stride, features: self.matrix.features(), missing: self.missing };
            walk.places(self.instruction_set, part * PART, rows.len(), places);
            take(part * PART, rows, places)
        };
        rows.par_chunks_mut(PART).enumerate().map_init(|| vec![0u32; PART], part).reduce(|| 0.0, f64::max)
    }
}

/// A scorer for one tree's own answers.
fn single(tree: &Tree, features: usize) -> Result<Scorer> {
    Scorer::new(&TreeEnsemble::averaged(EnsembleTask::Regression, vec![String::new(); features], 1, vec![tree.clone()]))
}
