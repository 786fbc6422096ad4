//! `jobs`: every training and check leaves a record, above all one that failed: when, by whom, with what and why.

use std::time::Duration;

use serde_json::{Value, json};

use crate::common::terminal::Terminal;
use crate::support::{Home, MODEL};

fn jobs(home: &Home, words: &str) -> Vec<Value> {
    let words: Vec<&str> = ["ml", "jobs", "list", "-o", "json"].into_iter().chain(words.split_whitespace()).collect();
    home.run(&words).json(0)["data"]["items"].as_array().expect("items").clone()
}

fn told(job: &Value) -> (String, String, Option<u64>) {
    let word = |key: &str| job[key].as_str().expect("a word").to_owned();
    (word("job"), word("status"), job["exit_code"].as_u64())
}

#[test]
fn what_fails_before_there_is_a_registry_is_kept_on_this_machine() {
    let home = Home::new();
    assert!(home.run(&["ml", "jobs", "list"]).expect(0).stdout.contains("no such training or check is recorded for embedded"));
    home.run(&["ml", "jobs", "show"]).expect(4);
    home.run(&["ml", "train", "--tickets", "absent.csv"]).expect(4);
    home.run(&["ml", "drift", "check", "--tickets", "absent.csv"]).expect(4);
    let found = jobs(&home, "");
    let expected = ["ml.train", "ml.drift.check"].map(|job| (job.to_owned(), "failed".to_owned(), Some(4)));
    assert_eq!(found.iter().map(told).collect::<Vec<_>>(), expected);
    let failed = &found[0];
    assert_eq!(failed["failure"]["code"], "HML-0401");
    assert!(failed["failure"]["message"].as_str().is_some_and(|why| why.contains("absent.csv")), "{failed}");
    assert_eq!(
        failed["command"].as_array().map(|words| words[1..].to_vec()),
        Some(["ml", "train", "--tickets", "absent.csv"].map(Value::from).to_vec())
    );
    assert_eq!(failed["folder"], std::fs::canonicalize(home.path()).expect("a folder").display().to_string());
    assert_eq!(failed["host"], rustix::system::uname().nodename().to_string_lossy().into_owned());
    assert!(failed["duration_seconds"].as_f64().is_some_and(|seconds| (0.0..60.0).contains(&seconds)), "{failed}");
    // Whole seconds, and not before this test nor after it.
    let at: jiff::Timestamp = failed["started_at"].as_str().expect("a time").parse().expect("a time");
    assert!(
        failed["started_at"].as_str().is_some_and(|text| text.len() == 20) && at.duration_until(jiff::Timestamp::now()).as_secs() < 600
    );
    // The whole of it, by the beginning of its id; the newest without one.
    let id = failed["id"].as_str().expect("an id");
    assert_eq!(home.run(&["ml", "jobs", "show", &id[..6], "-o", "json"]).json(0)["data"], *failed);
    let newest = home.run(&["ml", "jobs", "show"]).expect(0);
    assert!(
        newest.stdout.contains("ml drift check") && newest.stdout.contains("command   hivectl ml drift check --tickets absent.csv"),
        "{}",
        newest.stdout
    );
    let table = home.run(&["ml", "jobs", "list"]).expect(0);
    assert!(table.stdout.contains("absent.csv") && table.stdout.contains("failed"), "{}", table.stdout);
    let unknown = home.run(&["ml", "jobs", "show", "zzzz"]).expect(4);
    assert!(unknown.stderr.contains("hivectl ml jobs list"), "{}", unknown.stderr);
    assert!(home.run(&["ml", "jobs", "list", "--job", "promote"]).expect(2).stderr.contains("train, retrain, drift, validate, backfill"));
}

