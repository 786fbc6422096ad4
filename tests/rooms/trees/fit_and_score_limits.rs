//! What cannot be learnt from is refused with a word; what is merely odd is learnt.

use hivectl::error::{Error, ErrorKind};
use hivectl::trees::{MOST_BINS, MOST_DEPTH, gain_importances};
use linfa::Dataset;
use linfa::traits::Fit;
use ndarray::{Array1, Array2};

use super::support::*;
use hivectl::trees::*;
use linfa::ParamGuard;

/// Fits everything there is on a matrix and checks that the answers are finite.
fn everything_is_finite(matrix: &[Vec<f32>], target: &[f64]) {
    let columns = columns(matrix);
    let forest = RandomForestParams::new().trees(20).depth(60).min_split(2).min_leaf(1).check().expect("valid");
    let boosting = BoostingParams::new().rounds(5).depth(60).check().expect("valid");
    let isolation = IsolationForestParams::new().trees(20).check().expect("valid");
    let labels: Vec<f64> = target.iter().map(|target| (target.abs() % 3.0).floor()).collect();
    let ensembles = [
        fit_forest(&forest, &columns, target, 2, &quiet).expect("a forest").ensemble,
        fit_forest(&RandomForestParams::new().trees(3).bins(2).max_features(0.3).check().expect("valid"), &columns, target, 2, &quiet)
            .expect("a forest")
            .ensemble,
        fit_forest_classifier(&forest, &columns, &labels, 2, &quiet).expect("a forest").ensemble,
        fit_boosting(&boosting, &columns, target, 2, &quiet).expect("an ensemble").ensemble,
        fit_isolation(&isolation, &columns, 2, &quiet).expect("a forest").ensemble,
    ];
    for ensemble in ensembles {
        let scores = Scorer::new(&ensemble).expect("sound").score(&columns, 2).expect("scores");
        assert!(scores.iter().all(|score| score.is_finite()));
        let odd = vec![vec![f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, -0.0]; matrix.len()];
        let scores = Scorer::new(&ensemble)
            .expect("sound")
            .score(&Columns::new(odd.iter().map(Vec::as_slice).collect(), 5).expect("one length"), 2)
            .expect("scores");
        assert!(scores.iter().all(|score| score.is_finite()));
    }
}

#[test]
fn odd_data_is_learnt_without_a_panic() {
    let rows = 700;
    let ramp: Vec<f64> = (0..rows).map(f64::from).collect();
    let constant = vec![3.5f32; rows as usize];
    let categories: Vec<f32> = (0..rows as u64).map(|row| (row * 6_135_667) as u32 as f32).collect();
    let infinite: Vec<f32> = (0..rows)
        .map(|row| match row % 4 {
            0 => f32::INFINITY,
            1 => f32::NEG_INFINITY,
            2 => f32::NAN,
            _ => row as f32,
        })
        .collect();
    let only_missing = vec![f32::NAN; rows as usize];
    let extremes: Vec<f32> = (0..rows).map(|row| if row % 2 == 0 { f32::MAX } else { f32::MIN }).collect();
    everything_is_finite(std::slice::from_ref(&constant), &ramp);
    everything_is_finite(&[constant.clone(), categories.clone(), infinite, only_missing.clone(), extremes], &ramp);
    everything_is_finite(std::slice::from_ref(&categories), &vec![7.0; rows as usize]);
    everything_is_finite(&[only_missing], &ramp);
    everything_is_finite(&[vec![1.0], vec![2.0]], &[5.0]);
    everything_is_finite(&[vec![1.0, 2.0]], &[5.0, 6.0]);
    everything_is_finite(&[vec![1.0, 2.0, f32::NAN]], &[1e300, -1e300, 0.5]);
    everything_is_finite(&[categories], &ramp.iter().map(|row| row * 1e-200).collect::<Vec<f64>>());
    // Fewer rows than trees, and a chain as deep as the depth allows.
    let powers: Vec<f64> = (0..60).map(|row| 2f64.powi(row)).collect();
    everything_is_finite(&[(0..60).map(|row| row as f32).collect()], &powers);
}

