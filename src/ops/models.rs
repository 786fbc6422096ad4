//! Listing and showing what is registered.

use crate::api::models::{
    FeatureList, ListModelsRequest, ListVersionsRequest, ModelDetails, ModelList, ModelListItem, ShowModelRequest, TrainingWindow,
    VersionList, VersionSummary,
};
use crate::api::{Operations, Timestamp};
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::{CARD_PATH, Catalogue, ModelCard, SeriesSummary};
use crate::lifecycle::{ModelFilter, ModelRef, ModelSummary, ModelVersion, Serving, Stage};
use crate::registry::ModelStore;

use super::load;
use super::mlmodel::{MlmodelSummary, summary_of};
use super::resolve::{Resolved, resolve, versions_of};
use super::workspace::{Intent, Workspace};

impl Operations<ListModelsRequest> for Workspace<'_> {
    fn run(&self, request: &ListModelsRequest) -> Result<ModelList> {
        let settings = self.settings(&self.flags())?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let mut models = registry.store().list()?;
        if let Some(text) = &request.filter {
            let filter: ModelFilter = text.parse()?;
            let names: Vec<String> = models.iter().map(|model| model.name.clone()).collect();
            models.retain(|model| filter.admits(&model.name, &model.tags));
            if models.is_empty() {
                return Err(none_matches(text, &names, &registry.store().location()));
            }
        }
        models.retain(|model| request.stage.is_none_or(|stage| has_stage(model, stage)));
        Ok(ModelList { items: models.iter().map(ModelListItem::from).collect(), registry: registry.store().location() })
    }
}

/// Nothing at all is no answer to who asked for something by name.
fn none_matches(filter: &str, names: &[String], location: &str) -> Error {
    let error = Error::new(ErrorKind::ModelNotFound, format!("no model in {location} matches {filter}"));
    match names {
        [] => error.hint(("the registry is empty: `", commands::train_on("FILE"), "` makes the first models")),
        names => error.hint(format!("the models are {}", names.join(", "))),
    }
}

fn has_stage(model: &ModelSummary, stage: Stage) -> bool {
    [&model.production, &model.staging, &model.latest].into_iter().flatten().any(|version| version.stage == stage)
}

impl Operations<ListVersionsRequest> for Workspace<'_> {
    fn run(&self, request: &ListVersionsRequest) -> Result<VersionList> {
        let settings = self.settings(&self.flags())?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let (_, mut versions) = versions_of(registry.store(), self.kinds(), &request.name)?;
        versions.retain(|version| request.stage.is_none_or(|stage| version.stage == stage));
        Ok(VersionList { items: versions.iter().map(VersionSummary::from).collect() })
    }
}

/// Everything known about one version.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub resolved: Resolved,
    /// What hivectl recorded at training; `None` for a version that another tool made.
    pub card: Option<ModelCard>,
    /// What MLflow's own file says, where there is no card.
    pub mlmodel: Option<MlmodelSummary>,
}

impl Operations<ShowModelRequest> for Workspace<'_> {
    fn run(&self, request: &ShowModelRequest) -> Result<ModelDetails> {
        let settings = self.settings(&self.flags())?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let shown = with_card(registry.store(), self.kinds(), &request.reference)?;
        let versions = registry.store().versions(&shown.resolved.version.name)?;
        let serving = registry.store().serving(&shown.resolved.version.name, &versions)?;
        // What cannot be read is shown all the same.
        let read = match shown.card {
            Some(_) => None,
            None => load::trees(registry.store(), &shown.resolved.version, None).ok(),
        };
        let rounds_summary = read.and_then(|(_, read)| read.rounds).map(|rounds| rounds.to_string());
        Ok(ModelDetails { rounds_summary, ..details(shown, &serving) })
    }
}

/// The version that `reference` names, with its card.
pub(super) fn with_card(registry: &dyn ModelStore, kinds: &Catalogue, reference: &ModelRef) -> Result<Shown> {
    let resolved = resolve(registry, kinds, reference)?;
    let card = match resolved.version.artifacts.iter().any(|artifact| artifact.path == CARD_PATH) {
        false => None,
        true => Some(ModelCard::from_bytes(&registry.read_artifact(&resolved.version, CARD_PATH)?)?),
    };
    let mlmodel = match card {
        Some(_) => None,
        None => summary_of(registry, &resolved.version)?,
    };
    Ok(Shown { resolved, card, mlmodel })
}

fn details(shown: Shown, serving: &Serving) -> ModelDetails {
    let (version, card, mlmodel) = (&shown.resolved.version, shown.card.as_ref(), shown.mlmodel.as_ref());
    ModelDetails {
        version: version.into(),
        chosen_as: shown.resolved.chosen_as.clone(),
        serving: serving.into(),
        description: version.description.clone(),
        source: version.source.clone(),
        metrics_claimed: version.metrics_are_claimed(),
        measured_on: version.measured_on().map(str::to_owned),
        params: version.params.clone(),
        tags: version.tags.clone(),
        gate: card.map(|card| card.gate.clone()),
        artifacts: version.artifacts.clone(),
        schema: card.map(|card| FeatureList {
            name: card.schema.name.clone(),
            fingerprint: card.schema_fingerprint.clone(),
            features: card.schema.names(),
        }),
        importances: card.map_or_else(Vec::new, |card| card.importances.clone()),
        by_task_type: card.and_then(|card| card.part("by_task_type").ok().flatten()).unwrap_or_default(),
        forecaster: card.and_then(|card| SeriesSummary::of(card).ok().flatten()).map(Into::into),
        training_window: card.map(|card| TrainingWindow {
            from: Timestamp(card.training.from),
            holdout_from: Timestamp(card.training.holdout_from),
            to: Timestamp(card.training.to),
        }),
        instructions: card.and_then(|card| card.instructions.clone()),
        samples: card.map(|card| card.training.samples.clone()),
        flavors: mlmodel.map(|mlmodel| mlmodel.flavors.clone()),
        inputs: mlmodel.map(|mlmodel| mlmodel.inputs.clone()),
        outputs: mlmodel.map(|mlmodel| mlmodel.outputs.clone()),
        synthetic: card.map(|card| card.training.synthetic),
        rounds_summary: None,
    }
}

/// The versions in Staging that `archive --older` takes: of each model all but the `keep` newest.
pub fn older_in_staging(registry: &dyn ModelStore, name: Option<&str>, keep: usize) -> Result<Vec<ModelVersion>> {
    let names = match name {
        Some(name) => vec![name.to_owned()],
        None => registry.list()?.into_iter().map(|summary| summary.name).collect(),
    };
    let mut older = Vec::new();
    for name in names {
        let versions = registry.versions(&name)?;
        if registry.serving_rule().serving(&versions).by_alias_alone() {
            continue;
        }
        let mut staged: Vec<ModelVersion> = versions.into_iter().filter(|version| version.stage == Stage::Staging).collect();
        staged.sort_by_key(|version| std::cmp::Reverse(version.version));
        older.extend(staged.into_iter().skip(keep));
    }
    Ok(older)
}
