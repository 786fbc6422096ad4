//! XGBoost's own model files: JSON and UBJ (Universal Binary JSON), two spellings of one document.

mod document;
mod json;
mod reading;
mod ubj;
mod writing;

use crate::error::Result;
use crate::trees::TreeEnsemble;

/// Reads a model saved as JSON.
///
/// The boosters `gbtree` and `dart`; objectives whose output is the margin itself, `binary:logistic`,
/// `multi:softmax` and `multi:softprob`; `base_score` in the spelling of every version; splits by
/// category. Values compare as 32-bit floats, by `<`.
///
/// Errors: [`BadModelFile`](crate::error::ErrorKind::BadModelFile) with line and column, or with the
/// part of the model that is missing, wrong or not understood.
pub fn read_json(bytes: &[u8]) -> Result<TreeEnsemble> {
    reading::ensemble(&json::parse(bytes)?, bytes.len())
}

/// Reads a model saved as UBJ; the same as [`read_json`], with the byte in errors.
pub fn read_ubj(bytes: &[u8]) -> Result<TreeEnsemble> {
    reading::ensemble(&ubj::parse(bytes)?, bytes.len())
}

/// Reads what a booster keeps in memory and in pickles: `Model` and `Config` side by side, as UBJ or,
/// by older versions, as JSON. With `up_to_best` the trees after the best iteration are left out.
pub(super) fn read_memory(bytes: &[u8], up_to_best: bool) -> Result<TreeEnsemble> {
    let document = if bytes.starts_with(b"{\"") { json::parse(bytes)? } else { ubj::parse(bytes)? };
    let model = document.find("Model").unwrap_or(&document);
    let mut ensemble = reading::ensemble(model, bytes.len())?;
    if up_to_best && let Some(trees) = reading::trees_up_to_best(model)? {
        ensemble.trees.truncate(trees);
    }
    Ok(ensemble)
}

/// Writes the ensemble as XGBoost JSON that XGBoost 2 and 3 load. Thresholds, leaves and base become
/// 32-bit floats; 32-bit inputs go the same way as in the ensemble.
///
/// Errors: [`Usage`](crate::error::ErrorKind::Usage) for an ensemble XGBoost has no objective
/// for: isolation forests and classifiers whose leaves are probabilities.
pub fn write_json(ensemble: &TreeEnsemble) -> Result<Vec<u8>> {
    Ok(json::print(&writing::document(ensemble)?))
}

/// Writes the ensemble as UBJ; the same as [`write_json`].
pub fn write_ubj(ensemble: &TreeEnsemble) -> Result<Vec<u8>> {
    Ok(ubj::print(&writing::document(ensemble)?))
}
