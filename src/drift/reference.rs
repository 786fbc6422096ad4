//! The running system's drift rule, with its own numbers: so that old and new can be compared.
//!
//! Ten equal bins over the baseline's range, no correction for noise or bursts, windows by creation time, strict
//! inequalities. Parts that are missing count as no drift there; here they are `None` and the check says so.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::observations::{Observations, feature_names};
use super::verdict::DriftStatus;
use crate::statistics::ks::{PValue, two_sample};
use crate::statistics::psi::EqualBins;

/// Tickets at most that shapes are computed from, the latest ones.
const MOST_ROWS: usize = 1_000;
/// Predictions at most that an error is computed from.
pub const MOST_PREDICTIONS: usize = 500;
/// Target values that a baseline keeps.
const KEPT_VALUES: usize = 1_000;
/// Fewest tickets that shapes are computed from.
const FEWEST_ROWS: usize = 50;
/// So many features may be critical by themselves without making the whole critical.
const MOST_STRONG: usize = 3;

/// What the running system keeps of a baseline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferenceBaseline {
    /// By feature; features with a value that is not finite are left out.
    pub features: BTreeMap<String, EqualBins>,
    pub target: TargetBaseline,
}

/// Durations of the baseline, in ms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetBaseline {
    /// The first thousand.
    pub values: Vec<f64>,
    pub mean: f64,
    /// Population standard deviation.
    pub standard_deviation: f64,
}

impl ReferenceBaseline {
    /// Learns from tickets; `None` for none.
    pub fn learn(tickets: &Observations) -> Option<ReferenceBaseline> {
        let features = feature_names().into_iter().zip(&tickets.features);
        let features = features.filter_map(|(name, column)| Some((name, EqualBins::learn(&wide(column))?))).collect();
        let (mean, standard_deviation) = moments(&tickets.duration_ms)?;
        let values = tickets.duration_ms.iter().take(KEPT_VALUES).copied().collect();
        Some(ReferenceBaseline { features, target: TargetBaseline { values, mean, standard_deviation } })
    }
}

fn wide(column: &[f32]) -> Vec<f64> {
    column.iter().map(|&value| f64::from(value)).collect()
}

/// Mean and population standard deviation.
fn moments(values: &[f64]) -> Option<(f64, f64)> {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    (!values.is_empty()).then(|| (mean, variance.sqrt()))
}

/// Mean absolute errors in ms by the days they look back.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RecentErrors {
    pub mae_1d: Option<f64>,
    pub mae_3d: Option<f64>,
    pub mae_7d: Option<f64>,
}

impl RecentErrors {
    /// The longest that is there and not 0.
    pub fn current(&self) -> Option<f64> {
        [self.mae_7d, self.mae_3d, self.mae_1d].into_iter().flatten().find(|&mae| mae > 0.0)
    }
}

/// How the target moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReferenceTargetDrift {
    pub ks_statistic: f64,
    pub p_value: f64,
    pub mean_shift_pct: f64,
    pub std_shift_pct: f64,
    pub baseline_mean: f64,
    pub baseline_std: f64,
    pub recent_mean: f64,
    pub recent_std: f64,
}

/// What the rule finds.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferenceReport {
    pub feature_drift: BTreeMap<String, f64>,
    /// Error now over the error at training.
    pub drift_ratio: Option<f64>,
    pub target_drift: Option<ReferenceTargetDrift>,
    pub status: DriftStatus,
}

/// The limits of the running system's settings; each is passed only by what is above it (below it for p).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReferenceLimits {
    pub psi: f64,
    pub error_ratio: f64,
    pub p_value: f64,
}

impl Default for ReferenceLimits {
    fn default() -> Self {
        ReferenceLimits { psi: 0.25, error_ratio: 1.5, p_value: 0.05 }
    }
}

impl ReferenceLimits {
    /// Of one feature alone: above .25 critical, above .1 a warning. The rule as a whole asks for more than three
    /// critical ones.
    pub fn of_psi(&self, psi: f64) -> DriftStatus {
        above(psi, self.psi * 0.4, self.psi)
    }

    /// Of the error: above 1.5 times what it was critical, above 1.2 times a warning.
    pub fn of_error_ratio(&self, ratio: f64) -> DriftStatus {
        above(ratio, 1.0 + (self.error_ratio - 1.0) * 0.4, self.error_ratio)
    }

