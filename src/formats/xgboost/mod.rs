//! XGBoost's own model files: JSON and UBJ (Universal Binary JSON), two spellings of one document, and the old binary
//! form, read into the same.

mod binary;
mod damage;
mod document;
mod json;
mod reading;
mod ubj;
mod writing;

use super::inspect::Format;
use super::read_model::{Loader, ReadOptions, ReadTrees, RefusedValues};
use crate::error::Result;
use crate::statistics::ClassLabel;
use crate::trees::{EnsembleTask, LinkFunction, TreeEnsemble};

use document::ModelDocument;

/// Reads a model saved as JSON.
///
/// A file that the scikit-learn wrapper saved (it carries the attribute `scikit_learn`) answers as the wrapper does:
/// with early stopping by the rounds up to the best one. A booster's file answers by all its rounds.
///
/// The boosters `gbtree` and `dart`; every objective of XGBoost 0.90 to 3.4, by its own link; `base_score` in the spelling of every version; splits by
/// category. Values compare as 32-bit floats, by `<`.
///
/// Errors: [`BadModelFile`](crate::error::ErrorKind::BadModelFile) with line and column, or with the
/// part of the model that is missing, wrong or not understood.
pub fn read_json(bytes: &[u8]) -> Result<TreeEnsemble> {
    read_json_as(bytes, ReadOptions::default()).map(|read| read.ensemble)
}

/// Reads a model saved as UBJ; the same as [`read_json`], with the byte in errors.
pub fn read_ubj(bytes: &[u8]) -> Result<TreeEnsemble> {
    read_ubj_as(bytes, ReadOptions::default()).map(|read| read.ensemble)
}

/// Reads a model of the form that XGBoost wrote up to version 1.7, also as base64; the same as [`read_json`].
pub fn read_binary(bytes: &[u8]) -> Result<TreeEnsemble> {
    read_binary_as(bytes, ReadOptions::default()).map(|read| read.ensemble)
}

/// Whether these bytes are of XGBoost's old binary form.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    binary::is_binary(bytes)
}

/// A model of the forms that have a door of their own, as `options` say.
pub(super) fn read_json_as(bytes: &[u8], options: ReadOptions) -> Result<ReadTrees> {
    of_document(&json::parse(bytes)?, bytes.len(), options, None)
}

pub(super) fn read_ubj_as(bytes: &[u8], options: ReadOptions) -> Result<ReadTrees> {
    of_document(&ubj::parse(bytes)?, bytes.len(), options, None)
}

pub(super) fn read_binary_as(bytes: &[u8], options: ReadOptions) -> Result<ReadTrees> {
    of_document(&binary::parse(bytes)?, bytes.len(), options, None)
}

/// `is_classifier` is what the class of a wrapper in a pickle says; a wrapper's own file notes it.
fn of_document(document: &ModelDocument, size: usize, options: ReadOptions, is_classifier: Option<bool>) -> Result<ReadTrees> {
    let noted = reading::wrapper(document);
    let is_wrapper = noted.is_some();
    let (mut ensemble, rounds) = reading::ensemble(document, size, options.stops_at_best(is_wrapper))?;
    let is_booster = match options.loader {
        Loader::Noted => !is_wrapper,
        loader => loader == Loader::Booster,
    };
    let categories = reading::categories(document, ensemble.features())?;
    // Whatever its objective, a regressor of the wrapper answers by what the booster says.
    let is_classifier = is_classifier.or(noted.map(|class| class.ends_with("Classifier"))).unwrap_or(true);
    let takes_margins = !is_booster && is_classifier && reading::objective(document) == "binary:logitraw";
    if takes_margins {
        ensemble.task = EnsembleTask::Classification { classes: ClassLabel::numbered(2), link: LinkFunction::Margin };
    }
    Ok(ReadTrees {
        rounds: Some(rounds),
        is_booster: (is_booster || !is_classifier) && !reading::tells_classes(document),
        categories,
        // What a booster is given goes through a `DMatrix`, which takes none.
        refuses: RefusedValues { infinite: is_booster, missing: false },
        only_orders: reading::only_orders(document),
        note: takes_margins.then(|| "like the library it takes margins (binary:logitraw) for probabilities, which they are not".to_owned()),
        ..ensemble.into()
    })
}

