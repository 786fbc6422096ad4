//! A change: one transaction that holds the database's write lock from its first statement on.

use std::path::{Path, PathBuf};

use rusqlite::{ErrorCode, OptionalExtension, Params, Row, Transaction, TransactionBehavior};

use super::database::{Database, Layout, sql_error};
use crate::error::{Error, ErrorKind, Result};

/// An open change. Dropped without [`Change::commit`], it never happened.
pub(super) struct Change<'database> {
    transaction: Transaction<'database>,
    pub(super) layout: Layout,
    pub(super) path: PathBuf,
}

impl<'database> Change<'database> {
    /// Takes the write lock, then brings the schema up to what hivectl needs.
    ///
    /// The lock is the operating system's: it ends with the process that holds it, and a living holder is
    /// waited for until the lock timeout, never robbed.
    pub(super) fn begin(database: &'database mut Database) -> Result<Self> {
        let path = database.path.clone();
        let transaction = database
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|source| sql_error("change", &path, &source))?;
        // Another process may have made or upgraded the schema since the file was opened.
        let mut layout = Layout::read(&transaction, &path)?;
        layout.check_writable(&path)?;
        let set_up = |sql: &str| transaction.execute_batch(sql).map_err(|source| sql_error("set up", &path, &source));
        if layout.revision.is_none() {
            set_up(include_str!("mlflow_schema.sql"))?;
            layout = Layout::read(&transaction, &path)?;
        }
        if !layout.own_tables {
            set_up(include_str!("own_tables.sql"))?;
            layout.own_tables = true;
        }
        one_production_index(&transaction, &layout, &path)?;
        Ok(Change { transaction, layout, path })
    }

    /// Runs one statement; answers with the number of rows it changed.
    pub(super) fn execute(&self, sql: &str, values: impl Params) -> Result<usize> {
        self.transaction.prepare_cached(sql).and_then(|mut statement| statement.execute(values)).map_err(|source| self.error(&source))
    }

    /// The first row of a query, `None` when there is none.
    pub(super) fn first<T>(&self, sql: &str, values: impl Params, take: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>) -> Result<Option<T>> {
        self.transaction
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row(values, take).optional())
            .map_err(|source| self.error(&source))
    }

    /// All rows of a query.
    pub(super) fn all<T>(&self, sql: &str, values: impl Params, take: impl FnMut(&Row<'_>) -> rusqlite::Result<T>) -> Result<Vec<T>> {
        self.transaction
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_map(values, take)?.collect())
            .map_err(|source| self.error(&source))
    }

    /// Makes the change last: it is on the disk when this returns.
    pub(super) fn commit(self) -> Result<()> {
        let path = self.path;
        self.transaction.commit().map_err(|source| sql_error("change", &path, &source))
    }

    fn error(&self, source: &rusqlite::Error) -> Error {
        sql_error("change", &self.path, source)
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
    let sql = "SELECT name, group_concat(version, ', ') FROM model_versions WHERE current_stage = 'Production'
               GROUP BY name HAVING count(*) > 1 ORDER BY name LIMIT 1";
    let found = transaction.query_row(sql, [], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)));
    match found {
        Ok((name, versions)) => Error::new(ErrorKind::InvariantBroken, format!("{name} has several versions in Production: {versions}"))
            .because("another tool left them there")
            .hint(format!("archive all but one: 'hivectl ml models archive {name}@VERSION'")),
        Err(source) => sql_error("read", path, &source),
    }
}
