//! The same file through MLflow itself.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use hivectl::lifecycle::Stage;
use hivectl::registry::embedded::{EmbeddedRegistry, NEWEST_REVISION};
use hivectl::registry::{Annotations, ArtifactFile, AuditLog, ModelStore, Promotion, Registration, Registry, transfer};
use serde_json::{Value, json};

use crate::changes_concurrent;
use crate::common::folders::copy_folder;
use crate::common::python::python;
use crate::faults::{self, Fault};
use crate::support::{self, NAME, add, new_version, place};

fn client(python: &str, database: &Path, arguments: &[&str]) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/registry_client.py");
    // MLflow puts its own artifacts into the folder it runs in.
    let home = database.parent().filter(|parent| parent.is_dir()).map_or_else(std::env::temp_dir, Path::to_owned);
    let output = Command::new(python).current_dir(home).arg(script).arg(database).args(arguments).output().expect("Python starts");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

/// Files of a model that sklearn trained, as Python wrote them.
fn python_model(python: &str, folder: &Path) -> Vec<ArtifactFile> {
    client(python, Path::new("-"), &["make", &folder.to_string_lossy()]);
    let path = |file: &Path| file.strip_prefix(folder).expect("below").to_string_lossy().into_owned();
    support::files_below(folder).into_iter().map(|(file, bytes)| ArtifactFile::new(path(&file), bytes)).collect()
}

fn database_is_sound(database: &Path) {
    let connection = rusqlite::Connection::open(database).expect("opened");
    let integrity: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked");
    assert_eq!(integrity, "ok");
    let dangling: i64 = connection.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0)).expect("checked");
    assert_eq!(dangling, 0, "rows point at rows that are not there");
}

#[test]
fn mlflow_lists_and_loads_what_was_registered_and_both_go_on_writing_after_its_upgrade() {
    let Some(python) = python("HIVECTL_TEST_PYTHON") else { return };
    let folder = tempfile::tempdir().expect("temporary folder");
    let home = folder.path().join("a folder, é");
    let registry = EmbeddedRegistry::open_or_create(&place(&home));
    let files = python_model(&python, &folder.path().join("model"));
    let mut new = new_version(NAME);
    (new.files, new.stage) = (files.clone(), Stage::Staging);
    let first = registry.register(new.clone()).expect("first");
    let mut production = new_version(NAME);
    (production.files, production.stage) = (files.clone(), Stage::Production);
    let second = registry.register(production.clone()).expect("second");

    // The first look upgrades the schema.
    let database = home.join("registry.db");
    let seen = client(&python, &database, &["show"]);
    let versions = seen["models"][NAME]["versions"].as_array().expect("versions");
    let version = |number: u32| versions.iter().find(|version| version["version"] == number).expect("version").clone();
    for (made, new) in [(&first, &new), (&second, &production)] {
        let seen = version(made.version);
        assert_eq!(seen["stage"], made.stage.as_str());
        assert_eq!(seen["aliases"], json!(made.aliases));
        assert_eq!(seen["metrics"], json!(new.run.metrics));
        assert_eq!(seen["params"], json!(new.run.params));
        assert_eq!(seen["experiment"], "orchestrator-predictive-models");
        assert_eq!(seen["outputs"], json!([new.model_id]));
        for artifact in &made.artifacts {
            assert_eq!(seen["tags"][format!("hivectl.sha256.{}", artifact.path)], artifact.sha256);
        }
    }
    assert_eq!(seen["models"][NAME]["aliases"], json!({ "champion": 2 }));
    assert_eq!(seen["logged_models"][&new.model_id]["metrics"], json!(new.run.metrics));
    assert!(seen["logged_models"][&new.model_id]["status"].as_str().expect("status").contains("READY"));
    database_is_sound(&database);

    let logged = format!("models:/{}", new.model_id);
    let uris = [
        "models:/ticket-duration-predictor/Staging",
        "models:/ticket-duration-predictor/Production",
        "models:/ticket-duration-predictor@champion",
        &logged,
    ];
    let predictions = client(&python, &database, &[&["predict"][..], &uris[..]].concat());
    let first_rows = predictions[uris[0]].as_array().expect("two rows");
    assert_eq!(first_rows.len(), 2);
    assert!(uris.iter().all(|uri| predictions[uri] == predictions[uris[0]]), "{predictions}");

    // What was read before the upgrade is read the same after it, and hivectl goes on writing.
    assert_eq!(registry.version(NAME, 1).expect("read"), Some(first));
    assert_eq!(registry.list().expect("listed")[0].production, Some(second));
    let mut third = new_version(NAME);
    (third.files, third.stage, third.expected_champion) = (files, Stage::Production, Some(2));
    registry.register(third).expect("third");
    database_is_sound(&database);
    agree(&python, &registry, &database);
    assert_eq!(support::production(&registry, NAME), Some(3));

    // By hand, on the schema that MLflow upgraded.
    support::promote(&registry, NAME, 1);
    support::rollback(&registry, NAME, None, None).expect("rolled back");
    registry.set_alias(NAME, "shadow", Some(1), None).expect("set");
    let exported = registry.version(NAME, 1).expect("read").expect("there");
    let bundle = transfer::export(&Registry::complete(registry.clone()), &exported).expect("exported");
    transfer::import(&registry, bundle, Some("a copy")).expect("imported");
    agree(&python, &registry, &database);
    registry.verify_chain().expect("whole");
    assert_eq!(registry.verify(None).expect("verified").findings, []);
    database_is_sound(&database);
}

