//! Opening the registry that the settings name.

use std::time::Duration;

use super::Workspace;
use crate::config::{Origin, RegistryPlace, Setting, Settings, cache_directory, data_directory};
use crate::error::{Error, ErrorKind, Result};
use crate::registry::embedded::{EmbeddedPlace, EmbeddedRegistry};
use crate::registry::mlflow::{Access, MlflowPlace, MlflowRegistry, Remarks};
use crate::registry::{ModelCache, Watching};

/// Beginning of the variables with a server's credentials, as MLflow names them.
const CREDENTIALS: &str = "MLFLOW_TRACKING";

/// The same for the second registry of a copy, where the first is a server too.
const OTHER_CREDENTIALS: &str = "HIVECTL_OTHER_TRACKING";

/// How long a registry is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For another process's change.
    pub lock: Duration,
    /// For a server, in all; `None` for the usual time.
    pub server: Option<Duration>,
}

/// What a job does with the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ops) enum Intent {
    /// Looks, or changes what is there.
    Existing,
    /// Uses a model: while a server cannot be reached, what it said last stands in for it.
    Load,
    /// Registers: a place that is absent is made by the first change.
    Create,
}

/// How a place is opened.
struct Opening {
    may_create: bool,
    timeouts: Timeouts,
    /// Begins the variables with a server's credentials.
    credentials: &'static str,
    /// How long copies of models count.
    cache_ttl: Duration,
    /// Where what a server said last may stand in for it.
    stale_fallback: Option<Remarks>,
}

impl Workspace<'_> {
    /// Opens the registry that the settings name.
    ///
    /// Errors: [`ErrorKind::Usage`] for a place that hivectl cannot drive; those of opening it.
    pub(in crate::ops) fn registry(&self, settings: &Settings, intent: Intent) -> Result<Box<dyn Watching>> {
        *self.opened.borrow_mut() = Some(settings.clone());
        let opening = Opening {
            may_create: intent == Intent::Create,
            timeouts: self.timeouts(),
            credentials: CREDENTIALS,
            cache_ttl: cache_ttl(settings)?,
            stale_fallback: (intent == Intent::Load).then(|| self.warnings.clone()),
        };
        open(registry_setting(settings)?, opening)
    }

    /// Opens a second registry, to copy from or to. The credentials of the first one are not shown to it, unless
    /// the first one is no server.
    pub(in crate::ops) fn other_registry(
        &self,
        settings: &Settings,
        flag: &'static str,
        word: &str,
        intent: Intent,
    ) -> Result<Box<dyn Watching>> {
        let is_server = |setting: &Setting| matches!(RegistryPlace::parse(setting), Ok(RegistryPlace::MlflowServer { .. }));
        let credentials = if settings.get("registry").is_some_and(is_server) { OTHER_CREDENTIALS } else { CREDENTIALS };
        let setting = Setting { value: word.to_owned(), origin: Origin::Flag(flag), secret: None };
        let opening = Opening {
            may_create: intent == Intent::Create,
            timeouts: self.timeouts(),
            credentials,
            cache_ttl: cache_ttl(settings)?,
            stale_fallback: None,
        };
        open(&setting, opening)
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts { lock: self.scope.lock_timeout, server: self.scope.timeout }
    }
}

/// Copies of models that servers handed out.
///
/// Errors: those of finding the user's folder.
pub(in crate::ops) fn model_cache(settings: &Settings) -> Result<ModelCache> {
    Ok(ModelCache::at(cache_directory()?.join("models"), cache_ttl(settings)?))
}

fn registry_setting(settings: &Settings) -> Result<&Setting> {
    settings.get("registry").ok_or_else(|| Error::new(ErrorKind::Internal, "no registry is set"))
}

fn cache_ttl(settings: &Settings) -> Result<Duration> {
    Ok(Duration::from_secs(settings.parse("model_cache_ttl_seconds")?.unwrap_or_default()))
}

fn open(setting: &Setting, opening: Opening) -> Result<Box<dyn Watching>> {
    let (actor, timeouts) = (crate::ops::actor_of_process(), opening.timeouts);
    match RegistryPlace::parse(setting)? {
        RegistryPlace::Embedded { database, named } => {
            let place = EmbeddedPlace { database, named };
            let registry = if opening.may_create { EmbeddedRegistry::open_or_create(&place) } else { EmbeddedRegistry::open(&place)? };
            Ok(Box::new(registry.with_lock_timeout(timeouts.lock).on_behalf_of(actor)))
        }
        RegistryPlace::MlflowServer { url } => {
            let (folder, access) = (data_directory()?, Access::from_environment(opening.credentials)?);
            let cache = ModelCache::at(cache_directory()?.join("models"), opening.cache_ttl);
            let stand_in = opening.stale_fallback;
            let place = MlflowPlace { url, time: timeouts.server, lock_timeout: timeouts.lock, folder, access, actor, cache, stand_in };
            Ok(Box::new(MlflowRegistry::new(place)?))
        }
        RegistryPlace::Orchestrator { url } => {
            Err(Error::new(ErrorKind::Usage, format!("this version of hivectl cannot drive the orchestrator as registry ({url})"))
                .because(format!("set by {}", setting.origin))
                .hint("use `--registry embedded`, or the URL of the MLflow server behind it"))
        }
    }
}