    /// Of durations: a p-value below .01 critical, below .05 a warning.
    pub fn of_p_value(&self, p_value: f64) -> DriftStatus {
        above(-p_value, -self.p_value, -self.p_value / 5.0)
    }
}

/// Strictly above a limit; not a number is ok.
fn above(value: f64, warning: f64, critical: f64) -> DriftStatus {
    match value {
        value if value > critical => DriftStatus::Critical,
        value if value > warning => DriftStatus::Warning,
        _ => DriftStatus::Ok,
    }
}

/// Applies the rule to the tickets of a window, in the order they were read.
pub fn check(
    baseline: &ReferenceBaseline,
    tickets: &Observations,
    errors: &RecentErrors,
    training_mae: Option<f64>,
    limits: &ReferenceLimits,
) -> ReferenceReport {
    let latest = tickets.len().saturating_sub(MOST_ROWS);
    let enough = tickets.len() - latest >= FEWEST_ROWS;
    let mut feature_drift = BTreeMap::new();
    for (name, column) in feature_names().into_iter().zip(&tickets.features).filter(|_| enough) {
        let psi = baseline.features.get(&name).and_then(|bins| bins.psi(&wide(&column[latest..])));
        feature_drift.extend(psi.map(|psi| (name, psi)));
    }
    let target_drift = if enough { target(&baseline.target, &tickets.duration_ms[latest..]) } else { None };
    let drift_ratio = training_mae.filter(|&mae| mae > 0.0).and_then(|training| Some(errors.current()? / training));
    let status = overall(drift_ratio, &feature_drift, target_drift.map(|target| target.p_value), limits);
    ReferenceReport { feature_drift, drift_ratio, target_drift, status }
}

/// How durations (ms) moved; `None` when either side is empty.
pub fn target(baseline: &TargetBaseline, recent: &[f64]) -> Option<ReferenceTargetDrift> {
    let test = two_sample(&baseline.values, recent, PValue::Auto)?;
    let (recent_mean, recent_std) = moments(recent)?;
    let percent = |now: f64, then: f64, usable: bool| if usable { (now - then) / then * 100.0 } else { 0.0 };
    Some(ReferenceTargetDrift {
        ks_statistic: test.statistic,
        p_value: test.p_value,
        mean_shift_pct: percent(recent_mean, baseline.mean, baseline.mean != 0.0),
        std_shift_pct: percent(recent_std, baseline.standard_deviation, baseline.standard_deviation > 0.0),
        baseline_mean: baseline.mean,
        baseline_std: baseline.standard_deviation,
        recent_mean,
        recent_std,
    })
}

