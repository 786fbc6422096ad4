//! The jobs: promote, roll back, apply, archive, look back, verify.

use std::path::Path;

use super::confirm::{Confirmation, change_request, confirm_and_apply, evidence, finished};
use super::{ChangeRequest, apply, exact_name, plan_promotion, plan_rollback, version_to_change};
use crate::api::change::{
    ApplyRequest, ArchiveOlderReport, ArchiveOlderRequest, ArchiveRequest, ArchivedVersion, ChangeReport, HistoryReport, HistoryRequest,
    PlanOptions, PromoteRequest, RollbackRequest, VerifyRequest,
};
use crate::api::{Operations, Proposal, Question};
use crate::base::commands;
use crate::config::Settings;
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::Catalogue;
use crate::lifecycle::{Approval, Archival, Changed, ModelVersion, Plan, Planned, Pointer, ServingBy, Stage, Verification};
use crate::ops::gates::FileEvidence;
use crate::ops::workspace::{Intent, Workspace, note_judging, place_of};
use crate::registry::Promotion;

impl Operations<PromoteRequest> for Workspace<'_> {
    fn run(&self, request: &PromoteRequest) -> Result<ChangeReport> {
        let mut flags = self.flags();
        note_judging(&request.judging, &mut flags);
        let settings = self.settings(&flags)?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let version = version_to_change(registry.promotion()?, self.kinds(), &request.reference)?;
        let file = request.evidence.as_deref().map(FileEvidence::read).transpose()?;
        let change = ChangeRequest { file, ..change_request(self, &settings, &request.plan, request.force_gate)? };
        let evidence = evidence(self, &settings, &request.judging)?;
        if request.if_better && evidence.is_none() {
            return Err(Error::new(ErrorKind::Usage, "--if-better compares on tickets, and none are named").hint("add `--tickets FILE`"));
        }
        let (planned, refused) = plan_or_look(registry.promotion()?, self.kinds(), (&version, request.to), &change, &request.plan);
        let accepted = vec![format!("{}@{}", version.name, version.version), version.name.clone()];
        let (policy, if_better) = (&change.policy, request.if_better);
        let consent = Confirmation { accepted, options: &request.plan, evidence, policy, if_better, refused };
        confirm_and_apply(self, &settings, registry.promotion()?, planned, consent)
    }
}

impl Operations<RollbackRequest> for Workspace<'_> {
    fn run(&self, request: &RollbackRequest) -> Result<ChangeReport> {
        let mut flags = self.flags();
        note_judging(&request.judging, &mut flags);
        let settings = self.settings(&flags)?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let name = exact_name(registry.store(), self.kinds(), &request.name)?;
        let force = request.to.is_some() && self.reason().is_some();
        let change = change_request(self, &settings, &request.plan, force)?;
        let evidence = evidence(self, &settings, &request.judging)?;
        let planned = plan_rollback(registry.promotion()?, self.kinds(), &name, request.to, &change);
        let target = match (&planned, request.to) {
            (Ok(Planned::Change(plan)), _) => Some(plan.version),
            (_, to) => to,
        };
        let accepted: Vec<String> = target.map(|version| format!("{name}@{version}")).into_iter().chain([name.clone()]).collect();
        let policy = &change.policy;
        let consent = Confirmation { accepted, options: &request.plan, evidence, policy, if_better: false, refused: None };
        confirm_and_apply(self, &settings, registry.promotion()?, planned, consent)
    }
}

