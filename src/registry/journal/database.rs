//! Opening the file: for reading it is never changed, for writing it is made when it is absent.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};

use super::{View, shape};
use crate::base::command_line::quoted;
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};
use crate::registry::{Warnings, folders};

/// An open registry file and what its schema has.
pub(in crate::registry) struct Database {
    pub(in crate::registry) connection: Connection,
    pub(in crate::registry) path: PathBuf,
    pub(in crate::registry) layout: Layout,
    /// Takes what the operator must know of a change beside its result.
    pub(in crate::registry) notices: Warnings,
}

/// What differs between the schemas that MLflow has had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::registry) struct Layout {
    /// The Alembic revision; `None` in a file without any table.
    pub(in crate::registry) revision: Option<String>,
    /// `model_versions` and its relatives have a column `workspace` (since revision 1b5f0d9ad7c1).
    pub(in crate::registry) workspaces: bool,
    /// There are logged models (since revision 400f98739977).
    pub(in crate::registry) logged_models: bool,
    /// hivectl's own tables are there.
    pub(in crate::registry) own_tables: bool,
}

impl Layout {
    pub(in crate::registry) fn read(connection: &Connection, path: &Path) -> Result<Layout> {
        let sql = "SELECT name, (SELECT count(*) FROM pragma_table_info('model_versions') WHERE name = 'workspace')
                   FROM sqlite_schema WHERE type = 'table'";
        let mut statement = connection.prepare(sql).map_err(|source| sql_error("read", path, &source))?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?)));
        let tables: Vec<(String, bool)> = rows.and_then(Iterator::collect).map_err(|source| sql_error("read", path, &source))?;
        let has = |table: &str| tables.iter().any(|(name, _)| name == table);
        if tables.is_empty() {
            return Ok(Layout { revision: None, workspaces: false, logged_models: false, own_tables: false });
        }
        if !has("alembic_version") || !has("model_versions") {
            return Err(Error::new(ErrorKind::BadInput, format!("{} is a SQLite database, but not one of MLflow's", path.display()))
                .because(format!("it has {} tables and none is named alembic_version or model_versions", tables.len()))
                .hint("give another path to --registry; a file that does not exist yet is made by the first training"));
        }
        let revision: Option<String> = connection
            .query_row("SELECT version_num FROM alembic_version", [], |row| row.get(0))
            .optional()
            .map_err(|source| sql_error("read", path, &source))?;
        Ok(Layout {
            revision: Some(revision.unwrap_or_default()),
            workspaces: tables.iter().any(|(_, workspaces)| *workspaces),
            logged_models: has("logged_models"),
            own_tables: has("hivectl_audit"),
        })
    }

    /// Whether hivectl's statements fit the tables, which `connection` looks at.
    pub(super) fn check_writable(&self, connection: &Connection, path: &Path) -> Result<()> {
        let Some(revision) = self.revision.as_deref() else { return Ok(()) };
        let Some(obstacle) = shape::obstacle(connection).map_err(|source| sql_error("read", path, &source))? else { return Ok(()) };
        Err(Error::new(ErrorKind::NotAllowed, format!("{} can be read but not changed", path.display()))
            .because(format!("{obstacle} (MLflow's revision '{revision}')"))
            .hint(format!(
                "if it is older than MLflow 3: `mlflow db upgrade {}` brings it up to date; if it is newer, use a newer hivectl",
                quoted(&format!("sqlite:///{}", path.display()))
            )))
    }
}

impl Database {
    /// Opens an existing file; `None` when it has no table yet (its maker died before the first commit).
    pub(in crate::registry) fn open_for_reading(path: &Path, busy_timeout: Duration) -> Result<Option<Database>> {
        let connection = open_reader(path, busy_timeout)?;
        let layout = Layout::read(&connection, path)?;
        Ok(layout.revision.is_some().then(|| Database { connection, path: path.to_owned(), layout, notices: Warnings::default() }))
    }

    /// Looks at one snapshot of the tables.
    pub(in crate::registry) fn look<T>(&self, look: impl FnOnce(View<'_>) -> Result<T>) -> Result<T> {
        let snapshot = self.connection.unchecked_transaction().map_err(|source| sql_error("read", &self.path, &source))?;
        look(View { connection: &snapshot, layout: &self.layout, path: &self.path })
    }

    /// Opens for a change; makes the folders and the file when they are absent.
    pub(in crate::registry) fn open_for_writing(path: &Path, lock_timeout: Duration) -> Result<Database> {
        let path = absolute(path)?;
        if let Some(parent) = path.parent() {
            folders::create_folders(parent)?;
        }
        let is_new = !path.try_exists().map_err(|source| Error::file("look for", &path, &source))?;
        let open = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&path, open).map_err(|source| sql_error("open", &path, &source))?;
        prepare_writer(&connection, lock_timeout).map_err(|source| sql_error("open", &path, &source))?;
        let database = Database { layout: Layout::read(&connection, &path)?, connection, path, notices: Warnings::default() };
        database.layout.check_writable(&database.connection, &database.path)?;
        if database.layout.revision.is_none() {
            database.use_write_ahead_log(lock_timeout)?;
        }
        if is_new {
            folders::sync_parent(&database.path)?;
        }
        Ok(database)
    }

