//! A forecaster of one series: chosen, judged and made sure of by rolling origins.

use serde::{Deserialize, Serialize};

use super::backtest::Backtest;
use super::{Blend, Candidate, Forecast, ForecastErrors, Series, rules};
use crate::error::{Error, ErrorKind, Result};

/// Buckets before the first origin, at least, and days.
const LEAST_BUCKETS: usize = 60;
const LEAST_DAYS: usize = 2;
/// Origins of which half choose and half judge.
const LEAST_ORIGINS: usize = 8;
/// Buckets that are forecast at once, at most.
pub const MOST_STEPS: usize = 5_000;

/// How one candidate did at the origins that judge.
///
/// ```
/// use hivectl::forecast::{Candidate, CandidateErrors};
///
/// let errors = CandidateErrors { candidate: Candidate::Prophet, mae: 2.0, share: 0.5 };
/// assert!(!errors.candidate.is_simple());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CandidateErrors {
    pub candidate: Candidate,
    pub mae: f64,
    /// Of the whole forecast; 0 where it does not count.
    pub share: f64,
}

/// What was learned of a series.
///
/// ```
/// use hivectl::forecast::{Forecaster, Series};
///
/// let values = (0..24 * 14).map(|hour| if hour % 24 < 12 { 2.0 } else { 8.0 }).collect();
/// let series = Series { start_ms: 0, step_ms: 3_600_000, values };
/// let learned = Forecaster::train(&series, 6, 10)?;
/// assert_eq!((learned.origins, learned.forecast(&series)?.len()), ([5, 5], 6));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forecaster {
    /// Chosen by all origins, for what comes next.
    pub blend: Blend,
    /// Of the blend of the earlier half of the origins at the later half, which it has not seen.
    pub errors: ForecastErrors,
    /// By candidate, at the later half.
    pub candidates: Vec<CandidateErrors>,
    /// The simple rule that did better there, and its mean absolute error.
    pub simple: (Candidate, f64),
    /// Origins of either half.
    pub origins: [usize; 2],
    steps: usize,
}

impl Forecaster {
    /// Learns to say `steps` buckets from `origins` moments of the last 30 % of the series.
    ///
    /// Errors: [`ErrorKind::NotEnoughData`] for a series that is too short for the horizon, and for one that never changes.
    pub fn train(series: &Series, steps: usize, origins: usize) -> Result<Forecaster> {
        Forecaster::train_and_try(series, steps, origins).map(|(learned, _)| learned)
    }

    /// The same, with what was said at the origins that judge.
    ///
    /// Errors: those of [`Forecaster::train`].
    pub fn train_and_try(series: &Series, steps: usize, origins: usize) -> Result<(Forecaster, Trial)> {
        let least = LEAST_BUCKETS.max(series.cycle().day.unwrap_or(1) * LEAST_DAYS);
        let total = series.values.len();
        let short = |why: String| {
            Err(Error::new(ErrorKind::NotEnoughData, why)
                .hint("look further back: `--window 540d`, or ask for less: a shorter `--horizon`, a longer `--bucket`"))
        };
        if series.known() < least || total < least + steps + LEAST_ORIGINS {
            return short(format!(
                "{} buckets with a value are too few to forecast {steps}: {} are needed at least",
                series.known(),
                least + steps + LEAST_ORIGINS
            ));
        }
        let mut known = series.values.iter().filter(|value| value.is_finite());
        let first = known.next().copied().unwrap_or(0.0);
        if known.all(|value| *value == first) {
            let message = format!("each of the {} buckets holds {first}: there is nothing to learn from", series.known());
            return Err(Error::new(ErrorKind::NotEnoughData, message));
        }
        let backtest = Backtest::run(series, steps, origins.max(LEAST_ORIGINS), total, least);
        let half = backtest.origins.len() / 2;
        let (earlier, later) = (backtest.part(0..half), backtest.part(half..backtest.origins.len()));
        let (Some(judged), Some(blend)) = (Blend::choose(&earlier), Blend::choose(&backtest)) else {
            return short("at no earlier moment is enough known to try a forecast".into());
        };
        let scale = scale(series);
        let Some(errors) = ForecastErrors::measure(&judged.judged(&later), scale) else {
            return short("nothing was recorded in the part of the series that judges".into());
        };
        let shares = blend.shares(steps);
        let share = |candidate: Candidate| shares.iter().find(|(one, _)| *one == candidate).map_or(0.0, |(_, share)| *share);
        let of = |(candidate, said): &(Candidate, Vec<Vec<f64>>)| {
            Some(CandidateErrors { candidate: *candidate, mae: later.mae(said, |_| true)?, share: share(*candidate) })
        };
        let candidates: Vec<CandidateErrors> = later.said.iter().filter_map(of).collect();
        let simple = candidates.iter().filter(|one| one.candidate.is_simple()).map(|one| (one.candidate, one.mae));
        let Some(simple) = simple.min_by(|left, right| left.1.total_cmp(&right.1)) else {
            return short("the history is too short for the rules that a forecast has to beat".into());
        };
        let origins = [half, backtest.origins.len() - half];
        let times = later.origins.iter().map(|&origin| series.time_ms(origin)).collect();
        Ok((Forecaster { blend, errors, candidates, simple, origins, steps }, Trial { times, later, judged }))
    }

