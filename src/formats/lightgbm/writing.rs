//! From an ensemble to LightGBM's text.

use std::fmt::Write;

use super::{BY_CATEGORY, DEFAULT_LEFT, MISSING_NAN, MISSING_SHIFT};
use crate::error::{Error, ErrorKind, Result};
use crate::trees::{
    Aggregation, CategoricalSplit, EnsembleTask, LinkFunction, Precision, ThresholdComparison, Transformation, Tree, TreeEnsemble,
};

/// What LightGBM writes for an infinite threshold, of a split that only parts the missing from the rest.
const LARGEST: f64 = 1e300;

/// Writes the ensemble as a LightGBM model that LightGBM 3 and 4 load. 32-bit inputs go the same way
/// as in the ensemble; leaves keep their 64 bits.
///
/// Errors: [`ErrorKind::Usage`] for an ensemble LightGBM has no objective for: isolation forests
/// and classifiers whose leaves are probabilities.
pub fn write(ensemble: &TreeEnsemble) -> Result<Vec<u8>> {
    ensemble.check()?;
    let refuse = |cause: &str| Err(Error::new(ErrorKind::Usage, "cannot write this ensemble for LightGBM").because(cause));
    let objective = match &ensemble.task {
        EnsembleTask::Regression => "regression".to_owned(),
        EnsembleTask::Classification { link: LinkFunction::Logistic, classes } if ensemble.outputs > 1 => {
            format!("multiclassova num_class:{} sigmoid:1", classes.len())
        }
        EnsembleTask::Classification { link: LinkFunction::Logistic, .. } => "binary sigmoid:1".to_owned(),
        EnsembleTask::Classification { link: LinkFunction::Step | LinkFunction::Margin, .. } => {
            return refuse("its margins become no probabilities, and LightGBM's do");
        }
        EnsembleTask::Transformed(Transformation::Exponential) => "gamma".to_owned(),
        EnsembleTask::Transformed(Transformation::Logistic) => "cross_entropy".to_owned(),
        EnsembleTask::Transformed(Transformation::Softplus) => "cross_entropy_lambda".to_owned(),
        EnsembleTask::Transformed(Transformation::SignedSquare) => "regression sqrt".to_owned(),
        EnsembleTask::Classification { link: LinkFunction::Softmax, classes } => format!("multiclass num_class:{}", classes.len()),
        EnsembleTask::Classification { link: LinkFunction::Identity, .. } => {
            return refuse("its leaves are probabilities, and LightGBM adds up margins");
        }
        EnsembleTask::Transformed(
            Transformation::ExpLessOne | Transformation::Square | Transformation::Ascending | Transformation::Rising,
        ) => {
            return refuse("its answers are a function of the sum that LightGBM has no objective for");
        }
        EnsembleTask::Isolation(_) => return refuse("LightGBM has no isolation forests"),
    };
    let rounds = rounds(ensemble);
    let mean = ensemble.aggregation == Aggregation::Mean;
    let mut trees = Vec::new();
    for (round, members) in rounds.iter().enumerate() {
        for (output, member) in members.iter().enumerate() {
            // LightGBM has no base of its own: it is in the leaves, of the first tree or of all that a mean is over.
            let base = if mean || round == 0 { ensemble.base[output] } else { 0.0 };
            // A mean is over rounds here and over trees there.
            let scale = if mean { rounds.len() as f64 / ensemble.trees.len() as f64 } else { 1.0 };
            trees.push(tree_text(ensemble, *member, trees.len(), |value| value * scale + base));
        }
    }
    let sizes: Vec<usize> = trees.iter().map(String::len).collect();
    let names: Vec<String> = ensemble.feature_names.iter().map(|name| name.replace(char::is_whitespace, "_")).collect();
    let mut lines = vec![
        "tree".to_owned(),
        "version=v4".to_owned(),
        format!("num_class={}", ensemble.outputs),
        format!("num_tree_per_iteration={}", ensemble.outputs),
        "label_index=0".to_owned(),
        format!("max_feature_idx={}", ensemble.features() - 1),
        format!("objective={objective}"),
    ];
    if mean {
        lines.push("average_output".to_owned());
    }
    lines.extend([
        format!("feature_names={}", names.join(" ")),
        format!("feature_infos={}", feature_ranges(ensemble).join(" ")),
        format!("tree_sizes={}", joined(&sizes)),
    ]);
    let mut text = lines.join("\n");
    text.push_str("\n\n");
    text.extend(trees);
    text.push_str("end of trees\n\nparameters:\nend of parameters\n\npandas_categorical:null\n");
    Ok(text.into_bytes())
}

