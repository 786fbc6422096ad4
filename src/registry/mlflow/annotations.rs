//! Aliases, tags, measured metrics, and the history of a model.

use std::collections::{BTreeMap, BTreeSet};

use super::apply::{recorded, settled};
use super::observe::{self, observe};
use super::own_tags::metrics_record;
use super::read;
use super::registry::MlflowRegistry;
use crate::audit::Record;
use crate::error::Result;
use crate::lifecycle::{
    AliasChanged, AuditEntry, HistoryEntry, KIND_TAG, MEASURED, MEASURED_ON_TAG, METRICS_TAG, Measurement, ModelVersion, TagsChanged,
    check_alias, check_alias_is_free, check_tags, life,
};
use crate::registry::Annotations;

impl Annotations for MlflowRegistry {
    fn set_alias(&self, name: &str, alias: &str, version: Option<u32>, reason: Option<&str>) -> Result<AliasChanged> {
        check_alias(alias)?;
        let lease = self.lease(name)?;
        let versions = settled(self, &lease, name)?;
        let observed = observe(self, name, &versions)?;
        if let Some(version) = version {
            observed.live(version)?;
        }
        // One that is left on a deleted version serves nobody.
        if version.is_some() || observed.with_alias(alias).is_some() {
            check_alias_is_free(&self.serving_rule, name, alias)?;
            observed.agreed(None)?;
        }
        // An alias may be left on a deleted version, so the model itself is asked.
        let model = self.client.model(name)?.ok_or_else(|| self.no_model(name))?;
        let points_at = model.aliases.iter().find(|known| known.alias == alias).and_then(|known| u32::try_from(known.version).ok());
        let changed = AliasChanged::between(name, alias, points_at, version);
        if points_at == version {
            return Ok(changed);
        }
        let entry = AuditEntry::of_alias(&changed, reason);
        lease.check()?;
        let audit_id = recorded(self, &entry, || match version {
            Some(version) => Ok(self.client.set_alias(name, alias, version)?),
            None => Ok(self.client.remove_alias(name, alias)?),
        })?;
        Ok(changed.done(audit_id))
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
        let lease = self.lease(name)?;
        let versions = settled(self, &lease, name)?;
        let observed = observe(self, name, &versions)?;
        let changed = TagsChanged::between(observed.live(version)?, set, remove);
        if changed.after.is_empty() {
            return Ok(changed);
        }
        let entry = AuditEntry::of_tags(&changed, reason);
        let audit_id = recorded(self, &entry, || {
            changed.after.iter().try_for_each(|(key, value)| {
                lease.check()?;
                match value {
                    Some(value) => Ok(self.client.set_version_tag(name, version, key, value)?),
                    None => Ok(self.client.remove_version_tag(name, version, key)?),
                }
            })
        })?;
        Ok(changed.done(audit_id))
    }

    fn record_measurement(&self, measurement: &Measurement, reason: Option<&str>) -> Result<Option<String>> {
        let (name, number) = (&measurement.model, measurement.version);
        let lease = self.lease(name)?;
        let versions = settled(self, &lease, name)?;
        let observed = observe(self, name, &versions)?;
        let version = observed.live(number)?;
        if !version.metrics_are_claimed() {
            return Ok(None);
        }
        let entry = AuditEntry::of_measurement(version, measurement, reason);
        let mut written = metrics_record(&measurement.metrics);
        written.push((KIND_TAG.to_owned(), measurement.kind.clone()));
        written.push((MEASURED_ON_TAG.to_owned(), measurement.sentence()));
        // Last, because it makes the others count.
        written.push((METRICS_TAG.to_owned(), MEASURED.to_owned()));
        let audit_id = recorded(self, &entry, || {
            written.iter().try_for_each(|(key, value)| {
                lease.check()?;
                Ok(self.client.set_version_tag(name, number, key, value)?)
            })
        })?;
        Ok(Some(audit_id))
    }

    fn history(&self, name: &str) -> Result<Vec<HistoryEntry>> {
        let moved = read::moved_versions(&self.client, name)?;
        if moved.is_empty() {
            return Err(self.no_model(name));
        }
        let registered = moved.iter().flat_map(|moved| {
            let of_registering = moved.moves.iter().filter(|one| one.number == 0);
            of_registering.map(|one| one.record(name, moved.version.version))
        });
        let records: Vec<Record> = registered.chain(observe::records(name, &moved)).collect();
        let told: Vec<(&Record, Option<String>)> = records.iter().map(|record| (record, None)).collect();
        let versions: Vec<ModelVersion> = moved.iter().map(|moved| moved.version.clone()).collect();
        Ok(life(&versions, &told))
    }
}
