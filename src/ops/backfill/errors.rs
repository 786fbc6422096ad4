//! How far predictions are off.

use std::collections::BTreeMap;

use crate::statistics::percentile::percentile_of_sorted;

/// An error of more than so many times the prediction is extreme.
const EXTREME_RATIO: f64 = 3.0;
/// ExtremeError errors that are named.
const NAMED: usize = 10;
/// Sizes that are kept one by one, at most; of more only how many fall into each of the steps below.
const KEPT: usize = 500_000;
/// Each step ends so many times as far as it begins, so that a percentile is off by less than 0.05 %.
const STEP: f64 = 1.001;

/// The sizes of errors, in ms.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ErrorSummary {
    pub count: u64,
    /// Mean, p50, p95 and p99; `None` without a prediction. The percentiles are exact up to half a million errors, and
    /// within 0.05 % beyond.
    pub sizes_ms: Option<[f64; 4]>,
    pub extreme_count: u64,
    /// The largest extreme errors, largest first.
    pub extreme: Vec<ExtremeError>,
}

/// A prediction that was far off.
#[derive(Clone, Debug, PartialEq)]
pub struct ExtremeError {
    pub ticket_id: String,
    pub predicted_ms: f64,
    pub actual_ms: f64,
}

impl ExtremeError {
    /// Actual minus predicted.
    pub fn error_ms(&self) -> f64 {
        self.actual_ms - self.predicted_ms
    }

    /// Size of the error over the prediction; infinite where nothing was predicted.
    pub fn ratio(&self) -> f64 {
        self.error_ms().abs() / self.predicted_ms
    }
}

/// Collects errors one by one; memory does not grow with them.
#[derive(Clone, Debug, Default)]
pub(super) struct ErrorAccumulator {
    sizes: Sizes,
    extreme_count: u64,
    extreme: Vec<ExtremeError>,
}

impl ErrorAccumulator {
    /// Takes in a prediction and what came of it, both in ms.
    pub(super) fn add(&mut self, ticket_id: &str, predicted_ms: f64, actual_ms: f64) {
        let error = (actual_ms - predicted_ms).abs();
        self.sizes.add(error);
        if error > EXTREME_RATIO * predicted_ms {
            self.extreme_count += 1;
            self.extreme.push(ExtremeError { ticket_id: ticket_id.to_owned(), predicted_ms, actual_ms });
            if self.extreme.len() >= 8 * NAMED {
                self.keep_largest();
            }
        }
    }

    fn keep_largest(&mut self) {
        self.extreme.sort_by(|left, right| right.ratio().total_cmp(&left.ratio()).then_with(|| left.ticket_id.cmp(&right.ticket_id)));
        self.extreme.truncate(NAMED);
    }

    /// The numbers; percentiles run straight between ranks.
    pub(super) fn summary(mut self) -> ErrorSummary {
        self.keep_largest();
        ErrorSummary { count: self.sizes.count(), sizes_ms: self.sizes.summary(), extreme_count: self.extreme_count, extreme: self.extreme }
    }
}

/// Numbers from 0 up: one by one while they are few, then by step.
#[derive(Clone, Debug)]
enum Sizes {
    Each(Vec<f64>),
    /// How many lie in each step, by its number; all and their sum.
    Steps(BTreeMap<i32, u64>, u64, f64),
}

impl Default for Sizes {
    fn default() -> Self {
        Sizes::Each(Vec::new())
    }
}

impl Sizes {
    fn add(&mut self, size: f64) {
        match self {
            Sizes::Each(sizes) if sizes.len() < KEPT => sizes.push(size),
            Sizes::Each(sizes) => {
                let mut steps = Sizes::Steps(BTreeMap::new(), 0, 0.0);
                std::mem::take(sizes).into_iter().chain([size]).for_each(|size| steps.add(size));
                *self = steps;
            }
            Sizes::Steps(steps, count, sum) => {
                // A millionth of a millisecond is nothing.
                let step = (size.max(1e-6).ln() / STEP.ln()).floor();
                *steps.entry(step as i32).or_default() += 1;
                *count += 1;
                *sum += size;
            }
        }
    }

    fn count(&self) -> u64 {
        match self {
            Sizes::Each(sizes) => sizes.len() as u64,
            Sizes::Steps(_, count, _) => *count,
        }
    }

    /// Mean, p50, p95, p99.
    fn summary(self) -> Option<[f64; 4]> {
        match self {
            Sizes::Each(mut sizes) => {
                if sizes.iter().any(|size| size.is_nan()) {
                    return None;
                }
                // In one order, so that the same errors have the same mean.
                sizes.sort_unstable_by(f64::total_cmp);
                let of = |percent: f64| percentile_of_sorted(&sizes, percent);
                Some([sizes.iter().sum::<f64>() / sizes.len() as f64, of(50.0)?, of(95.0)?, of(99.0)?])
            }
            Sizes::Steps(steps, count, sum) => {
                let of = |percent: f64| {
                    let rank = (percent / 100.0 * (count - 1) as f64).round() as u64;
                    let mut before = 0;
                    let step = steps.iter().find(|(_, within)| {
                        before += **within;
                        before > rank
                    });
                    step.map(|(step, _)| STEP.powf(f64::from(*step) + 0.5))
                };
                Some([sum / count as f64, of(50.0)?, of(95.0)?, of(99.0)?])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_counted_by_size_and_extreme_ones_named() {
        let mut errors = ErrorAccumulator::default();
        for step in 0..=100 {
            errors.add(&format!("t{step}"), 1_000.0, 1_000.0 + f64::from(step) * 10.0);
        }
        errors.add("early", 1_000.0, 900.0);
        errors.add("hung", 1_000.0, 4_000.1);
        errors.add("just", 1_000.0, 4_000.0);
        errors.add("worse", 10.0, 4_000.0);
        let summary = errors.summary();
        assert_eq!((summary.count, summary.extreme_count), (105, 2));
        assert_eq!(summary.extreme.iter().map(|extreme| extreme.ticket_id.as_str()).collect::<Vec<_>>(), ["worse", "hung"]);
        assert_eq!(summary.sizes_ms.map(|sizes| sizes[1]), Some(510.0));
        assert_eq!((summary.extreme[1].error_ms(), ErrorAccumulator::default().summary()), (3_000.1, ErrorSummary::default()));
    }

    #[test]
    fn more_errors_than_are_kept_have_the_same_percentiles_within_half_a_thousandth() {
        let size = |place: usize| ((place * 7_919 % 600_011) as f64).powf(1.3);
        let (mut few, mut many) = (Vec::new(), Sizes::default());
        for place in 0..KEPT + 100_000 {
            few.push(size(place));
            many.add(size(place));
        }
        let (exact, near) = (Sizes::Each(few).summary().expect("numbers"), many.clone().summary().expect("numbers"));
        assert!(matches!(many, Sizes::Steps(..)) && many.count() == (KEPT + 100_000) as u64);
        for (exact, near) in exact.into_iter().zip(near) {
            assert!((near / exact - 1.0).abs() < 5.1e-4, "{near} is not {exact}");
        }
    }
}