#[test]
fn a_registry_keeps_the_jobs_that_were_about_it() {
    let home = Home::with_a_weak_champion();
    home.write("strict.yaml", "duration:\n  mae_pct: \"< 0.001\"\n");
    let train = ["ml", "train", "--model", "duration", "--tickets", "t.ndjson", "--trees", "3", "--policy", "strict.yaml"];
    home.run(&[&train[..], &["--require-gate"]].concat()).expect(3);
    home.run(&[&train[..], &["--dry-run"]].concat()).expect(0);
    home.run(&["ml", "validate", "--tickets", "t.ndjson", "--policy", "strict.yaml"]).expect(3);
    home.run(&["ml", "drift", "check", "--tickets", "absent.csv", "--no-record"]).expect(4);
    let found = jobs(&home, "");
    let expected = [("ml.train", "completed", 0), ("ml.train", "completed", 0), ("ml.train", "failed", 3), ("ml.validate", "failed", 3)];
    assert_eq!(
        found.iter().map(told).collect::<Vec<_>>(),
        expected.map(|(job, status, code)| (job.to_owned(), status.to_owned(), Some(code))),
        "a dry run and a check that is not to be kept leave nothing"
    );
    assert!(home.run(&["ml", "jobs", "list"]).expect(0).stdout.contains("exit code 3: "));
    assert_eq!(jobs(&home, "--failed --job train").len(), 1);
    assert_eq!(jobs(&home, "--job validate").len(), 1);
    assert_eq!((jobs(&home, "--since 1h").len(), jobs(&home, "--since 2999-01-01").len()), (4, 0));
    // Another registry knows nothing of them.
    assert_eq!(jobs(&home, "--registry other.db"), [] as [Value; 0]);
    // A file that MLflow's tools know stays one of theirs, and the log of changes is as it was.
    home.run(&["audit", "verify"]).expect(0);
    assert_eq!(home.run(&["ml", "models", "show", &format!("{MODEL}#production"), "-o", "json"]).json(0)["data"]["version"], 1);
}

#[test]
fn the_end_of_a_job_that_its_registry_could_not_take_is_told_all_the_same() {
    let home = Home::with_versions(1);
    // This machine's own file of records.
    home.run(&["ml", "train", "--tickets", "absent.csv", "--registry", "not-there.db"]).expect(4);
    home.run(&["ml", "validate", "--tickets", "absent.csv"]).expect(4);
    let whole = jobs(&home, "--job validate").pop().expect("a job");
    assert_eq!(told(&whole), ("ml.validate".to_owned(), "failed".to_owned(), Some(4)));
    // As if the registry had been locked when the job ended: its end is on this machine, its beginning in the registry.
    let data = home.path().join(".local/share/hivectl");
    let connection = rusqlite::Connection::open(data.join("registry.db")).expect("the registry");
    connection.execute("ATTACH ?1 AS own", [data.join("jobs.db").display().to_string()]).expect("a second file");
    let id = whole["id"].as_str().expect("an id");
    let moved = connection.execute("INSERT INTO own.hivectl_jobs SELECT * FROM main.hivectl_jobs WHERE id = ?1", [id]);
    assert_eq!(moved.expect("a copy"), 1);
    let sql = "UPDATE main.hivectl_jobs SET record = json_set(record, '$.status', 'running', '$.exit_code', null,
               '$.failure', null, '$.ended_at', null) WHERE id = ?1";
    assert_eq!(connection.execute(sql, [id]).expect("a change"), 1);
    drop(connection);
    assert_eq!(jobs(&home, "--job validate"), [whole]);
}

#[test]
fn records_hold_no_secret_and_end_after_the_days_that_are_set() {
    let home = Home::new();
    let place = "mongodb://ops:hunter2@127.0.0.1:9/orchestrator";
    let failed = home.run(&["ml", "train", "--tickets", place, "--timeout", "1s"]);
    assert_ne!(failed.code, 0);
    let text = serde_json::to_string(&jobs(&home, "")).expect("text");
    assert!(text.contains("ops:***@127.0.0.1") && !text.contains("hunter2"), "{text}");
    let file = std::fs::read(home.path().join(".local/share/hivectl/jobs.db")).expect("the file");
    assert!(!file.windows(7).any(|window| window == b"hunter2"));
    // Three thousandths of a second are over.
    std::thread::sleep(Duration::from_millis(20));
    home.run_with(&["ml", "train", "--tickets", "absent.csv"], &[("HIVECTL_JOB_RETENTION_DAYS", "0.00000004")]).expect(4);
    let left: Vec<u64> = jobs(&home, "").iter().filter_map(|job| job["exit_code"].as_u64()).collect();
    assert_eq!(left, [4]);
    home.run_with(&["ml", "train", "--tickets", "absent.csv"], &[("HIVECTL_JOB_RETENTION_DAYS", "-1")]).expect(11);
}

