//! Shares and reasons against their definitions.

use super::support::*;

use hivectl::statistics::random::SplitMix64;
use hivectl::trees::{
    BoostingParams, EnsembleTask, Explainer, IsolationForestParams, PathReasons, RandomForestParams, Scorer, Tree, TreeEnsemble,
    fit_boosting, fit_forest, fit_forest_classifier, fit_isolation, permutation_importances,
};
use linfa::ParamGuard;

/// SHAP values by their definition: the mean over all orders of the features.
fn brute_force_shap(ensemble: &TreeEnsemble, row: &[f32]) -> Vec<f64> {
    fn expectation(tree: &Tree, node: usize, row: &[f32], known: usize) -> f64 {
        if tree.is_leaf(node) {
            return tree.value[node];
        }
        let (left, right) = (tree.left[node] as usize, tree.right[node] as usize);
        let feature = tree.feature[node] as usize;
        if known >> feature & 1 == 1 {
            let left_goes = if row[feature].is_nan() { tree.missing_left[node] } else { f64::from(row[feature]) <= tree.threshold[node] };
            return expectation(tree, if left_goes { left } else { right }, row, known);
        }
        (expectation(tree, left, row, known) * tree.weight[left] + expectation(tree, right, row, known) * tree.weight[right])
            / tree.weight[node]
    }
    let features = ensemble.features();
    let value =
        |known: usize| ensemble.trees.iter().map(|tree| expectation(tree, 0, row, known)).sum::<f64>() / ensemble.trees.len() as f64;
    let factorial = |n: usize| (1..=n).map(|n| n as f64).product::<f64>();
    (0..features)
        .map(|feature| {
            (0..1usize << features)
                .filter(|known| known >> feature & 1 == 0)
                .map(|known| {
                    let size = known.count_ones() as usize;
                    factorial(size) * factorial(features - size - 1) / factorial(features) * (value(known | 1 << feature) - value(known))
                })
                .sum()
        })
        .collect()
}

#[test]
fn shap_values_are_those_of_the_definition() {
    let mut draw = SplitMix64::new(21);
    for depth in [1, 3, 6] {
        let forest = ensemble((0..4).map(|_| random_tree(&mut draw, 6, depth, 1, 20)).collect(), 6, EnsembleTask::Regression);
        for _ in 0..5 {
            let row: Vec<f32> = (0..6).map(|_| if draw.below(8) == 0 { f32::NAN } else { draw.unit() as f32 }).collect();
            let contributions = Explainer::new(&forest).expect("weighted").contributions(&row).expect("contributions");
            for (ours, expected) in contributions.iter().zip(brute_force_shap(&forest, &row)) {
                assert!((ours - expected).abs() < 1e-12, "{ours} against {expected}");
            }
        }
    }
}

#[test]
fn contributions_add_up_to_the_answer() {
    let (matrix, target) = synthetic(3_000, 8);
    let forest = fit_forest(&RandomForestParams::new().trees(10).check().expect("valid"), &columns(&matrix), &target, 2, &quiet)
        .expect("a forest")
        .ensemble;
    let boosted = fit_boosting(&BoostingParams::new().rounds(20).check().expect("valid"), &columns(&matrix), &target, 2, &quiet)
        .expect("an ensemble")
        .ensemble;
    let classes: Vec<f64> = target.iter().map(|target| (target / 20_000.0).floor().clamp(-1.0, 3.0)).collect();
    let classifier =
        fit_forest_classifier(&RandomForestParams::new().trees(10).check().expect("valid"), &columns(&matrix), &classes, 2, &quiet)
            .expect("a forest")
            .ensemble;
    let few: Vec<Vec<f32>> = matrix.iter().map(|column| column[..20].to_vec()).collect();
    for ensemble in [&forest, &boosted, &classifier] {
        let scores = Scorer::new(ensemble).expect("sound").score(&columns(&few), 1).expect("scores");
        let explainer = Explainer::new(ensemble).expect("weighted");
        let all = explainer.contributions_of_all(&columns(&few), 2).expect("contributions");
        for (contributions, scores) in all.iter().zip(scores.chunks(ensemble.outputs)) {
            for (output, score) in scores.iter().enumerate() {
                let sum = explainer.expectation()[output] + contributions.iter().skip(output).step_by(ensemble.outputs).sum::<f64>();
                assert!((sum - score).abs() <= 1e-9 * score.abs().max(1.0), "{sum} against {score}");
            }
        }
    }
    let shuffled = permutation_importances(&forest, &columns(&matrix), &target, 3, 1, 2).expect("importances");
    assert_eq!(shuffled, permutation_importances(&forest, &columns(&matrix), &target, 3, 1, 1).expect("importances"));
    assert!(shuffled[0].mean > 5_000.0 && shuffled[4].mean.abs() < 500.0, "{shuffled:?}");
}

#[test]
fn an_outliers_reasons_name_its_feature() {
    let (mut matrix, _) = synthetic(5_000, 9);
    matrix.pop();
    matrix[2][17] = 400.0;
    let fitted = fit_isolation(&IsolationForestParams::new().subsample(5_000).check().expect("valid"), &columns(&matrix), 2, &quiet)
        .expect("a forest");
    let row: Vec<f32> = matrix.iter().map(|column| column[17]).collect();
    let shortening = PathReasons::new(&fitted.ensemble).shortening(&row);
    assert!(
        shortening[2] > 2.0 && shortening.iter().enumerate().all(|(feature, edges)| feature == 2 || *edges < 0.5 * shortening[2]),
        "{shortening:?}"
    );
}
