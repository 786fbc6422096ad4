//! The audit log and the drift checks of a registry that has no place for them: an embedded database on this
//! machine that holds nothing else.

use std::path::Path;

use super::audit_log::{self, Intent};
use super::change::Change;
use super::database::Database;
use super::place::{EmbeddedPlace, EmbeddedRegistry};
use crate::audit::chain::Link;
use crate::audit::{Actor, Success};
use crate::error::{Error, Result};
use crate::lifecycle::AuditEntry;

/// What this machine knows of changes that were made elsewhere.
#[derive(Clone, Debug)]
pub(in crate::registry) struct Journal {
    database: EmbeddedRegistry,
}

impl Journal {
    /// In the file at `path`, which the first record makes.
    pub(in crate::registry) fn at(path: &Path, actor: Actor) -> Journal {
        let place = EmbeddedPlace { database: path.to_owned(), named: false };
        Journal { database: EmbeddedRegistry::open_or_create(&place).on_behalf_of(actor) }
    }

    /// The log and the checks, as an embedded registry has them.
    pub(in crate::registry) fn database(&mut self) -> &mut EmbeddedRegistry {
        &mut self.database
    }

    /// As [`Journal::database`], for reading.
    pub(in crate::registry) fn reading(&self) -> &EmbeddedRegistry {
        &self.database
    }

    /// Announces a change.
    pub(in crate::registry) fn intent(&self, entry: &AuditEntry) -> Result<Intent> {
        self.write(|change| audit_log::intent(change, &self.database.actor, entry))
    }

    /// Says that an announced change was done.
    pub(in crate::registry) fn done(&self, intent: Intent, entry: &AuditEntry) -> Result<Link> {
        self.write(|change| audit_log::outcome(change, &self.database.actor, intent, entry))
    }

    /// Says that an announced change was not done.
    pub(in crate::registry) fn failed(&self, intent: Intent, failure: &Error) -> Result<()> {
        self.write(|change| audit_log::taken_back(change, &self.database.actor, intent.sequence, Success::Failed, &failure.to_string()))
    }

    fn write<T>(&self, record: impl FnOnce(&Change<'_>) -> Result<T>) -> Result<T> {
        let mut database = Database::open_for_writing(&self.database.database, self.database.lock_timeout)?;
        let change = Change::begin(&mut database)?;
        let recorded = record(&change)?;
        change.commit()?;
        Ok(recorded)
    }
}
