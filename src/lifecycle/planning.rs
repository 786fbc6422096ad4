//! From what is observed and what is wanted to a plan, or to the reason why not.

use std::fmt::Write as _;

use super::Gate;
use super::criterion::JUDGED_TICKETS;
use super::plan::{Plan, PlanAction};
use super::production_history::Previous;
use super::{Changed, ModelVersion, Observed, Pointer, Stage};
use crate::audit::Actor;
use crate::base::time::{rfc3339_or_number, whole_second};
use crate::base::{Hint, commands};
use crate::error::{Error, ErrorKind, Result};

/// What a plan is made of besides what is observed.
#[derive(Clone, Debug)]
pub struct PlanRequest {
    /// Random ([`super::new_run_id`]).
    pub id: String,
    /// The premise that the operator states: the version that serves, or that there is none.
    pub expected_champion: Option<Option<u32>>,
    /// How the version did by its own recorded metrics. A promotion without a gate fails as one that did
    /// not pass.
    pub gate: Option<Gate>,
    /// Why there is no gate that the version could pass.
    pub not_judged: Option<String>,
    /// What judged, in words, where that was a file of the version and not its recorded numbers.
    pub judged_by: Option<String>,
    /// Promote although the gate did not pass, or roll back to a version that never served.
    pub force: bool,
    /// Also give the version the serving alias where stages alone tell what serves.
    pub with_alias: bool,
    pub reason: Option<String>,
    pub author: Actor,
    /// Milliseconds since the epoch.
    pub now_ms: i64,
    pub valid_for_ms: i64,
}

/// What planning comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Planned {
    /// Everything is as wanted already.
    AlreadySo(Changed),
    Change(Box<Plan>),
}

/// Plans to move `version` to Staging or Production.
///
/// Errors: [`ErrorKind::ModelNotFound`], [`ErrorKind::Conflict`] when the stated premise does not hold,
/// [`ErrorKind::GateFailed`], [`ErrorKind::Usage`] for a move that is none and for force without a reason,
/// [`ErrorKind::InvariantBroken`] when several versions are in Production, and when stage and alias name two versions, unless
/// this promotes one of them.
pub fn promote(observed: &Observed, version: u32, to_stage: Stage, request: PlanRequest) -> Result<Planned> {
    let target = observed.live(version)?;
    let champion = observed.champion()?;
    check_premise(observed, champion, &request)?;
    if !matches!(to_stage, Stage::Staging | Stage::Production) {
        return Err(Error::new(ErrorKind::Usage, format!("a version is promoted to Staging or Production, not to {}", to_stage.as_str()))
            .hint(out_of_service(observed, target, "to take it out of service: `")));
    }
    let serves = to_stage == Stage::Production;
    observed.agreed(Some(version).filter(|_| serves))?;
    let champion = if serves { observed.former(version)? } else { champion };
    let pointer = match observed.pointer(to_stage) {
        Pointer::Stage if serves && request.with_alias => Pointer::Both { alias: observed.serving_rule.alias.clone() },
        usual => usual,
    };
    let is_champion = champion.is_some_and(|champion| champion.version == version);
    if is_champion && !serves {
        let why = match pointer.alias_alone() {
            Some(alias) => format!("{}@{version} serves, so it is no {alias}", observed.model),
            None => format!("{}@{version} is in Production; moving it to Staging would leave none there", observed.model),
        };
        let instead = commands::models_promote(format!("{}@VERSION", observed.model));
        return Err(Error::new(ErrorKind::Usage, why)
            .hint(("promote another version in its place: `", instead, "`"))
            .hint(out_of_service(observed, target, "or leave the model without one: `")));
    }
    if pointer.is_at(target, to_stage) {
        return Ok(Planned::AlreadySo(Changed::nothing(target, champion).by(pointer)));
    }
    // What serves only lacks the other pointer to it: nobody gets another version.
    let passed = serves && is_champion || request.gate.as_ref().is_some_and(|gate| gate.passed);
    if !passed && !request.force {
        return Err(gate_failed(target, &request));
    }
    // On a version that passes, force changes nothing, so it is not marked either.
    let forced = request.force && !passed;
    if forced && !has_reason(&request) {
        return Err(Error::new(ErrorKind::Usage, "forcing a promotion past its gate needs a reason")
            .hint("add --reason TEXT; it is kept with the version"));
    }
    let archives = archived(champion, target, &pointer, to_stage);
    Ok(Move { action: PlanAction::Promote, target, to_stage, pointer, champion, archives, forced }.into_plan(observed, request))
}

