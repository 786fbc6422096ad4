//! Promotions and rollbacks: observe, plan, and after approval apply.
//!
//! The tickets of a plan are named by the request alone: a promotion or rollback without them reads nothing but the
//! registry. A plan that is applied twice finds its work done; one that was overtaken is refused.

mod confirm;
mod jobs;
mod migrate;
mod notes;

use super::Progress;
use super::compare::{self, metric_rows};
use super::evaluation::EvaluationRequest;
use super::gates::{FileEvidence, Judge};
use crate::api::compare::{Advice, TicketComparison};
use crate::audit::Actor;
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::Catalogue;
use crate::lifecycle::{
    Approved, Changed, MetricComparison, ModelRef, ModelVersion, Observed, Plan, PlanRequest, Planned, Policy, Selector, Stage, Verdict,
    planning,
};
use crate::registry::{ModelStore, Promotion, Registry, new_run_id};
use crate::source::TicketSource;

/// What all changes by plan have in common.
#[derive(Clone, Debug)]
pub struct ChangeRequest {
    pub actor: Actor,
    pub reason: Option<String>,
    /// The version that must be in Production, or that none must be.
    pub expected_champion: Option<Option<u32>>,
    /// Past a gate that does not pass, or back to a version that never served.
    pub force: bool,
    /// Also give the version the serving alias where stages alone tell what serves.
    pub with_alias: bool,
    pub policy: Policy,
    /// What was found of a file of the version, which then judges instead of its recorded numbers.
    pub file: Option<FileEvidence>,
    pub valid_for_ms: i64,
}

/// The exact name of the model that `name` means: itself, or what a kind or a guide's name stands for.
pub fn exact_name(registry: &dyn ModelStore, kinds: &Catalogue, name: &str) -> Result<String> {
    super::resolve::versions_of(registry, kinds, name).map(|(name, _)| name)
}

/// The one version that a change is about. A bare name is not one.
///
/// Errors: [`ErrorKind::AmbiguousReference`] for a bare name, which lists what there is.
pub fn version_to_change(registry: &dyn Promotion, kinds: &Catalogue, reference: &ModelRef) -> Result<ModelVersion> {
    if let Selector::Version(number) = reference.selector {
        // The change itself is asked, because it knows which versions were deleted.
        return registry.observe(&exact_name(registry, kinds, &reference.name)?)?.live(number).cloned();
    }
    if reference.selector != Selector::Default {
        return super::resolve::resolve(registry, kinds, reference).map(|resolved| resolved.version);
    }
    let (name, versions) = super::resolve::versions_of(registry, kinds, &reference.name)?;
    let there: Vec<String> =
        versions.iter().take(5).map(|version| format!("{name}@{} ({})", version.version, version.stage.as_str())).collect();
    Err(Error::new(ErrorKind::AmbiguousReference, format!("'{}' names a model, and a change wants one version", reference.name))
        .hint(format!("there are {}", there.join(", ")))
        .hint(format!("write for instance {name}@{} or {name}@latest", versions[0].version)))
}

/// The version that a reference names, for a copy; of a registry that is only read what it names for reading.
///
/// Errors: those of [`version_to_change`].
pub fn version_to_copy(registry: &Registry, kinds: &Catalogue, reference: &ModelRef) -> Result<ModelVersion> {
    match registry.promotion() {
        Ok(promotion) => version_to_change(promotion, kinds, reference),
        Err(_) => super::resolve::resolve(registry.store(), kinds, reference).map(|resolved| resolved.version),
    }
}

/// The tickets on which a plan compares its version with the champion.
pub struct Evidence<'a> {
    pub judging: EvaluationRequest,
    pub source: Box<dyn TicketSource>,
    pub progress: &'a dyn Progress,
}

