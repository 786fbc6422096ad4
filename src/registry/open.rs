//! Opening a registry: the one place where a kind of address becomes a registry.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::embedded::{EmbeddedLocation, EmbeddedRegistry};
use super::file_store::FileStore;
use super::mlflow::{Access, MlflowOptions, MlflowRegistry};
use super::{ModelCache, Registry, RegistryUri};
use crate::audit::Actor;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::ServingRule;

/// What the operator must know beside the result; the commands' reports show it.
pub type Warnings = Arc<Mutex<Vec<String>>>;

/// How long a registry is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For another process's change.
    pub lock: Duration,
    /// For a server, in all; `None` for the usual time.
    pub server: Option<Duration>,
}

/// How a registry is opened.
pub struct Options {
    /// Whether a place that is absent is made by the first change.
    pub may_create: bool,
    pub timeouts: Timeouts,
    /// Who is behind the changes.
    pub actor: Actor,
    /// How it is told what serves.
    pub serving_rule: ServingRule,
    /// Takes what the operator must know of a change beside its result.
    pub notices: Warnings,
}

/// What a server needs besides.
pub struct ServerOptions {
    /// Begins the variables with a server's credentials.
    pub credentials_prefix: &'static str,
    /// The workspace on the server; `None` for its default.
    pub workspace: Option<String>,
    /// The folder for what this machine keeps about servers.
    pub data_folder: PathBuf,
    /// Copies of models that servers handed out.
    pub cache: ModelCache,
    /// Where what a server said last may stand in for one that cannot be reached: takes what the operator must know.
    pub stale_fallback: Option<Warnings>,
}

/// Opens the registry at `uri`; `server` is asked where that is a server, and sends nothing yet.
///
/// Errors: [`ErrorKind::Usage`] for a registry that hivectl cannot drive, with `origin`, the setting that names it; those
/// of opening it and of `server`.
pub fn open(uri: RegistryUri, origin: &str, options: Options, server: impl FnOnce() -> Result<ServerOptions>) -> Result<Registry> {
    let Options { may_create, timeouts, actor, serving_rule, notices } = options;
    match uri {
        RegistryUri::Embedded { database, named } => {
            let location = EmbeddedLocation { database, named };
            let registry = if may_create { EmbeddedRegistry::open_or_create(&location) } else { EmbeddedRegistry::open(&location)? };
            let registry = registry.with_lock_timeout(timeouts.lock).on_behalf_of(actor).with_serving_rule(serving_rule);
            Ok(Registry::complete(registry.telling(notices)))
        }
        RegistryUri::FileStore { folder } => Ok(Registry::read_only(FileStore::open(&folder, serving_rule)?)),
        RegistryUri::MlflowServer { url } => {
            let ServerOptions { credentials_prefix, workspace, data_folder, cache, stale_fallback } = server()?;
            let access = Access::from_environment(credentials_prefix)?.in_workspace(workspace);
            let options = MlflowOptions { url, timeouts, folder: data_folder, access, actor, cache, serving_rule, stale_fallback, notices };
            Ok(Registry::complete(MlflowRegistry::new(options)?))
        }
        RegistryUri::Orchestrator { url } => {
            Err(Error::new(ErrorKind::Usage, format!("this version of hivectl cannot drive the orchestrator as registry ({url})"))
                .because(format!("set by {origin}"))
                .hint("use `--registry embedded`, or the URL of the MLflow server behind it"))
        }
    }
}
