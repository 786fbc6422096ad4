//! Trees whose leaves hold weighted sums of columns where others hold a number.

use super::compiled::Compiled;
use super::ensemble::TreeEnsemble;
use crate::error::{Error, ErrorKind, Result};

/// What a leaf tells of a row: `constant + Σ coefficient·value`.
///
/// ```
/// use hivectl::trees::LinearLeaf;
///
/// let leaf = LinearLeaf { node: 0, constant: 1.0, terms: vec![(0, 2.0)] };
/// assert_eq!((leaf.of(|_| 3.0), leaf.of(|_| f64::NAN)), (Some(7.0), None));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LinearLeaf {
    /// Its place among the nodes of its tree.
    pub node: u32,
    pub constant: f64,
    /// Columns, by their place, each with its coefficient.
    pub terms: Vec<(u32, f64)>,
}

impl LinearLeaf {
    /// The sum on the values of a row; `None` where one of them is missing (NaN).
    pub fn of(&self, value: impl Fn(u32) -> f64) -> Option<f64> {
        let mut sum = self.constant;
        for &(column, coefficient) in &self.terms {
            let value = value(column);
            if value.is_nan() {
                return None;
            }
            sum += coefficient * value;
        }
        Some(sum)
    }
}

/// Trees of which some leaves tell weighted sums; where a value of a sum is missing, the leaf's own number stands for it.
/// They see values of 64 bits.
///
/// ```
/// use hivectl::trees::{EnsembleTask, LinearLeaf, LinearTrees, Tree, TreeEnsemble};
///
/// # let leaf = Tree {
/// #     feature: vec![0], threshold: vec![0.0], left: vec![Tree::LEAF], right: vec![Tree::LEAF], missing_left: vec![false],
/// #     value: vec![5.0], rows: vec![1], weight: vec![1.0], impurity: vec![0.0], gain: vec![0.0], categorical: Vec::new(),
/// # };
/// let trees = TreeEnsemble::averaged(EnsembleTask::Regression, vec!["size".into()], 1, vec![leaf]);
/// let linear = LinearTrees { trees, leaves: vec![vec![LinearLeaf { node: 0, constant: 1.0, terms: vec![(0, 2.0)] }]] };
/// linear.check()?;
/// assert_eq!(linear.answers(&[vec![3.0, f64::NAN]])?, [7.0, 5.0]);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LinearTrees {
    pub trees: TreeEnsemble,
    /// Of each tree its leaves with sums, ascending by node.
    pub leaves: Vec<Vec<LinearLeaf>>,
}

impl LinearTrees {
    /// Whether the trees are sound and every sum is one of a leaf on columns that there are.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] with the tree, and those of [`TreeEnsemble::check`].
    pub fn check(&self) -> Result<()> {
        self.trees.check()?;
        let bad = |number: usize, what: &str| Err(Error::new(ErrorKind::BadModelFile, format!("tree {number}: {what}")));
        if self.leaves.len() != self.trees.trees.len() {
            return bad(self.leaves.len(), "trees and sums of their leaves differ in number");
        }
        for (number, (tree, leaves)) in self.trees.trees.iter().zip(&self.leaves).enumerate() {
            if !leaves.is_sorted_by(|first, second| first.node < second.node) {
                return bad(number, "the sums of the leaves are not in order");
            }
            for leaf in leaves {
                let node = leaf.node as usize;
                if node >= tree.len() || !tree.is_leaf(node) {
                    return bad(number, "a sum of what is no leaf");
                }
                let is_sound = |(column, coefficient): &(u32, f64)| (*column as usize) < self.trees.features() && coefficient.is_finite();
                if !leaf.constant.is_finite() || !leaf.terms.iter().all(is_sound) {
                    return bad(number, "a sum with a number that is not finite, or on a column that is none");
                }
            }
        }
        Ok(())
    }

    /// Row-major answers, given one column of values a feature; NaN is missing. No rows of no columns.
    ///
    /// Errors: [`ErrorKind::SchemaMismatch`] for another number of columns; those of [`TreeEnsemble::check`].
    pub fn answers(&self, columns: &[Vec<f64>]) -> Result<Vec<f64>> {
        if columns.len() != self.trees.features() {
            let (features, columns) = (self.trees.features(), columns.len());
            return Err(Error::new(
                ErrorKind::SchemaMismatch,
                format!("the model was trained on {features} features, the data has {columns}"),
            ));
        }
        let (compiled, outputs) = (Compiled::new(&self.trees)?, self.trees.outputs);
        let mut answers = vec![0.0; columns.first().map_or(0, Vec::len) * outputs];
        compiled.begin(&mut answers);
        let mut given = vec![0.0; outputs];
        for (row, answer) in answers.chunks_exact_mut(outputs).enumerate() {
            let value = |column: u32| columns[column as usize][row];
            for (number, (tree, leaves)) in self.trees.trees.iter().zip(&self.leaves).enumerate() {
                let mut node = 0;
                while !tree.is_leaf(node) {
                    node = tree.child(node, value(tree.feature[node]), self.trees.comparison, self.trees.precision);
                }
                let found = leaves.binary_search_by_key(&(node as u32), |leaf| leaf.node);
                match found.ok().and_then(|place| leaves[place].of(value)) {
                    None => compiled.add(answer, &tree.value, node as u32),
                    Some(sum) => {
                        given.fill(0.0);
                        given[number % outputs] = sum;
                        compiled.add(answer, &given, 0);
                    }
                }
            }
            compiled.finish(answer);
        }
        Ok(answers)
    }

    /// The first so many trees alone.
    pub fn truncate(&mut self, trees: usize) {
        self.trees.trees.truncate(trees);
        self.leaves.truncate(trees);
    }
}
