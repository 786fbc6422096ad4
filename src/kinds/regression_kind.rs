//! The kinds that tell how long a ticket will take. They differ in what they are called, in what they usually learn
//! with, in their gate and in what tuning may choose: all of it data.

use std::collections::BTreeMap;

use super::card::ModelCard;
use super::deciding_metric::DecidingMetric;
use super::estimator::Estimator;
use super::fit::{FitRequest, FittedModel};
use super::kind::{AnswerForm, FixedSettings, ModelKind, NumberFormat, ThresholdSetting};
use super::learner::Algorithm;
use super::loaded::PackageFiles;
use super::prediction::PredictionColumn;
use super::regression;
use super::training::{TrainingContext, TrainingData};
use super::tuning::{Candidate, Search};
use crate::error::Result;
use crate::features::FeatureFrame;
use crate::lifecycle::{Criterion, Operator};
use crate::trees::TreeEnsemble;

/// How long a ticket will take: a forest, or boosted trees where those are asked for.
pub(super) const DURATION: RegressionKind = RegressionKind {
    word: "duration",
    help: "How long a ticket will take",
    registered_name: "ticket-duration-predictor",
    aliases: &["duration-predictor"],
    other_names: &[],
    model_type: "duration_predictor",
    is_usual: true,
    algorithm: Algorithm::Forest,
    recorded_metric: DecidingMetric::MAE_PCT,
    default_gate: || vec![Criterion::required("mae_pct", Operator::Below, 15.0), Criterion::desired("r2", Operator::Above, 0.6)],
    threshold_setting: Some(ThresholdSetting { key: "duration_error_threshold", metric: "mae_pct", factor: 100.0 }),
    tunes_form: true,
};

/// The same for the scheduler: boosted, in XGBoost's form.
pub(super) const SCHEDULING: RegressionKind = RegressionKind {
    word: "scheduling",
    help: "The same for the scheduler, boosted, in XGBoost's form",
    registered_name: "scheduling-predictor-xgboost",
    aliases: &["scheduling-predictor"],
    other_names: &["scheduling-predictor-lightgbm", "scheduling-predictor-ensemble"],
    model_type: "scheduling_predictor",
    is_usual: false,
    algorithm: Algorithm::Boosting,
    recorded_metric: DecidingMetric::MAE,
    // In ms.
    default_gate: || vec![Criterion::required("mae", Operator::Below, 5_000.0)],
    threshold_setting: None,
    tunes_form: false,
};

/// A kind that tells durations.
pub(super) struct RegressionKind {
    word: &'static str,
    help: &'static str,
    registered_name: &'static str,
    aliases: &'static [&'static str],
    other_names: &'static [&'static str],
    model_type: &'static str,
    is_usual: bool,
    /// What it learns with where no algorithm is named.
    algorithm: Algorithm,
    recorded_metric: DecidingMetric,
    default_gate: fn() -> Vec<Criterion>,
    threshold_setting: Option<ThresholdSetting>,
    /// Whether tuning may choose the table of features and the algorithm, where they were not asked for by name. Not for
    /// the scheduler, which reads XGBoost's form and the features that it knows.
    tunes_form: bool,
}

impl ModelKind for RegressionKind {
    fn word(&self) -> &'static str {
        self.word
    }

    fn help(&self) -> &'static str {
        self.help
    }

    fn registered_name(&self, _variant: &str) -> &'static str {
        self.registered_name
    }

    fn aliases(&self) -> &'static [&'static str] {
        self.aliases
    }

    fn other_names(&self) -> &'static [&'static str] {
        self.other_names
    }

    fn is_usual(&self) -> bool {
        self.is_usual
    }

    fn answer_form(&self) -> AnswerForm {
        AnswerForm::DurationMs
    }

    fn recorded_metric(&self) -> DecidingMetric {
        self.recorded_metric
    }

    fn default_gate(&self) -> Vec<Criterion> {
        (self.default_gate)()
    }

    fn threshold_setting(&self) -> Option<ThresholdSetting> {
        self.threshold_setting
    }

    fn model_type(&self) -> String {
        self.model_type.into()
    }

    fn columns(&self) -> &'static [PredictionColumn] {
        regression::COLUMNS
    }

    fn sentences(&self, metrics: &BTreeMap<String, f64>, format: &NumberFormat) -> Vec<String> {
        regression::sentences(metrics, format)
    }

    fn hyperparameters(&self, request: &FitRequest) -> &'static [&'static str] {
        regression::hyperparameters(request, self.algorithm)
    }

    fn check(&self, request: &FitRequest) -> Result<()> {
        regression::learner(request, self.algorithm).check()
    }

    fn step(&self, request: &FitRequest) -> (String, usize) {
        regression::step(self.word, &regression::learner(request, self.algorithm))
    }

    fn fit(
        &self,
        request: &FitRequest,
        data: &TrainingData,
        frame: &FeatureFrame,
        context: &TrainingContext<'_>,
    ) -> Result<Box<dyn FittedModel>> {
        Ok(Box::new(regression::train(data, frame, &regression::learner(request, self.algorithm), context)?))
    }

    fn search(&self, request: &FitRequest, fixed: FixedSettings, seed: u64) -> Option<Search> {
        let learner = regression::learner(request, self.algorithm);
        let features = match self.tunes_form && !fixed.features {
            true => vec!["reference".into(), "extended".into()],
            false => vec![request.features.clone()],
        };
        let algorithms = match self.tunes_form && !fixed.algorithm {
            true => Algorithm::ALL.to_vec(),
            false => vec![learner.algorithm()],
        };
        Some(Search { asked: Candidate::Durations { features: request.features.clone(), learner }, features, algorithms, seed })
    }

    fn trial(
        &self,
        candidate: &Candidate,
        data: &TrainingData,
        frame: &FeatureFrame,
        parts: [&[u32]; 2],
        context: &TrainingContext<'_>,
    ) -> Result<f64> {
        regression::trial_of(candidate, data, frame, parts, context)
    }

    fn load(&self, card: &ModelCard, files: &dyn PackageFiles) -> Result<Box<dyn Estimator>> {
        regression::load(card, files)
    }

    fn adopt(&self, trees: TreeEnsemble) -> Option<Box<dyn Estimator>> {
        regression::adopt(trees)
    }
}