/// A release after the one that the statements were written beside migrates the file; only its tables say whether hivectl
/// may go on.
#[test]
fn what_the_newest_mlflow_has_upgraded_is_changed_and_understood_by_both() {
    let Some(python) = python("HIVECTL_TEST_PYTHON_NEWEST") else { return };
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = EmbeddedRegistry::open_or_create(&place(folder.path()));
    registry.register(new_version(NAME)).expect("first");
    let database = folder.path().join("registry.db");
    client(&python, &database, &["show"]);
    let connection = rusqlite::Connection::open(&database).expect("opened");
    let revision: String = connection.query_row("SELECT version_num FROM alembic_version", [], |row| row.get(0)).expect("a revision");
    assert_eq!(revision, NEWEST_REVISION);
    drop(connection);

    registry.register(new_version(NAME)).expect("second");
    support::promote(&registry, NAME, 1);
    support::promote(&registry, NAME, 2);
    support::rollback(&registry, NAME, None, None).expect("rolled back");
    registry.set_alias(NAME, "shadow", Some(2), None).expect("set");
    agree(&python, &registry, &database);
    assert_eq!(support::production(&registry, NAME), Some(1));
    let condition = registry.condition().expect("looked").expect("there");
    assert_eq!((condition.obstacle, condition.locked), (None, false));
    registry.verify_chain().expect("whole");
    assert_eq!(registry.verify(None).expect("verified").findings, []);
    database_is_sound(&database);
}

/// MLflow and hivectl see the same models, versions, stages and aliases.
fn agree(python: &str, registry: &EmbeddedRegistry, database: &Path) {
    let seen = client(python, database, &["show"]);
    let mut ours = BTreeMap::new();
    for model in registry.list().expect("listed") {
        for version in registry.versions(&model.name).expect("read") {
            ours.insert((version.name, i64::from(version.version)), (version.stage.as_str().to_owned(), json!(version.aliases)));
        }
    }
    let mut theirs = BTreeMap::new();
    for (name, model) in seen["models"].as_object().expect("models") {
        for version in model["versions"].as_array().expect("versions") {
            let stage = version["stage"].as_str().expect("stage").to_owned();
            theirs.insert((name.clone(), version["version"].as_i64().expect("number")), (stage, version["aliases"].clone()));
        }
    }
    assert_eq!(ours, theirs);
}

#[test]
fn mlflow_cannot_leave_two_versions_in_production() {
    let Some(python) = python("HIVECTL_TEST_PYTHON") else { return };
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = EmbeddedRegistry::open_or_create(&place(folder.path()));
    let database = folder.path().join("registry.db");
    for stage in [Stage::Production, Stage::None, Stage::Staging] {
        let mut new = new_version(NAME);
        new.stage = stage;
        registry.register(new).expect("registered");
    }
    let in_production = |registry: &EmbeddedRegistry| -> Vec<u32> {
        registry
            .versions(NAME)
            .expect("read")
            .iter()
            .filter(|version| version.stage == Stage::Production)
            .map(|version| version.version)
            .collect()
    };
    // Its upgrade (at this first call) rebuilds the table; the index must survive that.
    let refused = client(&python, &database, &["stage", NAME, "2", "Production", "keep"]);
    assert_eq!(refused["moved"], false, "{refused}");
    assert_eq!(in_production(&registry), [1]);
    client(&python, &database, &["stage", NAME, "3", "Production", "archive"]);
    assert_eq!(in_production(&registry).len(), 1);
    // After a write of hivectl's the index is the one for workspaces.
    registry.register(new_version(NAME)).expect("registered");
    let refused = client(&python, &database, &["stage", NAME, "2", "Production", "keep"]);
    assert_eq!(refused["moved"], false, "{refused}");
    assert_eq!(in_production(&registry).len(), 1);
    database_is_sound(&database);
}

