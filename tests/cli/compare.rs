//! Two versions side by side, and on the same tickets.

use std::collections::BTreeMap;

use hivectl::registry::embedded::{EmbeddedLocation, EmbeddedRegistry};
use hivectl::registry::read_model;
use hivectl::registry::transfer::{Stated, register_by_hand};
use serde_json::Value;

use crate::support::{Home, MODEL, ticket};

fn train(home: &Home, kind: &str, more: &[&str]) {
    let arguments: Vec<&str> = ["ml", "train", "--model", kind, "--tickets", "t.ndjson"].iter().chain(more).copied().collect();
    home.run(&arguments).expect(0);
}

fn compare(home: &Home, first: &str, second: &str, more: &[&str], code: i32) -> Value {
    let arguments: Vec<&str> = ["ml", "models", "compare", first, second, "-o", "json"].iter().chain(more).copied().collect();
    home.run(&arguments).json(code)["data"].clone()
}

fn weak_and_strong() -> Home {
    let home = Home::new();
    home.write_tickets("t.ndjson", 1_200);
    home.write("lax.yaml", "duration:\n  mae_pct: \"< 500\"\n");
    train(&home, "duration", &["--trees", "2", "--depth", "2"]);
    train(&home, "duration", &["--trees", "50"]);
    home
}

fn metric(rows: &Value, name: &str) -> Value {
    rows.as_array().expect("rows").iter().find(|row| row["metric"] == name).unwrap_or_else(|| panic!("{name} in {rows:#}")).clone()
}

#[test]
fn the_better_version_is_recommended_and_the_same_tickets_give_the_recorded_numbers() {
    let home = weak_and_strong();
    let data = compare(&home, "duration@1", "duration@2", &["--tickets", "t.ndjson"], 0);
    let mae = metric(&data["metrics"], "mae");
    assert_eq!((&mae["better"], &mae["improved"]), (&Value::from("lower"), &Value::from(true)));
    assert_eq!(metric(&data["metrics"], "r2")["better"], "higher");
    let differing: Vec<&str> = data["parameters"].as_array().expect("rows").iter().filter_map(|row| row["parameter"].as_str()).collect();
    assert_eq!(differing, ["max_depth", "n_estimators"]);
    assert_eq!(data["schema"], serde_json::json!({ "same": true, "only_first": [], "only_second": [] }));
    assert!(data["importances"][0]["feature"].is_string());
    // The tickets are those of the training, so its holdout judges, with the features it had then.
    let trial = &data["tickets"];
    assert_eq!(trial["judged_count"], data["first"]["samples"]["holdout"]);
    for (side, row) in [("first", "first"), ("second", "second")] {
        assert_eq!(trial[side]["metrics"]["mae"], mae[row], "{side}: {trial:#}");
        let latency = &trial[side]["latency"];
        let (p50, p99) = (latency["p50_us"].as_f64().expect("a time"), latency["p99_us"].as_f64().expect("a time"));
        assert!(0.0 < p50 && p50 <= p99, "{latency:#}");
    }
    let gain = mae["first"].as_f64().expect("a number") - mae["second"].as_f64().expect("a number");
    let estimate = trial["difference"]["estimate"].as_f64().expect("a number");
    assert!((estimate - gain).abs() < 1e-6 * gain && trial["difference"]["low"].as_f64() > Some(0.0), "{trial:#}");
    let groups = trial["groups"].as_array().expect("groups");
    for (by, kinds) in [("task_type", 4), ("risk_band", 3)] {
        let tickets: Vec<u64> = groups.iter().filter(|group| group["by"] == by).filter_map(|group| group["count"].as_u64()).collect();
        assert_eq!((tickets.len(), Some(tickets.iter().sum())), (kinds, trial["judged_count"].as_u64()));
    }
    assert_eq!(data["recommendation"]["advice"], "promote", "{:#}", data["recommendation"]);
    let back = compare(&home, "duration@2", "duration@1", &["--tickets", "t.ndjson", "--policy", "lax.yaml"], 0);
    assert_eq!(back["recommendation"]["advice"], "keep", "{:#}", back["recommendation"]);
    assert!(back["recommendation"]["reason"].as_str().is_some_and(|reason| reason.contains("worse")), "{back:#}");
}

