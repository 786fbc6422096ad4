//! Many processes at once: one wins, the others are told, and nobody who only looks waits.

use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant};

use hivectl::audit::{Action, Phase};
use hivectl::error::ErrorKind;
use hivectl::lifecycle::{Approval, Stage};
use hivectl::registry::{Annotations, AuditLog, ModelStore, Promotion, Registration};

use crate::common::folders::copy_folder;
use crate::faults;
use crate::support::{self, NAME, add, database, new_version, production, promotion, registry};

const APPLIERS: usize = 100;
const READERS: usize = 50;

#[test]
fn of_a_hundred_plans_made_under_one_champion_exactly_one_is_applied() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let origin = folder.path().join("origin");
    let first = registry(&origin);
    add(&first, NAME, Stage::Production);
    for _ in 0..10 {
        add(&first, NAME, Stage::Staging);
    }
    let rounds = if support::full() { 20 } else { 2 };
    for round in 0..rounds {
        let place = folder.path().join(format!("round-{round}"));
        copy_folder(&origin, &place);
        one_round(&place);
    }
    eprintln!("{rounds} rounds of {APPLIERS} plans under {READERS} readers: one applied, the others told, in each");
}

pub fn one_round(folder: &Path) {
    let registry = registry(folder);
    let plans: Vec<PathBuf> = (0..APPLIERS)
        .map(|number| {
            let file = folder.join(format!("plan-{number}.json"));
            let version = u32::try_from(number % 10).expect("small") + 2;
            std::fs::write(&file, promotion(&registry, NAME, version).to_file().expect("written")).expect("written");
            file
        })
        .collect();
    let records = registry.records(None).expect("log").len();
    let readers: Vec<Child> = (0..READERS).map(|_| faults::start("read", folder)).collect();
    // The shipped program, as a hundred scripts would call it.
    let appliers: Vec<Child> = plans.iter().map(|plan| faults::start(&format!("hivectl ml apply {}", plan.display()), folder)).collect();
    let ended = |children: Vec<Child>| children.into_iter().map(|child| child.wait_with_output().expect("ended")).collect::<Vec<_>>();
    let outputs = ended(appliers);
    let winners = outputs.iter().filter(|output| output.status.success()).count();
    let told = |output: &std::process::Output| String::from_utf8_lossy(&output.stderr).into_owned();
    let names_the_winner = |said: &str| said.contains("(promote): Production went from version 1 to version");
    let conflicts = outputs.iter().filter(|output| output.status.code() == Some(6) && names_the_winner(&told(output))).count();
    assert_eq!((winners, conflicts), (1, APPLIERS - 1), "{}", outputs.iter().map(told).collect::<String>());
    for reader in ended(readers) {
        assert!(reader.status.success(), "{}", told(&reader));
    }
    assert_ne!(production(&registry, NAME), Some(1));
    let new: Vec<_> = registry.records(None).expect("log").into_iter().skip(records).map(|link| link.record().expect("record")).collect();
    assert_eq!(
        new.iter().map(|record| (record.action, record.phase)).collect::<Vec<_>>(),
        [(Action::Promote, Phase::Intent), (Action::Promote, Phase::Outcome)]
    );
    registry.verify_chain().expect("whole");
}

#[test]
fn the_same_registered_by_many_is_one_version_and_different_ones_get_numbers_in_a_row() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let same: Vec<Child> = (0..16).map(|_| faults::start("register-by-hand", folder.path())).collect();
    let different: Vec<Child> = (0..16).map(|_| faults::start("register", folder.path())).collect();
    for child in same.into_iter().chain(different) {
        let output = child.wait_with_output().expect("ended");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let registry = registry(folder.path());
    let numbers: Vec<u32> = registry.versions(NAME).expect("read").iter().map(|version| version.version).rev().collect();
    assert_eq!(numbers, (1..=17).collect::<Vec<u32>>());
    // Who finds another's files in the way leaves its own to the next change.
    self::registry(folder.path()).set_alias(NAME, "nobody", None, None).expect("tidied");
    assert_eq!(support::model_folders(folder.path()).len(), 17);
    registry.verify_chain().expect("whole");
}

#[test]
fn readers_never_wait_and_a_living_holder_of_the_lock_is_never_robbed() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = registry(folder.path());
    add(&registry, NAME, Stage::Production);
    add(&registry, NAME, Stage::Staging);
    let holder = database(folder.path());
    holder.execute_batch("BEGIN EXCLUSIVE; UPDATE model_versions SET description = 'half' WHERE version = 1").expect("locked");
    let began = Instant::now();
    assert_eq!(production(&registry, NAME), Some(1));
    assert_eq!(registry.version(NAME, 1).expect("read").expect("there").description, "made by a test", "nothing unfinished is seen");
    assert!(began.elapsed() < Duration::from_millis(500), "reading waited {:?}", began.elapsed());
    let plan = Approval::Typed.given(promotion(&registry, NAME, 2));
    let impatient = registry.clone().with_lock_timeout(Duration::from_millis(200));
    assert_eq!(impatient.apply(&plan).expect_err("locked").kind(), ErrorKind::LockHeld);
    assert_eq!(impatient.register(new_version(NAME)).expect_err("locked").kind(), ErrorKind::LockHeld);
    holder.execute_batch("ROLLBACK").expect("released");
    assert!(impatient.apply(&plan).expect("applied").changed);
}

#[test]
fn the_lock_of_a_dead_holder_is_taken_over_at_once() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = registry(folder.path()).with_lock_timeout(Duration::from_millis(300));
    add(&registry, NAME, Stage::Production);
    add(&registry, NAME, Stage::Staging);
    let plan = Approval::Typed.given(promotion(&registry, NAME, 2));
    let mut holder = faults::start("hold", folder.path());
    let deadline = Instant::now() + Duration::from_secs(20);
    while !folder.path().join("held").exists() {
        assert!(Instant::now() < deadline, "the child never took the lock");
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(registry.apply(&plan).expect_err("it lives").kind(), ErrorKind::LockHeld);
    holder.kill().expect("killed");
    holder.wait().expect("ended");
    assert!(registry.apply(&plan).expect("applied").changed);
    assert_eq!(registry.version(NAME, 1).expect("read").expect("there").description, "made by a test");
}
