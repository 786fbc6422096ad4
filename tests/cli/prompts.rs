//! Every question: on a terminal with all the answers there are, and where nobody can answer.

use std::io::{Read, Write};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::common::terminal::{Terminal, end_of};
use crate::support::{Home, MODEL, promote};

/// Version 1 archived, 2 in no stage, 3 in Production and four in Staging.
fn seven_versions() -> Home {
    let home = Home::new();
    home.write_tickets("t.ndjson", 400);
    home.write("strict.yaml", "duration:\n  mae_pct: \"< 0.001\"\n");
    for seed in ["1", "2", "3", "4", "5", "6", "7"] {
        let policy: &[&str] = if seed == "2" { &["--policy", "strict.yaml"] } else { &[] };
        let train = ["ml", "train", "--model", "duration", "--tickets", "t.ndjson", "--trees", "3", "--seed", seed];
        home.run(&[&train, policy].concat()).expect(0);
    }
    for version in [1, 3] {
        promote(&home, version).expect(0);
    }
    home
}

/// Everything that a change would leave behind.
fn state(home: &Home) -> String {
    let list = home.run(&["ml", "models", "list", MODEL, "-o", "json"]).json(0)["data"].to_string();
    list + &home.run(&["audit", "log", "-o", "json"]).json(0)["data"].to_string()
}

fn stage(home: &Home, version: u32) -> String {
    let shown = home.run(&["ml", "models", "show", &format!("{MODEL}@{version}"), "-o", "json"]).json(0);
    shown["data"]["stage"].as_str().expect("a stage").to_owned()
}

fn start(home: &Home, line: &str, columns: u16, variables: &[(&str, &str)]) -> Terminal {
    Terminal::start(home, env!("CARGO_BIN_EXE_hivectl"), &line.split(' ').collect::<Vec<_>>(), columns, variables)
}

fn asked(home: &Home, line: &str, question: &str, answers: &[&str], columns: u16) -> (ExitStatus, String) {
    let terminal = start(home, line, columns, &[]);
    for (number, keys) in answers.iter().enumerate() {
        // Each answer waits for a question of its own.
        terminal.wait_for(question, number + 1);
        terminal.type_keys(keys);
    }
    terminal.end()
}

const TYPE: &str = "to go on:";

#[test]
fn the_typed_name_is_the_only_key() {
    let home = seven_versions();
    let promote = format!("ml models promote {MODEL}@4");
    let before = state(&home);
    let unchanged = |what: &str| assert_eq!(state(&home), before, "{what}");

    let (status, seen) = asked(&home, &promote, TYPE, &["ticket\r", "yes\r", "\r"], 80);
    assert_eq!(status.code(), Some(5), "{seen}");
    assert!(seen.matches("that is another name").count() == 3 && seen.contains(&format!("--confirm {MODEL}@4")), "{seen}");
    unchanged("three times wrong");

    let (status, seen) = asked(&home, &promote, TYPE, &["\x04"], 80);
    assert_eq!(status.code(), Some(5), "{seen}");
    assert!(seen.contains("nothing was changed"), "{seen}");
    unchanged("Ctrl-D");

    let (status, seen) = asked(&home, &promote, TYPE, &["ticket-du\x03"], 80);
    assert_eq!(status.code(), Some(130), "{seen}");
    assert!(seen.contains("interrupted: nothing was changed") && seen.contains("hint: "), "{seen}");
    unchanged("Ctrl-C");

    let named = format!("{MODEL}\r");
    let (status, seen) = asked(&home, &promote, TYPE, &["wrong\r", &named], 80);
    assert_eq!(status.code(), Some(0), "{seen}");
    assert_eq!((stage(&home, 4), stage(&home, 3)), ("Production".into(), "Archived".into()));

    // Erased and typed anew, as the terminal edits a line.
    let (status, seen) = asked(&home, &format!("ml models rollback {MODEL}"), TYPE, &[&format!("oops\x15{named}")], 80);
    assert_eq!(status.code(), Some(0), "{seen}");
    assert_eq!(stage(&home, 3), "Production");
    let (status, seen) = asked(&home, &format!("ml models archive {MODEL}@3 --force --reason none"), TYPE, &[&named], 80);
    assert_eq!(status.code(), Some(0), "{seen}");
    assert_eq!(stage(&home, 3), "Archived");
}

