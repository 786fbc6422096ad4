//! The checks that were made, with what happened to the model between them.

use serde_json::{Value, json};

use super::check::{CheckReport, Finding};
use crate::drift::DriftStatus;
use crate::drift::pattern::{Pattern, recurring};
use crate::error::Result;
use crate::kinds::Catalogue;
use crate::lifecycle::DriftRecord;
use crate::ops::resolve::versions_of;
use crate::registry::{DriftStore, Registry};

/// What was found so far.
#[derive(Clone, Debug)]
pub struct HistoryReport {
    /// Oldest first.
    pub checks: Vec<DriftRecord>,
    /// Trainings and changes of stage, oldest first.
    pub marks: Vec<Mark>,
    /// What recurs, with the model's name.
    pub patterns: Vec<(String, Pattern)>,
}

/// Something that happened to a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub model: String,
    /// Milliseconds since the epoch.
    pub at: i64,
    pub event: String,
    pub version: Option<u32>,
}

/// Keeps a check.
///
/// Errors: those of writing the registry.
pub fn record(store: &dyn DriftStore, report: &CheckReport, now_ms: i64) -> Result<()> {
    store.record_check(&DriftRecord {
        model: report.model.version.name.clone(),
        version: report.model.version.version,
        method: report.method.word().to_owned(),
        window_end: report.window.1,
        checked_at: now_ms,
        status: report.status.word().to_owned(),
        data: numbers(report),
    })
}

fn numbers(report: &CheckReport) -> Value {
    type Strongest = (Option<(String, f64)>, Option<(f64, f64)>, Vec<String>);
    let (largest, target, segments): Strongest = match &report.finding {
        Finding::Robust(robust) => {
            let largest = robust.shapes.iter().max_by(|left, right| left.psi_adjusted.total_cmp(&right.psi_adjusted));
            let hits = robust.segments.iter().filter(|segment| segment.is_hit);
            (
                largest.map(|shape| (shape.name.clone(), shape.psi_adjusted.max(0.0))),
                Some((robust.target.ks_statistic, robust.target.p_value)),
                hits.map(|segment| format!("{} {}", segment.dimension, segment.value)).collect(),
            )
        }
        Finding::Reference(reference) => {
            let largest = reference.feature_drift.iter().max_by(|left, right| left.1.total_cmp(right.1));
            let target = reference.target_drift.map(|target| (target.ks_statistic, target.p_value));
            (largest.map(|(name, index)| (name.clone(), *index)), target, Vec::new())
        }
    };
    json!({
        "drift_ratio": report.ratio.as_ref().map(|ratio| ratio.ratio),
        "current_mae": report.ratio.as_ref().map(|ratio| ratio.now.mae),
        "max_psi_feature": largest.as_ref().map(|(name, _)| name),
        "max_psi": largest.map(|(_, index)| index),
        "ks_statistic": target.map(|(distance, _)| distance),
        "p_value": target.map(|(_, p_value)| p_value),
        "ticket_count": report.rows,
        "window_days": report.window_days,
        "segments": segments,
    })
}

/// The status that a record's word stands for.
pub fn status_of(record: &DriftRecord) -> DriftStatus {
    let all = [DriftStatus::Ok, DriftStatus::Warning, DriftStatus::Critical];
    all.into_iter().find(|status| status.word() == record.status).unwrap_or(DriftStatus::NotEnoughData)
}

/// The checks of one model or of all whose windows ended since a moment.
///
/// Errors: [`crate::error::ErrorKind::ModelNotFound`] for a model that is not there.
pub fn run(registry: &Registry, kinds: &Catalogue, model: Option<&str>, since: i64) -> Result<HistoryReport> {
    let model = model.map(|name| versions_of(registry.store(), kinds, name).map(|(name, _)| name)).transpose()?;
    let checks = registry.drift_store()?.checks(model.as_deref(), since)?;
    let mut names: Vec<&String> = checks.iter().map(|check| &check.model).collect();
    names.sort_unstable();
    names.dedup();
    let (mut marks, mut patterns) = (Vec::new(), Vec::new());
    for name in names {
        let own = checks.iter().filter(|check| check.model == *name).map(|check| (check.window_end, status_of(check)));
        patterns.extend(recurring(&own.collect::<Vec<_>>()).into_iter().map(|pattern| (name.clone(), pattern)));
        let events = registry.annotations()?.history(name)?.into_iter().filter_map(|entry| {
            let at = entry.at.parse::<jiff::Timestamp>().ok()?.as_millisecond();
            Some(Mark { model: name.clone(), at, event: entry.event, version: entry.version })
        });
        marks.extend(events.filter(|mark| mark.at >= since && mark.event != "drift baseline"));
    }
    marks.sort_by_key(|mark| mark.at);
    Ok(HistoryReport { checks, marks, patterns })
}
