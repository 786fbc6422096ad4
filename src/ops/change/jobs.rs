//! The jobs: promote, roll back, apply, archive, annotate, look back, verify.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::confirm::{Confirmation, change_request, confirm_and_apply, evidence, finished};
use super::{ChangeRequest, apply, exact_name, plan_promotion, plan_rollback, version_to_change};
use crate::api::change::{
    AliasRequest, ApplyRequest, ArchiveOlderReport, ArchiveOlderRequest, ArchiveRequest, ArchivedVersion, ChangeReport, HistoryReport,
    HistoryRequest, PromoteRequest, RollbackRequest, TagRequest, VerifyRequest,
};
use crate::api::{Operations, Proposal, Question};
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{AliasChanged, Approval, Archival, Changed, ModelVersion, Plan, Planned, Stage, TagsChanged, Verification};
use crate::ops::workspace::{Intent, Workspace, note_judging, place_of};

impl Operations<PromoteRequest> for Workspace<'_> {
    fn run(&self, request: &PromoteRequest) -> Result<ChangeReport> {
        let mut flags = self.flags();
        note_judging(&request.judging, &mut flags);
        let settings = self.settings(&flags)?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let version = version_to_change(registry.promotion()?, self.kinds(), &request.reference)?;
        let change = change_request(self, &settings, &request.plan, request.force_gate)?;
        let evidence = evidence(self, &settings, &request.judging)?;
        let planned = plan_promotion(registry.promotion()?, self.kinds(), &version, request.to, &change);
        if let (Err(error), true) = (&planned, request.plan.dry_run)
            && error.kind() == ErrorKind::GateFailed
        {
            // What is refused is shown whole all the same, so that nothing has to be forced to be seen.
            let forced =
                ChangeRequest { force: true, reason: Some(self.reason().unwrap_or_else(|| "to be seen".into())), ..change.clone() };
            if let Ok(Planned::Change(plan)) = plan_promotion(registry.promotion()?, self.kinds(), &version, request.to, &forced) {
                let plan = Box::new(Plan { forced: false, reason: self.reason(), ..*plan });
                self.interaction().propose(&Proposal::Plan { place: place_of(&settings, registry.store().location()), plan });
            }
        }
        let accepted = vec![format!("{}@{}", version.name, version.version), version.name.clone()];
        let consent = Confirmation { accepted, options: &request.plan, evidence, policy: &change.policy };
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
        let consent = Confirmation { accepted, options: &request.plan, evidence, policy: &change.policy };
        confirm_and_apply(self, &settings, registry.promotion()?, planned, consent)
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
        // The newest where there are several: archiving is how that is repaired.
        let observed = registry.promotion()?.observe(&version.name)?;
        let serving: Vec<u32> =
            observed.versions.iter().filter(|other| other.stage == Stage::Production).map(|other| other.version).collect();
        let champion = serving.first().copied();
        let nothing = Changed { previous_champion: champion, ..Changed::nothing(&version, None) };
        if version.stage == Stage::Archived && !version.has_champion_alias() {
            return Ok(finished(&settings, nothing));
        }
        let serves = version.stage == Stage::Production || version.has_champion_alias();
        if serves && serving.iter().all(|other| *other == version.version) {
            without_successor(&version, request.force, self.reason().is_some())?;
        }
        if request.dry_run {
            let change = Changed { to_stage: Stage::Archived, archived: vec![version.version], ..nothing };
            let place = Some(place_of(&settings, registry.store().location()));
            return Ok(ChangeReport { change, planned: None, place, cache_ttl_seconds: None });
        }
        let named = format!("{}@{}", version.name, version.version);
        let question = match serves || settings.protected() {
            true => Question::Name { name: version.name.clone(), accepted: vec![named, version.name.clone()] },
            false => Question::YesNo { text: format!("Archive {named}, which is in {}?", version.stage) },
        };
        let approval = self.interaction().ask(&question)?;
        let archival = Archival { model: version.name.clone(), version: version.version, from_stage: version.stage, reason: self.reason() };
        Ok(finished(&settings, registry.promotion()?.archive(&approval.given(archival))?))
    }
}

/// Refuses to leave a model without a version that serves.
///
/// Errors: [`ErrorKind::NotAllowed`] unless forced; [`ErrorKind::Usage`] for force without a reason.
fn without_successor(version: &ModelVersion, force: bool, has_reason: bool) -> Result<()> {
    let id = version.id();
    match (force, has_reason) {
        (true, true) => Ok(()),
        (true, false) => Err(Error::new(ErrorKind::Usage, "archiving what serves, without a successor, needs a reason")
            .hint("add --reason TEXT; it is kept with the version")),
        (false, _) => Err(Error::new(ErrorKind::NotAllowed, format!("{id} serves, and nothing would serve after it"))
            .because(format!("services that load {} would find no version", version.name))
            .hint((
                "put its successor into Production, which archives it: `",
                commands::models_promote(format!("{}@VERSION", version.name)),
                "`",
            ))
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

impl Operations<AliasRequest> for Workspace<'_> {
    fn run(&self, request: &AliasRequest) -> Result<AliasChanged> {
        let settings = self.settings(&self.flags())?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let name = exact_name(registry.store(), self.kinds(), &request.name)?;
        let alias = &request.alias;
        let what = match request.version {
            Some(version) => format!("set the alias {alias} of {name} to version {version}"),
            None => format!("remove the alias {alias} of {name}"),
        };
        self.confirm_where_protected(&settings, &name, &what)?;
        registry.annotations()?.set_alias(&name, alias, request.version, self.reason().as_deref())
    }
}

impl Operations<TagRequest> for Workspace<'_> {
    fn run(&self, request: &TagRequest) -> Result<TagsChanged> {
        let (set, remove) = tags(&request.tags)?;
        let settings = self.settings(&self.flags())?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let version = version_to_change(registry.promotion()?, self.kinds(), &request.reference)?;
        let what = format!("change tags of {}@{}: {}", version.name, version.version, request.tags.join(", "));
        self.confirm_where_protected(&settings, &version.id().to_string(), &what)?;
        registry.annotations()?.set_tags(&version.name, version.version, &set, &remove, self.reason().as_deref())
    }
}

/// The tags to set, and those to remove.
fn tags(words: &[String]) -> Result<(BTreeMap<String, String>, BTreeSet<String>)> {
    let (mut set, mut remove) = (BTreeMap::new(), BTreeSet::new());
    for word in words {
        match (word.split_once('='), word.strip_suffix('-')) {
            (Some((key, value)), _) if !key.is_empty() => drop(set.insert(key.to_owned(), value.to_owned())),
            (None, Some(key)) if !key.is_empty() => drop(remove.insert(key.to_owned())),
            _ => return Err(Error::new(ErrorKind::Usage, format!("'{word}' is no tag")).hint("KEY=VALUE sets a tag, KEY- removes it")),
        }
    }
    match set.keys().find(|key| remove.contains(*key)) {
        Some(key) => Err(Error::new(ErrorKind::Usage, format!("'{key}' is set and removed in one command"))),
        None => Ok((set, remove)),
    }
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
