//! Whether a ticket is unusual: an isolation forest, judged by the platform's own rules.

use std::collections::BTreeMap;

use linfa::ParamGuard;
use serde::{Deserialize, Serialize};

use serde_json::{Map, Value};

use super::anomaly_rules::{AnomalyType, RuleStatistics};
use super::answers::Answers;
use super::card::{Importance, ModelCard};
use super::estimator::{Estimator, RowPredictor};
use super::fit::{FitRequest, FittedModel, Holdout, PackageContext};
use super::hyperparameters::Hyperparameters;
use super::kind::{AnswerForm, FixedSettings, ModelKind, NumberFormat, ThresholdSetting, USUAL_VARIANT, Variant};
use super::loaded::PackageFiles;
use super::outcomes::Outcomes;
use super::package::{self, TreeFiles, TreesForm};
use super::prediction::{PredictedValue, PredictionColumn, ValueForm, strongest};
use super::regression::ranked;
use super::training::{TrainingContext, TrainingData};
use super::tuning::{Candidate, Search};
use crate::base::number::counted;
use crate::error::{Error, ErrorKind, Result};
use crate::features::{FeatureFrame, FeatureSchema, Timeline};
use crate::formats::mlmodel::PredictionType;
use crate::formats::sklearn::{ForestFamily, ForestHyperparameters, MaxFeatures};
use crate::lifecycle::{Criterion, Operator};
use crate::statistics::errors::Confusion;
use crate::ticket::Ticket;
use crate::trees::{
    Columns, EnsembleTask, IsolationForestParams, IsolationScore, PathReasons, Scorer, TreeEnsemble, WithoutPart, fit_isolation, score,
    score_without_parts,
};

/// How the isolation forest grows.
///
/// ```
/// let usual = hivectl::kinds::anomaly::AnomalyParameters { trees: 100, subsample: 256, contamination: 0.05 };
/// assert!(usual.contamination <= 0.5);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnomalyParameters {
    pub trees: usize,
    /// Tickets that each tree sees.
    pub subsample: usize,
    /// Share of training tickets that the offset marks, in (0, 0.5].
    pub contamination: f64,
}

/// The kind `anomaly`.
pub(super) struct Anomaly;

/// The variant that looks at tickets that have ended.
const OUTCOME: &str = "outcome";

/// What a prediction holds.
const COLUMNS: &[PredictionColumn] = &[
    // scikit-learn's `score_samples`, in (-1, 0): the lower, the stranger.
    PredictionColumn { name: "anomaly_score", heading: "SCORE", form: ValueForm::Number },
    PredictionColumn { name: "is_anomaly", heading: "ANOMALY", form: ValueForm::Flag },
    // Only of marked tickets.
    PredictionColumn { name: "anomaly_type", heading: "TYPE", form: ValueForm::Word },
];

