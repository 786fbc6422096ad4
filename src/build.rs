//! Notes the commit that a release is built from, for `hivectl version`.
//!
//! A packager names it in HIVECTL_COMMIT; otherwise git is asked, if it and its folder are there. A debug build does
//! not look, because it would be built anew after every commit.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=src/build.rs");
    println!("cargo:rerun-if-env-changed=HIVECTL_COMMIT");
    let named = std::env::var("HIVECTL_COMMIT").ok().filter(|name| !name.is_empty());
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let commit = named.or_else(|| if is_release { of_git() } else { None });
    println!("cargo:rustc-env=HIVECTL_BUILT_FROM={}", commit.as_deref().unwrap_or("unknown"));
}

/// The commit of the folder itself, and not of one around it.
fn of_git() -> Option<String> {
    if !Path::new(".git").exists() {
        return None;
    }
    // What this names changes with every commit.
    let log = git(&["rev-parse", "--git-path", "logs/HEAD"])?;
    if Path::new(&log).exists() {
        println!("cargo:rerun-if-changed={log}");
    }
    git(&["rev-parse", "--short=12", "HEAD"])
}

fn git(words: &[&str]) -> Option<String> {
    let output = Command::new("git").args(words).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.trim().to_owned()).filter(|text| output.status.success() && !text.is_empty())
}
