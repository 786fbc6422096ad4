//! How long a ticket will take, for the scheduler: boosted, in XGBoost's form.

use std::collections::BTreeMap;

use super::card::ModelCard;
use super::fit::{FitRequest, FittedModel};
use super::kind::{AnswerForm, FixedSettings, ModelKind, NumberFormat};
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

/// The kind `scheduling`.
pub(super) struct Scheduling;

impl ModelKind for Scheduling {
    fn word(&self) -> &'static str {
        "scheduling"
    }

    fn help(&self) -> &'static str {
        "The same for the scheduler, boosted, in XGBoost's form"
    }

    fn registered_name(&self, _variant: &str) -> &'static str {
        "scheduling-predictor-xgboost"
    }

    fn aliases(&self) -> &'static [&'static str] {
        &["scheduling-predictor"]
    }

    fn answer_form(&self) -> AnswerForm {
        AnswerForm::DurationMs
    }

    fn default_gate(&self) -> Vec<Criterion> {
        // In ms.
        vec![Criterion::required("mae", Operator::Below, 5_000.0)]
    }

    fn model_type(&self) -> String {
        "scheduling_predictor".into()
    }

    fn columns(&self) -> &'static [PredictionColumn] {
        regression::COLUMNS
    }

    fn sentences(&self, metrics: &BTreeMap<String, f64>, format: &NumberFormat) -> Vec<String> {
        regression::sentences(metrics, format)
    }

    fn hyperparameters(&self, request: &FitRequest) -> &'static [&'static str] {
        regression::hyperparameters(request, Algorithm::Boosting)
    }

    fn check(&self, request: &FitRequest) -> Result<()> {
        regression::learner(request, Algorithm::Boosting).check()
    }

    fn step(&self, request: &FitRequest) -> (String, usize) {
        regression::step(self.word(), &regression::learner(request, Algorithm::Boosting))
    }

    fn fit(&self, request: &FitRequest, data: &TrainingData, frame: &FeatureFrame, work: &Work<'_>) -> Result<Box<dyn FittedModel>> {
        Ok(Box::new(regression::train(data, frame, &regression::learner(request, Algorithm::Boosting), work)?))
    }

    /// The scheduler reads XGBoost's form, and what it reads are the features asked for.
    fn search(&self, request: &FitRequest, _fixed: FixedSettings, seed: u64) -> Option<Search> {
        let learner = regression::learner(request, Algorithm::Boosting);
        let (features, algorithms) = (vec![request.features.clone()], vec![learner.algorithm()]);
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
