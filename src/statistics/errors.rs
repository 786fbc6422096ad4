//! How wrong predictions are.

use serde::{Deserialize, Serialize};

use super::percentile::percentile;
use crate::error::{Error, ErrorKind, Result};

/// Errors of predicted numbers, `predicted - actual`. What is undefined is `None`, never a number.
///
/// ```
/// use hivectl::statistics::RegressionErrors;
///
/// let errors = RegressionErrors::measure(&[100.0, 200.0], &[110.0, 180.0])?.expect("finite values");
/// assert_eq!((errors.mae, errors.bias), (15.0, -5.0));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RegressionErrors {
    /// Rows measured, at least 1.
    pub count: usize,
    /// Mean absolute error, in the target's unit.
    pub mae: f64,
    /// Root of the mean squared error.
    pub rmse: f64,
    /// Mean of `predicted - actual`: positive when the predictions are too long.
    pub bias: f64,
    /// `1 - Σ(actual - predicted)² / Σ(actual - mean)²`; `None` when all actual values are equal.
    pub r2: Option<f64>,
    /// `mae / mean(actual) · 100`, the running system's `mae_percentage`; `None` unless the mean is positive.
    pub mae_pct: Option<f64>,
    /// Median absolute error.
    pub median_absolute_error: f64,
    /// 90th percentile of the absolute error.
    pub p90_absolute_error: f64,
}

impl RegressionErrors {
    /// Measures `predicted` against `actual`; `None` when there are no rows or a value is not finite.
    ///
    /// Errors: [`ErrorKind::Internal`] when the lengths differ.
    pub fn measure(actual: &[f64], predicted: &[f64]) -> Result<Option<Self>> {
        if actual.len() != predicted.len() {
            return Err(Error::new(ErrorKind::Internal, format!("{} predictions for {} tickets", predicted.len(), actual.len())));
        }
        let finite = actual.iter().chain(predicted).all(|value| value.is_finite());
        Ok(if actual.is_empty() || !finite { None } else { measured(actual, predicted) })
    }

    /// Measures each group on its own; `groups` holds a number below `group_count` a row. A group without
    /// rows is `None`.
    ///
    /// Errors: as [`RegressionErrors::measure`].
    pub fn by_group(actual: &[f64], predicted: &[f64], groups: &[u32], group_count: usize) -> Result<Vec<Option<Self>>> {
        if actual.len() != predicted.len() || actual.len() != groups.len() {
            return Err(Error::new(
                ErrorKind::Internal,
                format!("{} predictions, {} tickets, {} groups", predicted.len(), actual.len(), groups.len()),
            ));
        }
        let mut parts = vec![(Vec::new(), Vec::new()); group_count];
        for ((&actual, &predicted), &group) in actual.iter().zip(predicted).zip(groups) {
            if let Some((truth, said)) = parts.get_mut(group as usize) {
                truth.push(actual);
                said.push(predicted);
            }
        }
        parts.iter().map(|(truth, said)| RegressionErrors::measure(truth, said)).collect()
    }
}

fn measured(actual: &[f64], predicted: &[f64]) -> Option<RegressionErrors> {
    let count = actual.len() as f64;
    let errors = || actual.iter().zip(predicted).map(|(actual, predicted)| predicted - actual);
    let mean = actual.iter().sum::<f64>() / count;
    let squared: f64 = errors().map(|error| error * error).sum();
    let spread: f64 = actual.iter().map(|actual| (actual - mean).powi(2)).sum();
    let mut absolute: Vec<f64> = errors().map(f64::abs).collect();
    let mae = absolute.iter().sum::<f64>() / count;
    Some(RegressionErrors {
        count: actual.len(),
        mae,
        rmse: (squared / count).sqrt(),
        bias: errors().sum::<f64>() / count,
        r2: (spread > 0.0).then(|| 1.0 - squared / spread),
        mae_pct: (mean > 0.0).then(|| mae / mean * 100.0),
        median_absolute_error: percentile(&mut absolute, 50.0)?,
        p90_absolute_error: percentile(&mut absolute, 90.0)?,
    })
}

