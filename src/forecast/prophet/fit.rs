//! Prophet's model of a series, fitted: linear or flat growth, everything added.

use super::model::{Growth, Mode, ProphetModel, Seasonality, waves};
use super::solver::{Estimate, Gram, Prior};

/// Prophet's own defaults.
const CHANGEPOINTS: usize = 25;
const CHANGEPOINT_RANGE: f64 = 0.8;
const CHANGEPOINT_PRIOR_SCALE: f64 = 0.05;
const SEASONALITY_PRIOR_SCALE: f64 = 10.0;
/// Standard deviation of the prior of rate and offset.
const TREND_PRIOR_SCALE: f64 = 5.0;

/// What is asked of a fit.
///
/// ```
/// use hivectl::forecast::prophet::{FitOptions, Growth};
///
/// assert_eq!((FitOptions::default().growth, FitOptions::default().changepoints), (Growth::Linear, 25));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FitOptions {
    pub growth: Growth,
    pub changepoints: usize,
    /// `None` for those that Prophet takes by the length and the spacing of the series.
    pub seasonalities: Option<Vec<Seasonality>>,
}

impl Default for FitOptions {
    fn default() -> FitOptions {
        FitOptions { growth: Growth::Linear, changepoints: CHANGEPOINTS, seasonalities: None }
    }
}

/// A fitted model and how well it fits.
///
/// ```
/// use hivectl::forecast::prophet::{FitOptions, fit};
///
/// let times: Vec<f64> = (0..50).map(|hour| f64::from(hour) * 3_600.0).collect();
/// let values: Vec<f64> = (0..50).map(f64::from).collect();
/// let fitted = fit(&times, &values, &FitOptions::default()).expect("two rows and more");
/// assert!((fitted.model.say(60.0 * 3_600.0, &()).expect("a value").value - 60.0).abs() < 2.0);
/// ```
#[derive(Clone, Debug)]
pub struct Fit {
    pub model: ProphetModel,
    /// Without its constants; as Prophet's `lp__` with the other sign.
    pub negative_log_posterior: f64,
}

/// A seasonality with Prophet's usual prior, added.
pub fn seasonality(name: &str, period_days: f64, order: usize) -> Seasonality {
    let name = name.to_owned();
    Seasonality { name, period_days, order, prior_scale: SEASONALITY_PRIOR_SCALE, mode: Mode::Additive, condition: None }
}

/// Those that Prophet takes for rows from `first` to `last`, seconds, whose smallest spacing is `spacing`.
pub fn usual_seasonalities(first: f64, last: f64, spacing: f64) -> Vec<Seasonality> {
    let days = (last - first) / 86_400.0;
    let spacing = spacing / 86_400.0;
    let usual = [
        ("yearly", 365.25, 10, days >= 730.0),
        ("weekly", 7.0, 3, days >= 14.0 && spacing < 7.0),
        ("daily", 1.0, 4, days >= 2.0 && spacing < 1.0),
    ];
    usual.into_iter().filter(|(.., taken)| *taken).map(|(name, period, order, _)| seasonality(name, period, order)).collect()
}