    /// Lets readers read while a change is written. Only a file that hivectl makes is switched; the
    /// journal of a file that MLflow made stays as its owner chose it.
    fn use_write_ahead_log(&self, lock_timeout: Duration) -> Result<()> {
        let deadline = Instant::now() + lock_timeout;
        loop {
            // SQLite does not wait by itself here when two processes switch at once.
            match self.connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get::<_, String>(0)) {
                Err(source) if is_busy(&source) && Instant::now() < deadline => std::thread::sleep(Duration::from_millis(5)),
                Err(source) => return Err(sql_error("set up", &self.path, &source)),
                // File systems without shared memory keep the old journal: correct, only readers may wait.
                Ok(_) => return Ok(()),
            }
        }
    }
}

/// SQLite counts the wait in milliseconds as a 32-bit number.
const LONGEST_WAIT: Duration = Duration::from_secs(20 * 86_400);

fn prepare_writer(connection: &Connection, lock_timeout: Duration) -> rusqlite::Result<()> {
    connection.busy_timeout(lock_timeout.min(LONGEST_WAIT))?;
    connection
        .execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")
}

/// Opens for reading. A file in write-ahead mode needs its shared memory beside it, so the file is opened
/// for writing where that is allowed (nothing is written: `query_only`), and where the folder is read-only
/// and no change is under way it is read as a file that cannot change.
fn open_reader(path: &Path, busy_timeout: Duration) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let failure = match Connection::open_with_flags(path, flags).and_then(|connection| prepare_reader(connection, busy_timeout)) {
        Ok(connection) => return Ok(connection),
        Err(source) => source,
    };
    if !write_ahead_log(path).exists() {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let uri = format!("{}?immutable=1", folders::file_uri(&absolute(path)?));
        if let Ok(connection) = Connection::open_with_flags(uri, flags).and_then(|connection| prepare_reader(connection, busy_timeout)) {
            return Ok(connection);
        }
    }
    Err(sql_error("open", path, &failure))
}

fn prepare_reader(connection: Connection, busy_timeout: Duration) -> rusqlite::Result<Connection> {
    connection.busy_timeout(busy_timeout.min(LONGEST_WAIT))?;
    connection.execute_batch("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")?;
    // Forces the first page to be read, so that a file that cannot be read fails here.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

fn write_ahead_log(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

/// `path` from the root, without a look at the disk.
pub(in crate::registry) fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).map_err(|source| Error::file("find", path, &source))
}

fn is_busy(source: &rusqlite::Error) -> bool {
    matches!(source.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// A failure of SQLite in the words of the house.
pub(in crate::registry) fn sql_error(action: &str, path: &Path, source: &rusqlite::Error) -> Error {
    let message = format!("cannot {action} the registry {}", path.display());
    match source.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::new(ErrorKind::LockHeld, message)
            .because("another process is changing it")
            .hint("try again, or wait longer with --lock-timeout 2m"),
        Some(ErrorCode::DiskFull) => Error::new(ErrorKind::FileAccess, message)
            .because("the disk is full")
            .hint("free some space and run the same command again; nothing was changed"),
        Some(ErrorCode::SystemIoFailure) => Error::new(ErrorKind::FileAccess, message)
            .because(source)
            .hint("look at the disk's health ('dmesg'), then run the same command again"),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied) => {
            Error::new(ErrorKind::NotAllowed, message)
                .because(source)
                .hint("check the owner and the permissions of the file and of its folder")
        }
        // Two changes that exclude each other, one of them another tool's.
        Some(ErrorCode::ConstraintViolation) => Error::new(ErrorKind::Conflict, message).because(source).hint((
            "look at what is there now (`",
            commands::models_list(),
            "`), then repeat the command",
        )),
        Some(ErrorCode::CannotOpen) => match refusal(path) {
            Some(refusal) => Error::new(ErrorKind::NotAllowed, message)
                .because(refusal)
                .hint("check the owner and the permissions of the file and of its folder"),
            None => Error::new(ErrorKind::FileAccess, message)
                .because(source)
                .hint("check that the path is a file in a folder that you may write to"),
        },
        Some(ErrorCode::NotADatabase) => Error::new(ErrorKind::BadInput, message)
            .because("it is not a SQLite database")
            .hint("give another path to --registry; a file that does not exist yet is made by the first training"),
        Some(ErrorCode::DatabaseCorrupt) => Error::new(ErrorKind::BadInput, message)
            .because(source)
            .hint("restore the file from a backup, or take what is readable with 'sqlite3 FILE .recover'"),
        _ => Error::new(ErrorKind::Internal, message).because(source),
    }
}

/// Why the operating system does not let this process change the file or its folder; SQLite only says that
/// it could not open something.
#[cfg(unix)]
fn refusal(path: &Path) -> Option<std::io::Error> {
    use rustix::fs::{Access, access};
    use rustix::io::Errno;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    [path, folder].into_iter().find_map(|place| match access(place, Access::WRITE_OK) {
        Err(refused @ (Errno::ROFS | Errno::ACCESS | Errno::PERM)) => Some(refused.into()),
        _ => None,
    })
}

#[cfg(not(unix))]
fn refusal(_: &Path) -> Option<std::io::Error> {
    None
}