/// Counts of a yes/no decision against the truth; "positive" is the anomaly.
///
/// ```
/// use hivectl::statistics::Confusion;
///
/// let counts = Confusion::count([(true, true), (true, false), (false, false)]);
/// assert_eq!((counts.precision(), counts.recall()), (Some(1.0), Some(0.5)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confusion {
    pub true_positive: u64,
    pub false_positive: u64,
    pub false_negative: u64,
    pub true_negative: u64,
}

impl Confusion {
    /// Counts `(actual, predicted)` decisions.
    pub fn count(decisions: impl IntoIterator<Item = (bool, bool)>) -> Self {
        let mut counts = Confusion::default();
        for (actual, predicted) in decisions {
            *match (actual, predicted) {
                (true, true) => &mut counts.true_positive,
                (false, true) => &mut counts.false_positive,
                (true, false) => &mut counts.false_negative,
                (false, false) => &mut counts.true_negative,
            } += 1;
        }
        counts
    }

    /// All decisions.
    pub fn total(&self) -> u64 {
        self.true_positive + self.false_positive + self.false_negative + self.true_negative
    }

    /// `tp / (tp + fp)`: how many alarms were right; `None` when there was no alarm.
    pub fn precision(&self) -> Option<f64> {
        ratio(self.true_positive, self.true_positive + self.false_positive)
    }

    /// `tp / (tp + fn)`: how many anomalies were found; `None` when there was none.
    pub fn recall(&self) -> Option<f64> {
        ratio(self.true_positive, self.true_positive + self.false_negative)
    }

    /// `2 tp / (2 tp + fp + fn)`; `None` when there was neither an anomaly nor an alarm.
    pub fn f1(&self) -> Option<f64> {
        ratio(2 * self.true_positive, 2 * self.true_positive + self.false_positive + self.false_negative)
    }

    /// `fp / (fp + tn)`: how many ordinary tickets raised an alarm; `None` when there was none.
    pub fn false_positive_rate(&self) -> Option<f64> {
        ratio(self.false_positive, self.false_positive + self.true_negative)
    }

    /// Share of alarms among all decisions; `None` for no decisions.
    pub fn anomaly_rate(&self) -> Option<f64> {
        ratio(self.true_positive + self.false_positive, self.total())
    }

    /// Share of anomalies among all rows, whatever was decided; `None` for no decisions.
    pub fn prevalence(&self) -> Option<f64> {
        ratio(self.true_positive + self.false_negative, self.total())
    }

