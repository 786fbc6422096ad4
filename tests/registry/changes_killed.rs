//! Killed at any file system call, or refused by the disk: the old state or the new one, never a part, and
//! the same command once more ends where an undisturbed run ends.

use std::collections::BTreeMap;
use std::path::Path;

use hivectl::base::write_whole;
use hivectl::lifecycle::Stage;
use hivectl::registry::bundle::Bundle;
use hivectl::registry::transfer::Stated;
use hivectl::registry::{Annotations, ArtifactFile, AuditLog, ModelStore, Registry, transfer};

use crate::common::folders::copy_folder;
use crate::faults::{self, Fault, Point};
use crate::support::{self, CLAIMED, NAME, add, database, promote, registry};

/// Calls that a full disk or a broken one refuses.
const REFUSED: [&str; 9] = ["openat", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "fallocate", "mkdir", "rename"];

/// What is compared: every version with stage, aliases and tags, without what differs from run to run.
type State = BTreeMap<(String, u32), (Stage, Vec<String>, BTreeMap<String, String>)>;

/// A registry with three versions, the second in Production, one more of another name with claimed metrics, an
/// export of the first, and what a dead process left.
fn base(folder: &Path) {
    let registry = registry(folder);
    for _ in 0..3 {
        add(&registry, NAME, Stage::Staging);
    }
    promote(&registry, NAME, 1);
    promote(&registry, NAME, 2);
    registry.set_tags(NAME, 3, &BTreeMap::from([("former".to_owned(), "x".to_owned())]), &Default::default(), None).expect("tagged");
    let files = vec![ArtifactFile::new("MLmodel", b"flavors: {}".to_vec())];
    let claim = Stated { name: CLAIMED.into(), metrics: BTreeMap::from([("mae".into(), 1.0)]), ..Stated::default() };
    transfer::register_by_hand(&registry, claim, files).expect("registered");
    let version = registry.version(NAME, 1).expect("read").expect("there");
    let bundle = transfer::export(&Registry::complete(registry.clone()), &version).expect("exported");
    write_whole(&folder.join("given.tar"), &bundle.to_bytes().expect("bytes")).expect("written");
    // A process that died while it wrote its files, so that every job has something to tidy.
    faults::run_with("register", folder, &Point { call: "mkdir".to_owned(), number: 3 }, Fault::Kill);
    let notes: i64 = database(folder).query_row("SELECT count(*) FROM hivectl_pending", [], |row| row.get(0)).expect("counted");
    assert_eq!((notes, support::model_folders(folder).len()), (1, 5), "the dead process left its note and its files");
}

