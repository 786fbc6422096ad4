//! Registering a version: files first, then one transaction that makes them a version.
//!
//! A note comes before the first file ([`super::pending`]), so that a process that dies between the files
//! and the transaction leaves something that the next change finds and removes. Until the transaction
//! commits nothing points at the files, so no reader sees a part of a version.

use std::path::PathBuf;

use serde_json::{Map, Value};

use super::promotion::{begin, waits_no_longer};
use super::registry::EmbeddedRegistry;
use super::{artifacts, deleted, locations, observe, pending, read, rows};
use crate::audit::{Action, ProductionVersion, RecordedState};
use crate::base::time::rfc3339;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{Artifact, AuditEntry, FINGERPRINT_TAG, ModelVersion, PROMOTED_AT_TAG, Pointer, REASON_TAG, Stage, check_name};
use crate::registry::journal::audit_log::{self, Intent};
use crate::registry::journal::{Change, Database};
use crate::registry::package::check_files;
use crate::registry::{ModelStore, NewVersion, Registration, Submission, new_model_id};

/// What is to be registered, and what the log says about it.
struct Attempt {
    new: NewVersion,
    experiment_id: i64,
    folder: PathBuf,
    entry: AuditEntry,
    intent: Intent,
    fingerprint: Option<String>,
}

/// What a new version finds.
struct Standing {
    /// The version that serves.
    champion: Option<ProductionVersion>,
    /// The version whose stage is Production.
    in_production: Option<u32>,
    /// What puts the new version into its stage.
    pointer: Pointer,
}

/// What the second transaction found.
enum Recorded {
    Created(u32),
    /// Another process registered the same meanwhile.
    There(u32),
}

impl Registration for EmbeddedRegistry {
    fn check_experiment(&self, name: &str) -> Result<()> {
        self.read(|view| deleted::check_experiment(view, name)).map(Option::unwrap_or_default)
    }

    fn register(&self, new: NewVersion) -> Result<ModelVersion> {
        check(&new)?;
        let mut database = self.maker()?;
        let change = begin(self, &mut database)?;
        let entry = entry(Action::Register, Value::Object(Map::new()), &new);
        let attempt = announce(change, self, new, entry, None)?;
        complete(self, &mut database, &attempt).map(|(version, _)| version)
    }

    fn register_once(&self, submission: Submission) -> Result<(ModelVersion, bool)> {
        let Submission { version: mut new, action, fingerprint, evidence } = submission;
        check(&new)?;
        let mut database = self.maker()?;
        let change = begin(self, &mut database)?;
        if let Some(number) = rows::with_fingerprint(&change, &new.name, &fingerprint)? {
            let there = read::version(change.view(), &new.name, number)?;
            return there.map(|there| (there, false)).ok_or_else(|| Error::new(ErrorKind::Internal, "a version cannot be read back"));
        }
        // The same logged model may be here under another name, or have been deleted; an id is never used twice.
        if rows::knows_model_id(&change, &new.model_id)? {
            new.model_id = new_model_id();
        }
        new.tags.insert(FINGERPRINT_TAG.to_owned(), fingerprint.clone());
        let entry = entry(action, evidence, &new);
        let attempt = announce(change, self, new, entry, Some(fingerprint))?;
        complete(self, &mut database, &attempt)
    }
}

/// The first transaction: intent and note.
fn announce(
    change: Change<'_>,
    registry: &EmbeddedRegistry,
    new: NewVersion,
    mut entry: AuditEntry,
    fingerprint: Option<String>,
) -> Result<Attempt> {
    let before = check_champion(&change, registry, &new)?.champion;
    (entry.before.production, entry.after.production) = (before, before);
    let experiment_id = rows::experiment(&change, &new.run.experiment)?;
    let folder = locations::model_folder(&change.path, experiment_id, &new.model_id)?;
    if folder.exists() {
        return Err(artifacts::taken(&folder));
    }
    let intent = audit_log::intent(&change, &registry.actor, &entry)?;
    pending::note(&change, &new.model_id, &folder, intent)?;
    change.commit()?;
    Ok(Attempt { new, experiment_id, folder, entry, intent, fingerprint })
}

/// The files and the second transaction; what fails is taken back.
fn complete(registry: &EmbeddedRegistry, database: &mut Database, attempt: &Attempt) -> Result<(ModelVersion, bool)> {
    let stored = artifacts::write_all(&attempt.folder.join("artifacts"), &attempt.new.files)
        .and_then(|files| record(registry, database, attempt, &files));
    // What cannot be tidied now (the disk may still be full) is tidied by the next change.
    let mut take_back = |error: &Error| {
        let _ = pending::abandon(database, &registry.actor, &attempt.new.model_id, error);
    };
    let (number, made) = match stored {
        Ok(Recorded::Created(number)) => (number, true),
        Ok(Recorded::There(number)) => {
            take_back(&Error::new(ErrorKind::Conflict, format!("another process registered the same as version {number}")));
            (number, false)
        }
        Err(error) => {
            take_back(&error);
            return Err(error);
        }
    };
    let version = registry.version(&attempt.new.name, number)?;
    version.map(|version| (version, made)).ok_or_else(|| Error::new(ErrorKind::Internal, "the new version cannot be read back"))
}

