//! The registry on a server: how it is reached, and reading it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use super::access::Access;
use super::client::Client;
use super::files::Folder;
use super::{deleted, files, lease, observe, read};
use crate::audit::Actor;
use crate::audit::chain::Link;
use crate::base::commands;
use crate::base::sha256_hex;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{JobRecord, ModelSummary, ModelVersion, RunRecord, Serving, ServingRule, Standing};
use crate::registry::clock::now_ms;
use crate::registry::journal::Journal;
use crate::registry::{AuditLog, JobLog, ModelStore};
use crate::registry::{ModelCache, Timeouts, Warnings};

/// Where a server is, and how it is used.
pub struct MlflowOptions {
    /// `http(s)://HOST:PORT`, with a prefix where the server has one.
    pub url: String,
    pub timeouts: Timeouts,
    /// The folder for what this machine keeps about servers.
    pub folder: PathBuf,
    pub access: Access,
    /// Who is behind the changes.
    pub actor: Actor,
    pub cache: ModelCache,
    /// How it is told what serves.
    pub serving_rule: ServingRule,
    /// Where what a server said last may stand in for one that cannot be reached: takes what the operator must know.
    pub stale_fallback: Option<Warnings>,
    /// Takes what the operator must know of a change beside its result.
    pub notices: Warnings,
}

/// A registry on an MLflow server.
pub struct MlflowRegistry {
    pub(super) client: Client,
    pub(super) actor: Actor,
    pub(super) lock_timeout: Duration,
    pub(super) journal: Journal,
    /// Flags that stand until [`crate::registry::Leases::release`]: of which model, and what takes them down.
    pub(super) kept_flags: Mutex<Vec<(String, lease::Kept)>>,
    pub(super) cache: ModelCache,
    pub(super) serving_rule: ServingRule,
    stale_fallback: Option<Warnings>,
    pub(super) notices: Warnings,
    /// Where the files of each source are: asked for once.
    folders: Mutex<BTreeMap<String, Folder>>,
}

impl MlflowRegistry {
    /// Sends nothing yet.
    ///
    /// Errors: [`ErrorKind::Usage`] for a URL that is none, [`ErrorKind::BadConfiguration`] for credentials or
    /// certificates that cannot be used.
    pub fn new(options: MlflowOptions) -> Result<MlflowRegistry> {
        let client = Client::new(&options.url, options.access, options.timeouts.server)?;
        let journal = Journal::at(&journal_path(&options.folder, &client.place()), options.actor.clone());
        Ok(MlflowRegistry {
            client,
            actor: options.actor,
            lock_timeout: options.timeouts.lock,
            journal,
            kept_flags: Mutex::default(),
            cache: options.cache,
            serving_rule: options.serving_rule,
            stale_fallback: options.stale_fallback,
            notices: options.notices,
            folders: Mutex::default(),
        })
    }

    /// The lease of a model, for one change; what the server said of it before is forgotten.
    pub(super) fn lease(&self, name: &str) -> Result<lease::Lease<'_>> {
        self.cache.forget(&self.client.place(), name);
        let subject = lease::Subject { name: name.to_owned(), model: name.to_owned() };
        lease::Lease::take(&self.client, &subject, &self.actor, self.lock_timeout, lease::SHORT, &self.notices)
    }

    pub(super) fn no_model(&self, name: &str) -> Error {
        Error::new(ErrorKind::ModelNotFound, format!("there is no model '{name}' at {}", self.client.shown())).hint((
            "the models: `",
            commands::models_list(),
            "`",
        ))
    }
}

/// The audit log and the checks of one server.
fn journal_path(folder: &Path, shown: &str) -> PathBuf {
    folder.join("servers").join(format!("{}.db", &sha256_hex(shown.as_bytes())[..32]))
}

