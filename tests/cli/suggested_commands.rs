//! Every command that hivectl suggests, and every command on a page, is one that it takes.

use std::path::Path;

use hivectl::base::{CommandLine, command_examples, commands};

use crate::support::{Home, MODEL};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What the real command tree says against a command; help that is asked for is no objection.
fn objection(command: &CommandLine) -> Option<String> {
    // A verb that is only named, not to be typed as it stands.
    if command.words() == ["ml", "models", "export"] {
        return None;
    }
    let words = ["hivectl"].into_iter().chain(command.words().iter().map(String::as_str));
    match hivectl::cli::command().try_get_matches_from(words) {
        Err(error) if error.exit_code() != 0 => Some(format!("{command}: {error}")),
        _ => None,
    }
}

#[test]
fn every_suggested_command_is_taken() {
    let wrong: Vec<String> = command_examples::examples().iter().filter_map(objection).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_suggested_command_that_only_reads_is_understood() {
    let home = Home::with_models();
    std::fs::copy(home.path().join("tickets.parquet"), home.path().join("FILE.parquet")).expect("copied");
    for command in command_examples::examples().iter().filter(|command| !command.changes()) {
        let words: Vec<&str> = command.words().iter().map(|word| if word == "FILE" { "FILE.parquet" } else { word.as_str() }).collect();
        let ran = home.run(&words);
        // `ml models export` names no version, and the server of the examples is not there.
        let expected =
            words == ["ml", "models", "export"] || words.contains(&"--timeout") || words.iter().any(|word| word.contains("mongodb"));
        assert!(expected || !matches!(ran.code, 1 | 2), "{command}: {} {}", ran.code, ran.stderr);
    }
}

#[test]
fn every_line_of_a_runbook_is_taken() {
    let mut lines = 0;
    for id in hivectl::runbook::IDS {
        for language in [hivectl::runbook::Language::English, hivectl::runbook::Language::Portuguese] {
            let book = hivectl::runbook::read(id, language).expect("a runbook");
            for step in book.steps.iter().filter(|step| step.kind != hivectl::runbook::StepKind::External) {
                let line = step.filled(|name| Some(if name == "latest" { "1" } else { "word" }.to_owned()));
                let command = line.parse::<CommandLine>().unwrap_or_else(|error| panic!("{id}: {error}"));
                assert_eq!(objection(&command), None, "{id}");
                lines += 1;
            }
        }
    }
    assert!(lines > 90, "{lines}");
}

#[test]
fn every_command_on_a_page_is_taken() {
    let mut lines: Vec<String> = Vec::new();
    for file in ["README.md", "tests/bench/README.md", "examples/cronjob.yaml"] {
        let text = std::fs::read_to_string(root().join(file)).expect(file);
        lines.extend(text.lines().map(|line| line.trim().trim_start_matches("$ ").to_owned()).filter(|line| line.starts_with("hivectl ")));
    }
    for (_, page) in hivectl::cli::manual_pages() {
        let plain = page.replace("\\-", "-").replace("\\*(Aq", "'").replace("\\fR", "");
        lines.extend(
            plain
                .lines()
                .filter_map(|line| line.strip_prefix("\\fB"))
                .filter(|line| line.starts_with("hivectl ") && !line.contains('['))
                .map(str::to_owned),
        );
    }
    assert!(lines.len() > 100, "{}", lines.len());
    let wrong = lines.iter().filter_map(|line| {
        let line = line.split(" | ").next().unwrap_or_default().split("  #").next().unwrap_or_default();
        line.parse().map_or_else(|_| Some(format!("not read: {line}")), |command| objection(&command))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_command_that_a_drift_check_recommends_is_taken_for_every_model() {
    for (kind, variant, name) in [("duration", None, None), ("scheduling", None, None), ("anomaly", Some("outcome"), Some(MODEL))] {
        assert_eq!(objection(&commands::train_and_promote(kind, variant, name)), None);
    }
}
