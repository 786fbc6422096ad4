//! The alarm: the error now over the error that the baseline had.
//!
//! Moving inputs do not predict next week's errors; the error by completion time does.

use serde::{Deserialize, Serialize};

use super::blocks::{Blocking, WeightedSample, mean_variance};
use super::observations::Observations;
use super::season;
use super::verdict::{DriftStatus, Threshold};
use crate::base::time::MS_PER_DAY;
use crate::statistics::means::student_quantile;

/// The chance that the interval of a ratio holds it: one in twenty lies below it. An 80 % interval finds more of the weeks
/// whose error rises by a fifth, and alarms in up to a fifth of bursty windows in which nothing has changed (tests/bench).
pub const CONFIDENCE: f64 = 0.9;
/// Fewest predictions that a ratio is computed from.
const FEWEST_ROWS: usize = 30;

/// A mean absolute error and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeanError {
    /// In ms.
    pub mae: f64,
    /// In ms, over bursts of tickets; the larger of requester-weeks and days.
    pub standard_error: f64,
    pub rows: usize,
    /// How many bursts of equal size would carry as much; 0 for what was measured before.
    #[serde(skip)]
    pub bursts: f64,
}

impl MeanError {
    /// Measures absolute errors (ms) of these tickets; `None` for no tickets or lists of different length.
    pub fn measure(tickets: &Observations, absolute_errors: &[f64]) -> Option<MeanError> {
        let (_, end) = tickets.span()?;
        if absolute_errors.len() != tickets.len() {
            return None;
        }
        let side = WeightedSample::new(tickets, end, season::even(tickets.len()));
        let mae = absolute_errors.iter().sum::<f64>() / absolute_errors.len() as f64;
        let counted =
            |blocking: &Blocking| (mean_variance(&side, blocking, absolute_errors, mae), blocking.effective(&season::even(tickets.len())));
        let (by_requester, by_day) = (counted(&side.by_requester), counted(&side.by_day));
        let (variance, bursts) = if by_day.0 > by_requester.0 { by_day } else { by_requester };
        Some(MeanError { mae, standard_error: variance.sqrt(), rows: tickets.len(), bursts })
    }
}

/// The error now over the baseline's.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorRatio {
    pub now: MeanError,
    pub baseline: MeanError,
    pub ratio: f64,
    /// 90 % interval of the ratio, by the standard error of its logarithm.
    pub low: f64,
    pub high: f64,
    pub status: DriftStatus,
}

impl ErrorRatio {
    /// Whether the error is no larger than work that stays the same brings: at or below the limit that would warn.
    pub fn is_within(&self, limits: Threshold) -> bool {
        self.ratio <= limits.warning
    }
}

/// The ratio and its interval `r · exp(± t √(s₁²/m₁² + s₀²/m₀²))`, with Student's t of the bursts that are seen now: of two
/// or three bursts hardly anything is certain. `None` where either error is 0 or fewer than 30
/// tickets have a prediction.
///
/// A ratio above a limit alarms only where its interval lies above 1: over a few bursts a ratio of 1.3 is what the same
/// work brings.
pub fn ratio(now: MeanError, baseline: MeanError, limits: Threshold) -> Option<ErrorRatio> {
    if !(now.mae > 0.0 && baseline.mae > 0.0) || now.rows < FEWEST_ROWS {
        return None;
    }
    let relative = |error: &MeanError| error.standard_error / error.mae;
    let spread = half_width(now.bursts)? * relative(&now).hypot(relative(&baseline));
    let ratio = now.mae / baseline.mae;
    let (low, high) = (ratio * (-spread).exp(), ratio * spread.exp());
    // The running system asks for more than the limit, not for the limit itself.
    let status = match ratio {
        _ if low <= 1.0 => DriftStatus::Ok,
        ratio if ratio > limits.critical => DriftStatus::Critical,
        ratio if ratio > limits.warning => DriftStatus::Warning,
        _ => DriftStatus::Ok,
    };
    Some(ErrorRatio { ratio, low, high, now, baseline, status })
}

