//! Opening the registry that the settings name.

use std::time::Duration;

use super::Workspace;
use crate::config::{Origin, Setting, SettingSpec, Settings, cache_directory, data_directory};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::ServingRule;
use crate::registry::{ModelCache, Options, Registry, RegistrySetting, RegistryUri, ServerOptions, Timeouts, Warnings};

/// Beginning of the variables with a server's credentials, as MLflow names them.
const CREDENTIALS: &str = "MLFLOW_TRACKING";

/// The same for the second registry of a copy, where the first is a server too.
const OTHER_CREDENTIALS: &str = "HIVECTL_OTHER_TRACKING";

/// MLflow's own word for the place of runs, and of versions where no other is told.
const MLFLOWS_OWN: &str = "MLFLOW_TRACKING_URI";

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
    /// The workspace on a server.
    workspace: Option<String>,
    /// How long copies of models count.
    cache_ttl: Duration,
    /// How it is told what serves.
    serving_rule: ServingRule,
    /// Where what a server said last may stand in for it.
    stale_fallback: Option<Warnings>,
    /// Takes what the operator must know of a change beside its result.
    notices: Warnings,
}

impl Workspace<'_> {
    /// Opens the registry that the settings name.
    ///
    /// Errors: [`ErrorKind::Usage`] for a place that hivectl cannot drive; those of opening it.
    pub(in crate::ops) fn registry(&self, settings: &Settings, intent: Intent) -> Result<Registry> {
        self.state.opened(settings)?;
        kept_together(settings)?;
        workspace_fits(settings)?;
        let stale_fallback = (intent == Intent::Load).then(|| self.warnings.clone());
        let opening = Opening { notices: self.warnings.clone(), ..opening(settings, intent == Intent::Create, self.timeouts())? };
        open(registry_setting(settings)?, Opening { stale_fallback, ..opening }).inspect(|registry| self.tell_of_server(registry))
    }

    /// Opens a second registry, to copy from or to. The credentials of the first one are not shown to it, unless
    /// the first one is no server.
    pub(in crate::ops) fn other_registry(&self, settings: &Settings, flag: &'static str, word: &str, intent: Intent) -> Result<Registry> {
        let is_server = |setting: &Setting| matches!(registry_uri(setting), Ok(RegistryUri::MlflowServer { .. }));
        let credentials = if settings.get("registry").is_some_and(is_server) { OTHER_CREDENTIALS } else { CREDENTIALS };
        let setting = Setting { value: word.to_owned(), origin: Origin::Flag(flag), secret: None };
        let opening = Opening {
            may_create: intent == Intent::Create,
            timeouts: self.timeouts(),
            credentials,
            // As MLflow's own client, which knows one workspace.
            workspace: settings.get("workspace").filter(|set| matches!(set.origin, Origin::Environment(_))).map(|set| set.value.clone()),
            cache_ttl: cache_ttl(settings)?,
            // What is set is set for the first one.
            serving_rule: ServingRule::default(),
            stale_fallback: None,
            notices: self.warnings.clone(),
        };
        open(&setting, opening).inspect(|registry| self.tell_of_server(registry))
    }

    /// A server may be waited for, and who waits wants to see for what.
    fn tell_of_server(&self, registry: &Registry) {
        if registry.store().is_shared() {
            self.progress().begin(&format!("asking {}", registry.store().location()), None);
        }
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts { lock: self.scope.lock_timeout, server: self.scope.timeout }
    }
}

fn registry_setting(settings: &Settings) -> Result<&Setting> {
    settings.get("registry").ok_or_else(|| Error::new(ErrorKind::Internal, "no registry is set"))
}

/// hivectl keeps versions and their runs in one place.
///
/// Errors: [`ErrorKind::BadConfiguration`] where MLflow is told of two.
fn kept_together(settings: &Settings) -> Result<()> {
    let (Some(registry), Some(versions)) = (settings.get("registry"), settings.get("versions_registry")) else { return Ok(()) };
    let plain = |setting: &Setting| setting.value.trim().trim_end_matches('/').to_owned();
    if !matches!(registry.origin, Origin::Environment(MLFLOWS_OWN)) || plain(registry) == plain(versions) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::BadConfiguration,
        format!("versions are to be in {} and runs in {}, which hivectl keeps in one place", versions.shown(), registry.shown()),
    )
    .because(format!("set by {} and {}", versions.origin, registry.origin))
    .hint("name the one place with `--registry PLACE` or HIVECTL_REGISTRY, or 'unset MLFLOW_REGISTRY_URI'"))
}