#[test]
fn bad_targets_and_parameters_are_refused_with_their_place() {
    let (matrix, mut target) = synthetic(100, 1);
    let forest = RandomForestParams::new().check().expect("valid");
    target[41] = f64::NAN;
    let refused = fit_forest(&forest, &columns(&matrix), &target, 2, &quiet).expect_err("NaN in the target");
    assert_eq!(refused.kind(), ErrorKind::BadInput);
    assert!(refused.message().contains("row 42"), "{refused}");
    target[41] = f64::INFINITY;
    let boosting = BoostingParams::new().check().expect("valid");
    assert_eq!(fit_boosting(&boosting, &columns(&matrix), &target, 2, &quiet).expect_err("an infinite target").kind(), ErrorKind::BadInput);
    assert_eq!(fit_forest(&forest, &columns(&matrix), &target[..40], 2, &quiet).expect_err("too few targets").kind(), ErrorKind::BadInput);
    let nothing = Columns::new(vec![&[]], 0).expect("no rows");
    assert_eq!(fit_forest(&forest, &nothing, &[], 2, &quiet).expect_err("no rows").kind(), ErrorKind::NotEnoughData);
    assert_eq!(
        fit_isolation(&IsolationForestParams::new().check().expect("valid"), &nothing, 2, &quiet).expect_err("no rows").kind(),
        ErrorKind::NotEnoughData
    );
    for refused in [
        RandomForestParams::new().trees(0),
        RandomForestParams::new().depth(0),
        RandomForestParams::new().min_split(1),
        RandomForestParams::new().min_leaf(0),
        RandomForestParams::new().max_features(0.0),
        RandomForestParams::new().max_features(f64::NAN),
        RandomForestParams::new().bins(1),
    ] {
        assert_eq!(refused.check().expect_err("out of range").kind(), ErrorKind::Usage);
    }
    for refused in [
        BoostingParams::new().rounds(0),
        BoostingParams::new().learning_rate(0.0),
        BoostingParams::new().l2(-1.0),
        BoostingParams::new().row_share(1.5),
        BoostingParams::new().objective(Objective::Quantile { share: 0.0 }),
        BoostingParams::new().early_stopping(Some(EarlyStopping { holdout: 1.0, patience: 3 })),
    ] {
        assert_eq!(refused.check().expect_err("out of range").kind(), ErrorKind::Usage);
    }
    for refused in [
        IsolationForestParams::new().trees(0),
        IsolationForestParams::new().subsample(0),
        IsolationForestParams::new().contamination(Some(0.6)),
    ] {
        assert_eq!(refused.check().expect_err("out of range").kind(), ErrorKind::Usage);
    }
}

#[test]
fn linfas_fit_refuses_what_the_check_refuses() {
    let dataset = Dataset::new(Array2::<f64>::zeros((4, 1)), Array1::from_vec(vec![1.0, 2.0, 3.0, 4.0]));
    let refused: Result<_, Error> = RandomForestParams::new().trees(0).fit(&dataset);
    assert_eq!(refused.expect_err("no trees").kind(), ErrorKind::Usage);
    let refused: Result<_, Error> = BoostingParams::new().learning_rate(f64::NAN).fit(&dataset);
    assert_eq!(refused.expect_err("no rate").kind(), ErrorKind::Usage);
    let refused: Result<_, Error> = IsolationForestParams::new().subsample(0).fit(&dataset);
    assert_eq!(refused.expect_err("no rows").kind(), ErrorKind::Usage);
}

