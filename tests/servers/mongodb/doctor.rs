//! What the doctor finds, and the examples that need a server.

use mongodb::bson::doc;
use serde_json::Value;

use super::fake::{self, ProxyAction};
use super::support::{Database, Home, Ran, tickets};

fn state<'v>(data: &'v Value, id: &str) -> &'v str {
    let checks = data["checks"].as_array().expect("checks");
    checks.iter().find(|check| check["id"] == id).and_then(|check| check["state"].as_str()).unwrap_or_else(|| panic!("no {id} in {data}"))
}

fn evidence<'v>(data: &'v Value, id: &str) -> &'v str {
    let checks = data["checks"].as_array().expect("checks");
    checks
        .iter()
        .find(|check| check["id"] == id)
        .and_then(|check| check["evidence"].as_str())
        .unwrap_or_else(|| panic!("no {id} in {data}"))
}

fn data(ran: &Ran, code: i32) -> Value {
    ran.json(code)["data"].clone()
}

#[test]
fn the_doctor_finds_missing_indexes_and_makes_them_after_a_confirmation() {
    let Some(database) = Database::new() else { return };
    let home = Home::new();
    let mut documents = tickets(40);
    documents.iter_mut().take(10).for_each(|document| {
        document.remove("actual_duration_ms");
        document.remove("completed_at");
    });
    database.insert(documents);
    let words = ["ml", "train", "--model", "duration", "--dry-run", "-o", "json", "--min-samples", "1", "--window-days", "0.1"];
    let without_index = home.on(&database, &words).data(0)["models"][0]["samples"]["used"].clone();
    let before = data(&home.on(&database, &["doctor", "--check", "mongodb", "-o", "json"]), 0);
    for (id, expected) in [
        ("mongodb_reachable", "pass"),
        ("mongodb_clock", "pass"),
        ("mongodb_indexes", "warn"),
        ("mongodb_types", "pass"),
        ("mongodb_labels", "warn"),
    ] {
        assert_eq!(state(&before, id), expected, "{before}");
    }
    assert!(evidence(&before, "mongodb_labels").starts_with("30 of 40"), "{before}");
    assert!(evidence(&before, "mongodb_types").contains("created_at is long 40"), "{before}");
    assert!(before["checks"].to_string().contains("createIndex"), "{before}");
    assert!(evidence(&before, "mongodb_indexes").contains("reads every document"), "{before}");
    home.on(&database, &["doctor", "--create-indexes"]).expect(5);
    let after = data(&home.on(&database, &["doctor", "--create-indexes", "--yes", "-o", "json"]), 0);
    assert_eq!((state(&after, "mongodb_indexes"), after["indexes_made"].as_array().map(Vec::len)), ("pass", Some(2)));
    let again = data(&home.on(&database, &["doctor", "--create-indexes", "--yes", "-o", "json"]), 0);
    assert_eq!(again["indexes_made"], Value::Array(Vec::new()));
    // The window query is right with the index too.
    assert_eq!(home.on(&database, &words).data(0)["models"][0]["samples"]["used"], without_index);
}

#[test]
fn what_the_doctor_cannot_reach_or_use_fails_with_its_own_code() {
    let Some(database) = Database::new() else { return };
    let home = Home::new();
    database.command(doc! { "create": "execution_tickets" });
    let empty = data(&home.on(&database, &["doctor", "-o", "json"]), 14);
    assert_eq!((state(&empty, "mongodb_labels"), state(&empty, "mongodb_types")), ("fail", "warn"));
    let away = home.run_at("mongodb://127.0.0.1:9", &["doctor", "-o", "json", "--timeout", "1s"]);
    assert_eq!(state(&data(&away, 9), "mongodb_reachable"), "fail");
    let uri = fake::before(&database.uri, |command| match command {
        "listIndexes" => ProxyAction::Refuse(13, "not authorized"),
        _ => ProxyAction::Pass,
    });
    let refused = home.run_at(&uri, &["doctor", "-o", "json", "--database", &database.name]);
    assert_eq!(state(&data(&refused, 10), "mongodb_indexes"), "fail");
    let files = home.run(&["doctor", "--check", "mongodb", "--tickets", "tickets.ndjson"]).expect(0);
    assert!(files.stdout.contains("no server with tickets is configured"), "{}", files.stdout);
}

#[test]
fn a_server_with_more_tickets_than_five_seconds_look_at_is_still_told_to_answer() {
    let Some(database) = Database::new() else { return };
    let home = Home::new();
    database.insert(tickets(40));
    let uri = fake::before(&database.uri, |command| if command == "aggregate" { ProxyAction::Stall } else { ProxyAction::Pass });
    let words = ["doctor", "--check", "mongodb", "-o", "json", "--database", &database.name];
    let told = data(&home.run_at(&uri, &words), 0);
    for (id, expected) in
        [("mongodb_reachable", "pass"), ("mongodb_indexes", "warn"), ("mongodb_labels", "warn"), ("mongodb_types", "warn")]
    {
        assert_eq!(state(&told, id), expected, "{told}");
    }
    assert!(evidence(&told, "mongodb_labels").contains("no answer within 4") && told.to_string().contains("--timeout 5m"), "{told}");
}

#[test]
fn every_example_that_needs_a_server_runs_against_one() {
    let Some(database) = Database::new() else { return };
    let home = Home::with_model();
    let mut documents = tickets(300);
    for document in documents.iter_mut().take(50) {
        document.insert("status", "RUNNING");
        document.insert("predictions", doc! { "duration_ms": 5_000.0 });
    }
    database.insert(documents);
    home.on(&database, &["ml", "backfill", "--yes"]).expect(0);
    let mut ran = 0;
    for verb in hivectl::cli::verbs() {
        for (what, line) in verb.examples {
            let on_server =
                matches!(verb.words, "doctor" | "ml backfill" | "ml stats") && !line.contains("FILE") && !line.contains(".ndjson");
            if !on_server {
                continue;
            }
            // The address in an example is nobody's; the environment names the real one.
            let line = line.replace(" --tickets mongodb://db.example:27017", "").replace("2026-01-31", "2026-01-03");
            let words: Vec<&str> = line.split(' ').skip(1).collect();
            let done = home.on(&database, &words);
            assert_eq!(done.code, 0, "{what}: {line}\n{}\n{}", done.stdout, done.stderr);
            assert!(!done.stdout.is_empty(), "{line}");
            ran += 1;
        }
    }
    assert_eq!(ran, 7);
}