impl ModelKind for Anomaly {
    fn word(&self) -> &'static str {
        "anomaly"
    }

    fn help(&self) -> &'static str {
        "Whether a ticket is unusual"
    }

    fn registered_name(&self, variant: &str) -> &'static str {
        if variant == OUTCOME { "ticket-anomaly-detector-outcome" } else { "ticket-anomaly-detector" }
    }

    fn aliases(&self) -> &'static [&'static str] {
        &["anomaly-detector", "anomaly-predictor"]
    }

    fn variants(&self) -> &'static [Variant] {
        &[
            Variant { name: USUAL_VARIANT, help: "Only what is known when the ticket is scheduled" },
            Variant { name: OUTCOME, help: "Also duration and retries; for tickets that have ended" },
        ]
    }

    fn other_names(&self) -> &'static [&'static str] {
        &["anomaly-detector-isolation_forest", "anomaly-detector-autoencoder"]
    }

    fn is_usual(&self) -> bool {
        true
    }

    fn answer_form(&self) -> AnswerForm {
        AnswerForm::Mark
    }

    fn default_gate(&self) -> Vec<Criterion> {
        vec![
            Criterion::required("precision", Operator::Above, 0.75),
            Criterion::desired("recall", Operator::Above, 0.5),
            Criterion::desired("f1", Operator::Above, 0.65),
        ]
    }

    fn threshold_setting(&self) -> Option<ThresholdSetting> {
        Some(ThresholdSetting { key: "anomaly_precision_threshold", metric: "precision", factor: 1.0 })
    }

    fn model_type(&self) -> String {
        "anomaly_detector".into()
    }

    fn columns(&self) -> &'static [PredictionColumn] {
        COLUMNS
    }

    fn sentences(&self, metrics: &BTreeMap<String, f64>, format: &NumberFormat) -> Vec<String> {
        let number = |name: &str| (format.metric)(metrics.get(name).copied());
        let marked = (format.metric)(metrics.get("anomaly_rate").map(|rate| rate * 100.0));
        vec![format!(
            "precision {}, recall {}, F1 {}; marks {marked} % of the tickets that judge",
            number("precision"),
            number("recall"),
            number("f1")
        )]
    }

    fn schema(&self, request: &FitRequest) -> Result<FeatureSchema> {
        let base = FeatureSchema::named(&request.features, request.fields.clone())?;
        Ok(if request.variant == OUTCOME { base.with_outcome() } else { base })
    }

    fn hyperparameters(&self, _request: &FitRequest) -> &'static [&'static str] {
        &["n_estimators", "max_samples", "contamination"]
    }

    fn check(&self, request: &FitRequest) -> Result<()> {
        let contamination = parameters(request).contamination;
        if contamination > 0.0 && contamination <= 0.5 {
            return Ok(());
        }
        let message = format!("contamination is {contamination}, expected a ratio above 0 and at most 0.5");
        Err(Error::new(ErrorKind::Usage, message))
    }

    fn step(&self, request: &FitRequest) -> (String, usize) {
        ("growing the isolation forest".to_owned(), parameters(request).trees)
    }

    fn fit(
        &self,
        request: &FitRequest,
        data: &TrainingData,
        frame: &FeatureFrame,
        context: &TrainingContext<'_>,
    ) -> Result<Box<dyn FittedModel>> {
        Ok(Box::new(train(data, frame, &parameters(request), context)?))
    }

    fn search(&self, request: &FitRequest, _fixed: FixedSettings, seed: u64) -> Option<Search> {
        let (asked, features) = (Candidate::Anomaly(parameters(request)), vec![request.features.clone()]);
        Some(Search { asked, features, algorithms: Vec::new(), seed })
    }

    fn trial(
        &self,
        candidate: &Candidate,
        data: &TrainingData,
        frame: &FeatureFrame,
        parts: [&[u32]; 2],
        context: &TrainingContext<'_>,
    ) -> Result<f64> {
        match candidate {
            Candidate::Anomaly(parameters) => trial(data, frame, parameters, parts, context),
            Candidate::Durations { .. } => Err(Error::new(ErrorKind::Internal, "a candidate of another kind")),
        }
    }

    fn load(&self, card: &ModelCard, files: &dyn PackageFiles) -> Result<Box<dyn Estimator>> {
        Ok(Box::new(AnomalyEstimator { rules: card.part("anomaly")?, trees: package::read_trees(card, files)? }))
    }

    fn adopt(&self, trees: TreeEnsemble) -> Option<Box<dyn Estimator>> {
        Some(Box::new(AnomalyEstimator { trees, rules: None }))
    }
}

/// What was asked for, or what tuning chose.
fn parameters(request: &FitRequest) -> AnomalyParameters {
    if let Some(Candidate::Anomaly(parameters)) = &request.tuned {
        return parameters.clone();
    }
    let asked = &request.hyperparameters;
    AnomalyParameters {
        trees: asked.n_estimators.unwrap_or(Hyperparameters::USUAL_TREES),
        subsample: asked.max_samples.unwrap_or(256),
        contamination: asked.contamination.unwrap_or(0.05),
    }
}

/// A trained and judged anomaly detector.
#[derive(Clone, Debug)]
struct AnomalyModel {
    parameters: AnomalyParameters,
    ensemble: TreeEnsemble,
    /// On the holdout, for the anomaly class.
    metrics: BTreeMap<String, f64>,
    importances: Vec<Importance>,
    rules: RuleStatistics,
    /// Whether each ticket is an anomaly by the rules, and whether the model marks it.
    holdout: Holdout,
}

impl FittedModel for AnomalyModel {
    fn metrics(&self) -> &BTreeMap<String, f64> {
        &self.metrics
    }

    fn importances(&self) -> &[Importance] {
        &self.importances
    }

