//! Boosted models inside pickles, as they sit in registries: XGBoost's and LightGBM's scikit-learn
//! wrappers, their boosters, and scikit-learn's own histogram boosting.

use hivectl::formats::pickle;
use hivectl::trees::{EnsembleTask, LinkFunction};
use serde_json::json;

use super::support::{assert_close, golden, mixed_rows, numbers, predict, pythons, rows};

#[test]
fn boosted_models_in_pickles_answer_as_in_python() {
    let Some(golden) = golden("oracles/rf.json") else { return };
    let given = rows(&golden["X"]);
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = ["noise", "kind", "size", "flag", "share"].map(str::to_owned).to_vec();
    let kinds = [
        "XGBRegressor",
        "XGBClassifier",
        "XGBRegressor early",
        "XGBRFRegressor",
        "LGBMRegressor",
        "LGBMClassifier",
        "LGBMRegressor early",
        "HistGradientBoostingRegressor",
        "HistGradientBoostingClassifier",
        "DecisionTreeRegressor",
        "DecisionTreeClassifier",
    ];
    for python in pythons() {
        for kind in kinds {
            let path = folder.path().join("model.pkl");
            // Beside scikit-learn 1.5 stand neither XGBoost nor LightGBM.
            if !python.is_new && (kind.starts_with("XGB") || kind.starts_with("LGBM")) {
                continue;
            }
            python.ask(&json!({"do": "wrap", "kind": kind, "path": path, "rows": given, "names": names, "target": golden["y"]}));
            let ensemble = pickle::read(&std::fs::read(&path).unwrap()).unwrap_or_else(|error| panic!("{kind}: {error}"));
            let test = mixed_rows(&given, 1000, true);
            let answer = python.predict("pickle", &path, &names, &test);
            let what = format!("{kind}, {}", python.name);
            match &ensemble.task {
                EnsembleTask::Regression | EnsembleTask::Transformed(_) => {
                    let ours: Vec<f64> = test.iter().map(|row| predict(&ensemble, row)[0]).collect();
                    assert_close(&ours, &numbers(&answer["predict"]), 4e-6, &what);
                }
                EnsembleTask::Classification { link, .. } => {
                    assert!(kind.starts_with("DecisionTree") || *link != LinkFunction::Identity);
                    let ours: Vec<f64> = test.iter().flat_map(|row| predict(&ensemble, row)).collect();
                    let theirs: Vec<f64> = answer["predict_proba"].as_array().expect("rows").iter().flat_map(numbers).collect();
                    assert!(ours.iter().zip(&theirs).all(|(ours, theirs)| (ours - theirs).abs() < 4e-6), "{what}");
                    assert_eq!(ours.len(), theirs.len(), "{what}");
                }
                EnsembleTask::Isolation(_) => panic!("{what}: an isolation forest"),
            }
        }
    }
}
