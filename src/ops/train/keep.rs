//! A model whose registry went away while it learned: kept in a registry of this machine, to be copied later.

use super::TrainingSettings;
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{ModelVersion, Stage};
use crate::ops::register::{RegistrationCandidate, register};
use crate::registry::{ModelStore, Registry};

/// Opens the registry that keeps what the one in use could not take.
pub(in crate::ops) type OpenKeeper<'a> = &'a dyn Fn() -> Result<Registry>;

/// A version that waits for its registry.
#[derive(Clone, Debug)]
pub(in crate::ops) struct Kept {
    /// As it is where it is kept, in no stage.
    pub version: ModelVersion,
    /// The path of the registry that keeps it.
    pub path: String,
    /// The registry that went away, without secrets.
    pub destination: String,
    /// How it was found to be away.
    pub why: String,
}

impl Kept {
    /// What is left to do as a failure, for jobs that go no further without the version.
    pub(in crate::ops) fn failure(&self) -> Error {
        let (id, path) = (self.version.id(), &self.path);
        Error::new(ErrorKind::PartlyDone, format!("{} was trained and not registered at {}", self.version.name, self.destination))
            .because(&self.why)
            .because(format!("it is kept as {id} in {path}"))
            .hint(("register it once the server is back: `", commands::models_push_from(path, &id, &self.destination), "`"))
    }
}

/// Whether a failure is the server's absence, so that what was made for it is worth keeping.
pub(super) fn is_away(request: &TrainingSettings, registry: &dyn ModelStore, error: &Error) -> bool {
    !request.dry_run && registry.is_shared() && error.kind().exit_code() == ErrorKind::Unreachable.exit_code()
}

/// Keeps a candidate, in no stage, because `registry` failed with `away`.
///
/// Errors: `away` itself, with what kept it from being kept.
pub(super) fn keep(
    request: &TrainingSettings,
    registry: &dyn ModelStore,
    open: OpenKeeper<'_>,
    candidate: &RegistrationCandidate<'_>,
    away: Error,
) -> Result<Kept> {
    let candidate = RegistrationCandidate { comparison: None, stage: Stage::None, ..*candidate };
    let kept = open().and_then(|keeper| {
        let version = register(request, keeper.registration()?, &candidate)?;
        Ok((version, keeper.store().location()))
    });
    match kept {
        Ok((version, path)) => Ok(Kept { version, path, destination: registry.location(), why: away.to_string() }),
        Err(error) => Err(away.because(format!("nor could the model be kept here: {error}"))),
    }
}
