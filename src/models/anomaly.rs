//! Whether a ticket is unusual: an isolation forest, judged by the platform's own rules.

use std::collections::BTreeMap;

use linfa::ParamGuard;

use super::AnomalyVariant;
use super::anomaly_rules::RuleStatistics;
use super::card::Importance;
use super::duration::ranked;
use super::training::{TrainingData, Work};
use crate::error::{Error, ErrorKind, Result};
use crate::features::{FeatureFrame, FeatureSchema};
use crate::statistics::errors::Confusion;
use crate::trees::{IsolationForestParams, PathReasons, Task, TreeEnsemble, fit_isolation, score};

/// How the isolation forest grows.
#[derive(Clone, Debug, PartialEq)]
pub struct AnomalyParameters {
    pub trees: usize,
    /// Tickets that each tree sees.
    pub subsample: usize,
    /// Share of training tickets that the offset marks, in (0, 0.5].
    pub contamination: f64,
}

/// A trained and judged anomaly detector.
#[derive(Clone, Debug)]
pub struct AnomalyModel {
    pub ensemble: TreeEnsemble,
    /// On the holdout, for the anomaly class.
    pub metrics: BTreeMap<String, f64>,
    pub importances: Vec<Importance>,
    pub rules: RuleStatistics,
    /// Whether each ticket of the holdout is an anomaly by the rules.
    pub holdout_labels: Vec<bool>,
    /// Whether the model marks it.
    pub holdout_flags: Vec<bool>,
}

/// The features that a variant may see.
pub fn schema(base: FeatureSchema, variant: AnomalyVariant) -> FeatureSchema {
    match variant {
        AnomalyVariant::Scheduling => base,
        AnomalyVariant::Outcome => base.with_outcome(),
    }
}

/// Which rows an ensemble marks: score below the offset.
///
/// Errors: [`ErrorKind::BadModelFile`] when the ensemble is no isolation forest.
pub fn flags(ensemble: &TreeEnsemble, scores: &[f64]) -> Result<Vec<bool>> {
    match &ensemble.task {
        Task::Isolation(isolation) => Ok(scores.iter().map(|score| score - isolation.offset < 0.0).collect()),
        _ => Err(Error::new(ErrorKind::BadModelFile, "an anomaly detector must be an isolation forest")),
    }
}

/// Trains on the earlier tickets and judges on the holdout, with labels by the rules from holdout
/// tickets only; never from injected ones.
pub fn train(data: &TrainingData, frame: &FeatureFrame, parameters: &AnomalyParameters, work: &Work<'_>) -> Result<AnomalyModel> {
    if data.split.train.is_empty() || data.split.holdout.is_empty() {
        return Err(Error::new(
            ErrorKind::NotEnoughData,
            format!("{} tickets cannot be divided into training and holdout", data.rows.len()),
        ));
    }
    let checked = IsolationForestParams::new()
        .trees(parameters.trees)
        .subsample(parameters.subsample)
        .contamination(Some(parameters.contamination))
        .seed(work.seed)
        .check()?;
    let mut ensemble = fit_isolation(&checked, &frame.select(&data.split.train).columns()?, work.threads, work.progress)?.ensemble;
    ensemble.feature_names = frame.schema().names();
    let holdout = frame.select(&data.split.holdout);
    let scores = score(&ensemble, &holdout.columns()?, work.threads)?;
    let holdout_flags = flags(&ensemble, &scores)?;
    let facts = data.timeline.facts();
    let train_facts = data.split.train.iter().map(|&position| &facts[data.rows[position as usize] as usize]);
    let rules = RuleStatistics::learn(train_facts, data.timeline.vocabulary());
    let holdout_labels: Vec<bool> = data
        .split
        .holdout
        .iter()
        .map(|&position| rules.is_anomaly(&facts[data.rows[position as usize] as usize], data.timeline.vocabulary()))
        .collect();
    let importances = ranked(&ensemble.feature_names, &PathReasons::new(&ensemble).importances(&holdout.columns()?));
    let metrics = judge(&holdout_labels, &holdout_flags);
    Ok(AnomalyModel { ensemble, metrics, importances, rules, holdout_labels, holdout_flags })
}

/// How a detector's marks compare with what the rules say, by the names of the field; what is undefined is
/// left out.
pub fn judge(labels: &[bool], flags: &[bool]) -> BTreeMap<String, f64> {
    let confusion = Confusion::count(labels.iter().copied().zip(flags.iter().copied()));
    let measured = [
        ("precision", confusion.precision()),
        ("recall", confusion.recall()),
        ("f1", confusion.f1()),
        ("false_positive_rate", confusion.false_positive_rate()),
        ("anomaly_rate", confusion.anomaly_rate()),
        ("prevalence", confusion.prevalence()),
    ];
    measured.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}
