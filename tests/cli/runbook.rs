//! Every runbook does what it says, and a run can be left and resumed.

use serde_json::Value;

use crate::common::terminal::Terminal;
use crate::support::{Home, MODEL};

const VALUES: [&str; 6] =
    ["--set", "tickets=tickets.parquet", "--set", "file=model.hivectl-model", "--set", "server=mongodb://127.0.0.1:9"];

#[test]
fn every_hivectl_line_runs_and_gives_what_the_text_says() {
    let prepared = Home::with_models();
    let mut lines = 0;
    let mut wrong = Vec::new();
    for id in hivectl::runbook::IDS {
        let home = prepared.copy();
        let words = [&["runbook", "run", id, "--yes", "--transcript", "record.md", "-o", "json"], &VALUES[..]].concat();
        let ran = home.run(&words);
        let document: Value =
            serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{id}: {error}: {}\n{}", ran.stdout, ran.stderr));
        let steps = document["data"]["items"].as_array().expect("steps");
        for step in steps.iter().filter(|step| step["kind"] != "external") {
            lines += 1;
            // A version that is no better than the one that serves is not promoted, and the run says so.
            let verdict = step["verdict"].as_str().unwrap_or_default();
            let stays = step["command"].as_str().is_some_and(|line| line.contains("--if-better"))
                && verdict.contains("exit code 3")
                && verdict.contains("is not shown to be better than");
            if verdict != "as expected" && !stays {
                wrong.push(format!("{id}: {}\n  {}\n{}", step["command"], step["verdict"], step["output"].as_str().unwrap_or_default()));
            }
        }
        let record = std::fs::read_to_string(home.path().join("record.md")).expect("the record");
        assert!(steps.iter().all(|step| record.contains(step["command"].as_str().expect("a command"))), "{id}: {record}");
    }
    assert!(wrong.is_empty(), "{} of {lines}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(lines > 45, "{lines}");
}

#[test]
fn every_runbook_goes_to_its_end_in_an_empty_registry_and_says_what_was_not_there() {
    let prepared = Home::new();
    prepared.write("policy.yaml", "duration:\n  mae_pct: \"< 100000\"\nanomaly:\n  precision: \">= 0\"\n");
    prepared.write(".hivectl.yaml", "policy: policy.yaml\n");
    let rows = ["--rows", "600", "--days", "20", "--seed", "7", "--out", "tickets.parquet"];
    prepared.run(&[&["ml", "dataset", "synthetic"], &rows[..]].concat()).expect(0);
    prepared.run(&["ml", "train", "--model", "duration", "--trees", "3", "--tickets", "tickets.parquet", "--registry", "r.db"]).expect(0);
    prepared.run(&["ml", "models", "export", &format!("{MODEL}@1"), "model.hivectl-model", "--registry", "r.db"]).expect(0);
    // They train, or bring a model back, and with that come to what they say.
    let makes = ["emergency-retraining", "training-failed", "anomalies-missed", "insufficient-data", "restore"];
    let needs_none = ["registry-unreachable", "mongodb-slow"];
    for id in hivectl::runbook::IDS {
        let home = prepared.copy();
        let words = [&["runbook", "run", id, "--yes", "--transcript", "record.md", "-o", "json"], &VALUES[..]].concat();
        let ran = home.run(&words);
        let document: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{id}: {error}: {}", ran.stderr));
        let data = &document["data"];
        assert!(data["finished"] == true && data["left_count"] == 0, "{id}: {data}");
        let is_well = makes.contains(id) || needs_none.contains(id);
        assert_eq!((data["all_well"].as_bool(), ran.code), (Some(is_well), if is_well { 0 } else { 12 }), "{id}: {data}");
        let list = home.run(&["ml", "models", "list", "-o", "json"]).json(0);
        assert_eq!(list["data"]["items"].as_array().is_some_and(|items| !items.is_empty()), makes.contains(id), "{id}");
        if !is_well && *id != "monthly-export" {
            assert!(data["open"].to_string().contains("the registry has none yet"), "{id}: {data}");
            assert!(data["next"].to_string().contains("ml train --tickets "), "{id}: {data}");
        }
    }
}

#[test]
fn a_runbook_promotes_nothing_that_is_no_better_and_says_so() {
    let home = Home::with_models();
    let serves = || home.run(&["ml", "models", "list", "-o", "json"]).json(0)["data"]["items"].to_string();
    assert!(serves().contains("\"version\":2"));
    for id in ["emergency-retraining", "model-not-promoted"] {
        let run = home.run(&[&["runbook", "run", id, "--yes", "--transcript", "r.md", "-o", "json"][..], &VALUES[..]].concat()).json(12);
        let open = run["data"]["open"].to_string();
        assert!(run["data"]["all_well"] == false && open.contains("is not shown to be better than"), "{open}");
        let champion = home.run(&["ml", "models", "show", &format!("{MODEL}#production"), "-o", "json"]).json(0);
        assert_eq!(champion["data"]["version"], 2, "{id}");
        std::fs::remove_file(home.path().join("r.md")).expect("the record");
    }
}

#[test]
fn runbooks_are_shown_in_both_languages_with_what_is_known_filled_in() {
    let home = Home::new();
    let list = home.run(&["runbook", "list", "-o", "json"]).json(0);
    assert_eq!(list["data"]["items"].as_array().map(Vec::len), Some(15));
    let english = home.run(&["runbook", "show", "rollback"]).expect(0).stdout;
    let portuguese = home.run_with(&["runbook", "show", "rollback"], &[("LANG", "pt_BR.UTF-8")]).expect(0).stdout;
    assert_eq!(portuguese, home.run(&["runbook", "show", "rollback", "--lang", "pt-BR"]).expect(0).stdout);
    assert!(english.starts_with("# Roll back\n") && portuguese.starts_with("# Voltar"), "{english}{portuguese}");
    assert!(english.contains(&format!("hivectl ml models rollback {MODEL} --dry-run")), "{english}");
    let shown = home.run(&["runbook", "show", "training-failed"]).expect(0).stdout;
    assert!(
        shown.contains("--tickets TICKETS") && shown.contains("kubectl -n neural-hive describe cronjob orchestrator-ml-training"),
        "{shown}"
    );
    let missing = home.run(&["runbook", "run", "training-failed"]).expect(2);
    assert!(missing.stderr.contains("--set tickets=TICKETS"), "{}", missing.stderr);
    let near = home.run(&["runbook", "show", "rolback"]).expect(2);
    assert!(near.stderr.contains("hivectl runbook show rollback"), "{}", near.stderr);
}

#[test]
fn a_run_asks_before_a_change_and_goes_on_where_it_was_left() {
    let home = Home::with_models();
    let stage = || home.run(&["ml", "models", "show", &format!("{MODEL}@1"), "-o", "json"]).json(0)["data"]["stage"].clone();
    // Nobody can be asked: the run ends before the change, with the way to go on.
    let left = home.run(&["runbook", "run", "rollback", "--transcript", "r.md"]).expect(5);
    assert!(left.stderr.contains("hivectl runbook run rollback --resume r.md --yes"), "{}", left.stderr);
    assert_eq!(stage(), "Archived");
    let record = std::fs::read_to_string(home.path().join("r.md")).expect("the record");
    assert!(record.contains("## 1. See which version would come back") && !record.contains("## 2."), "{record}");
    let other = home.run(&["runbook", "run", "restore", "--resume", "r.md"]).expect(2);
    assert!(other.stderr.contains("runbook run rollback --registry ") && other.stderr.contains(" --resume r.md`"), "{}", other.stderr);

    let words = ["runbook", "run", "rollback", "--resume", "r.md"];
    let terminal = Terminal::start(&home, env!("CARGO_BIN_EXE_hivectl"), &words, 100, &[]);
    terminal.wait_for("[y/N]", 1);
    assert!(!terminal.seen().contains("See which version"), "{}", terminal.seen());
    terminal.type_keys("n\r");
    // The history shows no rollback then, and that is not what the runbook says.
    terminal.wait_for("Go on all the same? [y/N]", 1);
    terminal.type_keys("y\r");
    terminal.wait_for("What came out?", 1);
    terminal.type_keys("deployment restarted\r");
    let (status, seen) = terminal.end();
    assert_eq!((status.code(), stage()), (Some(12), "Archived".into()), "{seen}");
    assert!(seen.contains("- step 2 (Roll back) was passed over, not run") && !seen.contains("every step is done"), "{seen}");
    let record = std::fs::read_to_string(home.path().join("r.md")).expect("the record");
    assert!(record.contains("passed over") && record.contains("deployment restarted") && record.contains("## 5."), "{record}");

    let words = ["runbook", "run", "rollback", "--transcript", "again.md"];
    let terminal = Terminal::start(&home, env!("CARGO_BIN_EXE_hivectl"), &words, 100, &[]);
    terminal.wait_for("[y/N]", 1);
    terminal.type_keys("y\r");
    terminal.wait_for("What came out?", 1);
    terminal.type_keys("\u{3}");
    let (status, seen) = terminal.end();
    assert_eq!((status.code(), stage()), (Some(130), "Production".into()), "{seen}");
    assert!(seen.contains("interrupted: done: step 2 (Roll back)") && !seen.contains("interrupted: nothing"), "{seen}");
    assert!(seen.contains("runbook run rollback --resume again.md`"), "{seen}");
    home.run(&["runbook", "run", "rollback", "--resume", "again.md"]).expect(0);
    let record = std::fs::read_to_string(home.path().join("again.md")).expect("the record");
    assert!(record.contains("for another tool, not run by hivectl"), "{record}");
}

#[test]
fn a_step_that_does_not_come_out_ends_the_run_and_says_how_to_go_on() {
    use hivectl::error::ErrorKind;
    let home = Home::with_models();
    let words = ["runbook", "run", "high-latency", "--set", "tickets=absent.ndjson", "--transcript", "r.md"];
    let ran = home.run(&words).expect(i32::from(ErrorKind::PartlyDone.exit_code()));
    assert!(ran.stdout.contains("3 steps left") && ran.stderr.contains("--resume r.md"), "{}\n{}", ran.stdout, ran.stderr);
    let unconfirmed = home.run(&["ml", "models", "promote", &format!("{MODEL}@3"), "-o", "json"]).json(5);
    assert_eq!(unconfirmed["error"]["code"], "HML-0500");
    let bare = home.run(&["ml", "models", "promote", MODEL, "-o", "json"]).json(2);
    assert_eq!(bare["error"]["code"], "HML-0201");
}

/// The command of a line such as `next: hivectl …`, and of a hint between back quotes.
fn told_command<'a>(text: &'a str, before: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no '{before}' in {text}"));
    rest.split(['\n', '`']).next().unwrap_or_default()
}

