//! From LightGBM's text to an ensemble.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::linear;
use super::{BY_CATEGORY, DEFAULT_LEFT, MISSING_NAN, MISSING_NONE, MISSING_SHIFT, MISSING_ZERO};
use crate::error::{Error, ErrorKind, Result};
use crate::formats::arrange::{ValueBudget, arranged, blank};
use crate::formats::unfold::{Question, UnfoldBudget, unfold};
use crate::statistics::ClassLabel;
use crate::trees::{
    Aggregation, CategoricalSplit, EnsembleTask, LinearLeaf, LinearTrees, LinkFunction, Precision, ThresholdComparison, Transformation,
    Tree, TreeEnsemble,
};

/// Most columns or classes a model may have.
const MOST_COLUMNS: usize = 100_000;

/// Reads a model saved by LightGBM 2 to 4.
///
/// Objectives whose output is the sum itself, `binary` and `multiclass`; boosted ensembles and random
/// forests (`average_output`); splits by category. Values compare as 64-bit floats, by `<=`.
///
/// Errors: [`ErrorKind::BadModelFile`] with the line: lists of wrong length, children that are none,
/// trees with linear models in their leaves.
pub fn read(bytes: &[u8]) -> Result<TreeEnsemble> {
    let LinearTrees { trees, leaves } = read_linear(bytes)?;
    match leaves.iter().position(|leaves| !leaves.is_empty()) {
        None => Ok(trees),
        Some(number) => Err(Error::new(
            ErrorKind::BadModelFile,
            format!("cannot read this LightGBM model alone: tree {number} has linear models in its leaves"),
        )),
    }
}

/// Like [`read`], also of trees with linear models in their leaves.
pub(super) fn read_linear(bytes: &[u8]) -> Result<LinearTrees> {
    let text = std::str::from_utf8(bytes).map_err(|error| bad(line_at(bytes, error.valid_up_to()), "it is not UTF-8"))?;
    let mut blocks = blocks(text).into_iter();
    let header = blocks.next().ok_or_else(|| bad(1, "it is empty"))?;
    if !header.entries.iter().any(|entry| entry.key == "tree" && entry.value.is_none()) {
        return Err(bad(1, "it does not begin with 'tree'"));
    }
    let names: Vec<String> = header.list("feature_names")?;
    let features = header.one::<usize>("max_feature_idx")?.saturating_add(1);
    if names.len() != features || features > MOST_COLUMNS {
        return Err(bad(header.line, format_args!("{} names for {features} features", names.len())));
    }
    let outputs = header.one::<usize>("num_tree_per_iteration")?;
    let (task, sigmoid) = task(&header, outputs)?;
    let is_mean = header.entries.iter().any(|entry| entry.key == "average_output");
    // A mean is one over rounds, and a round has a tree for each class.
    let scale = sigmoid * if is_mean { outputs as f64 } else { 1.0 };
    let (mut trees, mut leaves) = (Vec::new(), Vec::new());
    let mut budgets = (ValueBudget::new(bytes.len()), UnfoldBudget::new(bytes.len()));
    for block in blocks {
        let output = Output { place: trees.len() % outputs, of: outputs, scale };
        let (tree, linear) = tree(&block, trees.len(), &output, &mut budgets)?;
        trees.push(tree);
        leaves.push(linear);
    }
    if let Some(stated) = header.find("tree_sizes").and_then(|sizes| sizes.value).map(|sizes| sizes.split_ascii_whitespace().count())
        && stated != trees.len()
    {
        return Err(bad(header.line, format_args!("it states {stated} trees and holds {}: it was cut off or changed", trees.len())));
    }
    let ensemble = TreeEnsemble {
        task,
        feature_names: names,
        outputs,
        base: vec![0.0; outputs],
        aggregation: if is_mean { Aggregation::Mean } else { Aggregation::Sum },
        comparison: ThresholdComparison::LessOrEqual,
        precision: Precision::Double,
        trees,
    };
    let linear = LinearTrees { trees: ensemble, leaves };
    linear.check()?;
    Ok(linear)
}

