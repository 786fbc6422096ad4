//! Aliases, tags, measured metrics, and the history of a model.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;

use super::promotion::begin;
use super::registry::EmbeddedRegistry;
use super::{history, observe, rows};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{
    AliasChanged, AuditEntry, HistoryEntry, KIND_TAG, MEASURED, MEASURED_ON_TAG, METRICS_TAG, Measurement, ModelVersion, TagsChanged,
    check_alias, check_alias_is_free, check_tags,
};
use crate::registry::Annotations;
use crate::registry::clock::now_ms;
use crate::registry::journal::{Change, audit_log};

impl Annotations for EmbeddedRegistry {
    fn set_alias(&self, name: &str, alias: &str, version: Option<u32>, reason: Option<&str>) -> Result<AliasChanged> {
        check_alias(alias)?;
        let mut database = self.writer()?;
        let change = begin(self, &mut database)?;
        let observed = observe::observe(change.view(), &self.serving_rule, name)?;
        if let Some(version) = version {
            observed.live(version)?;
        }
        // One that is left on a deleted version serves nobody.
        if version.is_some() || observed.with_alias(alias).is_some() {
            check_alias_is_free(&self.serving_rule, name, alias)?;
            observed.agreed(None)?;
        }
        // An alias may be left on a deleted version, so the table itself is asked.
        let before = rows::alias(&change, name, alias)?;
        let changed = AliasChanged::between(name, alias, before, version);
        if before == version {
            return Ok(changed);
        }
        let entry = AuditEntry::of_alias(&changed, reason);
        let link = audit_log::recorded(&change, &self.actor, &entry, || match version {
            Some(version) => rows::set_alias(&change, name, alias, version),
            None => rows::remove_alias(&change, name, alias),
        })?;
        change.commit()?;
        Ok(changed.done(link.id()))
    }

    fn set_tags(
        &self,
        name: &str,
        version: u32,
        set: &BTreeMap<String, String>,
        remove: &BTreeSet<String>,
        reason: Option<&str>,
    ) -> Result<TagsChanged> {
        check_tags(set, remove)?;
        let mut database = self.writer()?;
        let change = begin(self, &mut database)?;
        let observed = observe::observe(change.view(), &self.serving_rule, name)?;
        let changed = TagsChanged::between(observed.live(version)?, set, remove);
        if changed.after.is_empty() {
            return Ok(changed);
        }
        let entry = AuditEntry::of_tags(&changed, reason);
        let link = audit_log::recorded(&change, &self.actor, &entry, || {
            changed.after.iter().try_for_each(|(key, value)| match value {
                Some(value) => rows::set_tag(&change, name, version, key, value),
                None => rows::remove_tag(&change, name, version, key),
            })
        })?;
        change.commit()?;
        Ok(changed.done(link.id()))
    }

    fn record_measurement(&self, measurement: &Measurement, reason: Option<&str>) -> Result<Option<String>> {
        let (name, number) = (&measurement.model, measurement.version);
        let mut database = self.writer()?;
        let change = begin(self, &mut database)?;
        let observed = observe::observe(change.view(), &self.serving_rule, name)?;
        let version = observed.live(number)?;
        if !version.metrics_are_claimed() {
            return Ok(None);
        }
        let entry = AuditEntry::of_measurement(version, measurement, reason);
        let link = audit_log::recorded(&change, &self.actor, &entry, || {
            replace_metrics(&change, version, measurement)?;
            rows::set_tag(&change, name, number, KIND_TAG, &measurement.kind)?;
            rows::set_tag(&change, name, number, METRICS_TAG, MEASURED)?;
            rows::set_tag(&change, name, number, MEASURED_ON_TAG, &measurement.sentence())
        })?;
        change.commit()?;
        Ok(Some(link.id()))
    }

    fn history(&self, name: &str) -> Result<Vec<HistoryEntry>> {
        self.read(|view| history::history(view, name))?.ok_or_else(|| self.no_model(name))
    }
}

/// The logged model's metrics become the measured ones, all of them: a claim that nobody could measure must not
/// stay beside them. The run, which may have made other models too, keeps what was said of it.
fn replace_metrics(change: &Change<'_>, version: &ModelVersion, measurement: &Measurement) -> Result<()> {
    let model_id = version.model_id().ok_or_else(|| Error::new(ErrorKind::Internal, format!("{} has no logged model", version.id())))?;
    change.execute("DELETE FROM logged_model_metrics WHERE model_id = ?1", [model_id])?;
    for (metric, value) in &measurement.metrics {
        let sql = "INSERT INTO logged_model_metrics (model_id, metric_name, metric_timestamp_ms, metric_step, metric_value, experiment_id, run_id)
                   SELECT model_id, ?2, ?3, 0, ?4, experiment_id, source_run_id FROM logged_models WHERE model_id = ?1";
        change.execute(sql, params![model_id, metric, now_ms(), value])?;
    }
    Ok(())
}
