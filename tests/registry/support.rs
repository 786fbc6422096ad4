//! What the registry's tests share.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use hivectl::audit::Actor;
use hivectl::error::Error;
use hivectl::lifecycle::{Approval, Changed, Plan, PlanRequest, Planned, RunRecord, Stage, planning};
use hivectl::lifecycle::{Criterion, Gate, Operator};
use hivectl::registry::embedded::{EmbeddedLocation, EmbeddedRegistry};
use hivectl::registry::{ArtifactFile, ModelStore, NewVersion, Promotion, Registration, new_model_id, new_run_id};

/// The model that most tests register.
pub const NAME: &str = "ticket-duration-predictor";

/// A model whose metrics are claimed.
pub const CLAIMED: &str = "from-elsewhere";

/// A named place in `folder`.
pub fn place(folder: &Path) -> EmbeddedLocation {
    EmbeddedLocation { database: folder.join("registry.db"), named: true }
}

/// A small version with files in folders, two metrics, a parameter and a tag.
pub fn new_version(name: &str) -> NewVersion {
    let file = |path: &str, text: &str| ArtifactFile::new(path, text.as_bytes().to_vec());
    NewVersion {
        name: name.into(),
        model_id: new_model_id(),
        run: RunRecord {
            run_id: new_run_id(),
            experiment: "orchestrator-predictive-models".into(),
            run_name: "a test".into(),
            started_at: 1_760_000_000_000,
            ended_at: 1_760_000_001_000,
            params: BTreeMap::from([("trees".into(), "100".into())]),
            metrics: BTreeMap::from([("mae".into(), 1234.5), ("mae_pct".into(), 9.25), ("test_samples".into(), 400.0)]),
            tags: BTreeMap::from([("mlflow.user".into(), "nobody".into())]),
            datasets: Vec::new(),
        },
        description: "made by a test".into(),
        tags: BTreeMap::from([("hivectl.schema".into(), "reference".into())]),
        files: vec![file("MLmodel", "flavors: {}\n"), file("model.bin", "bytes"), file("deep/er/file.txt", "text")],
        stage: Stage::None,
        expected_champion: None,
    }
}

/// Every file below `folder` with its bytes.
pub fn files_below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("readable folder").map(|entry| entry.expect("entry").path()) {
        if entry.is_dir() {
            found.extend(files_below(&entry));
        } else {
            found.insert(entry.clone(), std::fs::read(&entry).expect("readable file"));
        }
    }
    found
}

/// The folders of logged models beside the database in `folder`.
pub fn model_folders(folder: &Path) -> Vec<PathBuf> {
    let below = |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("entry").path());
    below(folder.join("mlruns")).flat_map(|experiment| below(experiment.join("models"))).collect()
}

/// A registry in `folder` that acts for somebody.
pub fn registry(folder: &Path) -> EmbeddedRegistry {
    EmbeddedRegistry::open_or_create(&place(folder)).on_behalf_of(somebody())
}

/// Who acts in the tests.
pub fn somebody() -> Actor {
    Actor { user: "ada".into(), host: "here".into(), ..Actor::default() }
}

/// Registers a version in a stage; answers with its number.
pub fn add(registry: &EmbeddedRegistry, name: &str, stage: Stage) -> u32 {
    let mut new = new_version(name);
    new.stage = stage;
    new.expected_champion = production(registry, name);
    registry.register(new).expect("registered").version
}

/// The one version in Production.
pub fn production(registry: &EmbeddedRegistry, name: &str) -> Option<u32> {
    let versions = registry.versions(name).expect("read");
    let there: Vec<u32> = versions.iter().filter(|version| version.stage == Stage::Production).map(|version| version.version).collect();
    assert!(there.len() <= 1, "{name} has {there:?} in Production");
    there.first().copied()
}

/// A gate with one criterion that passed or did not.
pub fn gate(passed: bool) -> Gate {
    let numbers = [("mae_pct".to_owned(), if passed { 9.25 } else { 20.0 })];
    Gate::judge(&[Criterion::required("mae_pct", Operator::Below, 15.0)], &numbers.into_iter().collect())
}

/// A request for a plan with a passed gate, made now, valid for a day.
pub fn request() -> PlanRequest {
    PlanRequest {
        id: new_run_id(),
        expected_champion: None,
        gate: Some(gate(true)),
        not_judged: None,
        judged_by: None,
        force: false,
        with_alias: false,
        reason: None,
        author: somebody(),
        now_ms: jiff::Timestamp::now().as_millisecond(),
        valid_for_ms: 24 * 60 * 60 * 1000,
    }
}

/// The plan inside, for tests that expect a change.
pub fn planned(planned: Planned) -> Plan {
    match planned {
        Planned::Change(plan) => *plan,
        Planned::AlreadySo(changed) => panic!("nothing to change: {changed:?}"),
    }
}

/// A plan to promote, made from what is there now.
pub fn promotion(registry: &EmbeddedRegistry, name: &str, version: u32) -> Plan {
    let observed = registry.observe(name).expect("observed");
    planned(planning::promote(&observed, version, Stage::Production, request()).expect("planned"))
}

/// Plans and applies a promotion to Production.
pub fn promote(registry: &EmbeddedRegistry, name: &str, version: u32) -> Changed {
    let plan = promotion(registry, name, version);
    registry.apply(&Approval::ConfirmFlag.given(plan)).expect("applied")
}

/// Plans and applies a rollback.
pub fn rollback(registry: &EmbeddedRegistry, name: &str, to: Option<u32>, reason: Option<&str>) -> Result<Changed, Error> {
    let observed = registry.observe(name)?;
    let request = PlanRequest { gate: None, reason: reason.map(str::to_owned), ..request() };
    match planning::rollback(&observed, to, request)? {
        Planned::AlreadySo(changed) => Ok(changed),
        Planned::Change(plan) => registry.apply(&Approval::Typed.given(*plan)),
    }
}

/// The file itself, for what no command does.
pub fn database(folder: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(folder.join("registry.db")).expect("opened")
}

/// Whether the long counts are wanted (`tests/run --full`).
pub fn full() -> bool {
    std::env::var_os("HIVECTL_FULL").is_some()
}
