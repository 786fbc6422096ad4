//! Rolling origins: what each candidate would have said at moments of the past, from what was known then.

use rayon::prelude::*;

use super::{Candidate, Series};

/// What the candidates said at some origins, and what came.
///
/// ```
/// use hivectl::forecast::{Backtest, Series};
///
/// let values = (0..24 * 14).map(|hour| if hour % 24 < 12 { 2.0 } else { 8.0 }).collect();
/// let series = Series { start_ms: 0, step_ms: 3_600_000, values };
/// let tried = Backtest::run(&series, 6, 10, 24 * 14, 60);
/// assert_eq!((tried.origins.len(), tried.actual[0].len()), (10, 6));
/// ```
#[derive(Clone, Debug)]
pub struct Backtest {
    /// How many buckets were known at each origin, ascending.
    pub origins: Vec<usize>,
    pub steps: usize,
    /// By origin and step; NaN where nothing was recorded.
    pub actual: Vec<Vec<f64>>,
    /// By candidate, origin and step. `None` for a candidate that could not answer at every origin.
    pub said: Vec<(Candidate, Vec<Vec<f64>>)>,
}

/// The step's group: 1, 2–4, 5–16, 17–64, …
pub fn group(step: usize) -> usize {
    let mut group = 0;
    let mut end = 1;
    while step > end {
        end *= 4;
        group += 1;
    }
    group
}

impl Backtest {
    /// Forecasts `steps` buckets from `count` origins, evenly over the last `share` of the series; at each from at most
    /// `history` buckets. An origin has at least `least` buckets before it. Fewer origins where there is no room for so many;
    /// none where there is no room at all.
    pub fn run(series: &Series, steps: usize, count: usize, history: usize, least: usize) -> Backtest {
        const SHARE: f64 = 0.3;
        let total = series.values.len();
        let last = total.saturating_sub(steps);
        let first = ((total as f64 * (1.0 - SHARE)) as usize).max(least);
        let origins = match last.checked_sub(first) {
            None => Vec::new(),
            Some(room) => {
                let count = count.min(room + 1).max(1);
                let spread = (count - 1).max(1) as f64;
                (0..count).map(|index| first + (room as f64 * index as f64 / spread) as usize).collect()
            }
        };
        Backtest::at(series, steps, origins, history)
    }

    /// The same at these origins, ascending, each with `steps` buckets after it.
    pub(super) fn at(series: &Series, steps: usize, origins: Vec<usize>, history: usize) -> Backtest {
        let answers: Vec<Vec<Option<Vec<f64>>>> = origins
            .par_iter()
            .map(|&origin| {
                let known = series.before(origin, history);
                Candidate::ALL.iter().map(|candidate| candidate.forecast(&known, steps)).collect()
            })
            .collect();
        let said = Candidate::ALL.iter().enumerate().filter_map(|(index, &candidate)| {
            let all: Option<Vec<Vec<f64>>> = answers.iter().map(|answer| answer[index].clone()).collect();
            all.filter(|all| !all.is_empty()).map(|all| (candidate, all))
        });
        let actual = origins.iter().map(|&origin| series.values[origin..origin + steps].to_vec()).collect();
        Backtest { said: said.collect(), actual, origins, steps }
    }

    /// The origins at these places alone.
    pub fn part(&self, places: std::ops::Range<usize>) -> Backtest {
        Backtest {
            origins: self.origins[places.clone()].to_vec(),
            steps: self.steps,
            actual: self.actual[places.clone()].to_vec(),
            said: self.said.iter().map(|(candidate, said)| (*candidate, said[places.clone()].to_vec())).collect(),
        }
    }

    /// Mean absolute error of `forecast`, by origin and step, over the steps of `groups`; `None` where nothing is known.
    pub fn mae(&self, forecast: &[Vec<f64>], counts: impl Fn(usize) -> bool) -> Option<f64> {
        let (mut sum, mut count) = (0.0, 0usize);
        for (said, actual) in forecast.iter().zip(&self.actual) {
            for (step, (said, actual)) in said.iter().zip(actual).enumerate() {
                if actual.is_finite() && counts(step + 1) {
                    sum += (said - actual).abs();
                    count += 1;
                }
            }
        }
        (count > 0).then(|| sum / count as f64)
    }
}
