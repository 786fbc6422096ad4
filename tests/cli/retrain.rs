//! From drift to a better version, step by step, and every reason not to.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::support::{Home, signal};

/// Six weeks of tickets with a model in Production, then the same and five weeks of other work.
fn home() -> Home {
    let home = Home::new();
    home.write_weeks("then.ndjson", "6000", "2026-01-01", "42", "6000", "0");
    home.write_weeks("same.ndjson", "1000", "2026-02-12", "7", "1000", "0");
    home.write_weeks("drifted.ndjson", "5000", "2026-02-12", "35", "5000", "0.8");
    home.run(&["ml", "train", "--tickets", "then.ndjson", "--window-days", "60", "--promote-if-better"]).expect(0);
    home
}

fn retrain(home: &Home, more: &[&str], code: i32) -> Value {
    let line: Vec<&str> = ["ml", "retrain", "--model", "duration", "-o", "json"].iter().chain(more).copied().collect();
    home.run(&line).json(code)["data"]["models"][0].clone()
}

#[test]
fn drift_leads_to_a_better_version_on_what_came_after_the_change() {
    let home = home();
    let line = ["--if-drift", "--promote-if-better", "--cool-down", "0s", "--tickets", "drifted.ndjson"];
    let dry = retrain(&home, &[&line[..], &["--dry-run"]].concat(), 0);
    assert_eq!((dry["outcome"].as_str(), dry["version"].is_null()), (Some("would_register"), true), "{dry:#}");
    let done = retrain(&home, &line, 0);
    assert_eq!(
        (done["outcome"].as_str(), done["version"].as_u64(), done["stage"].as_str()),
        (Some("promoted"), Some(2), Some("Production"))
    );
    let names: Vec<_> = done["steps"].as_array().expect("steps").iter().map(|step| step["name"].as_str().unwrap_or_default()).collect();
    assert_eq!(names, ["check", "window", "train", "decide", "check again"]);
    assert!((33.0..37.0).contains(&done["window_days"].as_f64().expect("a window")), "only what came after: {done:#}");
    assert_eq!((done["drift_before"]["overall_status"].as_str(), done["attempt"].as_u64()), (Some("critical"), Some(1)));
    assert_ne!(done["drift_after"]["overall_status"], "critical", "{done:#}");
    // The same again is no drift any more.
    let again = retrain(&home, &["--check-once", "--cool-down", "0s", "--tickets", "drifted.ndjson"], 0);
    assert_eq!(again["outcome"], "no_drift", "{again:#}");
}

#[test]
fn nothing_is_trained_without_drift_or_while_cooling_down() {
    let home = home();
    assert_eq!(retrain(&home, &["--if-drift", "--tickets", "same.ndjson"], 0)["outcome"], "no_drift");
    assert_eq!(retrain(&home, &["--if-drift", "--threshold", "9", "--tickets", "drifted.ndjson"], 0)["outcome"], "no_drift");
    assert_eq!(retrain(&home, &["--if-drift", "--tickets", "drifted.ndjson"], 8)["outcome"], "cooling_down");
    let lenient = home.run_with(
        &["ml", "retrain", "--model", "duration", "--if-drift", "--tickets", "drifted.ndjson", "-o", "json"],
        &[("DRIFT_THRESHOLD", "9")],
    );
    assert_eq!(lenient.json(0)["data"]["models"][0]["outcome"], "no_drift");
    assert_eq!(
        home.run(&["ml", "retrain", "--model", "duration", "--emergency", "--tickets", "same.ndjson"]).code,
        2,
        "a reason is needed"
    );
    let versions = home.run(&["ml", "models", "list", "duration", "-o", "name"]).expect(0).stdout;
    assert_eq!(versions.lines().count(), 1, "{versions}");
}

#[test]
fn what_is_not_better_leaves_the_champion() {
    let home = home();
    let line = ["--emergency", "--reason", "outage", "--promote-if-better", "--tickets", "same.ndjson"];
    let done = retrain(&home, &line, 3);
    assert!(matches!(done["outcome"].as_str(), Some("not_better" | "gate_failed")), "{done:#}");
    let champion = home.run(&["ml", "models", "show", "duration#production", "-o", "json"]).json(0);
    assert_eq!(champion["data"]["version"], 1);
}

