//! An ensemble in the form that scoring walks: 32-bit thresholds, one comparison, tables of one shape.

use super::coded::{Coded, thresholds_by_feature};
use super::ensemble::{Aggregation, EnsembleTask, Precision, ThresholdComparison, Tree, TreeEnsemble, average_path_length};
use super::link::LinkFunction;
use super::transformation::Transformation;
use crate::error::{Error, ErrorKind, Result};

/// Deepest ensemble that is laid out as perfect trees.
const PERFECT_DEPTH: usize = 12;

/// Most leaf places of a perfect tree for each leaf it has.
const PERFECT_WASTE: usize = 16;

/// Values of a block of rows that stay in the first-level cache beside a tree.
const BLOCK_VALUES: usize = 4096;

/// In a node's offset: missing values go left.
pub(crate) const MISSING_LEFT: u32 = 1 << 31;

/// Most features that can be scored: offsets have 31 bits.
const MOST_FEATURES: usize = 1 << 26;

/// An ensemble, compiled.
#[derive(Clone, Debug)]
pub(crate) struct Compiled {
    pub(crate) features: usize,
    pub(crate) outputs: usize,
    pub(crate) trees: usize,
    pub(crate) layout: NodeLayout,
    /// Rows scored together, a multiple of 64; the distance between two features of a block.
    pub(crate) block_rows: usize,
    pub(crate) nodes: Vec<CompiledNode>,
    /// Leaf values, `outputs` numbers a leaf place.
    pub(crate) values: Vec<f64>,
    /// The same perfect trees over codes, where that is possible.
    pub(crate) coded: AnyCoded,
    base: Vec<f64>,
    is_base_first: bool,
    divisor: f64,
    precision: Precision,
    finish: Finish,
}

/// One node as a row meets it; read by kernels as 64 bits.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct CompiledNode {
    /// A row goes left if `value <= threshold`, whatever the ensemble's own comparison is.
    pub(crate) threshold: f32,
    /// Feature times `block_rows`, and [`MISSING_LEFT`].
    pub(crate) offset: u32,
}

/// Trees over codes of the smallest size that holds them.
#[derive(Clone, Debug)]
pub(crate) enum AnyCoded {
    Bytes(Coded<u8>),
    Words(Coded<u16>),
    Impossible,
}

/// Where a node's children and a leaf's values are.
#[derive(Clone, Debug)]
pub(crate) enum NodeLayout {
    /// All trees filled up to one depth. Tree `t` has its `2^depth - 1` nodes together, level by level,
    /// and its `2^depth` leaf places together; child `2i` or `2i + 1` of the next level.
    Perfect { depth: usize },
    /// Nodes of all trees in one row, leaf places the same as nodes.
    Linked {
        roots: Vec<u32>,
        /// Left child, the right one follows; a leaf points at itself.
        left: Vec<u32>,
        /// Deepest leaf of all trees.
        depth: usize,
    },
    /// The trees as they are: some nodes split by category. Leaf places are node numbers.
    Plain { trees: Vec<Tree>, comparison: ThresholdComparison, precision: Precision },
}

/// From aggregate to answer.
#[derive(Clone, Copy, Debug)]
enum Finish {
    Nothing,
    Transformed(Transformation),
    Linked(LinkFunction),
    /// Average path length of the subsample; 0 where it has one row.
    Isolation(f64),
}

/// The threshold `t32` for which `value <= t32` says what the ensemble's comparison says of every
/// 32-bit `value`; NaN where no value goes left.
fn compiled_threshold(threshold: f64, comparison: ThresholdComparison, single_precision: bool) -> f32 {
    let nearest = threshold as f32;
    let below_or_equal = if single_precision || f64::from(nearest) <= threshold { nearest } else { nearest.next_down() };
    let equal = single_precision || f64::from(below_or_equal) == threshold;
    match comparison {
        ThresholdComparison::LessOrEqual => below_or_equal,
        ThresholdComparison::Less if !equal => below_or_equal,
        ThresholdComparison::Less if below_or_equal == f32::NEG_INFINITY => f32::NAN,
        ThresholdComparison::Less => below_or_equal.next_down(),
    }
}

impl Compiled {
    /// Compiles an ensemble after checking every node.
    pub(crate) fn new(ensemble: &TreeEnsemble) -> Result<Self> {
        ensemble.check()?;
        let block_rows = (BLOCK_VALUES / ensemble.features().max(1)).next_power_of_two().clamp(64, 256);
        if ensemble.features() > MOST_FEATURES {
            return Err(Error::new(
                ErrorKind::BadModelFile,
                format!("the model has {} features; at most {MOST_FEATURES} can be scored", ensemble.features()),
            ));
        }
        let depth = ensemble.trees.iter().map(Tree::depth).max().unwrap_or(0);
        let perfect = depth <= PERFECT_DEPTH && (ensemble.trees.len() << depth) <= PERFECT_WASTE * ensemble.nodes();
        let mut compiled = Compiled {
            features: ensemble.features(),
            outputs: ensemble.outputs,
            trees: ensemble.trees.len(),
            layout: match perfect {
                _ if ensemble.has_categories() => {
                    NodeLayout::Plain { trees: ensemble.trees.clone(), comparison: ensemble.comparison, precision: ensemble.precision }
                }
                true => NodeLayout::Perfect { depth },
                false => NodeLayout::Linked { roots: Vec::new(), left: Vec::new(), depth },
            },
            block_rows,
            nodes: Vec::new(),
            values: Vec::new(),
            coded: AnyCoded::Impossible,
            base: ensemble.base.clone(),
            is_base_first: ensemble.aggregation == Aggregation::SumFromBase,
            divisor: if ensemble.aggregation == Aggregation::Mean { ensemble.trees.len() as f64 } else { 1.0 },
            precision: ensemble.precision,
            finish: match &ensemble.task {
                EnsembleTask::Regression => Finish::Nothing,
                EnsembleTask::Transformed(transformation) => Finish::Transformed(*transformation),
                EnsembleTask::Classification { link, .. } => Finish::Linked(*link),
                EnsembleTask::Isolation(score) => Finish::Isolation(average_path_length(score.subsample)),
            },
        };
        for tree in &ensemble.trees {
            match compiled.layout {
                NodeLayout::Perfect { depth } => compiled.push_perfect(ensemble, tree, depth),
                NodeLayout::Linked { .. } => compiled.push_linked(ensemble, tree),
                NodeLayout::Plain { .. } => {}
            }
        }
        let thresholds = thresholds_by_feature(&compiled);
        let words = || Coded::new(&compiled, &thresholds).map_or(AnyCoded::Impossible, AnyCoded::Words);
        compiled.coded = Coded::new(&compiled, &thresholds).map_or_else(words, AnyCoded::Bytes);
        Ok(compiled)
    }

