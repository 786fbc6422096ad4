//! scikit-learn's histogram gradient boosting. What its own encoder makes of categories stands before it as a step does.

use super::reading::{class_labels, feature_names};
use crate::error::Result;
use crate::formats::arrange::{ValueBudget, arrange, blank};
use crate::formats::object::{Global, ObjectView};
use crate::trees::{
    Aggregation, CategoricalSplit, EnsembleTask, LinkFunction, Precision, ThresholdComparison, Transformation, Tree, TreeEnsemble,
};

/// Reads a fitted `HistGradientBoostingRegressor` or `…Classifier`; `None` for any other class.
/// `file_size` bounds what the trees may take.
///
/// Errors: the part that is missing or wrong; a loss whose output is not the sum itself or a class
/// probability; splits by category without an encoder (before 1.4) of a model that does not note which categories it knows.
pub(in crate::formats) fn read_histogram_boosting(model: &ObjectView<'_, '_>, file_size: usize) -> Result<Option<TreeEnsemble>> {
    if !matches!(model.class()?, Global::HistogramRegressor | Global::HistogramClassifier) {
        return Ok(None);
    }
    let base = model.attribute("_baseline_prediction")?;
    let base = base.array()?.numbers().ok_or_else(|| base.fail("numbers were expected"))?;
    let outputs = base.len();
    let loss = model.attribute("_loss")?;
    let task = match (loss.class()?, outputs) {
        (
            Global::SquaredError | Global::AbsoluteError | Global::PinballLoss | Global::FormerLeastSquares | Global::FormerLeastAbsolute,
            1,
        ) => EnsembleTask::Regression,
        (Global::PoissonLoss | Global::GammaLoss | Global::FormerPoisson, 1) => EnsembleTask::Transformed(Transformation::Exponential),
        (Global::BinomialLoss | Global::FormerBinaryEntropy, 1) => {
            EnsembleTask::Classification { classes: class_labels(model)?, link: LinkFunction::Logistic }
        }
        (Global::MultinomialLoss | Global::FormerCategoricalEntropy, 2..) => {
            EnsembleTask::Classification { classes: class_labels(model)?, link: LinkFunction::Softmax }
        }
        (other, _) => return Err(loss.fail(format_args!("{} with {outputs} outputs", other.symbol()))),
    };
    if let EnsembleTask::Classification { classes, .. } = &task
        && classes.len() != outputs.max(2)
    {
        return Err(model.fail(format_args!("{} classes and {outputs} outputs", classes.len())));
    }
    let feature_names = feature_names(model)?;
    let is_encoded = model.find("_preprocessor")?.is_some_and(|encoder| !encoder.is_none());
    let known = if is_encoded { Vec::new() } else { known_categories(model)? };
    let mut limits = Limits { is_encoded, known, values: ValueBudget::new(file_size), bytes_left: file_size };
    let mut trees = Vec::new();
    for round in model.attribute("_predictors")?.items()? {
        let members = round.items()?;
        if members.len() != outputs {
            return Err(round.fail(format_args!("{} trees for {outputs} outputs", members.len())));
        }
        for (output, member) in members.iter().enumerate() {
            trees.push(tree(member, trees.len(), output, outputs, &mut limits)?);
        }
    }
    let ensemble = TreeEnsemble {
        task,
        feature_names,
        outputs,
        base,
        aggregation: Aggregation::SumFromBase,
        comparison: ThresholdComparison::LessOrEqual,
        precision: Precision::Double,
        trees,
    };
    ensemble.check()?;
    Ok(Some(ensemble))
}

/// 32-bit words of a set of categories.
const WORDS: usize = 8;

/// What the trees may come to: a table that is named twice counts twice.
struct Limits {
    /// Whether every category that a tree meets is one of its training.
    is_encoded: bool,
    /// Else the categories that each feature had in training; the others are missing ones.
    known: Vec<Vec<u32>>,
    values: ValueBudget,
    bytes_left: usize,
}

