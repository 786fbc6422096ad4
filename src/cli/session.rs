//! What a command needs of its surroundings: settings, registry, progress.

use super::arguments::GlobalArgs;
use super::printer::Printer;
use super::progress::TerminalProgress;
use crate::config::{Flags, RegistryPlace, Settings};
use crate::error::{Error, ErrorKind, Result};
use crate::registry::Registry;
use crate::registry::embedded::{EmbeddedPlace, EmbeddedRegistry};

/// The surroundings of one command.
pub struct Session<'a> {
    pub global: &'a GlobalArgs,
    pub printer: &'a Printer,
}

impl<'a> Session<'a> {
    pub fn new(global: &'a GlobalArgs, printer: &'a Printer) -> Session<'a> {
        Session { global, printer }
    }

    /// The flags of every command, to which a command adds its own.
    pub fn flags(&self) -> Flags {
        let mut flags = Flags { values: Vec::new(), context: self.global.context.clone() };
        flags.set("registry", "--registry", self.global.registry.as_ref());
        flags
    }

    /// Opens the registry that the settings name, for reading.
    pub fn registry(&self, settings: &Settings) -> Result<Box<dyn Registry>> {
        self.open(settings, false)
    }

    /// Opens it for a command that may register; a place that is absent is made by the first change.
    pub fn registry_to_write(&self, settings: &Settings) -> Result<Box<dyn Registry>> {
        self.open(settings, true)
    }

    fn open(&self, settings: &Settings, writes: bool) -> Result<Box<dyn Registry>> {
        let setting = settings.get("registry").ok_or_else(|| Error::new(ErrorKind::Internal, "no registry is set"))?;
        match RegistryPlace::parse(setting)? {
            RegistryPlace::Embedded { database, named } => {
                let place = EmbeddedPlace { database, named };
                let registry = if writes { EmbeddedRegistry::open_or_create(&place) } else { EmbeddedRegistry::open(&place)? };
                Ok(Box::new(registry.with_lock_timeout(self.global.timeout)))
            }
            RegistryPlace::MlflowServer { url } | RegistryPlace::Orchestrator { url } => {
                Err(Error::new(ErrorKind::Usage, format!("this version of hivectl cannot drive a server as registry ({url})"))
                    .because(format!("set by {}", setting.origin))
                    .hint("use `--registry embedded`"))
            }
        }
    }

    /// Progress on stderr, in the form that suits it.
    pub fn progress(&self) -> TerminalProgress {
        TerminalProgress::new(self.printer.animated, self.global.quiet)
    }
}
