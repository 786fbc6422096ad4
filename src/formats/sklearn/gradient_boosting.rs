//! scikit-learn's `GradientBoostingRegressor` and `GradientBoostingClassifier`: a first guess and rounds of shrunken trees.

use super::reading::{TreeReader, class_labels, feature_names};
use crate::error::Result;
use crate::formats::object::{Global, ObjectView};
use crate::trees::{Aggregation, EnsembleTask, LinkFunction, Precision, ThresholdComparison, TreeEnsemble};

/// Reads a fitted model; `None` for an object of another class. Values compare as 32-bit floats with 64-bit thresholds.
///
/// Errors: a loss or a first guess that is not understood, by its name; those of reading trees.
pub(super) fn read_gradient_boosting(model: &ObjectView<'_, '_>, file_size: usize) -> Result<Option<TreeEnsemble>> {
    if !matches!(model.class()?, Global::GradientBoostingRegressor | Global::GradientBoostingClassifier) {
        return Ok(None);
    }
    let loss = model.attribute("loss")?;
    // The exponential loss takes half of the logit for its margin.
    let (is_regression, factor) = match loss.text()? {
        "squared_error" | "ls" | "absolute_error" | "lad" | "huber" | "quantile" => (true, 1.0),
        "log_loss" | "deviance" => (false, 1.0),
        "exponential" => (false, 2.0),
        other => return Err(loss.fail(format_args!("the loss {other:.40}"))),
    };
    let stages = model.attribute("estimators_")?;
    let outputs = match stages.array()?.shape.as_slice() {
        [_, outputs @ 1..=1_000] => *outputs,
        shape => return Err(stages.fail(format_args!("stages of the shape {shape:?}"))),
    };
    let task = match (is_regression, outputs) {
        (true, 1) => EnsembleTask::Regression,
        (false, 1) => EnsembleTask::Classification { classes: class_labels(model)?, link: LinkFunction::Logistic },
        (false, _) => EnsembleTask::Classification { classes: class_labels(model)?, link: LinkFunction::Softmax },
        (true, _) => return Err(stages.fail(format_args!("{outputs} trees a stage of a regression"))),
    };
    if let EnsembleTask::Classification { classes, .. } = &task
        && classes.len() != outputs.max(2)
    {
        return Err(model.fail(format_args!("{} classes and {outputs} trees a stage", classes.len())));
    }
    let feature_names = feature_names(model)?;
    let scale = model.attribute("learning_rate")?.number()? * factor;
    let mut reader = TreeReader { features: feature_names.len(), outputs: 1, is_votes: false, bytes_left: file_size };
    let mut trees = Vec::new();
    for (number, estimator) in stages.elements()?.iter().enumerate() {
        let mut tree = reader.valued_tree(estimator)?;
        let mut value = vec![0.0; tree.len() * outputs];
        for (node, given) in tree.value.iter().enumerate() {
            value[node * outputs + number % outputs] = given * scale;
        }
        tree.value = value;
        trees.push(tree);
    }
    let ensemble = TreeEnsemble {
        base: first_guess(model, &task, outputs)?,
        task,
        feature_names,
        outputs,
        aggregation: Aggregation::SumFromBase,
        comparison: ThresholdComparison::LessOrEqual,
        precision: Precision::SingleValues,
        trees,
    };
    ensemble.check()?;
    Ok(Some(ensemble))
}

/// What the sums begin with: a constant, or the margins of the classes' shares.
fn first_guess(model: &ObjectView<'_, '_>, task: &EnsembleTask, outputs: usize) -> Result<Vec<f64>> {
    let guess = model.attribute("init_")?;
    if guess.text().is_ok_and(|text| text == "zero") {
        return Ok(vec![0.0; outputs]);
    }
    let numbers = |key: &str, count: usize| -> Result<Vec<f64>> {
        let view = guess.attribute(key)?;
        match view.numbers()? {
            numbers if numbers.len() == count => Ok(numbers),
            numbers => Err(view.fail(format_args!("{} numbers, expected {count}", numbers.len()))),
        }
    };
    match (guess.class()?, task) {
        (Global::DummyRegressor, EnsembleTask::Regression) => numbers("constant_", 1),
        (Global::DummyClassifier, EnsembleTask::Classification { .. }) => {
            let smallest = f64::from(f32::EPSILON);
            let shares: Vec<f64> =
                numbers("class_prior_", outputs.max(2))?.into_iter().map(|share| share.clamp(smallest, 1.0 - smallest)).collect();
            Ok(match shares.as_slice() {
                [_, second] if outputs == 1 => vec![(second / (1.0 - second)).ln()],
                shares => {
                    let logarithms: Vec<f64> = shares.iter().map(|share| share.ln()).collect();
                    // Since 1.4 the margins of several classes add up to 0.
                    let mean = if model.find("_loss")?.is_some() { logarithms.iter().sum::<f64>() / shares.len() as f64 } else { 0.0 };
                    logarithms.into_iter().map(|logarithm| logarithm - mean).collect()
                }
            })
        }
        (other, _) => Err(guess.fail(format_args!("the first guess is made by {}.{}", other.module(), other.symbol()))),
    }
}
