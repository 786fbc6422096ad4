//! Records of trainings and checks in their table.

use rusqlite::params;

use super::{Change, View};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{JobRecord, JobStatus};
use crate::registry::process;

/// Keeps a record in the place of an earlier one of the same job, and forgets those of other jobs that began before
/// `oldest` (milliseconds since the epoch).
pub(in crate::registry) fn keep(change: &Change<'_>, record: &JobRecord, oldest: i64) -> Result<()> {
    change.set_up(include_str!("jobs_table.sql"))?;
    let text = serde_json::to_string(record)
        .map_err(|source| Error::new(ErrorKind::Internal, "cannot write the record of a job").because(source))?;
    let sql = "INSERT OR REPLACE INTO hivectl_jobs (id, started_at_ms, record) VALUES (?1, ?2, ?3)";
    change.execute(sql, params![record.id, record.started_at, text])?;
    change.execute("DELETE FROM hivectl_jobs WHERE started_at_ms < ?1 AND id <> ?2", params![oldest, record.id]).map(drop)
}

/// All records, oldest first. One that says that its job runs, of a process that is gone, is lost.
pub(in crate::registry) fn all(view: View<'_>) -> Result<Vec<JobRecord>> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'hivectl_jobs')";
    if !view.first(sql, [], |row| row.get(0))?.unwrap_or(false) {
        return Ok(Vec::new());
    }
    let sql = "SELECT record FROM hivectl_jobs ORDER BY started_at_ms, id";
    let texts = view.all(sql, [], |row| row.get::<_, String>(0))?;
    // What a later version of hivectl writes in another form is not for this one to tell.
    let records = texts.iter().filter_map(|text| serde_json::from_str(text).ok());
    Ok(records.map(|record: JobRecord| if is_lost(&record) { JobRecord { status: JobStatus::Lost, ..record } } else { record }).collect())
}

fn is_lost(record: &JobRecord) -> bool {
    record.status == JobStatus::Running && record.actor.host == process::host_name() && !process::is_alive(record.process_id)
}
