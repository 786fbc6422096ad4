//! What hivectl 0.1.0 wrote is read as it was meant: its registry, packages, export and plan, with its own answers as the
//! golden values (`tests/fixtures/registry-0.1.0`).

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::common::home::Home;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/registry-0.1.0")
}

/// A home that 0.1.0 has left.
fn home() -> Home {
    let home = Home::new();
    for file in std::fs::read_dir(fixtures()).expect("the fixtures") {
        let path = file.expect("an entry").path();
        if path.is_file() {
            std::fs::copy(&path, home.path().join(path.file_name().expect("a name"))).expect("copied");
        }
    }
    let data = home.path().join(".local/share/hivectl");
    std::fs::create_dir_all(&data).expect("a folder");
    let archive = std::fs::File::open(fixtures().join("registry.tar.gz")).expect("the registry");
    tar::Archive::new(flate2::read::GzDecoder::new(archive)).unpack(&data).expect("unpacked");
    home
}

/// What tells an item of a list from the others: the id of a check, the metric of a criterion.
fn word_of(item: Option<&Value>) -> Option<&str> {
    item?.get("id").or_else(|| item?.get("operator").and(item?.get("metric")))?.as_str()
}

/// Everything that was answered is answered still; keys may have been added. Places and times of a run differ.
fn assert_holds(path: &str, golden: &Value, now: &Value) {
    match (golden, now) {
        // How old a version has grown: its number and its sentence are of the day.
        (Value::Object(golden), Value::Object(now)) if golden.get("id").is_some_and(|id| id == "staleness") => {
            assert_eq!((&golden["id"], &golden["state"]), (&now["id"], &now["state"]), "{path}");
        }
        (Value::Object(golden), Value::Object(now)) => {
            for (key, value) in golden {
                // How long an answer takes is not what it says, and an interval counts the choice of trees too since then.
                let is_new_interval = path.ends_with("difference") && ["low", "high", "standard_error"].contains(&key.as_str());
                if key != "latency" && !is_new_interval {
                    assert_holds(&format!("{path}.{key}"), value, now.get(key).unwrap_or_else(|| panic!("{path} has no {key}")));
                }
            }
        }
        // Checks and criteria may have been added; each has its word.
        (Value::Array(golden), Value::Array(now)) if word_of(golden.first()).is_some() => {
            for item in golden {
                let found = now.iter().find(|other| word_of(Some(other)) == word_of(Some(item)));
                assert_holds(&format!("{path}[{:?}]", word_of(Some(item))), item, found.unwrap_or_else(|| panic!("{path}: {item}")));
            }
        }
        (Value::Array(golden), Value::Array(now)) => {
            assert_eq!(golden.len(), now.len(), "{path}");
            golden.iter().zip(now).enumerate().for_each(|(place, (golden, now))| assert_holds(&format!("{path}[{place}]"), golden, now));
        }
        (Value::String(golden), Value::String(_)) if golden.contains("/home/operator") => {}
        // Times are told to the whole second since then.
        (Value::String(golden), Value::String(now)) if golden.parse::<jiff::Timestamp>().is_ok_and(|time| time.subsec_nanosecond() > 0) => {
            assert_eq!(golden.split('.').next().map(|whole| format!("{whole}Z")).as_ref(), Some(now), "{path}");
        }
        // What was refused is told by its reasons everywhere since then.
        (Value::Number(golden), Value::Object(now)) if path.ends_with(".refused") => {
            assert_eq!(golden.as_u64(), now.values().map(Value::as_u64).sum::<Option<u64>>(), "{path}");
        }
        // How a difference is worded has changed since; its numbers stand beside it.
        (Value::String(golden), Value::String(now)) if path.ends_with(".recommendation.reason") => {
            assert_eq!(golden.split(": mae ").next(), now.split(": mae ").next(), "{path}");
        }
        // A gate names more criteria now, and where each stands.
        (Value::String(golden), Value::String(now)) if path.ends_with("[Some(\"gate\")].evidence") => {
            assert_eq!(golden.split(" (").next(), now.split(" (").next(), "{path}");
        }
        _ => assert_eq!(golden, now, "{path}"),
    }
}

#[test]
fn every_answer_of_before_is_the_answer_now() {
    let home = home();
    let lines = std::fs::read_to_string(fixtures().join("golden/commands.txt")).expect("the command lines");
    let lines: Vec<&str> = lines.lines().filter(|line| !line.is_empty()).collect();
    assert!(lines.len() > 20, "{} command lines", lines.len());
    for line in lines {
        let (name, typed) = line.split_once(": hivectl ").expect("a name and a line");
        let golden = std::fs::read(fixtures().join(format!("golden/{name}.json"))).expect("a golden answer");
        let golden: Value = serde_json::from_slice(&golden).expect("a document");
        let arguments: Vec<&str> = typed.split(' ').collect();
        let code = golden["data"]["exit_code"].as_i64().unwrap_or(0);
        let now = home.run(&arguments).json(i32::try_from(code).expect("a code"));
        assert_eq!(golden["schema"], now["schema"], "{name}");
        assert_holds(name, &golden["data"], &now["data"]);
    }
}

#[test]
fn what_a_package_of_before_does_not_record_is_told_in_one_line() {
    let home = home();
    let words = ["ml", "predict", "--model", "job-duration-predictor@1", "--tickets", "later-jobs.ndjson.gz", "-o", "json"];
    let told = home.run(&words).json(0);
    let warnings = told["warnings"].as_array().expect("warnings");
    let about = warnings.iter().filter(|warning| warning.as_str().is_some_and(|text| text.contains("does not record"))).count();
    assert_eq!(about, 1, "{warnings:?}");
}

#[test]
fn an_export_and_a_plan_of_before_are_taken() {
    let home = home();
    let imported = home.run(&["ml", "models", "import", "job-duration-predictor@1.hivectl-model", "--name", "copy", "-o", "json"]).json(0);
    assert_eq!(imported["data"]["changed"], true, "{imported}");
    let applied = home.run(&["ml", "apply", "plan.json", "-o", "json"]);
    // A registry that was copied is the one that the plan is for.
    let applied = applied.json(0);
    assert_eq!(applied["data"]["version"], 2, "{applied}");
}
