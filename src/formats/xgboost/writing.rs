//! From an ensemble to XGBoost's document.

use super::document::ModelDocument;
use crate::error::{Error, ErrorKind, Result};
use crate::trees::{Aggregation, EnsembleTask, LinkFunction, Precision, ThresholdComparison, Tree, TreeEnsemble};

/// The version the document names: old enough for every reader in use, and its plain `base_score` is
/// still understood by the newest.
const VERSION: [f64; 3] = [2.0, 0.0, 0.0];
/// XGBoost's mark of the root's parent.
const NO_PARENT: i32 = i32::MAX;

/// The document of the booster that answers as `ensemble` does.
pub(super) fn document(ensemble: &TreeEnsemble) -> Result<ModelDocument> {
    ensemble.check()?;
    let refuse = |cause: &str| Err(Error::new(ErrorKind::Usage, "cannot write this ensemble for XGBoost").because(cause));
    let (objective, classes) = match &ensemble.task {
        EnsembleTask::Regression => ("reg:squarederror", 0),
        EnsembleTask::Classification { link: LinkFunction::Logistic, .. } if ensemble.outputs > 1 => {
            return refuse("each class has a probability of its own, and XGBoost's add up to 1");
        }
        EnsembleTask::Classification { link: LinkFunction::Logistic, .. } => ("binary:logistic", 0),
        EnsembleTask::Classification { link: LinkFunction::Step, .. } => ("binary:hinge", 0),
        EnsembleTask::Classification { link: LinkFunction::Margin, .. } => ("binary:logitraw", 0),
        EnsembleTask::Classification { link: LinkFunction::Softmax, classes } => ("multi:softprob", classes.len()),
        EnsembleTask::Classification { link: LinkFunction::Identity, .. } => {
            return refuse("its leaves are probabilities, and XGBoost adds up margins");
        }
        EnsembleTask::Transformed(_) => return refuse("its answer is a function of the sum of its leaves"),
        EnsembleTask::Isolation(_) => return refuse("XGBoost has no isolation forests"),
    };
    // One base for all classes is told in the parameters; different ones are trees of one leaf.
    let common = if ensemble.base.iter().all(|&base| base == ensemble.base[0]) { ensemble.base[0] } else { 0.0 };
    let mut trees = Vec::new();
    let mut groups = Vec::new();
    for output in 0..ensemble.outputs {
        let base = ensemble.base[output] - common;
        if base != 0.0 {
            trees.push(leaf(base, ensemble.features(), trees.len()));
            groups.push(output as i64);
        }
    }
    for tree in &ensemble.trees {
        for output in (0..ensemble.outputs).filter(|&output| gives_to(tree, output, ensemble.outputs)) {
            trees.push(saved_tree(ensemble, tree, output, trees.len()));
            groups.push(output as i64);
        }
    }
    let base_score = match &ensemble.task {
        EnsembleTask::Classification { link: LinkFunction::Logistic | LinkFunction::Margin, .. } => 1.0 / (1.0 + (-common).exp()),
        _ => common,
    };
    let features = ensemble.features().to_string();
    let text = ModelDocument::text;
    let parameters = ModelDocument::map([
        ("base_score", text(&format!("{:E}", base_score as f32))),
        ("boost_from_average", text("1")),
        ("num_class", text(&classes.to_string())),
        ("num_feature", text(&features)),
        ("num_target", text("1")),
    ]);
    let learner = ModelDocument::map([
        ("attributes", ModelDocument::map([])),
        ("feature_names", ModelDocument::List(ensemble.feature_names.iter().map(|name| text(name)).collect())),
        ("feature_types", ModelDocument::List(feature_types(ensemble).into_iter().map(text).collect())),
        ("gradient_booster", ModelDocument::map([("model", model(trees, groups)), ("name", text("gbtree"))])),
        ("learner_model_param", parameters),
        ("objective", objective_document(objective, classes)),
    ]);
    Ok(ModelDocument::map([("learner", learner), ("version", ModelDocument::Numbers(VERSION.to_vec()))]))
}

