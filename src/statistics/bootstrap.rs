//! How sure a difference between two models is: the paired bootstrap.
//!
//! Both models are judged on the same resampled rows. Rows come in the order of time and neighbours
//! resemble each other (one requester's burst), so whole blocks of neighbours are drawn: the circular
//! block bootstrap (Politis & Romano, 1992). A block of one row is the ordinary bootstrap, which
//! promises too much on such rows.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};

use super::percentile::percentile_of_sorted;
use super::random::SplitMix64;
use crate::error::{Error, ErrorKind, Result};

/// How to resample.
///
/// ```
/// use hivectl::statistics::Resampling;
///
/// let quick = Resampling { repetitions: 200, ..Resampling::default() };
/// assert_eq!((quick.confidence, quick.block_rows), (0.95, None));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resampling {
    /// Resamples drawn.
    pub repetitions: usize,
    /// Share of resamples inside the interval, 0–1.
    pub confidence: f64,
    /// Neighbouring rows drawn together; `None` takes the cube root of the number of rows, rounded up
    /// (the rate of Hall, Horowitz & Jing, 1995).
    pub block_rows: Option<usize>,
    pub seed: u64,
}

impl Default for Resampling {
    /// 2,000 repetitions, 95 %, blocks by the cube root, seed 42.
    fn default() -> Self {
        Resampling { repetitions: 2_000, confidence: 0.95, block_rows: None, seed: 42 }
    }
}

/// A difference and its bootstrap percentile interval (Efron, 1979).
///
/// ```
/// use hivectl::statistics::Resampling;
/// use hivectl::statistics::bootstrap::mae_difference;
///
/// let actual = [10.0, 20.0, 30.0];
/// let (champion, challenger) = ([11.0, 22.0, 33.0], actual);
/// let gain = mae_difference(&actual, &champion, &challenger, &Resampling::default())?.expect("finite values");
/// assert_eq!(gain.estimate, 2.0);
/// assert!(gain.is_positive());
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// On the rows as they are.
    pub estimate: f64,
    pub low: f64,
    pub high: f64,
    /// Standard deviation over the resamples, and over the choice of trees where that is counted.
    pub standard_error: f64,
    pub confidence: f64,
    /// The part of it that the choice of trees has: another seed would have grown others. `None` where that is not
    /// counted.
    #[serde(default)]
    pub trees_standard_error: Option<f64>,
}

impl Difference {
    /// The same difference where another `variance` adds to that of the tickets, independently of it: that of the choice
    /// of trees. Each end is moved away by adding squares, `d - √((d - low)² + z² v)`, which keeps an interval that is
    /// wider on one side so (Zou & Donner, 2008).
    #[must_use]
    pub fn widened(self, variance: f64) -> Difference {
        // A confidence of 1 has no quantile, and no resample lies beyond its interval.
        let z = Normal::standard().inverse_cdf(f64::midpoint(1.0, self.confidence.min(1.0 - f64::EPSILON)));
        let added = z * variance.sqrt();
        Difference {
            low: self.estimate - (self.estimate - self.low).max(0.0).hypot(added),
            high: self.estimate + (self.high - self.estimate).max(0.0).hypot(added),
            standard_error: self.standard_error.hypot(variance.sqrt()),
            trees_standard_error: Some(variance.sqrt()),
            ..self
        }
    }

    /// Whether the whole interval lies above zero.
    pub fn is_positive(&self) -> bool {
        self.low > 0.0
    }

    /// Whether the whole interval lies below zero.
    pub fn is_negative(&self) -> bool {
        self.high < 0.0
    }
}

/// MAE of the champion minus MAE of the challenger on the same rows, in the target's unit: positive
/// where the challenger is better. `None` for no rows or a value that is not finite.
///
/// Errors: [`ErrorKind::Internal`] when the lengths differ.
pub fn mae_difference(actual: &[f64], champion: &[f64], challenger: &[f64], resampling: &Resampling) -> Result<Option<Difference>> {
    check_lengths(actual.len(), champion.len(), challenger.len())?;
    let gain = |row: usize| (champion[row] - actual[row]).abs() - (challenger[row] - actual[row]).abs();
    let sums = Running::new((0..actual.len()).map(|row| [gain(row)]));
    Ok(resampled(&sums, resampling, |[gain], rows| Some(gain / rows as f64)))
}

