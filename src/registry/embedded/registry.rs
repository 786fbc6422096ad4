//! The registry itself: where it is, how it is opened, and reading it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{artifacts, locations, read, verify};
use crate::audit::Actor;
use crate::audit::chain::{self, Link};
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{ModelSummary, ModelVersion, RunRecord, Serving, ServingRule};
use crate::registry::journal::{DEFAULT_LOCK_TIMEOUT, Database, View, audit_log, no_registry};
use crate::registry::{AuditLog, ModelStore, Warnings};

/// Where an embedded registry is, and whether somebody said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddedLocation {
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
    pub(super) actor: Actor,
    pub(super) serving_rule: ServingRule,
    notices: Warnings,
}

impl EmbeddedRegistry {
    /// For a command that only reads, or changes what must be there already.
    ///
    /// Errors: [`ErrorKind::FileNotFound`] when a named place is absent.
    pub fn open(place: &EmbeddedLocation) -> Result<Self> {
        let registry = EmbeddedRegistry { absent_is_empty: !place.named, ..EmbeddedRegistry::open_or_create(place) };
        if place.named && !registry.exists()? {
            return Err(registry.absent());
        }
        Ok(registry)
    }

    /// For a command that may register: an absent place reads as empty, and its folders and file are made
    /// by the first [`crate::registry::Registration::register`], not before.
    pub fn open_or_create(place: &EmbeddedLocation) -> Self {
        EmbeddedRegistry {
            database: place.database.clone(),
            absent_is_empty: true,
            lock_timeout: DEFAULT_LOCK_TIMEOUT,
            actor: Actor::default(),
            serving_rule: ServingRule::default(),
            notices: Warnings::default(),
        }
    }

    /// Where goes what the operator must know of a change beside its result.
    #[must_use]
    pub fn telling(mut self, notices: Warnings) -> Self {
        self.notices = notices;
        self
    }

    /// How it is told what serves.
    #[must_use]
    pub fn with_serving_rule(mut self, serving_rule: ServingRule) -> Self {
        self.serving_rule = serving_rule;
        self
    }

    /// How long a change waits for another process's change before it gives up with [`ErrorKind::LockHeld`].
    #[must_use]
    pub fn with_lock_timeout(mut self, lock_timeout: Duration) -> Self {
        self.lock_timeout = lock_timeout;
        self
    }

    /// Who is behind the changes made through this value; stands in every audit record.
    #[must_use]
    pub fn on_behalf_of(mut self, actor: Actor) -> Self {
        self.actor = actor;
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

    /// Looks at one snapshot of the tables; `None` where there is nothing yet.
    pub(super) fn read<T>(&self, look: impl FnOnce(View<'_>) -> Result<T>) -> Result<Option<T>> {
        if !self.exists()? {
            return if self.absent_is_empty { Ok(None) } else { Err(self.absent()) };
        }
        let Some(database) = Database::open_for_reading(&self.database, self.lock_timeout)? else { return Ok(None) };
        database.look(look).map(Some)
    }

    /// Opens what must be there already, for a change.
    pub(super) fn writer(&self) -> Result<Database> {
        if !self.exists()? {
            return Err(self.absent());
        }
        self.maker()
    }

    /// Opens for a change; makes what is absent.
    pub(super) fn maker(&self) -> Result<Database> {
        let database = Database::open_for_writing(&self.database, self.lock_timeout)?;
        Ok(Database { notices: self.notices.clone(), ..database })
    }

    pub(super) fn no_model(&self, name: &str) -> Error {
        Error::new(ErrorKind::ModelNotFound, format!("there is no model '{name}': the registry {} is empty", self.database.display()))
            .hint(("`", commands::train_on("FILE"), "` makes the first models"))
    }

    fn absent(&self) -> Error {
        no_registry(&self.database)
    }
}

impl ModelStore for EmbeddedRegistry {
    fn location(&self) -> String {
        self.database.display().to_string()
    }

    fn is_shared(&self) -> bool {
        false
    }

    fn serving_rule(&self) -> ServingRule {
        self.serving_rule.clone()
    }

    fn serving(&self, name: &str, versions: &[ModelVersion]) -> Result<Serving> {
        let lost = self.read(|view| read::lost_aliases(view, &self.serving_rule.alias))?.unwrap_or_default();
        Ok(Serving { lost: lost.get(name).copied(), ..self.serving_rule.serving(versions) })
    }

    fn list(&self) -> Result<Vec<ModelSummary>> {
        Ok(self.read(|view| read::summaries(view, &self.serving_rule))?.unwrap_or_default())
    }

    fn versions(&self, name: &str) -> Result<Vec<ModelVersion>> {
        Ok(self.read(|view| read::versions(view, name))?.unwrap_or_default())
    }

    fn version(&self, name: &str, version: u32) -> Result<Option<ModelVersion>> {
        Ok(self.read(|view| read::version(view, name, version))?.flatten())
    }

    fn read_artifact(&self, version: &ModelVersion, path: &str) -> Result<Vec<u8>> {
        let folder = self.read(|view| locations::artifact_folder(view, version))?.ok_or_else(|| self.absent())?;
        artifacts::read_verified(&folder, version, path)
    }

    fn file_paths(&self, version: &ModelVersion) -> Result<Vec<String>> {
        if !version.artifacts.is_empty() {
            return Ok(version.artifacts.iter().map(|artifact| artifact.path.clone()).collect());
        }
        let folder = self.read(|view| locations::artifact_folder(view, version))?.ok_or_else(|| self.no_model(&version.name))?;
        artifacts::paths_below(&folder)
    }

    fn check_files(&self, version: &ModelVersion) -> Result<()> {
        self.read(|view| verify::check_files(view, version)).map(|_| ())
    }

    fn run_of(&self, version: &ModelVersion) -> Result<Option<RunRecord>> {
        let Some(run_id) = &version.run_id else { return Ok(None) };
        Ok(self.read(|view| read::run(view, run_id))?.flatten())
    }
}

impl AuditLog for EmbeddedRegistry {
    fn records(&self, name: Option<&str>) -> Result<Vec<Link>> {
        Ok(self.read(|view| audit_log::links(view, name))?.unwrap_or_default())
    }

    fn verify_chain(&self) -> Result<u64> {
        Ok(self.read(|view| chain::verify(audit_log::links(view, None)?, &audit_log::head(view)?))?.unwrap_or_default())
    }
}
