//! CatBoost's JSON (`save_model('m.json', format='json')`): oblivious trees on numbers.
//!
//! A tree asks the same question on every level, so its leaves are numbered by the answers: bit `i` is set where question `i`
//! was answered by yes. Values compare as 32-bit floats, sums are of 64 bits.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::arrange::{ValueBudget, blank};
use crate::error::{Error, ErrorKind, Result};
use crate::statistics::ClassLabel;
use crate::trees::{Aggregation, EnsembleTask, LinkFunction, Precision, ThresholdComparison, Transformation, Tree, TreeEnsemble};

/// Deepest trees: CatBoost grows them to 16 at most.
const DEEPEST: usize = 16;

/// Most columns or classes of one model.
const MOST_COLUMNS: usize = 100_000;

#[derive(Deserialize)]
struct Document {
    features_info: Features,
    #[serde(default)]
    model_info: Value,
    #[serde(default)]
    oblivious_trees: Vec<Oblivious>,
    /// Trees of other shapes.
    trees: Option<IgnoredAny>,
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

/// Reads a model.
///
/// Errors: [`ErrorKind::BadModelFile`] with line and column, or with the part that is missing, wrong or not understood;
/// categories, texts and trees of other shapes by their name.
pub fn read(bytes: &[u8]) -> Result<TreeEnsemble> {
    let document: Document = serde_json::from_slice(bytes).map_err(bad)?;
    let features = &document.features_info;
    for (kind, held) in [
        ("categorical", features.categorical_features.len()),
        ("text", features.text_features.len()),
        ("embedding", features.embedding_features.len()),
    ] {
        if held > 0 {
            return Err(bad(format_args!("it looks at {held} {kind} features, whose statistics are CatBoost's own"))
                .hint("train on numbers (one column a category: `pandas.get_dummies(rows)`), or have the version served by MLflow"));
        }
    }
    if document.trees.is_some() {
        return Err(bad("its trees are not symmetric (grow_policy)").hint("train it with `grow_policy='SymmetricTree'`"));
    }
    let (scale, bias) = &document.scale_and_bias;
    let outputs = bias.len();
    let task = task(&document.model_info, outputs)?;
    let mut trees = Vec::with_capacity(document.oblivious_trees.len());
    let mut budget = ValueBudget::new(bytes.len());
    for (number, tree) in document.oblivious_trees.iter().enumerate() {
        trees.push(unfolded(tree, features, (outputs, *scale), &mut budget).map_err(|error| error.because(format!("tree {number}")))?);
    }
    let ensemble = TreeEnsemble {
        feature_names: names(features)?,
        task,
        outputs,
        base: bias.clone(),
        aggregation: Aggregation::Sum,
        comparison: ThresholdComparison::LessOrEqual,
        precision: Precision::SingleValues,
        trees,
    };
    ensemble.check()?;
    Ok(ensemble)
}

/// Whether a JSON document is CatBoost's, by the keys that it begins with.
pub(super) fn is_json(bytes: &[u8]) -> bool {
    let begin = &bytes[..bytes.len().min(4096)];
    let holds = |key: &[u8]| memchr::memmem::find(begin, key).is_some();
    ["\"features_info\"", "\"oblivious_trees\"", "\"ctr_data\""].iter().any(|key| holds(key.as_bytes())) && !holds(b"\"learner\"")
}

/// Whether a file can be parsed to its end, whether its model is understood or not.
///
/// Errors: line and column.
pub(super) fn ends(bytes: &[u8]) -> Result<()> {
    serde_json::from_slice::<Document>(bytes).map(|_| ()).map_err(bad)
}

/// Whether a model tells classes, so that CatBoost's classifier loads it.
pub fn tells_classes(bytes: &[u8]) -> bool {
    read(bytes).is_ok_and(|ensemble| matches!(ensemble.task, EnsembleTask::Classification { .. }))
}

/// Names of the columns, in the order of the table; CatBoost calls those without a name by their place.
fn names(features: &Features) -> Result<Vec<String>> {
    let count = features.float_features.iter().map(|feature| feature.flat_feature_index + 1).max().unwrap_or(0);
    if count != features.float_features.len() || count > MOST_COLUMNS {
        return Err(bad(format_args!("{} features of {count} columns", features.float_features.len())));
    }
    let mut names: Vec<String> = (0..count).map(|place| format!("feature_{place}")).collect();
    for feature in &features.float_features {
        if !feature.feature_id.is_empty() && feature.feature_id != feature.flat_feature_index.to_string() {
            names[feature.flat_feature_index].clone_from(&feature.feature_id);
        }
    }
    Ok(names)
}

/// What the sums mean, by the loss that was learned.
fn task(model: &Value, outputs: usize) -> Result<EnsembleTask> {
    let loss = model["params"]["loss_function"]["type"].as_str().unwrap_or_default();
    let classes = || -> Result<Vec<ClassLabel>> {
        let named = model["class_params"]["class_names"].as_array().cloned().unwrap_or_default();
        let label = |value: &Value| match value {
            Value::String(text) => Some(ClassLabel::Text(text.clone())),
            Value::Bool(flag) => Some(ClassLabel::Flag(*flag)),
            value => value.as_i64().map(ClassLabel::from).or_else(|| value.as_f64().map(ClassLabel::Number)),
        };
        let labels: Option<Vec<ClassLabel>> = named.iter().map(label).collect();
        let labels = labels.filter(|labels| !labels.is_empty()).unwrap_or_else(|| ClassLabel::numbered(outputs.max(2)));
        match labels.len() == outputs.max(2) {
            true => Ok(labels),
            false => Err(bad(format_args!("{} classes and {outputs} numbers a leaf", labels.len()))),
        }
    };
    match loss {
        "RMSE" | "MAE" | "Quantile" | "MultiQuantile" | "MultiRMSE" | "MAPE" | "Huber" | "Expectile" | "Lq" => Ok(EnsembleTask::Regression),
        "Poisson" | "Tweedie" | "LogLinQuantile" if outputs == 1 => Ok(EnsembleTask::Transformed(Transformation::Exponential)),
        "Logloss" | "CrossEntropy" if outputs == 1 => {
            Ok(EnsembleTask::Classification { classes: classes()?, link: LinkFunction::Logistic })
        }
        "MultiClass" if outputs > 1 => Ok(EnsembleTask::Classification { classes: classes()?, link: LinkFunction::Softmax }),
        other => Err(bad(format_args!("the loss '{other:.40}' on {outputs} numbers a leaf"))),
    }
}

/// An oblivious tree as nodes: every level asks its question in each of its nodes, the last one first.
fn unfolded(tree: &Oblivious, features: &Features, (outputs, scale): (usize, f64), budget: &mut ValueBudget) -> Result<Tree> {
    let splits = tree.splits.as_deref().unwrap_or_default();
    let depth = splits.len();
    if depth > DEEPEST || tree.leaf_values.len() != outputs << depth {
        return Err(bad(format_args!("{} values of the leaves of {depth} questions", tree.leaf_values.len())));
    }
    let inner = (1usize << depth) - 1;
    let count = inner + (1 << depth);
    budget.take(count, outputs)?;
    let mut made = blank(count, outputs);
    for node in 0..inner {
        let level = (node + 1).ilog2() as usize;
        // The highest bit of a leaf's number is the last question.
        let split = &splits[depth - 1 - level];
        let float = split.float_feature_index.filter(|_| split.split_type == "FloatFeature");
        let feature = float.and_then(|place| features.float_features.get(place));
        let feature = feature.ok_or_else(|| bad(format_args!("a question of the kind {:.40}", split.split_type)))?;
        (made.left[node], made.right[node]) = (2 * node as u32 + 1, 2 * node as u32 + 2);
        made.feature[node] = feature.flat_feature_index as u32;
        made.threshold[node] = f64::from(split.border as f32);
        // What is missing is below all borders, where it is not said to be above them.
        made.missing_left[node] = feature.nan_value_treatment != "AsTrue";
    }
    for leaf in 0..1 << depth {
        let node = inner + leaf;
        for (value, given) in made.value[node * outputs..].iter_mut().zip(&tree.leaf_values[leaf * outputs..(leaf + 1) * outputs]) {
            *value = given * scale;
        }
        made.weight[node] = tree.leaf_weights.get(leaf).copied().unwrap_or(0.0);
        made.rows[node] = made.weight[node].max(0.0) as u64;
    }
    for node in (0..inner).rev() {
        made.weight[node] = made.weight[2 * node + 1] + made.weight[2 * node + 2];
        made.rows[node] = made.rows[2 * node + 1] + made.rows[2 * node + 2];
    }
    Ok(made)
}

fn bad(what: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::BadModelFile, format!("cannot understand this CatBoost model: {what}"))
}