#[test]
fn what_python_registered_in_its_own_file_is_read_and_added_to() {
    let Some(python) = python("HIVECTL_TEST_PYTHON") else { return };
    let folder = tempfile::tempdir().expect("temporary folder");
    let database = folder.path().join("registry.db");
    client(&python, &database, &["log", NAME]);
    let registry = EmbeddedRegistry::open(&place(folder.path())).expect("opens");
    let version = registry.version(NAME, 1).expect("read").expect("there");
    assert_eq!(version.metrics.get("mae"), Some(&7.5));
    assert_eq!(version.params.get("trees").map(String::as_str), Some("3"));
    assert!(version.artifacts.is_empty(), "nothing was recorded about them");
    let mlmodel = registry.read_artifact(&version, "MLmodel").expect("read");
    assert!(String::from_utf8_lossy(&mlmodel).contains("mlflow.sklearn"));
    let added = registry.register(new_version(NAME)).expect("added");
    assert_eq!(added.version, 2);
    assert_eq!(client(&python, &database, &["show"])["models"][NAME]["versions"].as_array().expect("versions").len(), 2);
    database_is_sound(&database);
}

#[test]
fn after_kills_and_a_race_mlflow_still_opens_the_file_and_agrees() {
    let Some(python) = python("HIVECTL_TEST_PYTHON") else { return };
    if !faults::strace_works() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let (origin, here) = (folder.path().join("origin"), folder.path().join("here"));
    let registry = support::registry(&origin);
    add(&registry, NAME, Stage::Production);
    for _ in 0..10 {
        add(&registry, NAME, Stage::Staging);
    }
    // Where each kind of change dies, it dies in this one file, one after the other.
    let jobs = [
        "register",
        "hivectl ml models promote ticket-duration-predictor@2 --confirm ticket-duration-predictor@2",
        "hivectl ml models rollback ticket-duration-predictor --to 1 --confirm ticket-duration-predictor@1",
        "hivectl ml models alias set ticket-duration-predictor shadow 3",
    ];
    copy_folder(&origin, &here);
    let mut kills = 0;
    for job in jobs {
        let place = folder.path().join("points");
        copy_folder(&here, &place);
        let points = faults::points(job, &place);
        std::fs::remove_dir_all(&place).expect("removed");
        for point in points.iter().step_by(points.len() / 8) {
            faults::run_with(job, &here, point, Fault::Kill);
            kills += 1;
        }
        assert!(faults::run(job, &here).status.success(), "{job}");
    }
    changes_concurrent::one_round(&here);
    let registry = support::registry(&here);
    agree(&python, &registry, &here.join("registry.db"));
    database_is_sound(&here.join("registry.db"));
    eprintln!("{kills} kills and a race of 100 plans in one file, then MLflow agrees on versions, stages and aliases");

    // Whatever MLflow moves there now, one Production remains, and hivectl goes on from it.
    for (version, others) in [("4", "keep"), ("5", "archive"), ("6", "keep"), ("7", "archive")] {
        client(&python, &here.join("registry.db"), &["stage", NAME, version, "Production", others]);
        assert!(support::production(&registry, NAME).is_some(), "after MLflow moved {version}");
    }
    let registry = registry;
    // MLflow moved the stage and left the alias: which of the two serves is settled first.
    support::promote(&registry, NAME, 7);
    support::promote(&registry, NAME, 8);
    agree(&python, &registry, &here.join("registry.db"));
    registry.verify_chain().expect("whole");
    let found = registry.verify(None).expect("verified").findings;
    assert_eq!(found, [], "after MLflow's own moves");
}
