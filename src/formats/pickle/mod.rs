//! Python's pickle, protocols 2 to 5 and joblib's form of it, as data: read without executing anything,
//! written in protocol 4.
//!
//! [`read`] and the writers are the doors for tree models; what the objects mean is said in
//! [`super::sklearn`].

pub(super) mod boosters;
mod machine;
mod printer;

use std::borrow::Cow;

use flate2::bufread::{GzDecoder, ZlibDecoder};

use super::inflate::{allowance, read_to_end};
use super::sklearn::{self, Forest, ForestHyperparameters};
use crate::error::{Error, ErrorKind, Result};
use crate::trees::TreeEnsemble;

use machine::parse;
use printer::print;

/// Reads a pickled tree model: scikit-learn's forests, single decision trees and histogram gradient
/// boosting without categories, alone or behind the steps of a pipeline; XGBoost's and LightGBM's boosters, bare or inside their scikit-learn
/// wrappers, cut to the best iteration as the wrapper's `predict` is.
///
/// Errors: [`BadModelFile`](crate::error::ErrorKind::BadModelFile) with the byte or the part of the
/// model where it stops to be one. Nothing in the file is executed; names outside the allow-list are
/// refused; memory stays in proportion to the file.
pub fn read(bytes: &[u8]) -> Result<TreeEnsemble> {
    let bytes = decompressed(bytes)?;
    let (arena, root) = parse(&bytes)?;
    sklearn::read_model(arena.view(root, "model"), bytes.len())
}

/// Reads a forest with its hyperparameters: what [`write_forest`] writes again.
pub fn read_forest(bytes: &[u8]) -> Result<Forest> {
    let bytes = decompressed(bytes)?;
    let (arena, root) = parse(&bytes)?;
    sklearn::read_forest(arena.view(root, "model"), bytes.len())
}

/// The pickle inside what joblib may have compressed.
fn decompressed(bytes: &[u8]) -> Result<Cow<'_, [u8]>> {
    let limit = allowance(bytes.len());
    match bytes {
        [0x78, ..] => read_to_end(ZlibDecoder::new(bytes), limit, "this joblib file").map(Cow::Owned),
        [0x1f, 0x8b, ..] => read_to_end(GzDecoder::new(bytes), limit, "this joblib file").map(Cow::Owned),
        [b'B', b'Z', b'h', ..] | [0xfd, b'7', b'z', ..] | [0x5d, 0, 0, ..] | [0x04, 0x22, 0x4d, 0x18, ..] => {
            Err(Error::new(ErrorKind::BadModelFile, "cannot decompress this joblib file: it is neither zlib nor gzip")
                .hint("save it again with `joblib.dump(model, path, compress=('zlib', 3))`"))
        }
        _ => Ok(Cow::Borrowed(bytes)),
    }
}

/// Writes the pickle of the fitted scikit-learn estimator that answers as `ensemble` does: the layout
/// that scikit-learn 1.5 to 1.9 share, with names that numpy 1 and 2 know. `RandomForestRegressor`,
/// `RandomForestClassifier`, their `ExtraTrees` twins or `IsolationForest`, as task and family say.
///
/// Errors: [`Usage`](crate::error::ErrorKind::Usage) when the ensemble is of a form that no such
/// estimator has (a boosted one, `<` comparisons).
pub fn write_forest(ensemble: &TreeEnsemble, hyperparameters: &ForestHyperparameters) -> Result<Vec<u8>> {
    let (arena, root) = sklearn::forest_object(ensemble, hyperparameters)?;
    Ok(print(&arena, root))
}
