//! The table of nodes: scikit-learn's 64-byte records to a [`Tree`] and back.

use crate::error::{Error, ErrorKind, Result};
use crate::formats::arrange::blank;
use crate::formats::numpy::{Array, ElementType, NumberKind, RecordField};
use crate::trees::Tree;

/// scikit-learn's mark of a leaf in both children.
const NO_CHILD: i64 = -1;
/// What scikit-learn writes as feature and threshold of a leaf.
const NO_FEATURE: i64 = -2;

/// Names, places and types of a record's fields: `sklearn.tree._tree.Node`.
const FIELDS: [(&str, usize, NumberKind, usize); 8] = [
    ("left_child", 0, NumberKind::Signed, 8),
    ("right_child", 8, NumberKind::Signed, 8),
    ("feature", 16, NumberKind::Signed, 8),
    ("threshold", 24, NumberKind::Float, 8),
    ("impurity", 32, NumberKind::Float, 8),
    ("n_node_samples", 40, NumberKind::Signed, 8),
    ("weighted_n_node_samples", 48, NumberKind::Float, 8),
    ("missing_go_to_left", 56, NumberKind::Unsigned, 1),
];
const RECORD_SIZE: usize = 64;

/// The records' type.
pub(super) fn record_type() -> ElementType {
    let field = |(name, offset, kind, size): (&str, usize, NumberKind, usize)| RecordField {
        name: name.to_owned(),
        offset,
        element: ElementType::number(kind, size),
    };
    ElementType::Record { fields: FIELDS.into_iter().map(field).collect(), size: RECORD_SIZE }
}

/// Reads the records into a tree without values and gains. `columns[i]` is the ensemble's column of
/// the tree's feature `i`.
///
/// Errors: a field that is missing or not a number; a child, a feature or a count that is not one.
pub(super) fn tree_of_records(records: &Array<'_>, columns: &[u32], name: &str) -> Result<Tree> {
    let bad = |what: String| Error::new(ErrorKind::BadModelFile, format!("cannot understand this model: {name}: {what}"));
    let field = |field: &str| records.field(field).ok_or_else(|| bad(format!("nodes without a field {field} of numbers")));
    let (left, right, feature, threshold) = (field("left_child")?, field("right_child")?, field("feature")?, field("threshold")?);
    let (impurity, rows, weight) = (field("impurity")?, field("n_node_samples")?, field("weighted_n_node_samples")?);
    // Before 1.3 there was no such field: missing values were refused, so the direction is free.
    let missing = records.field("missing_go_to_left");
    let nodes = records.len();
    let mut tree = blank(nodes, 0);
    for (node, record) in records.records().enumerate() {
        tree.impurity[node] = impurity.read(record);
        tree.weight[node] = weight.read(record);
        tree.rows[node] = rows.read(record) as u64;
        let (left, right) = (left.read(record), right.read(record));
        if left == NO_CHILD as f64 && right == NO_CHILD as f64 {
            continue;
        }
        for (child, place) in [(left, &mut tree.left[node]), (right, &mut tree.right[node])] {
            if !(0.0..nodes as f64).contains(&child) {
                return Err(bad(format!("node {node}: child {child} of {nodes} nodes")));
            }
            *place = child as u32;
        }
        tree.missing_left[node] = missing.is_some_and(|missing| missing.read(record) != 0.0);
        tree.threshold[node] = threshold.read(record);
        let feature = feature.read(record);
        tree.feature[node] = match columns.get(feature as usize) {
            Some(&column) if feature >= 0.0 => column,
            _ => return Err(bad(format!("node {node}: feature {feature} of {}", columns.len()))),
        };
    }
    Ok(tree)
}

/// Fills the gains from impurities and weights: `w·i - w_left·i_left - w_right·i_right`.
pub(super) fn fill_gains(tree: &mut Tree) {
    let loss = |tree: &Tree, node: usize| tree.weight[node] * tree.impurity[node];
    for node in 0..tree.len() {
        if !tree.is_leaf(node) {
            tree.gain[node] = loss(tree, node) - loss(tree, tree.left[node] as usize) - loss(tree, tree.right[node] as usize);
        }
    }
}

/// The records of a tree.
pub(super) fn records_of_tree(tree: &Tree) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(tree.len() * RECORD_SIZE);
    for node in 0..tree.len() {
        let leaf = tree.is_leaf(node);
        let child = |child: u32| if leaf { NO_CHILD } else { i64::from(child) };
        bytes.extend(child(tree.left[node]).to_le_bytes());
        bytes.extend(child(tree.right[node]).to_le_bytes());
        bytes.extend(if leaf { NO_FEATURE } else { i64::from(tree.feature[node]) }.to_le_bytes());
        bytes.extend(if leaf { NO_FEATURE as f64 } else { tree.threshold[node] }.to_le_bytes());
        bytes.extend(tree.impurity[node].to_le_bytes());
        bytes.extend((tree.rows[node] as i64).to_le_bytes());
        bytes.extend(tree.weight[node].to_le_bytes());
        bytes.extend(u64::from(!leaf && tree.missing_left[node]).to_le_bytes());
    }
    bytes
}
