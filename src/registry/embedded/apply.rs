//! Changing stages: applying a plan, taking versions out of service. One transaction each.

use serde_json::json;

use super::audit_log::{self, Entry};
use super::change::Change;
use super::database::Database;
use super::place::EmbeddedRegistry;
use super::{observe, pending, rows};
use crate::audit::{Action, Served, Standing};
use crate::error::{Error, ErrorKind, Result};
use crate::registry::clock::now_ms;
use crate::registry::planning::check_still_holds;
use crate::registry::{
    Approved, Archival, CHAMPION, Changed, Changes, FORCED_TAG, ModelVersion, Observed, Plan, PlanAction, Registry, Stage,
};

/// Versions in Staging that `archive --older` never touches.
const FEWEST_IN_STAGING: usize = 3;

/// Applies a plan if what it saw still is.
pub(super) fn apply(registry: &EmbeddedRegistry, approved: &Approved<Plan>) -> Result<Changed> {
    let plan = approved.subject();
    // The files are read before the lock is taken, so that nobody waits for it.
    if let Some(version) = registry.version(&plan.model, plan.version)? {
        registry.check_files(&version)?;
    }
    let mut database = registry.writer()?;
    let change = begin(registry, &mut database)?;
    let mut observed = observe::observe(change.view(), &plan.model)?;
    if plan.registry.id == observe::path_identity(change.view())? {
        // Planned when the database had no id of its own yet.
        observed.registry.id.clone_from(&plan.registry.id);
    }
    if let Some(done) = already_applied(&change, plan)? {
        return Ok(done);
    }
    check_still_holds(plan, &observed, now_ms())?;
    let target = observed.live(plan.version)?;
    let entry = entry(approved, target, observed.champion()?);
    let link = audit_log::recorded(&change, &registry.actor, &entry, || {
        for archived in &plan.archives {
            rows::set_stage(&change, &plan.model, *archived, Stage::Archived)?;
        }
        rows::set_stage(&change, &plan.model, plan.version, plan.to_stage)?;
        if plan.to_stage == Stage::Production {
            rows::set_alias(&change, &plan.model, CHAMPION, plan.version)?;
        }
        if plan.forced {
            rows::set_tag(&change, &plan.model, plan.version, FORCED_TAG, plan.reason.as_deref().unwrap_or_default())?;
        }
        Ok(())
    })?;
    let audit_id = link.id();
    change.commit()?;
    Ok(Changed {
        model: plan.model.clone(),
        version: plan.version,
        from_stage: plan.from_stage,
        to_stage: plan.to_stage,
        previous_champion: plan.champion,
        archived: plan.archives.clone(),
        changed: true,
        plan_digest: Some(plan.digest()),
        audit_id: Some(audit_id),
    })
}

/// Tidies what dead processes left, and takes the lock.
pub(super) fn begin<'database>(registry: &EmbeddedRegistry, database: &'database mut Database) -> Result<Change<'database>> {
    pending::tidy(database, &registry.actor)?;
    Change::begin(database)
}

/// The plan was applied and nothing was moved since: a second run finds everything as it left it.
fn already_applied(change: &Change<'_>, plan: &Plan) -> Result<Option<Changed>> {
    let digest = plan.digest();
    let records = observe::records(change.view(), &plan.model)?;
    let last = records.iter().rev().find(|(record, _)| record.moved_stages());
    let same = last.filter(|(record, _)| record.evidence["plan_digest"] == digest.as_str());
    Ok(same.map(|(_, link)| Changed {
        model: plan.model.clone(),
        version: plan.version,
        from_stage: plan.from_stage,
        to_stage: plan.to_stage,
        previous_champion: plan.champion,
        archived: Vec::new(),
        changed: false,
        plan_digest: Some(digest),
        audit_id: Some(link.id()),
    }))
}

