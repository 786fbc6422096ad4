//! scikit-learn's forests in every file that holds them, against the real library.

use hivectl::formats::sklearn::{Forest, ForestFamily, MaxFeatures};
use hivectl::formats::{pickle, skops};
use hivectl::statistics::ClassLabel;
use hivectl::trees::EnsembleTask;
use serde_json::json;

use super::pickles::{golden_forest, golden_isolation, hyperparameters};
use super::support::{assert_close, golden, mixed_rows, numbers, predict, predict_all, pythons, rows, shared};

fn read(form: &str, bytes: &[u8]) -> Forest {
    let forest = if form == "skops" { skops::read_forest(bytes) } else { pickle::read_forest(bytes) };
    forest.unwrap_or_else(|error| panic!("{form}: {error}"))
}

#[test]
fn reads_the_golden_skops_files() {
    if let (Some(golden), Some(path)) = (golden("oracles/rf.json"), shared("oracles/rf.skops")) {
        let forest = skops::read_forest(&std::fs::read(path).unwrap()).unwrap();
        assert_eq!(forest.hyperparameters.min_samples_leaf, 2);
        assert_close(&predict_all(&forest.ensemble, &rows(&golden["X"])), &numbers(&golden["predict"]), 1e-12, "rf.skops");
    }
    if let (Some(golden), Some(path)) = (golden("oracles/iforest.json"), shared("oracles/iforest.skops")) {
        let ensemble = skops::read(&std::fs::read(path).unwrap()).unwrap();
        assert_close(&predict_all(&ensemble, &rows(&golden["X"])), &numbers(&golden["score_samples"]), 1e-12, "iforest.skops");
    }
}

#[test]
fn skops_and_pickle_hold_the_same() {
    for ensemble in [golden_forest(), golden_isolation()].into_iter().flatten() {
        let from_skops = skops::read_forest(&skops::write_forest(&ensemble, &hyperparameters()).unwrap()).unwrap();
        let from_pickle = pickle::read_forest(&pickle::write_forest(&ensemble, &hyperparameters()).unwrap()).unwrap();
        assert_eq!(from_skops, from_pickle);
    }
}

#[test]
fn scikit_learn_loads_written_skops() {
    for (ensemble, data) in [(golden_forest(), "oracles/rf.json"), (golden_isolation(), "oracles/iforest.json")] {
        let (Some(ensemble), Some(golden)) = (ensemble, golden(data)) else { return };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.skops");
        std::fs::write(&path, skops::write_forest(&ensemble, &hyperparameters()).unwrap()).unwrap();
        let rows = mixed_rows(&rows(&golden["X"]), 1000, false);
        for python in pythons() {
            let answer = python.predict("skops", &path, &ensemble.feature_names, &rows);
            let key = if ensemble.task == EnsembleTask::Regression { "predict" } else { "score_samples" };
            assert_close(&predict_all(&ensemble, &rows), &numbers(&answer[key]), 1e-12, python.name);
        }
    }
}

/// Every kind of forest, in every form scikit-learn has ever been saved in by its users: read here,
/// compared on 1,000 rows; written again by hivectl, loaded there, compared once more.
#[test]
fn every_forest_in_every_form_there_and_back() {
    let Some(golden) = golden("oracles/rf.json") else { return };
    let given = rows(&golden["X"]);
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = ["noise", "kind", "size", "flag", "share"].map(str::to_owned).to_vec();
    let kinds = ["RandomForestRegressor", "RandomForestClassifier", "ExtraTreesRegressor", "ExtraTreesClassifier", "IsolationForest"];
    let forms = ["pickle2", "pickle3", "pickle4", "pickle5", "joblib", "joblib3", "skops"];
    for python in pythons() {
        for (number, kind) in kinds.iter().enumerate() {
            let test = mixed_rows(&given, 1000, false);
            for (form_number, form) in forms.iter().enumerate() {
                let path = folder.path().join(format!("{kind}.{form}"));
                let mut request = json!({"do": "make", "kind": kind, "form": form, "path": path, "rows": given, "target": golden["y"]});
                if (number + form_number) % 2 == 0 {
                    request["names"] = json!(names);
                }
                python.ask(&request);
                let forest = read(form, &std::fs::read(&path).unwrap());
                let load = form.trim_end_matches(char::is_numeric);
                compare(
                    &forest,
                    &python.predict(load, &path, &forest.ensemble.feature_names, &test),
                    &test,
                    &format!("{kind} {form} {}", python.name),
                );
                let again = folder.path().join(format!("{kind}.{form}.again"));
                let bytes = if *form == "skops" {
                    skops::write_forest(&forest.ensemble, &forest.hyperparameters)
                } else {
                    pickle::write_forest(&forest.ensemble, &forest.hyperparameters)
                };
                std::fs::write(&again, bytes.unwrap()).unwrap();
                let load = if *form == "skops" { "skops" } else { "pickle" };
                compare(
                    &forest,
                    &python.predict(load, &again, &forest.ensemble.feature_names, &test),
                    &test,
                    &format!("{kind} {form} again {}", python.name),
                );
            }
        }
    }
}

fn compare(forest: &Forest, answer: &serde_json::Value, test: &[Vec<f64>], what: &str) {
    match &forest.ensemble.task {
        EnsembleTask::Regression | EnsembleTask::Transformed(_) => {
            assert_close(&predict_all(&forest.ensemble, test), &numbers(&answer["predict"]), 1e-12, what)
        }
        EnsembleTask::Isolation(score) => {
            assert_eq!(forest.hyperparameters.family, ForestFamily::Isolation);
            let scores = predict_all(&forest.ensemble, test);
            assert_close(&scores, &numbers(&answer["score_samples"]), 1e-12, what);
            let decisions: Vec<f64> = scores.iter().map(|each| each - score.offset).collect();
            let theirs = numbers(&answer["decision_function"]);
            assert!(decisions.iter().zip(&theirs).all(|(ours, theirs)| (ours - theirs).abs() < 1e-12), "{what}");
        }
        EnsembleTask::Classification { classes, .. } => {
            assert_eq!(classes, &[0.0, 10.0, 20.0].map(ClassLabel::Number));
            assert_eq!(forest.hyperparameters.max_features, MaxFeatures::SquareRoot);
            let ours: Vec<f64> = test.iter().flat_map(|row| predict(&forest.ensemble, row)).collect();
            let theirs: Vec<f64> = answer["predict_proba"].as_array().expect("rows").iter().flat_map(numbers).collect();
            assert!(ours.iter().zip(&theirs).all(|(ours, theirs)| (ours - theirs).abs() < 1e-12), "{what}");
            assert_eq!(ours.len(), theirs.len());
        }
    }
}
