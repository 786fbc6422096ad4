//! One tree, from its rows to its nodes, depth first.

use super::bins::BinnedMatrix;
use super::ensemble::Tree;
use super::histogram::{Cell, CodeSet, DenseCells, NodeHistogram};
use super::random::Random;
use super::rows::Rows;
use super::split::{Criterion, Split, SplitSearch};

/// When a node may be cut.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Deepest leaf, in edges.
    pub(crate) depth: usize,
    /// Rows a node needs to be cut.
    pub(crate) min_split: usize,
    /// Features looked at in each node.
    pub(crate) features_per_node: usize,
}

/// Grows trees on one matrix; keeps scratch memory between them.
pub(crate) struct Grower<'a> {
    binned: &'a BinnedMatrix,
    search: SplitSearch<'a>,
    dense: DenseCells,
    /// Histograms that no node uses now.
    spare: Vec<NodeHistogram>,
    features: Vec<usize>,
    goes_left: CodeSet,
}

/// A node that waits for its split.
struct Pending {
    index: usize,
    depth: usize,
    from: usize,
    to: usize,
    cell: Cell,
}

impl<'a> Grower<'a> {
    pub(crate) fn new(binned: &'a BinnedMatrix) -> Self {
        let most_codes = binned.columns.iter().map(|column| column.codes).max().unwrap_or(0) + 1;
        Grower {
            binned,
            search: SplitSearch::new(binned),
            dense: DenseCells::new(binned),
            spare: Vec::new(),
            features: (0..binned.features.len()).collect(),
            goes_left: CodeSet::new(most_codes),
        }
    }

    /// Grows a tree on `rows`, which are left in the order of the leaves.
    pub(crate) fn grow(&mut self, criterion: &impl Criterion, limits: Limits, rows: &mut Rows, random: &mut Random) -> Tree {
        let count = rows.len();
        let mut cell = Cell::default();
        rows.values(0, 0, count).iter().for_each(|&value| cell.add(Cell::of_row(value)));
        let mut tree = Tree::default();
        let root = Pending { index: push_node(&mut tree, criterion, cell), depth: 0, from: 0, to: count, cell };
        if may_split(limits, &root) {
            let mut histogram = self.spare.pop().unwrap_or_default();
            self.add_rows(rows, &root);
            histogram.take(&self.binned.columns, &mut self.dense);
            self.branch(criterion, limits, rows, random, &mut tree, root, histogram);
        }
        tree
    }

    fn add_rows(&mut self, rows: &Rows, node: &Pending) {
        self.dense.add_rows(&self.binned.columns, rows.values(node.depth, node.from, node.to), rows.words(node.depth, node.from, node.to));
    }

    #[expect(clippy::too_many_arguments, reason = "the state of one recursion")]
    fn branch(
        &mut self,
        criterion: &impl Criterion,
        limits: Limits,
        rows: &mut Rows,
        random: &mut Random,
        tree: &mut Tree,
        node: Pending,
        mut histogram: NodeHistogram,
    ) {
        let Some((split, gain)) = self.choose(criterion, limits, rows, random, &node, &histogram) else {
            self.spare.push(histogram);
            return;
        };
        let left = Pending {
            index: self.push_split(tree, criterion, &node, &split, gain),
            depth: node.depth + 1,
            from: node.from,
            to: node.from + split.left.rows(),
            cell: split.left,
        };
        let right = Pending { index: 0, depth: node.depth + 1, from: left.to, to: node.to, cell: node.cell.minus(split.left) };
        let (left_goes_on, right_goes_on) = (may_split(limits, &left), may_split(limits, &right));
        let mut other = self.spare.pop().unwrap_or_default();
        let left_is_smaller = left.to - left.from <= right.to - right.from;
        if left_goes_on || right_goes_on {
            self.divide_rows(rows, &node, &split, &histogram);
            self.add_rows(rows, if left_is_smaller { &left } else { &right });
            histogram.divide(&self.binned.columns, &mut self.dense, &mut other);
        }
        let (of_left, of_right) = if left_is_smaller { (other, histogram) } else { (histogram, other) };
        if left_goes_on {
            self.branch(criterion, limits, rows, random, tree, left, of_left);
        } else {
            self.spare.push(of_left);
        }
        let right = Pending { index: push_node(tree, criterion, right.cell), ..right };
        tree.right[node.index] = right.index as u32;
        if right_goes_on {
            self.branch(criterion, limits, rows, random, tree, right, of_right);
        } else {
            self.spare.push(of_right);
        }
    }

