//! How far predictions are off.

use crate::statistics::percentile::percentile;

/// An error of more than so many times the prediction is extreme.
const EXTREME_RATIO: f64 = 3.0;
/// Extreme errors that are named.
const NAMED: usize = 10;

/// The sizes of errors, in ms.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Errors {
    pub count: u64,
    /// Mean, p50, p95 and p99; `None` without a prediction.
    pub sizes_ms: Option<[f64; 4]>,
    pub extreme_count: u64,
    /// The largest extreme errors, largest first.
    pub extreme: Vec<Extreme>,
}

/// A prediction that was far off.
#[derive(Clone, Debug, PartialEq)]
pub struct Extreme {
    pub ticket_id: String,
    pub predicted_ms: f64,
    pub actual_ms: f64,
}

impl Extreme {
    /// Actual minus predicted.
    pub fn error_ms(&self) -> f64 {
        self.actual_ms - self.predicted_ms
    }

    /// Size of the error over the prediction; infinite where nothing was predicted.
    pub fn ratio(&self) -> f64 {
        self.error_ms().abs() / self.predicted_ms
    }
}

/// Collects errors one by one.
#[derive(Default)]
pub(super) struct ErrorsSoFar {
    sizes: Vec<f64>,
    extreme_count: u64,
    extreme: Vec<Extreme>,
}

impl ErrorsSoFar {
    /// Takes in a prediction and what came of it, both in ms.
    pub(super) fn add(&mut self, ticket_id: &str, predicted_ms: f64, actual_ms: f64) {
        let error = (actual_ms - predicted_ms).abs();
        self.sizes.push(error);
        if error > EXTREME_RATIO * predicted_ms {
            self.extreme_count += 1;
            self.extreme.push(Extreme { ticket_id: ticket_id.to_owned(), predicted_ms, actual_ms });
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
    pub(super) fn summary(mut self) -> Errors {
        self.keep_largest();
        let count = self.sizes.len() as u64;
        let mean = self.sizes.iter().sum::<f64>() / count as f64;
        let mut percent = |percent: f64| percentile(&mut self.sizes, percent);
        let sizes_ms = match (percent(50.0), percent(95.0), percent(99.0)) {
            (Some(median), Some(p95), Some(p99)) => Some([mean, median, p95, p99]),
            _ => None,
        };
        Errors { count, sizes_ms, extreme_count: self.extreme_count, extreme: self.extreme }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_counted_by_size_and_extreme_ones_named() {
        let mut errors = ErrorsSoFar::default();
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
        assert_eq!((summary.extreme[1].error_ms(), ErrorsSoFar::default().summary()), (3_000.1, Errors::default()));
    }
}
