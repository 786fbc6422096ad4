//! CatBoost's own form (.cbm) and its JSON, on a table: what CatBoost answered stands beside the files (`fixtures/catboost/make.py`).

use std::path::Path;

use serde_json::Value;

use crate::support::{Home, json, ran};

/// Forms that CatBoost saves, by their endings.
const FORMS: [&str; 2] = ["cbm", "json"];

/// A label, or a number: CatBoost adds in 64 bits, in the order of the trees.
fn same(ours: &Value, theirs: &Value) -> bool {
    match (ours.as_f64(), theirs.as_f64()) {
        (Some(ours), Some(theirs)) => (ours - theirs).abs() <= 1e-12 * theirs.abs().max(1e-3),
        _ => ours == theirs,
    }
}

/// A folder with all files of the fixtures, and what CatBoost answered.
fn fixtures() -> (Home, Value) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/fixtures/catboost");
    let home = Home::new();
    for entry in std::fs::read_dir(&folder).expect("the fixtures") {
        let path = entry.expect("an entry").path();
        std::fs::copy(&path, home.path().join(path.file_name().expect("a name"))).expect("copied");
    }
    (home, serde_json::from_slice(&std::fs::read(folder.join("answers.json")).expect("read")).expect("JSON"))
}

#[test]
fn files_of_catboost_answer_as_catboost_did() {
    let (home, answers) = fixtures();
    let models = answers.as_object().expect("models");
    assert_eq!(models.len(), 11);
    for (name, theirs, form) in models.iter().flat_map(|(name, theirs)| FORMS.map(|form| (name, theirs, form))) {
        ran(&home, &format!("ml models register {name}.{form} --name {name}-{form}")).expect(0);
        let said = json(&home, &format!("ml predict --model {name}-{form}@1 --rows rows.csv --proba"), 0)["data"]["items"].clone();
        assert_eq!(said.as_array().map(Vec::len), theirs["predict"].as_array().map(Vec::len), "{name}");
        for (row, predicted) in theirs["predict"].as_array().expect("rows").iter().enumerate() {
            // Several classes stand in a list of one label, several targets in one of numbers.
            let answered = match predicted.as_array().map(Vec::as_slice) {
                None => same(&said[row]["prediction"], predicted),
                Some([label]) => same(&said[row]["prediction"], label),
                Some(targets) => targets.iter().enumerate().all(|(place, number)| same(&said[row][format!("prediction_{place}")], number)),
            };
            assert!(answered, "{name}, row {row}: {} for {predicted}", said[row]);
            let labels = theirs["classes"].as_array().into_iter().flatten();
            for (label, share) in labels.zip(theirs["proba"][row].as_array().into_iter().flatten()) {
                let column = format!("probability_{}", label.as_str().expect("a label"));
                assert!(same(&said[row][&column], share), "{name}, row {row}, {column}: {} for {share}", said[row]);
            }
        }
    }
}

#[test]
fn what_is_not_read_of_catboost_is_told_with_a_way_out() {
    let (home, _) = fixtures();
    for (name, word, way_out) in [
        ("kinds", "1 categorical features", "get_dummies"),
        ("border", "at the probability 0.3", "set_probability_threshold(None)"),
        ("uncertain", "the loss 'RMSEWithUncertainty'", "loss_function='RMSE'"),
    ] {
        for form in FORMS {
            let taken = ran(&home, &format!("ml models register {name}.{form} --name {name}-{form}")).expect(0);
            assert!(taken.stderr.contains(word), "{name}.{form}: {}", taken.stderr);
            let refused = json(&home, &format!("ml models inspect {name}.{form}"), 11)["error"].to_string();
            assert!(refused.contains(word) && refused.contains(way_out), "{name}.{form}: {refused}");
        }
    }
    home.write("m.cbm", "CBM1 and what follows");
    let refused = json(&home, "ml models register m.cbm --name cbm", 11)["error"].to_string();
    assert!(refused.contains("bytes are stated"), "{refused}");
}

