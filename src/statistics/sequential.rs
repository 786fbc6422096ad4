//! Tests that may be looked at after every ticket: they stop as soon as the evidence is enough, and
//! looking often does not make them wrong more often.

use super::means::Sample;

/// What a sequential test says so far.
///
/// ```
/// use hivectl::statistics::sequential::{Decision, ShareTest};
///
/// let test = ShareTest::new(0.05, 0.1, 0.05, 0.1).expect("shares and chances inside (0, 1)");
/// assert_eq!(test.decide(1, 10), Decision::Continue);
/// assert_eq!(test.decide(0, 100), Decision::AcceptNull);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Not enough evidence yet.
    Continue,
    /// The null hypothesis holds well enough to stop.
    AcceptNull,
    /// The null hypothesis is refuted.
    RejectNull,
}

/// Wald's sequential probability ratio test (1945) of a share: is it `null` or `alternative`?
///
/// ```
/// use hivectl::statistics::sequential::{Decision, ShareTest};
///
/// // Do 5 % of the jobs fail, or 10 %?
/// let test = ShareTest::new(0.05, 0.1, 0.05, 0.1).expect("shares and chances inside (0, 1)");
/// assert_eq!(test.decide(30, 100), Decision::RejectNull);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShareTest {
    null: f64,
    alternative: f64,
    /// Logarithms of the likelihood ratio at which to stop.
    accept: f64,
    reject: f64,
}

impl ShareTest {
    /// `false_alarms` is the chance to reject a true null, `misses` the chance to accept a false one.
    /// `None` unless all four lie in (0, 1), the shares differ and the two chances add up to less than 1.
    pub fn new(null: f64, alternative: f64, false_alarms: f64, misses: f64) -> Option<Self> {
        let inside = [null, alternative, false_alarms, misses].iter().all(|&share| share > 0.0 && share < 1.0);
        (inside && null != alternative && false_alarms + misses < 1.0).then(|| ShareTest {
            null,
            alternative,
            accept: (misses / (1.0 - false_alarms)).ln(),
            reject: ((1.0 - misses) / false_alarms).ln(),
        })
    }

    /// Logarithm of the likelihood of the alternative over that of the null.
    pub fn evidence(&self, successes: u64, trials: u64) -> f64 {
        let failures = trials.saturating_sub(successes) as f64;
        successes as f64 * (self.alternative / self.null).ln() + failures * ((1.0 - self.alternative) / (1.0 - self.null)).ln()
    }

    /// What the trials so far say.
    pub fn decide(&self, successes: u64, trials: u64) -> Decision {
        let evidence = self.evidence(successes, trials);
        if evidence >= self.reject {
            Decision::RejectNull
        } else if evidence <= self.accept {
            Decision::AcceptNull
        } else {
            Decision::Continue
        }
    }
}

/// Whether two means differ, at any time: the mixture sequential probability ratio test (Robbins,
/// 1970; Johari, Koomen, Pekelis & Walsh, "Always Valid Inference", 2022) on the difference of means
/// with estimated variances.
///
/// With V the variance of the difference and τ² that of the differences one expects, the likelihood
/// ratio is `√(V / (V + τ²)) · exp(τ² · difference² / (2V(V + τ²)))`; its inverse is an upper bound of
/// the p-value that holds at every look.
///
/// ```
/// use hivectl::statistics::means::Sample;
/// use hivectl::statistics::sequential::MeanTest;
///
/// let mut test = MeanTest::new(1.0).expect("a positive difference");
/// let (before, after) = (Sample::of(&[1.0, 2.0, 3.0]), Sample::of(&[101.0, 102.0, 103.0]));
/// assert!(test.look(&before, &after) < 0.05);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanTest {
    /// Square of the standard deviation of the differences one expects, in the target's unit.
    expected_variance: f64,
    /// The smallest p-value met so far.
    p_value: f64,
}

impl MeanTest {
    /// `expected_difference` is the size of difference the test is made for: the closer to the truth,
    /// the earlier it ends; it is right for any. `None` unless positive and finite.
    pub fn new(expected_difference: f64) -> Option<Self> {
        (expected_difference > 0.0 && expected_difference.is_finite())
            .then_some(MeanTest { expected_variance: expected_difference * expected_difference, p_value: 1.0 })
    }

    /// Takes a look at all values so far and returns the always valid p-value, 0–1. A side with fewer
    /// than two values, or no variance on both, leaves the p-value as it was.
    pub fn look(&mut self, first: &Sample, second: &Sample) -> f64 {
        let variance = first.squared_error() + second.squared_error();
        if first.count > 1 && second.count > 1 && variance > 0.0 && variance.is_finite() {
            let (mixed, difference) = (variance + self.expected_variance, second.mean - first.mean);
            let evidence = 0.5 * (variance / mixed).ln() + self.expected_variance * difference * difference / (2.0 * variance * mixed);
            self.p_value = self.p_value.min((-evidence).exp());
        }
        self.p_value
    }

