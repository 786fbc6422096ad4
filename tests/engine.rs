//! The tree engine against scikit-learn's golden values, and against itself.

use std::path::PathBuf;

use hivectl::trees::{Columns, IsolationForestParams, RandomForestParams, Scorer, Task, fit_forest, fit_isolation};
use linfa::ParamGuard;
use serde_json::Value;

/// The folder of shared references, or nothing with a word on why the test is skipped.
fn shared(path: &str) -> Option<PathBuf> {
    let root =
        std::env::var_os("HIVECTL_SHARED").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = root.join(path);
    if !path.exists() {
        eprintln!("skipped: {} is absent; set HIVECTL_SHARED", path.display());
        return None;
    }
    Some(path)
}

fn oracle(name: &str) -> Option<Value> {
    let path = shared("oracles")?.join(name);
    Some(serde_json::from_slice(&std::fs::read(path).expect("a readable oracle")).expect("JSON"))
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("an array").iter().map(|number| number.as_f64().unwrap_or(f64::NAN)).collect()
}

/// Columns of a row-major JSON matrix.
fn matrix(value: &Value) -> Vec<Vec<f32>> {
    let rows: Vec<Vec<f64>> = value.as_array().expect("rows").iter().map(numbers).collect();
    (0..rows[0].len()).map(|column| rows.iter().map(|row| row[column] as f32).collect()).collect()
}

fn columns(matrix: &[Vec<f32>]) -> Columns<'_> {
    Columns::new(matrix.iter().map(Vec::as_slice).collect(), matrix[0].len()).expect("columns of one length")
}

fn squared_error(predictions: &[f64], target: &[f64]) -> f64 {
    predictions.iter().zip(target).map(|(prediction, target)| (prediction - target).powi(2)).sum()
}

/// Targets with structure and noise over a few kinds of features.
fn synthetic(rows: usize, seed: u64) -> (Vec<Vec<f32>>, Vec<f64>) {
    let mut state = seed;
    let mut unit = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut matrix = vec![Vec::with_capacity(rows); 6];
    let mut target = Vec::with_capacity(rows);
    for _ in 0..rows {
        let row =
            [unit(), (unit() * 5.0).floor(), -unit().ln(), (unit() * 2.0).floor(), unit(), if unit() < 0.1 { f64::NAN } else { unit() }];
        let signal =
            40.0 * (3.0 * row[0]).sin() + 9.0 * row[1] + 15.0 * row[2] * row[3] + if row[5].is_nan() { 30.0 } else { 5.0 * row[5] };
        target.push((1000.0 * (signal + unit())).round());
        matrix.iter_mut().zip(row).for_each(|(column, value)| column.push(value as f32));
    }
    (matrix, target)
}

fn quiet(_: usize) {}

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
    let Task::Isolation(score) = fitted.ensemble.task else { panic!("not an isolation forest") };
    let marked = fitted.training_scores.iter().filter(|&&training| training < score.offset).count();
    assert_eq!(marked, 500);
    assert!(fitted.training_scores.iter().all(|score| (-1.0..0.0).contains(score)));
}
