//! What the registry promises, one sentence after the other, with the shipped program.

use std::path::PathBuf;

use rusqlite::Connection;
use serde_json::Value;

use crate::support::{Home, json, ran};

const MODEL: &str = "ticket-duration-predictor";

fn versions(count: usize) -> Home {
    let home = Home::new();
    home.write_tickets("t.ndjson", 400);
    for seed in 1..=count {
        let seed = seed.to_string();
        home.run(&["ml", "train", "--model", "duration", "--tickets", "t.ndjson", "--trees", "3", "--seed", &seed]).expect(0);
    }
    home
}

fn promote(home: &Home, version: u32) -> Value {
    json(home, &format!("ml models promote {MODEL}@{version} --confirm {MODEL}@{version}"), 0)["data"].clone()
}

fn database(home: &Home) -> PathBuf {
    home.path().join(".local/share/hivectl/registry.db")
}

/// As another tool moves a version: no record, no check.
fn moved_by_another_tool(home: &Home, version: u32, stage: &str) {
    let connection = Connection::open(database(home)).expect("the registry");
    let sql = "UPDATE model_versions SET current_stage = ?1 WHERE version = ?2";
    assert_eq!(connection.execute(sql, rusqlite::params![stage, version]).expect("moved"), 1);
}

fn said(document: &Value) -> String {
    let error = &document["error"];
    format!("{} {} {}", error["message"], error["causes"], error["hints"])
}

#[test]
fn each_version_that_cannot_be_promoted_has_its_answer() {
    let home = versions(3);
    let absent = json(&home, &format!("ml models promote {MODEL}@33"), 4);
    assert!(said(&absent).contains(&format!("{MODEL}@3 (Staging)")), "{absent:#}");
    let mistyped = json(&home, "ml models promote durtion@1", 4);
    assert!(said(&mistyped).contains("did you mean 'duration'"), "{mistyped:#}");
    moved_by_another_tool(&home, 2, "Deleted_Internal");
    let deleted = json(&home, &format!("ml models promote {MODEL}@2"), 4);
    assert!(said(&deleted).contains("deleted"), "{deleted:#}");
    let first = promote(&home, 1);
    assert_eq!((&first["previous_champion"], &first["archived"]), (&Value::Null, &serde_json::json!([])));
    assert_eq!(promote(&home, 1)["changed"], false);
}

