//! From an ONNX model to an ensemble.

use std::collections::BTreeSet;

use super::graph::{MOST_COLUMNS, Model, Node, bad};
use super::inputs::Inputs;
use super::isolation;
use super::outputs::{ClassOutputs, classes, ways};
use super::several;
use super::targets;
use super::trees::{TreeTable, tree_table};
use crate::error::Result;
use crate::formats::arrange::ValueBudget;
use crate::formats::read_model::ReadTrees;
use crate::statistics::ClassLabel;
use crate::trees::{Aggregation, EnsembleTask, LinkFunction, TreeEnsemble};

/// Reads an ONNX model that is one tree ensemble: a regressor, a classifier, or an isolation forest in
/// the merged form ([`super::write`]'s and similar) or in the form that skl2onnx writes; sums and means of several
/// ensembles are read by [`read`](crate::formats::read).
///
/// The graph is followed from its inputs to the trees and from the trees to its outputs. Choosing, scaling, filling and
/// casting columns before the trees become part of them; sums are of 32 bits where ONNX Runtime's are. What ONNX does
/// not hold is 0: rows, weights and impurities of the nodes, the values of inner nodes.
///
/// Errors: [`BadModelFile`](crate::error::ErrorKind::BadModelFile) with the byte or the part of the graph; a graph that computes
/// anything else beside the trees is refused with the operator's name, not guessed at.
pub fn read(bytes: &[u8]) -> Result<TreeEnsemble> {
    read_as(bytes)?.alone()
}

/// Like [`read`], also of trees of which one answers.
pub(in crate::formats) fn read_as(bytes: &[u8]) -> Result<ReadTrees> {
    let model = Model::parse(bytes)?;
    let trees: Vec<&Node<'_>> = model.nodes.iter().filter(|node| node.operator.starts_with("TreeEnsemble")).collect();
    let read: ReadTrees = match trees.as_slice() {
        [] => {
            let operators: BTreeSet<String> = model.nodes.iter().map(Node::called).collect();
            let told = operators.into_iter().take(8).collect::<Vec<_>>().join(", ");
            return Err(bad(format_args!("it holds no tree ensemble, its operators are {told:.300}")));
        }
        [node] if node.is("TreeEnsembleClassifier") => classifier(&model, node)?.into(),
        [node] if node.is("TreeEnsembleRegressor") && isolation::is_merged(&model) => {
            isolation::merged(&model, node, targets::regressor_alone(&model, node)?)?.into()
        }
        [node] if node.is("TreeEnsembleRegressor") => targets::regressor(&model, node)?,
        [node] if node.is("TreeEnsemble") => targets::ensemble(&model, node)?,
        [node] => return Err(bad(format_args!("the operator {} is not understood", node.called()))),
        nodes if isolation::is_merged(&model) => isolation::one_by_one(&model, nodes)?.into(),
        nodes => several::read(&model, nodes)?,
    };
    if read.committee.is_none() {
        read.ensemble.check()?;
    }
    Ok(read)
}

/// The trees of an operator on the graph's own columns.
pub(super) fn on_inputs(
    model: &Model<'_>,
    node: &Node<'_>,
    table: TreeTable,
    ensemble: impl FnOnce(TreeEnsemble) -> TreeEnsemble,
) -> Result<TreeEnsemble> {
    let tensor = *node.inputs.first().ok_or_else(|| bad("a tree operator without an input"))?;
    let inputs = Inputs::follow(model, &[tensor], table.features)?;
    let prepared = inputs.prepared(tensor)?;
    let trees = TreeEnsemble {
        comparison: table.comparison,
        precision: prepared.precision,
        ..TreeEnsemble::averaged(EnsembleTask::Regression, Vec::new(), 1, table.trees)
    };
    prepared.preparation.fold(inputs.names, ensemble(trees))
}

/// What is added to the trees, of any spelling; as many as outputs.
pub(super) fn base(node: &Node<'_>, outputs: usize) -> Result<Vec<f64>> {
    match node.numbers("base_values").0 {
        [] => Ok(vec![0.0; outputs]),
        values if values.len() == outputs && values.iter().all(|value| value.is_finite()) => Ok(values.to_vec()),
        values => Err(bad(format!("{} base values for {outputs} outputs", values.len()))),
    }
}

fn classifier(model: &Model<'_>, node: &Node<'_>) -> Result<TreeEnsemble> {
    let asked = |told: &mut Vec<ClassLabel>| classes(model, node, &ways(model, node)?, told);
    let Votes { told, link, outputs, base, table } = votes(node, asked, &mut ValueBudget::new(model.size))?;
    on_inputs(model, node, table, |trees| TreeEnsemble {
        task: EnsembleTask::Classification { classes: told, link },
        outputs,
        base,
        aggregation: Aggregation::Sum,
        ..trees
    })
}

/// A `TreeEnsembleClassifier` by itself.
pub(super) struct Votes {
    /// Names of the classes.
    pub(super) told: Vec<ClassLabel>,
    pub(super) link: LinkFunction,
    pub(super) outputs: usize,
    pub(super) base: Vec<f64>,
    pub(super) table: TreeTable,
}

