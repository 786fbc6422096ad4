//! Baselines that training keeps, checks against them, and what each says when it cannot.

use serde_json::Value;

use crate::support::Home;

fn check(home: &Home, more: &[&str], code: i32) -> Value {
    let line: Vec<&str> = ["ml", "drift", "check", "-o", "json"].iter().chain(more).copied().collect();
    home.run(&line).json(code)["data"].clone()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("no number: {value}"))
}

#[test]
fn a_week_like_the_others_is_ok_and_a_drifted_one_is_critical() {
    let home = Home::with_drift("6000");
    let same = check(&home, &["--tickets", "same.ndjson", "--exit-code"], 0);
    assert_eq!(same["overall_status"], "ok", "{same:#}");
    assert!((0.5..1.2).contains(&number(&same["prediction_drift"]["drift_ratio"])), "{same:#}");
    assert!(
        same["feature_drift"].as_object().is_some_and(|features| features.len() >= 5 && features.values().all(|psi| number(psi) < 0.1))
    );
    let drifted = check(&home, &["--tickets", "drifted.ndjson"], 0);
    assert_eq!(drifted["overall_status"], "critical", "{drifted:#}");
    assert!(number(&drifted["feature_drift"]["estimated_duration_ms"]) > 0.25);
    assert!(number(&drifted["prediction_drift"]["drift_ratio"]) > 1.5 && drifted["prediction_drift"]["mae_7d"].is_f64());
    let slow = drifted["segments"].as_array().expect("segments");
    assert!(slow.iter().any(|segment| segment["is_hit"] == true && segment["dimension"] == "task_type" && segment["kind"] == "behaviour"));
    assert_eq!(drifted["season"]["verdict"], "change");
    for (flags, code) in [(&["--exit-code"][..], 20), (&["--fail-on", "warning"], 20), (&["--fail-on", "critical"], 20), (&[], 0)] {
        let line: Vec<&str> = ["--tickets", "drifted.ndjson"].iter().chain(flags).copied().collect();
        let _ = check(&home, &line, code);
    }
    let table = home.run(&["ml", "drift", "check", "--tickets", "drifted.ndjson"]).expect(0).stdout;
    assert!(table.contains("CRITICAL") && table.lines().all(|line| line.chars().count() <= 80), "{table}");
    assert!(table.lines().any(|line| line.starts_with("estimated_duration_ms") && line.contains('█')), "{table}");
}

#[test]
fn the_running_systems_rule_answers_with_its_own_keys() {
    let home = Home::with_drift("6000");
    let found = check(&home, &["--tickets", "drifted.ndjson", "--method", "reference", "--fail-on", "critical"], 20);
    assert_eq!(found["feature_drift"].as_object().map(serde_json::Map::len), Some(15), "{found:#}");
    assert!(number(&found["target_drift"]["ks_statistic"]) > 0.0 && number(&found["target_drift"]["baseline_std"]) > 0.0);
    let prediction = &found["prediction_drift"];
    let ratio = number(&prediction["mae_7d"]) / number(&prediction["mae_training"]);
    assert!((number(&prediction["drift_ratio"]) - ratio).abs() < 1e-12);
    let strict = check(&home, &["--tickets", "same.ndjson", "--method", "reference"], 0);
    let lenient = home.run_with(
        &["ml", "drift", "check", "-o", "json", "--tickets", "drifted.ndjson", "--method", "reference"],
        &[("ML_DRIFT_MAE_RATIO_THRESHOLD", "99"), ("ML_DRIFT_PSI_THRESHOLD", "99"), ("ML_DRIFT_KS_PVALUE_THRESHOLD", "1e-99")],
    );
    assert_eq!((strict["overall_status"].as_str(), lenient.json(0)["data"]["overall_status"].as_str()), (Some("ok"), Some("ok")));
}

