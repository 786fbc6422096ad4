//! Why a regression forest answers as it does: what each feature's splits added on the way down.

use super::{Aggregation, Tree, TreeEnsemble};

/// By feature: how far its splits moved the answer for `row`, in the target's unit. The amounts add up to
/// the answer minus the mean answer over the training rows (the roots' values).
///
/// Each split's move is the difference between the child's and the node's mean target (Saabas, 2014). The
/// ensemble must be a regression whose inner nodes hold their mean and have passed
/// [`TreeEnsemble::check`]; `row` holds one value a feature.
pub fn contributions(ensemble: &TreeEnsemble, row: &[f32]) -> Vec<f64> {
    let mut moved = vec![0.0; ensemble.features()];
    ensemble.trees.iter().for_each(|tree| walk(ensemble, tree, row, &mut moved));
    if ensemble.aggregation == Aggregation::Mean {
        let trees = ensemble.trees.len().max(1) as f64;
        moved.iter_mut().for_each(|amount| *amount /= trees);
    }
    moved
}

fn walk(ensemble: &TreeEnsemble, tree: &Tree, row: &[f32], moved: &mut [f64]) {
    let mut node = 0;
    while !tree.is_leaf(node) {
        let feature = tree.feature[node] as usize;
        let child = tree.child(node, row[feature], ensemble.comparison, ensemble.single_precision);
        moved[feature] += tree.value[child] - tree.value[node];
        node = child;
    }
}
