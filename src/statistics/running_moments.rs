//! Mean and spread of numbers that come one after the other.

use serde::{Deserialize, Serialize};

/// Count, mean and squared deviations of the numbers so far, in their own unit.
///
/// The mean follows Welford (1962), "Note on a method for calculating corrected sums of squares and products", which
/// keeps its digits where a sum of squares would lose them. The order of the numbers is part of the result: the same
/// order gives the same bits. One NaN makes mean and spread NaN.
///
/// ```
/// use hivectl::statistics::RunningMoments;
/// let mut moments = RunningMoments::default();
/// assert_eq!((moments.count, moments.population_deviation()), (0, None));
/// [2.0, 4.0, 9.0].into_iter().for_each(|value| moments.learn(value));
/// assert_eq!((moments.count, moments.mean), (3, 5.0));
/// assert_eq!(moments.sample_deviation(), Some(13.0_f64.sqrt()));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunningMoments {
    pub count: u64,
    /// 0 without a number.
    pub mean: f64,
    /// Σ (number - mean)², in the unit squared; 0 without a number.
    pub squared_deviation: f64,
}

impl RunningMoments {
    /// Takes a number in.
    pub fn learn(&mut self, value: f64) {
        self.count += 1;
        let before = value - self.mean;
        self.mean += before / self.count as f64;
        self.squared_deviation += before * (value - self.mean);
    }

    /// Standard deviation of exactly these numbers (divisor n); `None` without one.
    pub fn population_deviation(&self) -> Option<f64> {
        (self.count > 0).then(|| (self.squared_deviation / self.count as f64).sqrt())
    }

    /// Standard deviation of what these numbers are a sample of (divisor n - 1); `None` below two.
    pub fn sample_deviation(&self) -> Option<f64> {
        (self.count > 1).then(|| (self.squared_deviation / (self.count - 1) as f64).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_survive_where_a_sum_of_squares_loses_them() {
        let mut moments = RunningMoments::default();
        [1e9 + 1.0, 1e9 + 2.0, 1e9 + 3.0].into_iter().for_each(|value| moments.learn(value));
        assert_eq!((moments.mean, moments.squared_deviation), (1e9 + 2.0, 2.0));
    }

    #[test]
    fn few_numbers_have_no_spread_and_nan_is_not_hidden() {
        let mut moments = RunningMoments::default();
        moments.learn(7.0);
        assert_eq!((moments.population_deviation(), moments.sample_deviation()), (Some(0.0), None));
        moments.learn(f64::NAN);
        assert!(moments.mean.is_nan() && moments.sample_deviation().is_some_and(f64::is_nan));
    }
}
