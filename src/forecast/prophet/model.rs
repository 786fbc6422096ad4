//! A fitted model of Prophet and what it says of a moment.
//!
//! Times are seconds since the epoch as Prophet counts them, without time zones. The formulas are those of Taylor &
//! Letham, "Forecasting at scale", 2018: trend, plus or times what repeats, what holidays do and what regressors do.

use std::f64::consts::TAU;

/// Seconds in a day.
const DAY_S: f64 = 86_400.0;

/// How the trend goes.
///
/// ```
/// use hivectl::forecast::prophet::{FitOptions, Growth};
///
/// assert_ne!(FitOptions::default().growth, Growth::Flat);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    Linear,
    /// Saturating at a capacity that the caller states.
    Logistic,
    Flat,
}

/// Whether an effect is added to the trend or is a share of it.
///
/// ```
/// use hivectl::forecast::prophet::{Mode, seasonality};
///
/// assert_eq!(seasonality("daily", 1.0, 4).mode, Mode::Additive);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Additive,
    Multiplicative,
}

/// What repeats.
///
/// ```
/// use hivectl::forecast::prophet::usual_seasonalities;
///
/// let usual = usual_seasonalities(0.0, 30.0 * 86_400.0, 3_600.0);
/// assert_eq!(usual.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["weekly", "daily"]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Seasonality {
    pub name: String,
    pub period_days: f64,
    /// Pairs of sine and cosine.
    pub order: usize,
    pub prior_scale: f64,
    pub mode: Mode,
    /// The column that says when it holds; `None` for always.
    pub condition: Option<String>,
}

/// A holiday of one name on one day after or before it (`window`, 0 on the day itself).
///
/// ```
/// use hivectl::forecast::prophet::{HolidayColumn, Mode};
///
/// let holiday = HolidayColumn { name: "release".into(), days_s: vec![86_400.0], mode: Mode::Additive };
/// assert!(holiday.days_s.contains(&86_400.0));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct HolidayColumn {
    pub name: String,
    /// First seconds of the days on which it counts.
    pub days_s: Vec<f64>,
    pub mode: Mode,
}

/// A column of the caller, as it was standardised in training.
///
/// ```
/// use hivectl::forecast::prophet::{Mode, Regressor};
///
/// let regressor = Regressor { name: "temperature".into(), mean: 10.0, deviation: 2.0, mode: Mode::Additive };
/// assert_eq!((14.0 - regressor.mean) / regressor.deviation, 2.0);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Regressor {
    pub name: String,
    pub mean: f64,
    pub deviation: f64,
    pub mode: Mode,
}

/// What the caller knows of a moment beside its time.
///
/// ```
/// use hivectl::forecast::prophet::Known;
///
/// assert_eq!(().value("cap"), None);
/// ```
pub trait Known {
    /// The value of a column, such as a regressor, a condition (0 or 1) or `cap`; `None` where it is not known.
    fn value(&self, column: &str) -> Option<f64>;
}

/// Nothing is known beside the time.
impl Known for () {
    fn value(&self, _: &str) -> Option<f64> {
        None
    }
}

/// What is said of a moment, in the unit of the series.
///
/// ```
/// use hivectl::forecast::prophet::Said;
///
/// let said = Said { trend: 10.0, additive: 1.0, multiplicative: 0.5, value: 16.0 };
/// assert_eq!(said.trend * (1.0 + said.multiplicative) + said.additive, said.value);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub trend: f64,
    /// What is added to the trend.
    pub additive: f64,
    /// The share of the trend that is added besides.
    pub multiplicative: f64,
    pub value: f64,
}

/// A fitted model.
///
/// ```
/// use hivectl::forecast::prophet::{FitOptions, fit};
///
/// let times: Vec<f64> = (0..50).map(|hour| f64::from(hour) * 3_600.0).collect();
/// let values: Vec<f64> = (0..50).map(f64::from).collect();
/// let model = fit(&times, &values, &FitOptions::default()).expect("a fit").model;
/// let [[low, high], _] = model.bounds(60.0 * 3_600.0, &(), 1).expect("bounds");
/// assert!(low < high && model.needs().is_empty());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ProphetModel {
    pub growth: Growth,
    /// Seconds since the epoch at which scaled time is 0.
    pub start_s: f64,
    /// Seconds in scaled time 1.
    pub time_scale_s: f64,
    /// What a value is divided by, after the floor is taken off.
    pub value_scale: f64,
    /// What is taken off a value: 0, or the smallest one of training.
    pub floor: f64,
    /// The caller states a floor of his own, in the column `floor`.
    pub floor_is_stated: bool,
    /// Scaled times, ascending.
    pub changepoints: Vec<f64>,
    pub seasonalities: Vec<Seasonality>,
    pub holidays: Vec<HolidayColumn>,
    pub regressors: Vec<Regressor>,
    pub rate: f64,
    pub offset: f64,
    /// Change of the rate at each changepoint.
    pub deltas: Vec<f64>,
    /// One a column: seasonalities, holidays, regressors.
    pub betas: Vec<f64>,
    /// Standard deviation of the noise, scaled.
    pub sigma: f64,
    /// Scaled time between two rows of training.
    pub spacing: f64,
    /// Scaled time of the newest row of training.
    pub last: f64,
}

