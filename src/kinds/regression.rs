//! Durations in ms, told from what is known at creation: what the kinds `duration` and `scheduling` share.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::answers::Answers;
use super::card::{Importance, ModelCard};
use super::estimator::{Estimator, RowPredictor};
use super::fit::{FitRequest, FittedModel, Holdout, PackageContext};
use super::hyperparameters::Hyperparameters;
use super::kind::NumberFormat;
use super::learner::{Algorithm, BoostingParameters, FittedTrees, ForestParameters, Learner, Loss};
use super::loaded::PackageFiles;
use super::outcomes::Outcomes;
use super::package::{self, TreeFiles, TreesForm};
use super::prediction::{PredictedValue, PredictionColumn, ValueForm, strongest};
use super::training::{TrainingContext, TrainingData};
use super::tuning::Candidate;
use crate::base::number::counted;
use crate::error::{Error, ErrorKind, Result};
use crate::features::{FeatureFrame, FeatureSchema, Timeline};
use crate::formats::mlmodel::PredictionType;
use crate::formats::sklearn::{ForestFamily, ForestHyperparameters, MaxFeatures};
use crate::statistics::errors::RegressionErrors;
use crate::ticket::Ticket;
use crate::trees::interval::{IntervalModel, ServedCoverage, ServedTicket};
use crate::trees::{Columns, Explainer, Scorer, TreeEnsemble, WithoutPart, score, score_without_parts};

/// What a prediction holds.
pub(super) const COLUMNS: &[PredictionColumn] = &[
    PredictionColumn { name: "duration_ms", heading: "DURATION", form: ValueForm::Milliseconds },
    PredictionColumn { name: "duration_low_ms", heading: "LOW", form: ValueForm::Milliseconds },
    PredictionColumn { name: "duration_high_ms", heading: "HIGH", form: ValueForm::Milliseconds },
    PredictionColumn { name: "sla_breach_probability", heading: "SLA-BREACH", form: ValueForm::Chance },
];

/// A trained and judged duration model.
#[derive(Clone, Debug)]
pub(super) struct DurationModel {
    /// How it was learned.
    pub learner: Learner,
    pub ensemble: TreeEnsemble,
    /// On the holdout, in ms and percent; `out_of_bag_*` on the training tickets.
    pub metrics: BTreeMap<String, f64>,
    pub by_task_type: BTreeMap<String, RegressionErrors>,
    /// Descending.
    pub importances: Vec<Importance>,
    pub interval: Option<IntervalModel>,
    /// In its order.
    pub holdout: Holdout,
}

/// Durations in ms that an ensemble predicts, one a row. Boosted trees may add up to less than nothing, which no
/// ticket takes: that counts as 0.
///
/// Errors: those of [`score`].
fn predictions_ms(ensemble: &TreeEnsemble, columns: &Columns<'_>, threads: usize) -> Result<Vec<f64>> {
    let mut predictions = score(ensemble, columns, threads)?;
    predictions.iter_mut().for_each(|prediction| *prediction = non_negative(*prediction));
    Ok(predictions)
}

/// The same without each part of the trees.
///
/// Errors: those of [`score_without_parts`].
fn predictions_without_parts_ms(ensemble: &TreeEnsemble, columns: &Columns<'_>, threads: usize) -> Result<Vec<WithoutPart>> {
    let mut parts = score_without_parts(ensemble, columns, threads)?;
    let predictions = parts.iter_mut().flat_map(|part| &mut part.answers);
    predictions.for_each(|prediction| *prediction = non_negative(*prediction));
    Ok(parts)
}

/// A predicted duration in ms, not below 0.
fn non_negative(prediction_ms: f64) -> f64 {
    prediction_ms.max(0.0)
}

