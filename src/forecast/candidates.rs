//! The ways in which a series may be forecast.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};

use super::prophet::{FitOptions, fit};
use super::{Scale, Series, regression, rules};

/// One way. Its word stands in reports.
///
/// ```
/// use hivectl::forecast::Candidate;
///
/// assert_eq!(Candidate::HourOfWeek.to_string(), "hour_of_week");
/// assert_eq!(Candidate::ALL.iter().filter(|one| one.is_simple()).count(), 2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Display, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Candidate {
    /// The value of the same time last week.
    LastWeek,
    /// The mean of that time of the week over four weeks.
    HourOfWeek,
    /// Prophet's model, cut off at zero.
    Prophet,
    /// Prophet's model of the square roots.
    ProphetSquareRoot,
    /// A regression on profiles and newest values, of the square roots.
    RegressionSquareRoot,
    /// The same of the logarithms.
    RegressionLogarithm,
}

impl Candidate {
    /// Every way, the simple rules first.
    pub const ALL: [Candidate; 6] = [
        Candidate::LastWeek,
        Candidate::HourOfWeek,
        Candidate::Prophet,
        Candidate::ProphetSquareRoot,
        Candidate::RegressionSquareRoot,
        Candidate::RegressionLogarithm,
    ];

    /// Whether it is one of the rules that a model has to beat.
    pub fn is_simple(self) -> bool {
        matches!(self, Candidate::LastWeek | Candidate::HourOfWeek)
    }

    /// The next `steps` values after `history`, none below zero; `None` where the history does not say enough for it.
    pub fn forecast(self, history: &Series, steps: usize) -> Option<Vec<f64>> {
        let (scale, model): (Scale, fn(&Series, usize) -> Option<Vec<f64>>) = match self {
            Candidate::LastWeek => (Scale::Plain, |history, steps| Some(rules::last_week(history, steps))),
            Candidate::HourOfWeek => (Scale::Plain, |history, steps| Some(rules::hour_of_week(history, steps))),
            Candidate::Prophet => (Scale::Plain, prophet),
            Candidate::ProphetSquareRoot => (Scale::SquareRoot, prophet),
            Candidate::RegressionSquareRoot => (Scale::SquareRoot, regression::forecast),
            Candidate::RegressionLogarithm => (Scale::Logarithm, regression::forecast),
        };
        let scaled = history.on(scale);
        // What has never been as large says nothing of what comes: a wild extrapolation ends at twice the largest value.
        let most = 2.0 * history.values.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
        let said = model(&scaled, steps)?
            .into_iter()
            .map(|value| scale.back(value))
            .map(|value| if value > most { most } else { value })
            .collect::<Vec<_>>();
        said.iter().all(|value| value.is_finite()).then_some(said)
    }
}

fn prophet(history: &Series, steps: usize) -> Option<Vec<f64>> {
    let seconds = |index: usize| history.time_ms(index) as f64 / 1_000.0;
    let times: Vec<f64> = (0..history.values.len()).map(seconds).collect();
    let fitted = fit(&times, &history.values, &FitOptions::default())?;
    (0..steps).map(|step| fitted.model.say(seconds(history.values.len() + step), &()).map(|said| said.value)).collect()
}
