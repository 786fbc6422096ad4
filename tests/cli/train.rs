//! `ml train` as a whole: the same bytes for the same seed, windows, labels, schemas, and what it answers to a script.

use serde_json::Value;

use crate::support::{Home, fields, ticket, trained};

fn digests(home: &Home, reference: &str) -> Vec<(String, String)> {
    let shown = home.run(&["ml", "models", "show", reference, "-o", "json"]).json(0);
    let artifacts = shown["data"]["artifacts"].as_array().expect("artifacts").clone();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let mut digests: Vec<_> = artifacts.iter().map(|artifact| (text(&artifact["path"]), text(&artifact["sha256"]))).collect();
    digests.retain(|(path, _)| path.starts_with("model.") || path == "hivectl/history.json");
    digests
}

#[test]
fn the_same_seed_and_data_give_the_same_bytes_with_any_number_of_threads() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 1_000);
    for threads in ["1", "2", "5"] {
        home.run(&["ml", "train", "--tickets", "t.ndjson", "--threads", threads]).expect(0);
    }
    home.run(&["ml", "train", "--tickets", "t.ndjson", "--seed", "7"]).expect(0);
    for name in ["ticket-duration-predictor", "ticket-anomaly-detector"] {
        let first = digests(&home, &format!("{name}@1"));
        assert_eq!(first.len(), 3, "{first:?}");
        assert_eq!(first, digests(&home, &format!("{name}@2")));
        assert_eq!(first, digests(&home, &format!("{name}@3")));
        assert_ne!(first, digests(&home, &format!("{name}@4")));
    }
}

#[test]
fn the_window_counts_back_from_the_moment_that_was_named() {
    let home = Home::new();
    // One ticket every ten minutes: 144 a day.
    home.write_tickets("t.ndjson", 1_440);
    let used = |more: &[&str]| {
        let arguments: Vec<&str> = ["ml", "train", "--model", "duration", "--dry-run", "--tickets", "t.ndjson", "-o", "json"]
            .iter()
            .chain(more)
            .copied()
            .collect();
        let document = home.run(&arguments).json(0);
        let samples = document["data"]["models"][0]["samples"].clone();
        (samples["used"].as_u64().expect("a count"), samples["refused"].clone(), document["data"]["window"].clone())
    };
    let (all, ..) = used(&[]);
    assert!((1_430..=1_440).contains(&all), "{all}");
    let (two_days, refused, window) = used(&["--window-days", "2", "--as-of", "2026-01-05T00:00:00Z"]);
    assert_eq!(window["from"], "2026-01-03T00:00:00Z");
    assert!((280..=289).contains(&two_days), "{two_days}");
    assert!(refused["outside_window"].as_u64().expect("a count") > 1_100);
    assert!(refused["not_yet_known"].as_u64().is_some(), "{refused:#}");
}

#[test]
fn durations_come_from_where_they_are() {
    let home = Home::new();
    let lines: String = (0..300)
        .map(|index| {
            let mut ticket = ticket(index);
            if index % 2 == 0 {
                ticket["actual_duration_ms"] = Value::Null;
            }
            format!("{ticket}\n")
        })
        .collect();
    home.write("t.ndjson", lines);
    let labels = |label: &str| {
        let document =
            home.run(&["ml", "train", "--model", "duration", "--dry-run", "--tickets", "t.ndjson", "--label", label, "-o", "json"]).json(0);
        let labels = document["data"]["models"][0]["samples"]["labels"].clone();
        (labels["actual"].as_u64().expect("a count"), labels["derived"].as_u64().expect("a count"))
    };
    let (actual, derived) = labels("auto");
    assert!(actual > 140 && derived > 140, "{actual} {derived}");
    assert_eq!(labels("actual"), (actual, 0));
    assert_eq!(labels("derived").0, 0);
}

#[test]
fn extended_features_and_the_outcome_variant_train_and_predict() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 600);
    home.run(&["ml", "train", "--features", "extended", "--variant", "outcome", "--tickets", "t.ndjson"]).expect(0);
    let names = home.run(&["ml", "models", "list", "-o", "name"]).expect(0).stdout;
    assert_eq!(names, "ticket-anomaly-detector-outcome\nticket-duration-predictor\n");
    for model in ["ticket-anomaly-detector-outcome", "duration"] {
        let lines = home.run(&["ml", "predict", "--model", model, "--tickets", "t.ndjson", "-o", "jsonl"]).expect(0).stdout;
        assert_eq!(lines.lines().count(), 600);
    }
}

#[test]
fn train_says_what_became_of_each_model() {
    let (_, document) = trained();
    assert_eq!(document["schema"], "hivectl.ml.train/v1");
    fields(&document, &["generated_at", "context", "data", "warnings"]);
    let models = document["data"]["models"].as_array().expect("models");
    assert_eq!(models.len(), 2);
    for model in models {
        fields(model, &["name", "version", "stage", "metrics", "gate", "samples", "champion", "promoted", "fit_seconds"]);
        fields(&model["samples"], &["read", "used", "train", "holdout", "refused"]);
        for criterion in model["gate"]["criteria"].as_array().expect("criteria") {
            fields(criterion, &["metric", "operator", "threshold", "value", "passed", "required"]);
        }
        // Fewer than ten anomalies judged the detector.
        let passes = model["name"] == "ticket-duration-predictor";
        assert_eq!(model["gate"]["passed"], passes, "{model:#}");
        assert_eq!(model["stage"], if passes { "Staging" } else { "None" });
        let samples = &model["samples"];
        let refused: u64 = samples["refused"].as_object().expect("reasons").values().filter_map(Value::as_u64).sum();
        assert_eq!(samples["read"].as_u64(), Some(samples["used"].as_u64().expect("a count") + refused));
        assert_eq!(
            samples["used"].as_u64(),
            Some(samples["train"].as_u64().expect("a count") + samples["holdout"].as_u64().expect("a count"))
        );
    }
    let metrics = &models[0]["metrics"];
    fields(metrics, &["mae", "rmse", "bias", "r2", "mae_pct", "interval_coverage"]);
    fields(&models[1]["metrics"], &["precision", "recall", "f1", "false_positive_rate", "anomaly_rate"]);
}