/// What takes a version out of service; of one that alone serves that is refused without force.
fn out_of_service(observed: &Observed, target: &ModelVersion, words: &'static str) -> Hint {
    let id = target.id();
    let is_alone = observed.serving().names(target.version) && observed.newest_serving(Some(target.version)).is_none();
    let archive = if is_alone { commands::models_archive_forced(id) } else { commands::models_archive(id) };
    Hint::from((words, archive, "`"))
}

/// The version that leaves Production for `target`.
fn archived(champion: Option<&ModelVersion>, target: &ModelVersion, pointer: &Pointer, to_stage: Stage) -> Option<u32> {
    let leaves = champion.filter(|champion| champion.version != target.version && champion.stage == Stage::Production);
    leaves.filter(|_| pointer.moves_stage() && to_stage == Stage::Production).map(|champion| champion.version)
}

/// Plans to put the version back into Production that served before, or `to`.
///
/// Errors: [`ErrorKind::Waiting`] where the log does not reach back to a version that served and a person
/// has to choose; [`ErrorKind::ModelNotFound`] when nothing served before; [`ErrorKind::Usage`] for a version
/// that never served, unless forced with a reason; otherwise as [`promote`].
pub fn rollback(observed: &Observed, to: Option<u32>, request: PlanRequest) -> Result<Planned> {
    let champion = observed.champion()?;
    check_premise(observed, champion, &request)?;
    observed.agreed(None)?;
    let pointer = observed.pointer(Stage::Production);
    let target = match to {
        Some(version) => observed.live(version)?,
        None => previous(observed, champion)?,
    };
    if pointer.is_at(target, Stage::Production) {
        return Ok(Planned::AlreadySo(Changed::nothing(target, champion).by(pointer)));
    }
    let is_champion = champion.is_some_and(|champion| champion.version == target.version);
    let served = observed.production_history.has_served(target.as_production_version()) || is_champion;
    if !served && !has_reason(&request) {
        let command = commands::models_rollback_to_confirmed(&observed.model, target.version);
        return Err(Error::new(ErrorKind::Usage, format!("{}@{} never served, as far as is recorded", observed.model, target.version))
            .because("rolling back to it is like promoting it without its gate")
            .hint(("if it is the one: `", command, "`")));
    }
    let archives = archived(champion, target, &pointer, Stage::Production);
    let rollback = Move { action: PlanAction::Rollback, target, to_stage: Stage::Production, pointer, champion, archives, forced: !served };
    Ok(rollback.into_plan(observed, request))
}

/// The version that served before the one in Production.
fn previous<'a>(observed: &'a Observed, champion: Option<&ModelVersion>) -> Result<&'a ModelVersion> {
    let by_alias = observed.pointer(Stage::Production).alias_alone().map(str::to_owned);
    let now = match (champion, &by_alias) {
        (None, None) => "nothing is in Production now".to_owned(),
        (Some(champion), None) => format!("version {} is in Production now", champion.version),
        (None, Some(alias)) => format!("the alias {alias} names no version now"),
        (Some(champion), Some(alias)) => format!("the alias {alias} names version {} now", champion.version),
    };
    let has_moved = |version: &ModelVersion| matches!(version.stage, Stage::Production | Stage::Archived);
    let untouched = by_alias.is_none()
        && observed.production_history.is_empty()
        && observed.deleted.is_empty()
        && !observed.versions.iter().any(has_moved);
    match observed.production_history.previous(champion.map(ModelVersion::as_production_version)) {
        Previous::Unknown if untouched => {
            Err(Error::new(ErrorKind::ModelNotFound, format!("no version of {} served before", observed.model))
                .because("none is in Production or archived")
                .hint(("to put one into Production: `", commands::models_promote(format!("{}@{}", observed.model, newest(observed))), "`")))
        }
        Previous::Version(served) => observed
            .versions
            .iter()
            .find(|version| version.as_production_version() == served)
            .ok_or_else(|| choose(observed, &format!("version {}, which served before, was deleted", served.version), &now)),
        Previous::Nobody => {
            Err(Error::new(ErrorKind::ModelNotFound, format!("no version of {} served before", observed.model)).because(now).hint((
                "to take it out of service: `",
                match champion {
                    Some(champion) => commands::models_archive_forced(champion.id()),
                    None => commands::models_archive(format!("{}@VERSION", observed.model)),
                },
                "`; the versions: `",
                commands::models_list_of(&observed.model),
                "`",
            )))
        }
        Previous::Unknown if by_alias.is_some() => {
            let who = match observed.production_history.is_empty() {
                true => "no hivectl has moved the alias yet",
                false => "another tool moved the alias since",
            };
            Err(choose(observed, &format!("what served before is not recorded: {who}, and MLflow keeps no history of aliases"), &now))
        }
        Previous::Unknown => Err(choose(observed, "what served before is not recorded: another tool moved this model's versions", &now)),
    }
}