/// The folder below `folder` that holds a file of that name.
fn stored(folder: &Path, name: &str) -> Option<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let is_here = files.iter().any(|file| file.file_name().is_some_and(|found| found == name));
    if is_here { Some(folder.to_owned()) } else { folders.iter().find_map(|folder| stored(folder, name)) }
}

#[test]
fn a_file_of_catboost_is_stored_as_mlflow_stores_it_and_answers_as_its_class_does() {
    let (home, answers) = fixtures();
    let info = json(&home, "ml models inspect by_leaves.cbm", 0)["data"].to_string();
    assert!(info.contains("catboost-binary") && info.contains("regression"), "{info}");
    ran(&home, "ml models register two.cbm --name two").expect(0);
    let folder = stored(home.path(), "MLmodel").expect("an MLmodel");
    let mlmodel: Value = serde_json::from_slice(&std::fs::read(folder.join("MLmodel")).expect("read")).expect("JSON");
    let flavor = &mlmodel["flavors"]["catboost"];
    assert_eq!(
        (&flavor["data"], &flavor["save_format"], &flavor["model_type"]),
        (&"model.cb".into(), &"cbm".into(), &"CatBoostClassifier".into())
    );
    let given = std::fs::read(home.path().join("two.cbm")).expect("read");
    assert!(std::fs::read(folder.join("model.cb")).expect("stored") == given);
    // The same file, which Python loads as another class, answers by its sums.
    for class in ["CatBoost", "CatBoostRegressor"] {
        let text = format!("flavors: {{catboost: {{data: model.cb, save_format: cbm, model_type: {class}, catboost_version: 1.2.10}}}}");
        home.write("pulled/MLmodel", &text);
        home.write("pulled/model.cb", &given);
        ran(&home, &format!("ml models register pulled --name {class}")).expect(0);
        let said = json(&home, &format!("ml predict --model {class}@1 --rows rows.csv"), 0)["data"]["items"].clone();
        for (row, shares) in answers["two"]["proba"].as_array().expect("rows").iter().enumerate() {
            let sum = (shares[1].as_f64().expect("a share") / shares[0].as_f64().expect("a share")).ln();
            let ours = said[row]["prediction"].as_f64().expect("a number");
            assert!((ours - sum).abs() < 1e-9, "{class}, row {row}: {ours} for {sum}");
        }
    }
    home.write("pulled/MLmodel", "flavors: {catboost: {data: model.cb, save_format: cbm, model_type: MyBoost}}");
    let told = ran(&home, "ml models register pulled --name mine").expect(0).stderr;
    assert!(told.contains("its model_type is 'MyBoost'"), "{told}");
}

#[test]
fn folders_are_searched_for_files_of_catboost() {
    let (home, answers) = fixtures();
    std::fs::create_dir(home.path().join("models")).expect("made");
    let rows = std::fs::read_to_string(home.path().join("rows.csv")).expect("read");
    for (name, ending) in [("numbers", "cbm"), ("targets", "json"), ("by_leaves", "cb")] {
        let saved = if ending == "json" { "json" } else { "cbm" };
        std::fs::copy(home.path().join(format!("{name}.{saved}")), home.path().join(format!("models/{name}_model.{ending}")))
            .expect("copied");
    }
    for name in ["numbers", "by_leaves"] {
        let told = answers[name]["predict"].as_array().expect("rows");
        let lines = rows.lines().zip(["label".to_owned()].into_iter().chain(told.iter().map(Value::to_string)));
        home.write(&format!("models/{name}_test.csv"), &lines.map(|(row, label)| format!("{row},{label}\n")).collect::<String>());
    }
    std::fs::remove_file(home.path().join("models/targets_model.json")).expect("removed");
    let judged = json(&home, "ml validate --models-dir models --test-data models", 0)["data"]["models"].clone();
    assert_eq!(judged.as_array().map(Vec::len), Some(2), "{judged:#}");
}
