//! LightGBM's own model file: text, a line a list, a block a tree.

mod linear;
mod reading;
mod writing;

use serde_json::Value;

use super::read_model::{BoostingRounds, ColumnCategories, ReadTrees};
use crate::error::{Error, ErrorKind, Result};
use crate::statistics::ClassLabel;
use crate::trees::{Committee, EnsembleTask, LinearTrees, Member, Model, Rule, TreeEnsemble};

pub use reading::read;
pub use writing::write;

/// What a text answers by its first rounds, or by all: trees, or trees with linear models in their leaves as a committee of
/// one; `best` counts the rounds from 1.
///
/// Errors: those of [`read`] that are not about linear models, and of the categories noted behind the model.
pub(super) fn read_as(bytes: &[u8], best: Option<usize>, all: bool) -> Result<ReadTrees> {
    let mut linear = reading::read_linear(bytes)?;
    let features = linear.trees.features();
    let trained = linear.trees.trees.len() / linear.trees.outputs;
    let best = best.filter(|best| (1..=trained).contains(best));
    let used = best.filter(|_| !all).unwrap_or(trained);
    linear.truncate(used * linear.trees.outputs);
    let rounds = BoostingRounds { trained, used, best_iteration: best.map(|best| best - 1) };
    let mut read = match linear.leaves.iter().all(Vec::is_empty) {
        true => ReadTrees::from(linear.trees),
        false => alone(linear)?,
    };
    read.rounds = Some(rounds);
    read.is_booster = true;
    read.categories = categories(bytes, features)?;
    read.only_orders = only_orders(bytes);
    Ok(read)
}

/// Trees with linear models in their leaves, which answer as a committee of one.
fn alone(linear: LinearTrees) -> Result<ReadTrees> {
    let outline = TreeEnsemble { trees: Vec::new(), ..linear.trees.clone() };
    let (classes, features) =
        (if let EnsembleTask::Classification { classes, .. } = &outline.task { Some(classes.len()) } else { None }, outline.features());
    let member = Member { model: Model::LinearTrees(Box::new(linear)), classes: (0..classes.unwrap_or(1)).collect() };
    let committee = Committee { members: vec![member], rule: Rule::Mean { weights: None }, classes, features };
    committee.check()?;
    Ok(ReadTrees { committee: Some(committee), ..outline.into() })
}

/// Whether a text that begins as LightGBM's holds a tree.
pub(super) fn has_trees(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"\nTree=").is_some()
}

/// Whether the answers put rows in an order and estimate nothing: objectives of ranking.
pub(super) fn only_orders(bytes: &[u8]) -> bool {
    ["lambdarank", "rank_xendcg"].iter().any(|name| memchr::memmem::find(bytes, format!("\nobjective={name}").as_bytes()).is_some())
}

/// Whether a text holds as many trees as it states, each to its end.
///
/// Errors: [`BadModelFile`](crate::error::ErrorKind::BadModelFile) with both counts.
pub(super) fn ends(bytes: &[u8]) -> Result<()> {
    let bad = |what: String| Error::new(ErrorKind::BadModelFile, format!("cannot read this LightGBM model: {what}"));
    let text = std::str::from_utf8(bytes).map_err(|_| bad("it is not UTF-8".into()))?;
    // Since 2.1 the header states how many bytes each tree takes.
    let Some(sizes) = text.lines().take_while(|line| !line.starts_with("Tree=")).find_map(|line| line.strip_prefix("tree_sizes=")) else {
        return Ok(());
    };
    let stated = sizes.split_ascii_whitespace().count();
    let trees = memchr::memmem::find_iter(bytes, b"\nTree=").count();
    if stated != trees {
        return Err(bad(format!("it states {stated} trees and holds {trees}: it was cut off or changed")));
    }
    let total: u64 = sizes.split_ascii_whitespace().filter_map(|size| size.parse::<u64>().ok()).sum();
    let held = memchr::memmem::find(bytes, b"\nTree=").map_or(0, |place| bytes.len() - place);
    let holds = |line: &[u8]| memchr::memmem::find(bytes, line).is_some();
    if holds(b"\nparameters:") && !holds(b"\nend of parameters") {
        return Err(bad("it ends within its parameters".into()));
    }
    // The last line breaks may be gone.
    if !holds(b"\nend of trees") && (held as u64) + 8 < total {
        return Err(bad(format!("its trees take {total} bytes, and it ends after {held} of them")));
    }
    Ok(())
}

