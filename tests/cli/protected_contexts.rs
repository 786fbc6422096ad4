//! Protected contexts: every command of the tree is known to read or to change, and every change asks.

use std::collections::BTreeMap;

use Does::{Changes, Keeps, Reads};

use crate::common::terminal::Terminal;
use crate::support::{Home, MODEL};

/// What a command does to what others work with.
enum Does {
    /// It changes nothing but files that it is told to write, or the user's own settings and cache.
    Reads,
    /// It also keeps what it saw (a check, a measurement); nothing that serves is touched, so a schedule may run it.
    Keeps,
    /// It changes the registry, the tickets, a server, or the settings of a protected context: the lines to try, and the
    /// exit codes with which they end once the name is given.
    Changes(&'static [&'static str], &'static [i32]),
}

/// Every command.
const COMMANDS: &[(&str, Does)] = &[
    ("ml train", Changes(&["--model duration --trees 5 --tickets tickets.parquet", "--trees 5 --tickets tickets.parquet"], &[0])),
    ("ml retrain", Changes(&["--model duration --trees 5 --cool-down 0s --tickets tickets.parquet"], &[0, 3, 14])),
    ("ml apply", Changes(&["plan.json"], &[0])),
    ("ml backfill", Changes(&["--tickets mongodb://127.0.0.1:9 --timeout 1s"], &[9])),
    ("ml backfill undo", Changes(&["6931f0 --tickets mongodb://127.0.0.1:9 --timeout 1s"], &[9])),
    ("ml validate", Keeps),
    ("ml predict", Reads),
    ("ml forecast", Reads),
    ("ml stats", Reads),
    ("ml jobs list", Reads),
    ("ml jobs show", Reads),
    ("ml dataset synthetic", Reads),
    ("ml dataset features", Reads),
    ("ml drift check", Keeps),
    ("ml drift watch", Keeps),
    ("ml drift history", Reads),
    ("ml drift baseline list", Reads),
    ("ml drift baseline show", Reads),
    ("ml drift baseline save", Changes(&["ticket-duration-predictor@2 --tickets tickets.parquet"], &[0])),
    ("ml drift baseline set", Changes(&["ticket-duration-predictor@2 training"], &[0])),
    ("ml models list", Reads),
    ("ml models show", Reads),
    ("ml models compare", Reads),
    ("ml models history", Reads),
    ("ml models inspect", Reads),
    // Copies of files, which are the user's own.
    ("ml models cache list", Reads),
    ("ml models cache warm", Reads),
    ("ml models cache clear", Reads),
    ("ml models verify", Reads),
    ("ml models export", Reads),
    (
        "ml models promote",
        Changes(&["ticket-duration-predictor@3", "ticket-duration-predictor@1 --to staging --force-gate --reason x"], &[0]),
    ),
    ("ml models rollback", Changes(&["ticket-duration-predictor"], &[0])),
    ("ml models archive", Changes(&["ticket-duration-predictor@3"], &[0])),
    ("ml models migrate", Changes(&["--to both"], &[0])),
    ("ml models alias set", Changes(&["ticket-duration-predictor stable 1"], &[0])),
    ("ml models alias unset", Changes(&["ticket-duration-predictor kept"], &[0])),
    ("ml models tag", Changes(&["ticket-duration-predictor@1 a=b"], &[0])),
    ("ml models register", Changes(&["model.onnx --name other"], &[0])),
    ("ml models import", Changes(&["model.hivectl-model --name other"], &[0])),
    (
        "ml models push",
        Changes(
            &[
                "ticket-duration-predictor@1 --destination elsewhere/models.db",
                "ticket-duration-predictor@1 --destination .local/share/hivectl/registry.db --name other --context open",
            ],
            &[0],
        ),
    ),
    ("ml models pull", Changes(&["ticket-duration-predictor@1 --source copies/models.db --name other"], &[0])),
    ("audit log", Reads),
    ("audit show", Reads),
    ("audit verify", Reads),
    ("config list", Reads),
    ("config get", Reads),
    ("config path", Reads),
    ("config contexts", Reads),
    ("config check", Reads),
    ("config use", Reads),
    ("config set", Changes(&["namespace x --context live"], &[0])),
    ("config unset", Changes(&["protected --context live", "contexts.live"], &[0])),
    ("doctor", Changes(&["--create-indexes --tickets mongodb://127.0.0.1:9 --timeout 1s"], &[9])),
    ("runbook list", Reads),
    ("runbook show", Reads),
    // A runbook that trained nothing better promotes nothing, and its end says so.
    ("runbook run", Changes(&["rollback", "emergency-retraining --set tickets=tickets.parquet"], &[0, 12])),
    ("completions", Reads),
    ("man", Reads),
    ("explain", Reads),
    ("version", Reads),
];