impl ProphetModel {
    /// How many effects there are, which is the number of betas.
    pub fn columns(&self) -> usize {
        self.seasonalities.iter().map(|seasonality| 2 * seasonality.order).sum::<usize>() + self.holidays.len() + self.regressors.len()
    }

    /// The names of columns that the caller has to state.
    pub fn needs(&self) -> Vec<&str> {
        let regressors = self.regressors.iter().map(|regressor| regressor.name.as_str());
        let conditions = self.seasonalities.iter().filter_map(|seasonality| seasonality.condition.as_deref());
        let cap = (self.growth == Growth::Logistic).then_some("cap");
        let floor = self.floor_is_stated.then_some("floor");
        regressors.chain(conditions).chain(cap).chain(floor).collect()
    }

    /// What it says of a moment, seconds since the epoch; `None` where a column is needed that is not known.
    pub fn say(&self, moment_s: f64, known: &impl Known) -> Option<Said> {
        let floor = match self.floor_is_stated {
            true => known.value("floor")?,
            false => self.floor,
        };
        let capacity = match self.growth {
            Growth::Logistic => (known.value("cap")? - floor) / self.value_scale,
            _ => 0.0,
        };
        let scaled = self.trend((moment_s - self.start_s) / self.time_scale_s, capacity);
        let (additive, multiplicative) = self.effects(moment_s, known)?;
        let trend = scaled * self.value_scale + floor;
        let additive = additive * self.value_scale;
        Some(Said { trend, additive, multiplicative, value: trend * (1.0 + multiplicative) + additive })
    }

    /// The trend at a scaled time, in scaled values.
    pub fn trend(&self, time: f64, capacity: f64) -> f64 {
        let passed = || self.changepoints.iter().zip(&self.deltas).filter(|(changepoint, _)| time >= **changepoint);
        match self.growth {
            Growth::Flat => self.offset,
            Growth::Linear => passed().fold(self.rate * time + self.offset, |sum, (changepoint, delta)| sum + delta * (time - changepoint)),
            Growth::Logistic => {
                let (mut rate, mut offset) = (self.rate, self.offset);
                for (changepoint, delta) in passed() {
                    let next = rate + delta;
                    // The offset that keeps the curve without a step.
                    offset += (changepoint - offset) * (1.0 - rate / next);
                    rate = next;
                }
                capacity / (1.0 + (-rate * (time - offset)).exp())
            }
        }
    }

    /// The sums of the effects that are added and of those that are shares, scaled.
    fn effects(&self, moment_s: f64, known: &impl Known) -> Option<(f64, f64)> {
        let mut sums = [0.0; 2];
        let mut betas = self.betas.iter().copied();
        let mut add = |mode: Mode, value: f64| sums[usize::from(mode == Mode::Multiplicative)] += value;
        for seasonality in &self.seasonalities {
            let holds = seasonality.condition.as_deref().map_or(Some(1.0), |column| known.value(column))?;
            for value in waves(moment_s, seasonality) {
                add(seasonality.mode, holds * value * betas.next().unwrap_or(0.0));
            }
        }
        let day = (moment_s / DAY_S).floor() * DAY_S;
        for holiday in &self.holidays {
            let beta = betas.next().unwrap_or(0.0);
            if holiday.days_s.contains(&day) {
                add(holiday.mode, beta);
            }
        }
        for regressor in &self.regressors {
            let value = (known.value(&regressor.name)? - regressor.mean) / regressor.deviation;
            add(regressor.mode, value * betas.next().unwrap_or(0.0));
        }
        Some((sums[0], sums[1]))
    }
}

/// Sine and cosine of a seasonality at a moment, in the order of its betas.
pub fn waves(moment_s: f64, seasonality: &Seasonality) -> impl Iterator<Item = f64> {
    let phase = TAU * (moment_s / DAY_S) / seasonality.period_days;
    (1..=seasonality.order).flat_map(move |order| {
        let (sine, cosine) = (phase * order as f64).sin_cos();
        [sine, cosine]
    })
}