fn entry(approved: &Approved<Plan>, target: &ModelVersion, champion: Option<&ModelVersion>) -> Entry {
    let plan = approved.subject();
    let before = champion.map(ModelVersion::as_served);
    let after = if plan.to_stage == Stage::Production { Some(target.as_served()) } else { before };
    Entry {
        action: match plan.action {
            PlanAction::Promote => Action::Promote,
            PlanAction::Rollback => Action::Rollback,
        },
        model: plan.model.clone(),
        version: Some(plan.version),
        before: Standing { production: before, stage: Some(plan.from_stage.name().into()), ..Standing::default() },
        after: Standing { production: after, stage: Some(plan.to_stage.name().into()), ..Standing::default() },
        reason: plan.reason.clone(),
        evidence: json!({
            "plan_digest": plan.digest(),
            "plan_author": plan.author,
            "plan_created_at": plan.created_at,
            "approval": approved.approval(),
            "gate": plan.gate,
            "forced": plan.forced,
            "comparison": plan.comparison,
            "verdict": plan.verdict,
            "measured_on": plan.measured_on,
            "package_digest": plan.package_digest,
            "archives": plan.archives,
        }),
    }
}

/// Takes one version out of service.
pub(super) fn archive(registry: &EmbeddedRegistry, approved: &Approved<Archival>) -> Result<Changed> {
    let archival = approved.subject();
    let mut database = registry.writer()?;
    pending::tidy(&mut database, &registry.actor)?;
    // Also where several versions are in Production: archiving is how that is repaired.
    let change = Change::begin_repair(&mut database)?;
    let observed = observe::observe(change.view(), &archival.model)?;
    let target = observed.live(archival.version)?;
    let champion = newest_in_production(&observed, None);
    if target.stage == Stage::Archived {
        return Ok(Changed::nothing(target, champion));
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
    let changed = archive_in(&change, registry, &observed, target, archival.reason.as_deref(), json!({ "approval": approved.approval() }))?;
    change.commit()?;
    Ok(changed)
}

/// Archives all but the newest versions in Staging.
pub(super) fn archive_older(registry: &EmbeddedRegistry, name: Option<&str>, keep: usize, reason: Option<&str>) -> Result<Vec<Changed>> {
    let mut database = registry.writer()?;
    let change = begin(registry, &mut database)?;
    let names = match name {
        Some(name) => vec![name.to_owned()],
        None => change
            .view()
            .all("SELECT DISTINCT name FROM model_versions WHERE current_stage = 'Staging' ORDER BY name", [], |row| row.get(0))?,
    };
    let mut archived = Vec::new();
    for name in names {
        let observed = observe::observe(change.view(), &name)?;
        let staging = observed.versions.iter().filter(|version| version.stage == Stage::Staging);
        for target in staging.skip(keep.max(FEWEST_IN_STAGING)) {
            archived.push(archive_in(
                &change,
                registry,
                &observed,
                target,
                reason,
                json!({ "older": true, "kept": keep.max(FEWEST_IN_STAGING) }),
            )?);
        }
    }
    change.commit()?;
    Ok(archived)
}

fn archive_in(
    change: &Change<'_>,
    registry: &EmbeddedRegistry,
    observed: &Observed,
    target: &ModelVersion,
    reason: Option<&str>,
    evidence: serde_json::Value,
) -> Result<Changed> {
    let champion = newest_in_production(observed, None);
    let remaining = newest_in_production(observed, Some(target.version));
    let served = |version: Option<&ModelVersion>| -> Option<Served> { version.map(ModelVersion::as_served) };
    let entry = Entry {
        action: Action::Archive,
        model: target.name.clone(),
        version: Some(target.version),
        before: Standing { production: served(champion), stage: Some(target.stage.name().into()), ..Standing::default() },
        after: Standing { production: served(remaining), stage: Some(Stage::Archived.name().into()), ..Standing::default() },
        reason: reason.map(str::to_owned),
        evidence,
    };
    let link = audit_log::recorded(change, &registry.actor, &entry, || {
        rows::set_stage(change, &target.name, target.version, Stage::Archived)?;
        if target.has_champion_alias() {
            rows::remove_alias(change, &target.name, CHAMPION)?;
        }
        Ok(())
    })?;
    Ok(Changed {
        model: target.name.clone(),
        version: target.version,
        from_stage: target.stage,
        to_stage: Stage::Archived,
        previous_champion: champion.map(|champion| champion.version),
        archived: vec![target.version],
        changed: true,
        plan_digest: None,
        audit_id: Some(link.id()),
    })
}

/// The version in Production, the newest where another tool left several, without counting `but`.
fn newest_in_production(observed: &Observed, but: Option<u32>) -> Option<&ModelVersion> {
    observed.versions.iter().find(|version| version.stage == Stage::Production && Some(version.version) != but)
}
