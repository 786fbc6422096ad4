//! What a runbook has to know of the settings and the registry.

use crate::api::Operations;
use std::path::{Path, PathBuf};

use super::workspace::{Intent, Workspace, registry_uri};
use crate::api::runbook::{NewestVersionRequest, RunbookContext, RunbookContextRequest, RunbookWord};
use crate::base::redact::{MASK, without_passwords};
use crate::config::Settings;
use crate::error::{Error, ErrorKind, Result};
use crate::registry::RegistryUri;

impl Operations<RunbookContextRequest> for Workspace<'_> {
    fn run(&self, request: &RunbookContextRequest) -> Result<RunbookContext> {
        let settings = self.settings(&self.flags())?;
        let registry = request.runs.then(|| registry_name(&settings)).transpose()?;
        let words = ["model", "tickets", "server", "namespace", "training_job", "drift_job", "reason", "backup"];
        let word = |name: &str| Some(RunbookWord { name: name.to_owned(), value: usual(name, &settings)? });
        Ok(RunbookContext {
            registry,
            place: place_line(&settings),
            protected: settings.protected(),
            words: words.into_iter().filter_map(word).collect(),
            context: settings.context,
        })
    }
}

impl Operations<NewestVersionRequest> for Workspace<'_> {
    fn run(&self, request: &NewestVersionRequest) -> Result<Option<u32>> {
        let NewestVersionRequest { model } = request;
        let settings = Settings::resolve(&self.flags())?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let name = super::change::exact_name(registry.store(), self.kinds(), model)?;
        Ok(registry.store().versions(&name)?.into_iter().map(|version| version.version).max())
    }
}

/// The value of a word that nobody typed: from the settings, else a usual one.
fn usual(name: &str, settings: &Settings) -> Option<String> {
    match name {
        "model" => Some("ticket-duration-predictor".into()),
        "tickets" => settings.get("tickets").filter(|setting| setting.secret.is_none()).map(|setting| setting.shown()),
        "server" => usual("tickets", settings).filter(|place| place.contains("://") && !place.contains(MASK)),
        "namespace" | "training_job" | "drift_job" => settings.text(name).map(str::to_owned),
        "reason" => Some("runbook".into()),
        "backup" => Some("backup".into()),
        _ => None,
    }
}

/// The registry, named so that two names of one place are equal.
fn registry_name(settings: &Settings) -> Result<String> {
    let setting = settings.get("registry").ok_or_else(|| Error::new(ErrorKind::Internal, "no registry is set"))?;
    Ok(match registry_uri(setting)? {
        RegistryUri::Embedded { database, .. } => one_name(&database).display().to_string(),
        RegistryUri::FileStore { folder } => folder.display().to_string(),
        RegistryUri::MlflowServer { url } | RegistryUri::Orchestrator { url } => without_passwords(url.trim_end_matches('/')),
    })
}

/// The path from the root, without links as far as its folder exists: one file has one name.
fn one_name(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let whole = absolute.canonicalize();
    whole.unwrap_or_else(|_| match (absolute.parent().and_then(|folder| folder.canonicalize().ok()), absolute.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => absolute,
    })
}

/// The line that says where a run works, for people.
fn place_line(settings: &Settings) -> String {
    let registry = settings.get("registry").map(|setting| format!("registry {} ({})", setting.shown(), setting.origin)).unwrap_or_default();
    match &settings.context {
        Some(context) => format!("{registry}; context {context}{}", if settings.protected() { " [protected]" } else { "" }),
        None => registry,
    }
}