/// F1 of the challenger minus F1 of the champion on the same rows: positive where the challenger is
/// better. `None` for no rows, or when F1 is undefined in most resamples (no anomaly, no alarm).
///
/// Errors: [`ErrorKind::Internal`] when the lengths differ.
pub fn f1_difference(actual: &[bool], champion: &[bool], challenger: &[bool], resampling: &Resampling) -> Result<Option<Difference>> {
    check_lengths(actual.len(), champion.len(), challenger.len())?;
    let counts = |row: usize| {
        let of = |said: bool| [u8::from(actual[row] && said), u8::from(actual[row]) + u8::from(said)].map(f64::from);
        let (old, new) = (of(champion[row]), of(challenger[row]));
        [old[0], old[1], new[0], new[1]]
    };
    let sums = Running::new((0..actual.len()).map(counts));
    let f1 = |hits: f64, both: f64| (both > 0.0).then(|| 2.0 * hits / both);
    Ok(resampled(&sums, resampling, |[old_hits, old_both, new_hits, new_both], _| Some(f1(new_hits, new_both)? - f1(old_hits, old_both)?)))
}

fn check_lengths(actual: usize, champion: usize, challenger: usize) -> Result<()> {
    if actual == champion && actual == challenger {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Internal, format!("{champion} and {challenger} predictions for {actual} tickets")))
}

/// Running sums, so that a block's sum is one subtraction.
struct Running<const N: usize>(Vec<[f64; N]>);

impl<const N: usize> Running<N> {
    fn new(rows: impl Iterator<Item = [f64; N]>) -> Self {
        let mut sums = vec![[0.0; N]];
        let mut sum = [0.0; N];
        for row in rows {
            sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
            sums.push(sum);
        }
        Running(sums)
    }

    fn rows(&self) -> usize {
        self.0.len() - 1
    }

    /// Sum of `count` rows from `start` on, going round at the end.
    fn block(&self, start: usize, count: usize) -> [f64; N] {
        let (rows, end) = (self.rows(), start + count);
        std::array::from_fn(|index| {
            let until = |row: usize| self.0[row][index];
            if end <= rows { until(end) - until(start) } else { until(rows) - until(start) + until(end - rows) }
        })
    }
}

