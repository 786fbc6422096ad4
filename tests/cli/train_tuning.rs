//! `ml train --tune`: trials that go on where they stopped, and what tuning gains on real jobs.

use serde_json::Value;

use crate::common::shared::shared;
use crate::support::Home;
use crate::train_algorithms::train;

fn tuned(home: &Home, kind: &str, trials: &str) -> Value {
    train(home, &["--model", kind, "--tune", "--tune-trials", trials])
}

#[test]
fn tuning_goes_on_where_it_stopped_and_registers_under_the_models_own_name() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 600);
    let first = tuned(&home, "duration", "3");
    let (trials, chosen) = (&first["tuning"]["trials"], first["tuning"]["chosen"].as_u64().expect("a number") as usize);
    assert_eq!((trials.as_array().map(Vec::len), &first["tuning"]["resumed"]), (Some(3), &Value::from(0)));
    assert_eq!((&first["name"], &first["version"]), (&Value::from("ticket-duration-predictor"), &Value::from(1)));
    assert_eq!(trials[chosen - 1]["settings"]["durations"]["learner"], first["learner"]);
    let scores: Vec<f64> = trials.as_array().into_iter().flatten().filter_map(|trial| trial["score"].as_f64()).collect();
    let least = scores.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(trials[chosen - 1]["score"].as_f64().is_some_and(|score| score <= least * 1.02), "{trials:#}");
    // A half-written line of a killed run is no trial.
    let folder = home.path().join(".local/share/hivectl/tuning");
    let file = std::fs::read_dir(&folder).expect("a folder").flatten().next().expect("a file").path();
    let mut text = std::fs::read_to_string(&file).expect("trials");
    text.push_str("{\"number\":4,\"cand");
    std::fs::write(&file, text).expect("written");
    let second = tuned(&home, "duration", "5");
    assert_eq!((second["tuning"]["trials"].as_array().map(Vec::len), &second["tuning"]["resumed"]), (Some(5), &Value::from(3)));
    for place in 0..3 {
        assert_eq!(second["tuning"]["trials"][place], trials[place]);
    }
    assert_eq!(std::fs::read_to_string(&file).expect("trials").lines().count(), 5);
}

#[test]
fn every_kind_can_be_tuned_and_a_dry_run_keeps_no_trials() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 600);
    for kind in ["anomaly", "scheduling"] {
        let model = train(&home, &["--model", kind, "--tune", "--tune-trials", "4", "--dry-run"]);
        assert_eq!(model["tuning"]["trials"].as_array().map(Vec::len), Some(4), "{kind}");
    }
    assert!(!home.path().join(".local/share/hivectl").exists());
    let refused = home.run(&["ml", "train", "--tickets", "t.ndjson", "--tune-trials", "4"]).expect(2);
    assert!(refused.stderr.contains("--tune"), "{}", refused.stderr);
}

/// The best mean absolute error in seconds of the shared bench of recency features, as measured beside it.
const BEST_OF_THE_BENCH: [(&str, f64); 3] = [("kth-sp2", 5_385.0), ("ctc-sp2", 6_847.0), ("sdsc-blue", 2_317.0)];

#[test]
fn on_real_jobs_the_tuned_model_is_better_than_the_bench() {
    let Some(folder) = shared("data/jobs") else { return };
    // Tuning on the two larger logs takes minutes.
    let logs = if std::env::var_os("HIVECTL_FULL").is_some() { 3 } else { 1 };
    for (log, best) in &BEST_OF_THE_BENCH[..logs] {
        let home = Home::new();
        let tickets = folder.join(format!("{log}.ndjson.gz")).display().to_string();
        let mut arguments = vec!["ml", "train", "--model", "duration", "--features", "extended", "--tune", "--tune-trials", "3"];
        arguments.extend(["--tune-minutes", "60", "--status", "completed,failed", "--window-days", "4000", "--tickets", &tickets]);
        arguments.extend(["--executable-field", "parameters.executable", "--size-field", "parameters.processors", "-o", "json"]);
        let document = home.run(&arguments).json(0);
        let metrics = &document["data"]["models"][0]["metrics"];
        let seconds = |name: &str| metrics[name].as_f64().expect("a metric") / 1000.0;
        let [mae, median, p90] = ["mae", "median_absolute_error", "p90_absolute_error"].map(seconds);
        println!("{log}: MAE {mae:.0} s (the bench's best {best:.0} s), median error {median:.0} s, P90 {p90:.0} s");
        assert!(mae < *best, "{log}: {mae} s");
    }
}
