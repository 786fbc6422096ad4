//! Listing and showing what is registered.

use crate::error::{Error, ErrorKind, Result};
use crate::kinds::{CARD_PATH, ModelCard};
use crate::lifecycle::{ModelRef, ModelSummary, ModelVersion, Stage};
use crate::registry::Registry;

use super::described::{Described, describe};
use super::resolve::{Resolved, resolve, versions_of};

/// Which models to list.
#[derive(Clone, Debug, Default)]
pub struct ListRequest {
    /// Models that have a version in this stage.
    pub stage: Option<Stage>,
    /// Models whose name matches this glob.
    pub filter: Option<String>,
}

/// The models that match, by name.
///
/// Errors: [`ErrorKind::Usage`] for a glob that cannot be read.
pub fn list(registry: &dyn Registry, request: &ListRequest) -> Result<Vec<ModelSummary>> {
    let pattern = match &request.filter {
        None => None,
        Some(glob) => {
            Some(glob::Pattern::new(glob).map_err(|error| Error::new(ErrorKind::Usage, format!("'{glob}' is no pattern")).because(error))?)
        }
    };
    let mut models = registry.list()?;
    models.retain(|model| {
        pattern.as_ref().is_none_or(|pattern| pattern.matches(&model.name)) && request.stage.is_none_or(|stage| has_stage(model, stage))
    });
    Ok(models)
}

fn has_stage(model: &ModelSummary, stage: Stage) -> bool {
    [&model.production, &model.staging, &model.latest].into_iter().flatten().any(|version| version.stage == stage)
}

/// The versions of one model, newest first, all or those in `stage`.
pub fn versions(registry: &dyn Registry, name: &str, stage: Option<Stage>) -> Result<Vec<ModelVersion>> {
    let (_, mut versions) = versions_of(registry, name)?;
    versions.retain(|version| stage.is_none_or(|stage| version.stage == stage));
    Ok(versions)
}

/// Everything known about one version.
#[derive(Clone, Debug)]
pub struct Shown {
    pub resolved: Resolved,
    /// What hivectl recorded at training; `None` for a version that another tool made.
    pub card: Option<ModelCard>,
    /// What MLflow's own file says, where there is no card.
    pub described: Option<Described>,
}

/// The version that `reference` names, with its card.
///
/// Errors: as [`resolve`]; [`ErrorKind::DigestMismatch`] when the card is not what was registered.
pub fn show(registry: &dyn Registry, reference: &ModelRef) -> Result<Shown> {
    let resolved = resolve(registry, reference)?;
    let card = match resolved.version.artifacts.iter().any(|artifact| artifact.path == CARD_PATH) {
        false => None,
        true => Some(ModelCard::from_bytes(&registry.read_artifact(&resolved.version, CARD_PATH)?)?),
    };
    let described = match card {
        Some(_) => None,
        None => describe(registry, &resolved.version)?,
    };
    Ok(Shown { resolved, card, described })
}

/// The versions in Staging that `archive --older` takes: of each model all but the `keep` newest.
pub fn older_in_staging(registry: &dyn Registry, name: Option<&str>, keep: usize) -> Result<Vec<ModelVersion>> {
    let names = match name {
        Some(name) => vec![name.to_owned()],
        None => registry.list()?.into_iter().map(|summary| summary.name).collect(),
    };
    let mut older = Vec::new();
    for name in names {
        let mut staged: Vec<ModelVersion> =
            registry.versions(&name)?.into_iter().filter(|version| version.stage == Stage::Staging).collect();
        staged.sort_by_key(|version| std::cmp::Reverse(version.version));
        older.extend(staged.into_iter().skip(keep));
    }
    Ok(older)
}
