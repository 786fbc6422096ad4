//! Changing stages under the lease: what is written in which order, and what is read back.
//!
//! First the intent stands on the version, then the stage moves, then the records and the serving alias follow, and the
//! intent is taken away. Where aliases alone tell what serves, the alias moves in the place of the stage. So wherever a
//! process dies, the next change finds the intent, finishes what was begun and comes to the same state; and before the
//! stage has moved nothing counts.

use super::lease::Lease;
use super::moves::{Move, Moved};
use super::observe::{in_production, records};
use super::own_tags::{MOVES, MOVING};
use super::read;
use super::registry::MlflowRegistry;
use crate::base::{Hint, commands};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{
    AuditEntry, CHALLENGER, Changed, FORCED_TAG, ModelVersion, PROMOTED_AT_TAG, Plan, Pointer, Stage, several_in_production,
};

/// The tag that says when a version was promoted; those that follow, by whom, from where and why.
const PROMOTED: [&str; 4] = [PROMOTED_AT_TAG, "hivectl.promoted_by", "hivectl.promoted_from", "hivectl.promoted_reason"];

/// The version of this number with its moves.
pub(super) fn moved(versions: &[Moved], number: u32) -> Result<&Moved> {
    let found = versions.iter().find(|moved| moved.version.version == number);
    found.ok_or_else(|| Error::new(ErrorKind::Internal, "a version that is there was not found"))
}

/// The model's versions, after moves that were begun and not ended were finished or forgotten.
pub(super) fn settled(registry: &MlflowRegistry, lease: &Lease<'_>, name: &str) -> Result<Vec<Moved>> {
    let versions = read::moved_versions(&registry.client, name)?;
    let begun: Vec<&Moved> = versions.iter().filter(|moved| moved.begun.is_some()).collect();
    if begun.is_empty() {
        return Ok(versions);
    }
    for one in begun {
        lease.check()?;
        match one.unfinished() {
            Some(done) => finish(registry, lease, one, done, done.reason.as_deref())?,
            None => registry.client.forget_version_tag(name, one.version.version, MOVING)?,
        }
    }
    read::moved_versions(&registry.client, name)
}

/// Intent, move and records.
pub(super) fn make(registry: &MlflowRegistry, lease: &Lease<'_>, target: &Moved, one: &Move, reason: Option<&str>) -> Result<()> {
    let version = &target.version;
    let text = serde_json::to_string(one).map_err(|source| Error::new(ErrorKind::Internal, "cannot write a move").because(source))?;
    lease.check()?;
    registry.client.set_version_tag(&version.name, version.version, MOVING, &text)?;
    lease.check()?;
    let (client, name, number) = (&registry.client, &version.name, version.version);
    match one.pointer.alias_alone() {
        Some(alias) if one.ends_service() => client.remove_alias(name, alias)?,
        Some(alias) => client.set_alias(name, alias, number)?,
        None => client.transition(name, number, one.to.as_str(), one.to == Stage::Production)?,
    }
    finish(registry, lease, target, one, reason)
}

/// What follows a move: records, the alias, and that the intent is taken away.
fn finish(registry: &MlflowRegistry, lease: &Lease<'_>, target: &Moved, one: &Move, reason: Option<&str>) -> Result<()> {
    let (client, version) = (&registry.client, &target.version);
    let set = |key: &str, value: &str| -> Result<()> {
        lease.check()?;
        Ok(client.set_version_tag(&version.name, version.version, key, value)?)
    };
    let has_begun = one.pointer.alias_alone().is_some() || matches!(one.to, Stage::Production | Stage::Staging);
    if has_begun && !one.ends_service() {
        let from = one.before.map_or_else(|| "none".to_owned(), |served| served.version.to_string());
        let by = format!("{}@{}", one.user, one.host);
        for (key, value) in PROMOTED.iter().zip([one.at.as_str(), &by, &from, reason.unwrap_or_default()]) {
            if !value.is_empty() {
                set(key, value.get(..value.floor_char_boundary(super::own_tags::LONGEST_VALUE)).unwrap_or_default())?;
            }
        }
    }
    if one.forced {
        set(FORCED_TAG, reason.unwrap_or_default())?;
    }
    set(MOVES, &target.with(one))?;
    follow_production(registry, lease, version, one)?;
    lease.check()?;
    Ok(client.forget_version_tag(&version.name, version.version, MOVING)?)
}

/// The serving alias goes where Production went.
fn follow_production(registry: &MlflowRegistry, lease: &Lease<'_>, version: &ModelVersion, one: &Move) -> Result<()> {
    let Some(alias) = one.pointer.alias_to_move(Stage::Production).filter(|_| one.pointer.moves_stage()) else { return Ok(()) };
    lease.check()?;
    match one.to {
        Stage::Production => Ok(registry.client.set_alias(&version.name, alias, version.version)?),
        Stage::Archived if version.has_alias(alias) => match one.after {
            // One of two in Production was taken away.
            Some(other) => Ok(registry.client.set_alias(&version.name, alias, other.version)?),
            None => Ok(registry.client.remove_alias(&version.name, alias)?),
        },
        _ => Ok(()),
    }
}