fn leaves(command: &clap::Command, words: &str, found: &mut Vec<String>) {
    let children: Vec<&clap::Command> = command.get_subcommands().filter(|child| child.get_name() != "help").collect();
    // A verb may also be the name of a group.
    if children.is_empty() || hivectl::cli::verbs().iter().any(|verb| verb.words == words.trim()) {
        found.push(words.trim().to_owned());
    }
    for child in children {
        leaves(child, &format!("{words} {}", child.get_name()), found);
    }
}

#[test]
fn every_command_is_known_to_read_or_to_change() {
    let mut found = Vec::new();
    leaves(&hivectl::cli::command(), "", &mut found);
    let known: BTreeMap<&str, &Does> = COMMANDS.iter().map(|(words, does)| (*words, does)).collect();
    let unknown: Vec<&String> = found.iter().filter(|words| !known.contains_key(words.as_str())).collect();
    assert!(unknown.is_empty(), "say in COMMANDS what these do: {unknown:?}");
    assert_eq!(known.len(), found.len(), "COMMANDS names a command that is none");
    // The manual pages say the same.
    let pages: BTreeMap<String, String> = hivectl::cli::manual_pages().into_iter().collect();
    for (words, does) in known {
        let page = &pages[&format!("hivectl-{}", words.replace(' ', "-"))];
        let changes = page.split(".SH \"WHAT IT CHANGES\"\n").nth(1).unwrap_or_default();
        match does {
            Reads => assert!(
                changes.starts_with("Nothing") || changes.contains("line current_context") || changes.contains("nothing in the registry"),
                "{words}: {}",
                &changes[..80]
            ),
            Keeps => assert!(!changes.starts_with("Nothing:"), "{words}: {}", &changes[..80]),
            Changes(..) => assert!(!changes.starts_with("Nothing:"), "{words}: {}", &changes[..80]),
        }
    }
}

/// A home whose context in force is protected and holds a model, and where there is something to apply, pull and take back.
fn prepared() -> Home {
    let home = Home::with_models();
    let run = |line: &str| drop(home.type_line(line).expect(0));
    run(&format!("hivectl ml models alias set {MODEL} kept 1"));
    run(&format!("hivectl ml models promote {MODEL}@3 --plan-out plan.json"));
    run(&format!("hivectl ml models push {MODEL}@1 --destination copies/models.db"));
    let fixture = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rooms/formats/fixtures/isolation.onnx");
    home.write("model.onnx", std::fs::read(fixture).expect("the fixture"));
    let registry = ".local/share/hivectl/registry.db";
    home.write_config(format!(
        "current_context: live\ncontexts:\n  live:\n    protected: yes\n    registry: {registry}\n  open:\n    protected: no\n"
    ));
    home
}

fn log(home: &Home) -> String {
    home.run(&["audit", "log", "--context", "open", "-o", "json"]).json(0)["data"].to_string()
}

#[test]
fn every_change_asks_for_the_typed_name_and_the_refusal_is_the_command_to_type() {
    let prepared = prepared();
    let before = log(&prepared);
    for (words, does) in COMMANDS {
        let Changes(lines, codes) = does else { continue };
        for line in *lines {
            let home = prepared.copy();
            let config = home.config();
            let typed = format!("hivectl {words} {line} --yes");
            let refused = home.type_line(&format!("{typed} -o json")).json(5)["error"].clone();
            assert_eq!((log(&home), home.config()), (before.clone(), config), "{typed}");
            let hint = refused["hints"][0].as_str().expect("a hint");
            let command = hint.split('`').nth(1).unwrap_or_else(|| panic!("{typed}: {hint}"));
            assert!(command.contains("--confirm "), "{typed}: {hint}");
            let command = command.replacen(command.split(' ').next().unwrap_or_default(), "hivectl", 1);
            let done = home.type_line(&command);
            assert!(codes.contains(&done.code), "{command}: {}\n{}\n{}", done.code, done.stdout, done.stderr);
        }
    }
}

