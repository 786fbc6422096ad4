//! Promoting, rolling back and the rest, as people and scripts do it.

use serde_json::Value;

use crate::support::{Home, Ran};

const MODEL: &str = "ticket-duration-predictor";

/// Three versions that pass their gate, in Staging.
fn three_versions() -> Home {
    let home = Home::new();
    home.write_tickets("t.ndjson", 400);
    for seed in ["1", "2", "3"] {
        home.run(&["ml", "train", "--model", "duration", "--tickets", "t.ndjson", "--trees", "5", "--seed", seed]).expect(0);
    }
    home
}

#[must_use]
fn promote(home: &Home, version: u32) -> Ran {
    let named = format!("{MODEL}@{version}");
    home.run(&["ml", "models", "promote", &named, "--confirm", &named, "-o", "json"])
}

fn stages(home: &Home) -> Vec<String> {
    let list = home.run(&["ml", "models", "list", MODEL, "-o", "json"]).json(0);
    let items = list["data"]["items"].as_array().expect("items").clone();
    items.iter().map(|item| format!("{} {}", item["version"], item["stage"].as_str().expect("a stage"))).collect()
}

#[test]
fn a_promotion_moves_stage_alias_and_former_champion_at_once() {
    let home = three_versions();
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
fn a_rollback_goes_to_what_served_before_and_a_named_target_is_idempotent() {
    let home = three_versions();
    promote(&home, 1).expect(0);
    promote(&home, 3).expect(0);
    let back = home.run(&["ml", "models", "rollback", MODEL, "--confirm", MODEL, "-o", "json"]).json(0)["data"].clone();
    assert_eq!((&back["version"], &back["previous_champion"]), (&Value::from(1), &Value::from(3)));
    let named = format!("{MODEL}@1");
    let again = home.run(&["ml", "models", "rollback", MODEL, "--to", "1", "--confirm", &named, "-o", "json"]).json(0);
    assert_eq!(again["data"]["changed"], false);
    // Version 2 never served: it takes a reason.
    let two = format!("{MODEL}@2");
    let refused = home.run(&["ml", "models", "rollback", MODEL, "--to", "2", "--confirm", &two, "-o", "json"]).json(2);
    assert!(refused["error"]["hints"].to_string().contains("--reason"), "{refused:#}");
    home.run(&["ml", "models", "rollback", MODEL, "--to", "2", "--confirm", &two, "--reason", "3 and 1 are slow"]).expect(0);
    assert_eq!(stages(&home)[1], "2 Production");
    let history = home.run(&["ml", "models", "history", MODEL, "-o", "json"]).json(0);
    assert!(history["data"]["items"].to_string().contains("3 and 1 are slow"));
}

#[test]
fn a_plan_is_applied_once_and_only_while_what_it_saw_still_is() {
    let home = three_versions();
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
fn the_gate_judges_the_version_itself_and_force_is_marked() {
    let home = three_versions();
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
}

#[test]
fn every_change_is_in_the_audit_and_an_altered_record_is_found() {
    let home = three_versions();
    promote(&home, 1).expect(0);
    home.run(&["ml", "models", "alias", "set", MODEL, "stable", "2"]).expect(0);
    home.run(&["ml", "models", "tag", &format!("{MODEL}@2"), "team=ops"]).expect(0);
    home.run(&["ml", "models", "archive", &format!("{MODEL}@3"), "--yes"]).expect(0);
    let log = home.run(&["audit", "log", "-o", "json"]).json(0);
    let text = log["data"]["items"].to_string();
    for action in ["register", "promote", "set_alias", "tag", "archive"] {
        assert!(text.contains(&format!("\"action\":\"{action}\"")), "no {action} in {text}");
    }
    let verified = home.run(&["audit", "verify", "-o", "json"]).json(0);
    assert_eq!(verified["data"]["record_count"].as_u64().map(|count| count as usize), log["data"]["items"].as_array().map(Vec::len));
    let connection = rusqlite::Connection::open(home.path().join(".local/share/hivectl/registry.db")).expect("the registry");
    let table: String = connection
        .query_row("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'hivectl_audit%' LIMIT 1", [], |row| row.get(0))
        .expect("the audit's table");
    let columns: Vec<String> = connection
        .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))
        .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
        .expect("its columns");
    let text = columns.iter().find(|name| ["text", "record", "body"].contains(&name.as_str())).expect("the column of the text");
    // The database itself refuses; who means harm takes the refusal away first.
    let guards: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
        .expect("the triggers");
    assert!(!guards.is_empty());
    guards.iter().for_each(|guard| connection.execute_batch(&format!("DROP TRIGGER {guard}")).expect("dropped"));
    let changed = connection.execute(&format!("UPDATE {table} SET {text} = replace({text}, 'promote', 'prom0te')"), []).expect("altered");
    assert!(changed > 0);
    let broken = home.run(&["audit", "verify"]).expect(13);
    assert!(broken.stderr.contains("record"), "{}", broken.stderr);
}

#[test]
fn a_file_that_was_altered_is_found_and_never_promoted() {
    let home = three_versions();
    home.run(&["ml", "models", "verify"]).expect(0);
    let mut folders = vec![home.path().join(".local/share/hivectl/mlruns")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.ends_with("model.pkl") {
                let mut bytes = std::fs::read(&path).expect("a model");
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
                std::fs::write(&path, bytes).expect("altered");
            }
        }
    }
    let found = home.run(&["ml", "models", "verify", "-o", "json"]).json(13);
    assert_eq!(found["data"]["findings"].as_array().map(Vec::len), Some(3), "{found:#}");
    promote(&home, 1).expect(13);
    home.run(&["ml", "predict", "--model", "duration", "--tickets", "t.ndjson"]).expect(13);
}

#[test]
fn a_bare_name_is_no_version_to_change() {
    let home = three_versions();
    let ran = home.run(&["ml", "models", "promote", MODEL]).expect(2);
    assert!(ran.stderr.contains(&format!("{MODEL}@3 (Staging)")), "{}", ran.stderr);
}
