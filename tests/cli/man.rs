//! The manual pages are clean and whole.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Home, has};

#[test]
fn every_page_has_every_section() {
    let pages = hivectl::cli::manual_pages();
    assert!(pages.len() > 45, "{}", pages.len());
    let (files, commands): (Vec<_>, Vec<_>) = pages.iter().partition(|(name, _)| name == "hivectl-policy");
    for (name, text) in files {
        for section in ["NAME", "DESCRIPTION", "EXAMPLE", "COMMANDS", "\"SEE ALSO\""] {
            assert_eq!(text.matches(&format!("\n.SH {section}\n")).count(), 1, "{name}: {section}");
        }
    }
    for (name, text) in commands {
        for section in [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "\"WHAT IT CHANGES\"",
            "EXAMPLES",
            "\"EXIT STATUS\"",
            "FILES",
            "ENVIRONMENT",
            "\"SEE ALSO\"",
        ] {
            assert_eq!(text.matches(&format!("\n.SH {section}\n")).count(), 1, "{name}: {section}");
        }
    }
}

#[test]
fn mandoc_and_man_find_nothing_to_warn_of() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    let pages: Vec<_> = std::fs::read_dir(folder).expect("man").map(|entry| entry.expect("a page").path()).collect();
    if has("mandoc") {
        let output = Command::new("mandoc").args(["-T", "lint", "-W", "warning"]).args(&pages).output().expect("mandoc runs");
        let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(!told.contains("WARNING") && !told.contains("ERROR"), "{told}");
    }
    if has("man") && has("groff") {
        for page in &pages {
            let output = Command::new("man")
                .args(["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z"])
                .arg(page)
                .env("MANWIDTH", "80")
                .output()
                .expect("man runs");
            assert!(output.status.success() && output.stderr.is_empty(), "{}: {}", page.display(), String::from_utf8_lossy(&output.stderr));
        }
    }
}

#[test]
fn a_page_is_shown_without_installation() {
    let home = Home::new();
    let page = home.run(&["man", "ml", "models", "promote"]).expect(0).stdout;
    assert!(page.contains(".TH") && page.contains("HIVECTL-ML-MODELS-PROMOTE"), "{page}");
    if has("mandoc") {
        let mut reader = Command::new("mandoc").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("mandoc starts");
        reader.stdin.take().expect("an input").write_all(page.as_bytes()).expect("written");
        let shown = reader.wait_with_output().expect("mandoc ends");
        assert!(String::from_utf8_lossy(&shown.stdout).contains("HIVECTL-ML-MODELS-PROMOTE(1)"));
    }
    let unknown = home.run(&["man", "ml", "trian"]).expect(2);
    assert!(unknown.stderr.contains("hivectl man ml train"), "{}", unknown.stderr);
    let short = home.run(&["ml", "train", "-h"]).expect(0).stdout;
    let long = home.run(&["ml", "train", "--help"]).expect(0).stdout;
    assert!(short.len() < long.len() && long.contains("Examples:") && !short.contains("Examples:"));
    let help = home.run(&["help", "ml", "train"]).expect(0).stdout;
    assert!(help.starts_with(long.trim_end()) && help.contains("\nWhat it changes:\n  Registers a version"), "{help}");
    assert_eq!(home.run(&["ml", "help", "train"]).expect(0).stdout, help);
    // Each form says more than the one before it, and the pointer leads to where the exit codes and the files are.
    let [short, long, whole] = [["-h"], ["--help"], ["help"]].map(|words| home.run(&words).expect(0).stdout);
    assert!(short.len() <= long.len() && long.len() < whole.len());
    assert!(long.contains("`hivectl help`") && !whole.contains("`hivectl help`"), "{long}\n{whole}");
    for told in ["Exit status:", "  14  not enough data", "Files:", "registry.db", "Environment:", "MONGODB_URI"] {
        assert!(whole.contains(told) && !long.contains(told), "{told}: {whole}");
    }
    home.run(&["help", "trian"]).expect(2);
    home.run(&["explain", "help"]).expect(2);
}