    /// How many buckets it forecasts.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// Why what was read as a forecaster is none; `None` for one that can forecast.
    pub fn fault(&self) -> Option<&'static str> {
        match self.steps {
            1..=MOST_STEPS => self.blend.fault(self.steps),
            _ => Some("it forecasts no bucket, or more than anybody asks for"),
        }
    }

    /// How much smaller the error is than that of the better simple rule, percent; negative where it is larger. `None` where
    /// that rule makes none.
    pub fn skill(&self) -> Option<f64> {
        (self.simple.1 > 0.0).then(|| 100.0 * (1.0 - self.errors.mae / self.simple.1))
    }

    /// How forecasts would have done at up to `origins` moments from `from_ms` on, evenly spread, each with at most `history`
    /// buckets before it. `None` where no moment has a whole horizon after it, or nothing is known there.
    pub fn judge(&self, series: &Series, from_ms: i64, origins: usize, history: usize) -> Option<Standing> {
        let last = series.values.len().checked_sub(self.steps)?;
        let from = (from_ms.saturating_sub(series.start_ms).max(0) as u64).div_ceil(series.step_ms.unsigned_abs());
        let first = usize::try_from(from).ok()?.max(1);
        let room = last.checked_sub(first)?;
        let count = origins.min(room + 1).max(1);
        let spread = (count - 1).max(1) as f64;
        let places: Vec<usize> = (0..count).map(|index| first + (room as f64 * index as f64 / spread) as usize).collect();
        let backtest = Backtest::at(series, self.steps, places, history);
        let answers = |candidate: &Candidate| backtest.said.iter().any(|(said, _)| said == candidate);
        if !self.blend.counting().iter().all(answers) {
            return None;
        }
        let errors = ForecastErrors::measure(&self.blend.judged(&backtest), scale(series))?;
        let simple = backtest.said.iter().filter(|(candidate, _)| candidate.is_simple());
        let simple = simple.filter_map(|(_, said)| backtest.mae(said, |_| true)).min_by(f64::total_cmp);
        let skill_pct = simple.filter(|simple| *simple > 0.0).map(|simple| 100.0 * (1.0 - errors.mae / simple));
        Some(Standing { errors, skill_pct, moments: count })
    }

    /// What comes after `series`.
    ///
    /// Errors: [`ErrorKind::NotEnoughData`] where the newest history says too little.
    pub fn forecast(&self, series: &Series) -> Result<Vec<Forecast>> {
        self.forecast_steps(series, self.steps)
    }

    /// The first `steps` buckets of it, at most as many as it learned to say.
    ///
    /// Errors: as [`Forecaster::forecast`].
    pub fn forecast_steps(&self, series: &Series, steps: usize) -> Result<Vec<Forecast>> {
        let said = self.blend.forecast(series, steps.min(self.steps));
        said.ok_or_else(|| Error::new(ErrorKind::NotEnoughData, "the newest part of the series holds too few values to forecast from"))
    }
}

