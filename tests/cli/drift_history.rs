//! `ml drift history`: each window once, what recurs, and what was done about it.

use serde_json::Value;

use crate::support::{Home, check_drift};

#[test]
fn checks_are_kept_once_a_window_and_told_as_history() {
    let home = Home::with_drift("6000");
    for _ in 0..2 {
        let _ = check_drift(&home, &["--tickets", "same.ndjson"], 0);
    }
    let _ = check_drift(&home, &["--tickets", "drifted.ndjson"], 0);
    let _ = check_drift(&home, &["--tickets", "drifted.ndjson", "--no-record", "--as-of", "2026-02-17"], 0);
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
fn what_recurs_and_what_was_done_stands_in_the_history() {
    const DAY: i64 = 86_400_000;
    let home = Home::with_week(&["--model", "duration"]);
    home.run(&["ml", "drift", "check", "--tickets", "same.ndjson"]).expect(0);
    home.run(&["ml", "models", "promote", "duration@1", "--confirm", "ticket-duration-predictor@1"]).expect(0);
    // Four weeks of daily checks, as a CronJob leaves them: drift on Mondays alone.
    let database = rusqlite::Connection::open(home.path().join(".local/share/hivectl/registry.db")).expect("the registry");
    let (monday, sql) = (
        20_486,
        "INSERT INTO hivectl_drift_checks (model, version, method, window_end_ms, checked_at_ms, status, data)
         VALUES ('ticket-duration-predictor', 1, 'robust', ?1, ?1, ?2, ?3)",
    );
    for day in 0..28i64 {
        let (status, ratio) = if day % 7 == 0 { ("warning", 1.3) } else { ("ok", 1.0) };
        let data = serde_json::json!({ "drift_ratio": ratio, "max_psi": 0.01, "ks_statistic": 0.02 }).to_string();
        let _ = database.execute(sql, rusqlite::params![(monday + day) * DAY + DAY / 2, status, data]).expect("inserted");
    }
    let told = home.run(&["ml", "drift", "history", "--model", "duration"]).expect(0).stdout;
    assert!(told.contains("ticket-duration-predictor: recurs on Mondays: 4 of 4 checks, seasonal"), "{told}");
    let sparks = told.lines().find(|line| line.starts_with("error ")).expect("a sparkline");
    assert_eq!(sparks.chars().filter(|&spark| spark == '█').count(), 4, "{told}");
    assert!(told.lines().any(|line| line.contains("- ") && line.contains("romot")), "the promotion is marked: {told}");
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
    let document = home.run(&["ml", "drift", "history", "-o", "json"]).json(0)["data"].clone();
    assert_eq!(document["patterns"][0]["when"], "Mondays");
    let events = document["events"].as_array().expect("events");
    assert!(events.len() >= 2, "training and promotion: {events:?}");
}
