//! XGBoost's and LightGBM's own files, both ways, against the real libraries.

use hivectl::formats::sklearn::ForestHyperparameters;
use hivectl::formats::{self, ReadOptions, lightgbm, onnx, pickle, skops, xgboost};
use hivectl::kinds::table_model::{TableAnswers, answers};
use hivectl::trees::{EnsembleTask, LinkFunction, Precision, ThresholdComparison, TreeEnsemble};
use serde_json::{Value, json};

use super::pickles::{golden_forest, golden_isolation};
use super::support::{Python, assert_close, golden, mixed_rows, numbers, predict, python, rows, shared};

fn read(form: &str, bytes: &[u8]) -> TreeEnsemble {
    let ensemble = match form {
        "json" => xgboost::read_json(bytes),
        "ubj" => xgboost::read_ubj(bytes),
        "txt" => lightgbm::read(bytes),
        other => panic!("form {other}"),
    };
    ensemble.unwrap_or_else(|error| panic!("{form}: {error}"))
}

fn write(form: &str, ensemble: &TreeEnsemble) -> Vec<u8> {
    let bytes = match form {
        "json" => xgboost::write_json(ensemble),
        "ubj" => xgboost::write_ubj(ensemble),
        "txt" => lightgbm::write(ensemble),
        other => panic!("form {other}"),
    };
    bytes.unwrap_or_else(|error| panic!("{form}: {error}"))
}

/// Every output of every row, one after the other.
fn flat_predictions(ensemble: &TreeEnsemble, rows: &[Vec<f64>]) -> Vec<f64> {
    rows.iter()
        .flat_map(|row| match &ensemble.task {
            // The libraries give the probability of the second class only.
            EnsembleTask::Classification { link: LinkFunction::Logistic, .. } => vec![predict(ensemble, row)[1]],
            _ => predict(ensemble, row),
        })
        .collect()
}

/// The libraries' answer in the same form.
fn flat(answer: &Value) -> Vec<f64> {
    answer
        .as_array()
        .expect("rows")
        .iter()
        .flat_map(|row| if row.is_array() { numbers(row) } else { vec![row.as_f64().expect("a number")] })
        .collect()
}

#[test]
fn reads_the_golden_xgboost_models() {
    for name in ["plain", "reg", "base"] {
        let Some(golden) = golden(&format!("oracles/xgb_{name}_pred.json")) else { return };
        let data = rows(&golden["X"]);
        for form in ["json", "ubj"] {
            let ensemble = read(form, &std::fs::read(shared(&format!("oracles/xgb_{name}.{form}")).unwrap()).unwrap());
            assert_eq!((ensemble.trees.len(), ensemble.comparison, ensemble.precision), (8, ThresholdComparison::Less, Precision::Single));
            assert_close(&flat_predictions(&ensemble, &data), &numbers(&golden["predict"]), 1e-6, name);
        }
    }
}

#[test]
fn splits_by_category_are_read_and_kept() {
    let Some(golden) = golden("oracles/xgb_cat_pred.json") else { return };
    let columns = [numbers(&golden["codes"]), numbers(&golden["x"]), numbers(&golden["z"])];
    let data: Vec<Vec<f64>> = (0..columns[0].len()).map(|row| columns.iter().map(|column| column[row]).collect()).collect();
    for form in ["json", "ubj"] {
        let ensemble = read(form, &std::fs::read(shared(&format!("oracles/xgb_cat.{form}")).unwrap()).unwrap());
        assert!(ensemble.has_categories());
        assert_eq!(ensemble.feature_names, ["cat", "x", "z"]);
        assert_close(&flat_predictions(&ensemble, &data), &numbers(&golden["predict"]), 1e-6, form);
        let again = read(form, &write(form, &ensemble));
        assert_eq!(
            again.trees.iter().map(|tree| &tree.categorical).collect::<Vec<_>>(),
            ensemble.trees.iter().map(|tree| &tree.categorical).collect::<Vec<_>>()
        );
        assert_close(&flat_predictions(&again, &data), &numbers(&golden["predict"]), 1e-6, form);
    }
}

#[test]
fn what_is_written_for_xgboost_is_read_again_unchanged() {
    for name in ["plain", "reg", "base", "cat"] {
        let Some(path) = shared(&format!("oracles/xgb_{name}.ubj")) else { return };
        let ensemble = read("ubj", &std::fs::read(path).unwrap());
        for form in ["json", "ubj"] {
            assert_eq!(read(form, &write(form, &ensemble)), ensemble, "{name} {form}");
        }
    }
}

