//! One tree, from its rows to its nodes, depth first.
//!
//! Large nodes are worked on by all threads of the current rayon pool, smaller ones by one thread each;
//! sums are integers and rows keep their order, so the tree is the same either way.

use std::sync::Mutex;

use rayon::prelude::*;

use super::bins::{BinnedMatrix, CodeColumn};
use super::cells::HistogramCell;
use super::ensemble::Tree;
use super::histogram::{CodeSet, DenseCells, NodeHistogram, RowPartition};
use super::rows::{Cut, RowsMut};
use super::split::{SplitCandidate, SplitCriterion, SplitSearch};
use crate::statistics::random::SplitMix64;

/// Deepest leaf that learners may ask for, in edges: growing and explaining go down by calling themselves,
/// and the stack of a thread ends.
pub const MOST_DEPTH: usize = 256;

/// Rows from which a node may be worked on by several threads; in a large tree there are nodes enough for
/// all threads long before.
const SHARED_ROWS: usize = 16_384;

/// When a node may be cut.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GrowthLimits<'f> {
    /// Deepest leaf, in edges.
    pub(crate) depth: usize,
    /// Rows a node needs to be cut.
    pub(crate) min_split: usize,
    /// Features that may be cut.
    pub(crate) features: &'f [usize],
    /// How many of them are looked at in each node.
    pub(crate) features_per_node: usize,
    /// Decides which features a node looks at.
    pub(crate) seed: u64,
    /// Whether all threads work on one tree.
    pub(crate) shared: bool,
}

/// A tree, and for its nodes the last bin that goes left.
#[derive(Clone, Debug, Default)]
pub(crate) struct GrownTree {
    pub(crate) tree: Tree,
    pub(crate) left_bins: Vec<u16>,
}

impl GrownTree {
    /// Appends a leaf.
    fn push<K: SplitCriterion>(&mut self, criterion: &K, cell: K::HistogramCell) -> usize {
        let tree = &mut self.tree;
        tree.feature.push(0);
        tree.threshold.push(0.0);
        tree.left.push(Tree::LEAF);
        tree.right.push(Tree::LEAF);
        tree.missing_left.push(false);
        criterion.answer(cell, &mut tree.value);
        tree.rows.push(cell.rows() as u64);
        tree.weight.push(cell.weight());
        tree.impurity.push(0.0);
        tree.gain.push(0.0);
        self.left_bins.push(0);
        tree.left.len() - 1
    }

    /// Appends a subtree and returns the number of its root.
    fn append(&mut self, mut other: GrownTree) -> u32 {
        let first = self.tree.len() as u32;
        let moved = |child: u32| if child == Tree::LEAF { child } else { child + first };
        self.tree.left.extend(other.tree.left.into_iter().map(moved));
        self.tree.right.extend(other.tree.right.into_iter().map(moved));
        self.tree.feature.append(&mut other.tree.feature);
        self.tree.threshold.append(&mut other.tree.threshold);
        self.tree.missing_left.append(&mut other.tree.missing_left);
        self.tree.value.append(&mut other.tree.value);
        self.tree.rows.append(&mut other.tree.rows);
        self.tree.weight.append(&mut other.tree.weight);
        self.tree.impurity.append(&mut other.tree.impurity);
        self.tree.gain.append(&mut other.tree.gain);
        self.left_bins.append(&mut other.left_bins);
        first
    }
}

/// Grows trees on one matrix; keeps scratch memory between them.
pub(crate) struct Grower<'a, K: SplitCriterion> {
    binned: &'a BinnedMatrix,
    search: SplitSearch<'a>,
    spare: Mutex<Vec<Scratch<K::HistogramCell>>>,
}

/// What one thread works with.
struct Scratch<C> {
    dense: DenseCells<C>,
    /// Histograms that no node uses now.
    histograms: Vec<NodeHistogram<C>>,
    /// The features of a node in the order they are looked at.
    features: Vec<usize>,
    goes_left: CodeSet,
}

/// A node that may be cut.
#[derive(Clone, Copy)]
struct Node<C> {
    depth: usize,
    from: usize,
    to: usize,
    cell: C,
    /// The way from the root, mixed.
    path: u64,
}

