//! Notes about folders that are being filled, and the removal of what a dead process left.

use std::path::{Path, PathBuf};

use rusqlite::params;

use super::artifacts;
use super::change::Change;
use super::database::Database;
use crate::error::{Error, ErrorKind, Result};
use crate::registry::clock::now_ms;

/// After this long nobody is still writing, whatever the process table says: a process id may have been
/// given to another program, and the one of another machine cannot be looked up.
const LONGEST_WRITE_MS: i64 = 24 * 60 * 60 * 1000;

/// Notes that this process is about to fill `folder`.
pub(super) fn note(change: &Change<'_>, model_id: &str, folder: &Path) -> Result<()> {
    let sql = "INSERT INTO hivectl_pending (model_id, folder, host, process_id, started_at_ms) VALUES (?1, ?2, ?3, ?4, ?5)";
    let values = params![model_id, folder.to_string_lossy(), host_name(), std::process::id(), now_ms()];
    change.execute(sql, values).map(drop)
}

/// Removes this process's own note, as part of the transaction that makes the folder a version.
///
/// Errors: [`ErrorKind::Conflict`] when the note is gone, which means that another process took this one
/// for dead and removed the folder.
pub(super) fn finish(change: &Change<'_>, model_id: &str) -> Result<()> {
    match change.execute("DELETE FROM hivectl_pending WHERE model_id = ?1", [model_id])? {
        1 => Ok(()),
        _ => Err(Error::new(ErrorKind::Conflict, "the files of the new version were removed while they were written")
            .because("another process took this one for dead")
            .hint("run the same command again")),
    }
}

/// Takes back an attempt that failed: the folder, then the note.
pub(super) fn abandon(database: &mut Database, model_id: &str, folder: &Path) -> Result<()> {
    artifacts::remove_folder(folder)?;
    let change = Change::begin(database)?;
    change.execute("DELETE FROM hivectl_pending WHERE model_id = ?1", [model_id])?;
    change.commit()
}

/// Removes the folders that dead processes left. The folder goes before its note, so that a process that
/// dies in here leaves the note for the next one.
pub(super) fn remove_abandoned(change: &Change<'_>) -> Result<()> {
    let sql = "SELECT model_id, folder, host, process_id, started_at_ms FROM hivectl_pending";
    let notes = change.all(sql, [], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, u32>(3)?, row.get::<_, i64>(4)?))
    })?;
    for (model_id, folder, host, process_id, started_at_ms) in notes {
        let is_old = now_ms() - started_at_ms > LONGEST_WRITE_MS;
        let is_dead = host == host_name() && !is_alive(process_id);
        if is_old || is_dead {
            artifacts::remove_folder(&PathBuf::from(folder))?;
            change.execute("DELETE FROM hivectl_pending WHERE model_id = ?1", [model_id])?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn host_name() -> String {
    String::new()
}

/// Whether the process exists; one that belongs to another user does.
#[cfg(unix)]
fn is_alive(process_id: u32) -> bool {
    let process = i32::try_from(process_id).ok().and_then(rustix::process::Pid::from_raw);
    process.is_some_and(|process| !matches!(rustix::process::test_kill_process(process), Err(rustix::io::Errno::SRCH)))
}

/// Without a process table to ask, only age tells.
#[cfg(not(unix))]
fn is_alive(_: u32) -> bool {
    true
}