/// The class of the scikit-learn wrapper that saved a file in any of the forms, with its module; `None` for a booster's
/// own file, and for what is no model.
pub fn wrapper_of(bytes: &[u8]) -> Option<&'static str> {
    reading::wrapper(&parsed(bytes).ok()?)
}

fn parsed(bytes: &[u8]) -> Result<ModelDocument> {
    match bytes {
        _ if is_binary(bytes) => binary::parse(bytes),
        [b'{', b'"' | b' ' | b'\n' | b'\r' | b'\t' | b'}', ..] => json::parse(bytes),
        _ => ubj::parse(bytes),
    }
}

/// Whether a file in any of the forms can be parsed to its end, and its parts agree.
///
/// Errors: the place where it cannot, and that of a contradiction.
pub(super) fn ends(bytes: &[u8]) -> Result<()> {
    damage::check(&parsed(bytes)?)
}

/// Why a document in JSON or UBJ is no model that XGBoost saved; `None` where it is one, and where it cannot be parsed,
/// which its reader says better.
pub(super) fn not_a_model(bytes: &[u8]) -> Option<String> {
    let document = parsed(bytes).ok()?;
    let holds = |key: &str| document.find(key).is_some();
    let booster = document.find("learner").and_then(|learner| learner.find("gradient_booster"));
    if booster.is_some_and(|booster| ["model", "gbtree"].iter().any(|key| booster.find(key).is_some())) {
        return None;
    }
    Some(match () {
        _ if holds("tree_info") => "it is LightGBM's dump for people; the model is what `booster.save_model('m.txt')` writes".into(),
        _ if holds("task_type") && holds("postprocessor") => {
            "it is treelite's dump for people; treelite writes no form that is read, and the model that it was given is what \
             `booster.save_model('m.ubj')` or `pickle.dump(model, file)` writes"
                .into()
        }
        _ if document.find("learner").is_some() => {
            "it is XGBoost's configuration, without trees; the model is what `save_model('m.ubj')` writes".into()
        }
        _ => "it is no JSON that XGBoost's `save_model` wrote: 'learner' is missing".into(),
    })
}

/// What `save_model` would write of a booster that is kept in memory, in the spelling that it is kept in.
///
/// Errors: what cannot be parsed; the binary form, which no version writes any more.
pub(super) fn file_of_memory(bytes: &[u8]) -> Result<(Format, Vec<u8>)> {
    let (format, document, print): (_, _, fn(&ModelDocument) -> Vec<u8>) = match bytes {
        [b'{', b'"', ..] => (Format::XgboostJson, json::parse(bytes)?, json::print),
        [b'{', ..] => (Format::XgboostUbj, ubj::parse(bytes)?, ubj::print),
        _ => {
            return Err(document::bad("a booster in the old binary form, which XGBoost reads up to 3.0")
                .hint("load it with the XGBoost that wrote it, `booster.save_model('m.json')`, and register that file"));
        }
    };
    Ok((format, print(document.find("Model").unwrap_or(&document))))
}

/// Reads what a booster keeps in memory and in pickles: `Model` and `Config` side by side, as UBJ or,
/// by older versions, as JSON or in the binary form.
pub(super) fn read_memory(bytes: &[u8], options: ReadOptions, is_classifier: Option<bool>) -> Result<ReadTrees> {
    let document = match bytes {
        [b'{', b'"', ..] => json::parse(bytes)?,
        [b'{', ..] => ubj::parse(bytes)?,
        // What pickles of 0.90 hold has no beginning of its own.
        _ => binary::parse(bytes)?,
    };
    of_document(document.find("Model").unwrap_or(&document), bytes.len(), options, is_classifier)
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