/// Everything that must hold whatever happened; answers with the state.
fn check(folder: &Path, what: &str) -> State {
    let registry = registry(folder);
    let mut state = State::new();
    for model in registry.list().unwrap_or_else(|error| panic!("{what}: {error}")) {
        support::production(&registry, &model.name);
        for version in registry.versions(&model.name).unwrap_or_else(|error| panic!("{what}: {error}")) {
            assert!(!version.artifacts.is_empty(), "{what}: version {} has no files", version.version);
            registry.check_files(&version).unwrap_or_else(|error| panic!("{what}: {error}"));
            assert_eq!(version.has_alias("champion"), version.stage == Stage::Production, "{what}: the alias");
            state.insert((version.name, version.version), (version.stage, version.aliases, version.tags));
        }
    }
    let audit = registry.verify_chain();
    audit.unwrap_or_else(|error| panic!("{what}: {error}"));
    if folder.join("registry.db").exists() {
        let integrity: String = database(folder).query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked");
        assert_eq!(integrity, "ok", "{what}");
    }
    if let Ok(bytes) = std::fs::read(folder.join("made.tar")) {
        Bundle::from_bytes("made.tar", &bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
    }
    state
}

/// After the disturbance: the same command ends in the undisturbed state and leaves nothing lying about.
fn check_next_run(job: &str, folder: &Path, wanted: &State, what: &str) {
    let output = faults::run(job, folder);
    assert!(output.status.success(), "{what}, again: {}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(check(folder, what), *wanted, "{what}, again");
    if job.starts_with("export") {
        // Reading tidies nothing; a change does, even one that finds itself done.
        registry(folder).set_alias(NAME, "nobody", None, None).unwrap_or_else(|error| panic!("{what}: {error}"));
    }
    assert_eq!(support::model_folders(folder).len(), wanted.len(), "{what}: files that no version refers to");
    let notes: i64 = database(folder).query_row("SELECT count(*) FROM hivectl_pending", [], |row| row.get(0)).expect("counted");
    assert_eq!(notes, 0, "{what}: notes of dead processes");
    let records = registry(folder).records(None).expect("log");
    let count = |phase: &str| records.iter().filter(|link| link.text.contains(phase)).count();
    assert_eq!(count("\"phase\":\"intent\""), count("\"phase\":\"outcome\""), "{what}: an intent without an outcome");
    assert!(!folder.join(".made.tar.part").exists(), "{what}: half an export");
}

struct Tally {
    runs: usize,
    happened: usize,
}

/// Every `stride`-th point with its faults.
fn disturb(job: &str, with_base: bool, repeats: bool, stride: usize, faults_at: impl Fn(&Point) -> Vec<Fault>) -> Tally {
    let folder = tempfile::tempdir().expect("temporary folder");
    let origin = folder.path().join("origin");
    std::fs::create_dir(&origin).expect("made");
    if with_base {
        base(&origin);
    }
    let old = check(&origin, "before");
    let fresh = |name: &str| {
        let copy = folder.path().join(name);
        copy_folder(&origin, &copy);
        copy
    };
    let undisturbed = fresh("undisturbed");
    let points = faults::points(job, &undisturbed);
    assert!(points.len() > 15, "{job}: only {} points were found", points.len());
    let new = check(&undisturbed, "after");
    let has_happened = |copy: &Path, now: &State| if old == new { copy.join("made.tar").exists() } else { *now == new };
    let mut tally = Tally { runs: 0, happened: 0 };
    for point in points.iter().step_by(stride) {
        for fault in faults_at(point) {
            let what = format!("{job}, {fault:?} at {point:?}");
            let copy = fresh(&format!("{}", tally.runs));
            let output = faults::run_with(job, &copy, point, fault);
            let now = check(&copy, &what);
            assert!(now == old || now == new, "{what}: neither the old state nor the new one: {now:?}");
            let happened = has_happened(&copy, &now);
            if output.status.success() {
                assert!(happened, "{what}: success was reported and nothing happened");
            } else if !matches!(fault, Fault::Kill) {
                let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
                assert!(said.contains("HML-1102") || said.contains("HML-1000"), "{what}: {said}");
            }
            // Where the job is not one that finds itself done, a second run after a success adds once more.
            if repeats || !happened {
                check_next_run(job, &copy, &new, &what);
            }
            std::fs::remove_dir_all(&copy).expect("removed");
            tally.runs += 1;
            tally.happened += usize::from(happened);
        }
    }
    tally
}

/// Every change: its words, whether it needs the base, and whether a second run finds it done.
const JOBS: [(&str, bool, bool); 11] = [
    ("register", false, false),
    ("register-production", true, false),
    ("register-by-hand", true, true),
    ("hivectl ml models promote ticket-duration-predictor@3 --confirm ticket-duration-predictor@3", true, true),
    ("hivectl ml models rollback ticket-duration-predictor --to 1 --confirm ticket-duration-predictor@1", true, true),
    ("hivectl ml models archive ticket-duration-predictor@2 --force --reason killed --confirm ticket-duration-predictor@2", true, true),
    ("hivectl ml models alias set ticket-duration-predictor shadow 1", true, true),
    ("hivectl ml models tag ticket-duration-predictor@3 owner=ada former-", true, true),
    ("measure", true, true),
    ("import", true, true),
    ("export 2", true, true),
];

/// Runs the jobs with every point in a full run, and a fair part of them otherwise.
fn disturb_all(what: &str, stride: usize, faults_at: impl Fn(&Point) -> Vec<Fault> + Copy) {
    if !faults::strace_works() {
        return;
    }
    let stride = if support::full() { 1 } else { stride };
    let mut total = 0;
    for (job, with_base, repeats) in JOBS {
        let tally = disturb(job, with_base, repeats, stride, faults_at);
        eprintln!("{job}: {} {what}, {} after the change", tally.runs, tally.happened);
        total += tally.runs;
    }
    eprintln!("{total} {what} in all");
}

#[test]
fn killed_at_any_call_a_change_happened_or_did_not() {
    disturb_all("kills", 16, |_| vec![Fault::Kill]);
}

#[test]
fn a_full_or_broken_disk_is_told_and_leaves_nothing_half() {
    disturb_all("refused calls", 24, |point| match point.call.as_str() {
        // With every later write refused, nothing could be said about it either.
        "write" => vec![Fault::Fail("EIO"), Fault::Fail("ENOSPC")],
        call if REFUSED.contains(&call) => vec![Fault::Fail("EIO"), Fault::FailFrom("ENOSPC")],
        _ => vec![],
    });
}