/// The categories of the columns that pandas kept as such, which LightGBM's Python package notes behind the model. It takes
/// others for missing.
///
/// Errors: [`BadModelFile`](crate::error::ErrorKind::BadModelFile) for a note that is damaged, or that cannot be told which
/// columns it is about.
pub(super) fn categories(bytes: &[u8], features: usize) -> Result<Vec<ColumnCategories>> {
    let bad = |what: &str| Error::new(ErrorKind::BadModelFile, format!("cannot read this LightGBM model: {what}"));
    let text = std::str::from_utf8(bytes).map_err(|_| bad("it is not UTF-8"))?;
    let noted = text.lines().rev().find_map(|line| line.strip_prefix("pandas_categorical:")).unwrap_or("null");
    let lists: Option<Vec<Vec<Value>>> = serde_json::from_str(noted).map_err(|_| bad("'pandas_categorical' is no list of lists"))?;
    let lists = lists.unwrap_or_default();
    if lists.is_empty() {
        return Ok(Vec::new());
    }
    let columns = text.lines().rev().find_map(|line| line.trim_end().strip_prefix("[categorical_feature: ")?.strip_suffix(']'));
    let columns: Option<Vec<usize>> = columns.map(|columns| columns.split(',').map_while(|place| place.trim().parse().ok()).collect());
    let columns = columns.filter(|columns| columns.len() == lists.len() && columns.iter().all(|&column| column < features));
    // An ordered category is in the lists and not among the columns: a column of whole numbers that could be one leaves it
    // open which list is whose.
    let ranges: Vec<&str> = text.lines().find_map(|line| line.strip_prefix("feature_infos=")).unwrap_or_default().split(' ').collect();
    let columns = columns.filter(|columns| {
        let could_be_codes = |range: &str| {
            let ends = range.strip_prefix('[').and_then(|range| range.strip_suffix(']')).and_then(|range| range.split_once(':'));
            let ends = ends.and_then(|(low, high)| Some((low.parse::<i64>().ok()?, high.parse::<i64>().ok()?)));
            ends.is_some_and(|(low, high)| low >= -1 && lists.iter().any(|list| high < list.len() as i64))
        };
        !ranges.iter().enumerate().any(|(place, range)| !columns.contains(&place) && could_be_codes(range))
    });
    let columns = columns.ok_or_else(|| bad("it is not told which columns 'pandas_categorical' is about"))?;
    let label = |value: Value| match value {
        Value::String(text) => Some(ClassLabel::Text(text)),
        Value::Bool(flag) => Some(ClassLabel::Number(f64::from(u8::from(flag)))),
        value => value.as_i64().map(ClassLabel::from).or_else(|| value.as_f64().map(ClassLabel::Number)),
    };
    let column = |(feature, list): (usize, Vec<Value>)| {
        let labels = list.into_iter().map(label).collect::<Option<Vec<_>>>();
        labels.map(|labels| ColumnCategories { feature, labels, is_unseen_missing: true })
    };
    columns.into_iter().zip(lists).map(column).collect::<Option<Vec<_>>>().ok_or_else(|| bad("a category is no number and no text"))
}

/// Flags of a split in `decision_type`.
const BY_CATEGORY: u32 = 1;
const DEFAULT_LEFT: u32 = 2;
/// What is missing, in the bits above: nothing (NaN counts as 0), zero and NaN, or NaN.
const MISSING_SHIFT: u32 = 2;
const MISSING_NONE: u32 = 0;
const MISSING_ZERO: u32 = 1;
const MISSING_NAN: u32 = 2;
