//! Notes about folders that are being filled, and the removal of what a dead process left.

use std::path::Path;

use rusqlite::params;

use super::locations;
use crate::audit::{Actor, Success};
use crate::error::{Error, ErrorKind, Result};
use crate::registry::clock::now_ms;
use crate::registry::folders;
use crate::registry::journal::audit_log::{self, Intent};
use crate::registry::journal::{Change, Database, View};
use crate::registry::process::{host_name, is_alive};

/// After this long nobody is still writing, whatever the process table says: a process id may have been
/// given to another program, and the one of another machine cannot be looked up.
const LONGEST_WRITE_MS: i64 = 24 * 60 * 60 * 1000;

/// Notes that this process is about to fill `folder`, as it announced with `intent`.
pub(super) fn note(change: &Change<'_>, model_id: &str, folder: &Path, intent: Intent) -> Result<()> {
    let sql = "INSERT INTO hivectl_pending (model_id, folder, host, process_id, started_at_ms, intent) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let values = params![model_id, folder.to_string_lossy(), host_name(), std::process::id(), now_ms(), intent.sequence.cast_signed()];
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

/// Takes back this process's own attempt, which failed.
pub(super) fn abandon(database: &mut Database, actor: &Actor, model_id: &str, failure: &Error) -> Result<()> {
    let note = notes(database)?.into_iter().find(|note| note.model_id == model_id);
    note.map_or(Ok(()), |note| take_back(database, actor, &[note], Success::Failed, &failure.to_string()))
}

/// Takes back what dead processes began. To be called before each change.
pub(super) fn tidy(database: &mut Database, actor: &Actor) -> Result<()> {
    let abandoned: Vec<Note> = notes(database)?.into_iter().filter(Note::is_abandoned).collect();
    if abandoned.is_empty() {
        return Ok(());
    }
    take_back(database, actor, &abandoned, Success::Interrupted, "the process ended before the change was complete; it was taken back")
}

/// Marks the notes, removes the folders, removes the notes with an outcome in the log.
///
/// The mark is a transaction of its own. A failing disk can leave it open whether the transaction that would
/// have made the folder a version went through; once the mark is on the disk the note was still there, so it
/// did not and never will, and the files may go. Who dies in here leaves the note for the next one.
fn take_back(database: &mut Database, actor: &Actor, notes: &[Note], success: Success, failure: &str) -> Result<()> {
    let change = Change::begin_repair(database)?;
    let mut marked = Vec::new();
    for note in notes {
        let sql = "UPDATE hivectl_pending SET process_id = 0 WHERE model_id = ?1 AND process_id = ?2";
        if change.execute(sql, params![note.model_id, note.process_id])? > 0 {
            marked.push(note);
        }
    }
    change.commit()?;
    // Beside this database: in a copied registry the note still names the place it was copied from.
    let beside = |note: &Note| locations::beside(&database.path, Path::new(&note.folder));
    let folders = marked.iter().map(|note| beside(note)).collect::<Result<Vec<_>>>()?;
    folders.iter().flatten().try_for_each(|folder| folders::remove_folder(folder))?;
    let change = Change::begin_repair(database)?;
    for note in marked {
        if change.execute("DELETE FROM hivectl_pending WHERE model_id = ?1 AND process_id = 0", [&note.model_id])? > 0 {
            audit_log::taken_back(&change, actor, note.intent.cast_unsigned(), success, failure)?;
        }
    }
    change.commit()
}

fn notes(database: &Database) -> Result<Vec<Note>> {
    let view = View { connection: &database.connection, layout: &database.layout, path: &database.path };
    if !view.layout.own_tables {
        return Ok(Vec::new());
    }
    view.all("SELECT model_id, folder, host, process_id, started_at_ms, intent FROM hivectl_pending", [], |row| {
        Ok(Note {
            model_id: row.get(0)?,
            folder: row.get(1)?,
            host: row.get(2)?,
            process_id: row.get(3)?,
            started_at_ms: row.get(4)?,
            intent: row.get(5)?,
        })
    })
}

struct Note {
    model_id: String,
    folder: String,
    host: String,
    process_id: u32,
    started_at_ms: i64,
    intent: i64,
}

impl Note {
    fn is_abandoned(&self) -> bool {
        self.process_id == 0 || is_over(&self.host, self.process_id, self.started_at_ms)
    }
}

/// Whether a process that began something then is no longer at it.
pub(super) fn is_over(host: &str, process_id: u32, started_at_ms: i64) -> bool {
    let is_old = now_ms() - started_at_ms > LONGEST_WRITE_MS;
    is_old || (host == host_name() && !is_alive(process_id))
}
