//! `ml models promote`: what it moves, what it refuses, and the evidence beside the champion.

use rusqlite::Connection;
use serde_json::Value;

use crate::support::{Home, MODEL, json, moved_by_another_tool, promote, ran, registry_file, said, stages};

#[test]
fn a_promotion_moves_stage_alias_and_former_champion_at_once() {
    let home = Home::with_versions(3);
    let first = promote(&home, 1).json(0)["data"].clone();
    for field in ["model", "version", "from_stage", "to_stage", "previous_champion", "archived", "changed", "plan_digest", "audit_id"] {
        assert!(first.get(field).is_some(), "no '{field}' in {first:#}");
    }
    assert_eq!((&first["changed"], &first["previous_champion"]), (&Value::from(true), &Value::Null));
    let second = promote(&home, 3).json(0)["data"].clone();
    assert_eq!((&second["previous_champion"], &second["archived"]), (&Value::from(1), &serde_json::json!([1])));
    assert_eq!(stages(&home), ["3 Production", "2 Staging", "1 Archived"]);
    let again = promote(&home, 3).json(0)["data"].clone();
    assert_eq!(again["changed"], false);
    let shown = home.run(&["ml", "models", "show", &format!("{MODEL}:champion"), "-o", "json"]).json(0);
    assert_eq!(shown["data"]["version"], 3);
}

#[test]
fn the_gate_judges_the_version_itself_and_force_is_marked() {
    let home = Home::with_versions(3);
    home.write("strict.yaml", "duration:\n  mae_pct: \"< 0.001\"\n");
    let named = format!("{MODEL}@2");
    let arguments = ["ml", "models", "promote", &named, "--policy", "strict.yaml", "--confirm", &named];
    let refused = home.run(&arguments).expect(3);
    assert!(refused.stderr.contains("mae_pct"), "{}", refused.stderr);
    let forced: Vec<&str> = arguments.iter().copied().chain(["--force-gate"]).collect();
    home.run(&forced).expect(2);
    let forced: Vec<&str> = forced.into_iter().chain(["--reason", "the old one burns"]).collect();
    home.run(&forced).expect(0);
    let history = home.run(&["ml", "models", "history", MODEL, "-o", "json"]).json(0);
    assert_eq!(history["data"]["items"][0]["forced"], true, "{history:#}");
    let list = home.run(&["ml", "models", "list", "-o", "json"]).json(0)["data"]["items"][0].clone();
    let serves = list["production"]["version"].as_u64().expect("a version");
    assert_eq!(list["production"]["forced"], true, "{list}");
    let shown = home.run(&["ml", "models", "show", &format!("duration@{serves}"), "-o", "json"]).json(0);
    assert_eq!(shown["data"]["forced"], true);
}

#[test]
fn a_bare_name_is_no_version_to_change() {
    let home = Home::with_versions(3);
    let ran = home.run(&["ml", "models", "promote", MODEL]).expect(2);
    assert!(ran.stderr.contains(&format!("{MODEL}@3 (Staging)")), "{}", ran.stderr);
}

#[test]
fn each_version_that_cannot_be_promoted_has_its_answer() {
    let home = Home::with_versions(3);
    let absent = json(&home, &format!("ml models promote {MODEL}@33"), 4);
    assert!(said(&absent).contains(&format!("{MODEL}@3 (Staging)")), "{absent:#}");
    let mistyped = json(&home, "ml models promote durtion@1", 4);
    assert!(said(&mistyped).contains("did you mean 'duration'"), "{mistyped:#}");
    moved_by_another_tool(&home, 2, "Deleted_Internal");
    let deleted = json(&home, &format!("ml models promote {MODEL}@2"), 4);
    assert!(said(&deleted).contains("deleted"), "{deleted:#}");
    let first = promote(&home, 1).json(0)["data"].clone();
    assert_eq!((&first["previous_champion"], &first["archived"]), (&Value::Null, &serde_json::json!([])));
    assert_eq!(promote(&home, 1).json(0)["data"]["changed"], false);
}

#[test]
fn force_on_a_version_that_passes_changes_nothing() {
    let home = Home::with_versions(1);
    let plan = json(&home, &format!("ml models promote {MODEL}@1 --force-gate --dry-run"), 0)["data"]["plan"].clone();
    assert_eq!(plan["forced"], false);
    ran(&home, &format!("ml models promote {MODEL}@1 --force-gate --confirm {MODEL}@1")).expect(0);
    assert!(!ran(&home, &format!("ml models show {MODEL}@1 -o json")).expect(0).stdout.contains("hivectl.forced"));
}

#[test]
fn the_refusal_prints_the_whole_command() {
    let home = Home::with_versions(1);
    let line = format!("ml models promote {MODEL}@latest --expires 2h --reason");
    let words: Vec<&str> = line.split(' ').chain(["it's late"]).collect();
    let refused = home.run(&[&words[..], &["-o", "json"]].concat()).json(5);
    let hint = refused["error"]["hints"][0].as_str().expect("a hint").to_owned();
    assert!(hint.contains(&format!("promote {MODEL}@latest --expires 2h --reason \"it's late\"")), "{hint}");
    let command = hint.trim_start_matches("type `").trim_end_matches('`');
    let typed = std::process::Command::new("sh").args(["-c", command]).current_dir(home.path()).env("HOME", home.path()).output();
    assert_eq!(typed.expect("a shell").status.code(), Some(0), "{command}");
}