fn typed(home: &Home, command: &str) -> crate::support::Ran {
    home.type_line(&command.replacen(command.split(' ').next().unwrap_or_default(), "hivectl", 1))
}

#[test]
fn with_yes_nothing_more_is_changed_once_a_step_did_not_come_out() {
    let home = Home::with_models();
    home.write("bad.ndjson", "{\"ticket_id\":\"a\"}\n");
    let log = || home.run(&["audit", "log", "-o", "json"]).json(0)["data"].to_string();
    let before = log();
    let words = ["runbook", "run", "emergency-retraining", "--yes", "--set", "tickets=bad.ndjson", "--transcript", "e.md"];
    let ran = home.run(&words).expect(12);
    let told = "stopped before step 2 (Train), which changes something: step 1 (Measure how wrong) was not as expected: exit code 14";
    assert!(ran.stdout.contains(told) && ran.stdout.contains("4 steps left"), "{}", ran.stdout);
    assert_eq!(log(), before);
    // The whole command goes on: the training is tried, fails, and nothing is promoted.
    let next = told_command(&ran.stderr, "next: ").to_owned();
    assert!(next.ends_with("runbook run emergency-retraining --yes --resume e.md"), "{next}");
    let ran = typed(&home, &next).expect(12);
    assert!(ran.stdout.contains("stopped before step 4 (Promote it)") && ran.stdout.contains("step 2 (Train) was not"), "{}", ran.stdout);
    let stage = home.run(&["ml", "models", "show", &format!("{MODEL}@3"), "-o", "json"]).json(0)["data"]["stage"].clone();
    assert_eq!((stage.as_str(), log()), (Some("Staging"), before));

    // A change that fails as the last one leaves nothing to stop, and still is not done.
    home.run(&["ml", "models", "rollback", MODEL, "--confirm", MODEL]).expect(0);
    let ran = home.run(&["runbook", "run", "rollback", "--yes", "--transcript", "r.md"]).expect(12);
    assert!(!ran.stdout.contains("every step is done"), "{}", ran.stdout);
    // The command that the text names takes it back.
    let shown = home.run(&["runbook", "show", "rollback"]).expect(0).stdout;
    let undo = told_command(&shown, "does not undo this: `").replace("NAME", MODEL).replace("VERSION", "2").replace("TEXT", "undone");
    let _ = home.type_line(&format!("{undo} --confirm {MODEL}")).expect(0);
    let stage = home.run(&["ml", "models", "show", &format!("{MODEL}@2"), "-o", "json"]).json(0)["data"]["stage"].clone();
    assert_eq!(stage, "Production", "{undo}");
}

