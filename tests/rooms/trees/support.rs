//! What the other files draw on: shared references, made-up data, trees spelled out.

use hivectl::statistics::random::SplitMix64;
use hivectl::trees::{Columns, EnsembleTask, Tree, TreeEnsemble};
use serde_json::Value;

pub use crate::common::shared::shared;

pub fn oracle(name: &str) -> Option<Value> {
    let path = shared("oracles")?.join(name);
    Some(serde_json::from_slice(&std::fs::read(path).expect("a readable oracle")).expect("JSON"))
}

pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("an array").iter().map(|number| number.as_f64().unwrap_or(f64::NAN)).collect()
}

/// Columns of a row-major JSON matrix.
pub fn matrix(value: &Value) -> Vec<Vec<f32>> {
    let rows: Vec<Vec<f64>> = value.as_array().expect("rows").iter().map(numbers).collect();
    (0..rows[0].len()).map(|column| rows.iter().map(|row| row[column] as f32).collect()).collect()
}

pub fn columns(matrix: &[Vec<f32>]) -> Columns<'_> {
    Columns::new(matrix.iter().map(Vec::as_slice).collect(), matrix[0].len()).expect("columns of one length")
}

pub fn squared_error(predictions: &[f64], target: &[f64]) -> f64 {
    predictions.iter().zip(target).map(|(prediction, target)| (prediction - target).powi(2)).sum()
}

/// Targets with structure and noise over a few kinds of features.
pub fn synthetic(rows: usize, seed: u64) -> (Vec<Vec<f32>>, Vec<f64>) {
    let mut random = SplitMix64::new(seed);
    let mut unit = || random.unit();
    let mut matrix = vec![Vec::new(); 6];
    let mut target = Vec::with_capacity(rows);
    for _ in 0..rows {
        let row =
            [unit(), (unit() * 5.0).floor(), -unit().ln(), (unit() * 2.0).floor(), unit(), if unit() < 0.1 { f64::NAN } else { unit() }];
        let signal =
            40.0 * (3.0 * row[0]).sin() + 9.0 * row[1] + 15.0 * row[2] * row[3] + if row[5].is_nan() { 30.0 } else { 5.0 * row[5] };
        target.push((1000.0 * (signal + unit())).round());
        matrix.iter_mut().zip(row).for_each(|(column, value)| column.push(value as f32));
    }
    (matrix, target)
}

pub fn quiet(_: usize) {}

/// Trees spelled out as scikit-learn's arrays.
pub fn sklearn_trees(value: &Value, leaf_value: impl Fn(usize, usize, f64) -> f64) -> Vec<Tree> {
    let integers = |value: &Value| -> Vec<i64> {
        value.as_array().expect("an array").iter().map(|number| number.as_i64().expect("an integer")).collect()
    };
    let convert = |tree: &Value| {
        let (left, right, feature) = (integers(&tree["left"]), integers(&tree["right"]), integers(&tree["feature"]));
        let (rows, values) = (integers(&tree["n"]), numbers(&tree["value"]));
        let mut depth = vec![0; left.len()];
        for node in (0..left.len()).filter(|&node| left[node] >= 0) {
            depth[left[node] as usize] = depth[node] + 1;
            depth[right[node] as usize] = depth[node] + 1;
        }
        let child = |children: &[i64]| children.iter().map(|&child| if child < 0 { Tree::LEAF } else { child as u32 }).collect();
        Tree {
            feature: feature.iter().map(|&feature| feature.max(0) as u32).collect(),
            threshold: numbers(&tree["threshold"]),
            missing_left: vec![false; left.len()],
            value: (0..left.len()).map(|node| leaf_value(depth[node], rows[node] as usize, values[node])).collect(),
            rows: rows.iter().map(|&rows| rows as u64).collect(),
            weight: numbers(&tree["wn"]),
            impurity: numbers(&tree["impurity"]),
            gain: vec![0.0; left.len()],
            categorical: Vec::new(),
            left: child(&left),
            right: child(&right),
        }
    };
    value.as_array().expect("trees").iter().map(convert).collect()
}

pub fn ensemble(trees: Vec<Tree>, features: usize, task: EnsembleTask) -> TreeEnsemble {
    TreeEnsemble::averaged(task, (0..features).map(|feature| format!("x{feature}")).collect(), 1, trees)
}

/// A tree with random cuts on a grid of `grid` thresholds a feature; weights add up.
pub fn random_tree(draw: &mut SplitMix64, features: usize, depth: usize, outputs: usize, grid: usize) -> Tree {
    let mut tree = Tree::default();
    let mut waiting = vec![(None::<(usize, bool)>, depth, 1000.0)];
    while let Some((parent, depth_left, weight)) = waiting.pop() {
        let node = tree.len();
        if let Some((parent, is_left)) = parent {
            if is_left { tree.left[parent] = node as u32 } else { tree.right[parent] = node as u32 }
        }
        let is_leaf = depth_left == 0 || (node > 0 && draw.unit() < 0.15);
        tree.feature.push(if is_leaf { 0 } else { draw.below(features) as u32 });
        tree.threshold.push((draw.below(grid) as f64 + 0.5) / grid as f64);
        tree.left.push(Tree::LEAF);
        tree.right.push(Tree::LEAF);
        tree.missing_left.push(draw.unit() < 0.5);
        (0..outputs).for_each(|_| tree.value.push(draw.unit() * 10.0 - 5.0));
        tree.rows.push(weight as u64);
        tree.weight.push(weight);
        tree.impurity.push(0.0);
        tree.gain.push(0.0);
        if !is_leaf {
            let share = 0.1 + 0.8 * draw.unit();
            waiting.push((Some((node, false)), depth_left - 1, weight * (1.0 - share)));
            waiting.push((Some((node, true)), depth_left - 1, weight * share));
        }
    }
    tree
}