/// Fits rows of ascending times, seconds since the epoch, and values; a value that is NaN is left out. `None` for fewer than
/// two rows, and for numbers that allow no fit.
pub fn fit(times: &[f64], values: &[f64], options: &FitOptions) -> Option<Fit> {
    let rows: Vec<(f64, f64)> = times.iter().copied().zip(values.iter().copied()).filter(|(_, value)| value.is_finite()).collect();
    let (&(first, _), &(last, _)) = rows.first().zip(rows.last()).filter(|_| rows.len() >= 2)?;
    let value_scale = rows.iter().map(|(_, value)| value.abs()).fold(0.0, f64::max);
    let spacing = rows.windows(2).map(|pair| pair[1].0 - pair[0].0).filter(|gap| *gap > 0.0).fold(f64::INFINITY, f64::min);
    let time_scale_s = last - first;
    if time_scale_s <= 0.0 || !spacing.is_finite() {
        return None;
    }
    let seasonalities = options.seasonalities.clone().unwrap_or_else(|| usual_seasonalities(first, last, spacing));
    let mut model = ProphetModel {
        growth: options.growth,
        start_s: first,
        time_scale_s,
        value_scale: if value_scale > 0.0 { value_scale } else { 1.0 },
        floor: 0.0,
        floor_is_stated: false,
        changepoints: changepoints(&rows, options, first, time_scale_s),
        seasonalities,
        holidays: Vec::new(),
        regressors: Vec::new(),
        rate: 0.0,
        offset: 0.0,
        deltas: Vec::new(),
        betas: Vec::new(),
        sigma: 1e-9,
        spacing: spacing / time_scale_s,
        last: 1.0,
    };
    let least = rows.iter().map(|(_, value)| *value).fold(f64::INFINITY, f64::min);
    let most = rows.iter().map(|(_, value)| *value).fold(f64::NEG_INFINITY, f64::max);
    if least == most {
        // A constant series is its constant.
        model.deltas = vec![0.0; model.changepoints.len()];
        model.betas = vec![0.0; model.columns()];
        model.offset = least / model.value_scale;
        return Some(Fit { model, negative_log_posterior: f64::NAN });
    }
    let estimate = estimate(&model, &rows)?;
    let weights = estimate.weights;
    let (trend, betas) = weights.split_at(2 + model.changepoints.len());
    (model.rate, model.offset) = (trend[0], trend[1]);
    model.deltas = trend[2..].to_vec();
    model.betas = betas.to_vec();
    model.sigma = estimate.sigma;
    Some(Fit { model, negative_log_posterior: estimate.negative_log_posterior })
}

/// Evenly among the first 80 % of the rows, as scaled times.
fn changepoints(rows: &[(f64, f64)], options: &FitOptions, first: f64, time_scale_s: f64) -> Vec<f64> {
    if options.growth == Growth::Flat {
        return Vec::new();
    }
    let range = (rows.len() as f64 * CHANGEPOINT_RANGE).floor() as usize;
    let count = options.changepoints.min(range.saturating_sub(1));
    let step = (range.saturating_sub(1)) as f64 / count.max(1) as f64;
    (1..=count).map(|index| (rows[(index as f64 * step).round_ties_even() as usize].0 - first) / time_scale_s).collect()
}

fn estimate(model: &ProphetModel, rows: &[(f64, f64)]) -> Option<Estimate> {
    let columns = 2 + model.changepoints.len() + model.columns();
    let mut gram = Gram::new(columns);
    let mut row = vec![0.0; columns];
    for &(moment, value) in rows {
        let time = (moment - model.start_s) / model.time_scale_s;
        row[0] = if model.growth == Growth::Flat { 0.0 } else { time };
        row[1] = 1.0;
        for (cell, changepoint) in row[2..].iter_mut().zip(&model.changepoints) {
            *cell = (time - changepoint).max(0.0);
        }
        let waves = model.seasonalities.iter().flat_map(|seasonality| waves(moment, seasonality));
        row[2 + model.changepoints.len()..].iter_mut().zip(waves).for_each(|(cell, wave)| *cell = wave);
        gram.add(&row, value / model.value_scale);
    }
    let trend = Prior::Normal { precision: TREND_PRIOR_SCALE.powi(-2) };
    let changes = std::iter::repeat_n(Prior::Laplace { rate: 1.0 / CHANGEPOINT_PRIOR_SCALE }, model.changepoints.len());
    let effects = model
        .seasonalities
        .iter()
        .flat_map(|one| std::iter::repeat_n(Prior::Normal { precision: one.prior_scale.powi(-2) }, 2 * one.order));
    gram.solve(&[trend, trend].into_iter().chain(changes).chain(effects).collect::<Vec<_>>())
}