fn resampled<const N: usize>(
    sums: &Running<N>,
    resampling: &Resampling,
    statistic: impl Fn([f64; N], usize) -> Option<f64> + Sync,
) -> Option<Difference> {
    let rows = sums.rows();
    if rows == 0 {
        return None;
    }
    let estimate = statistic(sums.block(0, rows), rows).filter(|estimate| estimate.is_finite())?;
    let block = resampling.block_rows.unwrap_or_else(|| (rows as f64).cbrt().ceil() as usize).clamp(1, rows);
    let draw = |repetition: usize| {
        let mut random = SplitMix64::stream(resampling.seed, repetition as u64);
        let (mut total, mut left) = ([0.0; N], rows);
        while left > 0 {
            let count = block.min(left);
            let part = sums.block(random.below(rows), count);
            total.iter_mut().zip(part).for_each(|(total, value)| *total += value);
            left -= count;
        }
        statistic(total, rows)
    };
    let mut drawn: Vec<f64> = (0..resampling.repetitions).into_par_iter().filter_map(draw).collect();
    if drawn.is_empty() || drawn.len() * 2 < resampling.repetitions {
        return None;
    }
    drawn.sort_unstable_by(f64::total_cmp);
    let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
    let variance = drawn.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / drawn.len() as f64;
    let tail = (1.0 - resampling.confidence) / 2.0 * 100.0;
    Some(Difference {
        estimate,
        low: percentile_of_sorted(&drawn, tail)?,
        high: percentile_of_sorted(&drawn, 100.0 - tail)?,
        standard_error: variance.sqrt(),
        confidence: resampling.confidence,
        trees_standard_error: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noisy(count: usize, seed: u64, scale: f64) -> Vec<f64> {
        let mut random = SplitMix64::new(seed);
        (0..count).map(|_| (random.unit() - 0.5) * scale).collect()
    }

    #[test]
    fn a_better_model_is_told_from_an_equal_one() {
        let actual = vec![100.0; 2_000];
        let shifted = |noise: Vec<f64>| noise.iter().map(|noise| 100.0 + noise).collect::<Vec<f64>>();
        let (poor, good, equal) = (shifted(noisy(2_000, 1, 20.0)), shifted(noisy(2_000, 2, 10.0)), shifted(noisy(2_000, 3, 20.0)));
        let better = mae_difference(&actual, &poor, &good, &Resampling::default()).unwrap().unwrap();
        assert!(better.is_positive() && (better.estimate - 2.5).abs() < 0.3, "{better:?}");
        let same = mae_difference(&actual, &poor, &equal, &Resampling::default()).unwrap().unwrap();
        assert!(!same.is_positive() && !same.is_negative(), "{same:?}");
        assert!(mae_difference(&actual, &good, &poor, &Resampling::default()).unwrap().unwrap().is_negative());
    }

    #[test]
    fn the_standard_error_is_the_known_one() {
        // Mean of n numbers of standard deviation s has standard error s / √n.
        let gains = noisy(4_000, 9, 12.0f64.sqrt());
        let champion: Vec<f64> = gains.iter().map(|gain| 10.0 + gain).collect();
        let plain = Resampling { block_rows: Some(1), ..Resampling::default() };
        let told = mae_difference(&vec![0.0; 4_000], &champion, &vec![0.0; 4_000], &plain).unwrap().unwrap();
        assert!((told.standard_error * 4_000f64.sqrt() - 1.0).abs() < 0.06, "{told:?}");
        assert!((told.high - told.low - 2.0 * 1.96 * told.standard_error).abs() < 0.006, "{told:?}");
    }

    #[test]
    fn blocks_widen_the_interval_where_neighbours_are_alike() {
        let champion: Vec<f64> = noisy(100, 4, 10.0).iter().flat_map(|level| [20.0 + level; 30]).collect();
        let rows = champion.len();
        let wide = |block| {
            let resampling = Resampling { block_rows: Some(block), ..Resampling::default() };
            mae_difference(&vec![0.0; rows], &champion, &vec![0.0; rows], &resampling).unwrap().unwrap().standard_error
        };
        assert!(wide(60) > 3.0 * wide(1), "{} {}", wide(60), wide(1));
    }

    #[test]
    fn what_the_trees_add_widens_each_side_by_squares() {
        let told = Difference { estimate: 5.0, low: 1.0, high: 8.0, standard_error: 3.0, confidence: 0.95, trees_standard_error: None };
        let wider = told.widened(4.0);
        let added = 1.959_963_984_540_054 * 2.0;
        assert!((wider.low - (5.0 - 4.0f64.hypot(added))).abs() < 1e-9 && (wider.high - (5.0 + 3.0f64.hypot(added))).abs() < 1e-9);
        assert!(told.is_positive() && !wider.is_positive(), "{wider:?}");
        assert_eq!((wider.standard_error, wider.trees_standard_error), (13.0f64.sqrt(), Some(2.0)));
        let still = told.widened(0.0);
        assert!((still.low - told.low).abs() < 1e-12 && (still.high - told.high).abs() < 1e-12, "{still:?}");
    }

    #[test]
    fn f1_is_compared_on_the_same_rows() {
        let actual: Vec<bool> = (0..1_000).map(|row| row % 10 == 0).collect();
        let champion: Vec<bool> = (0..1_000).map(|row| row % 20 == 0).collect();
        let told = f1_difference(&actual, &champion, &actual, &Resampling::default()).unwrap().unwrap();
        assert!((told.estimate - (1.0 - 2.0 / 3.0)).abs() < 1e-12 && told.is_positive(), "{told:?}");
        let nothing = vec![false; 1_000];
        assert_eq!(f1_difference(&nothing, &nothing, &nothing, &Resampling::default()).unwrap(), None);
    }

    #[test]
    fn the_same_seed_gives_the_same_interval_on_any_number_of_threads() {
        let (actual, champion) = (noisy(500, 1, 5.0), noisy(500, 2, 5.0));
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| mae_difference(&actual, &champion, &vec![0.0; 500], &Resampling::default()).unwrap())
        };
        assert_eq!(run(1), run(3));
        assert_eq!(mae_difference(&[], &[], &[], &Resampling::default()).unwrap(), None);
        assert_eq!(mae_difference(&[1.0], &[f64::NAN], &[1.0], &Resampling::default()).unwrap(), None);
        assert!(mae_difference(&[1.0], &[], &[1.0], &Resampling::default()).is_err());
    }
}
