//! Aliases, tags and measured metrics.

use std::collections::{BTreeMap, BTreeSet};

use super::apply::{recorded, settled};
use super::observe::observe;
use super::own_tags::metrics_record;
use super::place::MlflowRegistry;
use crate::error::Result;
use crate::lifecycle::AuditEntry;
use crate::lifecycle::{AliasChanged, KIND_TAG, Measurement, TagsChanged};
use crate::lifecycle::{MEASURED, MEASURED_ON_TAG, METRICS_TAG};
use crate::lifecycle::{check_alias, check_tags};

/// Points an alias at a version, or removes it.
pub(super) fn set_alias(
    registry: &MlflowRegistry,
    name: &str,
    alias: &str,
    version: Option<u32>,
    reason: Option<&str>,
) -> Result<AliasChanged> {
    check_alias(name, alias)?;
    let lease = registry.lease(name)?;
    let versions = settled(registry, &lease, name)?;
    let observed = observe(registry, name, &versions)?;
    if let Some(version) = version {
        observed.live(version)?;
    }
    // An alias may be left on a deleted version, so the model itself is asked.
    let model = registry.client.model(name)?.ok_or_else(|| registry.no_model(name))?;
    let points_at = model.aliases.iter().find(|known| known.alias == alias).and_then(|known| u32::try_from(known.version).ok());
    let changed = AliasChanged::between(name, alias, points_at, version);
    if points_at == version {
        return Ok(changed);
    }
    let entry = AuditEntry::of_alias(&changed, reason);
    lease.check()?;
    let audit_id = recorded(registry, &entry, || match version {
        Some(version) => Ok(registry.client.set_alias(name, alias, version)?),
        None => Ok(registry.client.remove_alias(name, alias)?),
    })?;
    Ok(changed.done(audit_id))
}

/// Sets and removes tags of a version.
pub(super) fn set_tags(
    registry: &MlflowRegistry,
    name: &str,
    version: u32,
    set: &BTreeMap<String, String>,
    remove: &BTreeSet<String>,
    reason: Option<&str>,
) -> Result<TagsChanged> {
    check_tags(set, remove)?;
    let lease = registry.lease(name)?;
    let versions = settled(registry, &lease, name)?;
    let observed = observe(registry, name, &versions)?;
    let changed = TagsChanged::between(observed.live(version)?, set, remove);
    if changed.after.is_empty() {
        return Ok(changed);
    }
    let entry = AuditEntry::of_tags(&changed, reason);
    let audit_id = recorded(registry, &entry, || {
        changed.after.iter().try_for_each(|(key, value)| {
            lease.check()?;
            match value {
                Some(value) => Ok(registry.client.set_version_tag(name, version, key, value)?),
                None => Ok(registry.client.remove_version_tag(name, version, key)?),
            }
        })
    })?;
    Ok(changed.done(audit_id))
}

/// Records a measurement of a version whose metrics are claimed; answers with the audit record's name, `None`
/// where another process has measured it meanwhile. The run keeps what was said of it.
pub(super) fn record_measurement(registry: &MlflowRegistry, measurement: &Measurement, reason: Option<&str>) -> Result<Option<String>> {
    let (name, number) = (&measurement.model, measurement.version);
    let lease = registry.lease(name)?;
    let versions = settled(registry, &lease, name)?;
    let observed = observe(registry, name, &versions)?;
    let version = observed.live(number)?;
    if !version.metrics_are_claimed() {
        return Ok(None);
    }
    let entry = AuditEntry::of_measurement(version, measurement, reason);
    let mut written = metrics_record(&measurement.metrics);
    written.push((KIND_TAG.to_owned(), measurement.kind.word().to_owned()));
    written.push((MEASURED_ON_TAG.to_owned(), measurement.sentence()));
    // Last, because it makes the others count.
    written.push((METRICS_TAG.to_owned(), MEASURED.to_owned()));
    let audit_id = recorded(registry, &entry, || {
        written.iter().try_for_each(|(key, value)| {
            lease.check()?;
            Ok(registry.client.set_version_tag(name, number, key, value)?)
        })
    })?;
    Ok(Some(audit_id))
}