fn newest(observed: &Observed) -> u32 {
    observed.versions.iter().map(|version| version.version).max().unwrap_or(1)
}

/// A person has to choose: among the archived versions, or where none is, as with aliases alone, among the others.
fn choose(observed: &Observed, why: &str, now: &str) -> Error {
    let error = Error::new(ErrorKind::Waiting, format!("which version of {} to roll back to is for you to say", observed.model))
        .because(why)
        .because(now);
    let serves = observed.serving();
    let (archived, others): (Vec<&ModelVersion>, Vec<&ModelVersion>) =
        observed.versions.iter().filter(|version| !serves.names(version.version)).partition(|version| version.stage == Stage::Archived);
    let (words, mut possible) = match archived.is_empty() {
        true => ("the other versions, last changed first:", others),
        false => ("archived, last changed first:", archived),
    };
    possible.sort_by_key(|version| std::cmp::Reverse((version.updated_at, version.version)));
    let Some(last) = possible.first() else {
        return error.hint(("the versions: `", commands::models_list_of(&observed.model), "`"));
    };
    let mut lines = words.to_owned();
    for version in possible.iter().take(10) {
        let _ = write!(lines, " {}@{} ({});", observed.model, version.version, rfc3339_or_number(version.updated_at));
    }
    error.hint(lines.trim_end_matches(';').to_owned()).hint(commands::models_rollback_to_confirmed(&observed.model, last.version))
}

fn check_premise(observed: &Observed, champion: Option<&ModelVersion>, request: &PlanRequest) -> Result<()> {
    let Some(expected) = request.expected_champion else { return Ok(()) };
    let now = champion.map(|champion| champion.version);
    if now == expected {
        return Ok(());
    }
    let word = |version: Option<u32>| version.map_or_else(|| "none".to_owned(), |version| version.to_string());
    let error = Error::new(
        ErrorKind::Conflict,
        match observed.pointer(Stage::Production).alias_alone() {
            None => format!("the version of {} in Production is {}, not {}", observed.model, word(now), word(expected)),
            Some(alias) => format!("the alias {alias} of {} names {}, not {}", observed.model, word(now), word(expected)),
        },
    );
    Err(match &observed.last_move {
        Some(last) => error.because(last),
        None => error,
    }
    .hint(("look at what is there: `", commands::models_history(&observed.model), "`")))
}

fn gate_failed(target: &ModelVersion, request: &PlanRequest) -> Error {
    let mut error = Error::new(ErrorKind::GateFailed, format!("{} did not pass its gate", target.id()));
    for criterion in request.gate.iter().flat_map(Gate::failures) {
        error = error.because(criterion.sentence());
    }
    if request.gate.is_none() {
        error = error.because(request.not_judged.as_deref().unwrap_or("it could not be judged"));
    }
    if target.metrics_are_claimed() {
        error = error.hint(("measure it: `", commands::validate_version(target.id()), "`"));
    } else if request.gate.is_none() {
        error = error.hint(("how a policy says what a model must show: `", commands::explain("policy"), "`"));
    }
    if request.gate.iter().flat_map(Gate::failures).any(|criterion| criterion.metric == JUDGED_TICKETS && criterion.value.is_none()) {
        error = error.hint(format!("log {JUDGED_TICKETS} with the model, or write `{JUDGED_TICKETS}: off` into its rule of the policy"));
    }
    error.hint("to promote it all the same, add --force-gate --reason TEXT; the force stays marked on the version")
}

fn has_reason(request: &PlanRequest) -> bool {
    request.reason.as_deref().is_some_and(|reason| !reason.trim().is_empty())
}

/// A move that was found possible.
struct Move<'a> {
    action: PlanAction,
    target: &'a ModelVersion,
    to_stage: Stage,
    pointer: Pointer,
    champion: Option<&'a ModelVersion>,
    archives: Option<u32>,
    forced: bool,
}

