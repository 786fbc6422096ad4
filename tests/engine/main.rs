//! The tree engine against scikit-learn's golden values, and against itself.
#![allow(clippy::print_stderr, reason = "a skipped test says why")]

mod bad_input;
mod judged;

use std::path::PathBuf;

use hivectl::error::ErrorKind;
use hivectl::trees::{
    Aggregation, BoostingParams, CategoricalSplit, Columns, Comparison, EarlyStopping, Explainer, IsolationForestParams, IsolationScore,
    Link, Objective, PathReasons, RandomForestParams, Scorer, Task, Tree, TreeEnsemble, fit_boosting, fit_forest, fit_forest_classifier,
    fit_isolation, permutation_importances,
};
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
    let mut matrix = vec![Vec::new(); 6];
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

/// Trees spelled out as scikit-learn's arrays.
fn sklearn_trees(value: &Value, leaf_value: impl Fn(usize, usize, f64) -> f64) -> Vec<Tree> {
    let integers = |value: &Value| -> Vec<i64> {
        value.as_array().expect("an array").iter().map(|number| number.as_i64().expect("an integer")).collect()
    };
    let convert = |tree: &Value| {
        let (left, right, feature) = (integers(&tree["left"]), integers(&tree["right"]), integers(&tree["feature"]));
        let (rows, values) = (integers(&tree["n"]), numbers(&tree["value"]));
        let mut depth = vec![0; left.len()];
        for node in (0..left.len()).filter(|&node| left[node] >= 0) {
            depth[left[node] as usize] = depth[node] + 1;
            depth[right[node] as usize] = depth[node] + 1;
        }
        let child = |children: &[i64]| children.iter().map(|&child| if child < 0 { Tree::LEAF } else { child as u32 }).collect();
        Tree {
            feature: feature.iter().map(|&feature| feature.max(0) as u32).collect(),
            threshold: numbers(&tree["threshold"]),
            missing_left: vec![false; left.len()],
            value: (0..left.len()).map(|node| leaf_value(depth[node], rows[node] as usize, values[node])).collect(),
            rows: rows.iter().map(|&rows| rows as u64).collect(),
            weight: numbers(&tree["wn"]),
            impurity: numbers(&tree["impurity"]),
            gain: vec![0.0; left.len()],
            categorical: Vec::new(),
            left: child(&left),
            right: child(&right),
        }
    };
    value.as_array().expect("trees").iter().map(convert).collect()
}

fn ensemble(trees: Vec<Tree>, features: usize, task: Task) -> TreeEnsemble {
    TreeEnsemble {
        task,
        feature_names: (0..features).map(|feature| format!("x{feature}")).collect(),
        outputs: 1,
        base: vec![0.0],
        aggregation: Aggregation::Mean,
        comparison: Comparison::LessOrEqual,
        single_precision: false,
        trees,
    }
}

#[test]
fn scikit_learns_trees_answer_as_in_scikit_learn() {
    if let Some(oracle) = oracle("rf.json") {
        let matrix = matrix(&oracle["X"]);
        let forest = ensemble(sklearn_trees(&oracle["trees"], |_, _, value| value), matrix.len(), Task::Regression);
        let scores = Scorer::new(&forest).expect("sound").score(&columns(&matrix), 2).expect("scores");
        for (ours, theirs) in scores.iter().zip(numbers(&oracle["predict"])) {
            assert!((ours - theirs).abs() <= 1e-12 * theirs.abs(), "{ours} against {theirs}");
        }
    }
    if let Some(oracle) = oracle("iforest.json") {
        let matrix = matrix(&oracle["X"]);
        let subsample = oracle["max_samples"].as_u64().expect("a number") as usize;
        let offset = oracle["offset"].as_f64().expect("a number");
        let task = Task::Isolation(IsolationScore { subsample, offset, contamination: Some(0.05) });
        let path = |depth: usize, rows: usize, _| depth as f64 + hivectl::trees::isolation::average_path_length(rows);
        let forest = ensemble(sklearn_trees(&oracle["trees"], path), matrix.len(), task);
        let scores = Scorer::new(&forest).expect("sound").score(&columns(&matrix), 2).expect("scores");
        for (ours, theirs) in scores.iter().zip(numbers(&oracle["score_samples"])) {
            assert!((ours - theirs).abs() <= 1e-14, "{ours} against {theirs}");
        }
        assert!((hivectl::statistics::percentile::percentile(&mut scores.clone(), 5.0).expect("scores") - offset).abs() <= 1e-14);
    }
}