/// The plan of a promotion. One that is only to be seen is made also where the gate fails, beside why it would be refused,
/// so that nothing has to be forced to be seen.
pub(super) fn plan_or_look(
    registry: &dyn Promotion,
    kinds: &Catalogue,
    (version, to): (&ModelVersion, Stage),
    change: &ChangeRequest,
    options: &PlanOptions,
) -> (Result<Planned>, Option<Error>) {
    let refused = match plan_promotion(registry, kinds, version, to, change) {
        Err(error) if options.looks_only() && error.kind() == ErrorKind::GateFailed => error,
        planned => return (planned, None),
    };
    let reason = change.reason.clone();
    let forced = ChangeRequest { force: true, reason: Some(reason.clone().unwrap_or_else(|| "to be seen".into())), ..change.clone() };
    match plan_promotion(registry, kinds, version, to, &forced) {
        Ok(Planned::Change(plan)) => (Ok(Planned::Change(Box::new(Plan { forced: false, reason, ..*plan }))), Some(refused)),
        _ => (Err(refused), None),
    }
}

impl Operations<ApplyRequest> for Workspace<'_> {
    fn run(&self, request: &ApplyRequest) -> Result<ChangeReport> {
        let settings = self.settings(&self.flags())?;
        let plan = read_plan(&request.plan)?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let place = place_of(&settings, registry.store().location());
        self.interaction().propose(&Proposal::Plan { place, plan: Box::new(plan.clone()) });
        self.confirm_where_protected(&settings, &format!("{}@{}", plan.model, plan.version), "apply this plan")?;
        Ok(finished(&settings, apply(registry.promotion()?, &Approval::PlanFile.given(plan))?))
    }
}

fn read_plan(path: &Path) -> Result<Plan> {
    let hint = |error: Error| error.hint(("a plan is made by `", commands::models_promote_plan("NAME@VERSION", "plan.json"), "`"));
    if path.is_dir() {
        return Err(hint(Error::new(ErrorKind::BadInput, format!("{} is a folder, and a plan is one file", path.display()))));
    }
    let text = std::fs::read_to_string(path).map_err(|error| hint(Error::file("read the plan", path, &error)))?;
    Plan::from_file(&path.display().to_string(), &text)
}

impl Operations<ArchiveRequest> for Workspace<'_> {
    fn run(&self, request: &ArchiveRequest) -> Result<ChangeReport> {
        let settings = self.settings(&self.flags())?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let version = version_to_change(registry.promotion()?, self.kinds(), &request.reference)?;
        archive(self, &settings, registry.promotion()?, &version, ArchiveOptions { dry_run: request.dry_run, force: request.force })
    }
}

/// How a version is taken out of service.
#[derive(Clone, Copy, Debug)]
pub(super) struct ArchiveOptions {
    /// Show what would change and change nothing.
    pub dry_run: bool,
    /// Although nothing would serve after it; needs a reason.
    pub force: bool,
}

/// Takes a version out of service, or shows what that would be.
///
/// Errors: those of [`without_successor`], of a confirmation that is missing, and of the registry.
pub(super) fn archive(
    workspace: &Workspace<'_>,
    settings: &Settings,
    registry: &dyn Promotion,
    version: &ModelVersion,
    options: ArchiveOptions,
) -> Result<ChangeReport> {
    let observed = registry.observe(&version.name)?;
    let (model, reason) = (version.name.clone(), workspace.reason());
    let archival = Archival { model, version: version.version, from_stage: version.stage, reason };
    let target = observed.to_archive(&archival)?;
    let Some(service) = observed.service_of(target) else { return Ok(finished(settings, observed.nothing_to_archive(target))) };
    let serving = observed.serving();
    let serves = serving.names(version.version);
    let stages_count = serving.decided_by != Some(ServingBy::Alias);
    // Of two in Production, which is a fault, the other goes on serving where stages count.
    let serves_too = |other: &ModelVersion| {
        other.version != version.version && (serving.names(other.version) || (stages_count && other.stage == Stage::Production))
    };
    if serves && !observed.versions.iter().any(serves_too) {
        without_successor((version, &service), options.force, workspace.reason().is_some())?;
    }
    if options.dry_run {
        let change = Changed::to_be_archived(&observed, target, &service);
        let place = Some(place_of(settings, registry.location()));
        return Ok(ChangeReport { change, planned: None, place, cache_ttl_seconds: None });
    }
    let named = version.id().to_string();
    let by_name = serves || version.stage == Stage::Production || settings.protected();
    let question = match (by_name, service.alias_alone()) {
        (true, _) => Question::Name { name: version.name.clone(), accepted: vec![named, version.name.clone()] },
        (false, Some(alias)) => Question::YesNo { text: format!("Take the alias {alias} from {named}?") },
        (false, None) => Question::YesNo { text: format!("Archive {named}, which is in {}?", version.stage) },
    };
    let approval = workspace.interaction().ask(&question)?;
    Ok(finished(settings, registry.archive(&approval.given(archival))?))
}

