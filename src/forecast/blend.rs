//! Which candidates forecast, in what proportion, by how far ahead; and how sure they are.

use serde::{Deserialize, Serialize};

use super::backtest::{Backtest, group};
use super::metrics::Judged;
use super::{Candidate, Scale, Series};

/// Rounds of the choice: each adds one candidate once more.
const ROUNDS: usize = 8;

/// Shares of candidates by group of steps, and the errors that they made.
///
/// ```
/// use hivectl::forecast::{Backtest, Blend, Series};
///
/// let values = (0..24 * 14).map(|hour| if hour % 24 < 12 { 2.0 } else { 8.0 }).collect();
/// let series = Series { start_ms: 0, step_ms: 3_600_000, values };
/// let blend = Blend::choose(&Backtest::run(&series, 6, 10, 24 * 14, 60)).expect("origins and candidates");
/// let next = blend.forecast(&series, 6).expect("a long history");
/// assert!((next[0].value - 2.0).abs() < 0.1);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Blend {
    /// By group of steps: how often each candidate was taken.
    taken: Vec<Vec<(Candidate, u32)>>,
    /// By group of steps, ascending: differences of square roots, actual less forecast.
    errors: Vec<Vec<f64>>,
}

/// One value of a forecast, none below zero.
///
/// ```
/// use hivectl::forecast::Forecast;
///
/// let forecast = Forecast { value: 4.0, bounds_80: [2.0, 7.0], bounds_95: [1.0, 9.0] };
/// assert!(forecast.bounds_95[0] < forecast.bounds_80[0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    pub value: f64,
    pub bounds_80: [f64; 2],
    pub bounds_95: [f64; 2],
}

impl Blend {
    /// Chooses by the mean absolute error at the origins of `backtest`: the best candidate first, then whatever makes the
    /// mean of those taken better (Caruana et al., "Ensemble selection from libraries of models", 2004). `None` without an
    /// origin or a candidate.
    pub fn choose(backtest: &Backtest) -> Option<Blend> {
        if backtest.said.is_empty() || backtest.origins.is_empty() {
            return None;
        }
        let groups = group(backtest.steps) + 1;
        let mut blend = Blend { taken: Vec::new(), errors: vec![Vec::new(); groups] };
        for place in 0..groups {
            blend.taken.push(chosen(backtest, place));
        }
        let forecast = blend.of(backtest);
        for (said, actual) in forecast.iter().zip(&backtest.actual) {
            for (step, (said, actual)) in said.iter().zip(actual).enumerate().filter(|(_, (_, actual))| actual.is_finite()) {
                blend.errors[group(step + 1)].push(Scale::SquareRoot.of(*actual) - Scale::SquareRoot.of(*said));
            }
        }
        blend.errors.iter_mut().for_each(|errors| errors.sort_by(f64::total_cmp));
        blend.errors.iter().all(|errors| !errors.is_empty()).then_some(blend)
    }

