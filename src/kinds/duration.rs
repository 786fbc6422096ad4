//! How long a ticket will take, told from what is known at creation.

use std::collections::BTreeMap;

use super::card::Importance;
use super::learner::{Learned, Learner};
use super::training::{TrainingData, Work};
use crate::error::{Error, ErrorKind, Result};
use crate::features::FeatureFrame;
use crate::statistics::errors::RegressionErrors;
use crate::trees::interval::{IntervalModel, ServedCoverage, ServedTicket};
use crate::trees::{Columns, TreeEnsemble, score};

/// A trained and judged duration model.
#[derive(Clone, Debug)]
pub struct DurationModel {
    /// How it was learned.
    pub learner: Learner,
    pub ensemble: TreeEnsemble,
    /// On the holdout, in ms and percent; `out_of_bag_*` on the training tickets.
    pub metrics: BTreeMap<String, f64>,
    pub by_task_type: BTreeMap<String, RegressionErrors>,
    /// Descending.
    pub importances: Vec<Importance>,
    pub interval: Option<IntervalModel>,
    /// Predicted durations in ms of the holdout, in its order.
    pub holdout_predictions: Vec<f64>,
}

/// Durations in ms that an ensemble predicts, one a row. Boosted trees may add up to less than nothing, which no
/// ticket takes: that counts as 0.
///
/// Errors: those of [`score`].
pub fn predictions_ms(ensemble: &TreeEnsemble, columns: &Columns<'_>, threads: usize) -> Result<Vec<f64>> {
    let mut predictions = score(ensemble, columns, threads)?;
    predictions.iter_mut().for_each(|prediction| *prediction = at_least_nothing(*prediction));
    Ok(predictions)
}

/// A predicted duration in ms, not below 0.
pub fn at_least_nothing(prediction_ms: f64) -> f64 {
    prediction_ms.max(0.0)
}

/// Trains on the earlier tickets of `data` and judges on the holdout.
///
/// `frame` holds the features of all used tickets. Errors: [`ErrorKind::NotEnoughData`] when the
/// holdout is empty; [`ErrorKind::Usage`] for parameters out of range.
pub fn train(data: &TrainingData, frame: &FeatureFrame, learner: &Learner, work: &Work<'_>) -> Result<DurationModel> {
    if data.split.train.is_empty() || data.split.holdout.is_empty() {
        return Err(Error::new(
            ErrorKind::NotEnoughData,
            format!("{} tickets cannot be divided into training and holdout", data.rows.len()),
        ));
    }
    let target = data.durations_ms(&data.split.train);
    let learned = learner.fit(&frame.select(&data.split.train), &target, work)?;
    let holdout = frame.select(&data.split.holdout);
    let holdout_predictions = predictions_ms(&learned.ensemble, &holdout.columns()?, work.threads)?;
    judge(data, learner, learned, &target, holdout_predictions)
}

/// The mean absolute error in ms on `judging` of trees that `teaching` taught, both positions of used tickets;
/// infinite where nothing judges.
///
/// Errors: those of [`train`].
pub fn trial(
    data: &TrainingData,
    frame: &FeatureFrame,
    learner: &Learner,
    [teaching, judging]: [&[u32]; 2],
    work: &Work<'_>,
) -> Result<f64> {
    let trees = learner.fit_trees(&frame.select(teaching), &data.durations_ms(teaching), work)?;
    let predicted = predictions_ms(&trees, &frame.select(judging).columns()?, work.threads)?;
    Ok(RegressionErrors::measure(&data.durations_ms(judging), &predicted)?.map_or(f64::INFINITY, |errors| errors.mae))
}

fn judge(data: &TrainingData, learner: &Learner, learned: Learned, target: &[f64], holdout_predictions: Vec<f64>) -> Result<DurationModel> {
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
        holdout_predictions,
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
pub fn quality_word(mae_pct: f64) -> &'static str {
    match mae_pct {
        percent if percent < 10.0 => "excellent",
        percent if percent < 15.0 => "good",
        percent if percent <= 20.0 => "acceptable",
        _ => "poor",
    }
}