impl ModelStore for MlflowRegistry {
    fn location(&self) -> String {
        self.client.shown().to_owned()
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn serving_rule(&self) -> ServingRule {
        self.serving_rule.clone()
    }

    fn serving(&self, name: &str, versions: &[ModelVersion]) -> Result<Serving> {
        let serving = self.serving_rule.serving(versions);
        if serving.aliased.is_some() || versions.is_empty() {
            return Ok(serving);
        }
        let model = match self.client.model(name).map_err(Error::from) {
            Ok(model) => model,
            // The versions came from this machine then.
            Err(error) if is_out_of_reach(&error) => None,
            Err(error) => return Err(error),
        };
        let is_there = |number: i64| versions.iter().any(|version| i64::from(version.version) == number);
        Ok(Serving { lost: model.and_then(|model| read::lost_alias(&model, &self.serving_rule, is_there)), ..serving })
    }

    fn list(&self) -> Result<Vec<ModelSummary>> {
        read::summaries(&self.client, &self.serving_rule)
    }

    fn versions(&self, name: &str) -> Result<Vec<ModelVersion>> {
        let Some(warnings) = &self.stale_fallback else { return self.ask_versions(name) };
        match self.ask_versions(name) {
            Ok(versions) => {
                self.cache.remember(&self.client.place(), name, &versions);
                Ok(versions)
            }
            Err(error) if is_out_of_reach(&error) => self.versions_without_server(name, error, warnings),
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
            None => self.cache.loose_file(&self.client.place(), version, path, false),
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
                self.cache.keep_loose_file(&self.client.place(), version, path, &bytes);
                Ok(bytes)
            }
            (Err(error), None) if self.stale_fallback.is_some() && is_out_of_reach(&error) => {
                self.cache.loose_file(&self.client.place(), version, path, true).ok_or(error)
            }
            (Err(error), _) => Err(error),
        }
    }

    fn file_paths(&self, version: &ModelVersion) -> Result<Vec<String>> {
        if !version.artifacts.is_empty() {
            return Ok(version.artifacts.iter().map(|artifact| artifact.path.clone()).collect());
        }
        files::paths(&self.client, &files::folder(&self.client, version)?)
    }

    fn check_files(&self, version: &ModelVersion) -> Result<()> {
        if version.artifacts.is_empty() {
            return match self.file_paths(version) {
                Ok(paths) if paths.is_empty() => {
                    Err(Error::new(ErrorKind::FileNotFound, format!("the files of {} are gone", version.id()))
                        .because(format!("the server has none at {}", crate::base::redact::without_passwords(&version.source)))
                        .hint("bring them back, or register the model again"))
                }
                // In a store that the server does not hand out they may be there.
                Err(error) if error.kind() == ErrorKind::BadModelFile => Ok(()),
                looked => looked.map(drop),
            };
        }
        let folder = files::folder(&self.client, version)?;
        version.artifacts.iter().try_for_each(|artifact| files::get_verified(&self.client, &folder, version, &artifact.path).map(drop))
    }

    fn standing(&self, version: &ModelVersion) -> Result<Standing> {
        deleted::standing(&self.client, version)
    }

    fn run_of(&self, version: &ModelVersion) -> Result<Option<RunRecord>> {
        let Some(run_id) = &version.run_id else { return Ok(None) };
        let Some(run) = self.client.run(run_id)? else { return Ok(None) };
        let experiment = self.client.experiment_name(&run.info.experiment_id)?;
        Ok(Some(read::run_from(run, experiment)))
    }
}

impl AuditLog for MlflowRegistry {
    fn records(&self, name: Option<&str>) -> Result<Vec<Link>> {
        self.journal.records(name)
    }

    fn verify_chain(&self) -> Result<u64> {
        self.journal.verify_chain()
    }
}

impl JobLog for MlflowRegistry {
    fn keep_job(&self, record: &JobRecord, oldest: i64) -> Result<()> {
        self.journal.keep_job(record, oldest)
    }

    fn jobs(&self) -> Result<Vec<JobRecord>> {
        self.journal.jobs()
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
    fn versions_without_server(&self, name: &str, error: Error, warnings: &Warnings) -> Result<Vec<ModelVersion>> {
        let server = self.client.shown();
        let Some(said) = self.cache.remembered(&self.client.place(), name) else { return Err(error) };
        let (age, limit) = (seconds_since(said.said_at_ms), self.cache.time_to_live().as_secs());
        if !self.cache.is_fresh(said.said_at_ms) {
            return Err(error
                .because(format!("what it said of {name} {age} s ago is older than ML_MODEL_CACHE_TTL_SECONDS, {limit} s"))
                .hint(format!(
                    "to use it all the same: put 'ML_MODEL_CACHE_TTL_SECONDS={}' before the command",
                    (age + 3600) / 3600 * 3600
                )));
        }
        if let (Ok(mut warnings), false) = (warnings.lock(), said.versions.is_empty()) {
            warnings.push(format!("{server} cannot be reached; {name} is used as the server described it {age} s ago"));
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
