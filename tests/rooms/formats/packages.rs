//! Whole MLflow packages, loaded by MLflow itself.

use std::path::Path;

use hivectl::formats::mlmodel::{Flavor, PackageDescription, PredictionType, package_files};
use hivectl::formats::{onnx, pickle, skops, xgboost};
use hivectl::trees::{EnsembleTask, TreeEnsemble};

use super::pickles::{golden_forest, golden_isolation, hyperparameters};
use super::support::{Python, assert_close, golden, mixed_rows, predict_all, python, pythons, rows};

fn write_package(folder: &Path, ensemble: &TreeEnsemble, example: &[Vec<f64>], flavors: &[Flavor]) {
    let prediction = match (&ensemble.task, flavors[0]) {
        (EnsembleTask::Isolation(_), _) => PredictionType::Integer,
        (_, Flavor::Xgboost | Flavor::Onnx) => PredictionType::Float,
        _ => PredictionType::Double,
    };
    let description = PackageDescription {
        model_id: "m-0123456789abcdef0123456789abcdef",
        run_id: "0123456789abcdef0123456789abcdef",
        artifact_path: "mlflow-artifacts:/1/models/m-0123456789abcdef0123456789abcdef/artifacts",
        created_at: 1_763_700_000_123,
        feature_names: &ensemble.feature_names,
        example_rows: example,
        prediction,
        flavors,
    };
    for (path, bytes) in package_files(&description).unwrap() {
        std::fs::write(folder.join(path), bytes).unwrap();
    }
    for flavor in flavors {
        let bytes = match flavor {
            Flavor::Sklearn => pickle::write_forest(ensemble, &hyperparameters()),
            Flavor::SklearnSkops => skops::write_forest(ensemble, &hyperparameters()),
            Flavor::Xgboost => xgboost::write_ubj(ensemble),
            Flavor::Onnx => onnx::write(ensemble),
        };
        std::fs::write(folder.join(flavor.file()), bytes.unwrap()).unwrap();
    }
}

/// The first number of each row, or the row itself where it is a number.
fn flat(answer: &serde_json::Value) -> Vec<f64> {
    answer.as_array().expect("rows").iter().map(|row| row.as_f64().unwrap_or_else(|| row[0].as_f64().expect("a number"))).collect()
}

fn check(python: &Python, folder: &Path, ensemble: &TreeEnsemble, rows: &[Vec<f64>], expected: &[f64]) {
    check_loaders(python, folder, ensemble, rows, expected, &["mlflow.pyfunc", "mlflow.sklearn", "mlflow.onnx"]);
}

fn check_loaders(python: &Python, folder: &Path, ensemble: &TreeEnsemble, rows: &[Vec<f64>], expected: &[f64], loaders: &[&str]) {
    for load in loaders {
        let answer = python.predict(load, folder, &ensemble.feature_names, rows);
        assert_close(expected, &flat(&answer["predict"]), 1e-6, &format!("{load}, {}", python.name));
        let warnings: Vec<_> = answer["warnings"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|warning| warning.as_str().expect("a text").contains("UserWarning"))
            .collect();
        assert!(warnings.is_empty(), "{load}, {}: {warnings:?}", python.name);
        assert_eq!(answer["log"], serde_json::json!([]), "{load}, {}", python.name);
    }
}

#[test]
fn mlflow_loads_the_forest_in_every_way() {
    let (Some(ensemble), Some(golden)) = (golden_forest(), golden("oracles/rf.json")) else { return };
    let folder = tempfile::tempdir().unwrap();
    let given = rows(&golden["X"]);
    write_package(folder.path(), &ensemble, &given[..3], &[Flavor::Sklearn, Flavor::Onnx]);
    let rows = mixed_rows(&given, 1000, false);
    for python in pythons() {
        check(&python, folder.path(), &ensemble, &rows, &predict_all(&ensemble, &rows));
    }
}

#[test]
fn mlflow_loads_the_isolation_forest_in_every_way() {
    let (Some(ensemble), Some(golden)) = (golden_isolation(), golden("oracles/iforest.json")) else { return };
    let folder = tempfile::tempdir().unwrap();
    let given = rows(&golden["X"]);
    write_package(folder.path(), &ensemble, &given[..3], &[Flavor::Sklearn, Flavor::Onnx]);
    let rows = mixed_rows(&given, 1000, false);
    let offset = golden["offset"].as_f64().unwrap();
    let labels: Vec<f64> = predict_all(&ensemble, &rows).iter().map(|&score| if score < offset { -1.0 } else { 1.0 }).collect();
    for python in pythons() {
        check(&python, folder.path(), &ensemble, &rows, &labels);
    }
}

#[test]
fn mlflow_loads_xgboost_and_skops_packages() {
    let (Some(ensemble), Some(golden), Some(python)) = (golden_forest(), golden("oracles/rf.json"), python()) else { return };
    let given = rows(&golden["X"]);
    let rows = mixed_rows(&given, 1000, false);
    let expected = predict_all(&ensemble, &rows);
    for (flavors, loaders) in [
        ([Flavor::Xgboost, Flavor::Onnx], ["mlflow.pyfunc", "mlflow.xgboost", "mlflow.onnx"]),
        ([Flavor::SklearnSkops, Flavor::Onnx], ["mlflow.pyfunc", "mlflow.sklearn", "mlflow.onnx"]),
        ([Flavor::Onnx, Flavor::Sklearn], ["mlflow.pyfunc", "mlflow.sklearn", "mlflow.onnx"]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        write_package(folder.path(), &ensemble, &given[..3], &flavors);
        check_loaders(&python, folder.path(), &ensemble, &rows, &expected, &loaders);
    }
}

#[test]
fn a_description_that_cannot_be_is_refused() {
    let names = ["a".to_owned()];
    let good = PackageDescription {
        model_id: "m-1",
        run_id: "1",
        artifact_path: "x",
        created_at: 0,
        feature_names: &names,
        example_rows: &[],
        prediction: PredictionType::Double,
        flavors: &[Flavor::Onnx],
    };
    assert_eq!(package_files(&good).unwrap().len(), 6);
    assert!(package_files(&PackageDescription { flavors: &[], ..good.clone() }).is_err());
    assert!(package_files(&PackageDescription { example_rows: &[vec![f64::NAN]], ..good.clone() }).is_err());
    assert!(package_files(&PackageDescription { created_at: i64::MAX, ..good }).is_err());
}