#[test]
fn more_categories_than_bins_are_learnt_in_their_order() {
    // Numbers of categories up to 2^32, all different, and more than there can be bins.
    let rows = 70_000u64;
    let categories: Vec<f32> = (0..rows).map(|row| (row * 61_356) as f32).collect();
    let target: Vec<f64> = (0..rows).map(|row| if row < rows / 2 { 1_000.0 } else { 9_000.0 }).collect();
    let matrix = [categories];
    let forest = RandomForestParams::new().trees(2).depth(3).bins(MOST_BINS).check().expect("valid");
    let boosting = BoostingParams::new().rounds(2).learning_rate(1.0).l2(0.0).bins(MOST_BINS).check().expect("valid");
    for ensemble in [
        fit_forest(&forest, &columns(&matrix), &target, 2, &quiet).expect("a forest").ensemble,
        fit_boosting(&boosting, &columns(&matrix), &target, 2, &quiet).expect("an ensemble").ensemble,
    ] {
        let scores = Scorer::new(&ensemble).expect("sound").score(&columns(&matrix), 2).expect("scores");
        let wrong = scores.iter().zip(&target).filter(|(score, target)| (*score - *target).abs() > 1.0).count();
        assert!(wrong <= 3, "{wrong} of {rows} rows are off; the cut is at most a bin from its place");
    }
    // A split by category sends what it does not know to the right, however large the number.
    let tree = Tree {
        feature: vec![0; 3],
        threshold: vec![0.0; 3],
        left: vec![1, Tree::LEAF, Tree::LEAF],
        right: vec![2, Tree::LEAF, Tree::LEAF],
        missing_left: vec![false; 3],
        value: vec![0.0, -1.0, 1.0],
        rows: vec![2, 1, 1],
        weight: vec![2.0, 1.0, 1.0],
        impurity: vec![0.0; 3],
        gain: vec![0.0; 3],
        categorical: vec![CategoricalSplit { node: 0, left: vec![3, 4_000_000_000] }],
    };
    let scorer = Scorer::new(&ensemble(vec![tree], 1, EnsembleTask::Regression)).expect("sound");
    let answers = [3.0, 4e9, 4_294_967_296.0, 1e30, -1.0, f32::INFINITY, f32::NAN].map(|category| scorer.score_row(&[category]));
    assert_eq!(answers, [-1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], "above 2^24 two categories may be one 32-bit float");
}

#[test]
fn a_tree_without_weight_is_scored_and_not_explained() {
    let (matrix, target) = synthetic(300, 3);
    let forest = RandomForestParams::new().trees(2).check().expect("valid");
    let mut ensemble = fit_forest(&forest, &columns(&matrix), &target, 1, &quiet).expect("a forest").ensemble;
    let scores = Scorer::new(&ensemble).expect("sound").score(&columns(&matrix), 1).expect("scores");
    ensemble.trees[1].weight.fill(0.0);
    assert_eq!(Scorer::new(&ensemble).expect("sound").score(&columns(&matrix), 1).expect("scores"), scores);
    let refused = Explainer::new(&ensemble).expect_err("nothing to average over");
    assert_eq!(refused.kind(), ErrorKind::BadModelFile);
    assert!(gain_importances(&ensemble).iter().all(|share| !share.is_nan()));
}

/// One tree that is one branch: cut `c` is node 2c; what is at most c goes left into leaf 2c + 1, the rest to
/// the next cut. A leaf answers with its number.
fn chain(cuts: usize, features: usize) -> TreeEnsemble {
    let inner = |node: usize| node < 2 * cuts && node.is_multiple_of(2);
    let nodes = 0..=2 * cuts;
    let child = |step: u32| nodes.clone().map(move |node| if inner(node) { node as u32 + step } else { Tree::LEAF }).collect::<Vec<u32>>();
    let weight: Vec<f64> =
        nodes.clone().map(|node| if inner(node) || node == 2 * cuts { (cuts + 1 - node / 2) as f64 } else { 1.0 }).collect();
    let tree = Tree {
        feature: nodes.clone().map(|node| (node / 2 % features) as u32).collect(),
        threshold: nodes.clone().map(|node| (node / 2) as f64).collect(),
        left: child(1),
        right: child(2),
        missing_left: vec![false; 2 * cuts + 1],
        value: nodes.clone().map(|node| node as f64).collect(),
        rows: weight.iter().map(|&weight| weight as u64).collect(),
        weight,
        impurity: vec![0.0; 2 * cuts + 1],
        gain: vec![1.0; 2 * cuts + 1],
        categorical: Vec::new(),
    };
    assert_eq!(tree.depth(), cuts);
    ensemble(vec![tree], features, EnsembleTask::Regression)
}

