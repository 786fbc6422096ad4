//! ONNX, both ways, against ONNX Runtime.

use hivectl::formats::onnx;
use hivectl::trees::{Task, TreeEnsemble};

use crate::pickles::{golden_forest, golden_isolation};
use crate::support::{assert_close, golden, mixed_rows, numbers, predict_all, python, rows};

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
    let Task::Isolation(mut score) = ensemble.task.clone() else { panic!("an isolation forest") };
    score.offset = scores[17];
    rows.truncate(1500);
    let ensemble = TreeEnsemble { task: Task::Isolation(score), ..ensemble };
    let (_folder, path) = written(&ensemble);
    let answer = python.predict("onnx", &path, &ensemble.feature_names, &rows);
    let labels: Vec<f64> = scores[..1500].iter().map(|&each| if each < score.offset { -1.0 } else { 1.0 }).collect();
    assert!(labels.contains(&-1.0) && labels.contains(&1.0));
    assert_eq!(labels[17], 1.0);
    assert_eq!(labels, column(&answer["label"]));
}