/// Trains on the earlier tickets of `data` and judges on the holdout.
///
/// `frame` holds the features of all used tickets. Errors: [`ErrorKind::NotEnoughData`] when the
/// holdout is empty; [`ErrorKind::Usage`] for parameters out of range.
pub(super) fn train(data: &TrainingData, frame: &FeatureFrame, learner: &Learner, context: &TrainingContext<'_>) -> Result<DurationModel> {
    if data.split.train.is_empty() || data.split.holdout.is_empty() {
        return Err(Error::new(
            ErrorKind::NotEnoughData,
            format!("{} cannot be divided into training and holdout", counted(data.rows.len(), "ticket")),
        ));
    }
    let target = data.durations_ms(&data.split.train);
    let learned = learner.fit(&frame.select(&data.split.train), &target, context)?;
    let holdout = frame.select(&data.split.holdout);
    let holdout_predictions = predictions_ms(&learned.ensemble, &holdout.columns()?, context.threads)?;
    judge(data, learner, learned, &target, holdout_predictions)
}

/// The mean absolute error in ms on `validation` of trees that `training` taught, both positions of used tickets;
/// infinite where nothing judges.
///
/// Errors: those of [`train`].
fn trial(
    data: &TrainingData,
    frame: &FeatureFrame,
    learner: &Learner,
    [training, validation]: [&[u32]; 2],
    context: &TrainingContext<'_>,
) -> Result<f64> {
    let trees = learner.fit_trees(&frame.select(training), &data.durations_ms(training), context)?;
    let predicted = predictions_ms(&trees, &frame.select(validation).columns()?, context.threads)?;
    Ok(RegressionErrors::measure(&data.durations_ms(validation), &predicted)?.map_or(f64::INFINITY, |errors| errors.mae))
}

fn judge(
    data: &TrainingData,
    learner: &Learner,
    learned: FittedTrees,
    target: &[f64],
    holdout_predictions: Vec<f64>,
) -> Result<DurationModel> {
    let actual = data.durations_ms(&data.split.holdout);
    let mut metrics = metrics(&actual, &holdout_predictions)?;
    let mut note = |name: &str, value: Option<f64>| {
        if let Some(value) = value.filter(|value| value.is_finite()) {
            metrics.insert(name.to_owned(), value);
        }
    };
    let predicted = learned.calibration.predicted_ms;
    let known: Vec<f64> = learned.calibration.places.iter().map(|&place| target[place]).collect();
    if learned.calibration.out_of_bag
        && let Some(errors) = RegressionErrors::measure(&known, &predicted)?
    {
        note("out_of_bag_mae", Some(errors.mae));
        note("out_of_bag_r2", errors.r2);
    }
    let calibrated = IntervalModel::calibrate(&predicted, &known)?;
    // Judged as in service: each outcome moves the levels once it is known, and the package takes the last ones along.
    let served = calibrated.as_ref().and_then(|interval| ServedCoverage::measure(interval, &served(data, &holdout_predictions)));
    if let Some(served) = &served {
        note("interval_nominal_coverage", Some(served.model.nominal_coverage()));
        note("interval_coverage", Some(served.coverage));
        note("interval_mean_width", Some(served.mean_width_ms));
    }
    let importances = ranked(&learned.ensemble.feature_names, &learned.importances);
    Ok(DurationModel {
        learner: learner.clone(),
        by_task_type: by_task_type(data, &actual, &holdout_predictions)?,
        ensemble: learned.ensemble,
        metrics,
        importances,
        interval: served.map(|served| served.model),
        holdout: Holdout { actual: Outcomes::DurationsMs(actual), said: Outcomes::DurationsMs(holdout_predictions) },
    })
}

/// The holdout as it was served, by creation.
fn served(data: &TrainingData, predictions: &[f64]) -> Vec<ServedTicket> {
    let ticket = |(&position, &predicted_ms): (&u32, &f64)| {
        let encoded = &data.timeline.tickets()[data.rows[position as usize] as usize];
        ServedTicket { created_at: encoded.created_at, predicted_ms, outcome: Some((encoded.known_at, encoded.duration_ms)) }
    };
    data.split.holdout.iter().zip(predictions).map(ticket).collect()
}