/// Half the width of the interval in standard errors that so many bursts allow; 0 bursts are unknown and taken for many.
fn half_width(bursts: f64) -> Option<f64> {
    let freedom = if bursts > 0.0 { (bursts - 1.0).clamp(1.0, f64::MAX) } else { f64::INFINITY };
    student_quantile(f64::midpoint(1.0, CONFIDENCE), freedom)
}

/// Mean absolute error in ms of the tickets completed in the last `days` before `end_ms`; `None` for none.
pub fn recent_mae(tickets: &Observations, absolute_errors: &[f64], end_ms: i64, days: i64) -> Option<f64> {
    let from = end_ms.saturating_sub(days.saturating_mul(MS_PER_DAY));
    let recent =
        || tickets.completed_at.iter().zip(absolute_errors).filter(|(at, _)| **at > from && **at <= end_ms).map(|(_, error)| error);
    let count = recent().count();
    (count > 0).then(|| recent().sum::<f64>() / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(mae: f64, standard_error: f64, rows: usize) -> MeanError {
        MeanError { mae, standard_error, rows, bursts: rows as f64 }
    }

    #[test]
    fn the_ratio_alarms_above_its_limits_and_knows_how_sure_it_is() {
        let found = ratio(error(600.0, 60.0, 100), error(500.0, 0.0, 900), Threshold::ERROR_RATIO).unwrap();
        assert_eq!(found.status, DriftStatus::Ok, "exactly the limit is not above it");
        // Student's t of 99 degrees of freedom leaves one in twenty above 1.660391.
        assert!((found.low - 1.2 * (-0.166_039_1f64).exp()).abs() < 1e-6 && found.high > 1.41, "{found:?}");
        let few = ratio(MeanError { bursts: 3.0, ..error(800.0, 60.0, 100) }, error(500.0, 0.0, 900), Threshold::ERROR_RATIO).unwrap();
        assert!((few.low - 1.6 * (-2.919_985_6f64 * 0.075).exp()).abs() < 1e-6, "three bursts: {few:?}");
        let normal = ratio(MeanError { bursts: 0.0, ..error(800.0, 60.0, 100) }, error(500.0, 0.0, 900), Threshold::ERROR_RATIO).unwrap();
        assert!((normal.low - 1.6 * (-1.644_853_6f64 * 0.075).exp()).abs() < 1e-6, "{normal:?}");
        let status = |mae| ratio(error(mae, 1.0, 100), error(500.0, 1.0, 900), Threshold::ERROR_RATIO).map(|ratio| ratio.status);
        assert_eq!((status(601.0), status(751.0), status(0.0)), (Some(DriftStatus::Warning), Some(DriftStatus::Critical), None));
        let unsure = ratio(error(800.0, 240.0, 100), error(500.0, 150.0, 900), Threshold::ERROR_RATIO).unwrap();
        assert!(unsure.ratio > 1.5 && unsure.low < 1.0, "{unsure:?}");
        assert_eq!(unsure.status, DriftStatus::Ok, "an interval that holds 1 is no alarm, however large the ratio");
        assert_eq!(ratio(error(600.0, 1.0, 29), error(500.0, 1.0, 900), Threshold::ERROR_RATIO), None);
    }

    #[test]
    fn bursts_widen_the_standard_error() {
        let mut tickets = Observations {
            completed_at: (0..100).map(|row| row * 1_000).collect(),
            duration_ms: vec![1.0; 100],
            ..Observations::default()
        };
        tickets.requester.names = (0..10).map(|name| name.to_string()).collect();
        tickets.requester.codes = (0..100).map(|row| row / 10).collect();
        let errors: Vec<f64> = (0..100).map(|row| f64::from(row / 10)).collect();
        let bursty = MeanError::measure(&tickets, &errors).unwrap();
        tickets.requester.codes = (0..100).map(|row| row % 10).collect();
        let even = MeanError::measure(&tickets, &errors).unwrap();
        assert!(bursty.standard_error > 3.0 * even.standard_error && bursty.mae == 4.5, "{bursty:?} {even:?}");
        assert_eq!(recent_mae(&tickets, &errors, 99_000, 1), Some(4.5));
        assert_eq!(recent_mae(&tickets, &errors, -1, 1), None);
        assert_eq!(MeanError::measure(&tickets, &[]), None);
    }
}
