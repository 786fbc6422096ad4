//! Registering a version: files first, then one transaction that makes them a version.
//!
//! A note comes before the first file ([`super::pending`]), so that a process that dies between the files
//! and the transaction leaves something that the next change finds and removes. Until the transaction
//! commits nothing points at the files, so no reader sees a part of a version.

use super::change::Change;
use super::database::Database;
use super::place::EmbeddedRegistry;
use super::{artifacts, locations, pending, rows};
use crate::error::{Error, ErrorKind, Result};
use crate::registry::contract::{Artifact, ModelVersion, NewVersion, Registry, Stage};

/// The alias that moves with Production.
const CHAMPION: &str = "champion";

/// The longest name that MLflow's tables hold.
const LONGEST_NAME: usize = 256;

/// Stores `new` and answers with what a reader now sees.
pub(super) fn register(registry: &EmbeddedRegistry, new: NewVersion) -> Result<ModelVersion> {
    check(&new)?;
    let mut database = Database::open_for_writing(&registry.database, registry.lock_timeout)?;
    let change = Change::begin(&mut database)?;
    pending::remove_abandoned(&change)?;
    check_champion(&change, &new)?;
    let experiment_id = rows::experiment(&change, &new.run.experiment)?;
    let folder = locations::model_folder(&change.path, experiment_id, &new.model_id)?;
    if folder.exists() {
        return Err(
            Error::new(ErrorKind::Conflict, format!("{} exists already", folder.display())).because("a model id names one model for ever")
        );
    }
    pending::note(&change, &new.model_id, &folder)?;
    change.commit()?;

    let stored =
        artifacts::write_all(&folder.join("artifacts"), &new.files).and_then(|files| record(&mut database, experiment_id, &new, &files));
    match stored {
        Ok(number) => {
            registry.version(&new.name, number)?.ok_or_else(|| Error::new(ErrorKind::Internal, "the new version cannot be read back"))
        }
        Err(error) => {
            // What cannot be tidied now (the disk may still be full) is tidied by the next change.
            let _ = pending::abandon(&mut database, &new.model_id, &folder);
            Err(error)
        }
    }
}

/// The second transaction: all rows of the version, or none. Answers with its number.
fn record(database: &mut Database, experiment_id: i64, new: &NewVersion, files: &[Artifact]) -> Result<u32> {
    let change = Change::begin(database)?;
    let location = locations::location(&locations::model_folder(&change.path, experiment_id, &new.model_id)?.join("artifacts"));
    pending::finish(&change, &new.model_id)?;
    let champion = check_champion(&change, new)?;
    let number = rows::next_number(&change, &new.name)?;
    rows::run(&change, experiment_id, new)?;
    rows::logged_model(&change, experiment_id, new, number, &location)?;
    if let (Stage::Production, Some(former)) = (new.stage, champion) {
        rows::set_stage(&change, &new.name, former, Stage::Archived)?;
    }
    rows::version(&change, new, number, &location, files)?;
    if new.stage == Stage::Production {
        rows::set_alias(&change, &new.name, CHAMPION, number)?;
    }
    change.commit()?;
    Ok(number)
}

/// The version in Production now, which must be the one that the decision to replace it was made about.
fn check_champion(change: &Change<'_>, new: &NewVersion) -> Result<Option<u32>> {
    let champion = rows::production(change, &new.name)?;
    if new.stage == Stage::Production && champion != new.expected_champion {
        let words = |version: Option<u32>| version.map_or_else(|| "none".to_owned(), |version| format!("version {version}"));
        return Err(Error::new(ErrorKind::Conflict, format!("{}'s version in Production changed while this one was made", new.name))
            .because(format!("it was {} and is {} now", words(new.expected_champion), words(champion)))
            .hint("run the command again: it compares with the version that is in Production now"));
    }
    Ok(champion)
}

fn check(new: &NewVersion) -> Result<()> {
    check_name(&new.name)?;
    let is_id = |id: &str| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    if !is_id(&new.run.run_id) || !new.model_id.strip_prefix("m-").is_some_and(is_id) {
        return Err(Error::new(ErrorKind::Internal, "an id has not MLflow's form")
            .because(format!("run '{}', model '{}'", new.run.run_id, new.model_id)));
    }
    artifacts::check_files(&new.files)
}

/// A name that MLflow takes and that a reference can be written with.
pub(super) fn check_name(name: &str) -> Result<()> {
    let problem = if name.trim().is_empty() {
        "it is empty".to_owned()
    } else if name.len() > LONGEST_NAME {
        format!("it has {} bytes, at most {LONGEST_NAME} are possible", name.len())
    } else if let Some(letter) = name.chars().find(|letter| matches!(letter, '/' | ':' | '@' | '#') || letter.is_control()) {
        format!("it contains {letter:?}")
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::Usage, format!("'{}' is no name for a model", name.escape_debug())).because(problem))
}