/// Refuses to leave a model without a version that serves.
///
/// Errors: [`ErrorKind::NotAllowed`] unless forced; [`ErrorKind::Usage`] for force without a reason.
fn without_successor((version, service): (&ModelVersion, &Pointer), force: bool, has_reason: bool) -> Result<()> {
    let id = version.id();
    let successor = match service.alias_alone() {
        Some(alias) => format!("give the alias {alias} to its successor: `"),
        None => "put its successor into Production, which archives it: `".to_owned(),
    };
    match (force, has_reason) {
        (true, true) => Ok(()),
        (true, false) => Err(Error::new(ErrorKind::Usage, "archiving what serves, without a successor, needs a reason")
            .hint("add --reason TEXT; it is kept with the version")),
        (false, _) => Err(Error::new(ErrorKind::NotAllowed, format!("{id} serves, and nothing would serve after it"))
            .because(format!("services that load {} would find no version", version.name))
            .hint((successor, commands::models_promote(format!("{}@VERSION", version.name)), "`"))
            .hint(("the versions: `", commands::models_list_of(&version.name), "`"))
            .hint("or leave the model without one: add --force --reason TEXT")),
    }
}

impl Operations<ArchiveOlderRequest> for Workspace<'_> {
    fn run(&self, request: &ArchiveOlderRequest) -> Result<ArchiveOlderReport> {
        let settings = self.settings(&self.flags())?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let name = request.name.as_ref().map(|name| exact_name(registry.store(), self.kinds(), name)).transpose()?;
        let older = crate::ops::models::older_in_staging(registry.store(), name.as_deref(), request.keep)?;
        if request.dry_run || older.is_empty() {
            let items = older.iter().map(would_be_archived).collect();
            return Ok(ArchiveOlderReport { items, place: Some(place_of(&settings, registry.store().location())) });
        }
        let question = match (settings.protected(), &name, &settings.context) {
            (true, Some(word), _) | (true, None, Some(word)) => Question::Name { name: word.clone(), accepted: vec![word.clone()] },
            _ => Question::YesNo { text: format!("Archive {} in Staging?", crate::base::number::counted(older.len(), "version")) },
        };
        self.interaction().ask(&question)?;
        let changed = registry.promotion()?.archive_older(name.as_deref(), request.keep, self.reason().as_deref())?;
        Ok(ArchiveOlderReport { items: changed.into_iter().map(ArchivedVersion::Done).collect(), place: None })
    }
}

fn would_be_archived(version: &ModelVersion) -> ArchivedVersion {
    ArchivedVersion::Planned { model: version.name.clone(), version: version.version, from_stage: version.stage, changed: false }
}

impl Operations<HistoryRequest> for Workspace<'_> {
    fn run(&self, request: &HistoryRequest) -> Result<HistoryReport> {
        let settings = self.settings(&self.flags())?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let name = exact_name(registry.store(), self.kinds(), &request.name)?;
        Ok(HistoryReport { items: registry.annotations()?.history(&name)?, name })
    }
}

impl Operations<VerifyRequest> for Workspace<'_> {
    fn run(&self, request: &VerifyRequest) -> Result<Verification> {
        let settings = self.settings(&self.flags())?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let name = request.name.as_ref().map(|name| exact_name(registry.store(), self.kinds(), name)).transpose()?;
        registry.promotion()?.verify(name.as_deref())
    }
}