#[test]
fn later_tickets_are_judged_as_predict_answers_them() {
    let home = weak_and_strong();
    // 400 tickets that came after the training, and nothing else.
    let later: Vec<Value> = (1_300..1_700).map(ticket).collect();
    home.write("later.ndjson", later.iter().map(|ticket| format!("{ticket}\n")).collect::<String>());
    let data = compare(&home, "duration@1", "duration@2", &["--tickets", "later.ndjson"], 0);
    assert_eq!((&data["tickets"]["judged_count"], &data["tickets"]["left_out"]), (&Value::from(400), &serde_json::json!([])));
    for (side, reference) in [("first", "duration@1"), ("second", "duration@2")] {
        let lines = home.run(&["ml", "predict", "--model", reference, "--tickets", "later.ndjson", "-o", "jsonl"]).expect(0).stdout;
        let said = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("an object"));
        let errors = said.zip(&later).map(|(said, ticket)| {
            (said["duration_ms"].as_f64().expect("a number") - ticket["actual_duration_ms"].as_f64().expect("a number")).abs()
        });
        let mae = errors.sum::<f64>() / 400.0;
        let told = data["tickets"][side]["metrics"]["mae"].as_f64().expect("a number");
        assert!((told - mae).abs() < 1e-6 * mae, "{side}: {told} {mae}");
    }
}

#[test]
fn tickets_that_a_version_knows_do_not_judge_it() {
    let home = weak_and_strong();
    // Only tickets that taught the trees, and too few of the rest.
    let known: String = (0..970).map(|index| format!("{}\n", ticket(index))).collect();
    home.write("known.ndjson", known);
    let data = compare(&home, "duration@1", "duration@2", &["--tickets", "known.ndjson"], 14);
    assert_eq!((&data["exit_code"], &data["recommendation"]["advice"]), (&Value::from(14), &Value::from("undecided")));
    assert!(data["tickets"]["obstacle"].as_str().is_some_and(|why| why.contains("at least 30")), "{data:#}");
    let left_out = data["tickets"]["left_out"].as_array().expect("reasons");
    assert!(left_out.iter().any(|left| left["reason"] == "learned_from" && left["count"].as_u64() > Some(900)), "{left_out:#?}");
    // The holdout without what taught the trees: the features of then cannot be made again.
    let holdout: String = (970..1_200).map(|index| format!("{}\n", ticket(index))).collect();
    home.write("holdout.ndjson", holdout);
    let data = compare(&home, "duration@1", "duration@2", &["--tickets", "holdout.ndjson"], 14);
    assert!(data["tickets"]["left_out"].to_string().contains("in_its_history"), "{data:#}");
}

#[test]
fn anomaly_detectors_are_compared_on_what_they_mark() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 1_200);
    train(&home, "anomaly", &["--trees", "1", "--max-samples", "4"]);
    train(&home, "anomaly", &[]);
    let data = compare(&home, "anomaly@1", "anomaly@2", &["--tickets", "t.ndjson"], 0);
    let trial = &data["tickets"];
    assert_eq!((&trial["metric"], &trial["labelled_by"]), (&Value::from("f1"), &Value::from("ticket-anomaly-detector@2")));
    let (first, second) = (&trial["first"]["metrics"], &trial["second"]["metrics"]);
    assert_eq!(second["f1"], metric(&data["metrics"], "f1")["second"]);
    let test = &trial["mcnemar"];
    let count = |name: &str| test[name].as_f64().expect("a count");
    // Right decisions of the second minus those of the first.
    let right = |side: &Value| {
        let number = |name: &str| side[name].as_f64().unwrap_or(0.0);
        let tickets = trial["judged_count"].as_f64().expect("a count");
        let missed = number("prevalence") * (1.0 - number("recall"));
        tickets * (1.0 - missed - number("false_positive_rate") * (1.0 - number("prevalence")))
    };
    assert!((count("only_second_right") - count("only_first_right") - (right(second) - right(first))).abs() < 1e-6, "{trial:#}");
    assert!((0.0..=1.0).contains(&count("p_value")) && trial["difference"]["estimate"].as_f64() > Some(0.0), "{trial:#}");
}

#[test]
fn recorded_numbers_alone_never_promote() {
    let home = weak_and_strong();
    train(&home, "anomaly", &[]);
    let data = compare(&home, "duration@1", "duration@2", &[], 0);
    assert!(data["tickets"].is_null());
    assert_eq!(data["recommendation"]["advice"], "undecided");
    assert!(data["recommendation"]["reason"].as_str().is_some_and(|reason| reason.contains("--tickets")));
    home.write("strict.yaml", "duration:\n  mae_pct: \"< 0.001\"\n");
    let data = compare(&home, "duration@1", "duration@2", &["--policy", "strict.yaml"], 0);
    assert_eq!(data["recommendation"]["advice"], "keep");
    let data = compare(&home, "duration@2", "duration@2", &[], 0);
    assert_eq!(data["recommendation"]["advice"], "keep");
    let data = compare(&home, "duration@1", "anomaly@1", &["--tickets", "t.ndjson"], 14);
    assert_eq!(data["recommendation"]["advice"], "undecided");
    let ran = home.run(&["ml", "models", "compare", MODEL, "nobody"]).expect(4);
    assert!(ran.stderr.contains("nobody"), "{}", ran.stderr);
}

