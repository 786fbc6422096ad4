//! The jobs that change aliases and tags; to move the serving alias is a promotion, and to remove it is to archive.

use std::collections::{BTreeMap, BTreeSet};

use super::confirm::{Confirmation, change_request, confirm_and_apply};
use super::jobs::{ArchiveOptions, archive, plan_or_look};
use super::{ChangeRequest, exact_name, version_to_change};
use crate::api::Operations;
use crate::api::change::{AliasReport, AliasRequest, ChangeReport, PlanOptions, TagReport, TagRequest};
use crate::base::commands;
use crate::config::Settings;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{AliasChanged, Observed, ServingBy, Stage, TagsChanged, check_alias, check_tags};
use crate::ops::workspace::{Intent, Workspace, place_of};
use crate::registry::{Promotion, Registry};

/// How long the plan of a moved alias may be applied: it is applied at once or never.
const PLAN_VALID_FOR: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);

impl Operations<AliasRequest> for Workspace<'_> {
    fn run(&self, request: &AliasRequest) -> Result<AliasReport> {
        let settings = self.settings(&self.flags())?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let name = exact_name(registry.store(), self.kinds(), &request.name)?;
        let alias = &request.alias;
        check_alias(alias)?;
        let observed = registry.promotion()?.observe(&name)?;
        let named = observed.with_alias(alias).map(|version| version.version);
        let serves = observed.serving_rule.is_serving_alias(alias) && (request.version.is_some() || named.is_some());
        if serves {
            return move_serving_alias(self, &settings, registry.promotion()?, &observed, request);
        }
        // Until it is certain what serves nothing else that services may go by is moved.
        observed.agreed(None)?;
        if request.version.is_none() && !request.force_gate {
            still_serves(&observed, alias)?;
        }
        if let Some(version) = request.version {
            observed.live(version)?;
        }
        if request.dry_run {
            let alias = AliasChanged::between(&name, alias, named, request.version);
            return Ok(AliasReport { alias, change: None, place: Some(place_of(&settings, registry.store().location())) });
        }
        let what = match request.version {
            Some(version) => format!("set the alias {alias} of {name} to version {version}"),
            None => format!("remove the alias {alias} of {name}"),
        };
        self.confirm_where_protected(&settings, &name, &what)?;
        let alias = registry.annotations()?.set_alias(&name, alias, request.version, self.reason().as_deref())?;
        Ok(AliasReport { alias, change: None, place: None })
    }
}

/// Refuses to take away the alias that alone serves, though the stage is set to decide.
///
/// Errors: [`ErrorKind::NotAllowed`].
fn still_serves(observed: &Observed, alias: &str) -> Result<()> {
    let serving = observed.serving();
    match serving.version().filter(|_| serving.alias == alias && serving.by() == Some(ServingBy::Alias)) {
        None => Ok(()),
        Some(serves) => {
            let id = format!("{}@{serves}", observed.model);
            Err(Error::new(ErrorKind::NotAllowed, format!("{id} serves by the alias {alias}, and nothing would serve after it"))
                .because("'serving' is set to 'stage', and no version is in Production")
                .hint(("put it there first: `", commands::models_promote(id), "`"))
                .hint("or leave the model without one: add --force --reason TEXT"))
        }
    }
}

/// The promotion, or the archive, that moving the serving alias is.
fn move_serving_alias(
    workspace: &Workspace<'_>,
    settings: &Settings,
    registry: &dyn Promotion,
    observed: &Observed,
    request: &AliasRequest,
) -> Result<AliasReport> {
    let before = observed.with_alias(&request.alias);
    let change = match (request.version, before) {
        (Some(version), _) => promotion(workspace, settings, registry, observed, (version, request))?,
        (None, Some(serves)) => {
            archive(workspace, settings, registry, serves, ArchiveOptions { dry_run: request.dry_run, force: request.force_gate })?
        }
        (None, None) => return Err(Error::new(ErrorKind::Internal, "an alias that names nothing serves nobody")),
    };
    let alias = AliasChanged::between(&observed.model, &request.alias, before.map(|version| version.version), request.version);
    let alias = AliasChanged { changed: change.change.changed, audit_id: change.change.audit_id.clone(), ..alias };
    Ok(AliasReport { alias, change: Some(Box::new(change)), place: None })
}

fn promotion(
    workspace: &Workspace<'_>,
    settings: &Settings,
    registry: &dyn Promotion,
    observed: &Observed,
    (version, request): (u32, &AliasRequest),
) -> Result<ChangeReport> {
    let options = PlanOptions { dry_run: request.dry_run, expires: PLAN_VALID_FOR, ..PlanOptions::default() };
    let version = observed.live(version)?;
    let change = ChangeRequest { with_alias: true, ..change_request(workspace, settings, &options, request.force_gate)? };
    let (planned, refused) = plan_or_look(registry, workspace.kinds(), (version, Stage::Production), &change, &options);
    let accepted = vec![version.id().to_string(), version.name.clone()];
    let consent = Confirmation { accepted, options: &options, evidence: None, policy: &change.policy, if_better: false, refused };
    confirm_and_apply(workspace, settings, registry, planned, consent)
}

impl Operations<TagRequest> for Workspace<'_> {
    fn run(&self, request: &TagRequest) -> Result<TagReport> {
        let (set, remove) = tags(&request.tags)?;
        let settings = self.settings(&self.flags())?;
        let registry: Registry = self.registry(&settings, Intent::Existing)?;
        let version = version_to_change(registry.promotion()?, self.kinds(), &request.reference)?;
        if request.dry_run {
            check_tags(&set, &remove)?;
            let tags = TagsChanged::between(&version, &set, &remove);
            return Ok(TagReport { tags, place: Some(place_of(&settings, registry.store().location())) });
        }
        let what = format!("change tags of {}@{}: {}", version.name, version.version, request.tags.join(", "));
        self.confirm_where_protected(&settings, &version.name, &what)?;
        let reason = self.reason();
        let tags = registry.annotations()?.set_tags(&version.name, version.version, &set, &remove, reason.as_deref())?;
        Ok(TagReport { tags, place: None })
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
