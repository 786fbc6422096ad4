//! Isolation forests in ONNX: what the operators around the trees say about them.

use std::collections::HashMap;

use super::graph::{Model, Node, bad};
use super::inputs::Inputs;
use super::probe::outputs;
use super::trees::tree_table;
use crate::error::Result;
use crate::formats::arrange::ValueBudget;
use crate::formats::path_length::{fill_from_leaves, node_depths, rows_of_path_length};
use crate::formats::unfold::UnfoldBudget;
use crate::trees::average_path_length;
use crate::trees::{Aggregation, EnsembleTask, IsolationScore, Precision, Tree, TreeEnsemble};

/// Operators that pass a number on unchanged.
const PASSING: [&str; 6] = ["Cast", "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze"];

/// Whether the trees' sum becomes the exponent of 2.
pub(super) fn is_merged(model: &Model<'_>) -> bool {
    power(model).is_some()
}

fn power<'m, 'a>(model: &'m Model<'a>) -> Option<&'m Node<'a>> {
    model.nodes.iter().find(|node| node.operator == "Pow" && node.inputs.first().and_then(|base| model.scalar(base)) == Some(2.0))
}

/// The merged form: one tree operator, then `2^(factor · sum)`. The leaves hold path lengths, or what
/// they add to the exponent.
///
/// Errors: arithmetic that is not an isolation forest's, by trying it.
pub(super) fn merged<'a>(model: &Model<'a>, trees: &Node<'a>, mut ensemble: TreeEnsemble) -> Result<TreeEnsemble> {
    if ensemble.base[0] != 0.0 {
        return Err(bad("an isolation forest with a base value"));
    }
    let count = ensemble.trees.len() as f64;
    let output = *trees.outputs.first().ok_or_else(|| bad("a tree operator without an output"))?;
    let divisor = if ensemble.aggregation == Aggregation::Mean { count } else { 1.0 };
    let probes: Vec<Probe<'a>> = (0..PROBES)
        .map(|number| Probe::of(&ensemble.trees, number))
        .map(|probe| {
            let sum: f64 = ensemble.trees.iter().zip(&probe.leaves).map(|(tree, &leaf)| tree.value[leaf]).sum();
            Probe { given: HashMap::from([(output, sum / divisor)]), ..probe }
        })
        .collect();
    let factor = factor(model, trees)? / if ensemble.aggregation == Aggregation::Mean { count } else { 1.0 };
    // A leaf adds -(depth + c(rows)) / normal to the exponent, with normal = trees · c(subsample).
    // Most leaves of isolation trees hold one row, for which c is 0: they tell the normal.
    let mut normal = 0f64;
    for tree in &mut ensemble.trees {
        for (node, depth) in leaf_depths(tree) {
            tree.value[node] *= -factor;
            if !(tree.value[node] >= 0.0 && tree.value[node].is_finite()) {
                return Err(bad("leaves that are no path lengths"));
            }
            if tree.value[node] > 0.0 {
                normal = normal.max(f64::from(depth) / tree.value[node]);
            }
        }
    }
    let subsample = match model.note("subsample").and_then(|note| note.parse::<usize>().ok()) {
        Some(subsample) if subsample > 1 => subsample,
        _ if normal > 0.0 => rows_of_path_length(normal / count).max(2),
        _ => return Err(bad("an isolation forest without a split")),
    };
    let normal = count * average_path_length(subsample);
    for tree in &mut ensemble.trees {
        for (node, depth) in leaf_depths(tree) {
            tree.value[node] *= normal;
            tree.rows[node] = rows_of_path_length(tree.value[node] - f64::from(depth)) as u64;
        }
        fill_from_leaves(tree);
    }
    ensemble.task = EnsembleTask::Isolation(score(model, subsample)?);
    ensemble.aggregation = Aggregation::Mean;
    answers_as(model, &ensemble, &probes)?;
    Ok(ensemble)
}

/// How many leaves of each tree are tried.
const PROBES: usize = 24;

/// One leaf of every tree, and what the tree operators give there.
struct Probe<'a> {
    leaves: Vec<usize>,
    given: HashMap<&'a str, f64>,
}

impl Probe<'_> {
    /// The probe of that number: leaves far from each other.
    fn of(trees: &[Tree], number: usize) -> Self {
        let choose = |(place, tree): (usize, &Tree)| {
            let leaves: Vec<usize> = (0..tree.len()).filter(|&node| tree.is_leaf(node)).collect();
            leaves[(number * 7919 + place * 31 * (number + 1)) % leaves.len()]
        };
        Probe { leaves: trees.iter().enumerate().map(choose).collect(), given: HashMap::new() }
    }
}

