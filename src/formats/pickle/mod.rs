//! Python's pickle, protocols 2 to 5, as data: read without executing anything, written in protocol 4.
//!
//! [`read`] and the writers are the doors for tree models; what the objects mean is told in
//! [`super::sklearn`].

mod machine;
mod printer;

use super::sklearn::{self, Forest, ForestHyperparameters};
use crate::error::Result;
use crate::trees::TreeEnsemble;

use machine::parse;
use printer::print;

/// Reads a pickled scikit-learn forest (RandomForest, ExtraTrees, IsolationForest).
///
/// Errors: [`BadModelFile`](crate::error::ErrorKind::BadModelFile) with the byte or the part of the
/// model where it stops to be one. Nothing in the file is executed; names outside the allow-list are
/// refused; memory stays in proportion to the file.
pub fn read(bytes: &[u8]) -> Result<TreeEnsemble> {
    Ok(read_forest(bytes)?.ensemble)
}

/// Like [`read`], with the hyperparameters: what [`write_forest`] writes again.
pub fn read_forest(bytes: &[u8]) -> Result<Forest> {
    let (arena, root) = parse(bytes)?;
    sklearn::read_forest(arena.view(root, "model"), bytes.len())
}

/// Writes the pickle of the fitted scikit-learn estimator that answers as `ensemble` does: the layout
/// that scikit-learn 1.5 to 1.9 share, with names that numpy 1 and 2 know. `RandomForestRegressor`,
/// `RandomForestClassifier`, their `ExtraTrees` twins or `IsolationForest`, as task and family say.
///
/// Errors: [`Internal`](crate::error::ErrorKind::Internal) when the ensemble is of a form that no such
/// estimator has (a boosted one, `<` comparisons).
pub fn write_forest(ensemble: &TreeEnsemble, hyperparameters: &ForestHyperparameters) -> Result<Vec<u8>> {
    let (arena, root) = sklearn::forest_object(ensemble, hyperparameters)?;
    Ok(print(&arena, root))
}
