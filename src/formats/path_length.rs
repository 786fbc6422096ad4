//! Path lengths of isolation trees: forwards for scoring, backwards for files that hold only sums.

use crate::trees::Tree;

/// Average path length of an unsuccessful search in a binary tree of `rows` rows: 0 up to one row,
/// 1 for two, else `2 (ln(rows - 1) + γ) - 2 (rows - 1) / rows`.
/// Source: `sklearn.ensemble._iforest._average_path_length`.
pub(super) fn average_path_length(rows: f64) -> f64 {
    /// Euler's γ.
    const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;
    match rows {
        _ if rows <= 1.0 => 0.0,
        2.0 => 1.0,
        _ => 2.0 * ((rows - 1.0).ln() + EULER_GAMMA) - 2.0 * (rows - 1.0) / rows,
    }
}

/// The number of rows, at least 1, whose [`average_path_length`] is nearest to `length`.
pub(super) fn rows_of_path_length(length: f64) -> u64 {
    let (mut below, mut above) = (1u64, 1 << 40);
    while above - below > 1 {
        let middle = below + (above - below) / 2;
        if average_path_length(middle as f64) <= length { below = middle } else { above = middle }
    }
    let distance = |rows: u64| (average_path_length(rows as f64) - length).abs();
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
            tree.value[node] = f64::from(depth) + average_path_length(tree.rows[node] as f64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_lengths() {
        // scikit-learn's values, of shared/oracles/iforest.json.
        for (rows, length) in [(1.0, 0.0), (2.0, 1.0), (3.0, 1.207_392_357_589_623), (256.0, 10.244_770_920_119_917)] {
            assert!((average_path_length(rows) - length).abs() < 1e-14, "{rows}");
        }
    }

    #[test]
    fn rows_come_back_from_their_length_in_single_precision() {
        for rows in [1, 2, 3, 4, 10, 77, 256, 1000, 50_000] {
            assert_eq!(rows_of_path_length(f64::from(average_path_length(rows as f64) as f32)), rows);
        }
        assert_eq!(rows_of_path_length(-1.0), 1);
        assert_eq!(rows_of_path_length(0.6), 2);
    }
}