/// Errors: [`ErrorKind::Usage`] for a workspace that was typed for a registry that has none.
fn workspace_fits(settings: &Settings) -> Result<()> {
    let Some(workspace) = settings.get("workspace").filter(|workspace| matches!(workspace.origin, Origin::Flag(_))) else { return Ok(()) };
    match registry_uri(registry_setting(settings)?)? {
        RegistryUri::MlflowServer { .. } => Ok(()),
        _ => Err(Error::new(ErrorKind::Usage, format!("--workspace is {}, and this registry is no MLflow server", workspace.shown()))
            .hint("leave `--workspace` out, or name the server with `--registry http://HOST:PORT`")),
    }
}

/// How the registry that the settings name is opened; with `may_create` a place that is absent is made by the first change;
/// nothing stands in for a server, and nobody is told.
fn opening(settings: &Settings, may_create: bool, timeouts: Timeouts) -> Result<Opening> {
    let (cache_ttl, serving_rule) = (cache_ttl(settings)?, serving_rule(settings)?);
    let (stale_fallback, notices) = (None, Warnings::default());
    let workspace = settings.text("workspace").map(str::to_owned);
    Ok(Opening { may_create, timeouts, credentials: CREDENTIALS, workspace, cache_ttl, serving_rule, stale_fallback, notices })
}

/// How the settings tell what serves.
///
/// Errors: [`ErrorKind::BadConfiguration`] for an alias that MLflow does not take.
fn serving_rule(settings: &Settings) -> Result<ServingRule> {
    let by = settings.get("serving").filter(|word| !word.value.trim().is_empty()).map(|word| {
        word.value.trim().parse().map_err(|_| {
            let shown: String = word.value.chars().take(40).collect();
            Error::new(ErrorKind::BadConfiguration, format!("serving is '{}', expected stage, alias or both", shown.escape_debug()))
                .because(format!("set by {}", word.origin))
        })
    });
    let by = by.transpose()?;
    let Some(alias) = settings.get("serving_alias") else { return Ok(ServingRule { by, ..ServingRule::default() }) };
    alias.check(SettingSpec::named("serving_alias")?)?;
    Ok(ServingRule { by, alias: alias.value.trim().to_owned() })
}

/// Opens the registry that the settings name, to look at it beside a job; it is waited for `wait` at most.
///
/// Errors: [`ErrorKind::Usage`] for a place that hivectl cannot drive; those of opening it.
pub(in crate::ops) fn open_existing(settings: &Settings, wait: Duration) -> Result<Registry> {
    open(registry_setting(settings)?, opening(settings, false, Timeouts { lock: wait, server: Some(wait) })?)
}

/// Which registry a setting names.
///
/// Errors: those of [`RegistryUri::parse`], and of a secret that is not there.
pub fn registry_uri(setting: &Setting) -> Result<RegistryUri> {
    let revealed = setting.revealed()?;
    let setting = RegistrySetting {
        word: revealed.value.clone(),
        origin: revealed.origin.to_string(),
        is_default: revealed.origin == Origin::Default,
        is_flag: matches!(revealed.origin, Origin::Flag(_)),
    };
    RegistryUri::parse(&setting, data_directory)
}

/// Copies of models that servers handed out.
///
/// Errors: those of finding the user's folder.
pub(in crate::ops) fn model_cache(settings: &Settings) -> Result<ModelCache> {
    cache_at(cache_ttl(settings)?)
}

fn cache_at(time_to_live: Duration) -> Result<ModelCache> {
    Ok(ModelCache::at(cache_directory()?.join("models"), time_to_live))
}

fn cache_ttl(settings: &Settings) -> Result<Duration> {
    Ok(Duration::from_secs(settings.parse("model_cache_ttl_seconds")?.unwrap_or_default()))
}

fn open(setting: &Setting, opening: Opening) -> Result<Registry> {
    let Opening { may_create, timeouts, credentials, workspace, cache_ttl, serving_rule, stale_fallback, notices } = opening;
    let options = Options { may_create, timeouts, actor: crate::ops::actor_of_process(), serving_rule, notices };
    crate::registry::open(registry_uri(setting)?, &setting.origin.to_string(), options, || {
        let (data_folder, cache) = (data_directory()?, cache_at(cache_ttl)?);
        Ok(ServerOptions { credentials_prefix: credentials, workspace, data_folder, cache, stale_fallback })
    })
}