#[test]
fn a_job_that_was_interrupted_or_killed_is_told_as_that() {
    let home = Home::with_versions(1);
    for (ending, status, code) in [("interrupted", "interrupted", json!(130)), ("killed", "lost", Value::Null)] {
        // It waits for tickets that do not come.
        let mut command = home.command(&["ml", "train", "--tickets", "-"]);
        let mut child = command.stdin(std::process::Stdio::piped()).spawn().expect("a process");
        let input = child.stdin.take();
        let wait = || jobs(&home, "--job train");
        let begun = (0..600).any(|_| {
            std::thread::sleep(Duration::from_millis(50));
            wait().last().is_some_and(|job| job["status"] == "running")
        });
        assert!(begun, "{ending}: {:?}", wait());
        let process = rustix::process::Pid::from_raw(i32::try_from(child.id()).expect("a process id")).expect("a process id");
        let signal = if code.is_null() { rustix::process::Signal::KILL } else { rustix::process::Signal::INT };
        rustix::process::kill_process(process, signal).expect("a signal");
        child.wait().expect("an end");
        drop(input);
        let job = wait().pop().expect("a job");
        assert_eq!((&job["status"], &job["exit_code"]), (&json!(status), &code), "{ending}: {job}");
        let shown = home.run(&["ml", "jobs", "show"]).expect(0).stdout;
        assert!(shown.contains(&format!("status    {status}")), "{shown}");
    }
    assert_eq!(jobs(&home, "--failed").len(), 2);
}

#[test]
fn a_runbook_asks_a_person_for_what_it_does_not_know() {
    let home = Home::with_versions(1);
    let words = ["runbook", "run", "training-failed", "--transcript", "r.md"];
    let refused = home.run(&words).expect(2);
    assert!(refused.stderr.contains("--set tickets=TICKETS"), "{}", refused.stderr);
    let terminal = Terminal::start(&home, env!("CARGO_BIN_EXE_hivectl"), &words, 100, &[]);
    terminal.wait_for("tickets, the file or server with tickets", 1);
    terminal.type_keys("t.ndjson\r");
    terminal.wait_for("What came out?", 1);
    terminal.type_keys("\u{3}");
    let (status, seen) = terminal.end();
    assert_eq!(status.code(), Some(130), "{seen}");
    assert!(seen.contains("describe cronjob orchestrator-ml-training"), "{seen}");
    let named = home.run_with(&["runbook", "show", "training-failed"], &[("HIVECTL_TRAINING_JOB", "nightly")]).expect(0).stdout;
    assert!(named.contains("describe cronjob nightly"), "{named}");
}

#[test]
fn a_record_that_cannot_be_kept_is_told() {
    let home = Home::with_versions(1);
    let train = ["ml", "validate", "duration", "--tickets", "t.ndjson", "-o", "json"];
    // Somebody writes the registry all the time, and what this machine keeps beside it is no file.
    std::fs::create_dir(home.path().join(".local/share/hivectl/jobs.db")).expect("a folder");
    let writer = rusqlite::Connection::open(crate::support::registry_file(&home)).expect("opened");
    writer.execute_batch("BEGIN IMMEDIATE").expect("locked");
    let done = home.run(&train);
    assert!(matches!(done.code, 0 | 3), "{}", done.stderr);
    let told: Value = serde_json::from_str(&done.stdout).expect("a document");
    assert!(told["warnings"].to_string().contains("no record of this job is kept"), "{told:#}");
    let failed = home.run(&["ml", "validate", "duration", "--tickets", "absent.ndjson"]).expect(4);
    assert!(failed.stderr.contains("nor could a record of this job be kept"), "{}", failed.stderr);
    writer.execute_batch("ROLLBACK").expect("let go");
    std::fs::remove_dir(home.path().join(".local/share/hivectl/jobs.db")).expect("removed");
    let before = jobs(&home, "").len();
    assert!(!home.run(&train).stdout.contains("no record of this job"));
    assert_eq!(jobs(&home, "").len(), before + 1);
}
