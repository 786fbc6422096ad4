//! Promotions and rollbacks: observe, plan, and after approval apply.

use crate::audit::Actor;
use crate::error::{Error, ErrorKind, Result};
use crate::models::{CARD_PATH, Gate, ModelCard, ModelKind, Policy, registered_name_behind};
use crate::registry::{
    Approved, Changed, Changes, ModelRef, ModelVersion, Observed, Plan, PlanRequest, Planned, Registry, Selector, Stage, new_run_id,
    planning,
};

/// What all changes by plan have in common.
#[derive(Clone, Debug)]
pub struct ChangeRequest {
    pub actor: Actor,
    pub reason: Option<String>,
    /// The version that must be in Production, or that none must be.
    pub expected_champion: Option<Option<u32>>,
    /// Past a gate that does not pass, or back to a version that never served.
    pub force: bool,
    pub policy: Policy,
    pub valid_for_ms: i64,
}

/// The exact name of the model that `name` means: itself, or what a kind or a guide's name stands for.
pub fn exact_name(registry: &dyn Registry, name: &str) -> Result<String> {
    super::resolve::versions_of(registry, name).map(|(name, _)| name)
}

/// The one version that a change is about. A bare name is not one.
///
/// Errors: [`ErrorKind::AmbiguousReference`] for a bare name, which lists what there is.
pub fn version_to_change(registry: &dyn Registry, reference: &ModelRef) -> Result<ModelVersion> {
    if reference.selector != Selector::Default {
        return super::resolve::resolve(registry, reference).map(|resolved| resolved.version);
    }
    let (name, versions) = super::resolve::versions_of(registry, &reference.name)?;
    let there: Vec<String> =
        versions.iter().take(5).map(|version| format!("{name}@{} ({})", version.version, version.stage.name())).collect();
    Err(Error::new(ErrorKind::AmbiguousReference, format!("'{}' names a model, and a change wants one version", reference.name))
        .hint(format!("there are {}", there.join(", ")))
        .hint(format!("write for instance {name}@{} or {name}@latest", versions[0].version)))
}

/// Plans to promote one version.
pub fn plan_promotion(registry: &dyn Changes, version: &ModelVersion, to: Stage, request: &ChangeRequest) -> Result<Planned> {
    let observed = registry.observe(&version.name)?;
    registry.check_files(observed.live(version.version)?)?;
    let gate = gate(registry, version, &request.policy)?;
    planning::promote(&observed, version.version, to, plan_request(request, gate))
}

/// Plans to go back to the version that served before, or to `to`.
pub fn plan_rollback(registry: &dyn Changes, name: &str, to: Option<u32>, request: &ChangeRequest) -> Result<Planned> {
    let name = match registered_name_behind(name) {
        Some(registered) if registry.versions(name)?.is_empty() => registered.to_owned(),
        _ => exact_name(registry, name)?,
    };
    let observed: Observed = registry.observe(&name)?;
    planning::rollback(&observed, to, plan_request(request, None))
}

fn plan_request(request: &ChangeRequest, gate: Option<Gate>) -> PlanRequest {
    PlanRequest {
        id: new_run_id(),
        expected_champion: request.expected_champion,
        gate,
        comparison: Vec::new(),
        force: request.force,
        reason: request.reason.clone(),
        author: request.actor.clone(),
        now_ms: jiff::Timestamp::now().as_millisecond(),
        valid_for_ms: request.valid_for_ms,
    }
}

/// How a version does by its own recorded metrics; `None` where its kind, and so its gate, is not known.
fn gate(registry: &dyn Registry, version: &ModelVersion, policy: &Policy) -> Result<Option<Gate>> {
    if version.artifacts.iter().any(|artifact| artifact.path == CARD_PATH) {
        let card = ModelCard::from_bytes(&registry.read_artifact(version, CARD_PATH)?)?;
        return Ok(Some(Gate::judge(policy.criteria(card.kind), &card.metrics)));
    }
    let kind = ModelKind::ALL.iter().find(|kind| version.name.contains(kind.word()));
    // A version that another tool made names its metrics as the running system does.
    let mut metrics = version.metrics.clone();
    if let Some(&percent) = metrics.get("mae_percentage") {
        metrics.entry("mae_pct".into()).or_insert(percent);
    }
    Ok(kind.map(|kind| Gate::judge(policy.criteria(*kind), &metrics)))
}

/// Applies an approved plan.
pub fn apply(registry: &mut dyn Changes, plan: &Approved<Plan>) -> Result<Changed> {
    registry.apply(plan)
}