    /// Share of right decisions; `None` for no decisions.
    pub fn accuracy(&self) -> Option<f64> {
        ratio(self.true_positive + self.true_negative, self.total())
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Areas that measure a score by the order it gives; a larger score is more anomalous.
///
/// ```
/// use hivectl::statistics::errors::Ranking;
///
/// let ranking = Ranking::measure(&[0.9, 0.4, 0.1], &[true, false, false]).expect("both kinds of rows");
/// assert_eq!((ranking.roc_auc, ranking.average_precision), (1.0, 1.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranking {
    /// Area under the receiver operating characteristic: the chance that a positive row scores higher
    /// than a negative one, ties counting half (Mann–Whitney).
    pub roc_auc: f64,
    /// Average precision `Σ (recall step) · precision` over descending score, as scikit-learn's
    /// `average_precision_score`.
    pub average_precision: f64,
}

impl Ranking {
    /// Measures `scores`; `None` unless there are both positive and negative rows and no NaN.
    pub fn measure(scores: &[f64], positive: &[bool]) -> Option<Self> {
        let positives = positive.iter().filter(|&&positive| positive).count();
        let negatives = positive.len() - positives;
        if positives == 0 || negatives == 0 || scores.len() != positive.len() || scores.iter().any(|score| score.is_nan()) {
            return None;
        }
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_unstable_by(|&left, &right| scores[right].total_cmp(&scores[left]));
        let (mut hits, mut misses, mut pairs, mut average) = (0usize, 0usize, 0.0, 0.0);
        for tied in order.chunk_by(|&left, &right| scores[left] == scores[right]) {
            let right = tied.iter().filter(|&&row| positive[row]).count();
            let wrong = tied.len() - right;
            pairs += wrong as f64 * (hits as f64 + right as f64 / 2.0);
            hits += right;
            misses += wrong;
            average += right as f64 / positives as f64 * (hits as f64 / (hits + misses) as f64);
        }
        Some(Ranking { roc_auc: pairs / (positives as f64 * negatives as f64), average_precision: average })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regression_errors_by_hand() {
        let errors = RegressionErrors::measure(&[100.0, 200.0, 300.0, 400.0], &[110.0, 180.0, 330.0, 400.0]).unwrap().unwrap();
        assert_eq!((errors.count, errors.mae, errors.bias), (4, 15.0, 5.0));
        assert!((errors.rmse - 350.0f64.sqrt()).abs() < 1e-12);
        assert!((errors.r2.unwrap() - (1.0 - 1_400.0 / 50_000.0)).abs() < 1e-12);
        assert_eq!(errors.mae_pct, Some(6.0));
        assert_eq!((errors.median_absolute_error, errors.p90_absolute_error), (15.0, 27.0));
    }

    #[test]
    fn what_is_undefined_is_none() {
        assert_eq!(RegressionErrors::measure(&[], &[]).unwrap(), None);
        assert_eq!(RegressionErrors::measure(&[1.0], &[f64::NAN]).unwrap(), None);
        let equal = RegressionErrors::measure(&[0.0, 0.0], &[1.0, 1.0]).unwrap().unwrap();
        assert_eq!((equal.r2, equal.mae_pct, equal.mae), (None, None, 1.0));
        assert!(RegressionErrors::measure(&[1.0], &[]).is_err());
        let silent = Confusion::count([(false, false)]);
        assert_eq!((silent.precision(), silent.recall(), silent.f1()), (None, None, None));
        assert_eq!(silent.false_positive_rate(), Some(0.0));
        assert_eq!(Confusion::default().accuracy(), None);
    }

    #[test]
    fn groups_are_judged_on_their_own() {
        let groups = RegressionErrors::by_group(&[1.0, 2.0, 3.0], &[2.0, 2.0, 5.0], &[0, 2, 0], 3).unwrap();
        assert_eq!(groups[0].unwrap().mae, 1.5);
        assert_eq!(groups[1], None);
        assert_eq!(groups[2].unwrap().mae, 0.0);
    }

    #[test]
    fn decisions_are_counted_for_the_anomaly_class() {
        let pairs = [(true, true); 6].into_iter().chain([(false, true); 2]).chain([(true, false); 4]).chain([(false, false); 88]);
        let counts = Confusion::count(pairs);
        assert_eq!((counts.precision(), counts.recall(), counts.f1()), (Some(0.75), Some(0.6), Some(12.0 / 18.0)));
        assert_eq!((counts.anomaly_rate(), counts.prevalence(), counts.accuracy()), (Some(0.08), Some(0.1), Some(0.94)));
        assert_eq!(counts.false_positive_rate(), Some(2.0 / 90.0));
    }

    #[test]
    fn scikit_learn_ranks_the_same() {
        // roc_auc_score and average_precision_score of y = [0,0,1,1,0,1], s = [.1,.4,.35,.8,.4,.4]
        let ranking = Ranking::measure(&[0.1, 0.4, 0.35, 0.8, 0.4, 0.4], &[false, false, true, true, false, true]).unwrap();
        assert!((ranking.roc_auc - 0.666_666_666_666_666_6).abs() < 1e-12, "{ranking:?}");
        assert!((ranking.average_precision - 0.7).abs() < 1e-12, "{ranking:?}");
        assert_eq!(Ranking::measure(&[1.0, 2.0], &[true, true]), None);
    }
}
