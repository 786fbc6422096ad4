//! Changing what tells what serves: model by model, each under its lease.
//!
//! First comes what is new, then what is old goes, so that at every moment something tells what serves, also to who dies in
//! between: the same migration planned again finds what is left.

use super::apply::{recorded, settled};
use super::lease::Lease;
use super::observe::serving;
use super::registry::MlflowRegistry;
use crate::error::Result;
use crate::lifecycle::{Approved, AuditEntry, Migration, ModelMigration, ModelVersion, STAGE_BEFORE_TAG, Stage, VersionMigration};

pub(super) fn migrate(registry: &MlflowRegistry, approved: &Approved<Migration>) -> Result<()> {
    let migration = approved.subject();
    for planned in &migration.models {
        let lease = registry.lease(&planned.model)?;
        let moved = settled(registry, &lease, &planned.model)?;
        let now = serving(registry, &moved);
        let versions: Vec<ModelVersion> = moved.into_iter().map(|moved| moved.version).collect();
        let is_same = migration.registry.id == registry.identity().id;
        if !is_same || ModelMigration::of(&planned.model, &versions, &now, migration.to)? != *planned {
            return Err(migration.stale(&planned.model));
        }
        let tell = |one: &VersionMigration| AuditEntry::of_migration(approved, &planned.model, one);
        // What is to serve first, so that the others lose nothing before.
        let (first, then): (Vec<_>, Vec<_>) = planned.versions.iter().partition(|one| Some(one.version) == planned.serves);
        for one in first.iter().chain(&then) {
            recorded(registry, &tell(one), || {
                gain(registry, &lease, &planned.model, one).and_then(|()| lose(registry, &lease, &planned.model, one))
            })?;
        }
    }
    Ok(())
}

fn gain(registry: &MlflowRegistry, lease: &Lease<'_>, name: &str, one: &VersionMigration) -> Result<()> {
    for alias in &one.gains {
        lease.check()?;
        registry.client.set_alias(name, alias, one.version)?;
    }
    if let Some(stage) = one.tag_after.as_ref().filter(|_| one.tag_after != one.tag_before) {
        lease.check()?;
        registry.client.set_version_tag(name, one.version, STAGE_BEFORE_TAG, stage)?;
    }
    if one.to_stage != Stage::None && one.from_stage != one.to_stage {
        lease.check()?;
        registry.client.transition(name, one.version, one.to_stage.as_str(), false)?;
    }
    Ok(())
}

fn lose(registry: &MlflowRegistry, lease: &Lease<'_>, name: &str, one: &VersionMigration) -> Result<()> {
    if one.to_stage == Stage::None && one.from_stage != one.to_stage {
        lease.check()?;
        registry.client.transition(name, one.version, one.to_stage.as_str(), false)?;
    }
    if one.tag_after.is_none() && one.tag_before.is_some() {
        lease.check()?;
        registry.client.remove_version_tag(name, one.version, STAGE_BEFORE_TAG)?;
    }
    if one.loses.is_empty() {
        return Ok(());
    }
    let model = registry.client.model(name)?;
    for alias in &one.loses {
        // What another version gained before is not taken away.
        let names_it = |known: &super::dto::Alias| known.alias == *alias && known.version == i64::from(one.version);
        if model.as_ref().is_some_and(|model| model.aliases.iter().any(names_it)) {
            lease.check()?;
            registry.client.remove_alias(name, alias)?;
        }
    }
    Ok(())
}