/// The errors of predicted durations by the names of the field, in ms and percent; what is undefined is left
/// out.
///
/// Errors: [`ErrorKind::Internal`] when the lengths differ.
pub fn metrics(actual: &[f64], predicted: &[f64]) -> Result<BTreeMap<String, f64>> {
    let Some(errors) = RegressionErrors::measure(actual, predicted)? else { return Ok(BTreeMap::new()) };
    let measured = [
        ("mae", Some(errors.mae)),
        ("rmse", Some(errors.rmse)),
        ("bias", Some(errors.bias)),
        ("r2", errors.r2),
        ("mae_pct", errors.mae_pct),
        ("median_absolute_error", Some(errors.median_absolute_error)),
        ("p90_absolute_error", Some(errors.p90_absolute_error)),
    ];
    let finite = |(name, value): (&str, Option<f64>)| Some((name.to_owned(), value.filter(|value| value.is_finite())?));
    Ok(measured.into_iter().filter_map(finite).collect())
}

fn by_task_type(data: &TrainingData, actual: &[f64], predicted: &[f64]) -> Result<BTreeMap<String, RegressionErrors>> {
    let task_types = data.task_types(&data.split.holdout);
    let mut names: Vec<&str> = task_types.clone();
    names.sort_unstable();
    names.dedup();
    // The list of names is sorted, so every task type is found in it.
    let groups: Vec<u32> = task_types.iter().map(|task_type| names.binary_search(task_type).unwrap_or(0) as u32).collect();
    let errors = RegressionErrors::by_group(actual, predicted, &groups, names.len())?;
    Ok(names.into_iter().zip(errors).filter_map(|(name, errors)| Some((name.to_owned(), errors?))).collect())
}

/// Features by falling importance.
pub(super) fn ranked(names: &[String], values: &[f64]) -> Vec<Importance> {
    let mut importances: Vec<Importance> =
        names.iter().zip(values).map(|(feature, &value)| Importance { feature: feature.clone(), value }).collect();
    importances.sort_by(|left, right| right.value.total_cmp(&left.value).then_with(|| left.feature.cmp(&right.feature)));
    importances
}

/// The guides' word for a mean absolute error in percent.
fn quality_word(mae_pct: f64) -> &'static str {
    match mae_pct {
        percent if percent < 10.0 => "excellent",
        percent if percent < 15.0 => "good",
        percent if percent <= 20.0 => "acceptable",
        _ => "poor",
    }
}

/// How durations are told, for people.
pub(super) fn sentences(metrics: &BTreeMap<String, f64>, format: &NumberFormat) -> Vec<String> {
    let has = |name: &str| metrics.get(name).copied();
    let time = |name: &str| has(name).map_or("-".into(), format.milliseconds);
    let number = |name: &str| (format.metric)(has(name));
    let word = has("mae_pct").map_or("", quality_word);
    let mut lines = vec![
        format!("mean absolute error {}, {} % of the mean ({word}); R² {}", time("mae"), number("mae_pct"), number("r2")),
        format!("half of the errors are below {}, nine in ten below {}", time("median_absolute_error"), time("p90_absolute_error")),
    ];
    if let (Some(nominal), Some(measured)) = (has("interval_nominal_coverage"), has("interval_coverage")) {
        lines.push(format!("the {:.0} % interval held {:.1} % of the tickets that judge", nominal * 100.0, measured * 100.0));
    }
    lines
}

/// The learner that was asked for, or that tuning chose; `usual` where no algorithm was named.
pub(super) fn learner(request: &FitRequest, usual: Algorithm) -> Learner {
    if let Some(Candidate::Durations { learner, .. }) = &request.tuned {
        return learner.clone();
    }
    let asked = &request.hyperparameters;
    let trees = asked.n_estimators.unwrap_or(Hyperparameters::USUAL_TREES);
    let min_leaf = asked.min_samples_leaf.unwrap_or(2);
    match asked.algorithm.unwrap_or(usual) {
        Algorithm::Forest => Learner::Forest(ForestParameters {
            trees,
            depth: asked.max_depth.unwrap_or(10),
            min_split: asked.min_samples_split.unwrap_or(5),
            min_leaf,
            column_share: asked.max_features.or(asked.column_share).unwrap_or(1.0),
        }),
        Algorithm::Boosting => Learner::Boosting(BoostingParameters {
            loss: asked.objective.unwrap_or(Loss::AbsoluteError),
            rounds: trees,
            depth: asked.max_depth.unwrap_or(6),
            learning_rate: asked.learning_rate.unwrap_or(0.1),
            l1: asked.reg_alpha.unwrap_or(0.0),
            l2: asked.reg_lambda.unwrap_or(1.0),
            min_child_weight: min_leaf as f64,
            row_share: asked.subsample.unwrap_or(1.0),
            column_share: asked.colsample_bytree.or(asked.column_share).unwrap_or(1.0),
            patience: asked.early_stopping,
        }),
    }
}

