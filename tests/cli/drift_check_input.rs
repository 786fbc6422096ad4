//! What a drift check cannot use: each has its own words and its own exit code, and none is ever ok.

use serde_json::{Value, json};

use crate::support::{Home, Ran};

#[must_use]
fn check(home: &Home, more: &[&str]) -> Ran {
    home.run(&[&["ml", "drift", "check", "-o", "json"], more].concat())
}

/// Writes the tickets of `same.ndjson` anew, each changed by its place.
fn rewritten(home: &Home, name: &str, change: impl Fn(usize, &mut Value)) {
    let text = std::fs::read_to_string(home.path().join("same.ndjson")).expect("tickets");
    let line = |(place, line): (usize, &str)| {
        let mut ticket: Value = serde_json::from_str(line).expect("a ticket");
        change(place, &mut ticket);
        format!("{ticket}\n")
    };
    home.write(name, text.lines().enumerate().map(line).collect::<String>());
}

fn warns(document: &Value, words: &str) -> bool {
    document["warnings"]
        .as_array()
        .is_some_and(|warnings| warnings.iter().any(|warning| warning.as_str().is_some_and(|text| text.contains(words))))
}

#[test]
fn stored_predictions_of_the_version_count_and_an_estimate_never_does() {
    let home = Home::with_week(&[]);
    let stored = |ticket: &mut Value, version: &str| {
        let between = || Some(ticket["completed_at"].as_f64()? - ticket["started_at"].as_f64()?);
        let Some(actual) = ticket["actual_duration_ms"].as_f64().or_else(between) else { return };
        ticket["predictions"] =
            json!({ "duration_ms": actual + 5_000.0, "model_name": "ticket-duration-predictor", "model_version": version });
    };
    rewritten(&home, "stored.ndjson", |_, ticket| stored(ticket, "1"));
    let found = check(&home, &["--tickets", "stored.ndjson"]).json(0)["data"]["prediction_drift"].clone();
    assert_eq!((found["source"].as_str(), found["recomputed_count"].as_u64()), (Some("stored"), Some(0)), "{found:#}");
    assert!((found["current_mae"].as_f64().expect("an error") - 5_000.0).abs() < 1e-6, "{found:#}");
    rewritten(&home, "half.ndjson", |place, ticket| {
        if place % 2 == 0 {
            stored(ticket, "1")
        }
    });
    let half = check(&home, &["--tickets", "half.ndjson"]).json(0);
    let counts = &half["data"]["prediction_drift"];
    assert_eq!(counts["source"], "both");
    let (kept, made) = (counts["stored_count"].as_u64().expect("a count"), counts["recomputed_count"].as_u64().expect("a count"));
    assert!(kept > 100 && made > 100 && warns(&half, &format!("{kept} of {} tickets have a stored prediction", kept + made)), "{half:#}");
    // Those of another version and the estimate, passed on without a name, are no predictions of this one.
    rewritten(&home, "others.ndjson", |place, ticket| match place % 2 {
        0 => stored(ticket, "9"),
        _ => ticket["predictions"] = json!({ "duration_ms": ticket["estimated_duration_ms"], "duration_confidence": 0.3 }),
    });
    let others = check(&home, &["--tickets", "others.ndjson"]).json(0)["data"]["prediction_drift"].clone();
    assert_eq!((others["source"].as_str(), others["stored_count"].as_u64()), (Some("recomputed"), Some(0)), "{others:#}");
    let plain = check(&home, &["--tickets", "same.ndjson"]).json(0)["data"]["prediction_drift"].clone();
    assert_eq!(others["current_mae"], plain["current_mae"]);
    assert!(others["stored_by_others_count"].as_u64().is_some_and(|count| count > 200), "{others:#}");
}

#[test]
fn a_window_that_the_version_has_learned_from_is_never_ok() {
    let home = Home::with_week(&[]);
    let found = check(&home, &["--tickets", "then.ndjson", "--as-of", "2026-01-28", "--window-days", "14"]).json(14)["data"].clone();
    assert_eq!((found["overall_status"].as_str(), found["evidence"]["tests_status"].as_str()), (Some("not_enough_data"), Some("ok")));
    assert!(found["samples"]["missing"].to_string().contains("0 tickets of the window can judge the version"), "{}", found["samples"]);
    assert!(found["prediction_drift"]["drift_ratio"].is_null());
}

