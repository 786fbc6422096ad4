//! Whether a ticket is unusual: an isolation forest, judged by the platform's own rules.

use std::collections::BTreeMap;

use linfa::ParamGuard;
use serde::{Deserialize, Serialize};

use super::AnomalyVariant;
use super::anomaly_rules::RuleStatistics;
use super::card::Importance;
use super::duration::ranked;
use super::training::{TrainingData, Work};
use crate::error::{Error, ErrorKind, Result};
use crate::features::{FeatureFrame, FeatureSchema};
use crate::statistics::errors::Confusion;
use crate::trees::{EnsembleTask, IsolationForestParams, PathReasons, TreeEnsemble, fit_isolation, score};

/// How the isolation forest grows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
        EnsembleTask::Isolation(isolation) => Ok(scores.iter().map(|score| score - isolation.offset < 0.0).collect()),
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
    let marked = mark(data, frame, parameters, &data.split.train, &data.split.holdout, work)?;
    let importances = ranked(&marked.ensemble.feature_names, &PathReasons::new(&marked.ensemble).importances(&marked.judging.columns()?));
    let metrics = judge(&marked.labels, &marked.flags);
    Ok(AnomalyModel {
        ensemble: marked.ensemble,
        metrics,
        importances,
        rules: marked.rules,
        holdout_labels: marked.labels,
        holdout_flags: marked.flags,
    })
}

/// The F1 score on `judging` of a detector that `teaching` taught, both positions of used tickets; 0 where
/// the rules find no anomaly there.
///
/// Errors: those of [`train`].
pub fn trial(
    data: &TrainingData,
    frame: &FeatureFrame,
    parameters: &AnomalyParameters,
    [teaching, judging]: [&[u32]; 2],
    work: &Work<'_>,
) -> Result<f64> {
    let marked = mark(data, frame, parameters, teaching, judging, work)?;
    Ok(judge(&marked.labels, &marked.flags).get("f1").copied().unwrap_or(0.0))
}

/// A detector and what it and the rules say of the tickets that judge.
struct Marked {
    ensemble: TreeEnsemble,
    rules: RuleStatistics,
    /// The tickets that judge.
    judging: FeatureFrame,
    flags: Vec<bool>,
    labels: Vec<bool>,
}

fn mark(
    data: &TrainingData,
    frame: &FeatureFrame,
    parameters: &AnomalyParameters,
    teaching: &[u32],
    judging: &[u32],
    work: &Work<'_>,
) -> Result<Marked> {
    let checked = IsolationForestParams::new()
        .trees(parameters.trees)
        .subsample(parameters.subsample)
        .contamination(Some(parameters.contamination))
        .seed(work.seed)
        .check()?;
    let mut ensemble = fit_isolation(&checked, &frame.select(teaching).columns()?, work.threads, work.progress)?.ensemble;
    ensemble.feature_names = frame.schema().names();
    let ticket = |position: &u32| &data.timeline.tickets()[data.rows[*position as usize] as usize];
    let rules = RuleStatistics::learn(teaching.iter().map(ticket), data.timeline.vocabulary());
    let labels = judging.iter().map(|position| rules.is_anomaly(ticket(position), data.timeline.vocabulary())).collect();
    let judging = frame.select(judging);
    let flags = flags(&ensemble, &score(&ensemble, &judging.columns()?, work.threads)?)?;
    Ok(Marked { ensemble, rules, judging, flags, labels })
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
