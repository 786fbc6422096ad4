//! Aliases, tags and measured metrics.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::apply::{recorded, settled};
use super::observe::observe;
use super::own_tags::metrics_record;
use super::place::MlflowRegistry;
use crate::audit::{Action, Standing};
use crate::error::Result;
use crate::registry::embedded::{Entry, check_alias, check_tag};
use crate::registry::measured::{CLAIMED, MEASURED, MEASURED_ON_TAG, METRICS_TAG, check_no_password};
use crate::registry::{AliasChanged, KIND_TAG, Measurement, TagsChanged};

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
    let mut changed = AliasChanged {
        model: name.to_owned(),
        alias: alias.to_owned(),
        from_version: points_at,
        to_version: version,
        changed: false,
        audit_id: None,
    };
    if points_at == version {
        return Ok(changed);
    }
    let standing = |version: Option<u32>| Standing { aliases: BTreeMap::from([(alias.to_owned(), version)]), ..Standing::default() };
    let entry = Entry {
        action: if version.is_some() { Action::SetAlias } else { Action::RemoveAlias },
        model: name.to_owned(),
        version: version.or(points_at),
        before: standing(points_at),
        after: standing(version),
        reason: reason.map(str::to_owned),
        evidence: Value::Null,
    };
    lease.check()?;
    let audit_id = recorded(registry, &entry, || match version {
        Some(version) => Ok(registry.client.set_alias(name, alias, version)?),
        None => Ok(registry.client.remove_alias(name, alias)?),
    })?;
    (changed.changed, changed.audit_id) = (true, Some(audit_id));
    Ok(changed)
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
    let wanted: BTreeMap<&String, Option<&String>> =
        remove.iter().map(|key| (key, None)).chain(set.iter().map(|(key, value)| (key, Some(value)))).collect();
    for (key, value) in &wanted {
        check_tag(key, value.map(String::as_str))?;
        check_no_password("the tag", value.map_or("", String::as_str))?;
    }
    let lease = registry.lease(name)?;
    let versions = settled(registry, &lease, name)?;
    let observed = observe(registry, name, &versions)?;
    let now = &observed.live(version)?.tags;
    let differing: BTreeMap<&String, Option<&String>> = wanted.into_iter().filter(|(key, value)| now.get(*key) != *value).collect();
    let before: BTreeMap<String, Option<String>> = differing.keys().map(|key| ((*key).clone(), now.get(*key).cloned())).collect();
    let after: BTreeMap<String, Option<String>> = differing.iter().map(|(key, value)| ((*key).clone(), value.cloned())).collect();
    let mut changed = TagsChanged { model: name.to_owned(), version, before, after, changed: false, audit_id: None };
    if changed.after.is_empty() {
        return Ok(changed);
    }
    let entry = Entry {
        action: Action::Tag,
        model: name.to_owned(),
        version: Some(version),
        before: Standing { tags: changed.before.clone(), ..Standing::default() },
        after: Standing { tags: changed.after.clone(), ..Standing::default() },
        reason: reason.map(str::to_owned),
        evidence: Value::Null,
    };
    let audit_id = recorded(registry, &entry, || {
        changed.after.iter().try_for_each(|(key, value)| {
            lease.check()?;
            match value {
                Some(value) => Ok(registry.client.set_version_tag(name, version, key, value)?),
                None => Ok(registry.client.remove_version_tag(name, version, key)?),
            }
        })
    })?;
    (changed.changed, changed.audit_id) = (true, Some(audit_id));
    Ok(changed)
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
    let tags = |word: &str, on: Option<String>| {
        BTreeMap::from([(METRICS_TAG.to_owned(), Some(word.to_owned())), (MEASURED_ON_TAG.to_owned(), on)])
    };
    let entry = Entry {
        action: Action::Measure,
        model: name.clone(),
        version: Some(number),
        before: Standing { tags: tags(CLAIMED, None), ..Standing::default() },
        after: Standing { tags: tags(MEASURED, Some(measurement.sentence())), ..Standing::default() },
        reason: reason.map(str::to_owned),
        evidence: json!({ "claimed": version.metrics, "measurement": measurement, "package_digest": version.package_digest() }),
    };
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