#[test]
fn a_plan_is_for_one_registry_and_force_in_it_needs_no_second_question() {
    let home = versions(2);
    home.write("strict.yaml", "duration:\n  mae_pct: \"< 0.001\"\n");
    let _ = promote(&home, 1);
    let forced = format!("ml models promote {MODEL}@2 --policy strict.yaml --force-gate --reason fire --plan-out f.json");
    let plan = json(&home, &forced, 0)["data"]["plan"].clone();
    assert_eq!((&plan["forced"], &plan["reason"]), (&Value::from(true), &Value::from("fire")));
    assert!(plan["registry"]["id"].is_string() && plan["revision"].is_u64() && plan["expires_at"].is_string(), "{plan:#}");
    assert_eq!(json(&home, "ml models list", 0)["data"]["items"][0]["production"]["version"], 1, "planning changed nothing");
    let other = versions(2);
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

#[test]
fn force_on_a_version_that_passes_changes_nothing() {
    let home = versions(1);
    let plan = json(&home, &format!("ml models promote {MODEL}@1 --force-gate --dry-run"), 0)["data"]["plan"].clone();
    assert_eq!(plan["forced"], false);
    ran(&home, &format!("ml models promote {MODEL}@1 --force-gate --confirm {MODEL}@1")).expect(0);
    assert!(!ran(&home, &format!("ml models show {MODEL}@1 -o json")).expect(0).stdout.contains("hivectl.forced"));
}

#[test]
fn where_the_history_does_not_reach_a_person_chooses() {
    let home = versions(3);
    moved_by_another_tool(&home, 1, "Archived");
    moved_by_another_tool(&home, 2, "Archived");
    moved_by_another_tool(&home, 3, "Production");
    let asked = json(&home, &format!("ml models rollback {MODEL} --confirm {MODEL}"), 8);
    let text = said(&asked);
    assert!(text.contains(&format!("{MODEL}@1 (")) && text.contains(&format!("{MODEL}@2 (")), "{asked:#}");
    // The command it prints is complete.
    let hints = asked["error"]["hints"].as_array().expect("hints");
    let command = hints.iter().filter_map(Value::as_str).find(|hint| hint.starts_with("hivectl ")).expect("a command");
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    home.run(&words).expect(0);
    let history = ran(&home, &format!("ml models history {MODEL} -o json")).expect(0).stdout;
    assert!(history.contains("\"source\": \"registry\"") && history.contains("\"source\": \"audit\""), "{history}");
}

#[test]
fn a_rollback_says_from_where_to_where() {
    let home = versions(2);
    let _ = promote(&home, 1);
    let _ = promote(&home, 2);
    let back = ran(&home, &format!("ml models rollback {MODEL} --confirm {MODEL}")).expect(0);
    assert!(back.stdout.contains("in Production: version 2 → version 1"), "{}", back.stdout);
    // What it proposes next does what it says.
    let next = back.stderr.lines().find_map(|line| line.strip_prefix("next: to put version 2 back: hivectl ")).expect("a command");
    let again = ran(&home, &format!("{next} --confirm {MODEL}@2")).expect(0);
    assert!(again.stdout.contains("in Production: version 1 → version 2"), "{}", again.stdout);
}

#[test]
fn the_refusal_prints_the_whole_command() {
    let home = versions(1);
    let line = format!("ml models promote {MODEL}@latest --expires 2h --reason");
    let words: Vec<&str> = line.split(' ').chain(["it's late"]).collect();
    let refused = home.run(&[&words[..], &["-o", "json"]].concat()).json(5);
    let hint = refused["error"]["hints"][0].as_str().expect("a hint").to_owned();
    assert!(hint.contains(&format!("promote {MODEL}@latest --expires 2h --reason 'it'\\''s late'")), "{hint}");
    let command = hint.trim_start_matches("type `").trim_end_matches('`');
    let typed = std::process::Command::new("sh").args(["-c", command]).current_dir(home.path()).env("HOME", home.path()).output();
    assert_eq!(typed.expect("a shell").status.code(), Some(0), "{command}");
}

#[test]
fn a_held_lock_is_waited_for_as_long_as_was_said_and_readers_do_not_wait() {
    let home = versions(1);
    let holder = Connection::open(database(&home)).expect("the registry");
    holder.execute_batch("BEGIN IMMEDIATE").expect("locked");
    let refused = json(&home, &format!("ml models alias set {MODEL} stable 1 --lock-timeout 0s"), 7);
    assert_eq!(refused["error"]["retryable"], true);
    let _ = json(&home, "ml models list", 0);
    let _ = json(&home, &format!("ml models history {MODEL}"), 0);
    holder.execute_batch("ROLLBACK").expect("released");
    let _ = json(&home, &format!("ml models alias set {MODEL} stable 1 --lock-timeout 3650d"), 0);
    ran(&home, "ml models list --lock-timeout 3651d").expect(2);
}

#[test]
fn archive_older_keeps_three_and_a_dry_run_has_the_form_of_the_change() {
    let home = versions(5);
    ran(&home, "ml models archive --older --keep 2 --yes").expect(2);
    let archived = json(&home, "ml models archive --older --yes", 0)["data"]["items"].clone();
    let numbers: Vec<&Value> = archived.as_array().expect("items").iter().map(|item| &item["version"]).collect();
    assert_eq!(numbers, [2, 1]);
    let would = json(&home, &format!("ml models archive {MODEL}@3 --dry-run"), 0)["data"].clone();
    let did = json(&home, &format!("ml models archive {MODEL}@3 --yes"), 0)["data"].clone();
    let keys = |data: &Value| data.as_object().expect("an object").keys().cloned().collect::<Vec<String>>();
    assert_eq!(keys(&would), keys(&did));
    assert_eq!((&would["changed"], &did["changed"]), (&Value::from(false), &Value::from(true)));
}

#[test]
fn a_protected_context_wants_a_name_for_everything_that_is_taken_away() {
    let home = versions(5);
    std::fs::create_dir_all(home.path().join(".config/hivectl")).expect("a folder");
    home.write(".config/hivectl/config.yaml", "contexts:\n  prod:\n    protected: yes\n");
    for (line, confirm) in [
        ("ml models archive --older".to_owned(), "prod".to_owned()),
        (format!("ml models archive {MODEL} --older"), MODEL.to_owned()),
        (format!("ml models archive {MODEL}@5"), format!("{MODEL}@5")),
    ] {
        let refused = json(&home, &format!("{line} --context prod --yes"), 5);
        assert!(said(&refused).contains(&format!("--confirm {confirm}")), "{refused:#}");
    }
    let archived = json(&home, "ml models archive --older --context prod --confirm prod", 0)["data"]["items"].clone();
    assert_eq!(archived.as_array().map(Vec::len), Some(2));
}

#[test]
fn a_specialists_classifier_is_judged_by_its_own_policy() {
    let home = versions(1);
    let fixture = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/fixtures/technical_model.pkl");
    let registered = ["ml", "models", "register", &fixture.to_string_lossy(), "--name", "technical-evaluator"];
    home.run(&registered).expect(0);
    // As a trainer of the running system logs it: nothing is claimed, and what it did not log is missing.
    let connection = Connection::open(database(&home)).expect("the registry");
    connection.execute("DELETE FROM model_version_tags WHERE key = 'hivectl.metrics'", []).expect("a statement");
    let refused = json(&home, "ml models promote technical-evaluator@1 --dry-run", 3);
    assert!(said(&refused).contains("f1_macro is not known, required >= 0.65"), "{refused:#}");
}

#[test]
fn a_backup_holds_every_production_version_and_no_damaged_file_is_imported() {
    let home = versions(1);
    let _ = ran(&home, "ml train --model anomaly --tickets t.ndjson --trees 5 --promote-if-better --policy lax.yaml");
    let _ = promote(&home, 1);
    ran(&home, "ml models export --production --out backup").expect(0);
    let file = format!("backup/{MODEL}@1.hivectl-model");
    let bytes = std::fs::read(home.path().join(&file)).expect("an export");
    let target = |more: &str| format!("ml models import {more} --registry other.db");
    let mut tries = 0;
    for at in (0..bytes.len()).step_by(bytes.len() / 24) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        for damaged in [&bytes[..at], &flipped] {
            home.write("damaged", damaged);
            let _ = json(&home, &target("damaged"), 11);
            tries += 1;
        }
    }
    assert!(!home.path().join("other.db").exists(), "{tries} damaged files made nothing");
    let _ = json(&home, &target(&file), 0);
    let again = json(&home, &target(&file), 0)["data"].clone();
    assert_eq!((&again["changed"], &again["version"]), (&Value::from(false), &Value::from(1)));
    let verified = json(&home, "ml models verify --registry other.db", 0)["data"].clone();
    assert_eq!((&verified["versions"], &verified["findings"]), (&Value::from(1), &serde_json::json!([])));
}