#[test]
fn too_little_is_never_ok() {
    let home = Home::with_drift("6000");
    let day = check(&home, &["--tickets", "same.ndjson", "--window-days", "0.5"], 14);
    assert_eq!(day["overall_status"], "not_enough_data");
    assert!(day["samples"]["missing"][0].as_str().is_some_and(|why| why.contains("200 are needed")), "{day:#}");
    let short = check(&home, &["--tickets", "then.ndjson", "--against-days", "10"], 14);
    assert!(short["samples"]["missing"][0].as_str().is_some_and(|why| why.contains("28 are needed")), "{short:#}");
    let few = check(&home, &["--tickets", "same.ndjson", "--window-days", "0.1", "--method", "reference"], 14);
    assert_eq!(few["overall_status"], "not_enough_data");
    let empty = home.run(&["ml", "drift", "check", "--tickets", "same.ndjson", "--as-of", "2020-01-01", "-o", "json"]).json(14);
    assert_eq!(empty["error"]["kind"], "not_enough_data");
}

#[test]
fn baselines_are_saved_listed_shown_and_chosen() {
    let home = Home::with_drift("6000");
    let current = |home: &Home| check(home, &["--tickets", "same.ndjson"], 0)["baseline"]["origin"].as_str().map(str::to_owned);
    assert_eq!(current(&home).as_deref(), Some("training of ticket-duration-predictor@1"));
    let saved =
        home.run(&["ml", "drift", "baseline", "save", "duration", "--tickets", "then.ndjson", "-o", "json", "--reason", "monthly"]).json(0);
    assert_eq!((saved["data"]["number"].as_u64(), saved["data"]["version"].as_u64()), (Some(1), Some(1)));
    assert_eq!(current(&home).as_deref(), Some("saved baseline 1 of ticket-duration-predictor@1"));
    let list = home.run(&["ml", "drift", "baseline", "list", "duration", "-o", "json"]).json(0);
    let items = list["data"]["items"].as_array().expect("items");
    let told: Vec<_> = items.iter().map(|item| (item["number"].as_u64(), item["is_current"].as_bool())).collect();
    assert_eq!(told, [(None, Some(false)), (Some(1), Some(true))]);
    assert_eq!(items[1]["reason"], "monthly");
    home.run(&["ml", "drift", "baseline", "set", "duration", "training"]).expect(0);
    assert_eq!(current(&home).as_deref(), Some("training of ticket-duration-predictor@1"));
    let shown = home.run(&["ml", "drift", "baseline", "show", "duration", "--number", "1", "-o", "json"]).json(0)["data"].clone();
    assert_eq!(shown["variables"].as_object().map(serde_json::Map::len), Some(16));
    assert!(number(&shown["error"]["mae"]) > 0.0 && number(&shown["window"]["days"]) > 30.0, "{shown:#}");
    let log = home.run(&["audit", "verify"]).expect(0).stdout;
    assert!(log.contains("as it was written"), "{log}");
    for (line, code) in [("set duration 7", 14), ("set duration soon", 2), ("show duration --number 9", 14), ("list nothing", 4)] {
        let words: Vec<&str> = ["ml", "drift", "baseline"].into_iter().chain(line.split(' ')).collect();
        let _ = home.run(&words).expect(code);
    }
}

#[test]
fn a_baseline_of_another_model_and_a_version_without_one_are_refused() {
    let home = Home::with_drift("6000");
    let other = home.run(&["ml", "drift", "check", "--tickets", "same.ndjson", "--baseline", "anomaly", "-o", "json"]).json(11);
    assert_eq!(other["error"]["code"], "HML-1105");
    let fixture = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rooms/formats/fixtures/isolation.onnx");
    std::fs::copy(fixture, home.path().join("outside.onnx")).expect("a model from outside");
    home.run(&["ml", "models", "register", "outside.onnx", "--name", "outside"]).expect(0);
    let none = home.run(&["ml", "drift", "baseline", "show", "outside", "-o", "json"]).json(14);
    assert_eq!(none["error"]["code"], "HML-1402");
    assert!(none["error"]["hints"][0].as_str().is_some_and(|hint| hint.contains("hivectl ml drift baseline save outside@1")), "{none:#}");
}