/// A tree and the output it contributes to.
type Member = Option<(usize, usize)>;

/// The trees by rounds of boosting, one for each output; `None` where a round has none for it.
fn rounds(ensemble: &TreeEnsemble) -> Vec<Vec<Member>> {
    let gives = |tree: &Tree, output: usize| {
        ensemble.outputs == 1 || (0..tree.len()).any(|node| tree.is_leaf(node) && tree.value[node * ensemble.outputs + output] != 0.0)
    };
    let members = |output: usize| {
        ensemble
            .trees
            .iter()
            .enumerate()
            .filter(move |(_, tree)| gives(tree, output))
            .map(move |(number, _)| (number, output))
            .collect::<Vec<_>>()
    };
    let by_output: Vec<Vec<(usize, usize)>> = (0..ensemble.outputs).map(members).collect();
    let count = by_output.iter().map(Vec::len).max().unwrap_or(0).max(1);
    (0..count).map(|round| by_output.iter().map(|members| members.get(round).copied()).collect()).collect()
}

fn joined<T: std::fmt::Display>(items: &[T]) -> String {
    let mut text = String::new();
    for (index, item) in items.iter().enumerate() {
        let _ = write!(text, "{}{item}", if index > 0 { " " } else { "" });
    }
    text
}

/// The range of each feature, as far as the trees tell; LightGBM wants one.
fn feature_ranges(ensemble: &TreeEnsemble) -> Vec<String> {
    let mut ranges: Vec<Option<(f64, f64)>> = vec![None; ensemble.features()];
    let mut categories = vec![0; ensemble.features()];
    for tree in &ensemble.trees {
        for node in (0..tree.len()).filter(|&node| !tree.is_leaf(node)) {
            let feature = tree.feature[node] as usize;
            match tree.categorical_split(node) {
                Some(split) => categories[feature] = split.left.last().map_or(1, |&last| last + 1).max(categories[feature]),
                None => {
                    let (low, high) = ranges[feature].unwrap_or((f64::INFINITY, f64::NEG_INFINITY));
                    let threshold = threshold(ensemble, tree.threshold[node]);
                    ranges[feature] = Some((low.min(threshold), high.max(threshold)));
                }
            }
        }
    }
    let range = |(range, categories): (Option<(f64, f64)>, u32)| match range {
        _ if categories > 0 => (0..categories).map(|category| category.to_string()).collect::<Vec<_>>().join(":"),
        Some((low, high)) => format!("[{low}:{high}]"),
        None => "none".to_owned(),
    };
    ranges.into_iter().zip(categories).map(range).collect()
}

