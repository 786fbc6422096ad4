//! Taking versions out of service.

use serde_json::{Value, json};

use super::apply::{make, recorded, settled};
use super::lease::Lease;
use super::moves::{Move, Moved};
use super::observe::{in_production, observe};
use super::place::MlflowRegistry;
use super::read;
use crate::audit::{Action, Served, Standing};
use crate::error::{Error, ErrorKind, Result};
use crate::registry::clock::{now_ms, rfc3339};
use crate::registry::embedded::Entry;
use crate::registry::{Approved, Archival, Changed, ModelVersion, Registry, Stage};

/// Versions in Staging that `archive --older` never touches.
const FEWEST_IN_STAGING: usize = 3;

/// Takes one version out of service, also where several are in Production: archiving is how that is repaired.
pub(super) fn archive(registry: &MlflowRegistry, approved: &Approved<Archival>) -> Result<Changed> {
    let archival = approved.subject();
    let lease = registry.lease(&archival.model)?;
    let versions = settled(registry, &lease, &archival.model)?;
    let observed = observe(registry, &archival.model, &versions)?;
    let target = observed.live(archival.version)?;
    if target.stage == Stage::Archived {
        return Ok(Changed::nothing(target, newest_in_production(&versions, None)));
    }
    if target.stage != archival.from_stage {
        let who = observed.last_move.clone().unwrap_or_else(|| "another tool moved it".to_owned());
        return Err(Error::new(
            ErrorKind::Conflict,
            format!("{}@{} was in {} and is in {} now", target.name, target.version, archival.from_stage.name(), target.stage.name()),
        )
        .because(who)
        .hint("look at it again, then repeat the command if it is still right"));
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
    let keep = keep.max(FEWEST_IN_STAGING);
    let mut archived = Vec::new();
    for name in names {
        let lease = registry.lease(&name)?;
        let mut versions = settled(registry, &lease, &name)?;
        let staging: Vec<u32> = versions
            .iter()
            .map(|moved| &moved.version)
            .filter(|version| version.stage == Stage::Staging)
            .map(|version| version.version)
            .collect();
        for number in staging.into_iter().skip(keep) {
            archived.push(archive_one(registry, &lease, &versions, number, reason, json!({ "older": true, "kept": keep }))?);
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
    let found = versions.iter().find(|moved| moved.version.version == number);
    let moved = found.ok_or_else(|| Error::new(ErrorKind::Internal, "a version that is there was not found"))?;
    let target = &moved.version;
    let observed = observe(registry, &target.name, versions)?;
    let champion = newest_in_production(versions, None);
    let served = |version: Option<&ModelVersion>| -> Option<Served> { version.map(ModelVersion::as_served) };
    let (before, after) = (served(champion), served(newest_in_production(versions, Some(number))));
    let entry = Entry {
        action: Action::Archive,
        model: target.name.clone(),
        version: Some(number),
        before: Standing { production: before, stage: Some(target.stage.name().into()), ..Standing::default() },
        after: Standing { production: after, stage: Some(Stage::Archived.name().into()), ..Standing::default() },
        reason: reason.map(str::to_owned),
        evidence,
    };
    let one = Move {
        number: observed.revision + 1,
        at: rfc3339(now_ms()),
        action: Action::Archive,
        created_at: target.created_at,
        from: target.stage,
        to: Stage::Archived,
        before,
        after,
        user: registry.actor.user.clone(),
        host: registry.actor.host.clone(),
        reason: reason.map(str::to_owned),
        forced: false,
        plan: None,
    }
    .fitting();
    let audit_id = recorded(registry, &entry, || make(registry, lease, moved, &one, reason))?;
    Ok(Changed {
        model: target.name.clone(),
        version: number,
        from_stage: target.stage,
        to_stage: Stage::Archived,
        previous_champion: champion.map(|champion| champion.version),
        archived: vec![number],
        changed: true,
        plan_digest: None,
        audit_id: Some(audit_id),
    })
}

/// The version in Production, the newest where another tool left several, without counting `but`.
fn newest_in_production(versions: &[Moved], but: Option<u32>) -> Option<&ModelVersion> {
    in_production(versions).find(|version| Some(version.version) != but)
}