#[test]
fn a_part_of_the_work_that_suffers_holds_a_promotion_back() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 1_200);
    train(&home, "duration", &["--trees", "3", "--depth", "2"]);
    // The second learns from tickets whose VALIDATE work took much longer; since then it takes the usual time.
    let changed: String = (0..1_200)
        .map(|index| {
            let mut ticket = ticket(index);
            if ticket["task_type"] == "VALIDATE" {
                ticket["actual_duration_ms"] = (ticket["actual_duration_ms"].as_f64().expect("a number") * 2.5).into();
            }
            format!("{ticket}\n")
        })
        .collect();
    home.write("t.ndjson", changed);
    train(&home, "duration", &["--trees", "50"]);
    let later: String = (1_800..2_400).map(|index| format!("{}\n", ticket(index))).collect();
    home.write("later.ndjson", later);
    home.write("lax.yaml", "duration:\n  mae_pct: \"< 500\"\n");
    let data = compare(&home, "duration@1", "duration@2", &["--tickets", "later.ndjson", "--policy", "lax.yaml"], 0);
    assert!(data["tickets"]["difference"]["low"].as_f64() > Some(0.0), "{:#}", data["tickets"]["difference"]);
    assert_eq!(data["recommendation"]["advice"], "undecided", "{:#}", data["recommendation"]);
    assert!(data["recommendation"]["reason"].as_str().is_some_and(|reason| reason.contains("VALIDATE")), "{data:#}");
}

/// Registers the trees of version 1 under another name, as if another tool had made them: no card, no history.
fn register_bare(home: &Home, name: &str, metrics: &[(&str, f64)]) {
    let place = home.path().join(".local/share/hivectl");
    let mut folders = vec![place.join("mlruns")];
    let mut trees = None;
    while let (None, Some(folder)) = (&trees, folders.pop()) {
        let entries = std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        for path in entries {
            if path.is_dir() {
                folders.push(path)
            } else if path.ends_with("model.pkl") {
                trees = Some(path)
            }
        }
    }
    let files = read_model(&trees.expect("the trees")).expect("a model").files;
    let registry = EmbeddedRegistry::open_or_create(&EmbeddedLocation { database: place.join("registry.db"), named: false });
    let stated = Stated {
        name: name.into(),
        metrics: metrics.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect::<BTreeMap<_, _>>(),
        ..Stated::default()
    };
    let _ = register_by_hand(&registry, stated, files).expect("registered");
}

#[test]
fn a_version_of_another_tool_is_run_by_its_trees_and_never_flattered() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 1_200);
    train(&home, "duration", &["--trees", "20"]);
    register_bare(&home, "duration-predictor", &[("mae_percentage", 1.0)]);
    train(&home, "duration", &["--trees", "1", "--depth", "1"]);
    // Its metrics were stated by somebody, so they decide nothing.
    let data = compare(&home, "duration@2", "duration-predictor@1", &[], 0);
    assert_eq!(metric(&data["metrics"], "mae_pct")["second"], 1.0);
    assert!(data["recommendation"]["reason"].as_str().is_some_and(|reason| reason.contains("claimed")), "{data:#}");
    // Better, but on tickets that it may have learned from.
    let data = compare(&home, "duration@2", "duration-predictor@1", &["--tickets", "t.ndjson"], 0);
    let trial = &data["tickets"];
    assert_eq!(
        trial["doubtful"],
        serde_json::json!([{ "model": "duration-predictor@1", "name": "duration-predictor", "version": 1, "count": trial["judged_count"] }])
    );
    assert!(trial["difference"]["low"].as_f64() > Some(0.0), "{trial:#}");
    assert_eq!(data["recommendation"]["advice"], "undecided", "{:#}", data["recommendation"]);
    assert!(data["recommendation"]["reason"].as_str().is_some_and(|reason| reason.contains("may have learned")), "{data:#}");
    // That it loses although it may have learned from them is sound.
    let data = compare(&home, "duration-predictor@1", "duration@1", &["--tickets", "t.ndjson"], 0);
    assert_eq!(data["recommendation"]["advice"], "keep", "{:#}", data["recommendation"]);
    assert!(data["recommendation"]["reason"].as_str().is_some_and(|reason| reason.contains("same trees")), "{data:#}");
    let checked = home.run(&["ml", "validate", "duration-predictor@1", "--tickets", "t.ndjson", "-o", "json"]).json(14);
    let checks = checked["data"]["models"][0]["checks"].as_array().expect("checks").clone();
    let state = |id: &str| checks.iter().find(|check| check["id"] == id).map(|check| check["state"].clone()).expect("a check");
    assert_eq!((state("schema"), state("digest"), state("interval_coverage")), ("pass".into(), "pass".into(), "skipped".into()));
    assert_ne!(state("gate"), "pass");
}
