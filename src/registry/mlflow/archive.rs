//! Taking versions out of service.

use serde_json::{Value, json};

use super::apply::{make, moved, recorded, settled};
use super::lease::Lease;
use super::moves::{Move, Moved};
use super::observe::observe;
use super::place::MlflowRegistry;
use super::read;
use crate::audit::Action;
use crate::error::Result;
use crate::lifecycle::AuditEntry;
use crate::lifecycle::rfc3339;
use crate::lifecycle::{Approved, Archival, Changed, FEWEST_IN_STAGING, Stage};
use crate::registry::Registry;
use crate::registry::clock::now_ms;

/// Takes one version out of service, also where several are in Production: archiving is how that is repaired.
pub(super) fn archive(registry: &MlflowRegistry, approved: &Approved<Archival>) -> Result<Changed> {
    let archival = approved.subject();
    let lease = registry.lease(&archival.model)?;
    let versions = settled(registry, &lease, &archival.model)?;
    let observed = observe(registry, &archival.model, &versions)?;
    let target = observed.to_archive(archival)?;
    if target.is_out_of_service() {
        return Ok(Changed::nothing(target, observed.newest_in_production(None)));
    }
    let evidence = json!({ "approval": approved.approval() });
    archive_one(registry, &lease, &versions, archival.version, archival.reason.as_deref(), evidence)
}

/// Archives all but the newest versions in Staging.
pub(super) fn archive_older(registry: &MlflowRegistry, name: Option<&str>, keep: usize, reason: Option<&str>) -> Result<Vec<Changed>> {
    let names = match name {
        Some(name) => vec![name.to_owned()],
        None => registry.list()?.into_iter().filter(|model| model.staging.is_some()).map(|model| model.name).collect(),
    };
    let mut archived = Vec::new();
    for name in names {
        let lease = registry.lease(&name)?;
        let mut versions = settled(registry, &lease, &name)?;
        let observed = observe(registry, &name, &versions)?;
        for older in observed.older_in_staging(keep) {
            let evidence = json!({ "older": true, "kept": keep.max(FEWEST_IN_STAGING) });
            archived.push(archive_one(registry, &lease, &versions, older.version, reason, evidence)?);
            versions = read::moved_versions(&registry.client, &name)?;
        }
    }
    Ok(archived)
}

fn archive_one(
    registry: &MlflowRegistry,
    lease: &Lease<'_>,
    versions: &[Moved],
    number: u32,
    reason: Option<&str>,
    evidence: Value,
) -> Result<Changed> {
    let moved = moved(versions, number)?;
    let target = &moved.version;
    let observed = observe(registry, &target.name, versions)?;
    let entry = AuditEntry::of_archiving(&observed, target, reason, evidence);
    let one = Move {
        number: observed.revision + 1,
        at: rfc3339(now_ms()),
        action: Action::Archive,
        created_at: target.created_at,
        from: target.stage,
        to: Stage::Archived,
        before: entry.before.production,
        after: entry.after.production,
        user: registry.actor.user.clone(),
        host: registry.actor.host.clone(),
        reason: reason.map(str::to_owned),
        forced: false,
        plan: None,
    }
    .fitting();
    let audit_id = recorded(registry, &entry, || make(registry, lease, moved, &one, reason))?;
    Ok(Changed::archived_now(&observed, target, audit_id))
}
