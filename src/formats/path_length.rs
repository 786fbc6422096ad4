//! Path lengths of isolation trees: forwards for scoring, backwards for files that hold only sums.

use crate::trees::Tree;
use crate::trees::average_path_length;

/// The number of rows, at least 1, whose [`average_path_length`] is nearest to `length`.
pub(super) fn rows_of_path_length(length: f64) -> usize {
    let (mut below, mut above) = (1usize, 1 << 40);
    while above - below > 1 {
        let middle = below + (above - below) / 2;
        if average_path_length(middle) <= length { below = middle } else { above = middle }
    }
    let distance = |rows: usize| (average_path_length(rows) - length).abs();
    if distance(above) < distance(below) { above } else { below }
}

/// Depth in edges of every node. Children stand after their parent.
pub(super) fn node_depths(tree: &Tree) -> Vec<u32> {
    let mut depths = vec![0; tree.len()];
    for node in 0..tree.len() {
        if !tree.is_leaf(node) {
            depths[tree.left[node] as usize] = depths[node] + 1;
            depths[tree.right[node] as usize] = depths[node] + 1;
        }
    }
    depths
}

/// Rows and path lengths of the inner nodes from those of the leaves.
pub(super) fn fill_from_leaves(tree: &mut Tree) {
    for node in (0..tree.len()).rev() {
        if !tree.is_leaf(node) {
            tree.rows[node] = tree.rows[tree.left[node] as usize].saturating_add(tree.rows[tree.right[node] as usize]);
        }
        tree.weight[node] = tree.rows[node] as f64;
    }
    for (node, depth) in node_depths(tree).into_iter().enumerate() {
        if !tree.is_leaf(node) {
            tree.value[node] = f64::from(depth) + average_path_length(tree.rows[node] as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_from_their_length_in_single_precision() {
        for rows in [1, 2, 3, 4, 10, 77, 256, 1000, 50_000] {
            assert_eq!(rows_of_path_length(f64::from(average_path_length(rows) as f32)), rows);
        }
        assert_eq!(rows_of_path_length(-1.0), 1);
        assert_eq!(rows_of_path_length(0.6), 2);
    }
}
