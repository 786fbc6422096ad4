//! Registering a version: files first, then one transaction that makes them a version.
//!
//! A note comes before the first file ([`super::pending`]), so that a process that dies between the files
//! and the transaction leaves something that the next change finds and removes. Until the transaction
//! commits nothing points at the files, so no reader sees a part of a version.

use serde_json::Value;

use super::apply::begin;
use super::audit_log::{self, Entry, Intent};
use super::change::Change;
use super::database::Database;
use super::pending::{self, Attempt};
use super::place::EmbeddedRegistry;
use super::{artifacts, locations, rows};
use crate::audit::{Action, Served, Standing};
use crate::error::{Error, ErrorKind, Result};
use crate::registry::contract::{Artifact, ModelVersion, NewVersion, Registry, Stage};
use crate::registry::{CHAMPION, check_name};

/// The tag in which a caller leaves the reason it was given.
const REASON_TAG: &str = "hivectl.reason";

/// Stores `new` and answers with what a reader now sees.
pub(super) fn register(registry: &EmbeddedRegistry, action: Action, evidence: &Value, new: &NewVersion) -> Result<ModelVersion> {
    check(new)?;
    let mut database = Database::open_for_writing(&registry.database, registry.lock_timeout)?;
    let change = begin(registry, &mut database)?;
    let before = check_champion(&change, new)?;
    let experiment_id = rows::experiment(&change, &new.run.experiment)?;
    let folder = locations::model_folder(&change.path, experiment_id, &new.model_id)?;
    if folder.exists() {
        return Err(
            Error::new(ErrorKind::Conflict, format!("{} exists already", folder.display())).because("a model id names one model for ever")
        );
    }
    let entry = entry(action, evidence, new, before);
    let intent = audit_log::intent(&change, &registry.actor, &entry)?;
    pending::note(&change, &new.model_id, &folder, intent)?;
    change.commit()?;

    let stored = artifacts::write_all(&folder.join("artifacts"), &new.files)
        .and_then(|files| record(registry, &mut database, experiment_id, new, &files, intent, &entry));
    match stored {
        Ok(number) => {
            registry.version(&new.name, number)?.ok_or_else(|| Error::new(ErrorKind::Internal, "the new version cannot be read back"))
        }
        Err(error) => {
            // What cannot be tidied now (the disk may still be full) is tidied by the next change.
            let attempt = Attempt { model_id: &new.model_id, folder: &folder, intent, entry: &entry };
            let _ = pending::abandon(&mut database, &registry.actor, &attempt, &error);
            Err(error)
        }
    }
}

/// The second transaction: all rows of the version, or none. Answers with its number.
fn record(
    registry: &EmbeddedRegistry,
    database: &mut Database,
    experiment_id: i64,
    new: &NewVersion,
    files: &[Artifact],
    intent: Intent,
    entry: &Entry,
) -> Result<u32> {
    let change = Change::begin(database)?;
    let location = locations::location(&locations::model_folder(&change.path, experiment_id, &new.model_id)?.join("artifacts"));
    pending::finish(&change, &new.model_id)?;
    let champion = check_champion(&change, new)?;
    let number = rows::next_number(&change, &new.name)?;
    rows::run(&change, experiment_id, new)?;
    rows::logged_model(&change, experiment_id, new, number, &location)?;
    if let (Stage::Production, Some(former)) = (new.stage, champion) {
        rows::set_stage(&change, &new.name, former.version, Stage::Archived)?;
    }
    let created_at = rows::version(&change, new, number, &location, files)?;
    if new.stage == Stage::Production {
        rows::set_alias(&change, &new.name, CHAMPION, number)?;
    }
    let mut done = entry.clone();
    done.version = Some(number);
    done.before.production = champion;
    done.after.production = if new.stage == Stage::Production { Some(Served { version: number, created_at }) } else { champion };
    audit_log::outcome(&change, &registry.actor, intent, &done, Ok(()))?;
    change.commit()?;
    Ok(number)
}

fn entry(action: Action, evidence: &Value, new: &NewVersion, before: Option<Served>) -> Entry {
    let mut evidence = evidence.clone();
    evidence["model_id"] = new.model_id.as_str().into();
    evidence["run_id"] = new.run.run_id.as_str().into();
    Entry {
        action,
        model: new.name.clone(),
        version: None,
        before: Standing { production: before, ..Standing::default() },
        after: Standing { production: before, stage: Some(new.stage.name().into()), ..Standing::default() },
        reason: new.tags.get(REASON_TAG).cloned(),
        evidence,
    }
}

/// The version in Production now, which must be the one that the decision to replace it was made about.
fn check_champion(change: &Change<'_>, new: &NewVersion) -> Result<Option<Served>> {
    let served = rows::production(change, &new.name)?;
    let champion = served.map(|served| served.version);
    if new.stage == Stage::Production && champion != new.expected_champion {
        let words = |version: Option<u32>| version.map_or_else(|| "none".to_owned(), |version| format!("version {version}"));
        return Err(Error::new(ErrorKind::Conflict, format!("{}'s version in Production changed while this one was made", new.name))
            .because(format!("it was {} and is {} now", words(new.expected_champion), words(champion)))
            .hint("run the command again: it compares with the version that is in Production now"));
    }
    Ok(served)
}

fn check(new: &NewVersion) -> Result<()> {
    check_name(&new.name)
        .map_err(|why| Error::new(ErrorKind::Usage, format!("'{}' is no name for a model", new.name.escape_debug())).because(why))?;
    let is_id = |id: &str| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    if !is_id(&new.run.run_id) || !new.model_id.strip_prefix("m-").is_some_and(is_id) {
        return Err(Error::new(ErrorKind::Internal, "an id has not MLflow's form")
            .because(format!("run '{}', model '{}'", new.run.run_id, new.model_id)));
    }
    artifacts::check_files(&new.files)
}
