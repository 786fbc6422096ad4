//! scikit-learn's pickles, both ways.

use hivectl::formats::pickle;
use hivectl::formats::sklearn::{ForestFamily, ForestHyperparameters, MaxFeatures};
use hivectl::trees::{EnsembleTask, IsolationScore, TreeEnsemble};

use super::support::{assert_close, golden, golden_tree, mixed_rows, numbers, predict_all, pythons, rows, shared};

fn ensemble(task: EnsembleTask, trees: Vec<hivectl::trees::Tree>) -> TreeEnsemble {
    TreeEnsemble::averaged(task, ["noise", "kind", "size", "flag", "share"].map(str::to_owned).to_vec(), 1, trees)
}

/// The golden random forest, put together from its spelled-out trees.
pub fn golden_forest() -> Option<TreeEnsemble> {
    let golden = golden("oracles/rf.json")?;
    Some(ensemble(EnsembleTask::Regression, golden["trees"].as_array().expect("trees").iter().map(golden_tree).collect()))
}

/// The golden isolation forest; its values are path lengths.
pub fn golden_isolation() -> Option<TreeEnsemble> {
    let golden = golden("oracles/iforest.json")?;
    let score = IsolationScore { subsample: 256, offset: golden["offset"].as_f64().expect("an offset"), contamination: Some(0.05) };
    let mut trees: Vec<_> = golden["trees"].as_array().expect("trees").iter().map(golden_tree).collect();
    for tree in &mut trees {
        let mut depth = vec![0.0; tree.len()];
        for node in 0..tree.len() {
            let rows = tree.rows[node] as f64;
            let average = if rows < 2.0 {
                0.0
            } else if rows == 2.0 {
                1.0
            } else {
                2.0 * ((rows - 1.0).ln() + 0.577_215_664_901_532_9) - 2.0 * (rows - 1.0) / rows
            };
            tree.value[node] = depth[node] + average;
            if !tree.is_leaf(node) {
                depth[tree.left[node] as usize] = depth[node] + 1.0;
                depth[tree.right[node] as usize] = depth[node] + 1.0;
            }
        }
    }
    Some(ensemble(EnsembleTask::Isolation(score), trees))
}

/// How the golden forest was grown.
pub fn hyperparameters() -> ForestHyperparameters {
    ForestHyperparameters {
        family: ForestFamily::RandomForest,
        max_depth: Some(10),
        min_samples_split: 5,
        min_samples_leaf: 2,
        max_features: MaxFeatures::Share(1.0),
        bootstrap: true,
        seed: Some(42),
        training_rows: 600,
    }
}

#[test]
fn reads_the_golden_forest() {
    let (Some(golden), Some(path)) = (golden("oracles/rf.json"), shared("oracles/rf.pkl")) else { return };
    let forest = pickle::read_forest(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(forest.hyperparameters, ForestHyperparameters { seed: Some(3), ..hyperparameters() });
    assert_close(&predict_all(&forest.ensemble, &rows(&golden["X"])), &numbers(&golden["predict"]), 1e-12, "rf.pkl");
    let spelled_out = golden_forest().unwrap();
    for (read, spelled_out) in forest.ensemble.trees.iter().zip(&spelled_out.trees) {
        assert_eq!(
            (&read.left, &read.threshold, &read.value, &read.rows, &read.weight, &read.impurity),
            (&spelled_out.left, &spelled_out.threshold, &spelled_out.value, &spelled_out.rows, &spelled_out.weight, &spelled_out.impurity)
        );
    }
}

#[test]
fn reads_the_golden_isolation_forest() {
    let (Some(golden), Some(path)) = (golden("oracles/iforest.json"), shared("oracles/iforest.pkl")) else { return };
    let ensemble = pickle::read(&std::fs::read(path).unwrap()).unwrap();
    let offset = golden["offset"].as_f64().unwrap();
    assert_eq!(ensemble.task, EnsembleTask::Isolation(IsolationScore { subsample: 256, offset, contamination: Some(0.05) }));
    assert_close(&predict_all(&ensemble, &rows(&golden["X"])), &numbers(&golden["score_samples"]), 1e-12, "iforest.pkl");
}

#[test]
fn what_is_written_is_read_again_unchanged() {
    for ensemble in [golden_forest(), golden_isolation()].into_iter().flatten() {
        let bytes = pickle::write_forest(&ensemble, &hyperparameters()).unwrap();
        let forest = pickle::read_forest(&bytes).unwrap();
        assert_eq!(forest.ensemble.feature_names, ensemble.feature_names);
        assert_eq!(forest.ensemble.task, ensemble.task);
        for (read, written) in forest.ensemble.trees.iter().zip(&ensemble.trees) {
            assert_eq!(
                (&read.left, &read.feature, &read.threshold, &read.value),
                (&written.left, &written.feature, &written.threshold, &written.value)
            );
        }
        assert_eq!(pickle::write_forest(&forest.ensemble, &forest.hyperparameters).unwrap(), bytes);
    }
}

#[test]
fn scikit_learn_loads_the_forest_and_predicts_the_same() {
    let (Some(ensemble), Some(golden)) = (golden_forest(), golden("oracles/rf.json")) else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.pkl");
    std::fs::write(&path, pickle::write_forest(&ensemble, &hyperparameters()).unwrap()).unwrap();
    let rows = mixed_rows(&rows(&golden["X"]), 1000, true);
    for python in pythons() {
        let answer = python.predict("pickle", &path, &ensemble.feature_names, &rows);
        assert_close(&predict_all(&ensemble, &rows), &numbers(&answer["predict"]), 1e-12, python.name);
        assert_eq!(answer["params"]["max_depth"], "10");
        assert_eq!(answer["params"]["random_state"], "42");
        // Another version than the written one says so, and nothing else.
        let warnings: Vec<&str> = answer["warnings"].as_array().unwrap().iter().filter_map(serde_json::Value::as_str).collect();
        assert!(warnings.iter().all(|warning| !python.is_new && warning.starts_with("InconsistentVersionWarning")), "{warnings:?}");
    }
}

#[test]
fn scikit_learn_loads_the_isolation_forest_and_scores_the_same() {
    let (Some(ensemble), Some(golden)) = (golden_isolation(), golden("oracles/iforest.json")) else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.pkl");
    std::fs::write(&path, pickle::write_forest(&ensemble, &hyperparameters()).unwrap()).unwrap();
    for python in pythons() {
        // Before 1.8 an isolation forest took no missing values.
        let rows = mixed_rows(&rows(&golden["X"]), 1000, python.is_new);
        let scores = predict_all(&ensemble, &rows);
        let labels: Vec<f64> =
            scores.iter().map(|score| if score - golden["offset"].as_f64().unwrap() < 0.0 { -1.0 } else { 1.0 }).collect();
        let answer = python.predict("pickle", &path, &ensemble.feature_names, &rows);
        assert_close(&scores, &numbers(&answer["score_samples"]), 1e-12, python.name);
        assert_eq!(labels, numbers(&answer["predict"]), "{}", python.name);
        assert_eq!(answer["params"]["contamination"], "0.05");
        // Another version than the written one says so, and nothing else.
        let warnings: Vec<&str> = answer["warnings"].as_array().unwrap().iter().filter_map(serde_json::Value::as_str).collect();
        assert!(warnings.iter().all(|warning| !python.is_new && warning.starts_with("InconsistentVersionWarning")), "{warnings:?}");
    }
}
