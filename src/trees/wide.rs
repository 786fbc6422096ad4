//! Answers for rows of 64-bit values, as libraries that compare in 64 bits give them.

use rayon::prelude::*;

use super::compiled::Compiled;
use super::ensemble::{Precision, TreeEnsemble};
use super::matrix::Columns;
use super::scorer::score;
use super::threads::thread_pool;
use crate::error::{Error, ErrorKind, Result};

/// Rows that one task answers.
const ROWS_TOGETHER: usize = 256;

/// The answers for all rows, row-major, from one column of 64-bit values a feature; NaN means missing. Trees that
/// compare values of 32 bits see them rounded, as in their own library; [`Precision::Double`] ones see them as they are.
///
/// Errors: [`ErrorKind::SchemaMismatch`] when the number of columns differs; [`ErrorKind::BadInput`] for columns of
/// different lengths; [`ErrorKind::BadModelFile`] if [`TreeEnsemble::check`] fails.
///
/// ```
/// use hivectl::trees::{EnsembleTask, Precision, Tree, TreeEnsemble, score_wide};
///
/// # let tree = Tree {
/// #     feature: vec![0; 3], threshold: vec![1_767_225_600_000.0, 0.0, 0.0], left: vec![1, Tree::LEAF, Tree::LEAF],
/// #     right: vec![2, Tree::LEAF, Tree::LEAF], missing_left: vec![false; 3], value: vec![0.0, 1.0, 2.0], rows: vec![1; 3],
/// #     weight: vec![1.0; 3], impurity: vec![0.0; 3], gain: vec![0.0; 3], categorical: Vec::new(),
/// # };
/// // A split between two milliseconds that 32 bits cannot tell apart.
/// let forest = TreeEnsemble::averaged(EnsembleTask::Regression, vec!["at".into()], 1, vec![tree]);
/// let forest = TreeEnsemble { precision: Precision::Double, ..forest };
/// assert_eq!(score_wide(&forest, &[vec![1_767_225_600_000.0, 1_767_225_600_001.0]], 1)?, [1.0, 2.0]);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
pub fn score_wide(ensemble: &TreeEnsemble, columns: &[Vec<f64>], threads: usize) -> Result<Vec<f64>> {
    let rows = columns.first().map_or(0, Vec::len);
    if ensemble.precision != Precision::Double {
        let narrow: Vec<Vec<f32>> = columns.iter().map(|column| column.iter().map(|&value| value as f32).collect()).collect();
        return score(ensemble, &Columns::new(narrow.iter().map(Vec::as_slice).collect(), rows)?, threads);
    }
    if columns.len() != ensemble.features() {
        let (features, columns) = (ensemble.features(), columns.len());
        return Err(Error::new(ErrorKind::SchemaMismatch, format!("the model was trained on {features} features, the data has {columns}")));
    }
    if let Some(place) = columns.iter().position(|column| column.len() != rows) {
        return Err(Error::new(ErrorKind::BadInput, format!("column {place} has {} rows, expected {rows}", columns[place].len())));
    }
    let compiled = Compiled::new(ensemble)?;
    let mut answers = vec![0.0; rows * ensemble.outputs];
    compiled.begin(&mut answers);
    thread_pool(threads)?.install(|| {
        answers.par_chunks_mut(ROWS_TOGETHER * ensemble.outputs).enumerate().for_each(|(chunk, answers)| {
            for (row, answer) in (chunk * ROWS_TOGETHER..).zip(answers.chunks_exact_mut(ensemble.outputs)) {
                for tree in &ensemble.trees {
                    let mut node = 0;
                    while !tree.is_leaf(node) {
                        node = tree.child(node, columns[tree.feature[node] as usize][row], ensemble.comparison, ensemble.precision);
                    }
                    compiled.add(answer, &tree.value, node as u32);
                }
                compiled.finish(answer);
            }
        });
    });
    Ok(answers)
}
