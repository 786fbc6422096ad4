//! The table of nodes: scikit-learn's 64-byte records to a [`Tree`] and back.

use crate::error::{Error, ErrorKind, Result};
use crate::formats::numpy::{Array, ElementType, Field, NumberKind};
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
    let field = |(name, offset, kind, size): (&str, usize, NumberKind, usize)| Field {
        name: name.to_owned(),
        offset,
        element: ElementType::number(kind, size),
    };
    ElementType::Record { fields: FIELDS.into_iter().map(field).collect(), size: RECORD_SIZE }
}

/// Reads the records into a tree without values and gains. `columns[i]` is the ensemble's column of
/// the tree's feature `i`.
///
/// Errors: a field that is missing or no number; a child, a feature or a count that is none.
pub(super) fn tree_of_records(records: &Array<'_>, columns: &[u32], name: &str) -> Result<Tree> {
    let column = |field: &str| {
        records.field(field).ok_or_else(|| {
            Error::new(ErrorKind::BadModelFile, format!("cannot understand this model: {name}: nodes without a field {field} of numbers"))
        })
    };
    let bad = |node: usize, what: String| {
        Error::new(ErrorKind::BadModelFile, format!("cannot understand this model: {name}: node {node}: {what}"))
    };
    let (left, right, feature) = (column("left_child")?, column("right_child")?, column("feature")?);
    let nodes = left.len();
    let mut tree = Tree {
        feature: vec![0; nodes],
        threshold: vec![0.0; nodes],
        left: vec![Tree::LEAF; nodes],
        right: vec![Tree::LEAF; nodes],
        impurity: column("impurity")?,
        weight: column("weighted_n_node_samples")?,
        rows: column("n_node_samples")?.into_iter().map(|rows| rows as u64).collect(),
        // Before 1.3 there was no such field: missing values were refused, so the direction is free.
        missing_left: records
            .field("missing_go_to_left")
            .map_or_else(|| vec![false; nodes], |flags| flags.into_iter().map(|flag| flag != 0.0).collect()),
        gain: vec![0.0; nodes],
        value: Vec::new(),
        categorical: Vec::new(),
    };
    let threshold = column("threshold")?;
    for node in 0..nodes {
        if left[node] == NO_CHILD as f64 && right[node] == NO_CHILD as f64 {
            tree.missing_left[node] = false;
            continue;
        }
        let child = |child: f64| {
            if (0.0..nodes as f64).contains(&child) { Ok(child as u32) } else { Err(bad(node, format!("child {child} of {nodes} nodes"))) }
        };
        (tree.left[node], tree.right[node]) = (child(left[node])?, child(right[node])?);
        tree.threshold[node] = threshold[node];
        tree.feature[node] = match columns.get(feature[node] as usize) {
            Some(&column) if feature[node] >= 0.0 => column,
            _ => return Err(bad(node, format!("feature {} of {}", feature[node], columns.len()))),
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
