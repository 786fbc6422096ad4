//! What training was told about tickets travels with the model; and what the kinds are called.

use serde_json::Value;

use crate::common::shared::shared;
use crate::support::Home;

const FIELDS: [&str; 4] = ["--executable-field", "parameters.executable", "--size-field", "parameters.processors"];

/// A model of the extended features on the first jobs of a real log, in `jobs.ndjson`; `None` where the log is not there.
fn trained() -> Option<Home> {
    let log = shared("data/jobs/sdsc-blue.ndjson.gz")?;
    let home = Home::new();
    let unpacked = std::process::Command::new("gzip").arg("-dc").arg(log).output().expect("gzip runs").stdout;
    let lines: Vec<&[u8]> = unpacked.split_inclusive(|&byte| byte == b'\n').take(4_000).collect();
    home.write("jobs.ndjson", lines.concat());
    let train = ["ml", "train", "--model", "duration", "--tickets", "jobs.ndjson", "--window-days", "4000", "--trees", "8"];
    let told = ["--features", "extended", "--status", "completed,failed"];
    home.run(&[&train[..], &told, &FIELDS].concat()).expect(0);
    Some(home)
}

fn predicted(home: &Home, more: &[&str], variables: &[(&str, &str)]) -> String {
    let words = ["ml", "predict", "--model", "duration", "--tickets", "jobs.ndjson", "-o", "jsonl"];
    home.run_with(&[&words[..], more].concat(), variables).expect(0).stdout
}

#[test]
fn predictions_are_the_same_whether_the_flags_of_training_are_typed_again_or_not() {
    let Some(home) = trained() else { return };
    let without = predicted(&home, &[], &[]);
    assert!(without.lines().count() > 1_000);
    assert_eq!(without, predicted(&home, &FIELDS, &[]));
    // A setting never overrides a package.
    assert_eq!(without, predicted(&home, &[], &[("HIVECTL_EXECUTABLE_FIELD", "parameters.other")]));
}

#[test]
fn a_flag_that_contradicts_the_model_is_refused_with_both_values() {
    let Some(home) = trained() else { return };
    let tickets = ["--tickets", "jobs.ndjson"];
    let refusal = |words: &[&str], parts: [&str; 2]| {
        let ran = home.run(&[words, &tickets].concat()).expect(2);
        parts.iter().for_each(|part| assert!(ran.stderr.contains(part), "{words:?}: {}", ran.stderr));
    };
    let executable = ["parameters.other", "parameters.executable"];
    refusal(&["ml", "predict", "--model", "duration", "--executable-field", "parameters.other"], executable);
    refusal(&["ml", "drift", "check", "--executable-field", "parameters.other"], executable);
    refusal(&["ml", "backfill", "--errors-only", "--executable-field", "parameters.other"], executable);
    refusal(&["ml", "validate", "duration", "--window-days", "4000", "--executable-field", "parameters.other"], executable);
    refusal(&["ml", "models", "compare", "duration", "duration", "--executable-field", "parameters.other"], executable);
    refusal(&["ml", "backfill", "--errors-only", "--status", "completed"], ["--status is completed", "completed,failed"]);
    refusal(&["ml", "drift", "check", "--label", "derived"], ["--label is derived", "auto"]);
}

#[test]
fn who_judges_may_be_chosen_by_validate_and_is_told() {
    let Some(home) = trained() else { return };
    let words = ["ml", "validate", "duration", "--tickets", "jobs.ndjson", "--window-days", "4000", "--status", "completed"];
    let ran = home.run(&words);
    assert_ne!(ran.code, 2, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("--status is completed, and ticket-duration-predictor@1 was trained with completed,failed"),
        "{}",
        ran.stderr
    );
}

#[test]
fn show_lists_what_training_was_told() {
    let Some(home) = trained() else { return };
    let shown: Value = home.run(&["ml", "models", "show", "duration", "-o", "json"]).json(0);
    let told = &shown["data"]["instructions"];
    assert_eq!((&told["features"], &told["executable_field"]), (&"extended".into(), &"parameters.executable".into()));
    assert_eq!(told["status"], serde_json::json!(["completed", "failed"]));
    let text = home.run(&["ml", "models", "show", "duration"]).expect(0).stdout;
    assert!(text.contains("size parameters.processors") && text.contains("auto of completed, failed"), "{text}");
}

#[test]
fn in_retrain_a_flag_is_a_new_instruction_told_beside_the_old() {
    let Some(home) = trained() else { return };
    let words = ["ml", "retrain", "--model", "duration", "--tickets", "jobs.ndjson", "--window-days", "4000", "--trees", "8", "--dry-run"];
    let steps = |more: &[&str]| {
        let ran = home.run(&[&words[..], &["--cool-down", "0s", "-o", "json"], more].concat());
        assert!([0, 3].contains(&ran.code), "{}", ran.stderr);
        let document: Value = serde_json::from_str(&ran.stdout).expect("a document");
        document["data"]["models"][0]["steps"].to_string()
    };
    assert!(!steps(&[]).contains("instructions"), "what is not typed is as it was");
    let told = steps(&["--size-field", "parameters.memory"]);
    assert!(told.contains("size field parameters.memory, was parameters.processors"), "{told}");
}

#[test]
fn every_kind_that_tells_durations_is_measured_after_training() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 400);
    let words = ["ml", "train", "--model", "scheduling", "--tickets", "t.ndjson", "--trees", "5", "--backfill-errors", "-o", "json"];
    let document = home.run(&words).json(0);
    assert!(document["data"]["backfill_errors"].is_object(), "{document:#}");
}

#[test]
fn a_mistyped_kind_is_answered_and_a_hint_offers_every_kind() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 400);
    home.run(&["ml", "train", "--model", "scheduling", "--tickets", "t.ndjson", "--trees", "3"]).expect(0);
    let ran = home.run(&["ml", "models", "show", "schedulng"]).expect(4);
    assert!(ran.stderr.contains("did you mean 'scheduling'?"), "{}", ran.stderr);
    let ran = home.run(&["ml", "train", "--name", "mine", "--tickets", "t.ndjson"]).expect(2);
    assert!(ran.stderr.contains("`--model duration`, `--model scheduling`, `--model anomaly` or `--model load`"), "{}", ran.stderr);
}