#[test]
fn a_record_is_written_over_nothing() {
    let home = Home::with_models();
    let notes = home.write("notes.md", "precious\n");
    let refused = home.run(&["runbook", "run", "rollback", "--yes", "--transcript", "notes.md"]).expect(6);
    assert!(refused.stderr.contains("notes.md exists already"), "{}", refused.stderr);
    assert!(refused.stderr.contains("runbook run rollback --yes --transcript notes-2.md`"), "{}", refused.stderr);
    assert_eq!(std::fs::read_to_string(notes).expect("notes"), "precious\n");
    // The record of a run that is not over can be gone on with, and the hint does.
    home.run(&["runbook", "run", "rollback", "--transcript", "r.md"]).expect(5);
    let record = std::fs::read_to_string(home.path().join("r.md")).expect("the record");
    let refused = home.run(&["runbook", "run", "rollback", "--transcript", "r.md"]).expect(6);
    assert_eq!(std::fs::read_to_string(home.path().join("r.md")).expect("the record"), record);
    let resume = told_command(&refused.stderr, "go on with it: `");
    let _ = typed(&home, &format!("{resume} --yes")).expect(0);
    let over = home.run(&["runbook", "run", "rollback", "--yes", "--transcript", "r.md"]).expect(6);
    assert!(over.stderr.contains("that is over") && !over.stderr.contains("--resume"), "{}", over.stderr);
    // Without a name two runs in one second have two records.
    for _ in 0..3 {
        let _ = home.run(&["runbook", "run", "registry-unreachable"]);
    }
    let records = std::fs::read_dir(home.path()).expect("a folder").filter_map(Result::ok);
    let records = records.filter(|entry| entry.file_name().to_string_lossy().starts_with("runbook-registry-unreachable-"));
    assert_eq!(records.count(), 3);
}

