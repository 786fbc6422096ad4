//! Forests and isolation forests against scikit-learn, and against themselves.

use super::support::*;

use hivectl::error::ErrorKind;
use hivectl::trees::{EnsembleTask, IsolationForestParams, RandomForestParams, Scorer, fit_forest, fit_forest_classifier, fit_isolation};
use linfa::ParamGuard;

#[test]
fn a_single_tree_reaches_scikit_learns_squared_error() {
    let Some(oracle) = oracle("cart_no_bootstrap.json") else { return };
    let (matrix, target) = (matrix(&oracle["X"]), numbers(&oracle["y"]));
    let parameters = RandomForestParams::new().trees(1).bootstrap(false).check().expect("valid");
    let fitted = fit_forest(&parameters, &columns(&matrix), &target, 2, &quiet).expect("a forest");
    let predictions = Scorer::new(&fitted.ensemble).expect("sound").score(&columns(&matrix), 1).expect("scores");
    let (ours, theirs) = (squared_error(&predictions, &target), oracle["sse"].as_f64().expect("a number"));
    assert!((ours - theirs).abs() <= 1e-9 * theirs, "{ours} against {theirs}");
    assert!(fitted.out_of_bag.iter().all(|value| value.is_nan()));
}

#[test]
fn a_forest_is_statistically_scikit_learns() {
    let Some(oracle) = oracle("rf.json") else { return };
    let (matrix, target) = (matrix(&oracle["X"]), numbers(&oracle["y"]));
    let theirs = squared_error(&numbers(&oracle["predict"]), &target);
    let mut ratios = Vec::new();
    let mut out_of_bag_r2 = Vec::new();
    let mean = target.iter().sum::<f64>() / target.len() as f64;
    for seed in 0..20 {
        let parameters = RandomForestParams::new().trees(10).seed(seed).check().expect("valid");
        let fitted = fit_forest(&parameters, &columns(&matrix), &target, 2, &quiet).expect("a forest");
        let predictions = Scorer::new(&fitted.ensemble).expect("sound").score(&columns(&matrix), 1).expect("scores");
        ratios.push(squared_error(&predictions, &target) / theirs);
        let (mut error, mut spread) = (0.0, 0.0);
        for (prediction, target) in fitted.out_of_bag.iter().zip(&target).filter(|(prediction, _)| !prediction.is_nan()) {
            error += (prediction - target).powi(2);
            spread += (target - mean).powi(2);
        }
        out_of_bag_r2.push(1.0 - error / spread);
        assert!((fitted.importances.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let theirs = numbers(&oracle["importances"]);
        assert!(
            fitted.importances.iter().zip(&theirs).all(|(ours, theirs)| (ours - theirs).abs() < 0.12),
            "{:?} against {theirs:?}",
            fitted.importances
        );
    }
    let average = ratios.iter().sum::<f64>() / ratios.len() as f64;
    assert!((0.85..1.15).contains(&average), "training error {average} times scikit-learn's");
    let r2 = out_of_bag_r2.iter().sum::<f64>() / out_of_bag_r2.len() as f64;
    let theirs = oracle["oob_r2"].as_f64().expect("a number");
    assert!((r2 - theirs).abs() < 0.05, "out-of-bag R² {r2} against {theirs}");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let (matrix, target) = synthetic(20_000, 1);
    let fractional: Vec<f64> = target.iter().map(|target| (target + 60_000.0).ln()).collect();
    for target in [&target, &fractional] {
        let fit = |threads| {
            fit_forest(&RandomForestParams::new().trees(7).check().expect("valid"), &columns(&matrix), target, threads, &quiet)
                .expect("a forest")
        };
        let reference = fit(1);
        assert_eq!(reference.ensemble, fit(2).ensemble);
        assert_eq!(reference.ensemble, fit(5).ensemble);
        let scorer = Scorer::new(&reference.ensemble).expect("sound");
        let scores = scorer.score(&columns(&matrix), 1).expect("scores");
        assert_eq!(scores, scorer.score(&columns(&matrix), 3).expect("scores"));
        let row: Vec<f32> = matrix.iter().map(|column| column[77]).collect();
        assert_eq!(scorer.score_row(&row), scores[77]);
    }
    let fit = |threads| {
        fit_isolation(&IsolationForestParams::new().check().expect("valid"), &columns(&matrix), threads, &quiet).expect("a forest")
    };
    assert_eq!(fit(1), fit(5));
}

#[test]
fn missing_values_teach() {
    let (matrix, target) = synthetic(5_000, 3);
    let parameters = RandomForestParams::new().trees(20).check().expect("valid");
    let error = |matrix: &[Vec<f32>]| {
        let fitted = fit_forest(&parameters, &columns(matrix), &target, 2, &quiet).expect("a forest");
        squared_error(&fitted.out_of_bag, &target)
    };
    let mut filled = matrix.clone();
    filled[5].iter_mut().for_each(|value| *value = if value.is_nan() { 0.5 } else { *value });
    assert!(error(&matrix) < 0.8 * error(&filled));
}

#[test]
fn an_isolation_forest_marks_the_share_it_was_told_to() {
    let (mut matrix, _) = synthetic(10_000, 5);
    matrix.pop();
    let parameters = IsolationForestParams::new().check().expect("valid");
    let fitted = fit_isolation(&parameters, &columns(&matrix), 2, &quiet).expect("a forest");
    let EnsembleTask::Isolation(score) = fitted.ensemble.task else { panic!("not an isolation forest") };
    let marked = fitted.training_scores.iter().filter(|&&training| training < score.offset).count();
    assert_eq!(marked, 500);
    assert!(fitted.training_scores.iter().all(|score| (-1.0..0.0).contains(score)));
}

#[test]
fn classes_get_probabilities() {
    let (matrix, target) = synthetic(20_000, 4);
    for classes in [2, 3, 7, 20] {
        let mut sorted = target.clone();
        sorted.sort_by(f64::total_cmp);
        let labels: Vec<f64> =
            target.iter().map(|target| (sorted.partition_point(|other| other < target) * classes / sorted.len()) as f64 * 10.0).collect();
        let fitted =
            fit_forest_classifier(&RandomForestParams::new().trees(20).check().expect("valid"), &columns(&matrix), &labels, 2, &quiet)
                .expect("a forest");
        let EnsembleTask::Classification { classes: known, .. } = &fitted.ensemble.task else { panic!("not a classifier") };
        assert_eq!(known.len(), classes);
        let scores = Scorer::new(&fitted.ensemble).expect("sound").score(&columns(&matrix), 2).expect("scores");
        let mut right = 0;
        for (row, probabilities) in scores.chunks(classes).enumerate() {
            assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            let best = (0..classes).max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b])).expect("classes");
            right += usize::from(known[best].number() == Some(labels[row]));
        }
        assert!(
            right as f64 > if classes < 10 { 0.8 } else { 0.6 } * target.len() as f64,
            "{right} of {} right among {classes} classes",
            target.len()
        );
        assert_eq!(fitted.out_of_bag.len(), target.len() * classes);
    }
    let labels: Vec<f64> = (0..20_000).map(|row| f64::from(row % 33)).collect();
    let refused = fit_forest_classifier(&RandomForestParams::new().check().expect("valid"), &columns(&matrix), &labels, 2, &quiet);
    assert_eq!(refused.expect_err("33 classes").kind(), ErrorKind::BadInput);
}

