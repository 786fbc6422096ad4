//! Every way of scoring gives what the definition says.

use super::support::*;

use hivectl::statistics::ClassLabel;
use hivectl::statistics::random::SplitMix64;
use hivectl::trees::{
    Aggregation, CategoricalSplit, EnsembleTask, IsolationScore, LinkFunction, Precision, Scorer, ThresholdComparison, Tree, TreeEnsemble,
};

#[test]
fn scikit_learns_trees_answer_as_in_scikit_learn() {
    if let Some(oracle) = oracle("rf.json") {
        let matrix = matrix(&oracle["X"]);
        let forest = ensemble(sklearn_trees(&oracle["trees"], |_, _, value| value), matrix.len(), EnsembleTask::Regression);
        let scores = Scorer::new(&forest).expect("sound").score(&columns(&matrix), 2).expect("scores");
        for (ours, theirs) in scores.iter().zip(numbers(&oracle["predict"])) {
            assert!((ours - theirs).abs() <= 1e-12 * theirs.abs(), "{ours} against {theirs}");
        }
    }
    if let Some(oracle) = oracle("iforest.json") {
        let matrix = matrix(&oracle["X"]);
        let subsample = oracle["max_samples"].as_u64().expect("a number") as usize;
        let offset = oracle["offset"].as_f64().expect("a number");
        let task = EnsembleTask::Isolation(IsolationScore { subsample, offset, contamination: Some(0.05) });
        let path = |depth: usize, rows: usize, _| depth as f64 + hivectl::trees::average_path_length(rows);
        let forest = ensemble(sklearn_trees(&oracle["trees"], path), matrix.len(), task);
        let scores = Scorer::new(&forest).expect("sound").score(&columns(&matrix), 2).expect("scores");
        for (ours, theirs) in scores.iter().zip(numbers(&oracle["score_samples"])) {
            assert!((ours - theirs).abs() <= 1e-14, "{ours} against {theirs}");
        }
        assert!((hivectl::statistics::percentile::percentile(&mut scores.clone(), 5.0).expect("scores") - offset).abs() <= 1e-14);
    }
}

/// What the ensemble's own definition says of a row, without anything compiled.
fn plain_answer(ensemble: &TreeEnsemble, row: &[f32]) -> Vec<f64> {
    let mut sums = vec![0.0; ensemble.outputs];
    for tree in &ensemble.trees {
        let mut node = 0;
        while !tree.is_leaf(node) {
            node = tree.child(node, f64::from(row[tree.feature[node] as usize]), ensemble.comparison, ensemble.precision);
        }
        sums.iter_mut().zip(&tree.value[node * ensemble.outputs..]).for_each(|(sum, value)| *sum = ensemble.precision.sum(*sum + value));
    }
    let divisor = if ensemble.aggregation == Aggregation::Mean { ensemble.trees.len() as f64 } else { 1.0 };
    let kept = |sum: f64| ensemble.precision.sum(sum);
    sums.iter().zip(&ensemble.base).map(|(sum, base)| kept(base + kept(sum / divisor))).collect()
}

#[test]
fn splits_by_category_are_scored_by_their_definition() {
    let mut draw = SplitMix64::new(31);
    let mut trees: Vec<Tree> = (0..5).map(|_| random_tree(&mut draw, 3, 5, 1, 10)).collect();
    for tree in &mut trees {
        let split = |node: usize| CategoricalSplit { node: node as u32, left: vec![0, 2, 3, 7] };
        tree.categorical = (0..tree.len()).filter(|&node| !tree.is_leaf(node) && tree.feature[node] == 1).map(split).collect();
    }
    let forest = ensemble(trees, 3, EnsembleTask::Regression);
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
    let mut draw = SplitMix64::new(11);
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
        for (comparison, precision) in [
            (ThresholdComparison::LessOrEqual, Precision::SingleValues),
            (ThresholdComparison::Less, Precision::SingleValues),
            (ThresholdComparison::LessOrEqual, Precision::Single),
            (ThresholdComparison::Less, Precision::Single),
        ] {
            let trees = (0..trees).map(|_| random_tree(&mut draw, features, depth, outputs, grid)).collect();
            let task = if outputs == 1 {
                EnsembleTask::Regression
            } else {
                EnsembleTask::Classification { classes: ClassLabel::numbered(outputs), link: LinkFunction::Identity }
            };
            let ensemble = TreeEnsemble {
                outputs,
                base: vec![0.25; outputs],
                aggregation: Aggregation::Sum,
                comparison,
                precision,
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
