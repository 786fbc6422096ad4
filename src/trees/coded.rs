//! Perfect trees over codes of one or two bytes: 64 or 32 rows fit one register.

use super::compiled::{Compiled, MISSING_LEFT, NodeLayout};
use super::ensemble::Tree;
use super::ranks::{Code, Ranks};

/// Deepest leaf of a coded tree.
pub(crate) const CODED_DEPTH: usize = 10;

/// Places for the nodes of one coded tree.
pub(crate) const CODED_NODES: usize = 1 << CODED_DEPTH;

/// Most features of coded trees.
pub(crate) const CODED_FEATURES: usize = 64;

/// In a node's feature: missing values go left. The highest bit of a byte; in two bytes there is room above.
pub(crate) const CODED_MISSING_LEFT: usize = 128;

/// Columns that codes are stored for, so that a kernel of one size can read them.
pub(crate) fn coded_columns(features: usize) -> usize {
    [4, 8, 16, 24, 32, 48].into_iter().find(|&columns| features <= columns).unwrap_or(CODED_FEATURES)
}

/// Perfect trees that compare codes instead of values. The code of a value is the number of its feature's
/// thresholds below it, so `value <= thresholds[k]` is `code <= k`.
#[derive(Clone, Debug)]
pub(crate) struct Coded<C> {
    /// Finds the code of a feature's value.
    pub(crate) ranks: Vec<Ranks>,
    codes: Vec<C>,
    features: Vec<C>,
    depth: usize,
}

/// The nodes of one tree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CodedTree<'a, C> {
    pub(crate) depth: usize,
    /// A row goes right if its code is above the node's: [`CODED_NODES`] codes, the root at 1, children of
    /// `n` at `2n` and `2n + 1`.
    pub(crate) codes: &'a [C],
    /// Feature of each node, in the same places, and [`CODED_MISSING_LEFT`].
    pub(crate) features: &'a [C],
}

/// The finite thresholds of each feature, ascending and different.
pub(crate) fn thresholds_by_feature(compiled: &Compiled) -> Vec<Vec<f32>> {
    let mut thresholds = vec![Vec::new(); compiled.features];
    compiled
        .nodes
        .iter()
        .filter(|node| node.threshold.is_finite())
        .for_each(|node| thresholds[compiled.feature(node)].push(node.threshold));
    thresholds.iter_mut().for_each(|thresholds| {
        thresholds.sort_unstable_by(f32::total_cmp);
        thresholds.dedup();
    });
    thresholds
}

impl<C: Code> Coded<C> {
    /// Nothing where trees are too deep, features too many, a threshold is NaN or minus infinity, or a
    /// feature has too many thresholds for this size of code.
    pub(crate) fn new(compiled: &Compiled, thresholds: &[Vec<f32>]) -> Option<Self> {
        let NodeLayout::Perfect { depth: depth @ 1..=CODED_DEPTH } = compiled.layout else { return None };
        let odd = compiled.nodes.iter().any(|node| node.threshold.is_nan() || node.threshold == f32::NEG_INFINITY);
        if odd || compiled.features > CODED_FEATURES || thresholds.iter().any(|thresholds| thresholds.len() >= C::MISSING.number()) {
            return None;
        }
        let ranks = thresholds.iter().map(|thresholds| Ranks::new(thresholds)).collect();
        let places = compiled.trees * CODED_NODES;
        let mut coded = Coded { ranks, codes: vec![C::default(); places], features: vec![C::default(); places], depth };
        let nodes = (1 << depth) - 1;
        for (number, node) in compiled.nodes.iter().enumerate() {
            let place = number / nodes * CODED_NODES + number % nodes + 1;
            let feature = compiled.feature(node);
            // An infinite threshold gets the code above all others, so that every value but NaN goes left.
            coded.codes[place] = C::of(thresholds[feature].partition_point(|&below| below < node.threshold));
            coded.features[place] = C::of(feature | if node.offset & MISSING_LEFT == 0 { 0 } else { CODED_MISSING_LEFT });
        }
        Some(coded)
    }

    pub(crate) fn tree(&self, number: usize) -> CodedTree<'_, C> {
        let nodes = number * CODED_NODES..(number + 1) * CODED_NODES;
        CodedTree { depth: self.depth, codes: &self.codes[nodes.clone()], features: &self.features[nodes] }
    }
}

/// One tree over the bins that it was grown on.
#[derive(Clone, Debug)]
pub(crate) struct BinTree {
    codes: Vec<u8>,
    features: Vec<u8>,
    depth: usize,
    /// Number in the original tree of the leaf at each place.
    pub(crate) leaves: Vec<u32>,
}

impl BinTree {
    /// Of a tree no deeper than [`CODED_DEPTH`] and the last bin of each node that goes left, below
    /// [`Code::MISSING`].
    pub(crate) fn new(tree: &Tree, left_bins: &[u16]) -> Self {
        let depth = tree.depth();
        let mut coded = BinTree { codes: vec![0; CODED_NODES], features: vec![0; CODED_NODES], depth, leaves: Vec::new() };
        let mut level = vec![0u32];
        for first in (0..depth).map(|level| 1 << level) {
            let mut next = Vec::with_capacity(2 * level.len());
            for (place, &number) in (first..).zip(&level) {
                let node = number as usize;
                if tree.is_leaf(node) {
                    next.extend([number, number]);
                    continue;
                }
                coded.codes[place] = left_bins[node] as u8;
                coded.features[place] = tree.feature[node] as u8 | if tree.missing_left[node] { CODED_MISSING_LEFT as u8 } else { 0 };
                next.extend([tree.left[node], tree.right[node]]);
            }
            level = next;
        }
        coded.leaves = level;
        coded
    }

    pub(crate) fn tree(&self) -> CodedTree<'_, u8> {
        CodedTree { depth: self.depth, codes: &self.codes, features: &self.features }
    }
}
