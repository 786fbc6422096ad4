//! `ml drift check`: the verdict on a window, in both methods, and what is too little for one.

use crate::support::{Home, MODEL, check_drift, number};

#[test]
fn a_week_like_the_others_is_ok_and_a_drifted_one_is_critical() {
    let home = Home::with_drift("6000");
    let same = check_drift(&home, &["--tickets", "same.ndjson", "--exit-code"], 0);
    assert_eq!(same["overall_status"], "ok", "{same:#}");
    assert!((0.5..1.2).contains(&number(&same["prediction_drift"]["drift_ratio"])), "{same:#}");
    assert!(
        same["feature_drift"].as_object().is_some_and(|features| features.len() >= 5 && features.values().all(|psi| number(psi) < 0.1))
    );
    let drifted = check_drift(&home, &["--tickets", "drifted.ndjson"], 0);
    assert_eq!(drifted["overall_status"], "critical", "{drifted:#}");
    assert!(number(&drifted["feature_drift"]["estimated_duration_ms"]) > 0.25);
    assert!(number(&drifted["prediction_drift"]["drift_ratio"]) > 1.5 && drifted["prediction_drift"]["mae_7d"].is_f64());
    let slow = drifted["segments"].as_array().expect("segments");
    assert!(slow.iter().any(|segment| segment["is_hit"] == true && segment["dimension"] == "task_type" && segment["kind"] == "behaviour"));
    assert_eq!(drifted["season"]["verdict"], "change");
    for (flags, code) in [(&["--exit-code"][..], 20), (&["--fail-on", "warning"], 20), (&["--fail-on", "critical"], 20), (&[], 0)] {
        let line: Vec<&str> = ["--tickets", "drifted.ndjson"].iter().chain(flags).copied().collect();
        let _ = check_drift(&home, &line, code);
    }
    let table = home.run(&["ml", "drift", "check", "--tickets", "drifted.ndjson"]).expect(0).stdout;
    assert!(table.contains("CRITICAL") && table.lines().all(|line| line.chars().count() <= 80), "{table}");
    assert!(table.lines().any(|line| line.starts_with("estimated_duration_ms") && line.contains('█')), "{table}");
}

#[test]
fn the_running_systems_rule_answers_with_its_own_keys() {
    let home = Home::with_drift("6000");
    let found = check_drift(&home, &["--tickets", "drifted.ndjson", "--method", "reference", "--fail-on", "critical"], 20);
    assert_eq!(found["feature_drift"].as_object().map(serde_json::Map::len), Some(15), "{found:#}");
    assert!(number(&found["target_drift"]["ks_statistic"]) > 0.0 && number(&found["target_drift"]["baseline_std"]) > 0.0);
    let prediction = &found["prediction_drift"];
    let ratio = number(&prediction["mae_7d"]) / number(&prediction["mae_training"]);
    assert!((number(&prediction["drift_ratio"]) - ratio).abs() < 1e-12);
    let strict = check_drift(&home, &["--tickets", "same.ndjson", "--method", "reference"], 0);
    let lenient = home.run_with(
        &["ml", "drift", "check", "-o", "json", "--tickets", "drifted.ndjson", "--method", "reference"],
        &[("ML_DRIFT_MAE_RATIO_THRESHOLD", "99"), ("ML_DRIFT_PSI_THRESHOLD", "99"), ("ML_DRIFT_KS_PVALUE_THRESHOLD", "1e-99")],
    );
    assert_eq!((strict["overall_status"].as_str(), lenient.json(0)["data"]["overall_status"].as_str()), (Some("ok"), Some("ok")));
}

#[test]
fn the_running_systems_rule_has_a_verdict_of_each_feature_beside_its_own() {
    let home = Home::with_drift("6000");
    let found = check_drift(&home, &["--tickets", "drifted.ndjson", "--method", "reference"], 0);
    let critical = |name: &str| number(&found["feature_drift"][name]) > 0.25;
    let features = found["feature_status"].as_object().expect("a verdict a feature");
    assert!(features.iter().all(|(name, status)| (status == "critical") == critical(name)), "{found:#}");
    assert!(features.values().any(|status| status == "warning") && features.values().any(|status| status == "ok"), "{found:#}");
    assert_eq!((&found["ratio_status"], &found["target_drift"]["status"]), (&"critical".into(), &"critical".into()), "{found:#}");
    let table = home.run(&["ml", "drift", "check", "--tickets", "drifted.ndjson", "--method", "reference"]).expect(0).stdout;
    let line = table.lines().find(|line| line.starts_with("estimated_duration_ms")).expect("a feature");
    assert!(table.contains("VERDICT") && line.ends_with("WARNING"), "{table}");
    assert!(table.lines().any(|line| line.starts_with("ratio ") && line.ends_with("CRITICAL")), "{table}");
}

