//! What stands on the screen, at every width and in every manner.
//!
//! `HIVECTL_WRITE_SCREENS=1 cargo test --test shell screens` writes the files of `screens/` anew; look at them.

use std::path::Path;

use crate::support::Home;
use crate::terminal::hivectl;

const WIDTHS: [u16; 4] = [40, 80, 120, 200];

/// Contexts with names in wide letters, pictures and escape codes.
const FILE: &str = "contexts:\n  prod:\n    registry: http://mlflow.example:5000\n    prometheus: http://prometheus.example:9090\n    protected: yes\n  \"模型注册表\":\n    registry: 模型.db\n  \"🐝 hive\":\n    tickets: logs/🐝.ndjson\n  \"e\\e[31mvil\\e[2K\":\n    registry: \"x\\u202e.db\"\n";

fn compare(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shell/screens").join(format!("{name}.txt"));
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

#[test]
fn a_table_is_never_wider_than_the_screen() {
    let home = Home::with_models();
    let _ = home.run(&["ml", "models", "import", "model.hivectl-model", "--name", "模型-🐝-很长的名字-很长的名字"]).expect(0);
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
}

#[test]
fn an_interrupt_says_what_is_done_and_what_to_type() {
    use crate::terminal::Terminal;
    let home = Home::with_models();
    let words = ["ml", "train", "--model", "duration", "--trees", "100000", "--tickets", "tickets.parquet"];
    let terminal = Terminal::start(&home, env!("CARGO_BIN_EXE_hivectl"), &words, 80, &[]);
    // Training such a forest takes far longer than this.
    std::thread::sleep(std::time::Duration::from_millis(700));
    terminal.type_keys("\u{3}");
    let (status, seen) = terminal.end();
    assert_eq!(status.code(), Some(130), "{seen}");
    assert!(seen.contains("interrupted: nothing was changed") && seen.contains("--trees 100000"), "{seen}");
    let list = home.run(&["ml", "models", "verify", "-o", "json"]).json(0);
    assert_eq!(list["data"]["findings"].as_array().map(Vec::len), Some(0));
}