/// What the operator holds; `asked` tells what is answered of it, and may give the classes other names.
pub(super) fn votes(
    node: &Node<'_>,
    asked: impl FnOnce(&mut Vec<ClassLabel>) -> Result<ClassOutputs>,
    budget: &mut ValueBudget,
) -> Result<Votes> {
    let labels = node.integers("classlabels_int64s");
    let texts = node.attribute("classlabels_strings").map_or(&[][..], |labels| &labels.texts);
    let mut told: Vec<ClassLabel> = match labels {
        [] => texts.iter().map(|text| ClassLabel::Text(String::from_utf8_lossy(text).into_owned())).collect(),
        labels => labels.iter().copied().map(ClassLabel::from).collect(),
    };
    let count = told.len();
    if count < 2 || count > MOST_COLUMNS {
        return Err(bad(format!("{count} classes")));
    }
    let asked = asked(&mut told)?;
    let mut link = match node.text("post_transform") {
        b"" | b"NONE" => LinkFunction::Identity,
        b"LOGISTIC" => LinkFunction::Logistic,
        b"SOFTMAX" => LinkFunction::Softmax,
        other => return Err(bad(format!("post transform {}", String::from_utf8_lossy(&other[..other.len().min(40)])))),
    };
    let mut table = tree_table(node, "class", count, budget)?;
    let (outputs, base) = match count {
        2 => two_classes(node, &mut table, &mut link)?,
        _ => several_classes(node, &table, link)?,
    };
    if asked.label && count == 2 && outputs == 2 && labels != [0, 1] {
        return Err(bad("two classes with votes for each are labelled 0 and 1 by ONNX Runtime, whatever their names are"));
    }
    if asked.normalized && !adds_up(&table, outputs, link, &base) {
        return Err(bad("behind the trees it computes Normalizer of votes that do not add up to 1"));
    }
    Ok(Votes { told, link, outputs, base, table })
}

/// What leaves of more than two classes say is a sum each; a class without a vote is not looked at by ONNX Runtime.
fn several_classes(node: &Node<'_>, table: &TreeTable, link: LinkFunction) -> Result<(usize, Vec<f64>)> {
    if link == LinkFunction::Logistic {
        return Err(bad("a logistic link for several classes"));
    }
    if table.given.contains(&false) && table.trees.iter().any(|tree| tree.value.iter().any(|&value| value < 0.0)) {
        return Err(bad("a class that no leaf votes for beside votes below 0"));
    }
    Ok((table.given.len(), base(node, table.given.len())?))
}

/// Two classes: how many sums there are for them, and what is added. The leaves' values become those of the sums.
///
/// ONNX Runtime decides by the values which sum is a probability and which a margin, and by their signs which is the
/// label: only where both agree is it a classifier.
fn two_classes(node: &Node<'_>, table: &mut TreeTable, link: &mut LinkFunction) -> Result<(usize, Vec<f64>)> {
    let base = node.numbers("base_values").0;
    let pairs = |holds: fn(f64, f64) -> bool| {
        table.trees.iter().all(|tree| {
            (0..tree.len()).filter(|&leaf| tree.is_leaf(leaf)).all(|leaf| holds(tree.value[2 * leaf], tree.value[2 * leaf + 1]))
        })
    };
    let (positive, opposite, second_only) =
        (pairs(|first, second| first >= 0.0 && second >= 0.0), pairs(|first, second| first == -second), pairs(|first, _| first == 0.0));
    let column = match (table.given.as_slice(), *link) {
        // Positive votes for the first class alone mean the second, by the operator's definition.
        ([true, false], LinkFunction::Identity) if positive => 0,
        ([true, false], LinkFunction::Logistic) if !positive => 0,
        ([true, true], LinkFunction::Logistic) if opposite && base.is_empty() => 1,
        ([true, true], LinkFunction::Softmax) if second_only && base.is_empty() => {
            *link = LinkFunction::Logistic;
            1
        }
        _ => return Err(bad("two classes whose votes and labels ONNX Runtime takes apart")),
    };
    let base = match base {
        [] => 0.0,
        [value] if value.is_finite() => *value,
        values => return Err(bad(format!("{} base values for two classes", values.len()))),
    };
    for tree in &mut table.trees {
        tree.value = tree.value.chunks_exact(2).map(|pair| pair[column]).collect();
    }
    Ok((1, vec![base]))
}

/// Whether the probabilities add up to 1 before they are divided by their sum.
fn adds_up(table: &TreeTable, outputs: usize, link: LinkFunction, base: &[f64]) -> bool {
    if outputs == 1 || link != LinkFunction::Identity {
        return true;
    }
    let sum_of = |tree: &crate::trees::Tree, leaf: usize| tree.value[leaf * outputs..(leaf + 1) * outputs].iter().sum::<f64>();
    let mut total = base.iter().sum::<f64>();
    for tree in &table.trees {
        let mut sums = (0..tree.len()).filter(|&leaf| tree.is_leaf(leaf)).map(|leaf| sum_of(tree, leaf));
        let first = sums.next().unwrap_or(0.0);
        if sums.any(|sum| (sum - first).abs() > 1e-6) {
            return false;
        }
        total += first;
    }
    (total - 1.0).abs() < 1e-5
}
