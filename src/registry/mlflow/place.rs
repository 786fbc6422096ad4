//! The registry on a server as the rest of the house sees it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::access::Access;
use super::client::Client;
use super::files::Folder;
use super::{files, lease, observe, read, register};
use crate::audit::{Actor, sha256_hex};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{ModelSummary, ModelVersion};
use crate::registry::ModelCache;
use crate::registry::clock::now_ms;
use crate::registry::embedded::Journal;
use crate::registry::{NewVersion, Registry};

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
    pub cache: ModelCache,
    /// Where what a server said last may stand in for one that cannot be reached: takes what the operator must know.
    pub stand_in: Option<Remarks>,
}

/// What the operator must know beside the result; the commands' reports show it.
pub type Remarks = Arc<Mutex<Vec<String>>>;

/// A registry on an MLflow server.
pub struct MlflowRegistry {
    pub(super) client: Client,
    pub(super) actor: Actor,
    pub(super) lock_timeout: Duration,
    pub(super) journal: Journal,
    /// Flags that stand until [`crate::registry::Watching::release_lease`].
    pub(super) kept_flags: Vec<(String, String)>,
    pub(super) cache: ModelCache,
    stand_in: Option<Remarks>,
    /// Where the files of each source are: asked for once.
    folders: Mutex<BTreeMap<String, Folder>>,
}

impl MlflowRegistry {
    /// Sends nothing yet.
    ///
    /// Errors: [`ErrorKind::Usage`] for a URL that is none, [`ErrorKind::BadConfiguration`] for credentials or
    /// certificates that cannot be used.
    pub fn new(place: MlflowPlace) -> Result<MlflowRegistry> {
        let client = Client::new(&place.url, place.access, place.time)?;
        let journal = Journal::at(&journal_path(&place.folder, client.shown()), place.actor.clone());
        Ok(MlflowRegistry {
            client,
            actor: place.actor,
            lock_timeout: place.lock_timeout,
            journal,
            kept_flags: Vec::new(),
            cache: place.cache,
            stand_in: place.stand_in,
            folders: Mutex::default(),
        })
    }

    /// The lease of a model, for one change; what the server said of it before is forgotten.
    pub(super) fn lease(&self, name: &str) -> Result<lease::Lease<'_>> {
        self.cache.forget(self.client.shown(), name);
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
        let Some(remarks) = &self.stand_in else { return self.ask_versions(name) };
        match self.ask_versions(name) {
            Ok(versions) => {
                self.cache.remember(self.client.shown(), name, &versions);
                Ok(versions)
            }
            Err(error) if is_out_of_reach(&error) => self.versions_without_server(name, error, remarks),
            Err(error) => Err(error),
        }
    }

    fn all_versions(&self) -> Result<Vec<ModelVersion>> {
        read::all_versions(&self.client)
    }

    fn version(&self, name: &str, version: u32) -> Result<Option<ModelVersion>> {
        Ok(self.versions(name)?.into_iter().find(|live| live.version == version))
    }

    fn read_artifact(&self, version: &ModelVersion, path: &str) -> Result<Vec<u8>> {
        let recorded = version.artifacts.iter().find(|artifact| artifact.path == path);
        let copy = match recorded {
            Some(artifact) => self.cache.file(&artifact.sha256),
            None => self.cache.loose_file(self.client.shown(), version, path, false),
        };
        if let Some(bytes) = copy {
            return Ok(bytes);
        }
        let asked = self.folder(version).and_then(|folder| files::get_verified(&self.client, &folder, version, path));
        match (asked, recorded) {
            (Ok(bytes), Some(artifact)) => {
                self.cache.keep_file(&artifact.sha256, &bytes);
                Ok(bytes)
            }
            (Ok(bytes), None) => {
                self.cache.keep_loose_file(self.client.shown(), version, path, &bytes);
                Ok(bytes)
            }
            (Err(error), None) if self.stand_in.is_some() && is_out_of_reach(&error) => {
                self.cache.loose_file(self.client.shown(), version, path, true).ok_or(error)
            }
            (Err(error), _) => Err(error),
        }
    }

    fn register(&mut self, version: NewVersion) -> Result<ModelVersion> {
        register::register(self, version)
    }
}

/// Whether the server, not the request, is what is wrong.
fn is_out_of_reach(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Unreachable | ErrorKind::ServerFailed | ErrorKind::TimedOut)
}

impl MlflowRegistry {
    fn folder(&self, version: &ModelVersion) -> Result<Folder> {
        let known = self.folders.lock().ok().and_then(|folders| folders.get(&version.source).cloned());
        if let Some(folder) = known {
            return Ok(folder);
        }
        let folder = files::folder(&self.client, version)?;
        if let Ok(mut folders) = self.folders.lock() {
            folders.insert(version.source.clone(), folder.clone());
        }
        Ok(folder)
    }

    fn ask_versions(&self, name: &str) -> Result<Vec<ModelVersion>> {
        Ok(read::versions(&self.client, name)?.into_iter().map(|moved| moved.version).collect())
    }

    /// What the server said last, with its age told; `error` where it said nothing, or too long ago.
    fn versions_without_server(&self, name: &str, error: Error, remarks: &Remarks) -> Result<Vec<ModelVersion>> {
        let server = self.client.shown();
        let Some(said) = self.cache.remembered(server, name) else { return Err(error) };
        let (age, limit) = (seconds_since(said.said_at_ms), self.cache.time_to_live().as_secs());
        if !self.cache.is_fresh(said.said_at_ms) {
            return Err(error
                .because(format!("what it said of {name} {age} s ago is older than ML_MODEL_CACHE_TTL_SECONDS, {limit} s"))
                .hint(format!(
                    "to use it all the same: put 'ML_MODEL_CACHE_TTL_SECONDS={}' before the command",
                    (age + 3600) / 3600 * 3600
                )));
        }
        if let (Ok(mut remarks), false) = (remarks.lock(), said.versions.is_empty()) {
            remarks.push(format!("{server} cannot be reached; {name} is used as the server described it {age} s ago"));
        }
        Ok(said.versions)
    }

    /// Which server this is, for plans.
    pub(super) fn identity(&self) -> crate::lifecycle::RegistryIdentity {
        observe::identity(&self.client)
    }
}

/// Whole seconds since a time in milliseconds; none of one that lies ahead.
fn seconds_since(at_ms: i64) -> u64 {
    now_ms().saturating_sub(at_ms).max(0).unsigned_abs() / 1000
}
