//! `ml models register`: what a file claims counts only once it is measured.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::common::python::python;
use crate::support::{Home, MODEL, json, ran};

/// The stored file of a version.
fn stored(home: &Home, file: &str) -> PathBuf {
    let mut folders = vec![home.path().join(".local/share/hivectl/mlruns")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.ends_with(file) {
                return path;
            } else if path.is_dir() {
                folders.push(path);
            }
        }
    }
    panic!("no {file}")
}

#[test]
fn claimed_metrics_pass_no_gate_until_validate_has_measured_them() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 1_200);
    ran(&home, "ml train --model duration --trees 40 --tickets t.ndjson").expect(0);
    std::fs::copy(stored(&home, "model.pkl"), home.path().join("outside.pkl")).expect("copied");
    let register = format!("ml models register outside.pkl --name {MODEL} --metrics");
    let words: Vec<&str> = register.split(' ').chain(["{\"mae_pct\": 0.5, \"r2\": 0.999, \"made_up\": 7}"]).collect();
    home.run(&words).expect(0);
    let promote = format!("ml models promote {MODEL}@2 --dry-run");
    let refused = json(&home, &promote, 3)["data"]["refused"].clone();
    assert!(refused["causes"].to_string().contains("claimed") && refused["hints"].to_string().contains("ml validate"), "{refused:#}");

    let looked = json(&home, &format!("ml validate {MODEL}@2 --tickets t.ndjson --dry-run"), 3);
    assert!(looked.to_string().contains("not recorded"), "{looked:#}");
    let _ = json(&home, &promote, 3);
    // The claim was far too good, and the check that compares with it says so.
    let measured = json(&home, &format!("ml validate {MODEL}@2 --tickets t.ndjson --reason measured"), 3)["data"].clone();
    let checks = measured["models"][0]["checks"].as_array().expect("checks").clone();
    let check = |id: &str| checks.iter().find(|check| check["id"] == id).expect(id).clone();
    assert_eq!((&check("recorded_metrics")["state"], &check("claimed_metrics")["state"]), (&Value::from("fail"), &Value::from("pass")));
    let shown = json(&home, &format!("ml models show {MODEL}@2"), 0)["data"].clone();
    assert_eq!(shown["metrics"]["mae_pct"], check("gate")["numbers"]["mae_pct"]);
    assert_eq!(shown["metrics"].get("made_up"), None, "a claim that nobody could measure");
    let plan = json(&home, &promote, 0)["data"]["plan"].clone();
    assert_eq!(plan["gate"]["criteria"][0]["value"], shown["metrics"]["mae_pct"]);
    assert!(plan["measured_on"].as_str().is_some_and(|on| on.contains("older than the version")), "{plan:#}");
    let history = json(&home, &format!("ml models history {MODEL}"), 0)["data"]["items"][0].clone();
    assert_eq!((&history["event"], &history["reason"]), (&Value::from("measure"), &Value::from("measured")));
    let _ = json(&home, "audit verify", 0);

    // Once measured, nothing is recorded again.
    let before = json(&home, "audit log", 0)["data"].to_string();
    // Its trees alone tell no interval, so one check stays skipped.
    let _ = json(&home, &format!("ml validate {MODEL}@2 --tickets t.ndjson"), 14);
    assert_eq!(json(&home, "audit log", 0)["data"].to_string(), before);
}

#[test]
fn marks_cannot_be_forged_at_register() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 600);
    ran(&home, "ml train --model duration --trees 5 --tickets t.ndjson").expect(0);
    std::fs::copy(stored(&home, "model.pkl"), home.path().join("outside.pkl")).expect("copied");
    ran(&home, &format!("ml models register outside.pkl --name {MODEL} --tag hivectl.metrics=measured")).expect(2);
    // A whole package with a card that says it passed is a claim too.
    let folder = stored(&home, "MLmodel").parent().expect("a folder").to_owned();
    home.run(&["ml", "models", "register", &folder.to_string_lossy(), "--name", MODEL]).expect(0);
    let refused = json(&home, &format!("ml models promote {MODEL}@2 --dry-run"), 3);
    assert!(refused["data"]["refused"]["causes"].to_string().contains("claimed"), "{refused:#}");
}