/// How a forecaster does after its training.
///
/// ```
/// use hivectl::forecast::{Forecaster, Series};
///
/// let values: Vec<f64> = (0..24 * 21).map(|hour| if hour % 24 < 12 { 2.0 } else { 8.0 + f64::from(hour % 5) }).collect();
/// let later = Series { start_ms: 0, step_ms: 3_600_000, values };
/// let learned = Forecaster::train(&later.before(24 * 14, 24 * 14), 6, 10)?;
/// let standing = learned.judge(&later, later.time_ms(24 * 14), 5, 24 * 14).expect("a week has come since");
/// assert_eq!((standing.moments, standing.errors.count), (5, 30));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    pub errors: ForecastErrors,
    /// Percent by which the error is smaller than the better simple rule's at the same moments; `None` where that makes none.
    pub skill_pct: Option<f64>,
    /// Moments that judged.
    pub moments: usize,
}

/// What was said at the origins that judge, and what came: on it another blend can be judged too.
///
/// ```
/// use hivectl::forecast::{Forecaster, Series};
///
/// let values = (0..24 * 14).map(|hour| if hour % 24 < 12 { 2.0 } else { 8.0 + f64::from(hour % 5) }).collect();
/// let series = Series { start_ms: 0, step_ms: 3_600_000, values };
/// let (learned, tried) = Forecaster::train_and_try(&series, 6, 10)?;
/// assert_eq!((tried.times.len(), tried.own().len()), (5, 5));
/// assert_eq!(tried.of(&learned.blend).map(|errors| errors.len()), Some(5));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Trial {
    /// When the first forecast bucket of each origin begins, milliseconds since the epoch, ascending.
    pub times: Vec<i64>,
    later: Backtest,
    /// Chosen by the earlier origins alone.
    judged: Blend,
}

impl Trial {
    /// Mean absolute error by origin of the blend that the earlier origins chose; NaN where nothing came that is known.
    pub fn own(&self) -> Vec<f64> {
        self.errors(&self.judged)
    }

    /// The same of another blend of as many steps; `None` where a candidate that counts in it could not answer here.
    pub fn of(&self, blend: &Blend) -> Option<Vec<f64>> {
        let answers = |candidate: &Candidate| self.later.said.iter().any(|(said, _)| said == candidate);
        (blend.fault(self.later.steps).is_none() && blend.counting().iter().all(answers)).then(|| self.errors(blend))
    }

    fn errors(&self, blend: &Blend) -> Vec<f64> {
        let of_origin = |(said, actual): (&Vec<f64>, &Vec<f64>)| {
            let known: Vec<f64> =
                said.iter().zip(actual).map(|(said, actual)| (said - actual).abs()).filter(|error| error.is_finite()).collect();
            if known.is_empty() { f64::NAN } else { known.iter().sum::<f64>() / known.len() as f64 }
        };
        blend.of(&self.later).iter().zip(&self.later.actual).map(of_origin).collect()
    }
}

/// The mean absolute error of last week's value (yesterday's, or the one before, where there is no week) within the series.
fn scale(series: &Series) -> Option<f64> {
    let cycle = series.cycle();
    let period = [cycle.week, cycle.day].into_iter().flatten().find(|period| *period < series.values.len()).unwrap_or(1);
    let pairs = (period..series.values.len()).map(|index| (series.values[index], rules::same_time(&series.values[..index], index, period)));
    let errors: Vec<f64> = pairs.map(|(value, before)| (value - before).abs()).filter(|error| error.is_finite()).collect();
    (!errors.is_empty()).then(|| errors.iter().sum::<f64>() / errors.len() as f64)
}
