//! Why an isolation forest marks a row: the features whose splits shortened its path.
//!
//! Going down a split changes the path length to be expected by a known amount; that amount belongs to
//! the split's feature. Over one row the amounts add up to the forest's mean expected path length minus the
//! row's own, so what is positive made the row more unusual.

use super::{Columns, Tree, TreeEnsemble};

/// An isolation forest with the path length to be expected at every node.
///
/// ```
/// use hivectl::trees::{Columns, IsolationForestParams, PathReasons, fit_isolation};
/// use linfa::ParamGuard;
///
/// let size: Vec<f32> = (0..20).map(|row| if row == 19 { 100.0 } else { row as f32 }).collect();
/// let retries = [0.0; 20];
/// let matrix = Columns::new(vec![&size[..], &retries[..]], 20)?;
/// let forest = fit_isolation(&IsolationForestParams::new().check()?, &matrix, 1, &|_| ())?;
/// let shortening = PathReasons::new(&forest.ensemble).shortening(&[100.0, 0.0]);
/// assert!(shortening[0] > 0.0);
/// assert_eq!(shortening[1], 0.0);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
pub struct PathReasons<'a> {
    ensemble: &'a TreeEnsemble,
    /// By tree and node: the mean path length of the training rows below.
    expected: Vec<Vec<f64>>,
}

impl<'a> PathReasons<'a> {
    /// Prepares an ensemble whose leaves hold path lengths and which has passed
    /// [`TreeEnsemble::check`].
    pub fn new(ensemble: &'a TreeEnsemble) -> PathReasons<'a> {
        PathReasons { ensemble, expected: ensemble.trees.iter().map(expected_lengths).collect() }
    }

    /// By feature: how much its splits shortened the row's path, in edges, averaged over the trees.
    /// `row` holds one value a feature.
    pub fn shortening(&self, row: &[f32]) -> Vec<f64> {
        let mut shortened = vec![0.0; self.ensemble.features()];
        for (tree, expected) in self.ensemble.trees.iter().zip(&self.expected) {
            let mut node = 0;
            while !tree.is_leaf(node) {
                let feature = tree.feature[node] as usize;
                let child = tree.child(node, f64::from(row[feature]), self.ensemble.comparison, self.ensemble.precision);
                shortened[feature] += expected[node] - expected[child];
                node = child;
            }
        }
        let trees = self.ensemble.trees.len().max(1) as f64;
        shortened.iter_mut().for_each(|edges| *edges /= trees);
        shortened
    }

    /// By feature: the share of all shortening over the rows of `matrix`, 0–1; zeros where nothing was
    /// shortened.
    pub fn importances(&self, matrix: &Columns<'_>) -> Vec<f64> {
        let mut total = vec![0.0; self.ensemble.features()];
        let mut row = vec![0.0; matrix.features()];
        for index in 0..matrix.rows() {
            row.iter_mut().enumerate().for_each(|(feature, value)| *value = matrix.column(feature)[index]);
            for (sum, edges) in total.iter_mut().zip(self.shortening(&row)) {
                *sum += edges.max(0.0);
            }
        }
        let all: f64 = total.iter().sum();
        if all > 0.0 {
            total.iter_mut().for_each(|sum| *sum /= all);
        }
        total
    }
}

fn expected_lengths(tree: &Tree) -> Vec<f64> {
    let mut expected = tree.value.clone();
    // Children stand after their parent, so going backwards meets them first.
    for node in (0..tree.len()).rev().filter(|&node| !tree.is_leaf(node)) {
        let (left, right) = (tree.left[node] as usize, tree.right[node] as usize);
        let (left_rows, right_rows) = (tree.rows[left] as f64, tree.rows[right] as f64);
        expected[node] = (expected[left] * left_rows + expected[right] * right_rows) / (left_rows + right_rows).max(1.0);
    }
    expected
}

#[cfg(test)]
mod tests {
    use linfa::ParamGuard;

    use super::*;
    use crate::trees::{IsolationForestParams, fit_isolation};

    #[test]
    fn the_column_that_stands_out_is_the_reason_and_the_amounts_add_up() {
        let ordinary: Vec<f32> = (0..512).map(|row| (row % 17) as f32).collect();
        let mut strange = ordinary.clone();
        strange[7] = 1000.0;
        let matrix = Columns::new(vec![&ordinary, &strange], 512).expect("a matrix");
        let parameters = IsolationForestParams::new().check().expect("parameters");
        let fitted = fit_isolation(&parameters, &matrix, 1, &|_| ()).expect("a forest");
        let reasons = PathReasons::new(&fitted.ensemble);
        let shortened = reasons.shortening(&[ordinary[7], strange[7]]);
        assert!(shortened[1] > 1.0 && shortened[1] > 3.0 * shortened[0].abs(), "{shortened:?}");
        let path: f64 = fitted
            .ensemble
            .trees
            .iter()
            .map(|tree| {
                let mut node = 0;
                while !tree.is_leaf(node) {
                    let value = [ordinary[7], strange[7]][tree.feature[node] as usize];
                    node = tree.child(node, f64::from(value), fitted.ensemble.comparison, fitted.ensemble.precision);
                }
                tree.value[node]
            })
            .sum::<f64>()
            / 100.0;
        let mean: f64 = fitted.ensemble.trees.iter().map(|tree| expected_lengths(tree)[0]).sum::<f64>() / 100.0;
        assert!((shortened.iter().sum::<f64>() - (mean - path)).abs() < 1e-9);
        let importances = reasons.importances(&matrix);
        assert!((importances.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}