pub(super) fn bad(line: usize, what: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::BadModelFile, format!("cannot read this LightGBM model: line {line}: {what}"))
}

fn line_at(bytes: &[u8], offset: usize) -> usize {
    1 + bytes[..offset].iter().filter(|&&byte| byte == b'\n').count()
}

/// The header or a tree.
pub(super) struct Block<'t> {
    /// Line it begins on, from 1.
    pub(super) line: usize,
    entries: Vec<Entry<'t>>,
}

struct Entry<'t> {
    line: usize,
    key: &'t str,
    /// `None` for a word that stands alone.
    value: Option<&'t str>,
}

/// The header and the trees, in order; what follows the trees is not of the model.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = vec![Block { line: 1, entries: Vec::new() }];
    for (index, line) in text.lines().enumerate() {
        let line_number = index + 1;
        let line = line.trim_end();
        if line == "end of trees" {
            break;
        }
        let (key, value) = match line.split_once('=') {
            Some((key, value)) => (key, Some(value)),
            None => (line, None),
        };
        if key == "Tree" {
            blocks.push(Block { line: line_number, entries: Vec::new() });
        }
        if let (false, Some(block)) = (key.is_empty(), blocks.last_mut()) {
            block.entries.push(Entry { line: line_number, key, value });
        }
    }
    blocks
}

impl Block<'_> {
    fn find(&self, key: &str) -> Option<&Entry<'_>> {
        self.entries.iter().find(|entry| entry.key == key && entry.value.is_some())
    }

    /// The one value of a key that must be there.
    fn one<T: FromStr>(&self, key: &str) -> Result<T> {
        let entry = self.find(key).ok_or_else(|| bad(self.line, format_args!("'{key}' is missing")))?;
        let value = entry.value.unwrap_or_default();
        value.parse().map_err(|_| bad(entry.line, format_args!("'{key}' is {value:.40}")))
    }

    /// All values of a key; none where the key is absent.
    pub(super) fn list<T: FromStr>(&self, key: &str) -> Result<Vec<T>> {
        let Some(entry) = self.find(key) else { return Ok(Vec::new()) };
        let words = entry.value.unwrap_or_default().split_ascii_whitespace();
        words.map(|word| word.parse().map_err(|_| bad(entry.line, format_args!("'{key}' holds {word:.40}")))).collect()
    }

    /// The values of a key, as many as `count`.
    pub(super) fn column<T: FromStr>(&self, key: &str, count: usize) -> Result<Vec<T>> {
        match self.list(key)? {
            list if list.len() == count => Ok(list),
            list => Err(bad(
                self.find(key).map_or(self.line, |entry| entry.line),
                format_args!("'{key}' has {} entries, expected {count}", list.len()),
            )),
        }
    }

    /// Like [`Block::column`], but zeros where the key is absent: statistics that no prediction needs.
    fn statistic(&self, key: &str, count: usize) -> Result<Vec<f64>> {
        match self.find(key) {
            Some(_) if !self.list::<f64>(key)?.is_empty() => self.column(key, count),
            _ => Ok(vec![0.0; count]),
        }
    }
}

