//! skops: scikit-learn's models as a zip of JSON and arrays, without pickles. Read and written in its
//! protocol 2.

mod reading;
mod writing;

use serde_json::Value;

use super::content::{Content, is_learned};
use super::inspect::Format;
use super::pickle::boosters;
use super::read_model::{ReadOptions, ReadTrees};
use super::sklearn::{self, Forest, ForestHyperparameters};
use crate::error::Result;
use crate::trees::TreeEnsemble;

/// Reads a forest, or LightGBM's wrapper as MLflow 3 stores it, from a skops file; what [`super::pickle::read`]
/// says holds here too.
pub fn read(bytes: &[u8]) -> Result<TreeEnsemble> {
    read_as(bytes, ReadOptions::default())?.alone()
}

/// Like [`read`], as `options` say.
pub(super) fn read_as(bytes: &[u8], options: ReadOptions) -> Result<ReadTrees> {
    let (arena, root, size) = reading::parse(bytes)?;
    sklearn::read_model(arena.view(root, "model"), size, options)
}

/// What a file holds, whoever made it.
///
/// Errors: an archive that is none, or holds no schema.
pub(super) fn content(bytes: &[u8]) -> Result<Option<Content>> {
    Ok(Some(content_of(&reading::schema(bytes)?, 0)))
}

/// What a node of the schema stands for; `depth` are the containers that it is inside of.
fn content_of(node: &Value, depth: usize) -> Content {
    let word = |key: &str| node[key].as_str().unwrap_or_default();
    let parts = |kind: &'static str| {
        let parts: Vec<&Value> = match &node["content"] {
            Value::Array(parts) => parts.iter().collect(),
            Value::Object(parts) => parts.values().collect(),
            _ => Vec::new(),
        };
        // What lies deeper is left to who knows it.
        let parts = if depth < 4 { parts } else { Vec::new() };
        Content::Container(kind, parts.into_iter().map(|part| content_of(part, depth + 1)).collect())
    };
    match word("__loader__") {
        "JsonNode" => Content::Plain("a number or a text"),
        "NdArrayNode" | "MaskedArrayNode" | "SparseMatrixNode" | "BytesNode" | "BytearrayNode" => Content::Plain("an array"),
        "FunctionNode" | "TypeNode" => Content::Plain("the name of a class or function"),
        "DictNode" => parts("dictionary"),
        "ListNode" => parts("list"),
        "TupleNode" => parts("tuple"),
        _ => {
            let steps = node["content"]["content"]["steps"]["content"].as_array().filter(|_| word("__class__") == "Pipeline" && depth < 4);
            let last = steps.and_then(|steps| steps.last()).map(|step| &step["content"][1]).filter(|last| last.is_object());
            let is_estimator = word("__module__").starts_with("sklearn.") && word("__class__") != "Pipeline";
            let attributes = node["content"]["content"].as_object().filter(|_| is_estimator);
            let is_fitted = attributes.is_none_or(|attributes| attributes.keys().any(|name| is_learned(name)));
            let last = last.map(|last| Box::new(content_of(last, depth + 1)));
            Content::Object { module: word("__module__").to_owned(), class: word("__class__").to_owned(), last, is_fitted }
        }
    }
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