impl Move<'_> {
    fn into_plan(self, observed: &Observed, request: PlanRequest) -> Planned {
        let expires_ms = request.now_ms.saturating_add(request.valid_for_ms.max(0));
        Planned::Change(Box::new(Plan {
            id: request.id,
            action: self.action,
            registry: observed.registry.clone(),
            revision: observed.revision,
            model: observed.model.clone(),
            version: self.target.version,
            from_stage: self.target.stage,
            to_stage: if self.pointer.moves_stage() { self.to_stage } else { self.target.stage },
            pointer: self.pointer,
            serving: Some(observed.serving()),
            champion: self.champion.map(|champion| champion.version),
            archives: self.archives.into_iter().collect(),
            package_digest: self.target.package_digest(),
            gate: request.gate,
            forced: self.forced,
            comparison: Vec::new(),
            verdict: None,
            measured_on: request.judged_by.or_else(|| self.target.measured_on().map(str::to_owned)),
            author: request.author,
            reason: request.reason,
            created_at: rfc3339_or_number(whole_second(request.now_ms)),
            expires_at: rfc3339_or_number(whole_second(expires_ms)),
        }))
    }
}

/// Checks that a plan may still be applied: made for this registry, not expired, and everything that it saw
/// is as it was.
///
/// Errors: [`ErrorKind::Conflict`] with who moved what; [`ErrorKind::BadInput`] for an unreadable time.
pub fn check_still_holds(plan: &Plan, observed: &Observed, now_ms: i64) -> Result<()> {
    let again = match plan.action {
        PlanAction::Promote => commands::models_promote_plan(format!("{}@{}", plan.model, plan.version), "FILE"),
        PlanAction::Rollback => commands::models_rollback_plan(&plan.model, plan.version, "FILE"),
    };
    let again = Hint::from(("make a new plan: `", again, "`"));
    let refuse = |what: String| Error::new(ErrorKind::Conflict, format!("the plan {what}, so it is not applied")).hint(again.clone());
    if plan.registry.id != observed.registry.id {
        return Err(refuse(format!("was made for another registry, {}", plan.registry.location))
            .because(format!("this one is {}", observed.registry.location)));
    }
    let expires: jiff::Timestamp = plan
        .expires_at
        .parse()
        .map_err(|source| Error::new(ErrorKind::BadInput, "the plan's time of expiry cannot be read").because(source))?;
    if now_ms >= expires.as_millisecond() {
        return Err(refuse(format!("expired at {}", plan.expires_at)));
    }
    let target = observed.live(plan.version)?;
    let champion = if plan.makes_serving() { observed.former(plan.version)? } else { observed.champion()? };
    let seen = |version: Option<u32>| version.map_or_else(|| "none".to_owned(), |version| format!("version {version}"));
    let settling = Some(plan.version).filter(|_| plan.makes_serving());
    // The same disagreement as when the plan was made, which says so.
    observed.agreed(settling)?;
    // Of plans that were made before what serves was a pointer, it is the default.
    let to = if plan.makes_serving() { Stage::Production } else { Stage::Staging };
    // Where nothing serves, other models told what the plan moves: that they go another way now does not overtake it.
    let pointer = observed.pointer(to);
    // The alias was asked for beside the stage, and was seen to name no version.
    let adds_alias = pointer == Pointer::Stage
        && plan.pointer == Pointer::Both { alias: observed.serving_rule.alias.clone() }
        && plan.serving.as_ref().is_some_and(|serving| serving.aliased.is_none());
    let moved = if champion.map(|champion| champion.version) != plan.champion {
        format!("saw that {} serves, and now it is {}", seen(plan.champion), seen(champion.map(|champion| champion.version)))
    } else if target.stage != plan.from_stage {
        format!("saw version {} in {}, and now it is in {}", plan.version, plan.from_stage.as_str(), target.stage.as_str())
    } else if pointer != plan.pointer && !adds_alias && observed.serving().tells_itself() {
        "was made when something else told what serves: stage or alias".to_owned()
    } else if observed.revision != plan.revision {
        "is stale: versions were moved, and moved back, since it was made".to_owned()
    } else if target.package_digest() != plan.package_digest {
        format!("saw other files of version {} than are recorded now", plan.version)
    } else {
        return Ok(());
    };
    let changed = champion.filter(|champion| Some(champion.version) != plan.champion).unwrap_or(target);
    let who = match &observed.last_move {
        Some(last) if observed.revision != plan.revision => last.clone(),
        _ => format!("another tool moved it; version {} was last changed at {}", changed.version, rfc3339_or_number(changed.updated_at)),
    };
    Err(refuse(moved).because(who))
}
