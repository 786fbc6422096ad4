//! Records of changes and of drift checks in a SQLite file: the audit log and the tables `hivectl_*`.
//!
//! The embedded registry keeps them in its own database. A [`Journal`] is a file of its own, for a registry that has no
//! place for them.

pub(in crate::registry) mod audit_log;
mod change;
pub(in crate::registry) mod copies;
mod database;
pub(in crate::registry) mod drift_checks;
pub(in crate::registry) mod jobs;
pub(in crate::registry) mod revisions;
pub(in crate::registry) mod shape;
mod view;

use std::path::{Path, PathBuf};
use std::time::Duration;

use self::audit_log::Intent;
pub(in crate::registry) use self::change::Change;
pub(in crate::registry) use self::database::{Database, Layout, absolute, sql_error};
pub(in crate::registry) use self::view::View;
use crate::audit::chain::{self, Link};
use crate::audit::{Actor, Success};
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{AuditEntry, DriftRecord, JobRecord};

/// How long a change waits for another one by default.
pub(in crate::registry) const DEFAULT_LOCK_TIMEOUT: Duration = Duration::from_secs(30);

/// The failure of a file that is not there.
pub(in crate::registry) fn no_registry(path: &Path) -> Error {
    Error::new(ErrorKind::FileNotFound, format!("there is no registry at {}", path.display())).hint((
        "`",
        commands::train_into(path.display()),
        "` makes one; check the path",
    ))
}

/// What this machine knows of changes that were made elsewhere.
#[derive(Clone, Debug)]
pub(in crate::registry) struct Journal {
    path: PathBuf,
    actor: Actor,
}

impl Journal {
    /// In the file at `path`, which the first record makes.
    pub(in crate::registry) fn at(path: &Path, actor: Actor) -> Journal {
        Journal { path: path.to_owned(), actor }
    }

    /// Announces a change.
    pub(in crate::registry) fn intent(&self, entry: &AuditEntry) -> Result<Intent> {
        self.write(|change| audit_log::intent(change, &self.actor, entry))
    }

    /// Says that an announced change was done.
    pub(in crate::registry) fn done(&self, intent: Intent, entry: &AuditEntry) -> Result<Link> {
        self.write(|change| audit_log::outcome(change, &self.actor, intent, entry))
    }

    /// Says that an announced change was not done.
    pub(in crate::registry) fn failed(&self, intent: Intent, failure: &Error) -> Result<()> {
        self.write(|change| audit_log::taken_back(change, &self.actor, intent.sequence, Success::Failed, &failure.to_string()))
    }

    /// The log, oldest first, of one model or of all.
    pub(in crate::registry) fn records(&self, model: Option<&str>) -> Result<Vec<Link>> {
        Ok(self.read(|view| audit_log::links(view, model))?.unwrap_or_default())
    }

    /// Checks the chain of the log; answers with the number of records.
    pub(in crate::registry) fn verify_chain(&self) -> Result<u64> {
        Ok(self.read(|view| chain::verify(audit_log::links(view, None)?, &audit_log::head(view)?))?.unwrap_or_default())
    }

    /// Keeps a drift check.
    ///
    /// Errors: those of writing the file.
    pub(in crate::registry) fn record_check(&self, record: &DriftRecord) -> Result<()> {
        let mut database = Database::open_for_writing(&self.path, DEFAULT_LOCK_TIMEOUT)?;
        let change = Change::begin_repair(&mut database)?;
        drift_checks::record(&change, record)?;
        change.commit()
    }

    /// The drift checks of one model or of all whose window ended at or after `since`, oldest first.
    pub(in crate::registry) fn checks(&self, model: Option<&str>, since: i64) -> Result<Vec<DriftRecord>> {
        Ok(self.read(|view| drift_checks::since(view, model, since))?.unwrap_or_default())
    }

    /// Keeps the record of a job, and forgets those that began before `oldest`.
    ///
    /// Errors: those of writing the file.
    pub(in crate::registry) fn keep_job(&self, record: &JobRecord, oldest: i64) -> Result<()> {
        let mut database = Database::open_for_writing(&self.path, DEFAULT_LOCK_TIMEOUT)?;
        let change = Change::begin_repair(&mut database)?;
        jobs::keep(&change, record, oldest)?;
        change.commit()
    }

    /// The records of jobs, oldest first.
    pub(in crate::registry) fn jobs(&self) -> Result<Vec<JobRecord>> {
        Ok(self.read(jobs::all)?.unwrap_or_default())
    }

    /// Looks at one snapshot; `None` before the first record.
    fn read<T>(&self, look: impl FnOnce(View<'_>) -> Result<T>) -> Result<Option<T>> {
        let exists = self.path.try_exists().map_err(|source| Error::file("look for", &self.path, &source))?;
        if !exists {
            return Ok(None);
        }
        let Some(database) = Database::open_for_reading(&self.path, DEFAULT_LOCK_TIMEOUT)? else { return Ok(None) };
        database.look(look).map(Some)
    }

    fn write<T>(&self, record: impl FnOnce(&Change<'_>) -> Result<T>) -> Result<T> {
        let mut database = Database::open_for_writing(&self.path, DEFAULT_LOCK_TIMEOUT)?;
        let change = Change::begin(&mut database)?;
        let recorded = record(&change)?;
        change.commit()?;
        Ok(recorded)
    }
}
