//! What a command needs of its surroundings: settings, registry, progress.

use super::arguments::GlobalArgs;
use super::interrupt::Interruption;
use super::printer::Printer;
use super::progress::TerminalProgress;
use super::terminal::Terminal;
use crate::api::Operations;
use crate::config::{Flags, Settings};
use crate::error::Result;
use crate::kinds::Catalogue;
use crate::ops::Workspace;
use crate::ops::workspace::open_registry;
use crate::registry::{ModelStore, Registry, Timeouts, Warnings};

/// The surroundings of one command.
pub struct Session<'a> {
    pub global: &'a GlobalArgs,
    pub printer: &'a Printer,
    pub terminal: &'a Terminal<'a>,
    pub interruption: &'a Interruption,
    workspace: &'a Workspace<'a>,
    remarks: Warnings,
}

impl<'a> Session<'a> {
    pub fn new(terminal: &'a Terminal<'a>, workspace: &'a Workspace<'a>, interruption: &'a Interruption) -> Session<'a> {
        Session { global: terminal.global, printer: terminal.printer, terminal, interruption, workspace, remarks: Warnings::default() }
    }

    /// The jobs that a command can ask for.
    pub fn operations(&self) -> &dyn Operations {
        self.workspace
    }

    /// The kinds of models that there are.
    pub fn kinds(&self) -> &Catalogue {
        self.workspace.kinds()
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
        let mut flags = Flags { values: Vec::new(), context: self.global.context.clone(), commands: self.workspace.state().commands() };
        flags.set("registry", "--registry", self.global.registry.as_ref());
        flags
    }

    fn open(&self, settings: &Settings, may_create: bool, stale_fallback: Option<Warnings>) -> Result<Registry> {
        self.workspace.state().opened(settings);
        let timeouts = Timeouts { lock: self.global.lock_timeout, server: self.global.timeout };
        open_registry(settings, may_create, timeouts, stale_fallback)
    }

    /// Opens the registry that is there.
    pub fn registry(&self, settings: &Settings) -> Result<Registry> {
        self.open(settings, false, None)
    }

    /// Opens the registry to use a model: while a server cannot be reached, what it said last stands in for it.
    pub fn registry_to_load(&self, settings: &Settings) -> Result<Registry> {
        self.open(settings, false, Some(self.remarks.clone()))
    }

    /// Opens the registry for a command that adds versions; one that is absent is made.
    pub fn registry_to_create(&self, settings: &Settings) -> Result<Registry> {
        self.open(settings, true, None)
    }

    /// The line that stands before every plan and question: which registry, by which setting, in which
    /// context.
    pub fn place_line(&self, settings: &Settings, registry: &dyn ModelStore) -> String {
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
