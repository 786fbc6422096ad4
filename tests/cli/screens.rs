//! What stands on the screen, at every width and in every manner.
//!
//! `HIVECTL_WRITE_SCREENS=1 cargo test --test cli screens` writes the files of `screens/` anew; look at them.

use std::path::Path;

use crate::common::terminal::Terminal;
use crate::screens_mask::normal;
use crate::support::{Home, MODEL, Ran, hivectl};
use hivectl::error::ErrorKind;
use std::process::Stdio;

const WIDTHS: [u16; 4] = [40, 80, 120, 200];

/// Contexts with names in wide letters, pictures and escape codes.
const FILE: &str = "contexts:\n  prod:\n    registry: http://mlflow.example:5000\n    prometheus: http://prometheus.example:9090\n    protected: yes\n  \"模型注册表\":\n    registry: 模型.db\n  \"🐝 hive\":\n    tickets: logs/🐝.ndjson\n  \"e\\e[31mvil\\e[2K\":\n    registry: \"x\\u202e.db\"\n";

fn compare(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/screens").join(format!("{name}.txt"));
    if std::env::var_os("HIVECTL_WRITE_SCREENS").is_some() {
        std::fs::write(&path, found).expect("written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == *found, "{} differs; look at it with HIVECTL_WRITE_SCREENS=1\n{found}", path.display());
}

fn home() -> Home {
    let home = Home::new();
    home.write(".hivectl.yaml", FILE);
    home
}

#[test]
fn tables_and_errors_at_every_width() {
    for (name, line) in [
        ("runbook-list", "hivectl runbook list"),
        ("runbook-list-wide", "hivectl runbook list -o wide --lang pt-BR"),
        ("config-contexts", "hivectl config contexts"),
        ("config-list", "hivectl config list"),
        ("explain", "hivectl explain HML-1400"),
        ("error-context", "hivectl ml models list --context prad"),
        ("error-usage", "hivectl ml trian"),
        ("error-confirm", "hivectl config set protected no --context prod --no-input"),
        ("error-former", "hivectl ml rollback --specialist duration --to-version 3"),
    ] {
        let home = home();
        let mut found = String::new();
        for width in WIDTHS {
            let (status, seen) = hivectl(&home, line, width, &[]);
            assert!(!seen.contains('\u{1b}') || name == "error-usage", "{line}: {seen:?}");
            found.push_str(&format!("== {width} columns, exit code {}\n{seen}", status.code().unwrap_or(-1)));
        }
        // Hints hold the program as it was called.
        let found = found.replace(env!("CARGO_BIN_EXE_hivectl"), "hivectl");
        compare(name, &found.replace(home.path().to_str().expect("a path"), "~"));
    }
}

#[test]
fn plain_words_where_letters_or_colours_are_not_wanted() {
    let home = home();
    let mut found = String::new();
    let manners: [(&str, &[(&str, &str)]); 5] = [
        ("--accessible", &[]),
        ("", &[("TERM", "dumb")]),
        ("", &[("NO_COLOR", "1")]),
        ("", &[("LANG", "C")]),
        ("", &[("ACCESSIBLE", "1")]),
    ];
    for (flag, variables) in manners {
        let (_, seen) = hivectl(&home, &format!("hivectl config contexts {flag}"), 80, variables);
        assert!(!seen.contains('\u{1b}'), "{seen:?}");
        found.push_str(&format!("== {flag} {variables:?}\n{seen}"));
    }
    compare("manners", &found);
}

/// Every table and report of the tool, with the home that it is shown in.
const TABLES: &[(&str, &str)] = &[
    ("models-list", "hivectl ml models list"),
    ("models-list-wide", "hivectl ml models list -o wide"),
    ("models-versions", "hivectl ml models list ticket-duration-predictor"),
    ("models-show", "hivectl ml models show duration"),
    ("models-history", "hivectl ml models history duration"),
    ("models-compare", "hivectl ml models compare ticket-duration-predictor@2 ticket-duration-predictor@3 --tickets tickets.parquet"),
    ("models-promote-plan", "hivectl ml models promote ticket-duration-predictor@3 --dry-run --reason 'it is better by far'"),
    ("models-promote-judged", "hivectl ml models promote ticket-duration-predictor@3 --dry-run --tickets tickets.parquet"),
    ("models-rollback-plan", "hivectl ml models rollback duration --dry-run"),
    ("models-archive", "hivectl ml models archive ticket-duration-predictor@3 --dry-run"),
    ("models-verify", "hivectl ml models verify"),
    ("models-tag", "hivectl ml models tag ticket-duration-predictor@1 team=night"),
    ("models-alias", "hivectl ml models alias set ticket-duration-predictor stable 1"),
    ("validate", "hivectl ml validate --tickets tickets.parquet"),
    ("drift-check", "hivectl ml drift check --model duration --tickets tickets.parquet --no-record"),
    ("drift-history", "hivectl ml drift history"),
    ("drift-baseline-list", "hivectl ml drift baseline list"),
    ("drift-baseline-show", "hivectl ml drift baseline show duration"),
    ("stats", "hivectl ml stats --tickets tickets.parquet"),
    ("train", "hivectl ml train --dry-run --trees 5 --seed 1 --threads 1 --tickets tickets.parquet"),
    ("retrain", "hivectl ml retrain --model duration --dry-run --trees 5 --cool-down 0s --threads 1 --tickets tickets.parquet"),
    ("predict", "hivectl ml predict --model duration --tickets tickets.parquet --out predicted.csv"),
    ("backfill-errors", "hivectl ml backfill --errors-only --tickets tickets.parquet"),
    ("doctor", "hivectl doctor --check config,registry"),
    ("audit-log", "hivectl audit log ticket-anomaly-detector"),
    ("audit-verify", "hivectl audit verify"),
    ("config-check", "hivectl config check"),
    ("config-path", "hivectl config path"),
    ("error-model", "hivectl ml models show ticket-duration-predicter"),
    ("error-bare-name", "hivectl ml models promote duration"),
    ("error-no-answer", "hivectl ml models promote ticket-duration-predictor@3"),
    ("error-few-tickets", "hivectl ml train --min-samples 5000 --tickets tickets.parquet"),
    ("error-no-file", "hivectl ml train --tickets absent.parquet"),
];

/// Tickets, models and their history, in a registry that is named without its folder.
const REGISTRY: (&str, &str) = ("HIVECTL_REGISTRY", ".local/share/hivectl/registry.db");

#[test]
fn every_table_at_every_width() {
    let Some(prepared) = Home::with_models_of_an_operator() else {
        println!("SKIPPED: the name of this host is longer than 14 letters");
        return;
    };
    for (name, line) in TABLES {
        let mut found = String::new();
        for width in WIDTHS {
            // CI draws no bars, whose number depends on the machine's haste.
            let (status, seen) = hivectl(&prepared, line, width, &[REGISTRY, ("CI", "1")]);
            assert!(!seen.contains('\u{1b}'), "{line}: {seen:?}");
            found.push_str(&format!("== {width} columns, exit code {}\n{}", status.code().unwrap_or(-1), normal(&seen, &prepared)));
        }
        compare(name, &found);
    }
}

#[test]
fn questions_and_what_comes_of_them() {
    let Some(prepared) = Home::with_models_of_an_operator() else {
        println!("SKIPPED: the name of this host is longer than 14 letters");
        return;
    };
    let mut found = String::new();
    for (line, question, answer) in [
        (format!("ml models promote {MODEL}@1 --to staging"), "[y/N] ", "y\r".to_owned()),
        (format!("ml models promote {MODEL}@3"), "to go on: ", format!("{MODEL}\r")),
        (format!("ml models rollback {MODEL}"), "to go on: ", "another\r\u{4}".to_owned()),
        (format!("ml models rollback {MODEL}"), "to go on: ", format!("{MODEL}\r")),
        (format!("ml models archive {MODEL}@3"), "[y/N] ", "n\r".to_owned()),
    ] {
        for width in [40, 80] {
            let home = prepared.copy();
            let words: Vec<&str> = line.split(' ').collect();
            let terminal = Terminal::start(&home, env!("CARGO_BIN_EXE_hivectl"), &words, width, &[REGISTRY]);
            terminal.wait_for(question, 1);
            terminal.type_keys(&answer);
            let (status, seen) = terminal.end();
            let code = status.code().unwrap_or(-1);
            found.push_str(&format!("== {line} at {width} columns, exit code {code}\n{}", normal(&seen, &home)));
        }
    }
    compare("questions", &found);
}

#[test]
fn names_in_wide_letters_and_with_escape_codes_do_no_harm() {
    let home = Home::with_models();
    for name in ["模型-很长的名字", "bees-🐝🐝"] {
        home.run(&["ml", "models", "import", "model.hivectl-model", "--name", name]).expect(0);
    }
    // No command makes such a name; another tool that writes into the same database may.
    let database = rusqlite::Connection::open(home.path().join(".local/share/hivectl/registry.db")).expect("the registry");
    let statement = "INSERT INTO registered_models (name, creation_time, last_updated_time) VALUES (?1, 0, 0)";
    let _ = database.execute(statement, ["evil\u{1b}[31m\u{1b}[2K\u{202e}name"]).expect("a row");
    drop(database);
    let mut found = String::new();
    for width in WIDTHS {
        let (_, seen) = hivectl(&home, "hivectl ml models list", width, &[REGISTRY]);
        assert!(!seen.contains('\u{1b}') && !seen.contains('\u{202e}'), "{seen:?}");
        found.push_str(&format!("== {width} columns\n{}", normal(&seen, &home)));
    }
    compare("models-list-names", &found);
}

#[test]
fn colours_are_few_and_stand_on_light_and_on_dark() {
    let home = home();
    let mut screens = Vec::new();
    for background in ["15;0", "0;15"] {
        let variables = [("COLORFGBG", background)];
        let lines = [
            "hivectl ml trian",
            "hivectl ml models list --stage nowhere",
            "hivectl --help",
            "hivectl ml models list",
            "hivectl doctor --check config",
        ];
        screens.push(lines.map(|line| hivectl(&home, line, 80, &variables).1));
    }
    assert_eq!(screens[0][..4], screens[1][..4], "what is printed depends on the background");
    let mut seen = 0;
    for code in screens.iter().flatten().flat_map(|screen| screen.split("\u{1b}[").skip(1)) {
        let code = code.split('m').next().unwrap_or_default();
        // Bold, underlined, and the colours that every palette keeps apart from its background: no black, no white,
        // no yellow, no background.
        assert!(["", "0", "1", "4", "31", "32", "34", "35", "36"].contains(&code), "{code}");
        seen += 1;
    }
    assert!(seen > 10, "{seen}");
    for variables in [&[("NO_COLOR", "1")][..], &[("TERM", "dumb")]] {
        let (_, shown) = hivectl(&home, "hivectl ml trian", 80, variables);
        assert!(!shown.contains('\u{1b}'), "{variables:?}: {shown:?}");
    }
}

#[test]
fn plain_words_hold_no_letter_beyond_ascii() {
    let home = Home::with_models();
    let plain: [(&str, &[(&str, &str)]); 3] = [("--accessible", &[]), ("", &[("TERM", "dumb")]), ("", &[("LANG", "C")])];
    for (flag, variables) in plain {
        for (name, line) in TABLES.iter().filter(|(name, _)| !name.starts_with("error")) {
            let variables = [variables, &[REGISTRY, ("CI", "1")]].concat();
            let (_, seen) = hivectl(&home, &format!("{line} {flag}"), 80, &variables);
            let beyond: Vec<char> = seen.chars().filter(|letter| !letter.is_ascii()).collect();
            assert!(beyond.is_empty(), "{name} {flag} {variables:?}: {beyond:?}\n{seen}");
        }
    }
}

#[test]
fn a_table_is_never_wider_than_the_screen() {
    let home = Home::with_models();
    home.run(&["ml", "models", "import", "model.hivectl-model", "--name", "模型-🐝-很长的名字-很长的名字"]).expect(0);
    for line in [
        "hivectl ml models list",
        "hivectl ml models history ticket-duration-predictor",
        "hivectl audit log",
        "hivectl doctor",
        "hivectl config list",
    ] {
        for width in WIDTHS {
            let (_, seen) = hivectl(&home, &format!("{line} -q"), width, &[]);
            for shown in seen.lines() {
                assert!(unicode_width::UnicodeWidthStr::width(shown) <= usize::from(width), "{line} at {width}: {shown}");
            }
        }
    }
}

#[test]
fn no_bar_is_drawn_into_a_pipe() {
    let home = Home::with_models();
    let ran = home.run(&["ml", "train", "--model", "duration", "--dry-run", "--tickets", "tickets.parquet"]).expect(0);
    assert!(!ran.stderr.contains('\r') && !ran.stderr.contains('\u{1b}') && !ran.stdout.contains('\u{1b}'), "{}", ran.stderr);
}

#[test]
fn the_version_tells_build_and_formats() {
    let home = Home::new();
    let data = home.run(&["version", "-o", "json"]).json(0)["data"].clone();
    assert_eq!(data["version"], env!("CARGO_PKG_VERSION"));
    for key in ["registry_schema", "registry_schema_newest", "package_format", "rust_version"] {
        assert!(!data[key].is_null(), "{key}: {data}");
    }
    assert!(data["build"]["profile"].is_string() && data["build"]["system"].is_string(), "{data}");
    assert!(data["build"]["commit"].as_str().is_some_and(|commit| commit == "unknown" || commit.len() >= 7), "{data}");
}

#[test]
fn an_interrupt_says_what_is_done_and_what_to_type() {
    let home = Home::with_models();
    let words = ["ml", "train", "--model", "duration", "--trees", "100000", "--tickets", "tickets.parquet"];
    let terminal = Terminal::start(&home, env!("CARGO_BIN_EXE_hivectl"), &words, 80, &[]);
    // Training such a forest takes far longer than this.
    std::thread::sleep(std::time::Duration::from_millis(700));
    terminal.type_keys("\u{3}");
    let (status, seen) = terminal.end();
    assert_eq!(status.code(), Some(130), "{seen}");
    assert!(seen.contains("interrupted: nothing was changed") && seen.contains("--trees 100000"), "{seen}");
    for (signal, code, kind) in [("INT", 130, "interrupted"), ("TERM", 143, "terminated")] {
        let mut child = home.command(&words).args(["-o", "json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        std::thread::sleep(std::time::Duration::from_millis(700));
        let _ = std::process::Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().expect("sent");
        let _ = child.wait().expect("an end");
        let document = Ran::of(child.wait_with_output().expect("its output")).json(code)["error"].clone();
        assert_eq!((&document["kind"], &document["exit_code"]), (&kind.into(), &code.into()), "{document}");
        assert!(document["hints"][0].as_str().is_some_and(|hint| hint.contains("--trees 100000")), "{document}");
    }
    assert_eq!(ErrorKind::Interrupted.code(), "HML-13000");
    assert_eq!(ErrorKind::Terminated.code(), "HML-14300");
    let list = home.run(&["ml", "models", "verify", "-o", "json"]).json(0);
    assert_eq!(list["data"]["findings"].as_array().map(Vec::len), Some(0));
}