    /// Why what was read as a blend of `steps` buckets is none; `None` for one that can forecast.
    pub fn fault(&self, steps: usize) -> Option<&'static str> {
        let groups = group(steps) + 1;
        if self.taken.len() != groups || self.errors.len() != groups {
            return Some("it says nothing of some of its steps");
        }
        if self.taken.iter().any(|taken| taken.is_empty() || taken.iter().any(|(_, times)| !(1..=ROUNDS as u32).contains(times))) {
            return Some("it takes no candidate, or one more often than it chooses");
        }
        let ordered = |errors: &[f64]| errors.windows(2).all(|pair| pair[0] <= pair[1]) && errors.iter().all(|error| error.is_finite());
        (!self.errors.iter().all(|errors| !errors.is_empty() && ordered(errors))).then_some("its errors are missing or not in order")
    }

    /// The candidates that count at some step, in the order of [`Candidate::ALL`].
    pub fn counting(&self) -> Vec<Candidate> {
        Candidate::ALL.into_iter().filter(|one| self.taken.iter().flatten().any(|(taken, _)| taken == one)).collect()
    }

    /// Candidates with their share of the whole, by how many steps they count for, largest first.
    pub fn shares(&self, steps: usize) -> Vec<(Candidate, f64)> {
        let share = |candidate: Candidate| {
            let of_step = |step: usize| {
                let taken = &self.taken[group(step)];
                let all: u32 = taken.iter().map(|(_, times)| times).sum();
                taken.iter().find(|(one, _)| *one == candidate).map_or(0.0, |(_, times)| f64::from(*times) / f64::from(all))
            };
            (1..=steps).map(of_step).sum::<f64>() / steps as f64
        };
        let mut shares: Vec<(Candidate, f64)> =
            Candidate::ALL.iter().map(|&one| (one, share(one))).filter(|(_, share)| *share > 0.0).collect();
        shares.sort_by(|left, right| right.1.total_cmp(&left.1));
        shares
    }

    /// What the blend said at the origins of `backtest`.
    pub fn of(&self, backtest: &Backtest) -> Vec<Vec<f64>> {
        (0..backtest.origins.len())
            .map(|origin| {
                let said =
                    |candidate: Candidate| backtest.said.iter().find(|(one, _)| *one == candidate).map(|(_, said)| said[origin].as_slice());
                self.mix(backtest.steps, &said)
            })
            .collect()
    }

    fn mix<'s>(&self, steps: usize, said: &dyn Fn(Candidate) -> Option<&'s [f64]>) -> Vec<f64> {
        let value = |step: usize| {
            let parts =
                self.taken[group(step)].iter().filter_map(|(candidate, times)| Some((said(*candidate)?[step - 1], f64::from(*times))));
            let (sum, weight) = parts.fold((0.0, 0.0), |(sum, weight), (value, times)| (sum + value * times, weight + times));
            if weight > 0.0 { sum / weight } else { f64::NAN }
        };
        (1..=steps).map(value).collect()
    }

    /// What comes after `history`; `None` where a candidate that counts cannot say it.
    pub fn forecast(&self, history: &Series, steps: usize) -> Option<Vec<Forecast>> {
        let answered: Option<Vec<(Candidate, Vec<f64>)>> =
            self.counting().into_iter().map(|one| Some((one, one.forecast(history, steps)?))).collect();
        let said = answered?;
        let values = self.mix(steps, &|candidate| said.iter().find(|(one, _)| *one == candidate).map(|(_, said)| said.as_slice()));
        values
            .iter()
            .all(|value| value.is_finite())
            .then(|| values.iter().enumerate().map(|(step, &value)| self.around(value, step + 1)).collect())
    }

    /// What the blend said at each origin and what came, for every value that is known.
    pub fn judged(&self, backtest: &Backtest) -> Vec<Judged> {
        let forecast = self.of(backtest);
        let pairs = forecast.iter().zip(&backtest.actual).flat_map(|(said, actual)| said.iter().zip(actual).enumerate());
        let known = pairs.filter(|(_, (_, actual))| actual.is_finite());
        known
            .map(|(step, (&said, &actual))| {
                let Forecast { value, bounds_80, bounds_95 } = self.around(said, step + 1);
                Judged { actual, forecast: value, bounds_80, bounds_95 }
            })
            .collect()
    }

    /// A value with its bounds: the quantiles of the errors that were made so far ahead (split conformal, Vovk et al.).
    fn around(&self, value: f64, step: usize) -> Forecast {
        let errors = &self.errors[group(step)];
        let root = Scale::SquareRoot.of(value);
        let bound = |share: f64| {
            let count = errors.len();
            let rank = match share < 0.5 {
                true => (share * (count + 1) as f64).floor().max(1.0) as usize,
                false => (share * (count + 1) as f64).ceil() as usize,
            };
            Scale::SquareRoot.back(root + errors[rank.clamp(1, count) - 1])
        };
        Forecast { value, bounds_80: [bound(0.1), bound(0.9)], bounds_95: [bound(0.025), bound(0.975)] }
    }

    /// How probable it is that the value `step` ahead is above `limit`, 0 to 1, by the same errors.
    pub fn probability_above(&self, value: f64, step: usize, limit: f64) -> f64 {
        let errors = &self.errors[group(step)];
        let root = Scale::SquareRoot.of(value);
        let above = errors.iter().filter(|error| Scale::SquareRoot.back(root + **error) > limit).count();
        above as f64 / errors.len() as f64
    }
}

fn chosen(backtest: &Backtest, place: usize) -> Vec<(Candidate, u32)> {
    // Neighbours choose with it: one step alone has too few origins to tell good from lucky.
    let counts = |step: usize| group(step) == place;
    let steps: Vec<usize> = (0..backtest.steps).filter(|step| counts(step + 1)).collect();
    let mut sums: Vec<Vec<f64>> = vec![vec![0.0; backtest.steps]; backtest.origins.len()];
    let mut taken: Vec<(Candidate, u32)> = Vec::new();
    let (mut best, mut rounds) = (f64::INFINITY, 0u32);
    for _ in 0..ROUNDS {
        let next = f64::from(rounds + 1);
        let tried = backtest.said.iter().filter_map(|(candidate, said)| {
            let (mut error, mut count) = (0.0, 0usize);
            for ((sum, said), actual) in sums.iter().zip(said).zip(&backtest.actual) {
                for &step in steps.iter().filter(|step| actual[**step].is_finite()) {
                    error += ((sum[step] + said[step]) / next - actual[step]).abs();
                    count += 1;
                }
            }
            (count > 0).then(|| (error / count as f64, *candidate, said))
        });
        let Some((error, candidate, said)) = tried.min_by(|left, right| left.0.total_cmp(&right.0)) else { break };
        if error >= best {
            break;
        }
        (best, rounds) = (error, rounds + 1);
        for (sum, said) in sums.iter_mut().zip(said) {
            steps.iter().for_each(|&step| sum[step] += said[step]);
        }
        match taken.iter_mut().find(|(one, _)| *one == candidate) {
            Some((_, times)) => *times += 1,
            None => taken.push((candidate, 1)),
        }
    }
    taken
}
