//! How long a ticket will take: a forest, or boosted trees where those are asked for.

use std::collections::BTreeMap;

use super::card::ModelCard;
use super::fit::{FitRequest, FittedModel};
use super::kind::{AnswerForm, DecidingMetric, FixedSettings, ModelKind, NumberFormat, ThresholdSetting};
use super::learner::Algorithm;
use super::loaded::{Estimator, PackageFiles};
use super::prediction::PredictionColumn;
use super::regression;
use super::training::{TrainingData, Work};
use super::tuning::{Candidate, Search};
use crate::error::Result;
use crate::features::FeatureFrame;
use crate::lifecycle::{Criterion, Operator};
use crate::trees::TreeEnsemble;

/// The kind `duration`.
pub(super) struct Duration;

impl ModelKind for Duration {
    fn word(&self) -> &'static str {
        "duration"
    }

    fn help(&self) -> &'static str {
        "How long a ticket will take"
    }

    fn registered_name(&self, _variant: &str) -> &'static str {
        "ticket-duration-predictor"
    }

    fn aliases(&self) -> &'static [&'static str] {
        &["duration-predictor"]
    }

    fn is_usual(&self) -> bool {
        true
    }

    fn answer_form(&self) -> AnswerForm {
        AnswerForm::DurationMs
    }

    fn recorded_metric(&self) -> DecidingMetric {
        DecidingMetric { name: "mae_pct", lower_is_better: true }
    }

    fn default_gate(&self) -> Vec<Criterion> {
        vec![Criterion::required("mae_pct", Operator::Below, 15.0), Criterion::desired("r2", Operator::Above, 0.6)]
    }

    fn threshold_setting(&self) -> Option<ThresholdSetting> {
        Some(ThresholdSetting { key: "duration_error_threshold", metric: "mae_pct", factor: 100.0 })
    }

    fn model_type(&self) -> String {
        "duration_predictor".into()
    }

    fn columns(&self) -> &'static [PredictionColumn] {
        regression::COLUMNS
    }

    fn sentences(&self, metrics: &BTreeMap<String, f64>, format: &NumberFormat) -> Vec<String> {
        regression::sentences(metrics, format)
    }

    fn hyperparameters(&self, request: &FitRequest) -> &'static [&'static str] {
        regression::hyperparameters(request, Algorithm::Forest)
    }

    fn check(&self, request: &FitRequest) -> Result<()> {
        regression::learner(request, Algorithm::Forest).check()
    }

    fn step(&self, request: &FitRequest) -> (String, usize) {
        regression::step(self.word(), &regression::learner(request, Algorithm::Forest))
    }

    fn fit(&self, request: &FitRequest, data: &TrainingData, frame: &FeatureFrame, work: &Work<'_>) -> Result<Box<dyn FittedModel>> {
        Ok(Box::new(regression::train(data, frame, &regression::learner(request, Algorithm::Forest), work)?))
    }

    fn search(&self, request: &FitRequest, fixed: FixedSettings, seed: u64) -> Option<Search> {
        let learner = regression::learner(request, Algorithm::Forest);
        let features = match fixed.features {
            false => vec!["reference".into(), "extended".into()],
            true => vec![request.features.clone()],
        };
        let algorithms = match fixed.algorithm {
            false => vec![Algorithm::Forest, Algorithm::Boosting],
            true => vec![learner.algorithm()],
        };
        Some(Search { asked: Candidate::Durations { features: request.features.clone(), learner }, features, algorithms, seed })
    }

    fn trial(&self, candidate: &Candidate, data: &TrainingData, frame: &FeatureFrame, parts: [&[u32]; 2], work: &Work<'_>) -> Result<f64> {
        regression::trial_of(candidate, data, frame, parts, work)
    }

    fn load(&self, card: &ModelCard, files: &dyn PackageFiles) -> Result<Box<dyn Estimator>> {
        regression::load(card, files)
    }

    fn adopt(&self, trees: TreeEnsemble) -> Option<Box<dyn Estimator>> {
        regression::adopt(trees)
    }
}
