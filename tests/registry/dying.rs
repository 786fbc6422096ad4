//! Killed at any file system call, or refused by the disk: the old state or the new one, never a part.

use std::path::Path;

use hivectl::registry::embedded::EmbeddedRegistry;
use hivectl::registry::{ModelVersion, Registry, Stage};

use crate::faults::{self, Fault, Point};
use crate::support::{self, NAME, new_version, place};

/// Calls that a full disk or a broken one refuses.
const REFUSED: [&str; 9] = ["openat", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "fallocate", "mkdir", "rename"];

/// A registry with a version in Production.
fn base(folder: &Path) {
    let mut first = new_version(NAME);
    first.stage = Stage::Production;
    EmbeddedRegistry::open_or_create(&place(folder)).register(first).expect("the first version");
}

/// Everything that must hold whatever happened; answers with the versions.
fn check(folder: &Path, what: &str) -> Vec<ModelVersion> {
    let registry = EmbeddedRegistry::open_or_create(&place(folder));
    let versions = registry.versions(NAME).unwrap_or_else(|error| panic!("{what}: {error}"));
    for version in &versions {
        assert!(!version.artifacts.is_empty(), "{what}: version {} has no files", version.version);
        for artifact in &version.artifacts {
            registry.read_artifact(version, &artifact.path).unwrap_or_else(|error| panic!("{what}: {error}"));
        }
        assert_eq!(version.aliases.contains(&"champion".to_owned()), version.stage == Stage::Production, "{what}: the alias");
    }
    assert!(versions.iter().filter(|version| version.stage == Stage::Production).count() <= 1, "{what}: several in Production");
    let database = folder.join("registry.db");
    if database.exists() {
        let connection = rusqlite::Connection::open(&database).expect("opened");
        let integrity: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked");
        assert_eq!(integrity, "ok", "{what}");
    }
    versions
}

/// After the disturbance: an undisturbed run succeeds and leaves nothing that no version refers to.
fn check_next_run(job: &str, folder: &Path, before: usize, what: &str) {
    let output = faults::run(job, folder);
    assert!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&output.stdout));
    let versions = check(folder, what);
    assert_eq!(versions.len(), before + 1, "{what}");
    assert_eq!(support::model_folders(folder).len(), versions.len(), "{what}: files that no version refers to");
    let connection = rusqlite::Connection::open(folder.join("registry.db")).expect("opened");
    let notes: i64 = connection.query_row("SELECT count(*) FROM hivectl_pending", [], |row| row.get(0)).expect("counted");
    assert_eq!(notes, 0, "{what}: notes of dead processes");
}

/// Every point with a fault; answers with how many points there were and how often the change had happened.
fn disturb(job: &str, with_base: bool, faults_at: impl Fn(&Point) -> Vec<Fault>) -> (usize, usize) {
    let folder = tempfile::tempdir().expect("temporary folder");
    let origin = folder.path().join("origin");
    std::fs::create_dir(&origin).expect("made");
    if with_base {
        base(&origin);
    }
    let old = check(&origin, "before");
    let fresh = |name: &str| {
        let copy = folder.path().join(name);
        faults::copy_folder(&origin, &copy);
        copy
    };
    let points = faults::points(job, &fresh("counting"));
    assert!(points.len() > 20, "{job}: only {} points were found", points.len());
    let (mut runs, mut happened) = (0, 0);
    for point in &points {
        for fault in faults_at(point) {
            let what = format!("{job}, {fault:?} at {point:?}");
            let copy = fresh(&format!("{runs}"));
            let output = faults::run_with(job, &copy, point, fault);
            let now = check(&copy, &what);
            let is_new = now.len() == old.len() + 1;
            assert!(is_new || now == old, "{what}: neither the old state nor the new one: {now:?}");
            if output.status.success() {
                assert!(is_new, "{what}: success was reported and nothing happened");
            } else if !matches!(fault, Fault::Kill) {
                let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
                assert!(said.contains("HML-1102") || said.contains("HML-1000"), "{what}: {said}");
            }
            check_next_run(job, &copy, now.len(), &what);
            std::fs::remove_dir_all(&copy).expect("removed");
            runs += 1;
            happened += usize::from(is_new);
        }
    }
    (runs, happened)
}

#[test]
fn killed_at_any_call_a_registration_happened_or_did_not() {
    if !faults::strace_works() {
        return;
    }
    for (job, with_base) in [("register", false), ("register-production", true)] {
        let (runs, happened) = disturb(job, with_base, |_| vec![Fault::Kill]);
        eprintln!("{job}: {runs} kills, {happened} after the change");
        assert!(happened > 0 && happened < runs, "{job}: kills before and after the commit");
    }
}

#[test]
fn a_full_or_broken_disk_is_told_and_leaves_nothing_half() {
    if !faults::strace_works() {
        return;
    }
    let (runs, _) = disturb("register-production", true, |point| {
        match point.call.as_str() {
            // With every later write refused, nothing could be said about it either.
            "write" => vec![Fault::Fail("EIO"), Fault::Fail("ENOSPC")],
            call if REFUSED.contains(&call) => vec![Fault::Fail("EIO"), Fault::FailFrom("ENOSPC")],
            _ => vec![],
        }
    });
    eprintln!("register-production: {runs} refused calls");
}
