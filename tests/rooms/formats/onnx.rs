//! ONNX, both ways, against ONNX Runtime.

use hivectl::formats::onnx;
use hivectl::formats::{self, Format, ReadOptions};
use hivectl::trees::{EnsembleTask, Precision, TreeEnsemble};

use super::pickles::{golden_forest, golden_isolation};
use super::support::{assert_close, golden, mixed_rows, numbers, predict, predict_all, python, rows, shared};

/// One number a row.
fn column(answer: &serde_json::Value) -> Vec<f64> {
    answer.as_array().expect("rows").iter().map(|row| numbers(row)[0]).collect()
}

fn written(ensemble: &TreeEnsemble) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.onnx");
    std::fs::write(&path, onnx::write(ensemble).unwrap()).unwrap();
    (folder, path)
}

#[test]
fn onnx_runtime_predicts_as_the_forest_does() {
    let (Some(ensemble), Some(golden), Some(python)) = (golden_forest(), golden("oracles/rf.json"), python()) else { return };
    let (_folder, path) = written(&ensemble);
    let rows = mixed_rows(&rows(&golden["X"]), 2000, true);
    let answer = python.predict("onnx", &path, &ensemble.feature_names, &rows);
    assert_close(&predict_all(&ensemble, &rows), &column(&answer["variable"]), 1e-7, "forest");
}

#[test]
fn onnx_runtime_labels_as_the_isolation_forest_does() {
    let (Some(ensemble), Some(golden), Some(python)) = (golden_isolation(), golden("oracles/iforest.json"), python()) else { return };
    let mut rows = mixed_rows(&rows(&golden["X"]), 2000, true);
    let scores = predict_all(&ensemble, &rows);
    // A row that ties with the offset stays normal.
    let EnsembleTask::Isolation(mut score) = ensemble.task.clone() else { panic!("an isolation forest") };
    score.offset = scores[17];
    rows.truncate(1500);
    let ensemble = TreeEnsemble { task: EnsembleTask::Isolation(score), ..ensemble };
    let (_folder, path) = written(&ensemble);
    let answer = python.predict("onnx", &path, &ensemble.feature_names, &rows);
    let labels: Vec<f64> = scores[..1500].iter().map(|&each| if each < score.offset { -1.0 } else { 1.0 }).collect();
    assert!(labels.contains(&-1.0) && labels.contains(&1.0));
    assert_eq!(labels[17], 1.0);
    assert_eq!(labels, column(&answer["label"]));
}

#[test]
fn what_is_written_is_read_again_unchanged() {
    for ensemble in [golden_forest(), golden_isolation()].into_iter().flatten() {
        let read = onnx::read(&onnx::write(&ensemble).unwrap()).unwrap();
        assert_eq!(
            (&read.task, &read.feature_names, read.aggregation, read.precision),
            (&ensemble.task, &ensemble.feature_names, ensemble.aggregation, ensemble.precision)
        );
        for (read, written) in read.trees.iter().zip(&ensemble.trees) {
            assert_eq!(
                (&read.left, &read.right, &read.feature, &read.threshold),
                (&written.left, &written.right, &written.feature, &written.threshold)
            );
            for node in (0..read.len()).filter(|&node| read.is_leaf(node)) {
                assert!((read.value[node] - written.value[node]).abs() <= 1e-13 * written.value[node].abs());
            }
            if matches!(ensemble.task, EnsembleTask::Isolation(_)) {
                assert_eq!(read.rows, written.rows);
            }
        }
    }
}

/// The golden ONNX models were made from tickets that are not here: what can be told is their form.
#[test]
fn reads_the_golden_models() {
    if let Some(path) = shared("oracles/rf_skl2onnx.onnx") {
        let forest = onnx::read(&std::fs::read(path).unwrap()).unwrap();
        assert_eq!((forest.trees.len(), forest.nodes(), forest.features(), forest.precision), (100, 136_082, 15, Precision::Single));
        assert_eq!(forest.task, EnsembleTask::Regression);
        assert!(forest.trees.iter().all(|tree| tree.depth() <= 10));
    }
    if let Some(path) = shared("oracles/if_merged.onnx") {
        let forest = onnx::read(&std::fs::read(path).unwrap()).unwrap();
        assert_eq!((forest.trees.len(), forest.nodes(), forest.features()), (100, 13_734, 15));
        let EnsembleTask::Isolation(score) = forest.task else { panic!("an isolation forest") };
        assert_eq!(score.subsample, 256);
        assert!(forest.trees.iter().all(|tree| tree.rows[0] == 256 && tree.depth() <= 8));
    }
}

