//! Changing what tells what serves: one transaction for the whole registry.

use super::promotion::begin;
use super::registry::EmbeddedRegistry;
use super::{observe, read, rows};
use crate::error::Result;
use crate::lifecycle::{Approved, AuditEntry, Migration, ModelMigration, STAGE_BEFORE_TAG, VersionMigration};
use crate::registry::journal::{Change, audit_log};

pub(super) fn migrate(registry: &EmbeddedRegistry, approved: &Approved<Migration>) -> Result<()> {
    let migration = approved.subject();
    let mut database = registry.writer()?;
    let change = begin(registry, &mut database)?;
    let is_same = migration.registry.id == observe::identity(change.view())?.id
        // Planned when the database had no id of its own yet.
        || migration.registry.id == observe::path_identity(change.view())?;
    for planned in &migration.models {
        let versions = read::versions(change.view(), &planned.model)?;
        let serving = registry.serving_rule.serving(&versions);
        if !is_same || ModelMigration::of(&planned.model, &versions, &serving, migration.to)? != *planned {
            return Err(migration.stale(&planned.model));
        }
        for version in &planned.versions {
            let entry = AuditEntry::of_migration(approved, &planned.model, version);
            audit_log::recorded(&change, &registry.actor, &entry, || apply(&change, &planned.model, version))?;
        }
    }
    change.commit()
}

fn apply(change: &Change<'_>, name: &str, one: &VersionMigration) -> Result<()> {
    if one.from_stage != one.to_stage {
        rows::set_stage(change, name, one.version, one.to_stage)?;
    }
    // What another version gained before is not taken away.
    for alias in &one.loses {
        if rows::alias(change, name, alias)? == Some(one.version) {
            rows::remove_alias(change, name, alias)?;
        }
    }
    one.gains.iter().try_for_each(|alias| rows::set_alias(change, name, alias, one.version))?;
    match &one.tag_after {
        tag if *tag == one.tag_before => Ok(()),
        Some(stage) => rows::set_tag(change, name, one.version, STAGE_BEFORE_TAG, stage),
        None => rows::remove_tag(change, name, one.version, STAGE_BEFORE_TAG),
    }
}