#[test]
fn after_a_retraining_on_a_short_window_the_former_baseline_is_looked_at() {
    let home = Home::with_drift("6000");
    let again = ["ml", "train", "--model", "duration", "--tickets", "then.ndjson", "--window-days", "20"];
    home.run(&again).expect(0);
    let named = format!("{MODEL}@2");
    home.run(&["ml", "models", "promote", &named, "--confirm", &named]).expect(0);
    let found = home.run(&["ml", "drift", "check", "-o", "json", "--tickets", "same.ndjson"]).json(0);
    assert_eq!((&found["data"]["version"], &found["data"]["overall_status"]), (&2.into(), &"ok".into()), "{found:#}");
    assert_eq!(found["data"]["baseline"]["origin"], "training of ticket-duration-predictor@1", "{found:#}");
    let told = found["warnings"].to_string();
    assert!(told.contains("28 are needed: compared with the former baseline") && told.contains("@2 spans"), "{told}");
    let own = ["ml", "drift", "check", "-o", "json", "--tickets", "same.ndjson", "--baseline", "duration@2"];
    let own = home.run(&own).json(14);
    assert_eq!(own["data"]["overall_status"], "not_enough_data", "what is asked for by name is taken: {own:#}");
}

#[test]
fn an_error_that_exploded_is_told_also_where_the_only_baseline_is_short() {
    let home = Home::new();
    home.write_weeks("then.ndjson", "3000", "2026-01-20", "22", "3", "0");
    home.write_weeks("drifted.ndjson", "1000", "2026-02-12", "7", "5", "0.8");
    home.write_weeks("same.ndjson", "1000", "2026-02-12", "7", "4", "0");
    home.run(&["ml", "train", "--model", "duration", "--tickets", "then.ndjson", "--window-days", "60"]).expect(0);
    let same = check_drift(&home, &["--tickets", "same.ndjson"], 14);
    assert_eq!(same["overall_status"], "not_enough_data", "{same:#}");
    let found = check_drift(&home, &["--tickets", "drifted.ndjson"], 0);
    assert_eq!(found["overall_status"], "critical", "{found:#}");
    assert!(found["reason"].as_str().is_some_and(|why| why.contains("times what it was")), "{found:#}");
    assert!(found["samples"]["missing"][0].as_str().is_some_and(|why| why.contains("28 are needed")), "{found:#}");
}

#[test]
fn too_little_is_never_ok() {
    let home = Home::with_drift("6000");
    let day = check_drift(&home, &["--tickets", "same.ndjson", "--window-days", "0.5"], 14);
    assert_eq!(day["overall_status"], "not_enough_data");
    assert!(day["samples"]["missing"][0].as_str().is_some_and(|why| why.contains("200 are needed")), "{day:#}");
    let short = check_drift(&home, &["--tickets", "then.ndjson", "--against-days", "10"], 14);
    assert!(short["samples"]["missing"][0].as_str().is_some_and(|why| why.contains("28 are needed")), "{short:#}");
    let few = check_drift(&home, &["--tickets", "same.ndjson", "--window-days", "0.1", "--method", "reference"], 14);
    assert_eq!(few["overall_status"], "not_enough_data");
    let empty = home.run(&["ml", "drift", "check", "--tickets", "same.ndjson", "--as-of", "2020-01-01", "-o", "json"]).json(14);
    assert_eq!(empty["error"]["kind"], "not_enough_data");
}

#[test]
fn a_switch_of_the_guides_skips_the_check_and_says_so() {
    let home = Home::with_drift("600");
    let words = ["ml", "drift", "check", "--tickets", "drifted.ndjson", "--exit-code"];
    let switch = [("ML_DRIFT_DETECTION_ENABLED", "false")];
    let ran = home.run_with(&words, &switch).expect(0);
    assert!(ran.stdout.starts_with("skipped: ") && ran.stdout.contains("ML_DRIFT_DETECTION_ENABLED"), "{}", ran.stdout);
    let document = home.run_with(&[&words[..], &["-o", "json"]].concat(), &switch).json(0);
    assert_eq!((&document["data"]["overall_status"], &document["schema"]), (&"skipped".into(), &"hivectl.ml.drift.check/v1".into()));
    let watched = ["ml", "drift", "watch", "--tickets", "drifted.ndjson", "--interval", "6h", "--exit-code"];
    let ran = home.run_with(&watched, &switch).expect(0);
    assert!(ran.stdout.starts_with("skipped: ") && ran.stdout.contains("ML_DRIFT_DETECTION_ENABLED"), "{}", ran.stdout);
    let document = home.run_with(&[&watched[..], &["-o", "json"]].concat(), &switch).json(0);
    assert_eq!((&document["data"]["overall_status"], &document["schema"]), (&"skipped".into(), &"hivectl.ml.drift.watch/v1".into()));
    for more in ["--if-drift", "--watch"] {
        let line = ["ml", "retrain", "--model", "duration", "--tickets", "drifted.ndjson", more];
        let ran = home.run_with(&line, &switch).expect(0);
        assert!(ran.stdout.contains("skipped") && ran.stdout.contains("ML_DRIFT_DETECTION_ENABLED"), "{}", ran.stdout);
    }
    let line = ["ml", "retrain", "--model", "duration", "--tickets", "drifted.ndjson", "--if-drift", "-o", "json"];
    let model = home.run_with(&line, &switch).json(0)["data"]["models"][0].clone();
    assert_eq!((&model["outcome"], &model["version"]), (&"skipped".into(), &serde_json::Value::Null), "{model:#}");
    let history = home.run(&["ml", "drift", "history", "-o", "json"]).json(0);
    assert_eq!(history["data"]["items"].as_array().map(Vec::len), Some(0), "{history:#}");
    let versions = home.run(&["ml", "models", "list", "duration", "-o", "name"]).expect(0).stdout;
    assert_eq!(versions.lines().count(), 1, "{versions}");
}