/// Whether all outputs of the graph are what an isolation forest answers: the score, the score less the offset, or -1
/// for a score below the offset and 1 for any other.
fn answers_as(model: &Model<'_>, ensemble: &TreeEnsemble, probes: &[Probe<'_>]) -> Result<()> {
    let EnsembleTask::Isolation(told) = &ensemble.task else { return Err(bad("it is no isolation forest")) };
    let normal = average_path_length(told.subsample);
    // What each output may still be.
    let mut meanings = vec![[true; 3]; model.outputs.len()];
    for probe in probes {
        let path: f64 = ensemble.trees.iter().zip(&probe.leaves).map(|(tree, &leaf)| tree.value[leaf]).sum();
        let score = -(-path / ensemble.trees.len() as f64 / normal).exp2();
        let is_near = |one: f64, other: f64| (one - other).abs() <= 1e-5;
        let label = if score < told.offset { -1.0 } else { 1.0 };
        for (value, meanings) in outputs(model, &probe.given)?.into_iter().zip(&mut meanings) {
            let fits = [is_near(value, score), is_near(value, score - told.offset), value == label || is_near(score, told.offset)];
            meanings.iter_mut().zip(fits).for_each(|(meaning, fits)| *meaning &= fits);
        }
    }
    match meanings.iter().position(|meanings| !meanings.contains(&true)) {
        None if !meanings.is_empty() => Ok(()),
        place => {
            let name = place.map_or("", |place| model.outputs[place]);
            Err(bad(format_args!("the output '{name:.60}' is not what an isolation forest answers")))
        }
    }
}

/// The leaves and their depth in edges.
fn leaf_depths(tree: &Tree) -> Vec<(usize, u32)> {
    node_depths(tree).into_iter().enumerate().filter(|(node, _)| tree.is_leaf(*node)).collect()
}

/// What the sum of the trees is multiplied with on its way to the exponent of 2.
fn factor(model: &Model<'_>, trees: &Node<'_>) -> Result<f64> {
    let mut factor = 1.0;
    let mut name = *trees.outputs.first().ok_or_else(|| bad("a tree operator without an output"))?;
    for _ in 0..model.nodes.len() {
        let step = model.takers(name).find_map(|taker| {
            let other = taker.inputs.iter().find(|&&input| input != name).and_then(|input| model.scalar(input));
            let first = taker.inputs.first() == Some(&name);
            match (taker.operator, other) {
                (operator, _) if first && PASSING.contains(&operator) => Some((taker, 1.0)),
                ("Neg", _) => Some((taker, -1.0)),
                ("Mul", Some(number)) => Some((taker, number)),
                ("Div", Some(number)) if first => Some((taker, 1.0 / number)),
                ("Pow", Some(2.0)) if !first => Some((taker, 1.0)),
                _ => None,
            }
        });
        let Some((taker, number)) = step else { break };
        factor *= number;
        if taker.operator == "Pow" {
            return Ok(factor);
        }
        name = *taker.outputs.first().ok_or_else(|| bad("an operator without an output"))?;
    }
    Err(bad("the way from the trees to the score is not understood"))
}

/// Offset and contamination: from the notes, else from what the score is compared with.
fn score(model: &Model<'_>, subsample: usize) -> Result<IsolationScore> {
    let number = |key: &str| model.note(key).and_then(|note| note.parse::<f64>().ok()).filter(|number| number.is_finite());
    let offset = match number("offset").or_else(|| offset_after_power(model)) {
        Some(offset) => offset,
        None => return Err(bad("no offset that tells anomalies from the rest")),
    };
    Ok(IsolationScore { subsample, offset, contamination: number("contamination") })
}

/// The constant that the score, `-2^…`, is compared with or lowered by.
fn offset_after_power(model: &Model<'_>) -> Option<f64> {
    let power = power(model)?;
    let negative = model.takers(power.outputs.first()?).find(|taker| taker.operator == "Neg")?;
    let score = *negative.outputs.first()?;
    model.takers(score).find_map(|taker| {
        let constant = model.scalar(taker.inputs.iter().find(|&&input| input != score)?)?;
        match taker.operator {
            "Add" => Some(-constant),
            "Sub" | "Less" if taker.inputs.first() == Some(&score) => Some(constant),
            _ => None,
        }
    })
}

