//! A trained model becomes a version: run, files, tags and stage in one call to the registry.

use std::collections::BTreeMap;

use super::champion::Comparison;
use super::train::TrainingSettings;
use crate::error::Result;
use crate::kinds::{Identity, Kind, ModelCard, package};
use crate::lifecycle::{ModelVersion, RunDataset, RunRecord, Stage};
use crate::registry::{ArtifactFile, NewVersion, Registration, new_model_id, new_run_id};

/// What of a trained model depends on what it learned from: rows of features, or a series.
pub(super) trait Registrable {
    /// The parameters as a run records them.
    fn params(&self) -> Vec<(&'static str, String)>;

    /// All files of the package, path and bytes.
    fn files(&self, card: &ModelCard, identity: &Identity) -> Result<Vec<(String, Vec<u8>)>>;

    /// What it learned from.
    fn dataset(&self, card: &ModelCard) -> Result<RunDataset>;

    /// What taught and judged it, such as `80 tickets, judged on 20`.
    fn learned_from(&self, card: &ModelCard) -> String;
}

/// What is registered.
#[derive(Clone, Copy)]
pub(super) struct RegistrationCandidate<'a> {
    pub name: &'a str,
    pub kind: &'a Kind,
    pub card: &'a ModelCard,
    pub model: &'a dyn Registrable,
    pub comparison: Option<&'a Comparison>,
    pub stage: Stage,
    /// Days that training looked back.
    pub window_days: f64,
    /// Milliseconds since the epoch.
    pub started_at: i64,
}

/// Registers the candidate; with [`Stage::Production`] only if the champion is still the one it was
/// compared with.
pub(super) fn register(
    request: &TrainingSettings,
    registry: &dyn Registration,
    candidate: &RegistrationCandidate<'_>,
) -> Result<ModelVersion> {
    let ended_at = jiff::Timestamp::now().as_millisecond();
    let identity = Identity { model_id: new_model_id(), run_id: new_run_id(), created_at: ended_at };
    let files = candidate.model.files(candidate.card, &identity)?;
    let run = RunRecord {
        run_id: identity.run_id.clone(),
        experiment: request.experiment.clone(),
        run_name: format!("train {}", candidate.kind.word()),
        started_at: candidate.started_at,
        ended_at,
        params: params(request, candidate),
        metrics: metrics(candidate),
        tags: run_tags(request, candidate),
        datasets: vec![candidate.model.dataset(candidate.card)?],
    };
    let mut tags = package::tags(candidate.card);
    if let Some(reason) = &request.reason {
        tags.insert("hivectl.reason".into(), reason.clone());
    }
    registry.register(NewVersion {
        name: candidate.name.to_owned(),
        model_id: identity.model_id,
        run,
        description: description(candidate),
        tags,
        files: files.into_iter().map(|(path, bytes)| ArtifactFile::new(path, bytes)).collect(),
        stage: candidate.stage,
        expected_champion: candidate.comparison.map(|comparison| comparison.champion),
    })
}

fn params(request: &TrainingSettings, candidate: &RegistrationCandidate<'_>) -> BTreeMap<String, String> {
    let mut params: BTreeMap<String, String> = [
        ("training_window_days", candidate.window_days.to_string()),
        ("feature_count", candidate.card.schema.len().to_string()),
        ("feature_schema", candidate.card.schema.name.clone()),
        ("seed", request.seed.to_string()),
        ("split", candidate.card.training.split.clone()),
        ("train_samples", candidate.card.training.samples.train.to_string()),
        ("test_samples", candidate.card.training.samples.holdout.to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    params.extend(candidate.model.params().into_iter().map(|(name, value)| (name.to_owned(), value)));
    params
}

/// The metrics under our names and those that the running system reads.
fn metrics(candidate: &RegistrationCandidate<'_>) -> BTreeMap<String, f64> {
    let mut metrics = candidate.card.metrics.clone();
    for (ours, theirs) in [("mae_pct", "mae_percentage"), ("f1", "f1_score")] {
        if let Some(&value) = candidate.card.metrics.get(ours) {
            metrics.insert(theirs.into(), value);
        }
    }
    metrics.insert("train_samples".into(), candidate.card.training.samples.train as f64);
    metrics.insert("test_samples".into(), candidate.card.training.samples.holdout as f64);
    metrics
}

fn run_tags(request: &TrainingSettings, candidate: &RegistrationCandidate<'_>) -> BTreeMap<String, String> {
    [
        ("mlflow.user", request.actor.user.clone()),
        ("mlflow.source.name", "hivectl".into()),
        ("mlflow.source.type", "LOCAL".into()),
        ("model_type", candidate.kind.model_type()),
        ("hivectl.version", env!("CARGO_PKG_VERSION").into()),
        ("hivectl.host", request.actor.host.clone()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

fn description(candidate: &RegistrationCandidate<'_>) -> String {
    let gate = if candidate.card.gate.passed { "passed" } else { "failed" };
    format!("Trained by hivectl on {}; gate {gate}.", candidate.model.learned_from(candidate.card))
}