    /// Half the width of the interval around the difference that holds at every look with `confidence`
    /// (0–1), in the target's unit: `√(2V(V + τ²)/τ² · ln(√((V + τ²)/V) / (1 - confidence)))`.
    /// `None` where nothing can be said yet.
    pub fn half_width(&self, first: &Sample, second: &Sample, confidence: f64) -> Option<f64> {
        let variance = first.squared_error() + second.squared_error();
        let usable = first.count > 1 && second.count > 1 && variance > 0.0 && confidence > 0.0 && confidence < 1.0;
        usable.then(|| {
            let mixed = variance + self.expected_variance;
            let bound = 0.5 * (mixed / variance).ln() - (1.0 - confidence).ln();
            (2.0 * variance * mixed / self.expected_variance * bound).sqrt()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::random::SplitMix64;

    #[test]
    fn walds_test_errs_as_rarely_as_it_promised() {
        let test = ShareTest::new(0.05, 0.10, 0.05, 0.10).unwrap();
        let mut random = SplitMix64::new(1);
        let mut share_of = |truth: f64, wanted: Decision| {
            let runs = 20_000;
            let hits = (0..runs).filter(|_| {
                let (mut successes, mut trials) = (0, 0);
                loop {
                    trials += 1;
                    successes += u64::from(random.unit() < truth);
                    match test.decide(successes, trials) {
                        Decision::Continue => {}
                        decision => break decision == wanted,
                    }
                }
            });
            hits.count() as f64 / f64::from(runs)
        };
        let (false_alarms, misses) = (share_of(0.05, Decision::RejectNull), share_of(0.10, Decision::AcceptNull));
        // Wald's bounds are false alarms / (1 - misses) and misses / (1 - false alarms); here and four standard errors.
        assert!(false_alarms < 0.0556 + 0.0065 && false_alarms > 0.01, "{false_alarms}");
        assert!(misses < 0.1053 + 0.0087 && misses > 0.02, "{misses}");
        assert_eq!(test.decide(0, 0), Decision::Continue);
        assert_eq!(ShareTest::new(0.1, 0.1, 0.05, 0.1), None);
        assert_eq!(ShareTest::new(0.0, 0.1, 0.05, 0.1), None);
    }

    /// Looks after every value of both sides; gives the look at which p fell below 5 %, if it did.
    fn first_alarm(shift: f64, looks: usize, random: &mut SplitMix64) -> Option<usize> {
        let mut test = MeanTest::new(0.5).unwrap();
        let mut sums = [[0.0; 3]; 2];
        (1..=looks).find(|_| {
            for (side, sum) in sums.iter_mut().enumerate() {
                // The sum of twelve uniform numbers is close to normal with variance 1.
                let value = (0..12).map(|_| random.unit()).sum::<f64>() - 6.0 + shift * side as f64;
                sum.iter_mut().zip([1.0, value, value * value]).for_each(|(sum, part)| *sum += part);
            }
            let [first, second] = sums.map(|[count, sum, squares]| Sample {
                count: count as u64,
                mean: sum / count,
                variance: if count > 1.0 { (squares - sum * sum / count) / (count - 1.0) } else { 0.0 },
            });
            // The variance of a handful of values is not yet an estimate.
            first.count >= 20 && test.look(&first, &second) < 0.05
        })
    }

    #[test]
    fn looking_at_every_value_keeps_false_alarms_rare_and_finds_what_is_there() {
        let mut random = SplitMix64::new(2);
        let alarms = (0..400).filter(|_| first_alarm(0.0, 600, &mut random).is_some()).count();
        assert!(alarms <= 24, "{alarms} of 400");
        let found: Vec<usize> = (0..100).filter_map(|_| first_alarm(0.5, 600, &mut random)).collect();
        assert!(found.len() >= 99, "{} of 100", found.len());
    }

    #[test]
    fn the_interval_leaves_zero_when_the_p_value_says_so() {
        let (first, second) = (Sample { count: 50, mean: 10.0, variance: 4.0 }, Sample { count: 60, mean: 12.0, variance: 5.0 });
        let mut test = MeanTest::new(1.0).unwrap();
        let p_value = test.look(&first, &second);
        let half = |confidence| test.half_width(&first, &second, confidence).unwrap();
        assert!(half(1.0 - p_value * 0.99) > 2.0 && half(1.0 - p_value * 1.01) < 2.0);
        assert_eq!(test.look(&Sample::default(), &second), p_value);
        assert_eq!(test.half_width(&Sample::default(), &second, 0.95), None);
        assert_eq!(MeanTest::new(0.0), None);
    }
}