impl<C: HistogramCell> Node<C> {
    fn may_split(&self, limits: GrowthLimits<'_>) -> bool {
        self.depth < limits.depth && self.cell.rows() >= limits.min_split.max(2)
    }

    fn children(&self, split: &SplitCandidate<C>) -> (Self, Self) {
        let middle = self.from + split.left.rows();
        let child =
            |from, to, cell, side| Node { depth: self.depth + 1, from, to, cell, path: SplitMix64::stream(self.path, side).next_u64() };
        (child(self.from, middle, split.left, 0), child(middle, self.to, self.cell.minus(split.left), 1))
    }
}

impl<'a, K: SplitCriterion> Grower<'a, K> {
    pub(crate) fn new(binned: &'a BinnedMatrix) -> Self {
        Grower { binned, search: SplitSearch::new(binned), spare: Mutex::new(Vec::new()) }
    }

    /// Grows a tree on `rows`.
    pub(crate) fn grow(&self, criterion: &K, limits: GrowthLimits<'_>, rows: RowsMut<'_>) -> GrownTree {
        let threads = rayon::current_num_threads();
        let growth = Growth { grower: self, criterion, limits, shared_rows: SHARED_ROWS.max(rows.len() / (4 * threads)) };
        let mut root = Node { depth: 0, from: 0, to: rows.len(), cell: K::HistogramCell::default(), path: limits.seed };
        let mut histogram = NodeHistogram::default();
        let mut scratch = self.take();
        growth.add_rows(&rows, &root, &mut scratch.dense);
        histogram.take(&self.binned.columns, &mut scratch.dense);
        self.give(scratch);
        if self.binned.columns.is_empty() {
            rows.values(0, 0, rows.len()).iter().for_each(|&value| root.cell.add(K::HistogramCell::of_row(value)));
        } else {
            // Every row is in every column once.
            histogram.entries(0).1.iter().for_each(|&cell| root.cell.add(cell));
        }
        growth.child(rows, root, histogram)
    }

    fn take(&self) -> Scratch<K::HistogramCell> {
        let spare = self.spare.lock().ok().and_then(|mut spare| spare.pop());
        spare.unwrap_or_else(|| {
            let most_codes = self.binned.columns.iter().map(|column| column.codes).max().unwrap_or(0) + 1;
            Scratch {
                dense: DenseCells::new(self.binned),
                histograms: Vec::new(),
                features: Vec::new(),
                goes_left: CodeSet::new(most_codes),
            }
        })
    }

    fn give(&self, scratch: Scratch<K::HistogramCell>) {
        if let Ok(mut spare) = self.spare.lock() {
            spare.push(scratch);
        }
    }
}

/// One tree in the making.
struct Growth<'g, 'a, K: SplitCriterion> {
    grower: &'g Grower<'a, K>,
    criterion: &'g K,
    limits: GrowthLimits<'g>,
    /// Rows from which a node is worked on by several threads.
    shared_rows: usize,
}

impl<K: SplitCriterion> Growth<'_, '_, K> {
    /// The tree below a node that owns all of `rows`.
    fn subtree(&self, mut rows: RowsMut<'_>, node: Node<K::HistogramCell>, mut histogram: NodeHistogram<K::HistogramCell>) -> GrownTree {
        let mut grown = GrownTree::default();
        let mut scratch = self.grower.take();
        if rows.len() < self.shared_rows || !self.limits.shared {
            self.branch(&mut scratch, &mut rows, &mut grown, node, histogram);
            self.grower.give(scratch);
            return grown;
        }
        let root = grown.push(self.criterion, node.cell);
        let Some((split, gain)) = self.choose(&mut scratch, &rows, &node, &histogram) else {
            self.grower.give(scratch);
            return grown;
        };
        self.set_split(&mut grown, root, &split, gain);
        let (left, right) = node.children(&split);
        let mut other = NodeHistogram::default();
        let left_is_smaller = left.to - left.from <= right.to - right.from;
        if left.may_split(self.limits) || right.may_split(self.limits) {
            self.set_codes(&mut scratch.goes_left, &split, &histogram);
            self.divide_shared(&mut rows, node.depth, left.to, left_is_smaller, &mut scratch, &split);
            histogram.divide(&self.grower.binned.columns, &mut scratch.dense, &mut other);
        }
        self.grower.give(scratch);
        let (of_left, of_right) = if left_is_smaller { (other, histogram) } else { (histogram, other) };
        let (rows_left, rows_right) = rows.split(left.to);
        let (left, right) = rayon::join(|| self.child(rows_left, left, of_left), || self.child(rows_right, right, of_right));
        grown.tree.left[root] = grown.append(left);
        grown.tree.right[root] = grown.append(right);
        grown
    }