/// A number generator of the tests' own.
struct Draw(u64);

impl Draw {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.unit() * bound as f64) as usize
    }
}

/// A tree with random cuts on a grid of `grid` thresholds a feature; weights add up.
fn random_tree(draw: &mut Draw, features: usize, depth: usize, outputs: usize, grid: usize) -> Tree {
    let mut tree = Tree::default();
    let mut waiting = vec![(None::<(usize, bool)>, depth, 1000.0)];
    while let Some((parent, depth_left, weight)) = waiting.pop() {
        let node = tree.len();
        if let Some((parent, is_left)) = parent {
            if is_left { tree.left[parent] = node as u32 } else { tree.right[parent] = node as u32 }
        }
        let is_leaf = depth_left == 0 || (node > 0 && draw.unit() < 0.15);
        tree.feature.push(if is_leaf { 0 } else { draw.below(features) as u32 });
        tree.threshold.push((draw.below(grid) as f64 + 0.5) / grid as f64);
        tree.left.push(Tree::LEAF);
        tree.right.push(Tree::LEAF);
        tree.missing_left.push(draw.unit() < 0.5);
        (0..outputs).for_each(|_| tree.value.push(draw.unit() * 10.0 - 5.0));
        tree.rows.push(weight as u64);
        tree.weight.push(weight);
        tree.impurity.push(0.0);
        tree.gain.push(0.0);
        if !is_leaf {
            let share = 0.1 + 0.8 * draw.unit();
            waiting.push((Some((node, false)), depth_left - 1, weight * (1.0 - share)));
            waiting.push((Some((node, true)), depth_left - 1, weight * share));
        }
    }
    tree
}

/// What the ensemble's own definition says of a row, without anything compiled.
fn plain_answer(ensemble: &TreeEnsemble, row: &[f32]) -> Vec<f64> {
    let mut sums = vec![0.0; ensemble.outputs];
    for tree in &ensemble.trees {
        let mut node = 0;
        while !tree.is_leaf(node) {
            node = tree.child(node, row[tree.feature[node] as usize], ensemble.comparison, ensemble.single_precision);
        }
        sums.iter_mut().zip(&tree.value[node * ensemble.outputs..]).for_each(|(sum, value)| *sum += value);
    }
    let divisor = if ensemble.aggregation == Aggregation::Mean { ensemble.trees.len() as f64 } else { 1.0 };
    sums.iter().zip(&ensemble.base).map(|(sum, base)| base + sum / divisor).collect()
}

#[test]
fn splits_by_category_are_scored_by_their_definition() {
    let mut draw = Draw(31);
    let mut trees: Vec<Tree> = (0..5).map(|_| random_tree(&mut draw, 3, 5, 1, 10)).collect();
    for tree in &mut trees {
        let split = |node: usize| CategoricalSplit { node: node as u32, left: vec![0, 2, 3, 7] };
        tree.categorical = (0..tree.len()).filter(|&node| !tree.is_leaf(node) && tree.feature[node] == 1).map(split).collect();
    }
    let forest = ensemble(trees, 3, Task::Regression);
    assert!(forest.has_categories());
    let matrix: Vec<Vec<f32>> =
        (0..3).map(|_| (0..200).map(|_| if draw.below(9) == 0 { f32::NAN } else { draw.below(90) as f32 / 10.0 }).collect()).collect();
    let scorer = Scorer::new(&forest).expect("sound");
    let scores = scorer.score(&columns(&matrix), 2).expect("scores");
    for (row, &score) in scores.iter().enumerate() {
        let values: Vec<f32> = matrix.iter().map(|column| column[row]).collect();
        assert_eq!(plain_answer(&forest, &values), [score]);
        assert_eq!(scorer.score_row(&values), score);
        assert_eq!(scorer.clone().portable().score_row(&values), score);
    }
}