#[test]
fn a_single_ticket_is_not_enough() {
    let home = Home::with_week(&[]);
    let text = std::fs::read_to_string(home.path().join("same.ndjson")).expect("tickets");
    home.write("one.ndjson", text.lines().next().expect("a ticket"));
    let found = check(&home, &["--tickets", "one.ndjson"]).json(14);
    assert_eq!(found["data"]["overall_status"], "not_enough_data");
    assert!(found["data"]["samples"]["missing"][0].as_str().is_some_and(|why| why.contains("a single ticket")), "{found:#}");
}

#[test]
fn features_that_are_constant_vanish_or_appear_are_told_apart() {
    let home = Home::with_week(&[]);
    rewritten(&home, "gone.ndjson", |_, ticket| {
        ticket["required_capabilities"] = json!(["cpu"]);
        ticket["retry_count"] = json!(0);
    });
    let gone = check(&home, &["--tickets", "gone.ndjson"]).json(0);
    assert!(warns(&gone, "capabilities_count has vanished"), "{gone:#}");
    assert_ne!(gone["data"]["overall_status"], "ok", "{gone:#}");
    let frozen = gone["data"]["samples"]["features_without_variation"].as_array().expect("features").clone();
    let kind = |name: &str| frozen.iter().find(|feature| feature["name"] == name).map(|feature| feature["kind"].clone());
    assert_eq!(kind("std_duration_by_task"), Some(json!("constant")));
    assert!(gone["data"]["feature_drift"].get("std_duration_by_task").is_none(), "a constant is not compared");
    // A baseline of such tickets finds the feature new.
    home.run(&["ml", "drift", "baseline", "save", "duration", "--tickets", "gone.ndjson"]).expect(0);
    let new = check(&home, &["--tickets", "same.ndjson"]).json(14);
    assert!(warns(&new, "capabilities_count is new"), "{new:#}");
}

#[test]
fn a_new_requester_and_values_that_nobody_had_are_named() {
    let home = Home::with_week(&[]);
    let path = ["metadata", "requested_by"];
    rewritten(&home, "newcomer.ndjson", |place, ticket| {
        if place % 4 == 0 {
            ticket[path[0]][path[1]] = json!("team-never-seen");
        }
    });
    let found = check(&home, &["--tickets", "newcomer.ndjson"]).json(0)["data"].clone();
    let hits: Vec<&Value> = found["segments"].as_array().expect("segments").iter().filter(|segment| segment["is_hit"] == true).collect();
    assert_eq!(hits.len(), 1, "{hits:#?}");
    assert_eq!((&hits[0]["value"], &hits[0]["kind"], &hits[0]["rank"]), (&json!("team-never-seen"), &json!("mix"), &json!(1)));
    assert!((hits[0]["effect"].as_f64().expect("an effect") - 0.25).abs() < 0.02);
    assert!(found["recommendations"][0].as_str().is_some_and(|why| why.contains("requester team-never-seen has")), "{found:#}");
    // Estimates in tens of seconds become others by a hundredth: no shape moves, and every value is new.
    rewritten(&home, "unit.ndjson", |_, ticket| {
        if let Some(estimate) = ticket["estimated_duration_ms"].as_f64() {
            ticket["estimated_duration_ms"] = json!((estimate * 1.013).floor());
        }
    });
    let found = check(&home, &["--tickets", "unit.ndjson"]).json(0)["data"].clone();
    let estimate = &found["evidence"]["variables"]["estimated_duration_ms"];
    assert_eq!((&found["overall_status"], &estimate["unheard_value_status"]), (&json!("warning"), &json!("warning")), "{found:#}");
    assert!(estimate["unheard_value_ratio"].as_f64().expect("a share") > 0.9 && estimate["status"] == "ok");
}

#[test]
fn numbers_that_are_none_are_counted_out() {
    let home = Home::with_week(&[]);
    rewritten(&home, "nan.ndjson", |place, ticket| {
        if place % 4 == 0 {
            ticket["estimated_duration_ms"] = json!("NaN");
        }
    });
    let found = check(&home, &["--tickets", "nan.ndjson"]).json(0);
    assert!(found["data"]["tickets"].as_str().is_some_and(|told| told.contains("150")), "{found:#}");
    assert!(!found.to_string().contains("NaN"));
    rewritten(&home, "none.ndjson", |_, ticket| ticket["estimated_duration_ms"] = json!("NaN"));
    let none = check(&home, &["--tickets", "none.ndjson"]).json(14);
    assert_eq!(none["error"]["kind"], "not_enough_data", "{none:#}");
}

