//! Registering and reading back, with hivectl alone.

use hivectl::error::ErrorKind;
use hivectl::lifecycle::Stage;
use hivectl::registry::embedded::{EmbeddedLocation, EmbeddedRegistry};
use hivectl::registry::{ArtifactFile, ModelStore, Registration};

use crate::support::{self, NAME, new_version, place};

#[test]
fn what_is_registered_is_listed_shown_and_read() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = EmbeddedRegistry::open_or_create(&place(folder.path()));
    let mut new = new_version(NAME);
    new.stage = Stage::Staging;
    let made = registry.register(new.clone()).expect("registered");
    assert_eq!((made.version, made.stage), (1, Stage::Staging));
    assert_eq!(made.metrics, new.run.metrics);
    assert_eq!(made.params, new.run.params);
    assert_eq!(made.tags, new.tags);
    assert_eq!(made.source, format!("models:/{}", new.model_id));
    assert_eq!(made.artifacts.len(), new.files.len());
    assert_eq!(registry.version(NAME, 1).expect("read"), Some(made.clone()));
    assert_eq!(registry.versions(NAME).expect("read"), vec![made.clone()]);
    for file in &new.files {
        assert_eq!(registry.read_artifact(&made, file.path()).expect("read"), file.bytes().expect("read"));
    }
    let listed = registry.list().expect("listed");
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].name.as_str(), listed[0].version_count), (NAME, 1));
    assert_eq!((listed[0].production.as_ref(), listed[0].staging.as_ref(), listed[0].latest.as_ref()), (None, Some(&made), Some(&made)));
    assert_eq!(registry.version(NAME, 2).expect("read"), None);
    assert_eq!(registry.versions("other").expect("read"), vec![]);
}

#[test]
fn an_absent_place_is_empty_by_default_and_an_error_when_named() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let by_default = EmbeddedLocation { named: false, ..place(folder.path()) };
    assert!(EmbeddedRegistry::open(&by_default).expect("opens").list().expect("reads").is_empty());
    assert_eq!(EmbeddedRegistry::open(&place(folder.path())).expect_err("absent").kind(), ErrorKind::FileNotFound);
    assert!(EmbeddedRegistry::open_or_create(&place(folder.path())).list().expect("reads").is_empty());
    assert_eq!(std::fs::read_dir(folder.path()).expect("readable").count(), 0, "reading made something");
}

#[test]
fn reading_leaves_the_folder_as_it_was() {
    let folder = tempfile::tempdir().expect("temporary folder");
    EmbeddedRegistry::open_or_create(&place(folder.path())).register(new_version(NAME)).expect("registered");
    let before = support::files_below(folder.path());
    EmbeddedRegistry::open(&place(folder.path())).expect("opens").list().expect("reads");
    assert_eq!(support::files_below(folder.path()), before);
}

#[test]
fn production_moves_with_the_alias_and_only_from_the_version_that_was_seen() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = EmbeddedRegistry::open_or_create(&place(folder.path()));
    let production = |expected| {
        let mut new = new_version(NAME);
        new.stage = Stage::Production;
        new.expected_champion = expected;
        new
    };
    assert_eq!(registry.register(production(Some(3))).expect_err("no champion").kind(), ErrorKind::Conflict);
    let first = registry.register(production(None)).expect("first");
    assert_eq!((first.version, first.aliases.as_slice()), (1, &["champion".to_owned()][..]));
    assert_eq!(registry.register(production(None)).expect_err("overtaken").kind(), ErrorKind::Conflict);
    let second = registry.register(production(Some(1))).expect("second");
    assert_eq!((second.version, second.stage, second.aliases.as_slice()), (2, Stage::Production, &["champion".to_owned()][..]));
    let first = registry.version(NAME, 1).expect("read").expect("there");
    assert_eq!((first.stage, first.aliases.len()), (Stage::Archived, 0));
    assert_eq!(support::model_folders(folder.path()).len(), 2, "a refused registration left its files");
}