/// The categories of each feature that has such, ascending; empty where the model does not note them.
fn known_categories(model: &ObjectView<'_, '_>) -> Result<Vec<Vec<u32>>> {
    let Some(bins) = model.find("_bin_mapper")?.filter(|bins| !bins.is_none()) else { return Ok(Vec::new()) };
    let (Some(kinds), Some(values)) = (bins.find("is_categorical_")?, bins.find("bin_thresholds_")?) else { return Ok(Vec::new()) };
    let (kinds, values) = (kinds.numbers()?, values.items()?);
    if kinds.iter().all(|&kind| kind == 0.0) || kinds.len() != values.len() {
        return Ok(Vec::new());
    }
    let known = |(values, &kind): (&ObjectView<'_, '_>, &f64)| -> Result<Vec<u32>> {
        if kind == 0.0 {
            return Ok(Vec::new());
        }
        let mut known: Vec<u32> =
            values.numbers()?.into_iter().filter(|value| (0.0..(32 * WORDS) as f64).contains(value)).map(|value| value as u32).collect();
        known.sort_unstable();
        Ok(known)
    };
    values.iter().zip(&kinds).map(known).collect()
}

fn tree(predictor: &ObjectView<'_, '_>, number: usize, output: usize, outputs: usize, limits: &mut Limits) -> Result<Tree> {
    let nodes = predictor.attribute("nodes")?;
    let records = nodes.array()?;
    let count = records.len();
    limits.bytes_left =
        limits.bytes_left.checked_sub(records.data.len()).ok_or_else(|| nodes.fail("the trees take more bytes than the file has"))?;
    limits.values.take(count, outputs)?;
    let column = |name: &str| records.column(name).ok_or_else(|| nodes.fail(format_args!("nodes without a field {name} of numbers")));
    let by_category = column("is_categorical")?;
    let has_categories = by_category.iter().any(|&flag| flag != 0.0);
    if has_categories && !limits.is_encoded && limits.known.is_empty() {
        return Err(nodes.fail("splits by category without an encoder").hint("fit it again with scikit-learn 1.4 or later"));
    }
    let (sets, set_of) = match has_categories {
        true => (predictor.attribute("raw_left_cat_bitsets")?.numbers()?, column("bitset_idx")?),
        false => (Vec::new(), Vec::new()),
    };
    let (is_leaf, left, right, feature, threshold) =
        (column("is_leaf")?, column("left")?, column("right")?, column("feature_idx")?, column("num_threshold")?);
    let (missing, gain, rows, value) = (column("missing_go_to_left")?, column("gain")?, column("count")?, column("value")?);
    let mut tree = blank(count, outputs);
    for node in 0..count {
        tree.value[node * outputs + output] = value[node];
        (tree.rows[node], tree.weight[node]) = (rows[node] as u64, rows[node]);
        if is_leaf[node] != 0.0 {
            continue;
        }
        let child = |child: f64| {
            if (0.0..count as f64).contains(&child) {
                Ok(child as u32)
            } else {
                Err(nodes.fail(format_args!("node {node}: child {child} of {count} nodes")))
            }
        };
        (tree.left[node], tree.right[node]) = (child(left[node])?, child(right[node])?);
        tree.feature[node] = if (0.0..f64::from(u32::MAX)).contains(&feature[node]) {
            feature[node] as u32
        } else {
            return Err(nodes.fail(format_args!("node {node}: feature {}", feature[node])));
        };
        (tree.threshold[node], tree.missing_left[node], tree.gain[node]) = (threshold[node], missing[node] != 0.0, gain[node]);
        if by_category[node] != 0.0 {
            let first = set_of[node] as usize * WORDS;
            let words = sets.get(first..first + WORDS).ok_or_else(|| nodes.fail(format_args!("node {node}: set {}", set_of[node])))?;
            let is_in = |category: &u32| words[*category as usize / 32] as u32 >> (category % 32) & 1 == 1;
            tree.threshold[node] = 0.0;
            let mut left: Vec<u32> = (0..32 * WORDS as u32).filter(is_in).collect();
            // What is unknown goes where missing values go: with them to the left, unless it is one of the known others.
            if !limits.is_encoded && tree.missing_left[node] {
                let known = limits.known.get(tree.feature[node] as usize).ok_or_else(|| nodes.fail("a category of no feature"))?;
                limits.values.take(known.len(), 1)?;
                left = known.iter().copied().filter(|category| left.binary_search(category).is_err()).collect();
                (tree.left[node], tree.right[node]) = (tree.right[node], tree.left[node]);
                tree.missing_left[node] = false;
            }
            tree.categorical.push(CategoricalSplit { node: node as u32, left });
        }
    }
    arrange(tree, 0, number)
}