#[test]
fn a_specialists_classifier_is_judged_by_its_own_policy() {
    let home = Home::with_versions(1);
    let fixture = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/fixtures/technical_model.pkl");
    let registered = ["ml", "models", "register", &fixture.to_string_lossy(), "--name", "technical-evaluator"];
    home.run(&registered).expect(0);
    // As a trainer of the running system logs it: nothing is claimed, and what it did not log is missing.
    let connection = Connection::open(registry_file(&home)).expect("the registry");
    connection.execute("DELETE FROM model_version_tags WHERE key = 'hivectl.metrics'", []).expect("a statement");
    let refused = json(&home, "ml models promote technical-evaluator@1 --dry-run", 3);
    assert!(refused["data"]["refused"].to_string().contains("f1_macro is not known, required >= 0.65"), "{refused:#}");
}

#[test]
fn a_plan_says_how_its_version_does_beside_the_champion() {
    let home = Home::with_a_weak_champion();
    let plan = json(&home, &format!("ml models promote {MODEL}@2 --tickets t.ndjson --dry-run"), 0)["data"]["plan"].clone();
    let compared = json(&home, &format!("ml models compare {MODEL}@1 {MODEL}@2 --tickets t.ndjson"), 0)["data"].clone();
    let row = plan["comparison"].as_array().expect("rows").iter().find(|row| row["metric"] == "mae").expect("mae").clone();
    assert_eq!(row["champion"], compared["tickets"]["first"]["metrics"]["mae"]);
    assert_eq!(row["version"], compared["tickets"]["second"]["metrics"]["mae"]);
    assert_eq!(
        (&row["rows"], &plan["verdict"]["ticket_count"]),
        (&compared["tickets"]["judged_count"], &compared["tickets"]["judged_count"])
    );
    let difference = &compared["tickets"]["difference"];
    assert_eq!(row["difference"], serde_json::json!([difference["estimate"], difference["low"], difference["high"]]));
    assert_eq!((&plan["verdict"]["advice"], &plan["verdict"]["reason"]), (&Value::from("promote"), &compared["recommendation"]["reason"]));
    let screen = ran(&home, &format!("ml models promote {MODEL}@2 --tickets t.ndjson --dry-run")).expect(0).stdout;
    assert!(screen.contains("both on the same") && screen.contains("evidence: promote") && screen.contains("THIS VERSION"), "{screen}");

    // Kept, applied, and in the audit.
    ran(&home, &format!("ml models promote {MODEL}@2 --tickets t.ndjson --plan-out p.json --dry-run")).expect(0);
    let kept: Value = serde_json::from_slice(&std::fs::read(home.path().join("p.json")).expect("a plan")).expect("JSON");
    assert_eq!(kept["plan"]["verdict"], plan["verdict"]);
    let applied = json(&home, "ml apply p.json", 0)["data"].clone();
    assert_eq!((&applied["previous_champion"], &applied["archived"]), (&Value::from(1), &serde_json::json!([1])));
    let record = json(&home, &format!("audit show {}", applied["audit_id"].as_str().expect("an id")), 0).to_string();
    assert!(record.contains("\"advice\":\"promote\"") && record.contains("\"champion\":"), "{record}");

    // Back again: the version that served before is the worse one, and the plan says so.
    let back = json(&home, &format!("ml models rollback {MODEL} --tickets t.ndjson --dry-run"), 0)["data"]["plan"].clone();
    assert_eq!((&back["version"], &back["verdict"]["advice"]), (&Value::from(1), &Value::from("keep")), "{back:#}");
}

#[test]
fn what_cannot_be_compared_is_said_and_a_setting_makes_no_change_slow() {
    let home = Home::with_a_weak_champion();
    home.write("none.ndjson", "");
    let line = format!("ml models promote {MODEL}@2 --dry-run");
    let plan = json(&home, &format!("{line} --tickets none.ndjson"), 0)["data"]["plan"].clone();
    assert_eq!((&plan["verdict"]["advice"], &plan["comparison"]), (&Value::from("undecided"), &serde_json::json!([])), "{plan:#}");
    assert_eq!(json(&home, &line, 0)["data"]["plan"]["verdict"], Value::Null);
    let words: Vec<&str> = line.split(' ').collect();
    home.run_with(&words, &[("MONGODB_URI", "mongodb://nowhere/db")]).expect(0);
    ran(&home, &format!("{line} --tickets absent.ndjson")).expect(4);
    ran(&home, &format!("ml models archive {MODEL}@1 --force --reason none --confirm {MODEL}@1")).expect(0);
    let first = json(&home, &format!("{line} --tickets t.ndjson"), 0)["data"]["plan"]["verdict"].clone();
    assert!(first["reason"].as_str().is_some_and(|why| why.contains("no other version")), "{first:#}");
}
