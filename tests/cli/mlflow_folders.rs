//! Folders that MLflow saved, read for what their `MLmodel` says: MLflow's own `pyfunc` is the judge.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::common::python::python;
use crate::support::{Home, json, ran};

/// A label, or a number as MLflow's libraries print it.
fn same(ours: &Value, theirs: &Value) -> bool {
    match (ours.as_f64(), theirs.as_f64()) {
        (Some(ours), Some(theirs)) => (ours - theirs).abs() <= 2e-6 * theirs.abs().max(1.0),
        _ => ours == theirs,
    }
}

#[test]
fn a_saved_folder_answers_as_mlflow_answers_with_it() {
    let Some(python) = python("HIVECTL_TEST_PYTHON") else { return };
    let home = Home::new();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/model_folders.py");
    let made = Command::new(python).arg(script).arg(home.path()).output().expect("Python starts");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let found: Value = serde_json::from_slice(&made.stdout).expect("one document");
    let answers = &found["models"];
    for (name, theirs) in answers.as_object().expect("models") {
        ran(&home, &format!("ml models register {name} --name {name}")).expect(0);
        let said = json(&home, &format!("ml predict --model {name}@1 --rows rows.csv --proba"), 0)["data"]["items"].clone();
        assert_eq!(said.as_array().map(Vec::len), theirs["predict"].as_array().map(Vec::len), "{name}");
        for (row, theirs) in theirs["predict"].as_array().expect("rows").iter().enumerate() {
            // A booster of several classes answers by their probabilities.
            let answer = theirs.as_array().map_or_else(
                || same(&said[row]["prediction"], theirs),
                |shares| shares.iter().enumerate().all(|(class, share)| same(&said[row][format!("probability_{class}")], share)),
            );
            assert!(answer, "{name}, row {row}: {} for {theirs}", said[row]);
        }
        for (row, shares) in theirs["proba"].as_array().into_iter().flatten().enumerate() {
            for (class, share) in theirs["classes"].as_array().expect("labels").iter().zip(shares.as_array().expect("shares")) {
                let column = format!("probability_{}", class.as_str().expect("a label"));
                assert!(same(&said[row][&column], share), "{name}, row {row}, {column}: {} for {share}", said[row]);
            }
        }
    }
    let stopped = json(&home, "ml models inspect stopped@1", 0)["data"].clone();
    assert!(stopped["rounds_summary"].as_str().is_some_and(|told| told.contains("early stopping at")), "{stopped:#}");
    // Labels that are texts are compared as what they are called.
    let forest = answers["forest"]["predict"].as_array().expect("labels").clone();
    let rows = std::fs::read_to_string(home.path().join("rows.csv")).expect("written");
    let judged: String = rows
        .lines()
        .enumerate()
        .map(
            |(line, text)| {
                if line == 0 { format!("verdict,{text}\n") } else { format!("{},{text}\n", forest[line - 1].as_str().expect("a label")) }
            },
        )
        .collect();
    home.write("judged.csv", &judged);
    let judged = json(&home, "ml validate forest@1 --test-data judged.csv --label verdict", 0)["data"]["models"][0].clone();
    assert_eq!((&judged["metrics"]["accuracy"], &judged["classes"][0]["class"]), (&Value::from(1.0), &Value::from("approve")));

    // What the package declares is obeyed without a word typed, and told.
    let declared = json(&home, "ml predict --model declared@1 --rows rows.csv", 0)["data"].clone();
    assert!(declared["notes"].to_string().contains("predict_proba"), "{declared:#}");
    assert!(same(&declared["items"][0]["probability_approve"], &answers["declared"]["proba"][0][0]), "{declared:#}");
    let long = json(&home, "ml predict --model long_labels@1 --rows rows.csv", 0)["data"]["items"].clone();
    assert!(long[0]["prediction"].as_i64().is_some_and(|label| label % 2 == 1), "{}", long[0]);
    ran(&home, "ml predict --model long_labels@1 --rows rows.csv --out long.csv").expect(0);
    assert!(std::fs::read_to_string(home.path().join("long.csv")).expect("written").contains(&format!("1,{}\n", long[0]["prediction"])));

    // Values go the way of the signature's types, or are refused.
    ran(&home, "ml models register typed --name typed").expect(0);
    for (table, theirs) in found["types"].as_object().expect("tables") {
        let words = ["ml", "predict", "--model", "typed@1", "--rows", &format!("{table}.csv"), "-o", "json"];
        match theirs.as_array() {
            Some(theirs) => {
                let said = home.run(&words).json(0)["data"]["items"].clone();
                assert!(theirs.iter().enumerate().all(|(row, theirs)| same(&said[row]["prediction"], theirs)), "{table}: {said:#}");
            }
            None => {
                let refused = home.run(&words).json(11)["error"].to_string();
                assert!(refused.contains(&format!("{table}.csv:2")) && refused.contains("the signature says"), "{table}: {refused}");
            }
        }
    }

    // Python code around a pickle is not the pickle, but it may be registered and served by who can.
    let taken = ran(&home, "ml models register wrapped --name wrapped").expect(0);
    assert!(taken.stderr.contains("hivectl itself cannot run it") && taken.stderr.contains("python_function"), "{}", taken.stderr);
    let refused = json(&home, "ml predict --model wrapped@1 --rows rows.csv", 11)["error"].to_string();
    assert!(refused.contains("mlflow.pyfunc.model"), "{refused}");
}

