//! What was measured takes the place of what was claimed.

use rusqlite::params;

use super::apply::begin;
use super::change::Change;
use super::place::EmbeddedRegistry;
use super::{audit_log, observe, rows};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::AuditEntry;
use crate::lifecycle::{KIND_TAG, Measurement, ModelVersion};
use crate::lifecycle::{MEASURED, MEASURED_ON_TAG, METRICS_TAG};
use crate::registry::clock::now_ms;

/// Records a measurement of a version whose metrics are claimed; answers with the audit record's name, `None`
/// where another process has measured it meanwhile.
pub(super) fn record(registry: &EmbeddedRegistry, measurement: &Measurement, reason: Option<&str>) -> Result<Option<String>> {
    let (name, number) = (&measurement.model, measurement.version);
    let mut database = registry.writer()?;
    let change = begin(registry, &mut database)?;
    let observed = observe::observe(change.view(), name)?;
    let version = observed.live(number)?;
    if !version.metrics_are_claimed() {
        return Ok(None);
    }
    let entry = AuditEntry::of_measurement(version, measurement, reason);
    let link = audit_log::recorded(&change, &registry.actor, &entry, || {
        replace_metrics(&change, version, measurement)?;
        rows::set_tag(&change, name, number, KIND_TAG, measurement.kind.word())?;
        rows::set_tag(&change, name, number, METRICS_TAG, MEASURED)?;
        rows::set_tag(&change, name, number, MEASURED_ON_TAG, &measurement.sentence())
    })?;
    change.commit()?;
    Ok(Some(link.id()))
}

/// The logged model's metrics become the measured ones, all of them: a claim that nobody could measure must not
/// stay beside them. The run, which may have made other models too, keeps what was said of it.
fn replace_metrics(change: &Change<'_>, version: &ModelVersion, measurement: &Measurement) -> Result<()> {
    let model_id = version
        .model_id()
        .ok_or_else(|| Error::new(ErrorKind::Internal, format!("{}@{} has no logged model", version.name, version.version)))?;
    change.execute("DELETE FROM logged_model_metrics WHERE model_id = ?1", [model_id])?;
    for (metric, value) in &measurement.metrics {
        let sql = "INSERT INTO logged_model_metrics (model_id, metric_name, metric_timestamp_ms, metric_step, metric_value, experiment_id, run_id)
                   SELECT model_id, ?2, ?3, 0, ?4, experiment_id, source_run_id FROM logged_models WHERE model_id = ?1";
        change.execute(sql, params![model_id, metric, now_ms(), value])?;
    }
    Ok(())
}