#[test]
fn what_cannot_be_stored_is_refused_before_anything_is_made() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = EmbeddedRegistry::open_or_create(&place(folder.path()));
    let mut outside = new_version(NAME);
    outside.files.push(ArtifactFile::new("../escape", vec![]));
    assert!(registry.register(outside).is_err());
    assert!(registry.register(new_version("a/b")).is_err());
    assert!(registry.register(new_version("")).is_err());
    assert_eq!(std::fs::read_dir(folder.path()).expect("readable").count(), 0);
}

#[test]
fn a_file_that_is_no_registry_is_told_as_such() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let open = |name: &str| {
        EmbeddedRegistry::open(&EmbeddedLocation { database: folder.path().join(name), named: true }).and_then(|registry| registry.list())
    };
    std::fs::write(folder.path().join("text.db"), "not a database at all, but long enough to have a header of its own ".repeat(20))
        .expect("written");
    assert_eq!(open("text.db").expect_err("text").kind(), ErrorKind::BadInput);
    let other = rusqlite::Connection::open(folder.path().join("other.db")).expect("opened");
    other.execute_batch("CREATE TABLE songs (title TEXT)").expect("made");
    assert_eq!(open("other.db").expect_err("another program's").kind(), ErrorKind::BadInput);
    std::fs::write(folder.path().join("empty.db"), "").expect("written");
    assert!(open("empty.db").expect("nothing yet").is_empty());
    assert_eq!(open("absent.db").expect_err("absent").kind(), ErrorKind::FileNotFound);
    std::fs::create_dir(folder.path().join("folder.db")).expect("made");
    assert_eq!(open("folder.db").expect_err("a folder").kind(), ErrorKind::FileAccess);
}

/// What MLflow's next releases may do to the file.
#[test]
fn a_schema_of_the_future_is_changed_where_it_only_adds_and_read_in_any_case() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = EmbeddedRegistry::open_or_create(&place(folder.path()));
    registry.register(new_version(NAME)).expect("registered");
    let connection = rusqlite::Connection::open(folder.path().join("registry.db")).expect("opened");
    let added = "UPDATE alembic_version SET version_num = 'ffffffffffff';
        CREATE TABLE prompts (id INTEGER PRIMARY KEY);
        ALTER TABLE model_versions ADD COLUMN region TEXT;
        ALTER TABLE runs ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX runs_by_priority ON runs (priority);";
    connection.execute_batch(added).expect("changed");
    registry.register(new_version("another")).expect("registered");
    assert_eq!(registry.list().expect("read").len(), 2);
    let condition = registry.condition().expect("looked").expect("there");
    assert_eq!((condition.obstacle, condition.locked), (None, false));

    connection.execute_batch("CREATE TRIGGER counted AFTER INSERT ON model_versions BEGIN SELECT 1; END").expect("changed");
    let refused = registry.register(new_version("a third")).expect_err("refused");
    assert_eq!(refused.kind(), ErrorKind::NotAllowed);
    let told = format!("{refused} {:?}", refused.causes());
    assert!(["model_versions", "counted", "ffffffffffff"].iter().all(|part| told.contains(part)), "{told}");
    assert_eq!(registry.list().expect("read").len(), 2);
    assert_eq!(support::model_folders(folder.path()).len(), 2);
    let condition = registry.condition().expect("looked").expect("there");
    assert!(condition.obstacle.is_some_and(|obstacle| obstacle.contains("counted")) && !condition.locked, "another process is blamed");
}

#[test]
fn a_moved_registry_finds_its_files() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (old, new) = (folder.path().join("old"), folder.path().join("new #1%20"));
    let made = EmbeddedRegistry::open_or_create(&place(&old)).register(new_version(NAME)).expect("registered");
    std::fs::rename(&old, &new).expect("moved");
    let registry = EmbeddedRegistry::open(&place(&new)).expect("opens");
    assert!(!registry.read_artifact(&made, "MLmodel").expect("read").is_empty());
}
