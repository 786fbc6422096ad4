//! Files, homes, locales and arguments that nobody should have: a clear error, nothing changed.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use crate::models_home::{Home, Ran};

fn refused(text: impl AsRef<[u8]>, line: &str, words: &[&str]) {
    let home = Home::new();
    let file = home.write_config(text.as_ref());
    for command in [&["config", "list"][..], &["ml", "models", "list"], &["config", "set", "window_days", "9"]] {
        let ran = home.run(command).expect(11);
        assert!(ran.stderr.contains(&format!("config.yaml:{line}")), "{line}: {}", ran.stderr);
        assert!(words.iter().all(|word| ran.stderr.contains(word)), "{words:?}: {}", ran.stderr);
    }
    assert_eq!(std::fs::read(file).expect("the file"), text.as_ref());
}

#[test]
fn a_file_of_settings_that_is_wrong_is_refused_with_its_line() {
    refused("window_days: 3\n\tregistry: a.db\n", "2", &["not a configuration", "a tab stands", "spaces"]);
    refused("window_days: 3\nregistry: a\nwindow_days: 4\n", "3", &["'window_days' stands twice"]);
    refused("contexts:\n  a:\n    registry: x\n  a:\n    registry: y\n", "4", &["'a' stands twice"]);
    refused("window_days: many\n", "1", &["expected a number"]);
    refused("registry: [a, b]\n", "", &[]);
    refused("- registry\n", "", &["not a configuration"]);
    refused("protected: perhaps\n", "1", &["expected yes or no"]);
    refused("min_samples: 1.5\n", "1", &["expected a whole number"]);
    refused("contexts:\n  a:\n    extends: a\n", "3", &["points at itself"]);
    refused("contexts:\n  a:\n    context: b\n", "3", &["points at 'b'"]);
    refused("contexts: 3\n", "1", &[]);
    refused("regestry: a.db\n", "1", &["did you mean 'registry'?"]);
    refused([0xff, 0xfe, b':', b' ', b'x', b'\n'], "", &["UTF-8"]);
    refused(format!("registry: {}\n", "x".repeat(10 << 20)), "1", &["10485771 bytes"]);
}

#[test]
fn anchors_that_grow_a_million_times_are_refused_at_once() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..8 {
        let before = level - 1;
        text.push_str(&format!("a{level}: &a{level} [{}]\n", vec![format!("*a{before}"); 10].join(", ")));
    }
    refused(text, "", &[]);
    refused("a: &a {b: *a}\n", "", &[]);
}

#[test]
fn an_unknown_context_lists_those_that_are_there() {
    let home = Home::new();
    home.write_config("contexts:\n  prod:\n    registry: p.db\n");
    let ran = home.run(&["ml", "models", "list", "--context", "produ"]).expect(11);
    assert!(ran.stderr.contains("there is no context 'produ'") && ran.stderr.contains("prod"), "{}", ran.stderr);
    home.write_config("current_context: gone\ncontexts:\n  prod:\n    registry: p.db\n");
    home.run(&["ml", "models", "list"]).expect(11);
}

#[test]
fn no_home_and_a_home_that_cannot_be_written_are_told() {
    let home = Home::new();
    let without = |words: &[&str]| Ran::of(home.command(words).env_remove("HOME").output().expect("hivectl runs"));
    let ran = without(&["ml", "models", "list"]).expect(11);
    assert!(ran.stderr.contains("there is no HOME") && ran.stderr.contains("HIVECTL_HOME"), "{}", ran.stderr);
    without(&["config", "set", "window_days", "3"]).expect(11);
    without(&["version"]).expect(0);
    without(&["explain", "HML-1101"]).expect(0);
    without(&["__complete", "bash", "hivectl ml models show "]).expect(0);
    // A file where the folder should be stops the superuser too.
    home.write("file", "");
    let path = home.path().join("file");
    let blocked = |words: &[&str]| home.run_with(words, &[("HIVECTL_HOME", path.to_str().expect("a path"))]);
    let ran = blocked(&["config", "set", "window_days", "3"]);
    assert!(matches!(ran.code, 10 | 11) && ran.stderr.contains("file"), "{}\n{}", ran.code, ran.stderr);
    assert_eq!(std::fs::read(&path).expect("the file"), b"");
}

#[test]
fn a_disk_that_is_read_only_is_told() {
    let home = Home::new();
    // No file system is less willing to be written than that of the processes.
    let ran = home.run_with(&["config", "set", "window_days", "3"], &[("HIVECTL_HOME", "/proc/hivectl")]);
    assert!(matches!(ran.code, 4 | 10 | 11) && ran.stderr.contains("/proc/hivectl"), "{}\n{}", ran.code, ran.stderr);
    let ran = home.run_with(&["doctor", "--check", "machine", "-o", "json"], &[("HIVECTL_HOME", "/proc/hivectl")]);
    assert!(ran.stdout.contains("data_folder"), "{}", ran.stdout);
}

#[test]
fn a_locale_and_arguments_that_are_not_utf8_are_no_trouble() {
    let home = Home::new();
    let list = home.run_with(&["runbook", "show", "rollback"], &[("LC_ALL", "pt_BR.ISO-8859-1")]).expect(0);
    assert!(list.stdout.starts_with("# Voltar"), "{}", list.stdout);
    let strange = OsStr::from_bytes(b"mod\xffel");
    for words in [&["ml", "models", "show"][..], &["ml", "train", "--tickets"], &["explain"], &["config", "get"], &["runbook", "show"], &[]]
    {
        let output = home.command(words).arg(strange).output().expect("hivectl runs");
        let code = output.status.code().unwrap_or(-1);
        assert!(matches!(code, 2 | 4), "{words:?}: {code} {}", String::from_utf8_lossy(&output.stderr));
        assert!(!output.stderr.is_empty());
    }
}

#[test]
fn ten_thousand_arguments_are_one_error() {
    let home = Home::new();
    let many = vec!["x"; 10_000];
    let ran = home.run(&[&["ml", "models", "list"], &many[..]].concat()).expect(2);
    assert!(ran.stderr.lines().count() < 20, "{}", ran.stderr);
    let flags = vec!["--reason=x"; 10_000];
    home.run(&[&["ml", "models", "list"], &flags[..]].concat()).expect(2);
    let files = vec!["--tickets=absent.ndjson"; 10_000];
    let ran = home.run(&[&["ml", "train"], &files[..]].concat()).expect(4);
    assert!(ran.stderr.lines().count() < 20, "{}", ran.stderr);
}