#[test]
fn what_is_to_be_typed_next_repeats_where_and_how_and_another_registry_is_refused() {
    let home = Home::with_models();
    home.run(&["ml", "models", "push", &format!("{MODEL}@1"), "--destination", "copies/models.db"]).expect(0);
    let place = ["--registry", "copies/models.db"];
    let missing = home.run(&[&["runbook", "run", "restore", "--yes", "--transcript", "x.md"][..], &place].concat()).expect(2);
    let whole = "runbook run restore --yes --transcript x.md --registry copies/models.db --set file=FILE`";
    assert!(missing.stderr.contains(whole) && missing.stderr.contains("file is an exported model"), "{}", missing.stderr);
    let ran = home.run(&[&["runbook", "run", "rollback", "--transcript", "r.md"][..], &place].concat()).expect(12);
    let next = told_command(&ran.stderr, "next: ");
    assert!(next.ends_with("runbook run rollback --registry copies/models.db --resume r.md"), "{next}");
    let refused = home.run(&["runbook", "run", "rollback", "--resume", "r.md", "--yes"]).expect(2);
    assert!(refused.stderr.contains("copies/models.db") && refused.stderr.contains("hivectl/registry.db"), "{}", refused.stderr);
    let resume = told_command(&refused.stderr, "type `");
    let went_on = typed(&home, &format!("{resume} --yes"));
    assert!(went_on.code == 12 && went_on.stderr.contains("copies/models.db"), "{}", went_on.stderr);
}
