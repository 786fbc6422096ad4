//! Perfect trees over one-byte codes: 64 rows fit one register.

use super::compiled::{Compiled, Layout, MISSING_LEFT};
use super::ensemble::Tree;
#[cfg(target_arch = "x86_64")]
use super::score;
use super::score::Instructions;

/// Perfect trees that compare codes instead of values. The code of a value is the number of its feature's
/// thresholds below it, so `value <= thresholds[k]` is `code <= k`.
#[derive(Clone, Debug)]
pub(crate) struct Coded {
    /// Finds the code of a feature's value.
    pub(crate) ranks: Vec<Ranks>,
    codes: Vec<u8>,
    features: Vec<u8>,
    depth: usize,
}

/// The nodes of one tree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CodedTree<'a> {
    pub(crate) depth: usize,
    /// A row goes right if its code is above the node's: [`Coded::NODES`] bytes, the root at 1, children of
    /// `n` at `2n` and `2n + 1`.
    pub(crate) codes: &'a [u8],
    /// Feature of each node, in the same places, and [`Coded::MISSING_LEFT`].
    pub(crate) features: &'a [u8],
}

impl Coded {
    /// Deepest leaf there can be.
    pub(crate) const DEPTH: usize = 10;
    /// Places for the nodes of one tree.
    pub(crate) const NODES: usize = 1 << Self::DEPTH;
    /// Most features there can be.
    pub(crate) const FEATURES: usize = 64;
    /// In a node's feature: missing values go left.
    pub(crate) const MISSING_LEFT: u8 = 128;
    /// Code of a missing value.
    pub(crate) const MISSING: u8 = 255;

    /// Nothing where trees are too deep, features too many, or a feature has more than 254 finite
    /// thresholds.
    pub(crate) fn new(compiled: &Compiled) -> Option<Self> {
        let Layout::Perfect { depth: depth @ 1..=Self::DEPTH } = compiled.layout else { return None };
        if compiled.features > Self::FEATURES || compiled.thresholds.iter().any(|threshold| threshold.is_nan()) {
            return None;
        }
        let feature = |offset: u32| (offset & !MISSING_LEFT) as usize / compiled.block_rows;
        let mut thresholds = vec![Vec::new(); compiled.features];
        compiled.thresholds.iter().zip(&compiled.offsets).for_each(|(&threshold, &offset)| thresholds[feature(offset)].push(threshold));
        for thresholds in &mut thresholds {
            thresholds.sort_unstable_by(f32::total_cmp);
            thresholds.dedup();
            if thresholds.len() > usize::from(Self::MISSING) || thresholds.get(254).is_some_and(|&last| last < f32::INFINITY) {
                return None;
            }
        }
        let ranks = thresholds.iter().map(|thresholds| Ranks::new(thresholds)).collect();
        let mut coded =
            Coded { ranks, codes: vec![0; compiled.trees * Self::NODES], features: vec![0; compiled.trees * Self::NODES], depth };
        let nodes = (1 << depth) - 1;
        for (number, (&threshold, &offset)) in compiled.thresholds.iter().zip(&compiled.offsets).enumerate() {
            let place = number / nodes * Self::NODES + number % nodes + 1;
            let feature = feature(offset);
            coded.codes[place] = thresholds[feature].partition_point(|&below| below < threshold) as u8;
            coded.features[place] = feature as u8 | if offset & MISSING_LEFT == 0 { 0 } else { Self::MISSING_LEFT };
        }
        Some(coded)
    }

    /// Columns that codes are stored for, so that a kernel of one size can read them.
    pub(crate) fn columns(features: usize) -> usize {
        [4, 8, 16, 24, 32, 48].into_iter().find(|&columns| features <= columns).unwrap_or(Self::FEATURES)
    }

    pub(crate) fn tree(&self, number: usize) -> CodedTree<'_> {
        let nodes = number * Self::NODES..(number + 1) * Self::NODES;
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
    /// Of a tree no deeper than [`Coded::DEPTH`] and the last bin of each node that goes left, below
    /// [`Coded::MISSING`].
    pub(crate) fn new(tree: &Tree, left_bins: &[u16]) -> Self {
        let depth = tree.depth();
        let mut coded = BinTree { codes: vec![0; Coded::NODES], features: vec![0; Coded::NODES], depth, leaves: Vec::new() };
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
                coded.features[place] = tree.feature[node] as u8 | if tree.missing_left[node] { Coded::MISSING_LEFT } else { 0 };
                next.extend([tree.left[node], tree.right[node]]);
            }
            level = next;
        }
        coded.leaves = level;
        coded
    }

    pub(crate) fn tree(&self) -> CodedTree<'_> {
        CodedTree { depth: self.depth, codes: &self.codes, features: &self.features }
    }
}

/// A sorted list of up to 255 numbers as a tree, for finding how many of them are below a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ranks {
    pub(crate) levels: usize,
    /// The root at 1, children of `n` at `2n` and `2n + 1`; infinity where there is no number.
    pub(crate) tree: Vec<f32>,
}

impl Ranks {
    /// Of numbers in ascending order, 255 at most; more are left out.
    pub(crate) fn new(numbers: &[f32]) -> Self {
        let levels = (numbers.len().min(255) as u8).checked_ilog2().map_or(0, |log| log as usize + 1);
        let mut tree = vec![f32::INFINITY; 1 << levels];
        for (place, number) in tree.iter_mut().enumerate().skip(1) {
            let level = place.ilog2() as usize;
            let rank = ((2 * (place - (1 << level)) + 1) << (levels - level - 1)) - 1;
            *number = numbers.get(rank).copied().unwrap_or(f32::INFINITY);
        }
        Ranks { levels, tree }
    }

    /// For each value how many numbers are below it; [`Coded::MISSING`] for NaN.
    pub(crate) fn rank(&self, instructions: Instructions, values: &[f32], ranks: &mut [u8]) {
        match instructions {
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512 | Instructions::Avx512Bytes => score::rank(self, values, ranks),
            Instructions::Portable => self.rank_portable(values, ranks),
        }
    }

    fn rank_portable(&self, values: &[f32], ranks: &mut [u8]) {
        for (rank, &value) in ranks.iter_mut().zip(values) {
            let place = (0..self.levels).fold(1, |place, _| 2 * place + usize::from(self.tree[place] < value));
            *rank = if value.is_nan() { Coded::MISSING } else { (place - (1 << self.levels)) as u8 };
        }
    }
}
