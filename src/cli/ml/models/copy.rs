//! `hivectl ml models push` and `pull`.

use clap::Args;

use crate::cli::prompt;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::view;
use crate::config::{Flags, Settings};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{ModelRef, ModelVersion, Stage, check_name};
use crate::ops::{change, settings};
use crate::registry::{Changes, transfer};

/// Copy a version into another registry
///
/// Artifacts, metrics, parameters, tags and lineage go along; every file is read back and compared with its
/// digest. The copy gets a new number, in no stage. Interrupted and repeated, it goes on; done and repeated, it
/// finds the copy. In a protected context, and into the registry of one, it asks to type a name. Where both registries
/// are servers, the credentials of the destination are in
/// HIVECTL_OTHER_TRACKING_USERNAME, _PASSWORD and _TOKEN.
#[derive(Debug, Args)]
pub struct PushArgs {
    /// Version to copy: NAME@7, NAME@latest or NAME#production
    pub reference: ModelRef,

    /// Registry to copy into: a path that ends in .db, or the URL of an MLflow server
    #[arg(long, value_name = "REGISTRY")]
    pub destination: String,

    /// Another name to register under
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub name: Option<String>,
}

/// Copy a version from another registry
///
/// The opposite of push: from --source into the registry in use. Where both are servers, the credentials of the
/// source are in HIVECTL_OTHER_TRACKING_USERNAME, _PASSWORD and _TOKEN.
#[derive(Debug, Args)]
pub struct PullArgs {
    /// Version to copy: NAME@7, NAME@latest or NAME#production
    pub reference: ModelRef,

    /// Registry to copy from: a path that ends in .db, or the URL of an MLflow server
    #[arg(long, value_name = "REGISTRY")]
    pub source: String,

    /// Another name to register under
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub name: Option<String>,
}

impl PushArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let settings = session.settings(&session.flags())?;
        let source = session.registry_to_change(&settings)?;
        let version = change::version_to_change(source.as_ref(), &self.reference)?;
        let name = self.name.as_deref().unwrap_or(&version.name);
        let what = format!("copy {}@{} to {} as a version of {name}", version.name, version.version, self.destination);
        if let Some(context) = protected_context_at(&self.destination)?.filter(|_| !settings.protected()) {
            session.printer.note(&format!("context {context} [protected]: would {what}"));
            prompt::typed(session, &prompt::PROTECTED, &prompt::by_name(session, &context))?;
        }
        prompt::where_protected(session, &settings, name, &what)?;
        let mut destination = session.other_registry(&settings, "--destination", &self.destination, true)?;
        copied("hivectl.ml.models.push/v1", source.as_ref(), destination.as_mut(), &version, self.name.as_deref())
    }
}

impl PullArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let settings = session.settings(&session.flags())?;
        let source = session.other_registry(&settings, "--source", &self.source, false)?;
        let version = change::version_to_change(source.as_ref(), &self.reference)?;
        let name = self.name.as_deref().unwrap_or(&version.name);
        let what = format!("copy {}@{} here as a version of {name}", version.name, version.version);
        prompt::where_protected(session, &settings, name, &what)?;
        let mut destination = session.registry_to_take_in(&settings)?;
        copied("hivectl.ml.models.pull/v1", source.as_ref(), destination.as_mut(), &version, self.name.as_deref())
    }
}

/// The protected context whose registry this is.
fn protected_context_at(registry: &str) -> Result<Option<String>> {
    for context in settings::contexts()? {
        let inside = Settings::resolve(&Flags { values: Vec::new(), context: Some(context.clone()) })?;
        if inside.protected() && inside.text("registry") == Some(registry) {
            return Ok(Some(context));
        }
    }
    Ok(None)
}

fn copied(
    schema: &'static str,
    source: &dyn Changes,
    destination: &mut dyn Changes,
    version: &ModelVersion,
    name: Option<&str>,
) -> Result<Report> {
    if source.location() == destination.location() && name.is_none() {
        return Err(Error::new(ErrorKind::Usage, format!("both registries are {}", source.location()))
            .hint("give the copy another name: add '--name NAME'"));
    }
    let (copy, is_new) = transfer::copy(source, version, destination, name)?;
    let mut report = view::change::copied(schema, version, &copy, is_new, &destination.location());
    if version.stage == Stage::Production {
        let place = destination.location();
        report
            .next
            .push(format!("to put it into Production there: hivectl ml models promote {}@{} --registry {place}", copy.name, copy.version));
    }
    Ok(report)
}

fn name(word: &str) -> Result<String, String> {
    check_name(word).map(|()| word.to_owned())
}
