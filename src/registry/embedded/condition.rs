//! How an embedded registry stands, for whoever looks after it: schema, rights, holders of locks, stray files.

use std::path::PathBuf;
use std::time::Duration;

use rusqlite::TransactionBehavior;

use super::locations;
use super::registry::EmbeddedRegistry;
use crate::error::{Error, ErrorKind, Result};
use crate::registry::journal::Database;
use crate::registry::journal::{copies, shape, sql_error};

/// A look does not wait for a writer.
const NO_WAIT: Duration = Duration::from_millis(1);

/// Who is filling the folder of a new version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub process_id: u32,
    pub host: String,
    /// RFC 3339.
    pub since: String,
}

/// How a registry stands.
#[derive(Clone, Debug)]
pub struct Condition {
    /// MLflow's schema revision; `None` in a database that MLflow never touched.
    pub revision: Option<String>,
    /// What of its tables keeps hivectl from changing it; `None` when it may.
    pub obstacle: Option<String>,
    /// The database or its folder, whichever this user may not write.
    pub not_writable: Option<PathBuf>,
    /// Whether another process is in a change at this moment.
    pub locked: bool,
    /// Registrations that were begun and not ended.
    pub holders: Vec<Holder>,
    /// Folders of logged models that no version refers to.
    pub unreferenced: Vec<PathBuf>,
    /// Copies beside it from before hivectl changed a file that MLflow had migrated.
    pub copies: Vec<PathBuf>,
}

impl EmbeddedRegistry {
    /// Looks at the files and tables, writing nothing; `None` where there is no registry yet.
    ///
    /// Errors: those of reading the database.
    pub fn condition(&self) -> Result<Option<Condition>> {
        if !self.exists()? {
            return Ok(None);
        }
        let folder =
            self.database.parent().filter(|folder| !folder.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), PathBuf::from);
        let not_writable = [self.database.clone(), folder].into_iter().find(|path| !is_writable(path));
        let Some(database) = Database::open_for_reading(&self.database, self.lock_timeout)? else { return Ok(None) };
        let revision = database.layout.revision.clone();
        let obstacle = shape::obstacle(&database.connection).map_err(|source| sql_error("read", &database.path, &source))?;
        let holders = if database.layout.own_tables { holders(&database)? } else { Vec::new() };
        let unreferenced = self.unreferenced(&database)?;
        drop(database);
        let locked = not_writable.is_none() && self.is_locked();
        Ok(Some(Condition { revision, obstacle, not_writable, locked, holders, unreferenced, copies: copies::beside(&self.database)? }))
    }

    /// Whether a write transaction cannot begin because of another one; one that can is rolled back at once.
    fn is_locked(&self) -> bool {
        let began = Database::open_for_writing(&self.database, NO_WAIT).and_then(|mut database| {
            let began = database.connection.transaction_with_behavior(TransactionBehavior::Immediate).map(drop);
            began.map_err(|source| sql_error("change", &database.path, &source))
        });
        began.is_err_and(|refused| refused.kind() == ErrorKind::LockHeld)
    }

    fn unreferenced(&self, database: &Database) -> Result<Vec<PathBuf>> {
        let root = locations::artifact_root(&self.database)?;
        if !database.layout.logged_models || !root.is_dir() {
            return Ok(Vec::new());
        }
        let known = "SELECT count(*) FROM model_versions WHERE source LIKE '%' || ?1 || '%' OR storage_location LIKE '%' || ?1 || '%'";
        let mut stray = Vec::new();
        for experiment in folders(&root) {
            for model in folders(&experiment.join("models")) {
                let Some(name) = model.file_name().and_then(|name| name.to_str()) else { continue };
                let count: i64 = database
                    .connection
                    .query_row(known, [name], |row| row.get(0))
                    .map_err(|source| sql_error("read", &database.path, &source))?;
                if count == 0 {
                    stray.push(model);
                }
            }
        }
        Ok(stray)
    }
}

fn folders(path: &std::path::Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn holders(database: &Database) -> Result<Vec<Holder>> {
    let failed = |source: rusqlite::Error| -> Error { sql_error("read", &database.path, &source) };
    let sql = "SELECT process_id, host, started_at_ms FROM hivectl_pending ORDER BY started_at_ms";
    let mut statement = database.connection.prepare(sql).map_err(failed)?;
    let rows = statement
        .query_map([], |row| {
            let since = jiff::Timestamp::from_millisecond(row.get(2)?).map(|time| time.to_string()).unwrap_or_default();
            Ok(Holder { process_id: row.get(0)?, host: row.get(1)?, since })
        })
        .map_err(failed)?;
    rows.collect::<rusqlite::Result<Vec<Holder>>>().map_err(failed)
}

#[cfg(unix)]
fn is_writable(path: &std::path::Path) -> bool {
    rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok()
}

#[cfg(not(unix))]
fn is_writable(path: &std::path::Path) -> bool {
    std::fs::metadata(path).is_ok_and(|metadata| !metadata.permissions().readonly())
}
