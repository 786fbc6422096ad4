//! `ml models register`: what a file claims counts only once it is measured.

use std::path::PathBuf;

use serde_json::Value;

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