/// The names of the hyperparameters that durations are learned with; `usual` where no algorithm was named.
pub(super) fn hyperparameters(request: &FitRequest, usual: Algorithm) -> &'static [&'static str] {
    match request.hyperparameters.algorithm.unwrap_or(usual) {
        Algorithm::Forest => {
            &["algorithm", "n_estimators", "max_depth", "min_samples_split", "min_samples_leaf", "max_features", "column_share"]
        }
        Algorithm::Boosting => &[
            "algorithm",
            "n_estimators",
            "max_depth",
            "min_samples_leaf",
            "objective",
            "learning_rate",
            "subsample",
            "colsample_bytree",
            "column_share",
            "reg_alpha",
            "reg_lambda",
            "early_stopping",
        ],
    }
}

/// What is told while it learns.
pub(super) fn step(word: &str, learner: &Learner) -> (String, usize) {
    let step = match learner.algorithm() {
        Algorithm::Forest => format!("growing the {word} forest"),
        Algorithm::Boosting => format!("boosting the {word} model"),
    };
    (step, learner.trees_to_grow())
}

/// [`trial`] of a candidate for durations.
pub(super) fn trial_of(
    candidate: &Candidate,
    data: &TrainingData,
    frame: &FeatureFrame,
    parts: [&[u32]; 2],
    context: &TrainingContext<'_>,
) -> Result<f64> {
    match candidate {
        Candidate::Durations { learner, .. } => trial(data, frame, learner, parts, context),
        Candidate::Anomaly(_) => Err(Error::new(ErrorKind::Internal, "a candidate of another kind")),
    }
}

impl FittedModel for DurationModel {
    fn metrics(&self) -> &BTreeMap<String, f64> {
        &self.metrics
    }

    fn importances(&self) -> &[Importance] {
        &self.importances
    }

    fn params(&self) -> Vec<(&'static str, String)> {
        self.learner.params()
    }

    fn card(&self) -> Result<Map<String, Value>> {
        package::card_part([
            ("by_task_type", serde_json::to_value(&self.by_task_type)),
            ("learner", serde_json::to_value(&self.learner)),
            ("interval", serde_json::to_value(&self.interval)),
            // Readers of 0.1.0 want the key.
            ("anomaly", Ok(Value::Null)),
        ])
    }

    fn holdout(&self) -> &Holdout {
        &self.holdout
    }

    fn answers(&self, rows: &Columns<'_>, threads: usize) -> Result<Answers> {
        let scores = predictions_ms(&self.ensemble, rows, threads)?;
        let without = predictions_without_parts_ms(&self.ensemble, rows, threads)?;
        Answers::of(&scores, &without, |scores| Ok(Outcomes::DurationsMs(scores.to_vec())))
    }

    fn trees(&self) -> Option<&TreeEnsemble> {
        Some(&self.ensemble)
    }

