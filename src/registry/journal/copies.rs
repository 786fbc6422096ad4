//! Copies of a registry from before hivectl changed it for the first time after MLflow had migrated it.
//!
//! A newer MLflow migrates a file when it only reads it, so whoever has to go back needs the state that no change of hivectl's
//! has touched.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

use super::database::{Layout, sql_error};
use crate::base::AtomicFile;
use crate::error::{Error, Result};

/// Stands in the name of a copy before the revision.
const BEFORE: &str = ".before-";

/// The key of the revision that hivectl wrote at last.
const REVISION_KEY: &str = "mlflow_revision";

/// Keeps a copy where the revision is another one than at the last change, and notes the one of now; `transaction` holds the
/// write lock and has changed nothing yet. Answers with the copy, if one was made now.
///
/// Errors: those of writing the copy.
pub(super) fn keep(transaction: &Connection, layout: &Layout, path: &Path) -> Result<Option<PathBuf>> {
    let Some(revision) = layout.revision.as_deref().filter(|_| layout.own_tables) else { return Ok(None) };
    let read = |source| sql_error("read", path, &source);
    let last: Option<String> = transaction
        .query_row("SELECT value FROM hivectl_meta WHERE key = ?1", [REVISION_KEY], |row| row.get(0))
        .optional()
        .map_err(read)?;
    if last.as_deref() == Some(revision) {
        return Ok(None);
    }
    let kept = match last {
        // No change has noted one yet.
        None => None,
        Some(_) => copy(path, revision)?,
    };
    let sql = "INSERT OR REPLACE INTO hivectl_meta (key, value) VALUES (?1, ?2)";
    transaction.execute(sql, params![REVISION_KEY, revision]).map_err(|source| sql_error("change", path, &source))?;
    Ok(kept)
}

/// The copy that is there already, from a change that was taken back, is older and stays.
fn copy(path: &Path, revision: &str) -> Result<Option<PathBuf>> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    // A revision is letters and digits; a file of another tool may say anything.
    let word: String = revision.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    name.push(format!("{BEFORE}{word}"));
    let target = path.with_file_name(name);
    let failed = |source: &std::io::Error| Error::file("keep a copy at", &target, source);
    if target.try_exists().map_err(|source| failed(&source))? {
        return Ok(None);
    }
    let file = AtomicFile::create(&target).map_err(|source| failed(&source))?;
    if let Some(part) = file.part() {
        // Another connection reads what was there before the change, also where that is in the log of writes yet.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Connection::open_with_flags(path, flags)
            .and_then(|reader| reader.execute("VACUUM INTO ?1", [part.to_string_lossy()]))
            .map_err(|source| sql_error("copy", path, &source))?;
    }
    file.commit().and_then(|committed| committed.settled()).map_err(|source| failed(&source))?;
    Ok(Some(target))
}

/// The copies beside a registry, by name.
///
/// Errors: those of reading its folder.
pub(in crate::registry) fn beside(path: &Path) -> Result<Vec<PathBuf>> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let begin = format!("{}{BEFORE}", path.file_name().unwrap_or_default().to_string_lossy());
    let entries = std::fs::read_dir(folder).map_err(|source| Error::file("read", folder, &source))?;
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let is_copy = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&begin));
    let mut copies: Vec<PathBuf> = paths.filter(is_copy).collect();
    copies.sort();
    Ok(copies)
}