#[test]
fn what_xgboost_has_no_objective_for_is_refused() {
    let Some(isolation) = golden_isolation() else { return };
    assert!(xgboost::write_json(&isolation).unwrap_err().to_string().contains("no isolation forests"));
}

/// Predictions there, of the file and of the file that hivectl writes after reading it.
fn there_and_back(python: &Python, library: &str, kind: &str, form: &str, folder: &std::path::Path, golden: &Value) {
    let given = rows(&golden["X"]);
    let path = folder.join(format!("{library}-{kind}.{form}"));
    python.ask(&json!({"do": "boost", "library": library, "kind": kind, "path": path, "rows": given, "target": golden["y"]}));
    let ensemble = read(form, &std::fs::read(&path).unwrap());
    let test = mixed_rows(&given, 1000, true);
    let ours = flat_predictions(&ensemble, &test);
    let theirs = flat(&python.predict(library, &path, &ensemble.feature_names, &test)["predict"]);
    assert_close(&ours, &theirs, 4e-6, &format!("{library} {kind} {form}"));
    let again = folder.join(format!("again-{library}-{kind}.{form}"));
    std::fs::write(&again, write(form, &ensemble)).unwrap();
    let theirs = flat(&python.predict(library, &again, &ensemble.feature_names, &test)["predict"]);
    assert_close(&ours, &theirs, 4e-6, &format!("{library} {kind} {form} again"));
}

#[test]
fn xgboost_models_there_and_back() {
    let (Some(golden), Some(python)) = (golden("oracles/rf.json"), python()) else { return };
    let folder = tempfile::tempdir().unwrap();
    for kind in ["regression", "absolute", "forest", "dart", "binary", "multiclass", "categories"] {
        for form in ["json", "ubj"] {
            there_and_back(&python, "xgboost", kind, form, folder.path(), &golden);
        }
    }
}

#[test]
fn xgboost_takes_a_forest_of_hivectl() {
    let (Some(ensemble), Some(golden), Some(python)) = (golden_forest(), golden("oracles/rf.json"), python()) else { return };
    let folder = tempfile::tempdir().unwrap();
    let test = mixed_rows(&rows(&golden["X"]), 1000, true);
    for form in ["json", "ubj"] {
        let path = folder.path().join(format!("forest.{form}"));
        std::fs::write(&path, write(form, &ensemble)).unwrap();
        let theirs = flat(&python.predict("xgboost", &path, &ensemble.feature_names, &test)["predict"]);
        assert_close(&flat_predictions(&ensemble, &test), &theirs, 2e-6, form);
    }
}

#[test]
fn reads_the_golden_lightgbm_model() {
    let (Some(golden), Some(data), Some(path)) =
        (golden("oracles/lgb_pred.json"), golden("oracles/xgb_plain_pred.json"), shared("oracles/lgb.txt"))
    else {
        return;
    };
    let ensemble = read("txt", &std::fs::read(path).unwrap());
    assert_eq!((ensemble.trees.len(), ensemble.trees[0].len(), ensemble.trees[0].rows[0]), (8, 29, 600));
    let data = rows(&data["X"]);
    assert_close(&flat_predictions(&ensemble, &data), &numbers(&golden["predict"]), 1e-12, "lgb.txt");
    assert_eq!(read("txt", &write("txt", &ensemble)), ensemble);
}

#[test]
fn lightgbm_models_there_and_back() {
    let (Some(golden), Some(python)) = (golden("oracles/rf.json"), python()) else { return };
    let folder = tempfile::tempdir().unwrap();
    for kind in ["regression", "absolute", "forest", "binary", "multiclass", "categories"] {
        there_and_back(&python, "lightgbm", kind, "txt", folder.path(), &golden);
    }
}

