//! Listing and showing what is registered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::train::TrainedForecaster;
use super::{Document, Request, Timestamp};
use crate::kinds::{Importance, Instructions, Samples};
use crate::lifecycle::{Artifact, FORCED_TAG, Gate, ModelRef, ModelSummary, ModelVersion, Registration, Serving, ServingBy, Stage};
use crate::statistics::errors::RegressionErrors;

/// Which models to list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListModelsRequest {
    /// Models that have a version in this stage.
    pub stage: Option<Stage>,
    /// A glob of names, or a filter as MLflow's `search_registered_models` takes it ([`crate::lifecycle::ModelFilter`]).
    pub filter: Option<String>,
}

/// All models, one line each.
///
/// Errors: [`crate::error::ErrorKind::Usage`] for a filter that cannot be read, and
/// [`crate::error::ErrorKind::ModelNotFound`] for one that no model matches.
impl Request for ListModelsRequest {
    type Report = ModelList;
    const NAME: &'static str = "ml.models.list";
}

/// Which versions to list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListVersionsRequest {
    /// A registered name, or what stands for one.
    pub name: String,
    /// Versions in this stage.
    #[serde(default)]
    pub stage: Option<Stage>,
}

/// The versions of one model, newest first, all or those in one stage.
///
/// Errors: [`crate::error::ErrorKind::ModelNotFound`].
impl Request for ListVersionsRequest {
    type Report = VersionList;
    const NAME: &'static str = "ml.models.versions";
}

/// Which version to show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShowModelRequest {
    /// A version, or a name that stands for one.
    pub reference: ModelRef,
}

/// Everything known about one version.
///
/// Errors: [`crate::error::ErrorKind::ModelNotFound`], [`crate::error::ErrorKind::DigestMismatch`] when what is recorded
/// about it is not what was registered.
impl Request for ShowModelRequest {
    type Report = ModelDetails;
    const NAME: &'static str = "ml.models.show";
}

/// All models that match, by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelList {
    /// One a model.
    pub items: Vec<ModelListItem>,
    /// Where this is: a path or a URL without secrets.
    pub registry: String,
}

impl Document for ModelList {
    const SCHEMA: &'static str = "hivectl.ml.models.list/v1";
}

/// One model with its live versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelListItem {
    /// Its registered name.
    pub name: String,
    /// The version in Production; where another tool left several the one that the serving alias names, else the highest.
    pub production: Option<VersionSummary>,
    /// The newest version in Staging; where none is, the one with the alias `challenger`.
    pub staging: Option<VersionSummary>,
    /// The highest version.
    pub latest: Option<VersionSummary>,
    /// Versions that exist (deleted ones are not counted).
    pub version_count: u32,
    /// What serves, by stage or alias.
    pub serving: ServingState,
    /// That version.
    pub serves: Option<VersionSummary>,
}

/// Which version of a model serves, and by what that is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServingState {
    /// Its number; null where none serves.
    pub version: Option<u32>,
    /// `stage`, `alias` or `both`; null where none serves.
    pub by: Option<ServingBy>,
    /// The serving alias.
    pub alias: String,
    /// The version that the serving alias names.
    pub aliased: Option<u32>,
    /// How stage and alias disagree, where they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disagreement: Option<String>,
    /// Everything that is wrong with what serves, in sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
}

impl From<&Serving> for ServingState {
    fn from(serving: &Serving) -> ServingState {
        ServingState {
            version: serving.version(),
            by: serving.by(),
            alias: serving.alias.clone(),
            aliased: serving.aliased,
            disagreement: serving.disagreement(),
            faults: serving.faults(),
        }
    }
}

impl From<&ModelSummary> for ModelListItem {
    fn from(model: &ModelSummary) -> ModelListItem {
        let summary = |version: &Option<ModelVersion>| version.as_ref().map(VersionSummary::from);
        ModelListItem {
            name: model.name.clone(),
            production: summary(&model.production),
            staging: summary(&model.staging),
            latest: summary(&model.latest),
            version_count: model.version_count,
            serving: (&model.serving).into(),
            serves: summary(&model.serves),
        }
    }
}

