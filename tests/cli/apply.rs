//! `ml apply`: a plan is for one registry, once, and only while what it saw still is.

use serde_json::Value;

use crate::support::{Home, MODEL, json, promote, ran, said};

#[test]
fn a_plan_is_applied_once_and_only_while_what_it_saw_still_is() {
    let home = Home::with_versions(3);
    let planned = |version: u32, file: &str| {
        let before = std::fs::read(home.path().join(".local/share/hivectl/registry.db")).expect("the registry");
        home.run(&["ml", "models", "promote", &format!("{MODEL}@{version}"), "--plan-out", file]).expect(0);
        assert_eq!(before, std::fs::read(home.path().join(".local/share/hivectl/registry.db")).expect("the registry"), "planning wrote");
    };
    planned(1, "one.json");
    planned(2, "two.json");
    // Another model's training does not spoil the plan.
    home.run(&["ml", "train", "--model", "anomaly", "--tickets", "t.ndjson", "--trees", "5"]).expect(0);
    home.run(&["ml", "apply", "one.json"]).expect(0);
    let stale = home.run(&["ml", "apply", "two.json"]).expect(6);
    assert!(stale.stderr.contains(MODEL) && stale.stderr.contains("promote"), "{}", stale.stderr);
    // The same plan again finds its work done.
    let again = home.run(&["ml", "apply", "one.json", "-o", "json"]).json(0);
    assert_eq!(again["data"]["changed"], false);
    let edited = std::fs::read_to_string(home.path().join("two.json")).expect("a plan").replace("\"version\": 2", "\"version\": 3");
    home.write("edited.json", edited);
    home.run(&["ml", "apply", "edited.json"]).expect(11);
    home.run(&["ml", "models", "promote", &format!("{MODEL}@2"), "--plan-out", "late.json", "--expires", "0s"]).expect(0);
    let late = home.run(&["ml", "apply", "late.json"]).expect(6);
    assert!(late.stderr.contains("expired"), "{}", late.stderr);
    let wrong = home.run(&["ml", "models", "promote", &format!("{MODEL}@2"), "--expect-champion", "none", "--dry-run"]).expect(6);
    assert!(wrong.stderr.contains("version 1"), "{}", wrong.stderr);
}

#[test]
fn a_plan_is_for_one_registry_and_force_in_it_needs_no_second_question() {
    let home = Home::with_versions(2);
    home.write("strict.yaml", "duration:\n  mae_pct: \"< 0.001\"\n");
    promote(&home, 1).expect(0);
    let forced = format!("ml models promote {MODEL}@2 --policy strict.yaml --force-gate --reason fire --plan-out f.json");
    let plan = json(&home, &forced, 0)["data"]["plan"].clone();
    assert_eq!((&plan["forced"], &plan["reason"]), (&Value::from(true), &Value::from("fire")));
    assert!(plan["registry"]["id"].is_string() && plan["revision"].is_u64() && plan["expires_at"].is_string(), "{plan:#}");
    assert_eq!(json(&home, "ml models list", 0)["data"]["items"][0]["production"]["version"], 1, "planning changed nothing");
    let other = Home::with_versions(2);
    let foreign = other.write("f.json", std::fs::read(home.path().join("f.json")).expect("a plan"));
    let refused = json(&other, &format!("ml apply {}", foreign.display()), 6);
    assert!(said(&refused).contains("another registry"), "{refused:#}");
    let applied = json(&home, "ml apply f.json", 0)["data"].clone();
    assert_eq!(
        (&applied["changed"], &applied["version"], &applied["archived"]),
        (&Value::from(true), &Value::from(2), &serde_json::json!([1]))
    );
    let shown = ran(&home, &format!("ml models show {MODEL}@2")).expect(0).stdout;
    assert!(shown.contains("forced") && shown.contains("fire"), "{shown}");
}
