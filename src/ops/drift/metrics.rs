//! A check as metrics, under the names that the guides' dashboards and alerts use.

use super::check::{DriftCheck, RuleFinding};
use crate::drift::{DriftStatus, Threshold};
use crate::telemetry::exposition::{self, Gauge, GaugeValue};

/// The job under which the running system pushes drift.
pub const JOB: &str = "ml_drift_detection";

/// The check in the text form of Prometheus, all of them gauges. A status that is not known is left out, never 0.
pub fn text(report: &DriftCheck, checked_at_ms: i64) -> String {
    let model = report.model.version.name.clone();
    let scores = scores(report, &model);
    let statuses = statuses(report, &model);
    let label = || vec![("model_name", model.clone())];
    let single = |value: Option<f64>| {
        value.filter(|value| value.is_finite()).map(|value| GaugeValue { labels: label(), value }).into_iter().collect::<Vec<_>>()
    };
    let (largest, p_value) = largest(report);
    let gauges = [
        Gauge { name: "orchestration_ml_drift_score", help: "Drift score: PSI, error ratio or K-S distance.", samples: scores },
        Gauge { name: "orchestration_ml_drift_status", help: "Drift status by type: 0 ok, 1 warning, 2 critical.", samples: statuses },
        Gauge {
            name: "orchestration_ml_drift_overall_status",
            help: "Overall drift status: 0 ok, 1 warning, 2 critical; absent without enough data.",
            samples: single(level(report.status)),
        },
        Gauge { name: "orchestration_ml_drift_feature_max_psi", help: "Largest PSI of a feature.", samples: single(largest) },
        Gauge {
            name: "orchestration_ml_drift_prediction_ratio",
            help: "Mean absolute error now over the baseline's.",
            samples: single(report.ratio.as_ref().map(|ratio| ratio.ratio)),
        },
        Gauge { name: "orchestration_ml_drift_target_pvalue", help: "P-value of equal durations then and now.", samples: single(p_value) },
        Gauge {
            name: "orchestration_ml_drift_check_timestamp",
            help: "When the check was made, in seconds since the epoch.",
            samples: single(Some(checked_at_ms as f64 / 1000.0)),
        },
    ];
    exposition::text(&gauges)
}

fn level(status: DriftStatus) -> Option<f64> {
    match status {
        DriftStatus::Ok => Some(0.0),
        DriftStatus::Warning => Some(1.0),
        DriftStatus::Critical => Some(2.0),
        DriftStatus::NotEnoughData => None,
    }
}

fn scores(report: &DriftCheck, model: &str) -> Vec<GaugeValue> {
    let sample = |kind: &str, feature: &str, value: f64| {
        let labels = vec![("drift_type", kind.to_owned()), ("feature", feature.to_owned()), ("model_name", model.to_owned())];
        GaugeValue { labels, value }
    };
    let mut samples = match &report.finding {
        RuleFinding::Robust(robust) => {
            let features = robust.shapes.iter().filter(|shape| shape.distance.is_none());
            let mut samples: Vec<GaugeValue> = features.map(|shape| sample("feature", &shape.name, shape.psi_adjusted.max(0.0))).collect();
            samples.push(sample("target", "actual_duration_ms", robust.target.ks_statistic));
            samples
        }
        RuleFinding::Reference(reference) => {
            let mut samples: Vec<GaugeValue> =
                reference.feature_drift.iter().map(|(name, &index)| sample("feature", name, index)).collect();
            samples.extend(reference.target_drift.map(|target| sample("target", "actual_duration_ms", target.ks_statistic)));
            samples
        }
    };
    samples.extend(report.ratio.as_ref().map(|ratio| sample("prediction", "mae_ratio", ratio.ratio)));
    samples.retain(|sample| sample.value.is_finite());
    samples
}

fn statuses(report: &DriftCheck, model: &str) -> Vec<GaugeValue> {
    if report.status == DriftStatus::NotEnoughData {
        return Vec::new();
    }
    let sample = |kind: &str, status: DriftStatus| {
        let labels = vec![("drift_type", kind.to_owned()), ("model_name", model.to_owned())];
        level(status).map(|value| GaugeValue { labels, value })
    };
    let (features, target) = match &report.finding {
        RuleFinding::Robust(robust) => {
            let features = robust.shapes.iter().filter(|shape| shape.distance.is_none()).map(|shape| shape.status);
            (features.fold(DriftStatus::Ok, DriftStatus::max), robust.target.status)
        }
        RuleFinding::Reference(reference) => {
            let index = Threshold::PSI.scaled(0.0, report.limits.psi);
            let features = reference.feature_drift.values().map(|&value| index.reached(value)).fold(DriftStatus::Ok, DriftStatus::max);
            let target = match reference.target_drift.map_or(1.0, |target| target.p_value) {
                p_value if p_value < report.limits.p_value / 5.0 => DriftStatus::Critical,
                p_value if p_value < report.limits.p_value => DriftStatus::Warning,
                _ => DriftStatus::Ok,
            };
            (features, target)
        }
    };
    let prediction = report.ratio.as_ref().and_then(|ratio| sample("prediction", ratio.status));
    [sample("feature", features), prediction, sample("target", target)].into_iter().flatten().collect()
}

fn largest(report: &DriftCheck) -> (Option<f64>, Option<f64>) {
    match &report.finding {
        RuleFinding::Robust(robust) => {
            let features = robust.shapes.iter().filter(|shape| shape.distance.is_none());
            (features.map(|shape| shape.psi_adjusted.max(0.0)).reduce(f64::max), Some(robust.target.p_value))
        }
        RuleFinding::Reference(reference) => {
            (reference.feature_drift.values().copied().reduce(f64::max), reference.target_drift.map(|target| target.p_value))
        }
    }
}
