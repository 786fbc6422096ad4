//! Small files that the libraries wrote (`fixtures/make.py`, `make_old.py`, `make_leaves.py`, and of every age `make_ages.py`),
//! for machines without Python.

use std::path::PathBuf;

use hivectl::formats::{self, ReadOptions};
use serde_json::Value;

use super::grid::{of_folder, told};
use super::support::{numbers, predict, rows};

#[test]
fn files_of_the_libraries_answer_as_the_libraries_did() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/rooms/formats/fixtures");
    let answers: Value = serde_json::from_slice(&std::fs::read(folder.join("answers.json")).unwrap()).unwrap();
    let data = rows(&answers["rows"]);
    let with_categories = rows(&answers["category_rows"]);
    let mut files = 0;
    for (name, expected) in answers.as_object().unwrap().iter().filter(|(name, _)| !name.ends_with("rows")) {
        let read = formats::read(&std::fs::read(folder.join(name)).unwrap(), ReadOptions::default());
        let read = read.unwrap_or_else(|error| panic!("{name}: {error}"));
        let (format, ensemble) = (read.format, &read.ensemble);
        let expected_format = match name.rsplit('.').next().unwrap() {
            "onnx" => "onnx",
            "txt" => "lightgbm-text",
            "json" => "xgboost-json",
            "ubj" => "xgboost-ubj",
            "model" => "xgboost-binary",
            _ => "pickle",
        };
        assert_eq!(format.name(), expected_format, "{name}");
        let data = if name.contains("categories") { &with_categories } else { &data };
        for (row, expected) in data.iter().zip(expected.as_array().unwrap()) {
            let columns: Vec<Vec<f64>> = row.iter().map(|value| vec![*value]).collect();
            let ours = match &read.committee {
                Some(committee) => committee.answers(&columns, 1).unwrap(),
                None => predict(ensemble, row),
            };
            let theirs = numbers(expected);
            assert_eq!(ours.len(), theirs.len(), "{name}");
            for (ours, theirs) in ours.iter().zip(&theirs) {
                assert!((ours - theirs).abs() <= 2e-6 * theirs.abs().max(1.0), "{name}: {ours} against {theirs}");
            }
        }
        files += 1;
    }
    assert_eq!(files, 34);
}

/// XGBoost from 0.90, LightGBM from 2.3, scikit-learn from 0.24, in the forms that each had.
#[test]
fn files_of_every_age_answer_as_their_own_library_did() {
    let grid = of_folder(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/rooms/formats/fixtures/ages"));
    let (right, others) =
        grid.values().fold((0, 0), |sum, counts| (sum.0 + counts.right, sum.1 + counts.refused.len() + counts.wrong.len()));
    assert_eq!((right, others), (207, 0), "{}", told(&grid));
    for library in ["xgboost 0.90", "xgboost 1.7", "lightgbm 2.3", "lightgbm 3.3", "sklearn 0.24", "sklearn 1.2", "onnxmltools 1.13"] {
        assert!(grid.keys().any(|(known, _)| known == library), "{library}");
    }
}

/// Graphs whose tree operators are joined by anything but sums, made of those that are.
#[test]
fn several_tree_operators_that_are_not_added_up_are_refused_by_name() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/rooms/formats/fixtures");
    for (file, from, to) in [("voting.onnx", "Sum", "Max"), ("voting.onnx", "Flatten", "Softmax"), ("votes.onnx", "ArgMax", "ArgMin")] {
        let good = std::fs::read(folder.join(file)).unwrap();
        // The operator of a node, with its length before it.
        let operator = |name: &str| [&[0x22, name.len() as u8], name.as_bytes()].concat();
        let places: Vec<usize> = (0..good.len()).filter(|&place| good[place..].starts_with(&operator(from))).collect();
        assert!(!places.is_empty(), "{file} holds {from}");
        let mut changed = good.clone();
        places.into_iter().for_each(|place| changed[place..place + 2 + to.len()].copy_from_slice(&operator(to)));
        let error = formats::read(&changed, ReadOptions::default()).unwrap_err();
        let hint = error.hints().first().map(ToString::to_string).unwrap_or_default();
        assert!(error.to_string().contains(&format!("it computes {to}")) && hint.contains("pickle.dump"), "{file} {to}: {error} {hint}");
    }
}