/// What a file holds decides, not how it was written.
#[test]
fn what_predicts_is_taken_in_every_form_and_what_does_not_in_none() {
    let Some(python) = python("HIVECTL_TEST_PYTHON") else { return };
    let home = Home::new();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/no_models.py");
    let made = Command::new(python).arg(script).arg(home.path()).output().expect("Python starts");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let found: Value = serde_json::from_slice(&made.stdout).expect("one document");
    let names = |of: &Value| of.as_array().expect("names").iter().map(|name| name.as_str().expect("a name").to_owned()).collect::<Vec<_>>();
    let files = |kind: &str| -> Vec<String> {
        let pickled =
            names(&found[kind]).into_iter().flat_map(|name| ["pkl", "joblib", "zlib.joblib"].map(|ending| format!("{name}.{ending}")));
        pickled.chain(names(&found["skops"][kind]).into_iter().map(|name| format!("{name}.skops"))).collect()
    };
    for file in files("taken") {
        ran(&home, &format!("ml models register {file} --name m --dry-run")).expect(0);
    }
    for file in files("refused") {
        let refused = json(&home, &format!("ml models register {file} --name m --dry-run"), 11)["error"].clone();
        assert!(refused["hints"][0].as_str().is_some_and(|hint| hint.contains("save")), "{file}: {refused:#}");
        let told = match file.split('.').next().unwrap_or_default() {
            "asks" | "asks_inside" => "getcwd, which runs what it is told",
            "scaler" | "scalers" => "StandardScaler, which prepares columns",
            "unfitted" if !file.ends_with("skops") => "never fitted",
            "numbers" => "dictionary without a model",
            _ => "m",
        };
        assert!(refused["causes"].to_string().contains(told), "{file}: {refused:#}");
    }
}

/// A file whose parts contradict each other is broken, whether its model is understood or not.
#[test]
fn a_model_that_contradicts_itself_is_refused_with_the_place() {
    let home = Home::new();
    let tree = |left: &str, feature: &str| {
        format!(
            "{{\"left_children\": {left}, \"right_children\": [2, -1, -1], \"split_indices\": [{feature}, 0, 0], \"split_conditions\": [0.5, 1, 2], \
             \"base_weights\": [0, 1, 2], \"sum_hessian\": [2, 1, 1], \"loss_changes\": [1, 0, 0], \"default_left\": [0, 0, 0]}}"
        )
    };
    let model = |objective: &str, tree: &str, trees: u32| {
        format!(
            "{{\"learner\": {{\"attributes\": {{}}, \"objective\": {{\"name\": \"{objective}\"}}, \"learner_model_param\": {{\"num_feature\": \"2\", \
             \"num_class\": \"0\", \"base_score\": \"5E-1\"}}, \"gradient_booster\": {{\"name\": \"gbtree\", \"model\": {{\"gbtree_model_param\": \
             {{\"num_trees\": \"{trees}\", \"num_parallel_tree\": \"1\"}}, \"tree_info\": [0], \"trees\": [{tree}]}}}}}}}}"
        )
    };
    let good = tree("[1, -1, -1]", "1");
    for objective in ["reg:squarederror", "mine:own"] {
        home.write("good.json", &model(objective, &good, 1));
        ran(&home, "ml models register good.json --name m --dry-run").expect(0);
        for (tree, trees, told) in [
            (tree("[0, -1, -1]", "1"), 1, "tree 0, node 0"),
            (tree("[1, -1, -1]", "2"), 1, "feature 2 of 2"),
            (good.clone(), 7, "7 trees (num_trees) and holds 1"),
        ] {
            home.write("bad.json", &model(objective, &tree, trees));
            let refused = json(&home, "ml models register bad.json --name m", 11)["error"].clone();
            assert!(refused["causes"].to_string().contains(told) && !refused["hints"][0].is_null(), "{refused:#}");
        }
    }
    std::fs::create_dir(home.path().join("folder")).expect("made");
    home.write("folder/m.json", &model("reg:squarederror", &good, 1));
    let column = |kind: &str| format!("{{\"name\": \"a\", \"type\": \"{kind}\"}}");
    let signed = |columns: &str| format!("flavors: {{xgboost: {{data: m.json}}}}\nsignature:\n  inputs: '[{columns}]'\n");
    for (mlmodel, told) in [
        ("run_id: a\n".to_owned(), "names no flavors"),
        ("flavors: {}\n".to_owned(), "names no flavors"),
        (signed(&format!("{}, {}", column("double"), column("double"))), "column 'a' twice"),
        (signed(&column("flot")), "the type 'flot'"),
        (signed("{"), "signature"),
    ] {
        home.write("folder/MLmodel", &mlmodel);
        let refused = json(&home, "ml models register folder --name m", 11)["error"].clone();
        assert!(refused["causes"].to_string().contains(told) && !refused["hints"][0].is_null(), "{mlmodel}: {refused:#}");
    }
}
