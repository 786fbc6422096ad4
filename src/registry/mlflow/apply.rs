//! Changing stages under the lease: what is written in which order, and what is read back.
//!
//! First the intent stands on the version, then the stage moves, then the records follow, the alias `champion` last.
//! So wherever a process dies, the same command finds the version without its alias, finishes what was begun and
//! comes to the same state; and before the stage has moved nothing counts.

use super::lease::Lease;
use super::moves::{Move, Moved};
use super::observe::{in_production, records};
use super::own_tags::{MOVES, MOVING};
use super::read;
use super::registry::MlflowRegistry;
use crate::base::{Hint, commands};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::AuditEntry;
use crate::lifecycle::{CHAMPION, Changed, FORCED_TAG, ModelVersion, Plan, Stage, several_in_production};

/// The tag that says when a version was promoted; those that follow, by whom, from where and why.
const PROMOTED: [&str; 4] = ["hivectl.promoted_at", "hivectl.promoted_by", "hivectl.promoted_from", "hivectl.promoted_reason"];

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
        match one.unrecorded() {
            Some(done) => finish(registry, lease, one, done, done.reason.as_deref())?,
            None => registry.client.remove_version_tag(name, one.version.version, MOVING)?,
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
    let archive = one.to == Stage::Production;
    registry.client.transition(&version.name, version.version, one.to.as_str(), archive)?;
    finish(registry, lease, target, one, reason)
}

/// What follows a move: records, and the alias last.
fn finish(registry: &MlflowRegistry, lease: &Lease<'_>, target: &Moved, one: &Move, reason: Option<&str>) -> Result<()> {
    let (client, version) = (&registry.client, &target.version);
    let set = |key: &str, value: &str| -> Result<()> {
        lease.check()?;
        Ok(client.set_version_tag(&version.name, version.version, key, value)?)
    };
    if one.to == Stage::Production || one.to == Stage::Staging {
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
    lease.check()?;
    client.remove_version_tag(&version.name, version.version, MOVING)?;
    set_champion(registry, lease, version, one)
}

/// The alias `champion` goes where Production went.
fn set_champion(registry: &MlflowRegistry, lease: &Lease<'_>, version: &ModelVersion, one: &Move) -> Result<()> {
    lease.check()?;
    match one.to {
        Stage::Production => Ok(registry.client.set_alias(&version.name, CHAMPION, version.version)?),
        Stage::Archived if version.has_champion_alias() => match one.after {
            // One of two in Production was taken away.
            Some(other) => Ok(registry.client.set_alias(&version.name, CHAMPION, other.version)?),
            None => Ok(registry.client.remove_alias(&version.name, CHAMPION)?),
        },
        _ => Ok(()),
    }
}

/// The plan was applied and nothing was moved since: at most the alias is missing.
pub(super) fn already_applied(registry: &MlflowRegistry, lease: &Lease<'_>, plan: &Plan, versions: &[Moved]) -> Result<Option<Changed>> {
    let Some(last) = records(&plan.model, versions).pop() else { return Ok(None) };
    let is_same_plan = last.evidence["plan_digest"] == plan.digest().as_str();
    let mut serving = in_production(versions);
    // Another process died between the last record and the alias, or the alias alone was moved by hand.
    let only_alias = plan.to_stage == Stage::Production
        && last.version == Some(plan.version)
        && serving.next().is_some_and(|version| version.version == plan.version)
        && serving.next().is_none();
    if !is_same_plan && !only_alias {
        return Ok(None);
    }
    if only_alias {
        lease.check()?;
        registry.client.set_alias(&plan.model, CHAMPION, plan.version)?;
    }
    Ok(Some(Changed { changed: !is_same_plan, ..Changed::applied_before(plan) }))
}

/// Looks at what came of it: with this lease hivectl does not disturb hivectl, but other clients know no lease.
///
/// `archives` are versions that the change meant to archive: one that is still in Production is archived now.
pub(super) fn read_back(registry: &MlflowRegistry, name: &str, number: u32, to: Stage, archives: &[u32]) -> Result<()> {
    let versions = read::moved_versions(&registry.client, name)?;
    let Some(target) = versions.iter().map(|moved| &moved.version).find(|version| version.version == number) else {
        return Err(Error::new(ErrorKind::Conflict, format!("{name}@{number} was deleted while it was moved")));
    };
    let (meant, serving): (Vec<u32>, Vec<u32>) =
        in_production(&versions).map(|version| version.version).partition(|serving| archives.contains(serving));
    if to == Stage::Production {
        for left in meant {
            registry.client.transition(name, left, Stage::Archived.as_str(), false)?;
        }
        if serving.len() > 1 {
            return Err(second_production(name, number, &serving));
        }
    }
    if target.stage != to {
        let stage = target.stage.as_str();
        return Err(Error::new(ErrorKind::Conflict, format!("{name}@{number} was moved to {stage} by another tool meanwhile")).hint((
            "look at what is there: '",
            commands::models_list_of(name),
            "'",
        )));
    }
    if to == Stage::Production && !target.has_champion_alias() {
        return Err(Error::new(ErrorKind::Conflict, format!("the alias {CHAMPION} of {name} was moved by another tool meanwhile")).hint((
            "repeat the command: '",
            commands::models_promote_confirmed(format!("{name}@{number}")),
            "'",
        )));
    }
    Ok(())
}

/// Two clients promoted at once, and one of them knows no lease.
fn second_production(name: &str, number: u32, serving: &[u32]) -> Error {
    let archive = |version: u32| commands::models_archive_confirmed(format!("{name}@{version}"));
    let others = serving.iter().filter(|other| **other != number).enumerate();
    let keeping = others.fold(Hint::from(format!("to keep version {number}: ")), |hint, (index, other)| {
        hint.and((if index == 0 { "'" } else { ", then '" }, archive(*other), "'"))
    });
    several_in_production(name, serving.iter().copied())
        .because(format!("this command promoted version {number}; meanwhile another client promoted without hivectl's lease"))
        .hint(keeping)
        .hint(("to keep the other: '", archive(number), "'"))
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
