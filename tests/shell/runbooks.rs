//! Every runbook does what it says, and a run can be left and resumed.

use serde_json::Value;

use crate::support::{Home, MODEL};
use crate::terminal::Terminal;

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
            if step["verdict"] != "as expected" {
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
    assert!(shown.contains("--tickets TICKETS") && shown.contains("kubectl -n neural-hive logs"), "{shown}");
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
    assert!(other.stderr.contains("runbook run rollback --resume r.md"), "{}", other.stderr);

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
    assert_eq!((status.code(), stage()), (Some(0), "Archived".into()), "{seen}");
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
    home.run(&["runbook", "run", "rollback", "--resume", "again.md"]).expect(0);
    let record = std::fs::read_to_string(home.path().join("again.md")).expect("the record");
    assert!(record.contains("for another tool, not asked"), "{record}");
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