#[test]
fn encoders_before_trees_answer_as_scikit_learn_answers() {
    let Some(python) = python("HIVECTL_TEST_PYTHON") else { return };
    let home = Home::new();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/encoded_models.py");
    let made = Command::new(python).arg(script).arg(home.path()).output().expect("Python starts");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let answers: Value = serde_json::from_slice(&made.stdout).expect("one document");
    for (place, (name, tables)) in answers.as_object().expect("models").iter().enumerate() {
        ran(&home, &format!("ml models register {name}.pkl --name m{place}")).expect(0);
        for (table, theirs) in tables.as_object().expect("tables") {
            let said = home.run(&["ml", "predict", "--model", &format!("m{place}@1"), "--rows", &format!("{table}.csv"), "-o", "json"]);
            // What the library refuses is refused.
            let Some(theirs) = theirs.as_array() else {
                let refused = said.json(11)["error"].to_string();
                assert!(refused.contains("no category of its training"), "{name} on {table}: {refused}");
                continue;
            };
            let said = said.json(0)["data"]["items"].clone();
            assert_eq!(said.as_array().map(Vec::len), Some(theirs.len()), "{name} on {table}");
            let differ = |(row, theirs): (usize, &Value)| !same(&said[row]["prediction"], theirs);
            assert_eq!(theirs.iter().enumerate().position(differ), None, "{name} on {table}: {said}");
        }
    }
}

#[test]
fn named_categories_go_the_way_they_went_in_training() {
    let Some(python) = python("HIVECTL_TEST_PYTHON") else { return };
    let home = Home::new();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/category_models.py");
    let made = Command::new(python).arg(script).arg(home.path()).output().expect("Python starts");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let answers: Value = serde_json::from_slice(&made.stdout).expect("one document");
    home.write("new.csv", "colour,size,code\nviolet,0.5,20\n");
    home.write("missing.csv", "colour,size,code\n,0.5,20\n");
    for (place, file) in ["boosted.json", "boosted.ubj", "boosted.pkl", "light.txt", "light.pkl", "histogram.pkl"].into_iter().enumerate() {
        ran(&home, &format!("ml models register {file} --name c{place}")).expect(0);
        let said = json(&home, &format!("ml predict --model c{place}@1 --rows rows.csv"), 0)["data"]["items"].clone();
        let theirs = answers[file.split('.').next().expect("a name")].as_array().expect("rows").clone();
        assert_eq!(said.as_array().map(Vec::len), Some(theirs.len()), "{file}");
        for (row, theirs) in theirs.iter().enumerate() {
            assert!(same(&said[row]["prediction"], theirs), "{file}, row {row}: {} for {theirs}", said[row]);
        }
        // A category that training did not see is refused by XGBoost, and missing for LightGBM and histogram boosting.
        let new = home.run(&["ml", "predict", "--model", &format!("c{place}@1"), "--rows", "new.csv", "-o", "json"]);
        if file.starts_with("boosted") {
            let refused = new.json(11)["error"].to_string();
            assert!(refused.contains("new.csv:2") && refused.contains("no category of its training (blue, green, red)"), "{refused}");
        } else {
            let missing = json(&home, &format!("ml predict --model c{place}@1 --rows missing.csv"), 0)["data"]["items"][0].clone();
            assert_eq!(new.json(0)["data"]["items"][0]["prediction"], missing["prediction"], "{file}");
        }
    }
}

/// The script of registered files, with these words.
fn registered_files(python: &std::ffi::OsStr, words: &[&std::ffi::OsStr]) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/registered_files.py");
    let made = Command::new(python).arg(script).args(words).output().expect("Python starts");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    serde_json::from_slice(&made.stdout).expect("one document")
}

/// Every value, as far as both go: rows, and shares within them.
fn all_same(ours: &Value, theirs: &Value) -> bool {
    match (ours.as_array(), theirs.as_array()) {
        (Some(ours), Some(theirs)) => ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| all_same(ours, theirs)),
        _ => same(ours, theirs),
    }
}

#[test]
fn a_file_is_stored_in_a_form_that_mlflow_loads_and_that_is_read_back() {
    let Some(python) = python("HIVECTL_TEST_PYTHON") else { return };
    let home = Home::new();
    let answers = registered_files(python.as_ref(), &["make".as_ref(), home.path().as_os_str()]);
    let names: Vec<String> = serde_json::from_slice(&std::fs::read(home.path().join("names.json")).expect("names")).expect("names");
    for (place, file) in names.iter().enumerate() {
        let told = ran(&home, &format!("ml models register {file} --name m{place}")).expect(0).stderr;
        // Without compression and arrays joblib's is a pickle like any other.
        assert!(told.contains("joblib wrote it") || !file.ends_with("z.joblib"), "{file}: {told}");
        assert_eq!(told.contains("it holds a bare"), file.contains("booster."), "{file}: {told}");
        let said = json(&home, &format!("ml predict --model m{place}@1 --rows rows.csv"), 0)["data"]["items"].clone();
        let theirs = answers[file].as_array().expect("rows");
        assert_eq!(said.as_array().map(Vec::len), Some(theirs.len()), "{file}");
        let answer = |row: usize, theirs: &Value| match theirs.as_array() {
            Some(shares) => shares.iter().enumerate().all(|(class, share)| same(&said[row][format!("probability_{class}")], share)),
            None => same(&said[row]["prediction"], theirs),
        };
        assert!(theirs.iter().enumerate().all(|(row, theirs)| answer(row, theirs)), "{file}: {said}");
    }
    let database = home.path().join(".local/share/hivectl/registry.db");
    let loaded = registered_files(python.as_ref(), &["load".as_ref(), home.path().as_os_str(), database.as_os_str()]);
    for file in &names {
        assert!(all_same(&loaded[file], &answers[file]), "{file}: {} for {}", loaded[file], answers[file]);
    }
}