    fn files(&self, context: &PackageContext<'_>) -> Result<Vec<(String, Vec<u8>)>> {
        let training = &context.card.training;
        let (form, prediction, hyperparameters) = match &self.learner {
            Learner::Forest(forest) => {
                let hyperparameters = ForestHyperparameters {
                    family: ForestFamily::RandomForest,
                    max_depth: Some(forest.depth as u32),
                    min_samples_split: forest.min_split as u32,
                    min_samples_leaf: forest.min_leaf as u32,
                    max_features: MaxFeatures::Share(forest.column_share),
                    bootstrap: true,
                    seed: u32::try_from(training.seed).ok(),
                    training_rows: training.samples.train,
                };
                (TreesForm::Pickle, PredictionType::Double, Some(hyperparameters))
            }
            Learner::Boosting(_) => (TreesForm::Xgboost, PredictionType::Float, None),
        };
        TreeFiles { trees: &self.ensemble, form, prediction, hyperparameters }.write(context)
    }
}

/// A duration model that can be run.
struct DurationEstimator {
    trees: TreeEnsemble,
    interval: Option<IntervalModel>,
}

/// Reads a package back.
///
/// Errors: those of [`package::read_trees`]; [`ErrorKind::BadModelFile`] for a damaged interval.
pub(super) fn load(card: &ModelCard, files: &dyn PackageFiles) -> Result<Box<dyn Estimator>> {
    Ok(Box::new(DurationEstimator { interval: card.part("interval")?, trees: package::read_trees(card, files)? }))
}

/// Takes the trees of another tool.
pub(super) fn adopt(trees: TreeEnsemble) -> Option<Box<dyn Estimator>> {
    Some(Box::new(DurationEstimator { trees, interval: None }))
}

impl Estimator for DurationEstimator {
    fn scores(&self, rows: &Columns<'_>, threads: usize) -> Result<Vec<f64>> {
        predictions_ms(&self.trees, rows, threads)
    }

    fn scores_without_parts(&self, rows: &Columns<'_>, threads: usize) -> Result<Vec<WithoutPart>> {
        predictions_without_parts_ms(&self.trees, rows, threads)
    }

    fn row_scorer(&self) -> Result<Box<dyn Fn(&[f32]) -> f64 + Sync + '_>> {
        let scorer = Scorer::new(&self.trees)?;
        Ok(Box::new(move |row| non_negative(scorer.score_row(row))))
    }

    fn outcomes(&self, scores: &[f64]) -> Result<Outcomes> {
        Ok(Outcomes::DurationsMs(scores.to_vec()))
    }

    fn actual(&self, timeline: &Timeline, rows: &[u32]) -> Outcomes {
        Outcomes::DurationsMs(timeline.durations_ms(rows))
    }

    fn metrics(&self, actual: &Outcomes, scores: &[f64]) -> Result<BTreeMap<String, f64>> {
        let Outcomes::DurationsMs(actual) = actual else {
            return Err(Error::new(ErrorKind::Internal, "durations are judged by durations"));
        };
        let mut measured = metrics(actual, scores)?;
        if let Some(coverage) = self.interval.as_ref().and_then(|interval| interval.coverage(scores, actual)) {
            measured.insert("interval_coverage".into(), coverage);
            measured.extend(self.interval.iter().map(|interval| ("interval_nominal_coverage".into(), interval.nominal_coverage())));
        }
        Ok(measured)
    }

    fn predictor<'a>(&'a self, schema: &'a FeatureSchema, explain: bool) -> Result<Box<RowPredictor<'a>>> {
        let scorer = self.row_scorer()?;
        let explainer = if explain { Some(Explainer::new(&self.trees)?) } else { None };
        Ok(Box::new(move |ticket: &Ticket, row: &[f32]| {
            let duration_ms = scorer(row);
            let interval = self.interval.as_ref();
            let ends = interval.map(|interval| interval.interval(duration_ms));
            let breach = interval.zip(ticket.sla_timeout_ms).map(|(interval, limit_ms)| interval.exceedance(duration_ms, limit_ms));
            let reasons = match &explainer {
                Some(explainer) => strongest(schema, row, &explainer.contributions(row)?),
                None => Vec::new(),
            };
            let values = [Some(duration_ms), ends.map(|ends| ends.0), ends.map(|ends| ends.1), breach];
            Ok((values.map(PredictedValue::Number).into(), reasons))
        }))
    }

    fn interval(&self) -> Option<&IntervalModel> {
        self.interval.as_ref()
    }
}