#[test]
fn one_process_at_a_time_retrains_a_model() {
    let home = home();
    let line = ["ml", "retrain", "--model", "duration", "--emergency", "--reason", "race", "--tickets", "drifted.ndjson", "-o", "json"];
    let children: Vec<_> = (0..4)
        .map(|_| {
            home.command(&line).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null()).spawn().expect("hivectl starts")
        })
        .collect();
    let ended: Vec<_> = children.into_iter().map(|child| child.wait_with_output().expect("hivectl ends")).collect();
    let codes: Vec<_> = ended.iter().map(|output| output.status.code().unwrap_or(-1)).collect();
    let trained = codes.iter().filter(|&&code| code == 0).count();
    assert!(trained >= 1 && codes.iter().all(|code| [0, 7].contains(code)), "{codes:?}");
    let versions = home.run(&["ml", "models", "list", "duration", "-o", "name"]).expect(0).stdout;
    assert_eq!(versions.lines().count(), 1 + trained, "{versions}");
}

#[test]
fn what_only_training_does_after_itself_is_said_when_retraining_leaves_it_out() {
    let home = home();
    let words = ["ml", "retrain", "--model", "duration", "--if-drift", "--threshold", "1000", "--tickets", "same.ndjson", "-o", "json"];
    let quiet = home.run(&words).json(0);
    assert_eq!(quiet["warnings"].as_array().map(Vec::len), Some(0), "{quiet:#}");
    let output = home.command(&words).env("ML_BACKFILL_ERRORS", "yes").output().expect("hivectl runs");
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a document");
    assert!(
        told["warnings"][0].as_str().is_some_and(|text| text.contains("backfill_errors") && text.contains("--errors-only")),
        "{told:#}"
    );
}

#[test]
fn a_model_that_was_never_trained_keeps_no_other_from_being_retrained() {
    let home = Home::new();
    home.write_weeks("then.ndjson", "6000", "2026-01-01", "42", "6000", "0");
    home.write_weeks("same.ndjson", "1000", "2026-02-12", "7", "1000", "0");
    home.run(&["ml", "train", "--model", "duration", "--tickets", "then.ndjson", "--window-days", "60"]).expect(0);
    let both = home.run(&["ml", "retrain", "--model", "all", "--if-drift", "--tickets", "same.ndjson", "-o", "json"]).json(12);
    let outcomes: Vec<_> = both["data"]["models"].as_array().expect("models").iter().map(|model| model["outcome"].clone()).collect();
    assert_eq!(outcomes, ["no_drift", "failed"], "{both:#}");
    let stopped = both["data"]["models"][1]["steps"][0]["result"].as_str().expect("a reason").to_owned();
    assert!(stopped.contains("ticket-anomaly-detector"), "{stopped}");
    let alone = home.run(&["ml", "retrain", "--model", "anomaly", "--tickets", "same.ndjson", "-o", "json"]).json(4);
    assert_eq!(alone["error"]["code"], "HML-0400", "{alone:#}");
}

#[test]
fn retraining_looks_again_after_the_interval_of_the_running_system_until_it_is_asked_to_end() {
    let home = Home::with_week(&["--model", "duration"]);
    let line = ["ml", "retrain", "--model", "duration", "--watch", "--tickets", "same.ndjson", "-o", "jsonl"];
    let mut command = home.command(&line);
    command.env("DRIFT_CHECK_INTERVAL_MINUTES", "0.01").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("hivectl starts");
    let mut lines = BufReader::new(child.stdout.take().expect("an output")).lines();
    for _ in 0..2 {
        let report: serde_json::Value = serde_json::from_str(&lines.next().expect("a report").expect("text")).expect("JSON");
        assert_eq!(report["models"][0]["outcome"], "no_drift", "{report:#}");
    }
    signal(&child, "-TERM");
    lines.by_ref().for_each(drop);
    assert_eq!(child.wait().expect("an end").code(), Some(143));
    let one_document = [&line[..7], &["-o", "json"]].concat();
    assert_eq!(home.run(&one_document).json(2)["error"]["kind"], "usage");
}