#[test]
fn what_reads_asks_nothing_and_what_was_claimed_stays_so_without_a_name() {
    let home = prepared();
    for line in [
        "ml models list",
        "ml train --dry-run --trees 3 --tickets tickets.parquet",
        "ml validate --tickets tickets.parquet",
        "ml drift check --model duration --tickets tickets.parquet",
        "ml models export ticket-duration-predictor@1 one.hivectl-model",
        "config use open",
    ] {
        let ran = home.type_line(&format!("hivectl {line} --no-input"));
        assert!(matches!(ran.code, 0 | 14), "{line}: {}", ran.stderr);
    }
}

#[test]
fn a_protected_context_asks_for_the_typed_name_before_every_change() {
    let home = Home::with_models();
    home.write_config("current_context: live\ncontexts:\n  live:\n    protected: yes\n");
    let before = home.run(&["audit", "log", "-o", "json"]).json(0)["data"].to_string();
    home.run(&["ml", "models", "export", &format!("{MODEL}@1"), "one.hivectl-model"]).expect(0);
    for line in [
        format!("hivectl ml models promote {MODEL}@3 --yes"),
        format!("hivectl ml models promote {MODEL}@3 --to staging --yes --force-gate --reason x"),
        format!("hivectl ml models rollback {MODEL} --yes"),
        format!("hivectl ml models archive {MODEL}@3 --yes"),
        "hivectl ml models archive --older --keep 3 --yes".to_owned(),
        format!("hivectl ml models alias set {MODEL} stable 1 --yes"),
        format!("hivectl ml models alias unset {MODEL} stable --yes"),
        format!("hivectl ml models tag {MODEL}@1 a=b --yes"),
        "hivectl ml models register model.hivectl-model --name other --yes".to_owned(),
        "hivectl ml models import one.hivectl-model --name other --yes".to_owned(),
        format!("hivectl ml drift baseline save {MODEL}@1 --yes --tickets tickets.parquet"),
        format!("hivectl ml drift baseline set {MODEL}@1 training --yes"),
        "hivectl ml train --model duration --promote-if-better --yes --tickets tickets.parquet".to_owned(),
        "hivectl config set namespace x --context live --yes".to_owned(),
        "hivectl config unset contexts.live --yes".to_owned(),
    ] {
        let ran = home.type_line(&line);
        // Nothing is old enough to archive, and another file is no model: then there is nothing to ask about.
        let nothing_to_do =
            ran.code == 0 && ran.stdout.contains("nothing") || ran.stderr.contains("model file") || ran.stderr.contains("no model");
        assert!(ran.code == 5 || nothing_to_do, "{line}: {}\n{}\n{}", ran.code, ran.stdout, ran.stderr);
        assert!(nothing_to_do || ran.stderr.contains("--confirm"), "{line}: {}", ran.stderr);
    }
    assert_eq!(home.run(&["audit", "log", "-o", "json"]).json(0)["data"].to_string(), before);
    home.run(&["ml", "models", "tag", &format!("{MODEL}@1"), "a=b", "--confirm", MODEL]).expect(0);
    let words = ["ml", "models", "promote", &format!("{MODEL}@3")];
    let terminal = Terminal::start(&home, env!("CARGO_BIN_EXE_hivectl"), &words, 200, &[]);
    terminal.wait_for("to go on:", 1);
    assert!(terminal.seen().contains("[live] Type") && terminal.seen().contains("context live [protected]"), "{}", terminal.seen());
    terminal.type_keys("\u{3}");
    let (status, seen) = terminal.end();
    assert_eq!(status.code(), Some(130), "{seen}");
}

#[test]
fn every_plan_and_question_begins_with_the_context() {
    let home = Home::with_models();
    home.write_config("current_context: team\ncontexts:\n  team:\n    protected: yes\n");
    for verb in ["train", "retrain"] {
        let words = ["ml", verb, "--dry-run", "--model", "duration", "--trees", "3", "--tickets", "tickets.parquet"];
        let planned = home.run(&words);
        let first = planned.stdout.lines().next().unwrap_or_default();
        assert!(first.contains("context team [protected]"), "{verb}: {}\n{}", planned.stdout, planned.stderr);
    }
    for line in [
        "ml train --model duration --trees 3 --tickets tickets.parquet".to_owned(),
        format!("ml models alias set {MODEL} stable 1"),
        format!("ml models pull {MODEL}@1 --source .local/share/hivectl/registry.db --name other"),
        format!("ml drift baseline set {MODEL}@2 training"),
    ] {
        let refused = home.type_line(&format!("hivectl {line}")).expect(5);
        let first = refused.stderr.lines().next().unwrap_or_default();
        assert!(first.contains("context team [protected]") && first.contains("would "), "{line}: {}", refused.stderr);
    }
}