/// Plans to promote one version.
pub fn plan_promotion(
    registry: &dyn Promotion,
    kinds: &Catalogue,
    version: &ModelVersion,
    to: Stage,
    request: &ChangeRequest,
) -> Result<Planned> {
    let observed = registry.observe(&version.name)?;
    let target = observed.live(version.version)?;
    if !target.registration.is_ready() {
        return Err(Error::new(ErrorKind::FileNotFound, format!("{} was not registered whole: {}", target.id(), target.registration))
            .hint(("choose another version: `", commands::models_list_of(&target.name), "`")));
    }
    registry.check_files(target)?;
    if let Some(file) = &request.file {
        file.check_is_of(registry, target)?;
    }
    // Several in Production are planning's to refuse.
    let champion = observed.champion().ok().flatten();
    let judge = Judge { registry, kinds, policy: &request.policy };
    let (gate, not_judged) = match judge.verdict(target, to, champion, request.file.as_ref())? {
        Ok(gate) => (Some(gate), None),
        Err(why) => (None, Some(why)),
    };
    let judged_by = request.file.as_ref().map(FileEvidence::sentence);
    planning::promote(&observed, version.version, to, PlanRequest { gate, not_judged, judged_by, ..plan_request(request) })
}

/// Plans to go back to the version that served before, or to `to`.
pub fn plan_rollback(registry: &dyn Promotion, kinds: &Catalogue, name: &str, to: Option<u32>, request: &ChangeRequest) -> Result<Planned> {
    let name = match kinds.name_behind(name) {
        Some(registered) if registry.versions(name)?.is_empty() => registered.to_owned(),
        _ => exact_name(registry, kinds, name)?,
    };
    let observed: Observed = registry.observe(&name)?;
    // What served once was judged then; it is not judged again when it has to come back.
    planning::rollback(&observed, to, plan_request(request))
}

fn plan_request(request: &ChangeRequest) -> PlanRequest {
    PlanRequest {
        id: new_run_id(),
        expected_champion: request.expected_champion,
        gate: None,
        not_judged: None,
        judged_by: None,
        force: request.force,
        with_alias: request.with_alias,
        reason: request.reason.clone(),
        author: request.actor.clone(),
        now_ms: jiff::Timestamp::now().as_millisecond(),
        valid_for_ms: request.valid_for_ms,
    }
}

/// The plan with what the tickets say of its version beside the champion.
pub fn with_evidence(
    registry: &dyn ModelStore,
    kinds: &Catalogue,
    mut plan: Plan,
    policy: &Policy,
    evidence: Evidence<'_>,
) -> Result<Plan> {
    let Some(champion) = plan.champion.filter(|champion| *champion != plan.version) else {
        let reason = "no other version serves to compare with".to_owned();
        plan.verdict = Some(Verdict { advice: Advice::Undecided.to_string(), reason, ticket_count: 0, synthetic: false });
        return Ok(plan);
    };
    let named = |version| ModelRef { name: plan.model.clone(), selector: Selector::Version(version) };
    let versions = [&named(champion), &named(plan.version)];
    let report = compare::run(registry, kinds, versions, policy, Some((&evidence.judging, evidence.source.as_ref())), evidence.progress)?;
    if let Some(trial) = &report.tickets {
        plan.comparison = comparison(trial);
        plan.verdict = Some(Verdict {
            advice: report.recommendation.advice.to_string(),
            reason: report.recommendation.reason,
            ticket_count: trial.judged_count as u64,
            synthetic: trial.synthetic,
        });
    }
    Ok(plan)
}

/// Every metric of both; the interval stands with the one that decides.
fn comparison(trial: &TicketComparison) -> Vec<MetricComparison> {
    let Some([champion, version]) = trial.measured() else { return Vec::new() };
    let interval = trial.difference.as_ref().map(|difference| [difference.estimate, difference.low, difference.high]);
    let rows = metric_rows(&champion.metrics, &version.metrics);
    rows.into_iter()
        .map(|row| MetricComparison {
            difference: interval.filter(|_| row.metric == trial.metric),
            metric: row.metric,
            version: row.second,
            champion: row.first,
            rows: trial.judged_count as u64,
        })
        .collect()
}

/// Applies an approved plan.
pub fn apply(registry: &dyn Promotion, plan: &Approved<Plan>) -> Result<Changed> {
    registry.apply(plan)
}
