//! What the audit log says about each kind of change, whichever registry makes it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::measurement::{CLAIMED, MEASURED, MEASURED_ON_TAG, METRICS_TAG};
use super::{
    AliasChanged, Approval, Approved, Gate, Measurement, MetricComparison, Migration, ModelVersion, Observed, Plan, PlanAction, Pointer,
    STAGE_BEFORE_TAG, Stage, TagsChanged, Verdict, VersionMigration,
};
use crate::audit::{Action, Actor, ProductionVersion, RecordedState};
use crate::error::Result;

/// What a record says about a change.
#[derive(Clone, Debug)]
pub(crate) struct AuditEntry {
    pub(crate) action: Action,
    pub(crate) model: String,
    pub(crate) version: Option<u32>,
    pub(crate) before: RecordedState,
    pub(crate) after: RecordedState,
    pub(crate) reason: Option<String>,
    pub(crate) evidence: Value,
}

impl AuditEntry {
    /// A plan that is applied to what was observed.
    ///
    /// Errors: as [`Observed::live`] and [`Observed::champion`].
    pub(crate) fn of_plan(approved: &Approved<Plan>, observed: &Observed) -> Result<AuditEntry> {
        let plan = approved.subject();
        let target = observed.live(plan.version)?;
        let former = if plan.makes_serving() { observed.former(plan.version)? } else { observed.champion()? };
        let before = former.map(ModelVersion::as_production_version);
        let after = if plan.makes_serving() { Some(target.as_production_version()) } else { before };
        let moves = plan.pointer.alias_to_move(plan.to_stage);
        let aliases = |version: Option<u32>| moves.map(|alias| (alias.to_owned(), version)).into_iter().collect();
        let named = moves.and_then(|alias| observed.with_alias(alias)).map(|version| version.version);
        Ok(AuditEntry {
            action: match plan.action {
                PlanAction::Promote => Action::Promote,
                PlanAction::Rollback => Action::Rollback,
            },
            model: plan.model.clone(),
            version: Some(plan.version),
            before: RecordedState { aliases: aliases(named), ..stage(before, plan.from_stage) },
            after: RecordedState { aliases: aliases(Some(plan.version)), ..stage(after, plan.to_stage) },
            reason: plan.reason.clone(),
            evidence: value(&PlanEvidence {
                plan_digest: plan.digest(),
                plan_author: &plan.author,
                plan_created_at: &plan.created_at,
                approval: approved.approval(),
                gate: &plan.gate,
                forced: plan.forced,
                comparison: &plan.comparison,
                verdict: &plan.verdict,
                measured_on: &plan.measured_on,
                package_digest: &plan.package_digest,
                archives: &plan.archives,
            }),
        })
    }

    /// A version that is taken out of service, and loses what `service` says.
    pub(crate) fn of_archiving(
        observed: &Observed,
        target: &ModelVersion,
        service: &Pointer,
        reason: Option<&str>,
        evidence: Value,
    ) -> AuditEntry {
        let served = |but: Option<u32>| observed.newest_serving(but).map(ModelVersion::as_production_version);
        let lost = match service.moves_stage() {
            false => service.alias_alone().into_iter().collect(),
            true if target.stage == Stage::Archived => Vec::new(),
            true => service.lost_by(target),
        };
        let aliases = |version: Option<u32>| lost.iter().map(|alias| ((*alias).to_owned(), version)).collect();
        let to_stage = if service.moves_stage() { Stage::Archived } else { target.stage };
        AuditEntry {
            action: Action::Archive,
            model: target.name.clone(),
            version: Some(target.version),
            before: RecordedState { aliases: aliases(Some(target.version)), ..stage(served(None), target.stage) },
            after: RecordedState { aliases: aliases(None), ..stage(served(Some(target.version)), to_stage) },
            reason: reason.map(str::to_owned),
            evidence,
        }
    }

    /// An alias that goes elsewhere or away.
    pub(crate) fn of_alias(changed: &AliasChanged, reason: Option<&str>) -> AuditEntry {
        let standing = |version: Option<u32>| RecordedState {
            aliases: BTreeMap::from([(changed.alias.clone(), version)]),
            ..RecordedState::default()
        };
        AuditEntry {
            action: if changed.to_version.is_some() { Action::SetAlias } else { Action::RemoveAlias },
            model: changed.model.clone(),
            version: changed.to_version.or(changed.from_version),
            before: standing(changed.from_version),
            after: standing(changed.to_version),
            reason: reason.map(str::to_owned),
            evidence: Value::Null,
        }
    }