/// What the sums mean, and what they are multiplied with before the link.
fn task(header: &Block<'_>, outputs: usize) -> Result<(EnsembleTask, f64)> {
    let objective = header.find("objective");
    let (line, text) = objective.map_or((header.line, ""), |entry| (entry.line, entry.value.unwrap_or_default()));
    let mut words = text.split_ascii_whitespace();
    let name = words.next().unwrap_or_default();
    let options: Vec<&str> = words.collect();
    match name {
        "poisson" | "gamma" | "tweedie" if outputs == 1 => Ok((EnsembleTask::Transformed(Transformation::Exponential), 1.0)),
        "cross_entropy" | "xentropy" if outputs == 1 => Ok((EnsembleTask::Transformed(Transformation::Logistic), 1.0)),
        "cross_entropy_lambda" | "xentlambda" if outputs == 1 => Ok((EnsembleTask::Transformed(Transformation::Softplus), 1.0)),
        "regression" if outputs == 1 && options.contains(&"sqrt") => Ok((EnsembleTask::Transformed(Transformation::SignedSquare), 1.0)),
        "lambdarank" | "rank_xendcg" if outputs == 1 => Ok((EnsembleTask::Regression, 1.0)),
        "" | "regression" | "regression_l1" | "huber" | "fair" | "quantile" | "mape" if outputs == 1 && !options.contains(&"sqrt") => {
            Ok((EnsembleTask::Regression, 1.0))
        }
        "binary" if outputs == 1 => {
            let sigmoid = options.iter().find_map(|option| option.strip_prefix("sigmoid:")?.parse::<f64>().ok()).unwrap_or(1.0);
            Ok((EnsembleTask::Classification { classes: ClassLabel::numbered(2), link: LinkFunction::Logistic }, sigmoid))
        }
        "multiclassova" | "multiclass_ova" | "ova" | "ovr" if (2..=MOST_COLUMNS).contains(&outputs) => {
            let sigmoid = options.iter().find_map(|option| option.strip_prefix("sigmoid:")?.parse::<f64>().ok()).unwrap_or(1.0);
            Ok((EnsembleTask::Classification { classes: ClassLabel::numbered(outputs), link: LinkFunction::Logistic }, sigmoid))
        }
        "multiclass" if (2..=MOST_COLUMNS).contains(&outputs) => {
            Ok((EnsembleTask::Classification { classes: ClassLabel::numbered(outputs), link: LinkFunction::Softmax }, 1.0))
        }
        _ => Err(bad(line, format_args!("the objective '{text:.60}' with {outputs} trees a round"))),
    }
}

/// Which output a tree contributes to, and the factor on its leaves.
struct Output {
    place: usize,
    of: usize,
    scale: f64,
}

/// Inner nodes come first, then the leaves; a negative child is the leaf `-child - 1`.
///
/// A tree with the sums of its leaves, where it has such.
fn tree(
    block: &Block<'_>,
    number: usize,
    output: &Output,
    (budget, unfolding): &mut (ValueBudget, UnfoldBudget),
) -> Result<(Tree, Vec<LinearLeaf>)> {
    let leaves = block.one::<usize>("num_leaves")?;
    let values: Vec<f64> = block.column("leaf_value", leaves)?;
    let inner = leaves.checked_sub(1).ok_or_else(|| bad(block.line, "a tree without leaves"))?;
    let nodes = inner + leaves;
    budget.take(nodes, output.of)?;
    let mut tree = blank(nodes, output.of);
    let column =
        |inner_key: &str, leaf_key: &str| Ok::<_, Error>([block.statistic(inner_key, inner)?, block.statistic(leaf_key, leaves)?].concat());
    tree.weight = column("internal_weight", "leaf_weight")?;
    tree.rows = column("internal_count", "leaf_count")?.into_iter().map(|rows| rows as u64).collect();
    tree.gain = [block.statistic("split_gain", inner)?, vec![0.0; leaves]].concat();
    for (node, value) in block.statistic("internal_value", inner)?.into_iter().chain(values).enumerate() {
        tree.value[node * output.of + output.place] = value * output.scale;
    }
    let zeros = if inner > 0 { split(&mut tree, block, inner)? } else { BTreeMap::new() };
    let is_linear = block.find("is_linear").is_some_and(|entry| entry.value == Some("1"));
    let sums = if is_linear { linear::leaves(block, leaves, output.scale)? } else { Vec::new() };
    let (mut tree, places) = arranged(tree, 0, number)?;
    let mut sums: Vec<LinearLeaf> = sums
        .into_iter()
        .zip(&places[inner..])
        .filter(|(_, place)| **place != u32::MAX)
        .map(|(leaf, &node)| LinearLeaf { node, ..leaf })
        .collect();
    if !zeros.is_empty() {
        let questions = zeros.into_iter().map(|(node, question)| (places[node] as usize, question)).collect();
        let (unfolded, origins) = unfold(&tree, &questions, output.of, unfolding)?;
        let of_origin: BTreeMap<u32, LinearLeaf> = sums.into_iter().map(|leaf| (leaf.node, leaf)).collect();
        let copied = |(node, origin): (usize, &u32)| of_origin.get(origin).map(|leaf| LinearLeaf { node: node as u32, ..leaf.clone() });
        sums = origins.iter().enumerate().filter_map(copied).collect();
        tree = unfolded;
    }
    sums.sort_unstable_by_key(|leaf| leaf.node);
    Ok((tree, sums))
}