/// The versions of one model, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VersionList {
    /// One a version.
    pub items: Vec<VersionSummary>,
}

impl Document for VersionList {
    const SCHEMA: &'static str = "hivectl.ml.models.versions/v1";
}

/// A version in one line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VersionSummary {
    /// The model's registered name.
    pub name: String,
    /// Its number, from 1.
    pub version: u32,
    /// Where it is in its life.
    pub stage: Stage,
    /// Whether it was registered whole, where it was not.
    #[serde(default, skip_serializing_if = "Registration::is_ready")]
    pub registration: Registration,
    /// Aliases that point at it, sorted.
    pub aliases: Vec<String>,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
    /// The run that made it, where that is known.
    pub run_id: Option<String>,
    /// By the names of the field (`mae`, `precision`, …).
    pub metrics: BTreeMap<String, f64>,
    /// Whether it was promoted past what would have refused it.
    #[serde(default)]
    pub forced: bool,
}

impl From<&ModelVersion> for VersionSummary {
    fn from(version: &ModelVersion) -> VersionSummary {
        VersionSummary {
            name: version.name.clone(),
            version: version.version,
            stage: version.stage,
            registration: version.registration,
            aliases: version.aliases.clone(),
            created_at: Timestamp(version.created_at),
            updated_at: Timestamp(version.updated_at),
            run_id: version.run_id.clone(),
            metrics: version.metrics.clone(),
            forced: version.tags.contains_key(FORCED_TAG),
        }
    }
}

/// Everything known about one version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelDetails {
    /// Name, number, stage, aliases, times, run and metrics.
    #[serde(flatten)]
    pub version: VersionSummary,
    /// Why this version was taken, such as `the version in Production`.
    pub chosen_as: String,
    /// What serves of the model, by stage or alias.
    pub serving: ServingState,
    /// What its maker wrote about it.
    pub description: String,
    /// Where the artifacts are, as the registry's own URI.
    pub source: String,
    /// The metrics were told at `register` and measured by nobody.
    pub metrics_claimed: bool,
    /// The tickets on which claimed metrics were measured since.
    pub measured_on: Option<String>,
    /// Parameters of the run.
    pub params: BTreeMap<String, String>,
    /// Tags of the version.
    pub tags: BTreeMap<String, String>,
    /// How it was judged at training.
    pub gate: Option<Gate>,
    /// Its files; empty where nothing was recorded.
    pub artifacts: Vec<Artifact>,
    /// What it sees of a ticket.
    pub schema: Option<FeatureList>,
    /// What it looks at most, the most first.
    pub importances: Vec<Importance>,
    /// Errors on the tickets that judged, by task type.
    pub by_task_type: BTreeMap<String, RegressionErrors>,
    /// How it was chosen, of a version that forecasts; absent for another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forecaster: Option<TrainedForecaster>,
    /// The tickets that it learned from.
    pub training_window: Option<TrainingWindow>,
    /// What training was told about tickets, where that is recorded.
    pub instructions: Option<Instructions>,
    /// Where those tickets went.
    pub samples: Option<Samples>,
    /// The libraries that load it, of a version that another tool made.
    pub flavors: Option<Vec<String>>,
    /// Names with types of what such a version takes.
    pub inputs: Option<Vec<String>>,
    /// The same of what it gives.
    pub outputs: Option<Vec<String>>,
    /// Whether it learned from made-up tickets, where that is known.
    pub synthetic: Option<bool>,
    /// Rounds of boosting of a version that another tool made, and how many of them answer, in words; absent where its file notes
    /// none or is not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounds_summary: Option<String>,
}

impl Document for ModelDetails {
    const SCHEMA: &'static str = "hivectl.ml.models.show/v1";
}

/// What a model sees of a ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeatureList {
    /// Name of the feature set.
    pub name: String,
    /// Digest of names, order and arithmetic, lower-case hexadecimal.
    pub fingerprint: String,
    /// In the order of the columns.
    pub features: Vec<String>,
}

/// Between which creation times a model's tickets lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainingWindow {
    /// First.
    pub from: Timestamp,
    /// First of those that judged.
    pub holdout_from: Timestamp,
    /// Last.
    pub to: Timestamp,
}
