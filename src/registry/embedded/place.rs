//! The registry as the rest of the house sees it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::database::Database;
use super::{artifacts, read, register};
use crate::error::{Error, ErrorKind, Result};
use crate::registry::contract::{ModelSummary, ModelVersion, NewVersion, Registry};

/// How long a change waits for another one by default.
const DEFAULT_LOCK_TIMEOUT: Duration = Duration::from_secs(30);

/// Where an embedded registry is, and whether somebody said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddedPlace {
    /// The SQLite file. Artifacts are in the folder `mlruns` beside it.
    pub database: PathBuf,
    /// The operator named this place. Reading a named place that is absent is an error, while an
    /// absent default place is an empty registry.
    pub named: bool,
}

/// A registry in one SQLite file.
///
/// Holds no connection between calls: each call sees the newest state, also when MLflow upgraded the file
/// in the meantime.
#[derive(Clone, Debug)]
pub struct EmbeddedRegistry {
    pub(super) database: PathBuf,
    pub(super) absent_is_empty: bool,
    pub(super) lock_timeout: Duration,
}

impl EmbeddedRegistry {
    /// For a command that only reads, or changes what must be there already.
    ///
    /// Errors: [`ErrorKind::FileNotFound`] when a named place is absent.
    pub fn open(place: &EmbeddedPlace) -> Result<Self> {
        let registry =
            EmbeddedRegistry { database: place.database.clone(), absent_is_empty: !place.named, lock_timeout: DEFAULT_LOCK_TIMEOUT };
        if place.named && !registry.exists()? {
            return Err(registry.absent());
        }
        Ok(registry)
    }

    /// For a command that may register: an absent place reads as empty, and its folders and file are made
    /// by the first [`Registry::register`], not before.
    pub fn open_or_create(place: &EmbeddedPlace) -> Self {
        EmbeddedRegistry { database: place.database.clone(), absent_is_empty: true, lock_timeout: DEFAULT_LOCK_TIMEOUT }
    }

    /// How long a change waits for another process's change before it gives up with [`ErrorKind::LockHeld`].
    #[must_use]
    pub fn with_lock_timeout(mut self, lock_timeout: Duration) -> Self {
        self.lock_timeout = lock_timeout;
        self
    }

    /// Whether the file is there.
    pub fn exists(&self) -> Result<bool> {
        self.database.try_exists().map_err(|source| Error::file("look for", &self.database, &source))
    }

    /// The SQLite file.
    pub fn database(&self) -> &Path {
        &self.database
    }

    /// Opens for reading; `None` where there is nothing yet.
    pub(super) fn reader(&self) -> Result<Option<Database>> {
        if !self.exists()? {
            return if self.absent_is_empty { Ok(None) } else { Err(self.absent()) };
        }
        Database::open_for_reading(&self.database, self.lock_timeout)
    }

    fn absent(&self) -> Error {
        Error::new(ErrorKind::FileNotFound, format!("there is no registry at {}", self.database.display()))
            .hint(format!("'hivectl ml train --registry {} --tickets FILE' makes one; check the path", self.database.display()))
    }
}

impl Registry for EmbeddedRegistry {
    fn location(&self) -> String {
        self.database.display().to_string()
    }

    fn is_shared(&self) -> bool {
        false
    }

    fn list(&self) -> Result<Vec<ModelSummary>> {
        self.reader()?.map_or_else(|| Ok(Vec::new()), |database| read::summaries(&database))
    }

    fn versions(&self, name: &str) -> Result<Vec<ModelVersion>> {
        self.reader()?.map_or_else(|| Ok(Vec::new()), |database| read::versions(&database, name))
    }

    fn version(&self, name: &str, version: u32) -> Result<Option<ModelVersion>> {
        self.reader()?.map_or_else(|| Ok(None), |database| read::version(&database, name, version))
    }

    fn read_artifact(&self, version: &ModelVersion, path: &str) -> Result<Vec<u8>> {
        let database = self.reader()?.ok_or_else(|| self.absent())?;
        let folder = super::locations::artifact_folder(&database, version)?;
        artifacts::read_verified(&folder, version, path)
    }

    fn register(&mut self, version: NewVersion) -> Result<ModelVersion> {
        register::register(self, version)
    }
}
