//! From a plan to its end: shown, kept, or agreed to and applied.

use super::{ChangeRequest, Evidence, apply, with_evidence};
use crate::api::change::{ChangeReport, ExpectedChampion, PlanOptions, PlannedChange, RefusedPlan};
use crate::api::compare::Advice;
use crate::api::{Judging, Proposal, Question};
use crate::base::{commands, write_whole};
use crate::config::Settings;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{Changed, Plan, Planned, Policy, Stage};
use crate::ops::workspace::{Workspace, judge_request, place_of, policy};
use crate::registry::Promotion;

/// What has to be agreed to before a plan is applied.
pub(super) struct Confirmation<'a> {
    /// What may be given in a script, in the place of the model's name.
    pub accepted: Vec<String>,
    pub options: &'a PlanOptions,
    /// What the plan is to show beside the rest, and by which gates.
    pub evidence: Option<Evidence<'a>>,
    pub policy: &'a Policy,
    /// Only where the evidence says that the version is better.
    pub if_better: bool,
    /// Why a plan that is only to be seen would be refused.
    pub refused: Option<Error>,
}

impl PlanOptions {
    /// Whether the plan is only to be seen or kept.
    fn plans_only(&self) -> bool {
        self.dry_run || self.plan_out.is_some()
    }

    /// Whether the plan is only to be seen: one that would be refused is shown whole then, and never kept.
    pub(super) fn looks_only(&self) -> bool {
        self.dry_run && self.plan_out.is_none()
    }
}

/// What all changes by plan have in common, from the words of a request and the settings.
pub(super) fn change_request(workspace: &Workspace<'_>, settings: &Settings, options: &PlanOptions, force: bool) -> Result<ChangeRequest> {
    Ok(ChangeRequest {
        actor: workspace.actor(),
        reason: workspace.reason(),
        expected_champion: options.expected_champion.map(|expected| match expected {
            ExpectedChampion::None => None,
            ExpectedChampion::Version(version) => Some(version),
        }),
        force,
        with_alias: false,
        policy: policy(workspace.kinds(), settings)?,
        file: None,
        valid_for_ms: i64::try_from(options.expires.as_millis()).unwrap_or(i64::MAX),
    })
}

/// What a plan compares its version with the champion on: tickets that a request names. The setting is not
/// looked at, so that a change which was given no tickets stays quick and needs nothing but the registry.
pub(super) fn evidence<'a>(workspace: &Workspace<'a>, settings: &Settings, judging: &Judging) -> Result<Option<Evidence<'a>>> {
    if judging.tickets.places.is_empty() {
        return Ok(None);
    }
    let source = workspace.tickets(settings, &judging.tickets)?;
    Ok(Some(Evidence { judging: judge_request(settings, judging)?, source, progress: workspace.progress() }))
}

/// Takes what planning came to, to its end.
///
/// A gate that fails is told before anybody is asked to confirm what is refused anyway.
pub(super) fn confirm_and_apply(
    workspace: &Workspace<'_>,
    settings: &Settings,
    registry: &dyn Promotion,
    planned: Result<Planned>,
    mut consent: Confirmation<'_>,
) -> Result<ChangeReport> {
    let interaction = workspace.interaction();
    let plans_only = consent.options.plans_only();
    let name = |name: &str| Question::Name { name: name.to_owned(), accepted: consent.accepted.clone() };
    let mut plan = match planned {
        Ok(Planned::AlreadySo(changed)) => return Ok(finished(settings, changed)),
        Ok(Planned::Change(plan)) => *plan,
        Err(error) => return Err(error),
    };
    let by_name = plan.makes_serving() || plan.from_stage == Stage::Production || plan.forced || settings.protected();
    let question = match by_name {
        true => name(&plan.model),
        false => match plan.pointer.alias_alone() {
            Some(alias) => Question::YesNo { text: format!("Point the alias {alias} of {} at version {}?", plan.model, plan.version) },
            None => Question::YesNo { text: format!("Move {}@{} to {}?", plan.model, plan.version, plan.to_stage.as_str()) },
        },
    };
    // Before the tickets are read, which may take long.
    if by_name && !plans_only {
        interaction.can_answer(&question)?;
    }
    if let Some(evidence) = consent.evidence.take() {
        plan = with_evidence(registry, workspace.kinds(), plan, consent.policy, evidence)?;
    }
    if consent.if_better && consent.refused.is_none() {
        match not_better(&plan) {
            Some(error) if !consent.options.looks_only() => return Err(error),
            refused => consent.refused = refused,
        }
    }
    let place = place_of(settings, registry.location());
    if plans_only {
        if let Some(path) = &consent.options.plan_out {
            write_whole(path, plan.to_file()?.as_bytes())?;
        }
        let change = Changed::planned(&plan);
        let refused = consent.refused.as_ref().map(RefusedPlan::from);
        let planned = PlannedChange { plan, file: consent.options.plan_out.clone(), registry: place, refused };
        return Ok(ChangeReport { change, planned: Some(planned), place: None, cache_ttl_seconds: None });
    }
    interaction.propose(&Proposal::Plan { place, plan: Box::new(plan.clone()) });
    let approval = interaction.ask(&question)?;
    Ok(finished(settings, apply(registry, &approval.given(plan))?))
}

/// The refusal of a version that does no better than the one that serves, with the numbers.
fn not_better(plan: &Plan) -> Option<Error> {
    let verdict = plan.verdict.as_ref().filter(|verdict| verdict.advice != Advice::Promote.to_string())?;
    let champion = plan.champion.filter(|champion| plan.makes_serving() && *champion != plan.version)?;
    let (version, former) = (format!("{}@{}", plan.model, plan.version), format!("{}@{champion}", plan.model));
    Some(
        Error::new(ErrorKind::GateFailed, format!("{version} is not shown to be better than {former}, which stays: {}", verdict.reason))
            .hint(("look closer: `", commands::models_compare_on_tickets(&former, &version), "`"))
            .hint(("to put it there all the same: `", commands::models_promote(&version), "`")),
    )
}

/// The report of a change that was made, or was not needed.
pub(super) fn finished(settings: &Settings, change: Changed) -> ChangeReport {
    let serves = change.changed && change.changes_service();
    let seconds = || settings.text("model_cache_ttl_seconds").and_then(|seconds| seconds.trim().parse().ok()).unwrap_or(3600);
    ChangeReport { change, planned: None, place: None, cache_ttl_seconds: serves.then(seconds) }
}