/// Up to this size a number counts as zero.
const ZERO: f64 = 1e-35_f32 as f64;

/// What a node asks that sends zero, and what is missing with it, another way than its neighbours.
fn zero_apart(threshold: f64, default_left: bool) -> Question {
    let (below, end) = ((-ZERO).next_down(), f64::INFINITY);
    let pieces = if threshold < below {
        vec![(threshold, true), (below, false), (ZERO, default_left), (end, false)]
    } else if threshold > ZERO {
        vec![(below, true), (ZERO, default_left), (threshold, true), (end, false)]
    } else {
        vec![(below, true), (ZERO, default_left), (end, false)]
    };
    Question { pieces, missing_left: default_left }
}

/// Fills in what the inner nodes ask; what comes back are those that part the numbers at zero as well.
fn split(tree: &mut Tree, block: &Block<'_>, inner: usize) -> Result<BTreeMap<usize, Question>> {
    let mut zeros = BTreeMap::new();
    let nodes = tree.len();
    let (left, right): (Vec<i64>, Vec<i64>) = (block.column("left_child", inner)?, block.column("right_child", inner)?);
    let (features, thresholds, kinds): (Vec<u32>, Vec<f64>, Vec<u32>) =
        (block.column("split_feature", inner)?, block.column("threshold", inner)?, block.column("decision_type", inner)?);
    let (starts, words): (Vec<usize>, Vec<u32>) = (block.list("cat_boundaries")?, block.list("cat_threshold")?);
    let child = |node: usize, child: i64| {
        let place = if child < 0 { inner as i64 - child.saturating_add(1) } else { child };
        let exists = (0..nodes as i64).contains(&place) && (child < 0 || child < inner as i64);
        if exists { Ok(place as u32) } else { Err(bad(block.line, format_args!("node {node}: child {child} of {inner} splits"))) }
    };
    let mut next_set = 0;
    for node in 0..inner {
        (tree.left[node], tree.right[node]) = (child(node, left[node])?, child(node, right[node])?);
        tree.feature[node] = features[node];
        let (threshold, kind) = (thresholds[node], kinds[node]);
        if kind & BY_CATEGORY != 0 {
            // The sets stand in the order of the splits, so that no word is read twice.
            if threshold != next_set as f64 || starts.len() < next_set + 2 {
                return Err(bad(block.line, format_args!("node {node}: category set {threshold} of {}", starts.len().saturating_sub(1))));
            }
            let set = words
                .get(starts[next_set]..starts[next_set + 1])
                .ok_or_else(|| bad(block.line, format_args!("node {node}: a category set outside its list")))?;
            tree.categorical.push(CategoricalSplit { node: node as u32, left: categories(set) });
            next_set += 1;
            continue;
        }
        tree.threshold[node] = threshold;
        let default_left = kind & DEFAULT_LEFT != 0;
        // A 32-bit zero, which is what a missing value is taken for.
        let zero_left = 0.0 <= threshold;
        tree.missing_left[node] = match kind >> MISSING_SHIFT {
            MISSING_NONE => zero_left,
            MISSING_NAN => default_left,
            MISSING_ZERO => {
                if default_left != zero_left || threshold.abs() < ZERO {
                    zeros.insert(node, zero_apart(threshold, default_left));
                }
                default_left
            }
            other => return Err(bad(block.line, format_args!("node {node}: the missing type {other}"))),
        };
    }
    Ok(zeros)
}

/// The numbers of the bits that are set.
fn categories(words: &[u32]) -> Vec<u32> {
    let bits = words
        .iter()
        .enumerate()
        .flat_map(|(index, &word)| (0..32u32).filter(move |bit| word >> bit & 1 == 1).map(move |bit| index as u32 * 32 + bit));
    bits.collect()
}