#[test]
fn a_chain_of_sixty_cuts_is_scored_and_explained() {
    const CUTS: usize = 60;
    let chain = chain(CUTS, 3);
    let (scorer, explainer) = (Scorer::new(&chain).expect("sound"), Explainer::new(&chain).expect("weighted"));
    for stop in 0..=CUTS {
        let row = [stop as f32; 3];
        let leaf = if stop == CUTS { 2 * CUTS } else { 2 * stop + 1 };
        assert_eq!(scorer.score_row(&row), leaf as f64);
        assert_eq!(scorer.clone().portable().score_row(&row), leaf as f64);
        let explained = explainer.expectation()[0] + explainer.contributions(&row).expect("contributions").iter().sum::<f64>();
        assert!((explained - leaf as f64).abs() < 1e-9, "{explained} for {leaf}");
    }
}

#[test]
fn a_tree_of_one_long_branch_does_not_exhaust_the_stack() {
    // Targets that alternate: the best cut takes a row or two off the end.
    let rows = 8_000;
    let matrix = [(0..rows).map(|row| row as f32).collect::<Vec<f32>>()];
    let target: Vec<f64> = (0..rows).map(|row| f64::from(row % 2)).collect();
    let forest = RandomForestParams::new().trees(2).bootstrap(false).min_split(2).min_leaf(1);
    let parameters = forest.clone().depth(MOST_DEPTH).check().expect("valid");
    let fitted = fit_forest(&parameters, &columns(&matrix), &target, 2, &quiet).expect("a forest").ensemble;
    assert_eq!(fitted.trees[0].depth(), MOST_DEPTH);
    let answer = Scorer::new(&fitted).expect("sound").score_row(&[4_001.0]);
    let explainer = Explainer::new(&fitted).expect("weighted");
    let explained = explainer.expectation()[0] + explainer.contributions(&[4_001.0]).expect("contributions")[0];
    assert!((explained - answer).abs() < 1e-9, "{explained} for {answer}");
    let refused = forest.depth(MOST_DEPTH + 1).check().expect_err("deeper than a stack");
    assert!(refused.message().contains("257"), "{refused}");
    assert_eq!(BoostingParams::new().depth(MOST_DEPTH + 1).check().expect_err("deeper than a stack").kind(), ErrorKind::Usage);
}

#[test]
fn an_imported_tree_is_scored_however_deep_and_explained_down_to_a_depth() {
    let wide = chain(MOST_DEPTH, 300);
    let row = vec![0.0f32; 300];
    let explainer = Explainer::new(&wide).expect("weighted");
    // On a small stack, as threads that are started without a word about it have.
    let sum = std::thread::scope(|scope| {
        let walk =
            std::thread::Builder::new().stack_size(1 << 20).spawn_scoped(scope, || explainer.contributions(&row).expect("contributions"));
        walk.expect("a thread").join().expect("no panic").iter().sum::<f64>()
    });
    let answer = Scorer::new(&wide).expect("sound").score_row(&row);
    assert!((explainer.expectation()[0] + sum - answer).abs() < 1e-6, "{sum} for {answer}");
    let deep = chain(100_000, 3);
    assert_eq!(Scorer::new(&deep).expect("sound").score_row(&[1e9; 3]), 200_000.0);
    assert_eq!(Explainer::new(&deep).expect_err("too deep").kind(), ErrorKind::BadModelFile);
}