#[test]
fn two_classes_are_a_regression_on_zero_and_one() {
    let (matrix, target) = synthetic(5_000, 12);
    let labels: Vec<f64> = target.iter().map(|&target| f64::from(u8::from(target > 40_000.0))).collect();
    let parameters = RandomForestParams::new().trees(5).check().expect("valid");
    let classifier = fit_forest_classifier(&parameters, &columns(&matrix), &labels, 2, &quiet).expect("a forest");
    let regression = fit_forest(&parameters, &columns(&matrix), &labels, 2, &quiet).expect("a forest");
    for (class, regression) in classifier.ensemble.trees.iter().zip(&regression.ensemble.trees) {
        assert_eq!(class.feature, regression.feature);
        assert_eq!(class.threshold, regression.threshold);
    }
}

#[test]
fn a_zero_gain_split_is_made_where_the_targets_differ() {
    // Neither feature alone tells anything: the first cut gains nothing, the second everything.
    let matrix = [vec![0.0, 0.0, 1.0, 1.0], vec![0.0, 1.0, 0.0, 1.0]];
    let target = [0.0, 1.0, 1.0, 0.0];
    let parameters = RandomForestParams::new().trees(1).bootstrap(false).min_split(2).min_leaf(1).check().expect("valid");
    let fitted = fit_forest(&parameters, &columns(&matrix), &target, 1, &quiet).expect("a forest");
    assert_eq!(Scorer::new(&fitted.ensemble).expect("sound").score(&columns(&matrix), 1).expect("scores"), target);
}
