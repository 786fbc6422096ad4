//! Looking at the tables, in a snapshot or in the middle of a change.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Params, Row};

use super::database::{Layout, sql_error};
use crate::error::Result;

/// A connection inside a transaction: every statement sees the same state.
#[derive(Clone, Copy)]
pub(in crate::registry) struct View<'a> {
    pub(in crate::registry) connection: &'a Connection,
    pub(in crate::registry) layout: &'a Layout,
    pub(in crate::registry) path: &'a Path,
}

impl View<'_> {
    /// Gives every row of a query to `take`.
    pub(in crate::registry) fn each(
        &self,
        sql: &str,
        values: impl Params,
        mut take: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> Result<()> {
        let run = || -> rusqlite::Result<()> {
            let mut statement = self.connection.prepare_cached(sql)?;
            let mut rows = statement.query(values)?;
            while let Some(row) = rows.next()? {
                take(row)?;
            }
            Ok(())
        };
        run().map_err(|source| sql_error("read", self.path, &source))
    }

    /// All rows of a query.
    pub(in crate::registry) fn all<T>(
        &self,
        sql: &str,
        values: impl Params,
        mut take: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut found = Vec::new();
        self.each(sql, values, |row| {
            found.push(take(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// The first row of a query, `None` when there is none.
    pub(in crate::registry) fn first<T>(
        &self,
        sql: &str,
        values: impl Params,
        take: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row(values, take).optional())
            .map_err(|source| sql_error("read", self.path, &source))
    }
}