#[test]
fn reads_what_skl2onnx_writes() {
    let (Some(golden), Some(python)) = (golden("oracles/rf.json"), python()) else { return };
    let folder = tempfile::tempdir().unwrap();
    let rows = rows(&golden["X"]);
    for kind in ["RandomForestRegressor", "RandomForestClassifier", "BinaryForestClassifier", "ExtraTreesRegressor", "IsolationForest"] {
        let path = folder.path().join(format!("{kind}.onnx"));
        let made =
            python.ask(&serde_json::json!({"do": "make", "kind": kind, "form": "onnx", "path": path, "rows": rows, "target": golden["y"]}));
        if made["absent"].is_string() {
            println!("SKIPPED: {} is not installed beside {}", made["absent"], python.name);
            return;
        }
        let ensemble = onnx::read(&std::fs::read(&path).unwrap()).unwrap();
        let test = mixed_rows(&rows, 1000, false);
        let answer = python.predict("onnx", &path, &ensemble.feature_names, &test);
        match &ensemble.task {
            EnsembleTask::Regression | EnsembleTask::Transformed(_) => {
                assert_close(&predict_all(&ensemble, &test), &column(&answer["variable"]), 2e-6, kind)
            }
            EnsembleTask::Isolation(score) => {
                let decisions: Vec<f64> = predict_all(&ensemble, &test).iter().map(|each| each - score.offset).collect();
                let differences = decisions.iter().zip(column(&answer["scores"])).map(|(ours, theirs)| (ours - theirs).abs());
                assert!(differences.fold(0.0, f64::max) < 2e-6);
            }
            EnsembleTask::Classification { .. } => {
                let flat: Vec<f64> = test.iter().flat_map(|row| predict(&ensemble, row)).collect();
                let theirs: Vec<f64> = answer["probabilities"].as_array().unwrap().iter().flat_map(numbers).collect();
                for (ours, theirs) in flat.iter().zip(&theirs) {
                    assert!((ours - theirs).abs() < 2e-6, "{kind}: {ours} against {theirs}");
                }
                assert_eq!(flat.len(), theirs.len());
            }
        }
    }
}

/// A model of any library, written as ONNX: ONNX Runtime answers as the ensemble does.
#[test]
fn every_imported_model_leaves_as_onnx() {
    let (Some(golden), Some(python)) = (golden("oracles/rf.json"), python()) else { return };
    let folder = tempfile::tempdir().unwrap();
    let given = rows(&golden["X"]);
    let test = mixed_rows(&given, 1000, true);
    let made = |request: serde_json::Value| {
        let path = folder.path().join("model");
        let mut request = request;
        request["path"] = serde_json::json!(path);
        request["rows"] = serde_json::json!(given);
        request["target"] = golden["y"].clone();
        python.ask(&request);
        let read = formats::read(&std::fs::read(path).unwrap(), ReadOptions::default()).unwrap();
        (read.format, read.ensemble)
    };
    let boosted = |library: &str, kind: &str| made(serde_json::json!({"do": "boost", "library": library, "kind": kind}));
    let forest = |kind: &str| made(serde_json::json!({"do": "make", "kind": kind, "form": "pickle4"}));
    let models = [
        (forest("RandomForestClassifier"), Format::Pickle),
        (forest("BinaryForestClassifier"), Format::Pickle),
        (forest("ExtraTreesRegressor"), Format::Pickle),
        (boosted("lightgbm", "regression"), Format::LightgbmText),
        (boosted("lightgbm", "multiclass"), Format::LightgbmText),
        (boosted("lightgbm", "forest"), Format::LightgbmText),
        (boosted("lightgbm", "binary"), Format::LightgbmText),
        (boosted("xgboost", "dart"), Format::XgboostUbj),
        (boosted("xgboost", "binary"), Format::XgboostUbj),
        (boosted("xgboost", "multiclass"), Format::XgboostUbj),
    ];
    for (number, ((format, ensemble), expected)) in models.into_iter().enumerate() {
        assert_eq!(format, expected);
        let (_folder, path) = written(&ensemble);
        let answer = python.predict("onnx", &path, &ensemble.feature_names, &test);
        let again = onnx::read(&std::fs::read(&path).unwrap()).unwrap();
        for (row, values) in test.iter().enumerate() {
            let ours = predict(&ensemble, values);
            // Where sums are of 32 bits, the base of two classes is added first instead of last.
            let again_within = if ensemble.precision == Precision::Single { 3e-7 } else { 1e-12 };
            let theirs =
                if answer["variable"].is_array() { numbers(&answer["variable"][row]) } else { numbers(&answer["probabilities"][row]) };
            for ((ours, theirs), again) in ours.iter().zip(&theirs).zip(predict(&again, values)) {
                let scale = if answer["variable"].is_array() { ours.abs() } else { 1.0 };
                assert!((ours - theirs).abs() <= 3e-7 * scale, "model {number}, row {row}: {ours} against {theirs}");
                assert!((ours - again).abs() <= again_within * scale, "model {number}, row {row}: {ours} read again as {again}");
            }
            assert_eq!(ours.len(), theirs.len());
        }
    }
}