#[test]
fn the_audit_says_who_where_how_and_why_without_secrets() {
    let home = versions(1);
    let line = format!("ml models tag {MODEL}@1 team=ops --reason");
    let words: Vec<&str> = line.split(' ').chain(["asked by mongodb://u:hush@h/db"]).collect();
    home.run_with(&words, &[("USER", "ada"), ("GITHUB_ACTIONS", "true")]).expect(0);
    let log = json(&home, "audit log", 0)["data"]["items"].clone();
    let last = log.as_array().and_then(|items| items.last()).expect("a record").clone();
    let record = json(&home, &format!("audit show {}", last["id"].as_str().expect("an id")), 0)["data"].clone();
    assert_eq!((&record["actor"]["user"], &record["actor"]["terminal"]), (&Value::from("ada"), &Value::from(false)));
    assert_eq!(
        (&record["actor"]["ci"], &record["phase"], &record["success"]),
        (&"GITHUB_ACTIONS".into(), &"outcome".into(), &"done".into())
    );
    assert!(record["actor"]["host"].is_string() && record["duration_ms"].is_u64(), "{record:#}");
    assert_eq!(record["before"]["tags"]["team"], Value::Null);
    assert_eq!(record["after"]["tags"]["team"], "ops");
    assert!(!log.to_string().contains("hush") && log.to_string().contains("mongodb://u:***@h/db"), "{log:#}");
    ran(&home, &format!("ml models tag {MODEL}@1 from=mongodb://u:hush@h/db")).expect(2);
}