/// The second transaction: all rows of the version, or none.
fn record(registry: &EmbeddedRegistry, database: &mut Database, attempt: &Attempt, files: &[Artifact]) -> Result<Recorded> {
    let new = &attempt.new;
    let change = Change::begin(database)?;
    if let Some(fingerprint) = &attempt.fingerprint
        && let Some(number) = rows::with_fingerprint(&change, &new.name, fingerprint)?
    {
        return Ok(Recorded::There(number));
    }
    let location = locations::location(&attempt.folder.join("artifacts"));
    pending::finish(&change, &new.model_id)?;
    let Standing { champion, in_production, pointer } = check_champion(&change, registry, new)?;
    let number = rows::next_number(&change, &new.name)?;
    rows::run(&change, attempt.experiment_id, new)?;
    rows::logged_model(&change, attempt.experiment_id, new, number, &location)?;
    let serves = new.stage == Stage::Production;
    if let (true, true, Some(former)) = (serves, pointer.moves_stage(), in_production) {
        rows::set_stage(&change, &new.name, former, Stage::Archived)?;
        waits_no_longer(&change, &new.name, &pointer, former)?;
    }
    let stage = if pointer.moves_stage() { new.stage } else { Stage::None };
    let created_at = rows::version(&change, (new, stage), number, &location, files)?;
    let mut done = attempt.entry.clone();
    done.after.stage = Some(stage.as_str().into());
    if let Some(alias) = pointer.alias_to_move(new.stage) {
        if pointer.alias_alone().is_some() {
            let former = rows::alias(&change, &new.name, alias)?;
            done.before.aliases.insert(alias.to_owned(), former);
            done.after.aliases.insert(alias.to_owned(), Some(number));
        }
        if pointer.alias_alone().is_some() && serves {
            rows::set_tag(&change, &new.name, number, PROMOTED_AT_TAG, &rfc3339(created_at))?;
        }
        rows::set_alias(&change, &new.name, alias, number)?;
    }
    done.version = Some(number);
    done.before.production = champion;
    done.after.production = if serves { Some(ProductionVersion { version: number, created_at }) } else { champion };
    audit_log::outcome(&change, &registry.actor, attempt.intent, &done)?;
    change.commit()?;
    Ok(Recorded::Created(number))
}

fn entry(action: Action, mut evidence: Value, new: &NewVersion) -> AuditEntry {
    evidence["model_id"] = new.model_id.as_str().into();
    evidence["run_id"] = new.run.run_id.as_str().into();
    AuditEntry {
        action,
        model: new.name.clone(),
        version: None,
        before: RecordedState::default(),
        after: RecordedState { stage: Some(new.stage.as_str().into()), ..RecordedState::default() },
        reason: new.tags.get(REASON_TAG).cloned(),
        evidence,
    }
}

/// How things stand; the version that serves must be the one that the decision to replace it was made about.
fn check_champion(change: &Change<'_>, registry: &EmbeddedRegistry, new: &NewVersion) -> Result<Standing> {
    let rule = &registry.serving_rule;
    let versions = read::versions(change.view(), &new.name)?;
    let serving = rule.serving(&versions);
    if new.stage == Stage::Production {
        serving.agreed(&new.name)?;
    }
    let pointer = match new.stage {
        Stage::Production | Stage::Staging => observe::pointer(change.view(), rule, &new.name, &versions, new.stage)?,
        // Who is in no stage and in none any more has no pointer either.
        Stage::None | Stage::Archived => Pointer::Stage,
    };
    let champion = serving.champion();
    let served = versions.iter().find(|version| Some(version.version) == champion).map(ModelVersion::as_production_version);
    if new.stage == Stage::Production && champion != new.expected_champion {
        let words = |version: Option<u32>| version.map_or_else(|| "none".to_owned(), |version| format!("version {version}"));
        return Err(Error::new(ErrorKind::Conflict, format!("{}'s version in Production changed while this one was made", new.name))
            .because(format!("it was {} and is {} now", words(new.expected_champion), words(champion)))
            .hint("run the command again: it compares with the version that is in Production now"));
    }
    Ok(Standing { champion: served, in_production: serving.production, pointer })
}

fn check(new: &NewVersion) -> Result<()> {
    check_name(&new.name)
        .map_err(|why| Error::new(ErrorKind::Usage, format!("'{}' is no name for a model", new.name.escape_debug())).because(why))?;
    let is_id = |id: &str| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    if !is_id(&new.run.run_id) || !new.model_id.strip_prefix("m-").is_some_and(is_id) {
        return Err(Error::new(ErrorKind::Internal, "an id has not MLflow's form")
            .because(format!("run '{}', model '{}'", new.run.run_id, new.model_id)));
    }
    check_files(&new.files)
}
