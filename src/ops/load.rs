//! A registered version as something that can predict.

use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};
use crate::features::History;
use crate::kinds::{CARD_PATH, HISTORY_PATH, ModelCard, TreesForm};
use crate::lifecycle::ModelVersion;
use crate::registry::ModelStore;
use crate::trees::TreeEnsemble;

/// What prediction needs of a version.
#[derive(Clone, Debug)]
pub struct Package {
    pub card: ModelCard,
    pub ensemble: TreeEnsemble,
}

/// Whether hivectl made the version: it has a card.
pub fn is_own(version: &ModelVersion) -> bool {
    version.artifacts.iter().any(|artifact| artifact.path == CARD_PATH)
}

/// Reads card and trees of a version, each verified against its digest.
///
/// Errors: [`ErrorKind::BadModelFile`] when the version was not made by hivectl or is damaged,
/// [`ErrorKind::DigestMismatch`].
pub fn package(registry: &dyn ModelStore, version: &ModelVersion) -> Result<Package> {
    if !is_own(version) {
        return Err(Error::new(
            ErrorKind::BadModelFile,
            format!("{} was not made by hivectl, so its features are not known", version.id()),
        )
        .hint(("train a model with `", commands::train(), "`")));
    }
    let card = ModelCard::from_bytes(&registry.read_artifact(version, CARD_PATH)?)?;
    let holds = |form: &TreesForm| version.artifacts.iter().any(|artifact| artifact.path == form.path());
    let Some(form) = TreesForm::ALL.into_iter().find(holds) else {
        return Err(Error::new(ErrorKind::BadModelFile, format!("{} has a card but no trees", version.id())).hint((
            "look at its files with `",
            commands::models_show(version.id()),
            "`",
        )));
    };
    let ensemble = form.read(&registry.read_artifact(version, form.path())?)?;
    if ensemble.feature_names != card.schema.names() {
        return Err(Error::new(
            ErrorKind::SchemaMismatch,
            format!("the trees of {} were grown on other features than its card says", version.id()),
        ));
    }
    Ok(Package { card, ensemble })
}

/// Reads what the version had learned from ended tickets.
pub fn history(registry: &dyn ModelStore, version: &ModelVersion) -> Result<History> {
    let bytes = registry.read_artifact(version, HISTORY_PATH)?;
    serde_json::from_slice(&bytes)
        .map_err(|error| Error::new(ErrorKind::BadModelFile, format!("{HISTORY_PATH} is no history")).because(error))
}