/// A tree's block. LightGBM numbers the inner nodes and the leaves apart.
fn tree_text(ensemble: &TreeEnsemble, member: Member, number: usize, leaf_value: impl Fn(f64) -> f64) -> String {
    let nothing = Tree {
        left: vec![Tree::LEAF],
        right: vec![Tree::LEAF],
        value: vec![0.0; ensemble.outputs],
        rows: vec![0],
        weight: vec![0.0],
        ..Tree::default()
    };
    let (tree, output) = member.map_or((&nothing, 0), |(number, output)| (&ensemble.trees[number], output));
    let value = |&node: &usize| tree.value[node * ensemble.outputs + output];
    let (leaves, inner): (Vec<usize>, Vec<usize>) = (0..tree.len()).partition(|&node| tree.is_leaf(node));
    let mut place = vec![0i64; tree.len()];
    inner.iter().enumerate().for_each(|(index, &node)| place[node] = index as i64);
    leaves.iter().enumerate().for_each(|(index, &node)| place[node] = -1 - index as i64);
    let sets: Vec<&CategoricalSplit> = tree.categorical.iter().collect();
    let mut set = 0;
    let (mut thresholds, mut kinds) = (Vec::new(), Vec::new());
    for &node in &inner {
        if tree.categorical_split(node).is_some() {
            thresholds.push(set as f64);
            kinds.push(BY_CATEGORY | MISSING_NAN << MISSING_SHIFT);
            set += 1;
        } else {
            thresholds.push(threshold(ensemble, tree.threshold[node]));
            kinds.push(if tree.missing_left[node] { DEFAULT_LEFT } else { 0 } | MISSING_NAN << MISSING_SHIFT);
        }
    }
    let list = |of: &[usize], each: &dyn Fn(&usize) -> f64| joined(&of.iter().map(each).collect::<Vec<_>>());
    let count = |&node: &usize| tree.rows[node].min(i32::MAX as u64) as f64;
    let children = |column: &[u32]| joined(&inner.iter().map(|&node| place[column[node] as usize]).collect::<Vec<_>>());
    let mut lines = vec![
        format!("Tree={number}"),
        format!("num_leaves={}", leaves.len()),
        format!("num_cat={}", sets.len()),
        format!("split_feature={}", joined(&inner.iter().map(|&node| tree.feature[node]).collect::<Vec<_>>())),
        format!("split_gain={}", list(&inner, &|&node| tree.gain[node])),
        format!("threshold={}", joined(&thresholds)),
        format!("decision_type={}", joined(&kinds)),
        format!("left_child={}", children(&tree.left)),
        format!("right_child={}", children(&tree.right)),
        format!("leaf_value={}", list(&leaves, &|node| leaf_value(value(node)))),
        format!("leaf_weight={}", list(&leaves, &|&node| tree.weight[node])),
        format!("leaf_count={}", list(&leaves, &count)),
        format!("internal_value={}", list(&inner, &|node| leaf_value(value(node)))),
        format!("internal_weight={}", list(&inner, &|&node| tree.weight[node])),
        format!("internal_count={}", list(&inner, &count)),
    ];
    lines.extend(set_lines(&sets));
    lines.extend(["is_linear=0".to_owned(), "shrinkage=1".to_owned()]);
    lines.join("\n") + "\n\n\n"
}

/// The sets of categories as bits, and where each begins.
fn set_lines(sets: &[&CategoricalSplit]) -> Vec<String> {
    if sets.is_empty() {
        return Vec::new();
    }
    let mut words: Vec<u32> = Vec::new();
    let mut starts = vec![0];
    for set in sets {
        let start = words.len();
        words.resize(start + set.left.last().map_or(1, |&last| last as usize / 32 + 1), 0);
        set.left.iter().for_each(|&category| words[start + category as usize / 32] |= 1 << (category % 32));
        starts.push(words.len());
    }
    vec![format!("cat_boundaries={}", joined(&starts)), format!("cat_threshold={}", joined(&words))]
}

/// The threshold under which `value <= threshold` is the ensemble's own comparison, for every 32-bit
/// value.
fn threshold(ensemble: &TreeEnsemble, threshold: f64) -> f64 {
    let nearest = threshold as f32;
    let threshold = match (ensemble.comparison, ensemble.precision == Precision::Single) {
        (ThresholdComparison::LessOrEqual, false) => threshold,
        (ThresholdComparison::LessOrEqual, true) => f64::from(nearest),
        (ThresholdComparison::Less, true) => f64::from(nearest.next_down()),
        (ThresholdComparison::Less, false) => threshold.next_down(),
    };
    threshold.clamp(-LARGEST, LARGEST)
}
