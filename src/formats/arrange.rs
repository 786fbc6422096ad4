//! Trees as files hold them, nodes in any order, into the order an ensemble wants: parents first.

use crate::error::{Error, ErrorKind, Result};
use crate::trees::{CategoricalSplit, Tree};

/// Renumbers a tree in pre-order from `root` and leaves out what is not reached (XGBoost keeps deleted
/// nodes). Children of inner nodes must be set; leaves are marked with [`Tree::LEAF`] in both.
///
/// Errors: a child that does not exist or that is reached twice (a cycle, or two parents); the
/// message says which node of which tree.
pub(super) fn arrange(tree: Tree, root: usize, number: usize) -> Result<Tree> {
    arranged(tree, root, number).map(|(tree, _)| tree)
}

/// The same, with where each node of the given tree stands then; `u32::MAX` for what is left out.
///
/// Errors: as [`arrange`].
pub(super) fn arranged(tree: Tree, root: usize, number: usize) -> Result<(Tree, Vec<u32>)> {
    let bad = |node: usize, what: String| Error::new(ErrorKind::BadModelFile, format!("tree {number}, node {node}: {what}"));
    let nodes = tree.len();
    if root >= nodes {
        return Err(bad(root, format!("the root is not among {nodes} nodes")));
    }
    let mut place = vec![u32::MAX; nodes];
    let mut order = Vec::with_capacity(nodes);
    let mut waiting = vec![root];
    while let Some(node) = waiting.pop() {
        if place[node] != u32::MAX {
            return Err(bad(node, "it is reached twice".into()));
        }
        place[node] = order.len() as u32;
        order.push(node);
        let (left, right) = (tree.left[node], tree.right[node]);
        if left == Tree::LEAF && right == Tree::LEAF {
            continue;
        }
        if left as usize >= nodes || right as usize >= nodes {
            return Err(bad(node, format!("children {left} and {right} of {nodes} nodes")));
        }
        waiting.extend([right as usize, left as usize]);
    }
    if order.iter().enumerate().all(|(index, &node)| index == node) && order.len() == nodes {
        return Ok((tree, place));
    }
    Ok((in_order(&tree, &order, &place), place))
}

fn in_order(tree: &Tree, order: &[usize], place: &[u32]) -> Tree {
    fn pick<T: Copy>(column: &[T], order: &[usize]) -> Vec<T> {
        order.iter().map(|&node| column[node]).collect()
    }
    let children = |column: &[u32]| {
        order.iter().map(|&node| if column[node] == Tree::LEAF { Tree::LEAF } else { place[column[node] as usize] }).collect()
    };
    let outputs = tree.value.len() / tree.len();
    let reached = tree.categorical.iter().filter(|split| place[split.node as usize] != u32::MAX);
    let mut categorical: Vec<_> =
        reached.map(|split| CategoricalSplit { node: place[split.node as usize], left: split.left.clone() }).collect();
    categorical.sort_unstable_by_key(|split| split.node);
    Tree {
        feature: pick(&tree.feature, order),
        threshold: pick(&tree.threshold, order),
        left: children(&tree.left),
        right: children(&tree.right),
        missing_left: pick(&tree.missing_left, order),
        value: order.iter().flat_map(|&node| &tree.value[node * outputs..(node + 1) * outputs]).copied().collect(),
        rows: pick(&tree.rows, order),
        weight: pick(&tree.weight, order),
        impurity: pick(&tree.impurity, order),
        gain: pick(&tree.gain, order),
        categorical,
    }
}

/// How many numbers the leaves of a file may come to.
///
/// Where a tree contributes to one class of many, its nodes hold a number for each, most of them 0: a small
/// file that promises many classes must not become a large ensemble.
#[derive(Clone, Debug)]
pub(super) struct ValueBudget {
    left: usize,
}

impl ValueBudget {
    /// What any file may come to.
    const ALWAYS_ALLOWED: usize = 8_000_000;

    /// For a file of so many bytes. A node takes more than one, so that one number a node always fits.
    pub(super) fn new(file_bytes: usize) -> Self {
        ValueBudget { left: Self::ALWAYS_ALLOWED.max(file_bytes) }
    }

    /// Counts a tree.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] when all trees together come to more than the file may.
    pub(super) fn take(&mut self, nodes: usize, outputs: usize) -> Result<()> {
        match nodes.checked_mul(outputs).and_then(|values| self.left.checked_sub(values)) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(Error::new(
                ErrorKind::BadModelFile,
                format!("{nodes} nodes with {outputs} outputs, more than a file of this size holds"),
            )),
        }
    }
}

/// A tree of `nodes` leaves with nothing known of them, to be filled in.
pub(super) fn blank(nodes: usize, outputs: usize) -> Tree {
    Tree {
        feature: vec![0; nodes],
        threshold: vec![0.0; nodes],
        left: vec![Tree::LEAF; nodes],
        right: vec![Tree::LEAF; nodes],
        missing_left: vec![false; nodes],
        value: vec![0.0; nodes * outputs],
        rows: vec![0; nodes],
        weight: vec![0.0; nodes],
        impurity: vec![0.0; nodes],
        gain: vec![0.0; nodes],
        categorical: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 3 is the root; its children are 0 (left) and 2 (right); 1 is not reached.
    fn scrambled() -> Tree {
        let mut tree = blank(4, 2);
        (tree.left[3], tree.right[3]) = (0, 2);
        tree.value = vec![0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5];
        tree.threshold[3] = 7.0;
        tree
    }

    #[test]
    fn parents_come_first_and_strays_are_left_out() {
        let tree = arrange(scrambled(), 3, 0).unwrap();
        assert_eq!((tree.left, tree.right), (vec![1, Tree::LEAF, Tree::LEAF], vec![2, Tree::LEAF, Tree::LEAF]));
        assert_eq!(tree.value, [3.0, 3.5, 0.0, 0.5, 2.0, 2.5]);
        assert_eq!(tree.threshold, [7.0, 0.0, 0.0]);
    }

    #[test]
    fn cycles_and_strange_children_are_refused() {
        let mut cycle = scrambled();
        (cycle.left[0], cycle.right[0]) = (3, 2);
        assert_eq!(arrange(cycle, 3, 5).unwrap_err().to_string(), "tree 5, node 3: it is reached twice");
        let mut outside = scrambled();
        outside.right[3] = 4;
        assert_eq!(arrange(outside, 3, 0).unwrap_err().to_string(), "tree 0, node 3: children 0 and 4 of 4 nodes");
        assert!(arrange(scrambled(), 4, 0).is_err());
    }
}