    fn params(&self) -> Vec<(&'static str, String)> {
        vec![
            ("algorithm", "isolation_forest".into()),
            ("n_estimators", self.parameters.trees.to_string()),
            ("max_samples", self.parameters.subsample.to_string()),
            ("contamination", self.parameters.contamination.to_string()),
        ]
    }

    fn card(&self) -> Result<Map<String, Value>> {
        package::card_part([
            // Readers of 0.1.0 want these keys.
            ("by_task_type", Ok(Value::Object(Map::new()))),
            ("interval", Ok(Value::Null)),
            ("anomaly", serde_json::to_value(&self.rules)),
        ])
    }

    fn holdout(&self) -> &Holdout {
        &self.holdout
    }

    fn answers(&self, rows: &Columns<'_>, threads: usize) -> Result<Answers> {
        let without = score_without_parts(&self.ensemble, rows, threads)?;
        let marks = |scores: &[f64]| flags(&self.ensemble, scores).map(Outcomes::Marks);
        Answers::of(&score(&self.ensemble, rows, threads)?, &without, marks)
    }

    fn trees(&self) -> Option<&TreeEnsemble> {
        Some(&self.ensemble)
    }

    fn files(&self, context: &PackageContext<'_>) -> Result<Vec<(String, Vec<u8>)>> {
        let training = &context.card.training;
        let hyperparameters = ForestHyperparameters {
            family: ForestFamily::Isolation,
            max_depth: None,
            min_samples_split: 2,
            min_samples_leaf: 1,
            max_features: MaxFeatures::Share(1.0),
            bootstrap: false,
            seed: u32::try_from(training.seed).ok(),
            training_rows: training.samples.train,
        };
        let (form, prediction) = (TreesForm::Pickle, PredictionType::Integer);
        TreeFiles { trees: &self.ensemble, form, prediction, hyperparameters: Some(hyperparameters) }.write(context)
    }
}

/// A detector that can be run.
struct AnomalyEstimator {
    trees: TreeEnsemble,
    /// `None` in a model of another tool.
    rules: Option<RuleStatistics>,
}

impl Estimator for AnomalyEstimator {
    fn scores(&self, rows: &Columns<'_>, threads: usize) -> Result<Vec<f64>> {
        score(&self.trees, rows, threads)
    }

    fn scores_without_parts(&self, rows: &Columns<'_>, threads: usize) -> Result<Vec<WithoutPart>> {
        score_without_parts(&self.trees, rows, threads)
    }

    fn row_scorer(&self) -> Result<Box<dyn Fn(&[f32]) -> f64 + Sync + '_>> {
        let scorer = Scorer::new(&self.trees)?;
        Ok(Box::new(move |row| scorer.score_row(row)))
    }

    fn outcomes(&self, scores: &[f64]) -> Result<Outcomes> {
        flags(&self.trees, scores).map(Outcomes::Marks)
    }

    /// By its own rules, and where it has none by the platform's, learned from all tickets at hand.
    fn actual(&self, timeline: &Timeline, rows: &[u32]) -> Outcomes {
        let vocabulary = timeline.vocabulary();
        let marks =
            |rules: &RuleStatistics| rows.iter().map(|&row| rules.is_anomaly(&timeline.tickets()[row as usize], vocabulary)).collect();
        Outcomes::Marks(match &self.rules {
            Some(rules) => marks(rules),
            None => marks(&RuleStatistics::learn(timeline.tickets(), vocabulary)),
        })
    }

    fn metrics(&self, actual: &Outcomes, scores: &[f64]) -> Result<BTreeMap<String, f64>> {
        match actual {
            Outcomes::Marks(labels) => Ok(judge(labels, &flags(&self.trees, scores)?)),
            Outcomes::DurationsMs(_) => Err(Error::new(ErrorKind::Internal, "marks are judged by marks")),
        }
    }

    fn predictor<'a>(&'a self, schema: &'a FeatureSchema, explain: bool) -> Result<Box<RowPredictor<'a>>> {
        let scorer = self.row_scorer()?;
        let paths = PathReasons::new(&self.trees);
        let told = isolation_score(&self.trees)?;
        Ok(Box::new(move |_: &Ticket, row: &[f32]| {
            let score = scorer(row);
            let is_anomaly = told.marks(score);
            let reasons = if is_anomaly || explain { strongest(schema, row, &paths.shortening(row)) } else { Vec::new() };
            let kind = is_anomaly.then(|| AnomalyType::of(schema, row).to_string());
            Ok((vec![PredictedValue::Number(Some(score)), PredictedValue::Flag(is_anomaly), PredictedValue::Word(kind)], reasons))
        }))
    }

    fn share_to_mark(&self) -> Option<f64> {
        match &self.trees.task {
            EnsembleTask::Isolation(isolation) => isolation.contamination,
            _ => None,
        }
    }

    fn has_rules(&self) -> bool {
        self.rules.is_some()
    }
}