#[test]
fn every_kernel_gives_the_same_bits() {
    let mut draw = Draw(11);
    for (features, depth, outputs, grid, trees) in [
        (1, 1, 1, 10, 3),
        (5, 4, 1, 10, 40),
        (16, 8, 1, 200, 70),
        (15, 10, 1, 200, 20),
        (15, 10, 3, 200, 20),
        (15, 10, 1, 5000, 20),
        (40, 9, 1, 100, 10),
        (64, 6, 2, 50, 9),
        (70, 6, 1, 50, 9),
        (4, 13, 1, 90, 5),
        (3, 25, 1, 60, 3),
    ] {
        for (comparison, single_precision) in
            [(Comparison::LessOrEqual, false), (Comparison::Less, false), (Comparison::LessOrEqual, true), (Comparison::Less, true)]
        {
            let trees = (0..trees).map(|_| random_tree(&mut draw, features, depth, outputs, grid)).collect();
            let task = if outputs == 1 {
                Task::Regression
            } else {
                Task::Classification { classes: (0..outputs).map(|class| class as f64).collect(), link: Link::Identity }
            };
            let ensemble = TreeEnsemble {
                outputs,
                base: vec![0.25; outputs],
                aggregation: Aggregation::Sum,
                comparison,
                single_precision,
                ..ensemble(trees, features, task)
            };
            let rows = 333;
            for missing in [false, true] {
                let matrix: Vec<Vec<f32>> = (0..features)
                    .map(|_| {
                        (0..rows)
                            .map(|_| match draw.below(20) {
                                0 if missing => f32::NAN,
                                1 => ((draw.below(grid) as f64 + 0.5) / grid as f64) as f32,
                                2 => f32::INFINITY,
                                _ => draw.unit() as f32,
                            })
                            .collect()
                    })
                    .collect();
                let scorer = Scorer::new(&ensemble).expect("sound");
                let portable = scorer.clone().portable();
                let scores = scorer.score(&columns(&matrix), 2).expect("scores");
                assert_eq!(scores, portable.score(&columns(&matrix), 1).expect("scores"), "{features} features, depth {depth}");
                for row in 0..rows {
                    let values: Vec<f32> = matrix.iter().map(|column| column[row]).collect();
                    let expected = &scores[row * outputs..(row + 1) * outputs];
                    assert_eq!(plain_answer(&ensemble, &values), expected, "row {row}, {features} features, depth {depth}, {comparison:?}");
                    let mut answer = vec![0.0; outputs];
                    scorer.score_row_into(&values, &mut answer);
                    assert_eq!(answer, expected);
                    portable.score_row_into(&values, &mut answer);
                    assert_eq!(answer, expected);
                }
            }
        }
    }
}

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
    let mut draw = Draw(21);
    for depth in [1, 3, 6] {
        let forest = ensemble((0..4).map(|_| random_tree(&mut draw, 6, depth, 1, 20)).collect(), 6, Task::Regression);
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

#[test]
fn boosting_gains_and_leaves_are_xgboosts() {
    let (Some(model), Some(predictions)) = (oracle("xgb_reg.json"), oracle("xgb_reg_pred.json")) else { return };
    let (matrix, target) = (matrix(&predictions["X"]), numbers(&predictions["y"]));
    let parameters = BoostingParams::new()
        .rounds(8)
        .depth(4)
        .learning_rate(0.3)
        .l2(2.5)
        .l1(0.7)
        .min_gain(1.0)
        .min_child_weight(5.0)
        .check()
        .expect("valid");
    let fitted = fit_boosting(&parameters, &columns(&matrix), &target, 2, &quiet).expect("an ensemble");
    let theirs = &model["learner"]["gradient_booster"]["model"]["trees"][0];
    let ours = &fitted.ensemble.trees[0];
    let gain = theirs["loss_changes"][0].as_f64().expect("a number");
    assert!((ours.gain[0] / gain - 1.0).abs() < 1e-6, "root gain {} against {gain}", ours.gain[0]);
    assert_eq!(ours.weight[ours.left[0] as usize], theirs["sum_hessian"][1].as_f64().expect("a number"));
    let leaf = theirs["base_weights"][1].as_f64().expect("a number");
    assert!(
        (ours.value[ours.left[0] as usize] / (0.3 * leaf) - 1.0).abs() < 1e-5
            || (ours.value[ours.left[0] as usize] / leaf - 1.0).abs() < 1e-5
    );
    let scores = Scorer::new(&fitted.ensemble).expect("sound").score(&columns(&matrix), 1).expect("scores");
    let ratio = squared_error(&scores, &target) / squared_error(&numbers(&predictions["predict"]), &target);
    assert!((0.95..1.05).contains(&ratio), "training error {ratio} times XGBoost's");
}

#[test]
fn boosting_does_not_depend_on_threads_and_stops_in_time() {
    let (matrix, target) = synthetic(40_000, 2);
    for objective in
        [Objective::SquaredError, Objective::AbsoluteError, Objective::Huber { delta: 5_000.0 }, Objective::Quantile { share: 0.9 }]
    {
        for share in [0.7, 1.0] {
            let parameters =
                BoostingParams::new().rounds(8).objective(objective).row_share(share).column_share(share).check().expect("valid");
            let fit = |threads| fit_boosting(&parameters, &columns(&matrix), &target, threads, &quiet).expect("an ensemble");
            let reference = fit(1);
            assert_eq!(reference, fit(2));
            assert_eq!(reference, fit(5));
        }
    }
    let parameters = BoostingParams::new()
        .rounds(2_000)
        .learning_rate(0.5)
        .early_stopping(Some(EarlyStopping { holdout: 0.2, patience: 5 }))
        .check()
        .expect("valid");
    let fitted = fit_boosting(&parameters, &columns(&matrix), &target, 2, &quiet).expect("an ensemble");
    let losses = &fitted.holdout_loss;
    assert!(losses.len() < 2_000 && losses.len() == fitted.ensemble.trees.len() + 5);
    let best = losses.iter().copied().fold(f64::INFINITY, f64::min);
    assert_eq!(losses[fitted.ensemble.trees.len() - 1], best);
    let tail: Vec<Vec<f32>> = matrix.iter().map(|column| column[32_000..].to_vec()).collect();
    let scores = Scorer::new(&fitted.ensemble).expect("sound").score(&columns(&tail), 1).expect("scores");
    let loss = squared_error(&scores, &target[32_000..]) / 8_000.0;
    assert!((loss / best - 1.0).abs() < 1e-9, "{loss} against {best}");
}

#[test]
fn objectives_reach_what_they_aim_at() {
    let (matrix, target) = synthetic(20_000, 6);
    let fit = |objective| {
        let parameters = BoostingParams::new().objective(objective).check().expect("valid");
        let fitted = fit_boosting(&parameters, &columns(&matrix), &target, 2, &quiet).expect("an ensemble");
        Scorer::new(&fitted.ensemble).expect("sound").score(&columns(&matrix), 2).expect("scores")
    };
    let absolute =
        |scores: &[f64]| scores.iter().zip(&target).map(|(score, target)| (score - target).abs()).sum::<f64>() / target.len() as f64;
    let below = fit(Objective::Quantile { share: 0.9 }).iter().zip(&target).filter(|(score, target)| target < score).count() as f64
        / target.len() as f64;
    assert!((0.88..0.92).contains(&below), "{below} below the 90 % quantile");
    let constant = vec![target.iter().sum::<f64>() / target.len() as f64; target.len()];
    for objective in [Objective::SquaredError, Objective::AbsoluteError, Objective::Huber { delta: 5_000.0 }] {
        assert!(absolute(&fit(objective)) < 0.1 * absolute(&constant), "{objective:?}");
    }
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
        let Task::Classification { classes: known, .. } = &fitted.ensemble.task else { panic!("not a classifier") };
        assert_eq!(known.len(), classes);
        let scores = Scorer::new(&fitted.ensemble).expect("sound").score(&columns(&matrix), 2).expect("scores");
        let mut right = 0;
        for (row, probabilities) in scores.chunks(classes).enumerate() {
            assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            let best = (0..classes).max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b])).expect("classes");
            right += usize::from(known[best] == labels[row]);
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
