//! From an ONNX model to an ensemble.

use super::graph::{MOST_COLUMNS, Model, Node, bad, feature_names};
use super::isolation;
use super::trees::tree_table;
use crate::error::Result;
use crate::formats::arrange::ValueBudget;
use crate::trees::{Aggregation, EnsembleTask, LinkFunction, TreeEnsemble};

/// Operators that change the form of a number but not the number.
const HARMLESS: [&str; 10] =
    ["Cast", "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Constant", "ZipMap", "ArrayFeatureExtractor", "ArgMax"];

/// Reads an ONNX model that is one tree ensemble: a regressor, a classifier, or an isolation forest in
/// the merged form ([`super::write`]'s and similar) or in the form that skl2onnx writes.
///
/// Thresholds of 32 bits stay of 32 bits. What ONNX does not hold is 0: rows, weights and impurities of
/// the nodes, the values of inner nodes.
///
/// Errors: [`BadModelFile`](crate::error::ErrorKind::BadModelFile) with the byte or the part of the graph; a graph that computes
/// anything else beside the trees is refused, not guessed at.
pub fn read(bytes: &[u8]) -> Result<TreeEnsemble> {
    let model = Model::parse(bytes)?;
    let trees: Vec<&Node<'_>> = model.nodes.iter().filter(|node| node.operator.starts_with("TreeEnsemble")).collect();
    let ensemble = match trees.as_slice() {
        [] => return Err(bad("it holds no tree ensemble")),
        [node] if node.operator == "TreeEnsembleClassifier" => classifier(&model, node)?,
        [node] if node.operator == "TreeEnsembleRegressor" && isolation::is_merged(&model) => {
            isolation::merged(&model, node, regressor(&model, node)?)?
        }
        [node] if node.operator == "TreeEnsembleRegressor" => {
            only_harmless(&model)?;
            regressor(&model, node)?
        }
        [node] => return Err(bad(format!("operator {} is not understood", node.operator))),
        nodes => isolation::one_by_one(&model, nodes)?,
    };
    ensemble.check()?;
    Ok(ensemble)
}

fn only_harmless(model: &Model<'_>) -> Result<()> {
    match model.nodes.iter().find(|node| !node.operator.starts_with("TreeEnsemble") && !HARMLESS.contains(&node.operator)) {
        None => Ok(()),
        Some(node) => Err(bad(format!("beside the trees it computes {}", node.operator))),
    }
}

/// The ensemble of a regressor operator with one output.
fn regressor(model: &Model<'_>, node: &Node<'_>) -> Result<TreeEnsemble> {
    let targets = node.attribute("n_targets").map_or(1, |targets| targets.integer);
    if targets != 1 {
        return Err(bad(format!("{targets} outputs")));
    }
    let aggregation = match node.text("aggregate_function") {
        b"" | b"SUM" => Aggregation::Sum,
        b"AVERAGE" => Aggregation::Mean,
        other => return Err(bad(format!("trees joined by {}", String::from_utf8_lossy(&other[..other.len().min(40)])))),
    };
    match node.text("post_transform") {
        b"" | b"NONE" => {}
        other => return Err(bad(format!("post transform {}", String::from_utf8_lossy(&other[..other.len().min(40)])))),
    }
    let table = tree_table(node, "target", 1, &mut ValueBudget::new(model.size))?;
    Ok(TreeEnsemble {
        task: EnsembleTask::Regression,
        feature_names: feature_names(model, table.features)?,
        outputs: 1,
        base: base(node, 1)?,
        aggregation,
        comparison: table.comparison,
        single_precision: !table.wide,
        trees: table.trees,
    })
}

fn base(node: &Node<'_>, outputs: usize) -> Result<Vec<f64>> {
    match node.numbers("base_values").0 {
        [] => Ok(vec![0.0; outputs]),
        values if values.len() == outputs && values.iter().all(|value| value.is_finite()) => Ok(values.to_vec()),
        values => Err(bad(format!("{} base values for {outputs} outputs", values.len()))),
    }
}

fn classifier(model: &Model<'_>, node: &Node<'_>) -> Result<TreeEnsemble> {
    only_harmless(model)?;
    let labels = node.integers("classlabels_int64s");
    let texts = node.attribute("classlabels_strings").map_or(0, |labels| labels.texts.len());
    // Labels that are texts are told apart by their place.
    let classes: Vec<f64> =
        if labels.is_empty() { (0..texts).map(|index| index as f64).collect() } else { labels.iter().map(|&label| label as f64).collect() };
    if classes.len() < 2 || classes.len() > MOST_COLUMNS {
        return Err(bad(format!("{} classes", classes.len())));
    }
    let link = match node.text("post_transform") {
        b"" | b"NONE" => LinkFunction::Identity,
        b"LOGISTIC" => LinkFunction::Logistic,
        b"SOFTMAX" => LinkFunction::Softmax,
        other => return Err(bad(format!("post transform {}", String::from_utf8_lossy(&other[..other.len().min(40)])))),
    };
    let table = tree_table(node, "class", classes.len(), &mut ValueBudget::new(model.size))?;
    let mut ensemble = TreeEnsemble {
        feature_names: feature_names(model, table.features)?,
        outputs: classes.len(),
        base: vec![0.0; classes.len()],
        task: EnsembleTask::Classification { classes, link },
        aggregation: Aggregation::Sum,
        comparison: table.comparison,
        single_precision: !table.wide,
        trees: table.trees,
    };
    let one_sided = ensemble.outputs == 2 && table.given.iter().filter(|&&given| given).count() == 1;
    match (one_sided, link) {
        (false, LinkFunction::Logistic) => return Err(bad("a logistic link for several classes")),
        (false, _) => ensemble.base = base(node, ensemble.outputs)?,
        (true, _) => {
            let column = table.given.iter().position(|&given| given).unwrap_or(0);
            one_output(&mut ensemble, column, node)?;
        }
    }
    Ok(ensemble)
}

/// Two classes of which the leaves give only one: what they give is for the second class.
fn one_output(ensemble: &mut TreeEnsemble, column: usize, node: &Node<'_>) -> Result<()> {
    let EnsembleTask::Classification { link, .. } = ensemble.task else { return Err(bad("it is no classifier")) };
    let base = match node.numbers("base_values").0 {
        [] => 0.0,
        [value] | [_, value] if value.is_finite() => *value,
        values => return Err(bad(format!("{} base values for two classes", values.len()))),
    };
    let positive = ensemble.trees.iter().all(|tree| tree.value.iter().all(|&value| value >= 0.0));
    for tree in &mut ensemble.trees {
        tree.value = tree.value.chunks_exact(2).map(|pair| pair[column]).collect();
    }
    match (link, positive) {
        (LinkFunction::Logistic, false) => {
            ensemble.outputs = 1;
            ensemble.base = vec![base];
        }
        // Leaves that are all positive are probabilities, by the operator's definition.
        (LinkFunction::Identity, true) => {
            for tree in &mut ensemble.trees {
                tree.value = tree.value.iter().flat_map(|&value| [-value, value]).collect();
            }
            ensemble.base = vec![1.0 - base, base];
        }
        _ => return Err(bad("two classes with one sum and no probability")),
    }
    Ok(())
}