/// The form of skl2onnx: one operator a tree that gives the leaf's number, tables from the leaf's
/// number to its rows, and arithmetic from there.
///
/// Errors: arithmetic that is not an isolation forest's, by trying it.
pub(super) fn one_by_one<'a>(model: &Model<'a>, nodes: &[&Node<'a>]) -> Result<TreeEnsemble> {
    if let Some(other) = nodes.iter().find(|node| !node.is("TreeEnsembleRegressor")) {
        return Err(bad(format_args!("{} tree ensembles in one graph, of which one is a {}", nodes.len(), other.called())));
    }
    let divisor = model.nodes.iter().filter(|node| node.operator == "Div").find_map(|node| model.scalar(node.inputs.get(1)?));
    let normal = divisor.filter(|_| is_merged(model)).filter(|&divisor| divisor > 0.0);
    let normal = normal
        .ok_or_else(|| bad("several trees whose sum becomes a power of 2 and is divided by no number, as no isolation forest's is"))?;
    let mut trees = Vec::with_capacity(nodes.len());
    let wanted: Vec<&str> = nodes.iter().filter_map(|node| node.inputs.first().copied()).collect();
    let mut tables = Vec::with_capacity(nodes.len());
    let mut budget = ValueBudget::new(model.size);
    for node in nodes {
        tables.push(tree_table(node, "target", 1, &mut budget)?);
    }
    let inputs = Inputs::follow(model, &wanted, tables.iter().map(|table| table.features).max().unwrap_or(0))?;
    let mut precision = Precision::Single;
    for (table, tensor) in tables.into_iter().zip(&wanted) {
        let [mut tree] = <[Tree; 1]>::try_from(table.trees)
            .map_err(|trees| bad(format_args!("{} trees in one of several operators, which are no isolation forest", trees.len())))?;
        let prepared = inputs.prepared(tensor)?;
        prepared.preparation.check(inputs.names.len())?;
        let nodes = tree.len();
        prepared.preparation.fold_tree(&mut tree, (table.comparison, prepared.precision), &mut UnfoldBudget::of_trees(&[]))?;
        // Path lengths are counted in nodes.
        if tree.len() != nodes {
            return Err(bad("numbers without a root go another way than their neighbours"));
        }
        precision = if prepared.preparation.single { prepared.precision } else { Precision::Double };
        trees.push(tree);
    }
    let output = |node: &Node<'a>| node.outputs.first().copied().unwrap_or_default();
    let probes: Vec<Probe<'a>> = (0..PROBES)
        .map(|number| {
            let probe = Probe::of(&trees, number);
            let given =
                nodes.iter().zip(trees.iter().zip(&probe.leaves)).map(|(node, (tree, &leaf))| (output(node), tree.value[leaf])).collect();
            Probe { given, ..probe }
        })
        .collect();
    let trees =
        trees.into_iter().zip(nodes).map(|(tree, node)| with_rows(tree, &tables_after(model, node))).collect::<Result<Vec<Tree>>>()?;
    let subsample = rows_of_path_length(normal / nodes.len() as f64);
    let task = EnsembleTask::Isolation(score(model, subsample)?);
    let ensemble = TreeEnsemble { precision, ..TreeEnsemble::averaged(task, inputs.names, 1, trees) };
    answers_as(model, &ensemble, &probes)?;
    Ok(ensemble)
}

/// The tables that are asked with the output of a tree operator: number by leaf.
fn tables_after(model: &Model<'_>, trees: &Node<'_>) -> Vec<HashMap<i64, f64>> {
    let casts = trees.outputs.iter().flat_map(|output| model.takers(output)).filter(|taker| taker.operator == "Cast");
    let encoders =
        casts.flat_map(|cast| cast.outputs.iter().flat_map(|output| model.takers(output))).filter(|taker| taker.operator == "LabelEncoder");
    encoders
        .map(|encoder| encoder.integers("keys_int64s").iter().copied().zip(encoder.numbers("values_floats").0.iter().copied()).collect())
        .collect()
}

/// Rows of the leaves from the table that is not the one of path lengths in nodes.
fn with_rows(mut tree: Tree, tables: &[HashMap<i64, f64>]) -> Result<Tree> {
    let depths = node_depths(&tree);
    let leaves: Vec<usize> = (0..tree.len()).filter(|&node| tree.is_leaf(node)).collect();
    let is_path =
        |table: &HashMap<i64, f64>| leaves.iter().all(|&leaf| table.get(&(tree.value[leaf] as i64)) == Some(&f64::from(depths[leaf] + 1)));
    let rows = match tables {
        [only] => only,
        [first, second] if is_path(first) => second,
        [first, second] if is_path(second) => first,
        _ => return Err(bad("the tables behind a tree are not understood")),
    };
    for leaf in leaves {
        let number = rows.get(&(tree.value[leaf] as i64)).copied().filter(|rows| *rows >= 0.0 && rows.fract() == 0.0 && *rows < 1e15);
        tree.rows[leaf] = number.ok_or_else(|| bad("a leaf without a count of rows"))? as u64;
        tree.value[leaf] = f64::from(depths[leaf]) + average_path_length(tree.rows[leaf] as usize);
    }
    fill_from_leaves(&mut tree);
    Ok(tree)
}