/// Takes the alias `challenger` from a version that is archived, where aliases say beside stages what waits.
pub(super) fn waits_no_longer(registry: &MlflowRegistry, lease: &Lease<'_>, version: &ModelVersion, pointer: &Pointer) -> Result<()> {
    if !version.has_alias(CHALLENGER) || !matches!(pointer, Pointer::Both { .. }) {
        return Ok(());
    }
    lease.check()?;
    Ok(registry.client.remove_alias(&version.name, CHALLENGER)?)
}

/// The plan was applied and nothing was moved since; or what it wants is there, because another process had begun it and
/// died, and it was finished just now.
pub(super) fn already_applied(registry: &MlflowRegistry, plan: &Plan, versions: &[Moved]) -> Result<Option<Changed>> {
    let Some(last) = records(&plan.model, versions).pop() else { return Ok(None) };
    let is_same_plan = last.evidence["plan_digest"] == plan.digest().as_str();
    let known: Vec<ModelVersion> = versions.iter().map(|moved| moved.version.clone()).collect();
    let serving = registry.serving_rule.serving(&known);
    let is_there = plan.makes_serving()
        && last.version == Some(plan.version)
        && serving.version() == Some(plan.version)
        && known.iter().any(|version| version.version == plan.version && plan.pointer.is_at(version, plan.to_stage))
        && in_production(versions).count() < 2;
    Ok((is_same_plan || is_there).then(|| Changed { changed: !is_same_plan, ..Changed::applied_before(plan) }))
}

/// Looks at what came of it: with this lease hivectl does not disturb hivectl, but other clients know no lease.
///
/// `archives` are versions that the change meant to archive: one that is still in Production is archived now.
pub(super) fn read_back(registry: &MlflowRegistry, name: &str, number: u32, one: &Move, archives: &[u32]) -> Result<()> {
    let versions = read::moved_versions(&registry.client, name)?;
    let Some(target) = versions.iter().map(|moved| &moved.version).find(|version| version.version == number) else {
        return Err(Error::new(ErrorKind::Conflict, format!("{name}@{number} was deleted while it was moved")));
    };
    let (meant, serving): (Vec<u32>, Vec<u32>) =
        in_production(&versions).map(|version| version.version).partition(|serving| archives.contains(serving));
    if one.pointer.moves_stage() && one.to == Stage::Production {
        for left in meant {
            registry.client.transition(name, left, Stage::Archived.as_str(), false)?;
        }
        if serving.len() > 1 {
            return Err(second_production(name, number, &serving));
        }
    }
    if one.pointer.moves_stage() && target.stage != one.to {
        let stage = target.stage.as_str();
        return Err(Error::new(ErrorKind::Conflict, format!("{name}@{number} was moved to {stage} by another tool meanwhile")).hint((
            "look at what is there: `",
            commands::models_list_of(name),
            "`",
        )));
    }
    match one.pointer.alias_to_move(one.to).filter(|alias| !target.has_alias(alias)) {
        None => Ok(()),
        Some(alias) => Err(Error::new(ErrorKind::Conflict, format!("the alias {alias} of {name} was moved by another tool meanwhile"))
            .hint(("repeat the command: `", commands::models_promote_confirmed(format!("{name}@{number}")), "`"))),
    }
}

/// Two clients promoted at once, and one of them knows no lease.
fn second_production(name: &str, number: u32, serving: &[u32]) -> Error {
    let archive = |version: u32| commands::models_archive_confirmed(format!("{name}@{version}"));
    let others = serving.iter().filter(|other| **other != number).enumerate();
    let keeping = others.fold(Hint::from(format!("to keep version {number}: ")), |hint, (index, other)| {
        hint.and((if index == 0 { "`" } else { ", then `" }, archive(*other), "`"))
    });
    several_in_production(name, serving.iter().copied())
        .because(format!("this command promoted version {number}; meanwhile another client promoted without hivectl's lease"))
        .hint(keeping)
        .hint(("to keep the other: `", archive(number), "`"))
}

/// A change between its two records in the log of this machine.
pub(super) fn recorded(registry: &MlflowRegistry, entry: &AuditEntry, make: impl FnOnce() -> Result<()>) -> Result<String> {
    let intent = registry.journal.intent(entry)?;
    match make() {
        Ok(()) => Ok(registry.journal.done(intent, entry)?.id()),
        Err(error) => {
            // The failure itself is what is told.
            let _ = registry.journal.failed(intent, &error);
            Err(error)
        }
    }
}