/// Rows with many zeros and gaps, of which LightGBM was told that zero is missing, or that leaves hold linear models.
#[test]
fn zeros_that_are_missing_and_linear_leaves_answer_to_the_last_bit() {
    let (Some(golden), Some(python)) = (golden("oracles/rf.json"), python()) else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut test = mixed_rows(&rows(&golden["X"]), 1000, true);
    for (place, row) in test.iter_mut().enumerate() {
        let columns = row.len();
        row[place % columns] = [0.0, -0.0, 1e-36, -1e-34, f64::NAN, 1e-35][place % 6];
    }
    for kind in ["zero", "linear"] {
        let path = folder.path().join(format!("{kind}.txt"));
        python.ask(&json!({"do": "boost", "library": "lightgbm", "kind": kind, "path": path, "rows": golden["X"], "target": golden["y"]}));
        let bytes = std::fs::read(&path).unwrap();
        let read = formats::read(&bytes, ReadOptions::default()).unwrap_or_else(|error| panic!("{kind}: {error}"));
        let columns: Vec<Vec<f64>> = (0..read.ensemble.features()).map(|column| test.iter().map(|row| row[column]).collect()).collect();
        let TableAnswers::Numbers(ours) = answers(&read, &columns, 1).unwrap() else { panic!("{kind}: no numbers") };
        let theirs = flat(&python.predict("lightgbm", &path, &read.ensemble.feature_names, &test)["predict"]);
        assert_eq!(ours, theirs, "{kind}");
        assert_eq!((read.committee.is_some(), lightgbm::read(&bytes).is_err()), (kind == "linear", kind == "linear"), "{kind}");
    }
}

/// The same trees in the other library's file: XGBoost's to LightGBM and LightGBM's to XGBoost.
#[test]
fn models_change_libraries() {
    let (Some(golden), Some(python)) = (golden("oracles/rf.json"), python()) else { return };
    let folder = tempfile::tempdir().unwrap();
    let given = rows(&golden["X"]);
    let test = mixed_rows(&given, 1000, true);
    for kind in ["regression", "forest", "binary", "multiclass", "categories"] {
        for (library, form, other, other_form) in [("xgboost", "ubj", "lightgbm", "txt"), ("lightgbm", "txt", "xgboost", "json")] {
            let path = folder.path().join(format!("{kind}.{form}"));
            python.ask(&json!({"do": "boost", "library": library, "kind": kind, "path": path, "rows": given, "target": golden["y"]}));
            let ensemble = read(form, &std::fs::read(&path).unwrap());
            let moved = folder.path().join(format!("moved-{kind}.{other_form}"));
            std::fs::write(&moved, write(other_form, &ensemble)).unwrap();
            let theirs = flat(&python.predict(other, &moved, &ensemble.feature_names, &test)["predict"]);
            assert_close(&flat_predictions(&ensemble, &test), &theirs, 4e-6, &format!("{kind} from {library} to {other}"));
        }
    }
}

/// A split that only parts the missing from the rest, as scikit-learn grows them.
#[test]
fn infinite_thresholds_survive_every_form() {
    let (Some(mut ensemble), Some(golden), Some(python)) = (golden_forest(), golden("oracles/rf.json"), python()) else { return };
    for tree in &mut ensemble.trees {
        (tree.threshold[0], tree.missing_left[0]) = (f64::INFINITY, false);
        (tree.threshold[1], tree.missing_left[1]) = (f64::NEG_INFINITY, true);
    }
    let folder = tempfile::tempdir().unwrap();
    let test = mixed_rows(&rows(&golden["X"]), 1000, true);
    let ours = flat_predictions(&ensemble, &test);
    let hyperparameters = ForestHyperparameters::default();
    let files = [
        ("xgboost", "model.json", xgboost::write_json(&ensemble)),
        ("xgboost", "model.ubj", xgboost::write_ubj(&ensemble)),
        ("lightgbm", "model.txt", lightgbm::write(&ensemble)),
        ("onnx", "model.onnx", onnx::write(&ensemble)),
        ("pickle", "model.pkl", pickle::write_forest(&ensemble, &hyperparameters)),
        ("skops", "model.skops", skops::write_forest(&ensemble, &hyperparameters)),
    ];
    for (library, name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes.unwrap()).unwrap();
        let answer = python.predict(library, &path, &ensemble.feature_names, &test);
        let theirs = flat(if library == "onnx" { &answer["variable"] } else { &answer["predict"] });
        assert_close(&ours, &theirs, 2e-6, name);
        let again = formats::read(&std::fs::read(&path).unwrap(), ReadOptions::default()).unwrap().ensemble;
        assert_close(&ours, &flat_predictions(&again, &test), 2e-6, name);
    }
}
