//! Drift checks in their table.

use rusqlite::{Row, params};

use super::{Change, View};
use crate::error::Result;
use crate::lifecycle::DriftRecord;

/// Makes the tables about drift where they are not there yet.
pub(in crate::registry) fn set_up(change: &Change<'_>) -> Result<()> {
    change.set_up(include_str!("drift_tables.sql"))
}

/// Whether the tables about drift are there.
pub(in crate::registry) fn is_set_up(view: View<'_>) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'hivectl_drift_checks')";
    Ok(view.first(sql, [], |row| row.get(0))?.unwrap_or_default())
}

/// Keeps a check in the place of an earlier one of the same window, version and rule.
pub(in crate::registry) fn record(change: &Change<'_>, record: &DriftRecord) -> Result<()> {
    set_up(change)?;
    let sql = "INSERT OR REPLACE INTO hivectl_drift_checks (model, version, method, window_end_ms, checked_at_ms, status, data)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let data = record.data.to_string();
    change
        .execute(sql, params![record.model, record.version, record.method, record.window_end, record.checked_at, record.status, data])
        .map(drop)
}

/// The checks of one model or of all whose window ended at or after `since`, oldest first.
pub(in crate::registry) fn since(view: View<'_>, model: Option<&str>, since: i64) -> Result<Vec<DriftRecord>> {
    let sql = "SELECT model, version, method, window_end_ms, checked_at_ms, status, data FROM hivectl_drift_checks
               WHERE (?1 IS NULL OR model = ?1) AND window_end_ms >= ?2 ORDER BY window_end_ms, model, version";
    if is_set_up(view)? { view.all(sql, params![model, since], check_from) } else { Ok(Vec::new()) }
}

fn check_from(row: &Row<'_>) -> rusqlite::Result<DriftRecord> {
    Ok(DriftRecord {
        model: row.get(0)?,
        version: row.get(1)?,
        method: row.get(2)?,
        window_end: row.get(3)?,
        checked_at: row.get(4)?,
        status: row.get(5)?,
        data: serde_json::from_str(&row.get::<_, String>(6)?).unwrap_or_default(),
    })
}
