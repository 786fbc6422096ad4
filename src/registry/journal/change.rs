//! A change: one transaction that holds the database's write lock from its first statement on.

use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use rusqlite::{ErrorCode, Params, Transaction, TransactionBehavior};

use super::copies;
use super::database::{Database, Layout, sql_error};
use super::view::View;
use crate::error::{Error, Result};
use crate::lifecycle::several_in_production;
use crate::registry::new_run_id;

/// An open change. Dropped without [`Change::commit`], it never happened.
pub(in crate::registry) struct Change<'database> {
    transaction: Transaction<'database>,
    pub(in crate::registry) layout: Layout,
    pub(in crate::registry) path: PathBuf,
}

impl<'database> Change<'database> {
    /// As [`Change::begin_repair`], and makes sure that the database refuses a second version in Production.
    ///
    /// Errors: [`crate::error::ErrorKind::InvariantBroken`] when another tool left several there.
    pub(in crate::registry) fn begin(database: &'database mut Database) -> Result<Self> {
        let change = Change::begin_repair(database)?;
        one_production_index(&change.transaction, &change.layout, &change.path)?;
        Ok(change)
    }

    /// Takes the write lock, then brings the schema up to what hivectl needs.
    ///
    /// The lock is the operating system's: it ends with the process that holds it, and a living holder is
    /// waited for until the lock timeout, never robbed.
    pub(in crate::registry) fn begin_repair(database: &'database mut Database) -> Result<Self> {
        let path = database.path.clone();
        let transaction = database
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|source| sql_error("change", &path, &source))?;
        // Another process may have made or upgraded the schema since the file was opened.
        let mut layout = Layout::read(&transaction, &path)?;
        layout.check_writable(&transaction, &path)?;
        if let Some(copy) = copies::keep(&transaction, &layout, &path)? {
            let told = format!(
                "MLflow has migrated the registry since hivectl changed it last; the state from before this change is kept in {}",
                copy.display()
            );
            database.notices.lock().unwrap_or_else(PoisonError::into_inner).push(told);
        }
        let set_up = |sql: &str| transaction.execute_batch(sql).map_err(|source| sql_error("set up", &path, &source));
        if layout.revision.is_none() {
            set_up(include_str!("mlflow_schema.sql"))?;
            layout = Layout::read(&transaction, &path)?;
        }
        if !layout.own_tables {
            set_up(include_str!("own_tables.sql"))?;
            let sql = "INSERT OR IGNORE INTO hivectl_meta (key, value) VALUES ('registry_id', ?1)";
            transaction.execute(sql, [new_run_id()]).map_err(|source| sql_error("set up", &path, &source))?;
            layout.own_tables = true;
            copies::keep(&transaction, &layout, &path)?;
        }
        Ok(Change { transaction, layout, path })
    }

    /// Runs one statement; answers with the number of rows it changed.
    pub(in crate::registry) fn execute(&self, sql: &str, values: impl Params) -> Result<usize> {
        self.transaction
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(values))
            .map_err(|source| sql_error("change", &self.path, &source))
    }

    /// Runs statements that make tables.
    pub(in crate::registry) fn set_up(&self, script: &str) -> Result<()> {
        self.transaction.execute_batch(script).map_err(|source| sql_error("set up", &self.path, &source))
    }

    /// The tables as they are in the middle of this change.
    pub(in crate::registry) fn view(&self) -> View<'_> {
        View { connection: &self.transaction, layout: &self.layout, path: &self.path }
    }

    /// Makes the change last: it is on the disk when this returns.
    pub(in crate::registry) fn commit(self) -> Result<()> {
        let path = self.path;
        self.transaction.commit().map_err(|source| sql_error("change", &path, &source))
    }
}

/// Two Production versions of one model cannot exist: the database itself refuses the second.
fn one_production_index(transaction: &Transaction<'_>, layout: &Layout, path: &Path) -> Result<()> {
    let (name, columns) =
        if layout.workspaces { ("hivectl_one_production_per_workspace", "workspace, name") } else { ("hivectl_one_production", "name") };
    let there: bool = transaction
        .query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?1)", [name], |row| row.get(0))
        .map_err(|source| sql_error("read", path, &source))?;
    if there {
        return Ok(());
    }
    let sql = format!(
        "DROP INDEX IF EXISTS hivectl_one_production;
         CREATE UNIQUE INDEX {name} ON model_versions ({columns}) WHERE current_stage = 'Production';"
    );
    transaction.execute_batch(&sql).map_err(|source| match source.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => two_production(transaction, path),
        _ => sql_error("set up", path, &source),
    })
}

fn two_production(transaction: &Transaction<'_>, path: &Path) -> Error {
    let sql = "SELECT name, version FROM model_versions WHERE current_stage = 'Production' ORDER BY name, version";
    let found = transaction.prepare(sql).and_then(|mut statement| {
        statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, u32>(1)?)))?.collect::<rusqlite::Result<Vec<_>>>()
    });
    match found {
        Ok(rows) => {
            let name = rows.windows(2).find(|pair| pair[0].0 == pair[1].0).map(|pair| pair[0].0.clone()).unwrap_or_default();
            several_in_production(&name, rows.iter().filter(|(of, _)| *of == name).map(|(_, version)| *version))
        }
        Err(source) => sql_error("read", path, &source),
    }
}
