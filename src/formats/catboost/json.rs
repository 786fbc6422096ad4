//! CatBoost's JSON.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::meaning::Info;
use super::shapes::{Part, Question, Shaping};
use super::{Column, Facts, bad};
use crate::error::Result;
use crate::formats::arrange::ValueBudget;
use crate::formats::read_model::{Loader, ReadTrees};
use crate::trees::Tree;

#[derive(Deserialize)]
struct Document {
    features_info: Features,
    #[serde(default)]
    model_info: serde_json::Map<String, Value>,
    #[serde(default)]
    oblivious_trees: Vec<Oblivious>,
    /// Trees of other shapes, which stand in the place of the others.
    #[serde(default)]
    trees: Vec<Node>,
    scale_and_bias: (f64, Vec<f64>),
}

#[derive(Deserialize)]
struct Features {
    #[serde(default)]
    float_features: Vec<Float>,
    #[serde(default)]
    categorical_features: Vec<IgnoredAny>,
    #[serde(default)]
    text_features: Vec<IgnoredAny>,
    #[serde(default)]
    embedding_features: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
struct Float {
    /// Place among all columns.
    flat_feature_index: usize,
    #[serde(default)]
    feature_id: String,
    #[serde(default)]
    has_nans: bool,
    #[serde(default)]
    nan_value_treatment: String,
}

#[derive(Deserialize)]
struct Oblivious {
    leaf_values: Vec<f64>,
    #[serde(default)]
    leaf_weights: Vec<f64>,
    #[serde(default)]
    splits: Option<Vec<Split>>,
}

#[derive(Deserialize)]
struct Split {
    #[serde(default)]
    border: f64,
    float_feature_index: Option<usize>,
    split_type: String,
}

/// A node of a tree of another shape, with all that is below it.
#[derive(Deserialize)]
struct Node {
    split: Option<Split>,
    left: Option<Box<Node>>,
    right: Option<Box<Node>>,
    value: Option<Leaf>,
    #[serde(default)]
    weight: f64,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Leaf {
    One(f64),
    Several(Vec<f64>),
}

/// See [`read_json_as`](super::read_json_as).
pub(super) fn read(bytes: &[u8], loader: Loader) -> Result<ReadTrees> {
    let document: Document = serde_json::from_slice(bytes).map_err(bad)?;
    let Document { features_info, model_info, oblivious_trees, trees, scale_and_bias: (scale, bias) } = document;
    let column = |float: Float| Column {
        place: float.flat_feature_index,
        name: float.feature_id,
        missing_above: float.has_nans && float.nan_value_treatment == "AsTrue",
    };
    let facts = Facts {
        strange: [
            ("categorical", features_info.categorical_features.len()),
            ("text", features_info.text_features.len()),
            ("embedding", features_info.embedding_features.len()),
        ],
        columns: features_info.float_features.into_iter().map(column).collect(),
        scale,
        bias,
        info: Info::of(model_info),
    };
    facts.only_numbers()?;
    let mut shaping = Shaping { outputs: facts.bias.len(), scale: facts.scale, budget: ValueBudget::new(bytes.len()) };
    let mut made = Vec::with_capacity(oblivious_trees.len() + trees.len());
    for (number, tree) in oblivious_trees.iter().enumerate() {
        let splits = tree.splits.as_deref().unwrap_or_default();
        let questions: Result<Vec<Question>> = splits.iter().map(|split| question(split, &facts.columns)).collect();
        let tree = questions.and_then(|questions| shaping.symmetric(&questions, &tree.leaf_values, &tree.leaf_weights));
        made.push(tree.map_err(|error| error.because(format!("tree {number}")))?);
    }
    for (number, tree) in trees.iter().enumerate() {
        let tree = any_shape(tree, number, &facts.columns, &mut shaping);
        made.push(tree.map_err(|error| error.because(format!("tree {number}")))?);
    }
    facts.model(made, loader)
}

/// What is noted of the training, of a document that can be parsed to its end.
pub(super) fn info(bytes: &[u8]) -> Result<Info> {
    let document: Document = serde_json::from_slice(bytes).map_err(bad)?;
    Ok(Info::of(document.model_info))
}

fn question(split: &Split, columns: &[Column]) -> Result<Question> {
    let float = split.float_feature_index.filter(|_| split.split_type == "FloatFeature");
    let column = float.and_then(|place| columns.get(place));
    let column = column.ok_or_else(|| bad(format_args!("a question of the kind {:.40}", split.split_type)))?;
    Ok(Question { column: column.place, border: split.border as f32, missing_above: column.missing_above })
}

fn any_shape(root: &Node, number: usize, columns: &[Column], shaping: &mut Shaping) -> Result<Tree> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    // Nodes in the order of their places.
    let mut nodes = vec![root];
    let mut next = 0;
    while let Some(&node) = nodes.get(next) {
        next += 1;
        parts.push(match (&node.split, &node.left, &node.right, &node.value) {
            (Some(split), Some(left), Some(right), None) => {
                let below = nodes.len() as u32;
                nodes.extend([&**left, &**right]);
                Part::Split(question(split, columns)?, below, below + 1)
            }
            (None, None, None, Some(Leaf::One(value))) => Part::Leaf(std::slice::from_ref(value), node.weight),
            (None, None, None, Some(Leaf::Several(values))) => Part::Leaf(values, node.weight),
            _ => return Err(bad("a node that is neither a question nor a leaf")),
        });
    }
    shaping.any(&parts, number)
}