    /// The feature that a node looks at.
    pub(crate) fn feature(&self, node: &CompiledNode) -> usize {
        (node.offset & !MISSING_LEFT) as usize / self.block_rows
    }

    fn push_node(&mut self, ensemble: &TreeEnsemble, tree: &Tree, node: usize) {
        self.nodes.push(if tree.is_leaf(node) {
            CompiledNode { threshold: f32::INFINITY, offset: MISSING_LEFT }
        } else {
            let missing = if tree.missing_left[node] { MISSING_LEFT } else { 0 };
            let threshold = compiled_threshold(tree.threshold[node], ensemble.comparison, ensemble.precision == Precision::Single);
            CompiledNode { threshold, offset: (tree.feature[node] * self.block_rows as u32) | missing }
        });
    }

    /// Level by level; a leaf above the last level is repeated below.
    fn push_perfect(&mut self, ensemble: &TreeEnsemble, tree: &Tree, depth: usize) {
        let mut level = vec![0usize];
        for _ in 0..depth {
            let mut next = Vec::with_capacity(2 * level.len());
            for node in level {
                self.push_node(ensemble, tree, node);
                next.extend(if tree.is_leaf(node) { [node, node] } else { [tree.left[node] as usize, tree.right[node] as usize] });
            }
            level = next;
        }
        for leaf in level {
            self.values.extend_from_slice(&tree.value[leaf * self.outputs..(leaf + 1) * self.outputs]);
        }
    }

    fn push_linked(&mut self, ensemble: &TreeEnsemble, tree: &Tree) {
        let first = self.nodes.len();
        let mut order = vec![0usize];
        let mut next = 0;
        while next < order.len() {
            let node = order[next];
            self.push_node(ensemble, tree, node);
            self.values.extend_from_slice(&tree.value[node * self.outputs..(node + 1) * self.outputs]);
            let child = if tree.is_leaf(node) { next } else { order.len() };
            if !tree.is_leaf(node) {
                order.extend([tree.left[node] as usize, tree.right[node] as usize]);
            }
            if let NodeLayout::Linked { left, .. } = &mut self.layout {
                left.push((first + child) as u32);
            }
            next += 1;
        }
        if let NodeLayout::Linked { roots, .. } = &mut self.layout {
            roots.push(first as u32);
        }
    }

    /// What the sums of rows begin with; row-major.
    pub(crate) fn begin(&self, sums: &mut [f64]) {
        if self.is_base_first {
            sums.chunks_exact_mut(self.outputs).for_each(|row| row.copy_from_slice(&self.base));
        } else {
            sums.fill(0.0);
        }
    }

    /// Adds what a tree gives at a leaf place to a row's sums.
    #[inline]
    pub(crate) fn add(&self, sums: &mut [f64], values: &[f64], place: u32) {
        let single = self.precision == Precision::Single;
        if let (false, [sum]) = (single, &mut *sums) {
            *sum += values[place as usize];
            return;
        }
        let first = place as usize * sums.len();
        for (sum, value) in sums.iter_mut().zip(&values[first..]) {
            *sum += value;
            if single {
                *sum = f64::from(*sum as f32);
            }
        }
    }

    /// Turns a row's sums over the trees into its answer.
    pub(crate) fn finish(&self, sums: &mut [f64]) {
        for (sum, base) in sums.iter_mut().zip(&self.base) {
            if !self.is_base_first {
                *sum = self.precision.sum(base + self.precision.sum(*sum / self.divisor));
            }
        }
        match self.finish {
            Finish::Nothing => {}
            // What is answered in 32 bits is taken through the link in them.
            Finish::Transformed(transformation) => transformation.of_row(sums, self.precision == Precision::Single),
            Finish::Linked(link) if self.precision == Precision::Single => link.apply_single(sums),
            Finish::Linked(link) => link.apply(sums),
            Finish::Isolation(expected) => {
                sums.iter_mut().for_each(|path| *path = if expected > 0.0 { -(-*path / expected).exp2() } else { -0.5 })
            }
        }
    }
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
                    value <= compiled_threshold(threshold, ThresholdComparison::LessOrEqual, false),
                    wide <= threshold,
                    "{value} <= {threshold}"
                );
                assert_eq!(
                    value <= compiled_threshold(threshold, ThresholdComparison::Less, false),
                    wide < threshold,
                    "{value} < {threshold}"
                );
                assert_eq!(
                    value <= compiled_threshold(threshold, ThresholdComparison::LessOrEqual, true),
                    value <= nearest,
                    "{value} <= {threshold} single"
                );
                assert_eq!(
                    value <= compiled_threshold(threshold, ThresholdComparison::Less, true),
                    value < nearest,
                    "{value} < {threshold} single"
                );
            }
        }
    }
}
