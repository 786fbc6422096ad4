//! How far forecasts were off.

use serde::{Deserialize, Serialize};

/// One forecast value, what came, and the bounds that were stated.
///
/// ```
/// use hivectl::forecast::Judged;
///
/// let judged = Judged { actual: 3.0, forecast: 4.0, bounds_80: [2.0, 7.0], bounds_95: [1.0, 9.0] };
/// assert!(judged.bounds_80[0] <= judged.actual);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    pub actual: f64,
    pub forecast: f64,
    /// Bounds of the 80 % interval.
    pub bounds_80: [f64; 2],
    /// Bounds of the 95 % interval.
    pub bounds_95: [f64; 2],
}

/// Errors of forecasts whose actual value is known. What is undefined is `None`, never a number.
///
/// ```
/// use hivectl::forecast::{ForecastErrors, Judged};
///
/// let judged = |actual, forecast| Judged { actual, forecast, bounds_80: [5.0, 15.0], bounds_95: [0.0, 20.0] };
/// let errors = ForecastErrors::measure(&[judged(10.0, 12.0), judged(0.0, 2.0)], Some(4.0)).expect("two values");
/// assert_eq!((errors.mape, errors.zero_actuals, errors.wape), (Some(20.0), 1, Some(40.0)));
/// assert_eq!((errors.mase, errors.bias, errors.coverage_80, errors.coverage_95), (Some(0.5), 2.0, 50.0, 100.0));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForecastErrors {
    /// Values judged, at least 1.
    pub count: u64,
    /// Mean absolute error, in the unit of the series.
    pub mae: f64,
    /// Root of the mean squared error.
    pub rmse: f64,
    /// Mean of `forecast - actual`.
    pub bias: f64,
    /// Mean of `|error| / actual`, percent, of the values that are not zero; `None` where all are.
    pub mape: Option<f64>,
    /// Values that are zero, which `mape` leaves out.
    pub zero_actuals: u64,
    /// `Σ|error| / Σ actual`, percent; `None` where the sum is zero.
    pub wape: Option<f64>,
    /// Mean of `2|error| / (actual + forecast)`, percent; two zeros are no error.
    pub smape: f64,
    /// The mean absolute error in units of that of last week's values in the history; `None` where that is zero.
    pub mase: Option<f64>,
    /// Share of values within the 80 % interval, percent.
    pub coverage_80: f64,
    /// The same of the 95 % interval.
    pub coverage_95: f64,
    /// Mean width of the 80 % interval.
    pub width_80: f64,
    /// The same of the 95 % interval.
    pub width_95: f64,
    /// Mean pinball loss at the bounds of the 80 % interval and at the forecast.
    pub pinball: f64,
}

impl ForecastErrors {
    /// Of these values; `scale` is the mean absolute error of last week's values in the history. `None` for no values.
    pub fn measure(judged: &[Judged], scale: Option<f64>) -> Option<ForecastErrors> {
        if judged.is_empty() {
            return None;
        }
        let count = judged.len() as f64;
        let mean = |of: &dyn Fn(&Judged) -> f64| judged.iter().map(of).sum::<f64>() / count;
        let percent = |holds: &dyn Fn(&Judged) -> bool| 100.0 * judged.iter().filter(|one| holds(one)).count() as f64 / count;
        let error = |one: &Judged| (one.forecast - one.actual).abs();
        let mae = mean(&error);
        let relative: Vec<f64> = judged.iter().filter(|one| one.actual != 0.0).map(|one| error(one) / one.actual.abs()).collect();
        let total: f64 = judged.iter().map(|one| one.actual).sum();
        // A forecast that is right to the last bit but one is right.
        let within = |[low, high]: [f64; 2], value: f64| {
            let rounding = 1e-9 * (1.0 + value.abs());
            (low - rounding..=high + rounding).contains(&value)
        };
        let pinball =
            |share: f64, bound: f64, actual: f64| if actual >= bound { share * (actual - bound) } else { (1.0 - share) * (bound - actual) };
        Some(ForecastErrors {
            count: judged.len() as u64,
            mae,
            rmse: mean(&|one| error(one).powi(2)).sqrt(),
            bias: mean(&|one| one.forecast - one.actual),
            mape: (!relative.is_empty()).then(|| 100.0 * relative.iter().sum::<f64>() / relative.len() as f64),
            zero_actuals: (judged.len() - relative.len()) as u64,
            wape: (total > 0.0).then(|| 100.0 * mae * count / total),
            smape: mean(&|one| match one.actual.abs() + one.forecast.abs() {
                0.0 => 0.0,
                sum => 200.0 * error(one) / sum,
            }),
            mase: scale.filter(|scale| *scale > 0.0).map(|scale| mae / scale),
            coverage_80: percent(&|one| within(one.bounds_80, one.actual)),
            coverage_95: percent(&|one| within(one.bounds_95, one.actual)),
            width_80: mean(&|one| one.bounds_80[1] - one.bounds_80[0]),
            width_95: mean(&|one| one.bounds_95[1] - one.bounds_95[0]),
            pinball: mean(&|one| {
                let [low, high] = one.bounds_80;
                (pinball(0.1, low, one.actual) + pinball(0.5, one.forecast, one.actual) + pinball(0.9, high, one.actual)) / 3.0
            }),
        })
    }
}
