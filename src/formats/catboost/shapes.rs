//! CatBoost's trees as nodes: symmetric ones, which ask the same question on every level, and others.

use super::bad;
use crate::error::Result;
use crate::formats::arrange::{ValueBudget, arrange, blank};
use crate::trees::Tree;

/// Deepest symmetric trees: CatBoost grows them to 16 at most.
const DEEPEST: usize = 16;

/// Whether a number is above a border, which leads to the right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Question {
    /// Place among all columns.
    pub(super) column: usize,
    pub(super) border: f32,
    /// Whether what is missing is taken for more than any number.
    pub(super) missing_above: bool,
}

impl Question {
    fn ask(self, tree: &mut Tree, node: usize) -> Result<()> {
        tree.feature[node] = u32::try_from(self.column).map_err(|_| bad(format_args!("the column {}", self.column)))?;
        tree.threshold[node] = f64::from(self.border);
        tree.missing_left[node] = !self.missing_above;
        Ok(())
    }
}

/// What all trees of a model have in common.
pub(super) struct Shaping {
    /// Numbers a leaf.
    pub(super) outputs: usize,
    /// What the leaves are multiplied with.
    pub(super) scale: f64,
    pub(super) budget: ValueBudget,
}

/// A node of a tree of any shape.
pub(super) enum Part<'v> {
    /// Its numbers, and the weight of its rows.
    Leaf(&'v [f64], f64),
    /// The places of the nodes below and above the border.
    Split(Question, u32, u32),
}

impl Shaping {
    fn leaf(&self, tree: &mut Tree, node: usize, values: &[f64], weight: f64) {
        for (value, given) in tree.value[node * self.outputs..].iter_mut().zip(values) {
            *value = given * self.scale;
        }
        tree.weight[node] = weight;
        tree.rows[node] = weight.max(0.0) as u64;
    }

    /// A symmetric tree: its leaves are numbered by the answers, bit `i` is set where question `i` was answered by yes.
    pub(super) fn symmetric(&mut self, questions: &[Question], values: &[f64], weights: &[f64]) -> Result<Tree> {
        let depth = questions.len();
        if depth > DEEPEST || values.len() != self.outputs << depth {
            return Err(bad(format_args!("{} values of the leaves of {depth} questions", values.len())));
        }
        let inner = (1usize << depth) - 1;
        let count = inner + (1 << depth);
        self.budget.take(count, self.outputs)?;
        let mut made = blank(count, self.outputs);
        for node in 0..inner {
            let level = (node + 1).ilog2() as usize;
            (made.left[node], made.right[node]) = (2 * node as u32 + 1, 2 * node as u32 + 2);
            // The highest bit of a leaf's number is the last question.
            questions[depth - 1 - level].ask(&mut made, node)?;
        }
        for (leaf, values) in values.chunks_exact(self.outputs).enumerate() {
            self.leaf(&mut made, inner + leaf, values, weights.get(leaf).copied().unwrap_or(0.0));
        }
        add_up(&mut made);
        Ok(made)
    }

    /// A tree of any shape, whose first part is the root.
    pub(super) fn any(&mut self, parts: &[Part<'_>], number: usize) -> Result<Tree> {
        self.budget.take(parts.len(), self.outputs)?;
        let mut made = blank(parts.len(), self.outputs);
        for (node, part) in parts.iter().enumerate() {
            match *part {
                Part::Leaf(values, _) if values.len() != self.outputs => {
                    return Err(bad(format_args!("{} numbers in a leaf for {} outputs", values.len(), self.outputs)));
                }
                Part::Leaf(values, weight) => self.leaf(&mut made, node, values, weight),
                Part::Split(question, below, above) => {
                    (made.left[node], made.right[node]) = (below, above);
                    question.ask(&mut made, node)?;
                }
            }
        }
        let mut made = arrange(made, 0, number)?;
        add_up(&mut made);
        Ok(made)
    }
}

/// Weights and rows of inner nodes, which stand before what is below them.
fn add_up(tree: &mut Tree) {
    for node in (0..tree.len()).rev().filter(|&node| tree.left[node] != Tree::LEAF).collect::<Vec<_>>() {
        let (left, right) = (tree.left[node] as usize, tree.right[node] as usize);
        tree.weight[node] = tree.weight[left] + tree.weight[right];
        tree.rows[node] = tree.rows[left].saturating_add(tree.rows[right]);
    }
}
