//! Leaves with weighted sums (`linear_tree`), from LightGBM's text.

use super::reading::{Block, bad};
use crate::error::Result;
use crate::trees::LinearLeaf;

/// The sums of a tree's leaves, in the order of the leaves; `scale` is the factor on all numbers of the leaves.
///
/// Errors: [`BadModelFile`](crate::error::ErrorKind::BadModelFile) with the line for lists of wrong length.
pub(super) fn leaves(block: &Block<'_>, count: usize, scale: f64) -> Result<Vec<LinearLeaf>> {
    let (constants, sizes): (Vec<f64>, Vec<usize>) = (block.column("leaf_const", count)?, block.column("num_features", count)?);
    let (features, coefficients): (Vec<u32>, Vec<f64>) = (block.list("leaf_features")?, block.list("leaf_coeff")?);
    let total = sizes.iter().try_fold(0usize, |sum, &size| sum.checked_add(size));
    if total != Some(features.len()) || features.len() != coefficients.len() {
        return Err(bad(
            block.line,
            format_args!("{} features and {} coefficients of leaves that state others", features.len(), coefficients.len()),
        ));
    }
    let mut terms = features.into_iter().zip(coefficients.into_iter().map(|coefficient| coefficient * scale));
    let leaf =
        |(constant, size): (f64, usize)| LinearLeaf { node: 0, constant: constant * scale, terms: terms.by_ref().take(size).collect() };
    Ok(constants.into_iter().zip(sizes).map(leaf).collect())
}
