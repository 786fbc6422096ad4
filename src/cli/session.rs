//! What a command needs of its surroundings: settings, registry, progress.

use std::time::Duration;

use super::arguments::GlobalArgs;
use super::printer::Printer;
use super::progress::TerminalProgress;
use super::terminal::Terminal;
use crate::api::Operations;
use crate::config::{Flags, Origin, RegistryPlace, Setting, Settings, cache_directory, data_directory};
use crate::error::{Error, ErrorKind, Result};
use crate::ops::Workspace;
use crate::registry::embedded::{EmbeddedPlace, EmbeddedRegistry};
use crate::registry::mlflow::{Access, MlflowPlace, MlflowRegistry, Remarks};
use crate::registry::{Changes, ModelCache, Registry, Watching};

/// Beginning of the variables with a server's credentials, as MLflow names them.
const CREDENTIALS: &str = "MLFLOW_TRACKING";

/// How long a registry is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For another process's change.
    pub lock: Duration,
    /// For a server, in all; `None` for the usual time.
    pub server: Option<Duration>,
}

/// Opens the registry that the settings name; with `may_make` a place that is absent is made by the first change.
///
/// Errors: [`ErrorKind::Usage`] for a place that hivectl cannot drive; those of opening it.
pub fn open(settings: &Settings, may_make: bool, patience: Patience) -> Result<Box<dyn Watching>> {
    let setting = settings.get("registry").ok_or_else(|| Error::new(ErrorKind::Internal, "no registry is set"))?;
    let opening = Opening { may_make, patience, credentials: CREDENTIALS, copies_count: copies_count(settings)?, stand_in: None };
    open_place(setting, opening)
}

/// How a place is opened.
struct Opening {
    may_make: bool,
    patience: Patience,
    /// Begins the variables with a server's credentials.
    credentials: &'static str,
    /// How long copies of models count.
    copies_count: Duration,
    /// Where what a server said last may stand in for it.
    stand_in: Option<Remarks>,
}

fn cache_at(time_to_live: Duration) -> Result<ModelCache> {
    Ok(ModelCache::at(cache_directory()?.join("models"), time_to_live))
}

fn copies_count(settings: &Settings) -> Result<Duration> {
    Ok(Duration::from_secs(settings.parse("model_cache_ttl_seconds")?.unwrap_or_default()))
}

fn open_place(setting: &Setting, opening: Opening) -> Result<Box<dyn Watching>> {
    let (actor, patience) = (crate::ops::actor_of_process(), opening.patience);
    match RegistryPlace::parse(setting)? {
        RegistryPlace::Embedded { database, named } => {
            let place = EmbeddedPlace { database, named };
            let registry = if opening.may_make { EmbeddedRegistry::open_or_create(&place) } else { EmbeddedRegistry::open(&place)? };
            Ok(Box::new(registry.with_lock_timeout(patience.lock).on_behalf_of(actor)))
        }
        RegistryPlace::MlflowServer { url } => {
            let (folder, access) = (data_directory()?, Access::from_environment(opening.credentials)?);
            let (cache, stand_in) = (cache_at(opening.copies_count)?, opening.stand_in);
            let place = MlflowPlace { url, time: patience.server, lock_timeout: patience.lock, folder, access, actor, cache, stand_in };
            Ok(Box::new(MlflowRegistry::new(place)?))
        }
        RegistryPlace::Orchestrator { url } => {
            Err(Error::new(ErrorKind::Usage, format!("this version of hivectl cannot drive the orchestrator as registry ({url})"))
                .because(format!("set by {}", setting.origin))
                .hint("use `--registry embedded`, or the URL of the MLflow server behind it"))
        }
    }
}

/// The surroundings of one command.
pub struct Session<'a> {
    pub global: &'a GlobalArgs,
    pub printer: &'a Printer,
    pub terminal: &'a Terminal<'a>,
    workspace: &'a Workspace<'a>,
    remarks: Remarks,
}

