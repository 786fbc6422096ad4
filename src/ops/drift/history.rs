//! The checks that were made, with what happened to the model between them.

use serde::Serialize;

use super::check::{DriftCheck, RuleFinding};
use crate::api::drift_history::{DriftHistoryReport, DriftHistoryRequest, KeptCheck, ModelEvent, RecurringDrift};
use crate::api::{Operations, Timestamp};
use crate::drift::DriftStatus;
use crate::drift::pattern::recurring;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::DriftRecord;
use crate::ops::resolve::versions_of;
use crate::ops::workspace::{Intent, Workspace};
use crate::registry::DriftStore;

/// Keeps a check.
///
/// Errors: those of writing the registry.
pub fn record(store: &dyn DriftStore, report: &DriftCheck, now_ms: i64) -> Result<()> {
    let data =
        serde_json::to_value(numbers(report)).map_err(|error| Error::new(ErrorKind::Internal, "cannot write a check").because(error))?;
    store.record_check(&DriftRecord {
        model: report.model.version.name.clone(),
        version: report.model.version.version,
        method: report.method.to_string(),
        window_end: report.window.1,
        checked_at: now_ms,
        status: report.status.to_string(),
        data,
    })
}

/// What is kept of a check.
#[derive(Serialize)]
struct Numbers {
    drift_ratio: Option<f64>,
    /// In ms.
    current_mae: Option<f64>,
    max_psi_feature: Option<String>,
    max_psi: Option<f64>,
    ks_statistic: Option<f64>,
    p_value: Option<f64>,
    ticket_count: usize,
    window_days: f64,
    /// Those that alarm, such as `task_type BUILD`.
    segments: Vec<String>,
}

fn numbers(report: &DriftCheck) -> Numbers {
    type Strongest = (Option<(String, f64)>, Option<(f64, f64)>, Vec<String>);
    let (largest, target, segments): Strongest = match &report.finding {
        RuleFinding::Robust(robust) => {
            let largest = robust.shapes.iter().max_by(|left, right| left.psi_adjusted.total_cmp(&right.psi_adjusted));
            let hits = robust.segments.iter().filter(|segment| segment.is_hit);
            (
                largest.map(|shape| (shape.name.clone(), shape.psi_adjusted.max(0.0))),
                Some((robust.target.ks_statistic, robust.target.p_value)),
                hits.map(|segment| format!("{} {}", segment.dimension, segment.value)).collect(),
            )
        }
        RuleFinding::Reference(reference) => {
            let largest = reference.feature_drift.iter().max_by(|left, right| left.1.total_cmp(right.1));
            let target = reference.target_drift.map(|target| (target.ks_statistic, target.p_value));
            (largest.map(|(name, index)| (name.clone(), *index)), target, Vec::new())
        }
    };
    let (max_psi_feature, max_psi) = largest.unzip();
    let (ks_statistic, p_value) = target.unzip();
    Numbers {
        drift_ratio: report.ratio.as_ref().map(|ratio| ratio.ratio),
        current_mae: report.ratio.as_ref().map(|ratio| ratio.now.mae),
        max_psi_feature,
        max_psi,
        ks_statistic,
        p_value,
        ticket_count: report.rows,
        window_days: report.window_days,
        segments,
    }
}

/// The status that a record's word stands for.
pub(super) fn status_of(record: &DriftRecord) -> DriftStatus {
    record.status.parse().unwrap_or(DriftStatus::NotEnoughData)
}

impl Operations<DriftHistoryRequest> for Workspace<'_> {
    fn run(&self, request: &DriftHistoryRequest) -> Result<DriftHistoryReport> {
        let settings = self.settings(&self.flags())?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let since = request.since.map_or(i64::MIN, |since| since.0);
        let model = request.model.as_deref().map(|name| versions_of(registry.store(), self.kinds(), name)).transpose()?;
        let checks = registry.drift_store()?.checks(model.as_ref().map(|(name, _)| name.as_str()), since)?;
        let mut names: Vec<&String> = checks.iter().map(|check| &check.model).collect();
        names.sort_unstable();
        names.dedup();
        let (mut events, mut patterns) = (Vec::new(), Vec::new());
        for name in names {
            let own = checks.iter().filter(|check| check.model == *name).map(|check| (check.window_end, status_of(check)));
            patterns.extend(recurring(&own.collect::<Vec<_>>()).into_iter().map(|pattern| RecurringDrift {
                model: name.clone(),
                when: pattern.name,
                check_count: pattern.checks,
                drifted_count: pattern.drifted,
            }));
            let own = registry.annotations()?.history(name)?.into_iter().filter_map(|entry| {
                let at = Timestamp(entry.at.parse::<jiff::Timestamp>().ok()?.as_millisecond());
                Some(ModelEvent { model: name.clone(), at, event: entry.event, version: entry.version })
            });
            events.extend(own.filter(|event| event.at.0 >= since && event.event != "drift baseline"));
        }
        events.sort_by_key(|event| event.at);
        Ok(DriftHistoryReport { items: checks.into_iter().map(kept).collect(), events, patterns })
    }
}

fn kept(record: DriftRecord) -> KeptCheck {
    KeptCheck {
        model: record.model,
        version: record.version,
        method: record.method,
        status: record.status,
        window_end: Timestamp(record.window_end),
        checked_at: Timestamp(record.checked_at),
        numbers: record.data,
    }
}
