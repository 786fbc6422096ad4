//! A watch that is asked to end, and two that look at the same time.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read as _};
use std::process::{Child, Command, Stdio};

use crate::support::Home;

/// Six weeks of tickets with a trained model, and a week like them.
fn home() -> Home {
    let home = Home::new();
    home.write_weeks("then.ndjson", "3000", "2026-01-01", "42", "3", "0");
    home.write_weeks("same.ndjson", "600", "2026-02-12", "7", "4", "0");
    home.run(&["ml", "train", "--model", "duration", "--tickets", "then.ndjson", "--window-days", "60"]).expect(0);
    home
}

fn watch(home: &Home, more: &[&str]) -> Child {
    let line = [&["ml", "drift", "watch", "--tickets", "same.ndjson"], more].concat();
    home.command(&line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("hivectl starts")
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
}

#[test]
fn a_signal_ends_the_watch_cleanly_with_its_own_code() {
    let home = home();
    for (name, code) in [("-TERM", 143), ("-INT", 130)] {
        let mut child = watch(&home, &["--interval", "6h"]);
        let mut lines = BufReader::new(child.stdout.take().expect("an output"));
        let mut first = String::new();
        lines.read_line(&mut first).expect("a line");
        assert!(first.contains("ticket-duration-predictor@1  ok"), "{first}");
        signal(&child, name);
        let (mut rest, mut said) = (String::new(), String::new());
        lines.read_to_string(&mut rest).expect("text");
        child.stderr.take().expect("an error output").read_to_string(&mut said).expect("text");
        assert_eq!(child.wait().expect("an end").code(), Some(code), "{said}");
        assert!(rest.is_empty() && said.contains("asked to end; the last status is ok"), "{rest}{said}");
    }
    let mut child = watch(&home, &["--interval", "6h", "-o", "json"]);
    // Its only look is over once it is kept.
    while home.run(&["ml", "drift", "history", "-o", "name"]).stdout.is_empty() {}
    std::thread::sleep(std::time::Duration::from_millis(300));
    signal(&child, "-TERM");
    let mut document = String::new();
    child.stdout.take().expect("an output").read_to_string(&mut document).expect("text");
    assert_eq!(child.wait().expect("an end").code(), Some(143));
    let document: serde_json::Value = serde_json::from_str(&document).expect("one document");
    assert_eq!(document["data"]["overall_status"], "ok");
    // Nothing is held: the next command that writes has its turn.
    home.run(&["ml", "drift", "check", "--tickets", "same.ndjson"]).expect(0);
}

#[test]
fn two_watches_at_once_keep_each_window_once() {
    let home = home();
    let watches: Vec<Child> = (0..2).map(|_| watch(&home, &["--interval", "1s", "--timeout", "4s", "-o", "json"])).collect();
    for watch in watches {
        let ended = watch.wait_with_output().expect("an end");
        assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
        let document: serde_json::Value = serde_json::from_slice(&ended.stdout).expect("one document");
        assert_eq!(document["data"]["items"].as_array().map(Vec::len), Some(1), "{document:#}");
    }
    let history = home.run(&["ml", "drift", "history", "-o", "json"]).json(0);
    assert_eq!(history["data"]["items"].as_array().map(Vec::len), Some(1), "{history:#}");
}

#[test]
fn retraining_looks_again_after_the_interval_of_the_running_system_until_it_is_asked_to_end() {
    let home = home();
    let line = ["ml", "retrain", "--model", "duration", "--watch", "--tickets", "same.ndjson", "-o", "jsonl"];
    let mut command = home.command(&line);
    command.env("DRIFT_CHECK_INTERVAL_MINUTES", "0.01").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("hivectl starts");
    let mut lines = BufReader::new(child.stdout.take().expect("an output")).lines();
    for _ in 0..2 {
        let report: serde_json::Value = serde_json::from_str(&lines.next().expect("a report").expect("text")).expect("JSON");
        assert_eq!(report["models"][0]["outcome"], "no_drift", "{report:#}");
    }
    signal(&child, "-TERM");
    lines.by_ref().for_each(drop);
    assert_eq!(child.wait().expect("an end").code(), Some(143));
    let one_document = [&line[..7], &["-o", "json"]].concat();
    assert_eq!(home.run(&one_document).json(2)["error"]["kind"], "usage");
}

#[test]
fn what_recurs_and_what_was_done_stands_in_the_history() {
    const DAY: i64 = 86_400_000;
    let home = home();
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