    /// Moves all rows to their children on all threads, and adds those of the smaller child to `scratch`.
    fn divide_shared(
        &self,
        rows: &mut RowsMut<'_>,
        depth: usize,
        left: usize,
        left_is_smaller: bool,
        scratch: &mut Scratch<K::HistogramCell>,
        split: &SplitCandidate<K::HistogramCell>,
    ) {
        let columns = &self.grower.binned.columns;
        let cut = Cut { column: &columns[split.column], goes_left: &scratch.goes_left };
        let part = rows.len().div_ceil(rayon::current_num_threads());
        let take =
            |part: &mut Scratch<K::HistogramCell>, moved: &[RowPartition<'_>]| add_moved(&mut part.dense, columns, moved, left_is_smaller);
        for mut part in rows.divide_in_parallel(depth, left, cut, part, || self.grower.take(), take) {
            scratch.dense.absorb(&mut part.dense);
            self.grower.give(part);
        }
    }

    fn child(&self, rows: RowsMut<'_>, node: Node<K::HistogramCell>, histogram: NodeHistogram<K::HistogramCell>) -> GrownTree {
        let node = Node { from: 0, to: rows.len(), ..node };
        if node.may_split(self.limits) {
            return self.subtree(rows, node, histogram);
        }
        let mut leaf = GrownTree::default();
        leaf.push(self.criterion, node.cell);
        leaf
    }

    /// Adds a root's rows to `dense`, on several threads if they are many.
    fn add_rows(&self, rows: &RowsMut<'_>, node: &Node<K::HistogramCell>, dense: &mut DenseCells<K::HistogramCell>) {
        let columns = &self.grower.binned.columns;
        let count = node.to - node.from;
        let parts = if count < self.shared_rows || !self.limits.shared { 1 } else { rayon::current_num_threads() };
        let add = |dense: &mut DenseCells<K::HistogramCell>, from, to| {
            dense.add_rows(columns, rows.values(node.depth, from, to), rows.words(node.depth, from, to))
        };
        if parts == 1 {
            return add(dense, node.from, node.to);
        }
        let bounds: Vec<usize> = (0..=parts).map(|part| node.from + count * part / parts).collect();
        let others: Vec<Scratch<K::HistogramCell>> = bounds[1..]
            .par_windows(2)
            .map(|bounds| {
                let mut scratch = self.grower.take();
                add(&mut scratch.dense, bounds[0], bounds[1]);
                scratch
            })
            .collect();
        add(dense, bounds[0], bounds[1]);
        for mut scratch in others {
            dense.absorb(&mut scratch.dense);
            self.grower.give(scratch);
        }
    }

    /// Appends the tree below a node, on this thread.
    fn branch(
        &self,
        scratch: &mut Scratch<K::HistogramCell>,
        rows: &mut RowsMut<'_>,
        grown: &mut GrownTree,
        node: Node<K::HistogramCell>,
        mut histogram: NodeHistogram<K::HistogramCell>,
    ) {
        let index = grown.push(self.criterion, node.cell);
        let Some((split, gain)) = self.choose(scratch, rows, &node, &histogram) else {
            scratch.histograms.push(histogram);
            return;
        };
        self.set_split(grown, index, &split, gain);
        let (left, right) = node.children(&split);
        let (left_goes_on, right_goes_on) = (left.may_split(self.limits), right.may_split(self.limits));
        let mut other = scratch.histograms.pop().unwrap_or_default();
        let left_is_smaller = left.to - left.from <= right.to - right.from;
        if left_goes_on || right_goes_on {
            self.set_codes(&mut scratch.goes_left, &split, &histogram);
            let columns = &self.grower.binned.columns;
            let cut = Cut { column: &columns[split.column], goes_left: &scratch.goes_left };
            let dense = &mut scratch.dense;
            rows.divide(node.depth, node.from, node.to, split.left.rows(), cut, |moved| add_moved(dense, columns, moved, left_is_smaller));
            histogram.divide(&self.grower.binned.columns, &mut scratch.dense, &mut other);
        }
        let (of_left, of_right) = if left_is_smaller { (other, histogram) } else { (histogram, other) };
        grown.tree.left[index] = grown.tree.len() as u32;
        self.branch_or_leaf(scratch, rows, grown, left, left_goes_on, of_left);
        grown.tree.right[index] = grown.tree.len() as u32;
        self.branch_or_leaf(scratch, rows, grown, right, right_goes_on, of_right);
    }

    fn branch_or_leaf(
        &self,
        scratch: &mut Scratch<K::HistogramCell>,
        rows: &mut RowsMut<'_>,
        grown: &mut GrownTree,
        node: Node<K::HistogramCell>,
        goes_on: bool,
        histogram: NodeHistogram<K::HistogramCell>,
    ) {
        if goes_on {
            self.branch(scratch, rows, grown, node, histogram);
        } else {
            grown.push(self.criterion, node.cell);
            scratch.histograms.push(histogram);
        }
    }

    /// The split of a node, if one is worth making, and its gain.
    fn choose(
        &self,
        scratch: &mut Scratch<K::HistogramCell>,
        rows: &RowsMut<'_>,
        node: &Node<K::HistogramCell>,
        histogram: &NodeHistogram<K::HistogramCell>,
    ) -> Option<(SplitCandidate<K::HistogramCell>, f64)> {
        let mut features = self.limits.features;
        if self.limits.features_per_node < features.len() {
            let mut random = SplitMix64::stream(node.path, 2);
            let drawn = &mut scratch.features;
            drawn.clear();
            drawn.extend_from_slice(features);
            let count = features.len();
            for position in 0..count - 1 {
                drawn.swap(position, position + random.below(count - position));
            }
            features = drawn;
        }
        let split = self.grower.search.best(self.criterion, node.cell, histogram, features, self.limits.features_per_node)?;
        let gain = self.criterion.gain(node.cell, split.left)?;
        let useless = gain == 0.0 && K::HistogramCell::all_alike(rows.values(node.depth, node.from, node.to));
        (!useless).then_some((split, gain))
    }

    /// Makes node `index` a branch.
    fn set_split(&self, grown: &mut GrownTree, index: usize, split: &SplitCandidate<K::HistogramCell>, gain: f64) {
        let feature = self.grower.binned.columns[split.column].members[split.member].feature;
        grown.tree.feature[index] = feature as u32;
        let (left_bin, threshold) = self.grower.binned.features[feature].cut(split.left_bin, split.right_bin);
        grown.tree.threshold[index] = threshold;
        grown.tree.missing_left[index] = split.missing_left;
        grown.tree.gain[index] = gain;
        grown.left_bins[index] = left_bin as u16;
    }

    /// Which codes of the split's column go left.
    fn set_codes(&self, goes_left: &mut CodeSet, split: &SplitCandidate<K::HistogramCell>, histogram: &NodeHistogram<K::HistogramCell>) {
        let member = &self.grower.binned.columns[split.column].members[split.member];
        let missing_bin = self.grower.binned.features[member.feature].missing_bin();
        if member.bin_of_code.is_empty() {
            goes_left.set_up_to(split.left_bin);
            goes_left.set(missing_bin, split.missing_left);
            return;
        }
        // Codes that do not occur in the node may stay as they are.
        for &code in histogram.entries(split.column).0 {
            let bin = usize::from(member.bin_of_code[usize::from(code)]);
            goes_left.set(usize::from(code), if bin == missing_bin { split.missing_left } else { bin <= split.left_bin });
        }
    }
}

/// Adds rows just moved to one child.
fn add_moved<C: HistogramCell>(dense: &mut DenseCells<C>, columns: &[CodeColumn], moved: &[RowPartition<'_>], to_left: bool) {
    let side = |array| {
        let RowPartition { left, right, .. }: &RowPartition<'_> = array;
        if to_left { &**left } else { &**right }
    };
    dense.add_rows(columns, side(&moved[0]), moved[1..].iter().map(side));
}