    fn choose(
        &mut self,
        criterion: &impl Criterion,
        limits: Limits,
        rows: &Rows,
        random: &mut Random,
        node: &Pending,
        histogram: &NodeHistogram,
    ) -> Option<(Split, f64)> {
        let all = self.features.len();
        if limits.features_per_node < all {
            for position in 0..all - 1 {
                self.features.swap(position, position + random.below(all - position));
            }
        }
        let split = self.search.best(criterion, node.cell, histogram, &self.features, limits.features_per_node)?;
        let gain = criterion.gain(node.cell, split.left)?;
        let useless = gain == 0.0 && all_alike(rows.values(node.depth, node.from, node.to));
        (!useless).then_some((split, gain))
    }

    /// Makes `node` a branch and returns the index of its left child.
    fn push_split(&self, tree: &mut Tree, criterion: &impl Criterion, node: &Pending, split: &Split, gain: f64) -> usize {
        let feature = self.binned.columns[split.column].members[split.member].feature;
        tree.feature[node.index] = feature as u32;
        tree.threshold[node.index] = self.binned.features[feature].threshold(split.left_bin, split.right_bin);
        tree.missing_left[node.index] = split.missing_left;
        tree.gain[node.index] = gain;
        let left = push_node(tree, criterion, split.left);
        tree.left[node.index] = left as u32;
        left
    }

    fn divide_rows(&mut self, rows: &mut Rows, node: &Pending, split: &Split, histogram: &NodeHistogram) {
        let column = &self.binned.columns[split.column];
        let member = &column.members[split.member];
        let missing_bin = self.binned.features[member.feature].missing_bin();
        if member.bin_of_code.is_empty() {
            self.goes_left.set_up_to(split.left_bin);
            self.goes_left.set(missing_bin, split.missing_left);
        } else {
            // Codes that do not occur in the node may stay as they are.
            for &code in histogram.entries(split.column).0 {
                let bin = usize::from(member.bin_of_code[usize::from(code)]);
                self.goes_left.set(usize::from(code), if bin == missing_bin { split.missing_left } else { bin <= split.left_bin });
            }
        }
        rows.divide(node.depth, node.from, node.to, split.left.rows(), column, &self.goes_left);
    }
}

fn may_split(limits: Limits, node: &Pending) -> bool {
    node.depth < limits.depth && node.cell.rows() >= limits.min_split.max(2)
}

fn all_alike(values: &[u64]) -> bool {
    let target = |value: &u64| {
        let cell = Cell::of_row(*value);
        cell.sum.checked_div(cell.weight() as i64)
    };
    values.iter().all(|value| target(value) == target(&values[0]))
}

/// Appends a leaf.
fn push_node(tree: &mut Tree, criterion: &impl Criterion, cell: Cell) -> usize {
    tree.feature.push(0);
    tree.threshold.push(0.0);
    tree.left.push(Tree::LEAF);
    tree.right.push(Tree::LEAF);
    tree.missing_left.push(false);
    tree.value.push(criterion.value(cell));
    tree.rows.push(cell.rows() as u64);
    tree.weight.push(cell.weight() as f64);
    tree.impurity.push(0.0);
    tree.gain.push(0.0);
    tree.left.len() - 1
}