/// Which scores are marked.
fn isolation_score(ensemble: &TreeEnsemble) -> Result<IsolationScore> {
    match &ensemble.task {
        EnsembleTask::Isolation(isolation) => Ok(*isolation),
        _ => Err(Error::new(ErrorKind::BadModelFile, "an anomaly detector must be an isolation forest")),
    }
}

/// Which rows an ensemble marks: score below the offset.
///
/// Errors: [`ErrorKind::BadModelFile`] when the ensemble is no isolation forest.
pub fn flags(ensemble: &TreeEnsemble, scores: &[f64]) -> Result<Vec<bool>> {
    let told = isolation_score(ensemble)?;
    Ok(scores.iter().map(|&score| told.marks(score)).collect())
}

/// Trains on the earlier tickets and judges on the holdout, with labels by the rules from holdout
/// tickets only; never from injected ones.
fn train(data: &TrainingData, frame: &FeatureFrame, parameters: &AnomalyParameters, context: &TrainingContext<'_>) -> Result<AnomalyModel> {
    if data.split.train.is_empty() || data.split.holdout.is_empty() {
        return Err(Error::new(
            ErrorKind::NotEnoughData,
            format!("{} cannot be divided into training and holdout", counted(data.rows.len(), "ticket")),
        ));
    }
    let marked = mark(data, frame, parameters, &data.split.train, &data.split.holdout, context)?;
    let importances =
        ranked(&marked.ensemble.feature_names, &PathReasons::new(&marked.ensemble).importances(&marked.validation.columns()?));
    let metrics = judge(&marked.labels, &marked.flags);
    Ok(AnomalyModel {
        ensemble: marked.ensemble,
        metrics,
        importances,
        rules: marked.rules,
        parameters: parameters.clone(),
        holdout: Holdout { actual: Outcomes::Marks(marked.labels), said: Outcomes::Marks(marked.flags) },
    })
}

/// The F1 score on `validation` of a detector that `training` taught, both positions of used tickets; 0 where
/// the rules find no anomaly there.
///
/// Errors: those of [`train`].
fn trial(
    data: &TrainingData,
    frame: &FeatureFrame,
    parameters: &AnomalyParameters,
    [training, validation]: [&[u32]; 2],
    context: &TrainingContext<'_>,
) -> Result<f64> {
    let marked = mark(data, frame, parameters, training, validation, context)?;
    Ok(judge(&marked.labels, &marked.flags).get("f1").copied().unwrap_or(0.0))
}

/// A detector and what it and the rules say of the tickets that judge.
struct Marked {
    ensemble: TreeEnsemble,
    rules: RuleStatistics,
    /// The tickets that judge.
    validation: FeatureFrame,
    flags: Vec<bool>,
    labels: Vec<bool>,
}

fn mark(
    data: &TrainingData,
    frame: &FeatureFrame,
    parameters: &AnomalyParameters,
    training: &[u32],
    validation: &[u32],
    context: &TrainingContext<'_>,
) -> Result<Marked> {
    let checked = IsolationForestParams::new()
        .trees(parameters.trees)
        .subsample(parameters.subsample)
        .contamination(Some(parameters.contamination))
        .seed(context.seed)
        .check()?;
    let mut ensemble = fit_isolation(&checked, &frame.select(training).columns()?, context.threads, context.progress)?.ensemble;
    ensemble.feature_names = frame.schema().names();
    let ticket = |position: &u32| &data.timeline.tickets()[data.rows[*position as usize] as usize];
    let rules = RuleStatistics::learn(training.iter().map(ticket), data.timeline.vocabulary());
    let labels = validation.iter().map(|position| rules.is_anomaly(ticket(position), data.timeline.vocabulary())).collect();
    let validation = frame.select(validation);
    let flags = flags(&ensemble, &score(&ensemble, &validation.columns()?, context.threads)?)?;
    Ok(Marked { ensemble, rules, validation, flags, labels })
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