#[test]
fn clocks_that_jump_and_tickets_of_the_future_are_told() {
    let home = Home::with_week(&[]);
    rewritten(&home, "jump.ndjson", |place, ticket| {
        if place % 50 == 0 {
            ticket["completed_at"] = json!("2020-01-01T00:00:00Z");
        }
    });
    let jumped = check(&home, &["--tickets", "jump.ndjson"]).json(0);
    assert!(warns(&jumped, "tickets were completed before they were created"), "{}", jumped["warnings"]);
    let later = |ticket: &mut Value| ticket["completed_at"] = json!("2031-01-01T00:00:00Z");
    rewritten(&home, "future.ndjson", |place, ticket| {
        if place % 100 == 0 {
            later(ticket)
        }
    });
    let future = check(&home, &["--tickets", "future.ndjson"]).json(0);
    assert!(warns(&future, "tickets say that they were completed after now"), "{}", future["warnings"]);
    // A quarter with times that cannot be is no evidence, however alike the rest is.
    rewritten(&home, "many.ndjson", |place, ticket| {
        if place % 4 == 0 {
            later(ticket)
        }
    });
    let many = check(&home, &["--tickets", "many.ndjson"]).json(14)["data"].clone();
    assert_eq!(many["overall_status"], "not_enough_data");
    assert!(many["samples"]["missing"].to_string().contains("tickets have times that cannot be"), "{}", many["samples"]);
    rewritten(&home, "all.ndjson", |_, ticket| later(ticket));
    let all = check(&home, &["--tickets", "all.ndjson"]).json(14);
    assert!(all["error"]["causes"].to_string().contains("say that they were completed after now"), "{all:#}");
}

#[test]
fn baselines_of_other_versions_damaged_ones_and_two_at_once() {
    let home = Home::with_week(&[]);
    home.run(&["ml", "train", "--tickets", "then.ndjson", "--window-days", "60", "--model", "duration", "--features", "extended"])
        .expect(0);
    let other = check(&home, &["--model", "duration@1", "--baseline", "duration@2", "--tickets", "same.ndjson"]).json(11);
    assert_eq!(other["error"]["code"], "HML-1104", "{other:#}");
    assert!(other["error"]["message"].as_str().is_some_and(|told| told.contains("sees other features than ticket-duration-predictor@1")));
    home.run(&["ml", "train", "--tickets", "then.ndjson", "--window-days", "60", "--model", "duration"]).expect(0);
    let other = check(&home, &["--model", "duration@1", "--baseline", "duration@3", "--tickets", "same.ndjson"]).json(0);
    assert!(warns(&other, "the baseline is that of version 3, and version 1 is checked"), "{other:#}");
    let both = check(&home, &["--baseline", "1", "--against-days", "30", "--tickets", "same.ndjson"]).json(2);
    assert_eq!(both["error"]["kind"], "usage");
    for _ in 0..2 {
        home.run(&["ml", "drift", "baseline", "save", "duration@1", "--tickets", "then.ndjson"]).expect(0);
    }
    let database = rusqlite::Connection::open(home.path().join(".local/share/hivectl/registry.db")).expect("the registry");
    let changed = database.execute("UPDATE hivectl_baselines SET is_current = 1", []).expect("changed");
    assert_eq!(changed, 2);
    let two = check(&home, &["--model", "duration@1", "--tickets", "same.ndjson"]).json(11);
    assert!(two["error"]["message"].as_str().is_some_and(|told| told.contains("two current baselines, 1 and 2")), "{two:#}");
    let hint = two["error"]["hints"][0].as_str().expect("a hint");
    assert!(hint.contains("hivectl ml drift baseline set ticket-duration-predictor@1 2"), "{hint}");
    home.run(&["ml", "drift", "baseline", "set", "duration@1", "2"]).expect(0);
    let _ = check(&home, &["--model", "duration@1", "--tickets", "same.ndjson"]).json(0);
    database.execute("UPDATE hivectl_baselines SET content = x'00' WHERE number = 2", []).expect("changed");
    let damaged = check(&home, &["--model", "duration@1", "--tickets", "same.ndjson"]).json(13);
    assert_eq!(damaged["error"]["kind"], "digest_mismatch", "{damaged:#}");
    // The one from training is a file of the version.
    home.run(&["ml", "drift", "baseline", "set", "duration@1", "training"]).expect(0);
    let broken = walk(&home.path().join(".local/share/hivectl")).into_iter().filter(|path| path.ends_with("hivectl/baseline.json"));
    assert!(broken.map(|path| std::fs::write(path, b"{}").expect("written")).count() >= 2);
    let damaged = check(&home, &["--model", "duration@1", "--tickets", "same.ndjson"]).json(13);
    assert_eq!(damaged["error"]["kind"], "digest_mismatch", "{damaged:#}");
}

/// Every file under a folder.
fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}