fn objective_document(name: &str, classes: usize) -> ModelDocument {
    let parameters = match classes {
        0 => ("reg_loss_param", ModelDocument::map([("scale_pos_weight", ModelDocument::text("1"))])),
        _ => ("softmax_multiclass_param", ModelDocument::map([("num_class", ModelDocument::text(&classes.to_string()))])),
    };
    ModelDocument::map([("name", ModelDocument::text(name)), parameters])
}

fn model(trees: Vec<ModelDocument>, groups: Vec<i64>) -> ModelDocument {
    let count = trees.len();
    let parameters =
        ModelDocument::map([("num_parallel_tree", ModelDocument::text("1")), ("num_trees", ModelDocument::text(&count.to_string()))]);
    let numbers = |numbers: Vec<i64>| ModelDocument::Numbers(numbers.into_iter().map(|number| number as f64).collect());
    ModelDocument::map([
        ("gbtree_model_param", parameters),
        ("iteration_indptr", numbers(rounds(&groups))),
        ("tree_info", numbers(groups)),
        ("trees", ModelDocument::List(trees)),
    ])
}

/// Where each round of boosting begins: a new one whenever the class does not ascend.
fn rounds(groups: &[i64]) -> Vec<i64> {
    let begins = (1..groups.len()).filter(|&index| groups[index] <= groups[index - 1]).map(|index| index as i64);
    std::iter::once(0).chain(begins).chain(std::iter::once(groups.len() as i64)).collect()
}

fn feature_types(ensemble: &TreeEnsemble) -> Vec<&'static str> {
    let mut types = vec!["float"; ensemble.features()];
    for tree in &ensemble.trees {
        for split in &tree.categorical {
            types[tree.feature[split.node as usize] as usize] = "c";
        }
    }
    types
}

/// Whether any leaf of the tree contributes to that output. A tree that contributes to none belongs to the first.
fn gives_to(tree: &Tree, output: usize, outputs: usize) -> bool {
    let gives = |output: usize| (0..tree.len()).any(|node| tree.is_leaf(node) && tree.value[node * outputs + output] != 0.0);
    gives(output) || (output == 0 && !(1..outputs).any(gives))
}

/// A tree of one leaf.
fn leaf(value: f64, features: usize, number: usize) -> ModelDocument {
    let one = |value: f32| ModelDocument::Floats(vec![value]);
    let leaf = Columns {
        left: vec![-1],
        right: vec![-1],
        parents: vec![NO_PARENT],
        indices: vec![0],
        conditions: vec![value as f32],
        default_left: vec![0],
        split_types: vec![0],
        ..Columns::default()
    };
    leaf.document([one(0.0), one(0.0), one(value as f32)], features, number)
}

/// What a saved tree tells of its nodes.
#[derive(Default)]
struct Columns {
    left: Vec<i32>,
    right: Vec<i32>,
    parents: Vec<i32>,
    indices: Vec<i32>,
    conditions: Vec<f32>,
    default_left: Vec<u8>,
    split_types: Vec<u8>,
    categories: Vec<i32>,
    category_nodes: Vec<i32>,
    category_starts: Vec<i64>,
    category_sizes: Vec<i64>,
}

impl Columns {
    /// `statistics` are the Hessian sums, the loss changes and the weights.
    fn document(self, statistics: [ModelDocument; 3], features: usize, number: usize) -> ModelDocument {
        let [hessians, losses, weights] = statistics;
        let parameters = ModelDocument::map([
            ("num_deleted", ModelDocument::text("0")),
            ("num_feature", ModelDocument::text(&features.to_string())),
            ("num_nodes", ModelDocument::text(&self.left.len().to_string())),
            ("size_leaf_vector", ModelDocument::text("1")),
        ]);
        ModelDocument::map([
            ("base_weights", weights),
            ("categories", ModelDocument::Integers(self.categories)),
            ("categories_nodes", ModelDocument::Integers(self.category_nodes)),
            ("categories_segments", ModelDocument::Longs(self.category_starts)),
            ("categories_sizes", ModelDocument::Longs(self.category_sizes)),
            ("default_left", ModelDocument::Bytes(self.default_left)),
            ("id", ModelDocument::Number(number as f64)),
            ("left_children", ModelDocument::Integers(self.left)),
            ("loss_changes", losses),
            ("parents", ModelDocument::Integers(self.parents)),
            ("right_children", ModelDocument::Integers(self.right)),
            ("split_conditions", ModelDocument::Floats(self.conditions)),
            ("split_indices", ModelDocument::Integers(self.indices)),
            ("split_type", ModelDocument::Bytes(self.split_types)),
            ("sum_hessian", hessians),
            ("tree_param", parameters),
        ])
    }
}

