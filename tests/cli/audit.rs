//! `audit`: who changed what, from where and why; an altered record is found.

use serde_json::Value;

use crate::support::{Home, MODEL, json, promote, ran};

#[test]
fn every_change_is_in_the_audit_and_an_altered_record_is_found() {
    let home = Home::with_versions(3);
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
fn the_audit_says_who_where_how_and_why_without_secrets() {
    let home = Home::with_versions(1);
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
