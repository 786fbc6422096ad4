//! XGBoost's own model files: JSON and UBJ (Universal Binary JSON), two spellings of one document, and the old binary
//! form, read into the same.

mod binary;
mod document;
mod json;
mod reading;
mod ubj;
mod writing;

use crate::error::Result;
use crate::trees::TreeEnsemble;

use document::ModelDocument;

/// Reads a model saved as JSON.
///
/// A file that the scikit-learn wrapper saved (it carries the attribute `scikit_learn`) answers as the wrapper does:
/// with early stopping by the rounds up to the best one. A booster's file answers by all its rounds.
///
/// The boosters `gbtree` and `dart`; objectives whose output is the margin itself, `binary:logistic`,
/// `multi:softmax` and `multi:softprob`; `base_score` in the spelling of every version; splits by
/// category. Values compare as 32-bit floats, by `<`.
///
/// Errors: [`BadModelFile`](crate::error::ErrorKind::BadModelFile) with line and column, or with the
/// part of the model that is missing, wrong or not understood.
pub fn read_json(bytes: &[u8]) -> Result<TreeEnsemble> {
    read_json_rounds(bytes, Rounds::Noted)
}

/// Reads a model saved as UBJ; the same as [`read_json`], with the byte in errors.
pub fn read_ubj(bytes: &[u8]) -> Result<TreeEnsemble> {
    read_ubj_rounds(bytes, Rounds::Noted)
}

/// Reads a model of the form that XGBoost wrote up to version 1.7, also as base64; the same as [`read_json`].
pub fn read_binary(bytes: &[u8]) -> Result<TreeEnsemble> {
    read_binary_rounds(bytes, Rounds::Noted)
}

/// Whether these bytes are of XGBoost's old binary form.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    binary::is_binary(bytes)
}

pub(super) fn read_json_rounds(bytes: &[u8], rounds: Rounds) -> Result<TreeEnsemble> {
    of_file(&json::parse(bytes)?, bytes.len(), rounds)
}

pub(super) fn read_ubj_rounds(bytes: &[u8], rounds: Rounds) -> Result<TreeEnsemble> {
    of_file(&ubj::parse(bytes)?, bytes.len(), rounds)
}

pub(super) fn read_binary_rounds(bytes: &[u8], rounds: Rounds) -> Result<TreeEnsemble> {
    of_file(&binary::parse(bytes)?, bytes.len(), rounds)
}

/// Which rounds of a model answer that stopped early.
///
/// ```
/// use hivectl::formats::xgboost::Rounds;
///
/// assert_eq!(Rounds::default(), Rounds::Noted);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rounds {
    /// As the file itself says: up to the best one where the scikit-learn wrapper saved it, else all.
    #[default]
    Noted,
    All,
    /// Up to the best one, as the scikit-learn wrapper answers.
    Best,
}

fn of_file(document: &ModelDocument, size: usize, rounds: Rounds) -> Result<TreeEnsemble> {
    let up_to_best = match rounds {
        Rounds::Noted => reading::wrapper(document).is_some(),
        Rounds::All => false,
        Rounds::Best => true,
    };
    reading::ensemble(document, size, up_to_best)
}

/// The class of the scikit-learn wrapper that saved a file in any of the forms, with its module; `None` for a booster's
/// own file, and for what is no model.
pub fn wrapper_of(bytes: &[u8]) -> Option<&'static str> {
    let document = match bytes {
        _ if is_binary(bytes) => binary::parse(bytes),
        [b'{', b'"' | b' ' | b'\n' | b'\r' | b'\t', ..] => json::parse(bytes),
        _ => ubj::parse(bytes),
    };
    reading::wrapper(&document.ok()?)
}

/// Reads what a booster keeps in memory and in pickles: `Model` and `Config` side by side, as UBJ or,
/// by older versions, as JSON or in the binary form. With `up_to_best` the trees after the best iteration are left out.
pub(super) fn read_memory(bytes: &[u8], up_to_best: bool) -> Result<TreeEnsemble> {
    let document = match bytes {
        [b'{', b'"', ..] => json::parse(bytes)?,
        [b'{', ..] => ubj::parse(bytes)?,
        // What pickles of 0.90 hold has no beginning of its own.
        _ => binary::parse(bytes)?,
    };
    reading::ensemble(document.find("Model").unwrap_or(&document), bytes.len(), up_to_best)
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
