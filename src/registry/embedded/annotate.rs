//! Aliases and tags.

use std::collections::{BTreeMap, BTreeSet};

use super::apply::begin;
use super::place::EmbeddedRegistry;
use super::{audit_log, observe, rows};
use crate::error::Result;
use crate::lifecycle::AuditEntry;
use crate::lifecycle::{AliasChanged, TagsChanged};
use crate::lifecycle::{check_alias, check_tags};

/// Points an alias at a version, or removes it.
pub(super) fn set_alias(
    registry: &EmbeddedRegistry,
    name: &str,
    alias: &str,
    version: Option<u32>,
    reason: Option<&str>,
) -> Result<AliasChanged> {
    check_alias(name, alias)?;
    let mut database = registry.writer()?;
    let change = begin(registry, &mut database)?;
    let observed = observe::observe(change.view(), name)?;
    if let Some(version) = version {
        observed.live(version)?;
    }
    // An alias may be left on a deleted version, so the table itself is asked.
    let before = rows::alias(&change, name, alias)?;
    let changed = AliasChanged::between(name, alias, before, version);
    if before == version {
        return Ok(changed);
    }
    let entry = AuditEntry::of_alias(&changed, reason);
    let link = audit_log::recorded(&change, &registry.actor, &entry, || match version {
        Some(version) => rows::set_alias(&change, name, alias, version),
        None => rows::remove_alias(&change, name, alias),
    })?;
    change.commit()?;
    Ok(changed.done(link.id()))
}

/// Sets and removes tags of a version.
pub(super) fn set_tags(
    registry: &EmbeddedRegistry,
    name: &str,
    version: u32,
    set: &BTreeMap<String, String>,
    remove: &BTreeSet<String>,
    reason: Option<&str>,
) -> Result<TagsChanged> {
    check_tags(set, remove)?;
    let mut database = registry.writer()?;
    let change = begin(registry, &mut database)?;
    let observed = observe::observe(change.view(), name)?;
    let changed = TagsChanged::between(observed.live(version)?, set, remove);
    if changed.after.is_empty() {
        return Ok(changed);
    }
    let entry = AuditEntry::of_tags(&changed, reason);
    let link = audit_log::recorded(&change, &registry.actor, &entry, || {
        changed.after.iter().try_for_each(|(key, value)| match value {
            Some(value) => rows::set_tag(&change, name, version, key, value),
            None => rows::remove_tag(&change, name, version, key),
        })
    })?;
    change.commit()?;
    Ok(changed.done(link.id()))
}