/// The nodes level by level, siblings side by side: XGBoost's own order, and its scorer relies on the
/// right child being the one after the left.
fn by_level(tree: &Tree) -> Vec<usize> {
    let mut order = vec![0];
    let mut next = 0;
    while let Some(&node) = order.get(next) {
        if let Some((left, right)) = children(tree, node) {
            order.extend([left, right]);
        }
        next += 1;
    }
    order
}

/// The children as XGBoost has them: it sends the categories of a set to the right.
fn children(tree: &Tree, node: usize) -> Option<(usize, usize)> {
    let (left, right) = (tree.left[node] as usize, tree.right[node] as usize);
    match (tree.is_leaf(node), tree.categorical_split(node)) {
        (true, _) => None,
        (false, None) => Some((left, right)),
        (false, Some(_)) => Some((right, left)),
    }
}

fn saved_tree(ensemble: &TreeEnsemble, tree: &Tree, output: usize, number: usize) -> ModelDocument {
    let share = match ensemble.aggregation {
        Aggregation::Mean => 1.0 / ensemble.trees.len() as f64,
        Aggregation::Sum | Aggregation::SumFromBase => 1.0,
    };
    let value = |node: usize| (tree.value[node * ensemble.outputs + output] * share) as f32;
    let order = by_level(tree);
    let mut columns = Columns { parents: vec![NO_PARENT; order.len()], ..Columns::default() };
    // The next pair of children in the order.
    let mut pair = 1;
    for (place, &node) in order.iter().enumerate() {
        let split = tree.categorical_split(node);
        columns.split_types.push(u8::from(split.is_some()));
        if children(tree, node).is_none() {
            columns.left.push(-1);
            columns.right.push(-1);
            columns.indices.push(0);
            columns.default_left.push(0);
            columns.conditions.push(value(node));
            continue;
        }
        columns.left.push(pair);
        columns.right.push(pair + 1);
        columns.parents[pair as usize] = place as i32;
        columns.parents[pair as usize + 1] = place as i32;
        pair += 2;
        columns.indices.push(tree.feature[node] as i32);
        columns.default_left.push(u8::from(tree.missing_left[node] != split.is_some()));
        columns.conditions.push(condition(ensemble, tree.threshold[node]));
        if let Some(split) = split {
            columns.category_nodes.push(place as i32);
            columns.category_starts.push(columns.categories.len() as i64);
            columns.category_sizes.push(split.left.len() as i64);
            columns.categories.extend(split.left.iter().map(|&category| category as i32));
        }
    }
    let single = |numbers: &[f64]| ModelDocument::Floats(order.iter().map(|&node| numbers[node] as f32).collect());
    let statistics = [single(&tree.weight), single(&tree.gain), ModelDocument::Floats(order.iter().map(|&node| value(node)).collect())];
    columns.document(statistics, ensemble.features(), number)
}

/// The 32-bit condition under which `value < condition` is the ensemble's own comparison, for every
/// 32-bit value.
fn condition(ensemble: &TreeEnsemble, threshold: f64) -> f32 {
    let nearest = threshold as f32;
    let single = ensemble.precision == Precision::Single;
    // The largest 32-bit float not above the threshold.
    let below = if !single && f64::from(nearest) > threshold { nearest.next_down() } else { nearest };
    let is_threshold = single || f64::from(below) == threshold;
    let condition = match ensemble.comparison {
        ThresholdComparison::Less if is_threshold => below,
        _ => below.next_up(),
    };
    // A split that only parts the missing from the rest has an infinite threshold, and JSON no infinity.
    condition.clamp(-f32::MAX, f32::MAX)
}
