//! skops: scikit-learn's models as a zip of JSON and arrays, without pickles. Read and written in its
//! protocol 2.

mod reading;
mod writing;

use super::inspect::Format;
use super::pickle::boosters;
use super::read_model::{ReadOptions, ReadTrees};
use super::sklearn::{self, Forest, ForestHyperparameters};
use crate::error::Result;
use crate::trees::TreeEnsemble;

/// Reads a forest, or LightGBM's wrapper as MLflow 3 stores it, from a skops file; what [`super::pickle::read`]
/// says holds here too.
pub fn read(bytes: &[u8]) -> Result<TreeEnsemble> {
    read_as(bytes, ReadOptions::default()).map(|read| read.ensemble)
}

/// Like [`read`], as `options` say.
pub(super) fn read_as(bytes: &[u8], options: ReadOptions) -> Result<ReadTrees> {
    let (arena, root, size) = reading::parse(bytes)?;
    sklearn::read_model(arena.view(root, "model"), size, options)
}

/// Names of the classes in a file that are known to be harmless, which skops 0.15 and later want to be told.
///
/// Errors: an archive that is none, or holds no schema.
pub fn trusted_types(bytes: &[u8]) -> Result<Vec<String>> {
    Ok(reading::named(bytes)?.into_iter().collect())
}

/// The library's own file of a booster that stands alone in a skops file; `None` for anything else.
///
/// Errors: those of [`super::pickle::native_booster`].
pub fn native_booster(bytes: &[u8]) -> Result<Option<(Format, Vec<u8>)>> {
    let (arena, root, _) = reading::parse(bytes)?;
    boosters::native(&arena.view(root, "model"))
}

/// Like [`read`], with the hyperparameters.
pub fn read_forest(bytes: &[u8]) -> Result<Forest> {
    let (arena, root, size) = reading::parse(bytes)?;
    sklearn::read_forest(arena.view(root, "model"), size)
}

/// Writes the fitted scikit-learn estimator that answers as `ensemble` does; the same estimators as
/// [`super::pickle::write_forest`]. skops 0.15 and later want
/// `trusted=["sklearn.tree._tree.Tree"]` to load it, as for every tree.
///
/// Errors: [`Usage`](crate::error::ErrorKind::Usage) where scikit-learn has no such estimator.
pub fn write_forest(ensemble: &TreeEnsemble, hyperparameters: &ForestHyperparameters) -> Result<Vec<u8>> {
    let (arena, root) = sklearn::forest_object(ensemble, hyperparameters)?;
    writing::print(&arena, root)
}