    /// A version of which a migration changes what tells that it serves or waits.
    pub(crate) fn of_migration(approved: &Approved<Migration>, model: &str, changed: &VersionMigration) -> AuditEntry {
        let aliases = |from: &[String], to: &[String]| {
            let gained = to.iter().map(|alias| (alias.clone(), Some(changed.version)));
            gained.chain(from.iter().map(|alias| (alias.clone(), None))).collect()
        };
        let standing = |stage: Stage, aliases, tag: &Option<String>| RecordedState {
            stage: Some(stage.as_str().into()),
            aliases,
            tags: if changed.tag_before == changed.tag_after {
                BTreeMap::new()
            } else {
                BTreeMap::from([(STAGE_BEFORE_TAG.to_owned(), tag.clone())])
            },
            ..RecordedState::default()
        };
        AuditEntry {
            action: Action::Migrate,
            model: model.to_owned(),
            version: Some(changed.version),
            before: standing(changed.from_stage, aliases(&changed.gains, &changed.loses), &changed.tag_before),
            after: standing(changed.to_stage, aliases(&changed.loses, &changed.gains), &changed.tag_after),
            reason: approved.subject().reason.clone(),
            evidence: Value::from_iter([
                ("migration_digest", Value::from(approved.subject().digest())),
                ("approval", value(&approved.approval())),
            ]),
        }
    }

    /// Tags that are set and removed.
    pub(crate) fn of_tags(changed: &TagsChanged, reason: Option<&str>) -> AuditEntry {
        AuditEntry {
            action: Action::Tag,
            model: changed.model.clone(),
            version: Some(changed.version),
            before: RecordedState { tags: changed.before.clone(), ..RecordedState::default() },
            after: RecordedState { tags: changed.after.clone(), ..RecordedState::default() },
            reason: reason.map(str::to_owned),
            evidence: Value::Null,
        }
    }

    /// A baseline that is saved or chosen.
    pub(crate) fn of_baseline(version: &ModelVersion, reason: Option<&str>, evidence: Value) -> AuditEntry {
        AuditEntry {
            action: Action::Baseline,
            model: version.name.clone(),
            version: Some(version.version),
            before: RecordedState::default(),
            after: RecordedState::default(),
            reason: reason.map(str::to_owned),
            evidence,
        }
    }

    /// Claimed metrics that measured ones replace.
    pub(crate) fn of_measurement(version: &ModelVersion, measurement: &Measurement, reason: Option<&str>) -> AuditEntry {
        let standing = |word: &str, on: Option<String>| RecordedState {
            tags: BTreeMap::from([(METRICS_TAG.to_owned(), Some(word.to_owned())), (MEASURED_ON_TAG.to_owned(), on)]),
            ..RecordedState::default()
        };
        AuditEntry {
            action: Action::Measure,
            model: version.name.clone(),
            version: Some(version.version),
            before: standing(CLAIMED, None),
            after: standing(MEASURED, Some(measurement.sentence())),
            reason: reason.map(str::to_owned),
            evidence: value(&MeasurementEvidence { claimed: &version.metrics, measurement, package_digest: version.package_digest() }),
        }
    }
}

fn stage(production: Option<ProductionVersion>, stage: Stage) -> RecordedState {
    RecordedState { production, stage: Some(stage.as_str().into()), ..RecordedState::default() }
}

/// What a change by plan rested on.
#[derive(Serialize)]
struct PlanEvidence<'a> {
    plan_digest: String,
    plan_author: &'a Actor,
    plan_created_at: &'a str,
    approval: Approval,
    gate: &'a Option<Gate>,
    forced: bool,
    comparison: &'a [MetricComparison],
    verdict: &'a Option<Verdict>,
    measured_on: &'a Option<String>,
    package_digest: &'a Option<String>,
    archives: &'a [u32],
}

/// What a measurement replaced, and by what.
#[derive(Serialize)]
struct MeasurementEvidence<'a> {
    claimed: &'a BTreeMap<String, f64>,
    measurement: &'a Measurement,
    package_digest: Option<String>,
}

fn value(evidence: &impl Serialize) -> Value {
    serde_json::to_value(evidence).unwrap_or(Value::Null)
}