/// Critical: a ratio above 1.5, more than three features above .25, or p below .01. Warning: a ratio above 1.2, a
/// feature above .1, or p below .05. What is missing counts as no drift.
pub fn overall(
    drift_ratio: Option<f64>,
    feature_drift: &BTreeMap<String, f64>,
    p_value: Option<f64>,
    limits: &ReferenceLimits,
) -> DriftStatus {
    let features: Vec<DriftStatus> = feature_drift.values().map(|&psi| limits.of_psi(psi)).collect();
    let strong = features.iter().filter(|&&status| status == DriftStatus::Critical).count();
    let of_features = match features.into_iter().max() {
        Some(DriftStatus::Critical) if strong <= MOST_STRONG => DriftStatus::Warning,
        strongest => strongest.unwrap_or(DriftStatus::Ok),
    };
    let of_error = limits.of_error_ratio(drift_ratio.unwrap_or(0.0));
    of_features.max(of_error).max(limits.of_p_value(p_value.unwrap_or(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::psi::reference_psi;

    fn near(found: f64, expected: f64, within: f64) {
        assert!((found - expected).abs() <= within, "{found} is not {expected}");
    }

    fn ramp(from: f64, step: f64) -> Vec<f64> {
        (0..100).map(|place| from + step * f64::from(place)).collect()
    }

    #[test]
    fn the_running_systems_golden_indices() {
        let uniform = ramp(0.0, 1.0);
        near(reference_psi(&uniform, &uniform).unwrap(), 0.0, 0.0);
        near(reference_psi(&uniform, &ramp(50.0, 1.0)).unwrap(), 3.450424, 5e-7);
        near(reference_psi(&uniform, &ramp(200.0, 1.0)).unwrap(), 6.900848, 5e-7);
        near(reference_psi(&[5.0; 100], &[6.0; 100]).unwrap(), 9.209419, 5e-7);
        // Half .5 then and all .7 now, beside it: one bin empties and another fills.
        let spread: Vec<f64> = (0..100).map(|place| if place < 99 { 0.5 } else { 1.0 }).collect();
        assert!(reference_psi(&spread, &[1.0; 100]).unwrap() > 9.0);
    }

    #[test]
    fn the_running_systems_golden_errors_and_target() {
        let (baseline, recent) = (ramp(57_000.0, 100.0), ramp(110_000.0, 200.0));
        let predicted = ramp(60_000.0, 100.0);
        let mae = recent.iter().zip(&predicted).map(|(actual, predicted)| (actual - predicted).abs()).sum::<f64>() / 100.0;
        near(mae, 54_950.0, 1e-9);
        near(RecentErrors { mae_7d: Some(mae), ..RecentErrors::default() }.current().unwrap() / 5_000.0, 10.99, 1e-12);
        let target_of =
            |mean, standard_deviation| target(&TargetBaseline { values: baseline.clone(), mean, standard_deviation }, &recent).unwrap();
        let own = moments(&baseline).unwrap();
        near(own.0, 61_950.0, 1e-9);
        near(own.1, 2_886.607, 5e-4);
        let found = target_of(62_000.0, 5_000.0);
        near(found.ks_statistic, 1.0, 0.0);
        near(found.recent_mean, 119_900.0, 1e-9);
        near(found.recent_std, 5_773.214, 5e-4);
        near(found.mean_shift_pct, 93.387, 5e-4);
        assert_eq!(target_of(0.0, 0.0).mean_shift_pct, 0.0);
    }

    #[test]
    fn the_ladder_is_strict() {
        let status = |ratio: f64, indices: &[f64], p_value: f64| {
            let indices = indices.iter().enumerate().map(|(place, &index)| (place.to_string(), index)).collect();
            overall(Some(ratio), &indices, Some(p_value), &ReferenceLimits::default())
        };
        assert_eq!(status(1.2, &[0.1], 0.05), DriftStatus::Ok);
        assert_eq!(status(1.200_001, &[], 1.0), DriftStatus::Warning);
        assert_eq!(status(0.0, &[0.11], 1.0), DriftStatus::Warning);
        assert_eq!(status(0.0, &[], 0.049), DriftStatus::Warning);
        assert_eq!(status(1.5, &[0.26, 0.26, 0.26], 0.01), DriftStatus::Warning);
        assert_eq!(status(1.51, &[], 1.0), DriftStatus::Critical);
        assert_eq!(status(0.0, &[0.26; 4], 1.0), DriftStatus::Critical);
        assert_eq!(status(0.0, &[], 0.009), DriftStatus::Critical);
        assert_eq!(overall(None, &BTreeMap::new(), None, &ReferenceLimits::default()), DriftStatus::Ok);
    }

    #[test]
    fn the_shortest_window_speaks_only_where_the_longer_ones_are_silent() {
        let errors = RecentErrors { mae_1d: Some(3.0), mae_3d: Some(2.0), mae_7d: None };
        assert_eq!(errors.current(), Some(2.0));
        assert_eq!(RecentErrors { mae_7d: Some(0.0), ..errors }.current(), Some(2.0));
        assert_eq!(RecentErrors::default().current(), None);
    }

    #[test]
    fn each_number_has_a_verdict_of_its_own_and_the_whole_asks_for_more() {
        use DriftStatus::{Critical, Ok, Warning};
        let limits = ReferenceLimits::default();
        assert_eq!([0.1, 0.11, 0.25, 0.94, f64::NAN].map(|psi| limits.of_psi(psi)), [Ok, Warning, Warning, Critical, Ok]);
        assert_eq!([1.2, 1.21, 1.5, 1.51].map(|ratio| limits.of_error_ratio(ratio)), [Ok, Warning, Warning, Critical]);
        assert_eq!([0.05, 0.049, 0.01, 0.009].map(|p| limits.of_p_value(p)), [Ok, Warning, Warning, Critical]);
        let features = |psi: &[f64]| psi.iter().enumerate().map(|(place, &psi)| (place.to_string(), psi)).collect();
        assert_eq!(overall(None, &features(&[0.94; 3]), None, &limits), Warning);
        assert_eq!(overall(None, &features(&[0.94; 4]), None, &limits), Critical);
    }
}
