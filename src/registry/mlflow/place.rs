//! The registry on a server as the rest of the house sees it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::access::Access;
use super::client::Client;
use super::{files, lease, observe, read, register};
use crate::audit::{Actor, sha256_hex};
use crate::error::{Error, ErrorKind, Result};
use crate::registry::contract::{ModelSummary, ModelVersion, NewVersion, Registry};
use crate::registry::embedded::Journal;

/// Where a server is, and how it is used.
pub struct MlflowPlace {
    /// `http(s)://HOST:PORT`, with a prefix where the server has one.
    pub url: String,
    /// What the whole command may spend on the server, where it is said.
    pub time: Option<Duration>,
    /// How long a change waits for another one.
    pub lock_timeout: Duration,
    /// The folder for what this machine keeps about servers.
    pub folder: PathBuf,
    pub access: Access,
    /// Who is behind the changes.
    pub actor: Actor,
}

/// A registry on an MLflow server.
pub struct MlflowRegistry {
    pub(super) client: Client,
    pub(super) actor: Actor,
    pub(super) lock_timeout: Duration,
    pub(super) journal: Journal,
    /// Flags that stand until [`crate::registry::Watching::release_lease`].
    pub(super) kept_flags: Vec<(String, String)>,
}

impl MlflowRegistry {
    /// Sends nothing yet.
    ///
    /// Errors: [`ErrorKind::Usage`] for a URL that is none, [`ErrorKind::BadConfiguration`] for credentials or
    /// certificates that cannot be used.
    pub fn new(place: MlflowPlace) -> Result<MlflowRegistry> {
        let client = Client::new(&place.url, place.access, place.time)?;
        let journal = Journal::at(&journal_path(&place.folder, client.shown()), place.actor.clone());
        Ok(MlflowRegistry { client, actor: place.actor, lock_timeout: place.lock_timeout, journal, kept_flags: Vec::new() })
    }

    /// The lease of a model, for one change.
    pub(super) fn lease(&self, name: &str) -> Result<lease::Lease<'_>> {
        lease::Lease::take(&self.client, name, &self.actor, self.lock_timeout, lease::SHORT)
    }

    pub(super) fn no_model(&self, name: &str) -> Error {
        Error::new(ErrorKind::ModelNotFound, format!("there is no model '{name}' at {}", self.client.shown()))
            .hint("the models: 'hivectl ml models list'")
    }
}

/// The audit log and the checks of one server.
fn journal_path(folder: &Path, shown: &str) -> PathBuf {
    folder.join("servers").join(format!("{}.db", &sha256_hex(shown.as_bytes())[..32]))
}

impl Registry for MlflowRegistry {
    fn location(&self) -> String {
        self.client.shown().to_owned()
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn list(&self) -> Result<Vec<ModelSummary>> {
        read::summaries(&self.client)
    }

    fn versions(&self, name: &str) -> Result<Vec<ModelVersion>> {
        Ok(read::versions(&self.client, name)?.into_iter().map(|moved| moved.version).collect())
    }

    fn version(&self, name: &str, version: u32) -> Result<Option<ModelVersion>> {
        Ok(self.versions(name)?.into_iter().find(|live| live.version == version))
    }

    fn read_artifact(&self, version: &ModelVersion, path: &str) -> Result<Vec<u8>> {
        files::get_verified(&self.client, &files::folder(&self.client, version)?, version, path)
    }

    fn register(&mut self, version: NewVersion) -> Result<ModelVersion> {
        register::register(self, version)
    }
}

impl MlflowRegistry {
    /// Which server this is, for plans.
    pub(super) fn identity(&self) -> crate::registry::RegistryIdentity {
        observe::identity(&self.client)
    }
}