#[test]
fn forty_columns_are_enough() {
    let home = seven_versions();
    let (status, seen) = asked(&home, &format!("ml models promote {MODEL}@5"), TYPE, &[&format!("{MODEL}\r")], 40);
    assert_eq!(status.code(), Some(0), "{seen}");
    assert!(
        seen.contains(&format!("Type {MODEL} to go on:")) && seen.contains("3 → Archived") || seen.contains("will be archived"),
        "{seen}"
    );
    assert_eq!(stage(&home, 5), "Production");
}

#[test]
fn a_yes_or_no_question_takes_yes_and_no() {
    let home = seven_versions();
    let (question, line) = ("[y/N]", format!("ml models promote {MODEL}@1 --to staging"));
    let before = state(&home);
    for (answers, word) in [
        (vec!["n\r"], "the answer was no"),
        (vec!["\r"], "the answer was no"),
        (vec!["\x04"], "the input ended"),
        (vec!["maybe\r", "so\r", "?\r"], "neither yes nor no"),
    ] {
        let (status, seen) = asked(&home, &line, question, &answers, 80);
        assert_eq!(status.code(), Some(5), "{seen}");
        assert!(seen.contains(word), "{seen}");
    }
    let (status, _) = asked(&home, &line, question, &["\x03"], 80);
    assert_eq!(status.code(), Some(130));
    assert_eq!(state(&home), before);
    let (status, seen) = asked(&home, &line, question, &["perhaps\r", "Yes\r"], 80);
    assert_eq!(status.code(), Some(0), "{seen}");
    assert_eq!(stage(&home, 1), "Staging");
}

#[test]
fn a_terminal_is_not_asked_in_ci_or_with_no_input() {
    let home = seven_versions();
    let line = format!("ml models promote {MODEL}@4");
    for (line, variables) in [(line.clone(), [("CI", "true")].as_slice()), (format!("{line} --no-input"), &[])] {
        let (status, seen) = start(&home, &line, 80, variables).end();
        assert_eq!(status.code(), Some(5), "{seen}");
        assert!(seen.contains("--confirm") && !seen.contains(TYPE), "{seen}");
    }
}

#[test]
fn every_question_is_refused_where_nobody_can_answer() {
    let home = seven_versions();
    let before = state(&home);
    let (mut slowest, mut runs) = (Duration::ZERO, 0);
    for verb in hivectl::cli::verbs() {
        for (flag, line) in verb.questions {
            let words: Vec<&str> = line.split(' ').collect();
            let refused = |how: &str, input: Option<&[u8]>, more: &[&str], variables: &[(&str, &str)]| {
                let mut command = home.command(&[&words, more].concat());
                command.envs(variables.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::piped());
                command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
                let begun = Instant::now();
                let mut child = command.spawn().expect("hivectl starts");
                // The input stays open: who waits for more than this waits for ever.
                let mut stdin = child.stdin.take();
                if let (Some(stdin), Some(bytes)) = (&mut stdin, input) {
                    let _ = stdin.write_all(bytes);
                }
                let status = end_of(&mut child, || format!("{line} with {how}"));
                let took = begun.elapsed();
                let (mut said, mut error) = (child.stdout.take().expect("a pipe"), child.stderr.take().expect("a pipe"));
                let mut text = String::new();
                let _ = said.read_to_string(&mut text).and_then(|_| error.read_to_string(&mut text));
                assert_eq!(status.code(), Some(5), "{line} with {how}: {text}");
                assert!(text.contains(flag), "{line} with {how}: {text}");
                took
            };
            let typed: &[u8] = b"yes\nticket-duration-predictor\n";
            for took in [
                refused("stdin closed", None, &[], &[]),
                refused("a pipe", Some(typed), &[], &[]),
                refused("CI", None, &[], &[("CI", "true")]),
                refused("--no-input", Some(typed), &["--no-input"], &[]),
                refused("JSON", None, &["-o", "json"], &[]),
            ] {
                (slowest, runs) = (slowest.max(took), runs + 1);
            }
        }
    }
    assert_eq!(state(&home), before);
    eprintln!("{runs} questions refused where nobody can answer, the slowest after {} ms", slowest.as_millis());
}