impl<'a> Session<'a> {
    pub fn new(terminal: &'a Terminal<'a>, workspace: &'a Workspace<'a>) -> Session<'a> {
        Session { global: terminal.global, printer: terminal.printer, terminal, workspace, remarks: Remarks::default() }
    }

    /// The jobs that a command can ask for.
    pub fn operations(&self) -> &dyn Operations {
        self.workspace
    }

    /// What the registry wants the operator to know beside the result.
    pub fn remarks(&self) -> Vec<String> {
        let remarks = self.remarks.lock().map(|remarks| remarks.clone()).unwrap_or_default();
        self.workspace.warnings().into_iter().chain(remarks).collect()
    }

    /// The context in force; `None` without one, or before the settings are resolved.
    pub fn context(&self) -> Option<String> {
        self.terminal.context()
    }

    /// Resolves the settings for a command and, with -v, says what they are and where they come from.
    pub fn settings(&self, flags: &Flags) -> Result<Settings> {
        let settings = Settings::resolve(flags)?;
        self.workspace.announce(&settings);
        Ok(settings)
    }

    /// The flags of every command, to which a command adds its own.
    pub fn flags(&self) -> Flags {
        let mut flags = Flags { values: Vec::new(), context: self.global.context.clone() };
        flags.set("registry", "--registry", self.global.registry.as_ref());
        flags
    }

    fn open(&self, settings: &Settings, may_make: bool) -> Result<Box<dyn Watching>> {
        super::interrupt::opened(settings);
        open(settings, may_make, self.patience())
    }

    fn patience(&self) -> Patience {
        Patience { lock: self.global.lock_timeout, server: self.global.timeout }
    }

    /// Opens a second registry, to copy from or to. The credentials of the first one are not shown to it, unless
    /// the first one is no server.
    pub fn other_registry(&self, settings: &Settings, flag: &'static str, word: &str, may_make: bool) -> Result<Box<dyn Changes>> {
        let is_server = |setting: &Setting| matches!(RegistryPlace::parse(setting), Ok(RegistryPlace::MlflowServer { .. }));
        let credentials = if settings.get("registry").is_some_and(is_server) { "HIVECTL_OTHER_TRACKING" } else { CREDENTIALS };
        let setting = Setting { value: word.to_owned(), origin: Origin::Flag(flag), secret: None };
        let (patience, copies_count) = (self.patience(), copies_count(settings)?);
        let opening = Opening { may_make, patience, credentials, copies_count, stand_in: None };
        Ok(open_place(&setting, opening)?)
    }

    /// Opens the registry for reading.
    pub fn registry(&self, settings: &Settings) -> Result<Box<dyn Registry>> {
        Ok(self.open(settings, false)?)
    }

    /// Opens the registry to use a model: while a server cannot be reached, what it said last stands in for it.
    pub fn registry_to_load(&self, settings: &Settings) -> Result<Box<dyn Changes>> {
        super::interrupt::opened(settings);
        let setting = settings.get("registry").ok_or_else(|| Error::new(ErrorKind::Internal, "no registry is set"))?;
        let (patience, stand_in) = (self.patience(), Some(self.remarks.clone()));
        let opening = Opening { may_make: false, patience, credentials: CREDENTIALS, copies_count: copies_count(settings)?, stand_in };
        Ok(open_place(setting, opening)?)
    }

    /// Opens the registry for a command that may register.
    pub fn registry_to_write(&self, settings: &Settings) -> Result<Box<dyn Registry>> {
        Ok(self.open(settings, true)?)
    }

    /// Opens the registry for a change of what is there.
    pub fn registry_to_change(&self, settings: &Settings) -> Result<Box<dyn Changes>> {
        Ok(self.open(settings, false)?)
    }

    /// Opens the registry for what is kept about drift.
    pub fn registry_to_watch(&self, settings: &Settings) -> Result<Box<dyn Watching>> {
        self.open(settings, false)
    }

    /// Opens the registry for a version that comes from outside; one that is absent is made.
    pub fn registry_to_take_in(&self, settings: &Settings) -> Result<Box<dyn Changes>> {
        Ok(self.open(settings, true)?)
    }

    /// The line that stands before every plan and question: which registry, by which setting, in which
    /// context.
    pub fn place_line(&self, settings: &Settings, registry: &dyn Registry) -> String {
        let origin = settings.get("registry").map(|setting| setting.origin.to_string()).unwrap_or_default();
        self.place(settings, &registry.location(), &origin)
    }

    fn place(&self, settings: &Settings, location: &str, origin: &str) -> String {
        let protection = if settings.protected() { " [protected]" } else { "" };
        match &settings.context {
            Some(context) => format!("registry {location} ({origin}; context {context}{protection})"),
            None => format!("registry {location} ({origin}){protection}"),
        }
    }

    /// The same before the registry is opened, with its name as it is set.
    pub fn setting_line(&self, settings: &Settings) -> String {
        let Some(registry) = settings.get("registry") else { return String::new() };
        self.place(settings, &registry.shown(), &registry.origin.to_string())
    }

    /// Progress on stderr, in the form that suits it.
    pub fn progress(&self) -> TerminalProgress {
        TerminalProgress::new(self.printer.animated, self.global.quiet)
    }
}