#[test]
fn checks_are_kept_once_a_window_and_told_as_history() {
    let home = Home::with_drift("6000");
    for _ in 0..2 {
        let _ = check(&home, &["--tickets", "same.ndjson"], 0);
    }
    let _ = check(&home, &["--tickets", "drifted.ndjson"], 0);
    let _ = check(&home, &["--tickets", "drifted.ndjson", "--no-record", "--as-of", "2026-02-17"], 0);
    let told = home.run(&["ml", "drift", "history", "--model", "duration", "-o", "json"]).json(0)["data"].clone();
    let items = told["items"].as_array().expect("items");
    let statuses: Vec<_> = items.iter().map(|item| item["status"].as_str().unwrap_or_default()).collect();
    assert!(items.len() <= 2 && statuses.contains(&"critical"), "{told:#}");
    assert!(items.iter().any(|item| item["numbers"]["drift_ratio"].as_f64().is_some_and(|ratio| ratio > 1.5)));
    assert!(told["events"].as_array().is_some_and(|events| !events.is_empty()), "training is marked: {told:#}");
    assert_eq!(
        home.run(&["ml", "drift", "history", "--since", "2030-01-01", "-o", "json"]).json(0)["data"]["items"],
        Value::Array(Vec::new())
    );
    let table = home.run(&["ml", "drift", "history"]).expect(0).stdout;
    assert!(table.contains("critical"), "{table}");
}

#[test]
fn watching_speaks_on_change_and_a_warning_that_stays_is_critical() {
    let home = Home::with_drift("6000");
    let line = ["ml", "drift", "watch", "--tickets", "same.ndjson", "--interval", "1s", "--timeout", "3s"];
    let watched = home.run(&line).expect(0).stdout;
    assert_eq!(watched.lines().count(), 1, "three looks, nothing changed: {watched}");
    let line =
        ["ml", "drift", "watch", "--tickets", "same.ndjson", "--interval", "1s", "--timeout", "1s", "--until", "critical", "-o", "json"];
    assert_eq!(home.run(&line).json(9)["error"]["code"], "HML-0902");
    let line = ["ml", "drift", "watch", "--tickets", "drifted.ndjson", "--until", "critical", "--exit-code", "-o", "json"];
    assert_eq!(home.run(&line).json(20)["data"]["overall_status"], "critical");
    let stdin = home.run_with_input(&["ml", "drift", "watch", "--tickets", "-"], b"");
    assert_eq!(stdin.code, 2, "{}", stdin.stderr);
}

#[test]
fn metrics_have_the_guides_names_and_appear_whole() {
    let home = Home::with_drift("6000");
    home.run(&["ml", "drift", "check", "--tickets", "drifted.ndjson", "--metrics-file", "drift.prom"]).expect(0);
    let text = std::fs::read_to_string(home.path().join("drift.prom")).expect("metrics");
    let model = "model_name=\"ticket-duration-predictor\"";
    let value = |start: &str| {
        let line = text.lines().find(|line| line.starts_with(start) && line.contains(model)).unwrap_or_else(|| panic!("{start}: {text}"));
        line.rsplit(' ').next().and_then(|number| number.parse::<f64>().ok()).expect("a number")
    };
    assert_eq!(value("orchestration_ml_drift_overall_status{"), 2.0);
    assert_eq!(value("orchestration_ml_drift_status{drift_type=\"prediction\""), 2.0);
    assert!(value("orchestration_ml_drift_score{drift_type=\"feature\",feature=\"estimated_duration_ms\"") > 0.25);
    assert!(value("orchestration_ml_drift_prediction_ratio{") > 1.5);
    let names: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    assert!(text.lines().all(|line| line.starts_with("# ") || names.iter().any(|name| line.starts_with(&format!("{name}{{")))), "{text}");
    let _ =
        home.run(&["ml", "drift", "check", "--tickets", "same.ndjson", "--window-days", "0.5", "--metrics-file", "thin.prom"]).expect(14);
    let thin = std::fs::read_to_string(home.path().join("thin.prom")).expect("metrics");
    assert!(!thin.contains("overall_status") && thin.contains("check_timestamp"), "{thin}");
}
