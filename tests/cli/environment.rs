//! Homes, disks, locales and arguments that nobody should have: a clear error, nothing changed.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use crate::support::{Home, Ran};

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

#[test]
fn a_switch_that_says_neither_yes_nor_no_stops_what_it_switches() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 200);
    let train = ["ml", "train", "--model", "duration", "--tickets", "t.ndjson"];
    for variable in ["ML_BACKFILL_ERRORS", "HIVECTL_BASELINE_TO_MONGODB"] {
        let ran = home.run_with(&train, &[(variable, "maybe")]).expect(11);
        assert!(ran.stderr.contains(variable) && ran.stderr.contains("'maybe'"), "{}", ran.stderr);
        assert!(!home.has_registry());
    }
    home.run_with(&train, &[("ML_BACKFILL_ERRORS", "No")]).expect(0);
}
