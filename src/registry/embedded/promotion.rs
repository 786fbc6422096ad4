//! Changing stages: applying a plan, taking versions out of service. One transaction each.

use serde_json::Value;

use super::registry::EmbeddedRegistry;
use super::{migration, observe, pending, rows, verify};
use crate::base::time::rfc3339;
use crate::error::Result;
use crate::lifecycle::AuditEntry;
use crate::lifecycle::planning::check_still_holds;
use crate::lifecycle::{
    Approved, Archival, CHALLENGER, Changed, FEWEST_IN_STAGING, FORCED_TAG, Migration, ModelVersion, Observed, PROMOTED_AT_TAG, Plan,
    Pointer, Stage, Verification,
};
use crate::registry::clock::now_ms;
use crate::registry::journal::{Change, Database, audit_log};
use crate::registry::{ModelStore, Promotion};

impl Promotion for EmbeddedRegistry {
    fn observe(&self, name: &str) -> Result<Observed> {
        self.read(|view| observe::observe(view, &self.serving_rule, name))?.ok_or_else(|| self.no_model(name))
    }

    fn apply(&self, approved: &Approved<Plan>) -> Result<Changed> {
        let plan = approved.subject();
        // The files are read before the lock is taken, so that nobody waits for it.
        let leaves = plan.to_stage == Stage::Archived;
        if let Some(version) = self.version(&plan.model, plan.version)?.filter(|_| !leaves) {
            self.check_files(&version)?;
        }
        let mut database = self.writer()?;
        let change = begin(self, &mut database)?;
        let mut observed = observe::observe(change.view(), &self.serving_rule, &plan.model)?;
        if plan.registry.id == observe::path_identity(change.view())? {
            // Planned when the database had no id of its own yet.
            observed.registry.id.clone_from(&plan.registry.id);
        }
        if let Some(done) = already_applied(&change, plan)? {
            return Ok(done);
        }
        check_still_holds(plan, &observed, now_ms())?;
        let entry = AuditEntry::of_plan(approved, &observed)?;
        let link = audit_log::recorded(&change, &self.actor, &entry, || {
            for archived in &plan.archives {
                rows::set_stage(&change, &plan.model, *archived, Stage::Archived)?;
                waits_no_longer(&change, &plan.model, &plan.pointer, *archived)?;
            }
            if plan.pointer.moves_stage() {
                rows::set_stage(&change, &plan.model, plan.version, plan.to_stage)?;
            } else if plan.makes_serving() {
                rows::set_tag(&change, &plan.model, plan.version, PROMOTED_AT_TAG, &rfc3339(now_ms()))?;
            }
            if let Some(alias) = plan.pointer.alias_to_move(plan.to_stage) {
                rows::set_alias(&change, &plan.model, alias, plan.version)?;
            }
            if plan.forced {
                rows::set_tag(&change, &plan.model, plan.version, FORCED_TAG, plan.reason.as_deref().unwrap_or_default())?;
            }
            Ok(())
        })?;
        change.commit()?;
        Ok(Changed::applied_now(plan, link.id()))
    }

    fn archive(&self, approved: &Approved<Archival>) -> Result<Changed> {
        let archival = approved.subject();
        let mut database = self.writer()?;
        pending::tidy(&mut database, &self.actor)?;
        // Also where several versions are in Production: archiving is how that is repaired.
        let change = Change::begin_repair(&mut database)?;
        let observed = observe::observe(change.view(), &self.serving_rule, &archival.model)?;
        let target = observed.to_archive(archival)?;
        let Some(service) = observed.service_of(target) else { return Ok(observed.nothing_to_archive(target)) };
        let changed = archive_in(
            &change,
            self,
            &observed,
            (target, &service),
            archival.reason.as_deref(),
            Value::from_iter([("approval", serde_json::to_value(approved.approval()).unwrap_or(Value::Null))]),
        )?;
        change.commit()?;
        Ok(changed)
    }

    fn archive_older(&self, name: Option<&str>, keep: usize, reason: Option<&str>) -> Result<Vec<Changed>> {
        let mut database = self.writer()?;
        let change = begin(self, &mut database)?;
        let names = match name {
            Some(name) => vec![name.to_owned()],
            None => {
                change
                    .view()
                    .all("SELECT DISTINCT name FROM model_versions WHERE current_stage = 'Staging' ORDER BY name", [], |row| row.get(0))?
            }
        };
        let mut archived = Vec::new();
        for name in names {
            let observed = observe::observe(change.view(), &self.serving_rule, &name)?;
            let service = observed.pointer(Stage::Production);
            for target in observed.older_in_staging(keep) {
                let evidence = Value::from_iter([("older", Value::from(true)), ("kept", keep.max(FEWEST_IN_STAGING).into())]);
                archived.push(archive_in(&change, self, &observed, (target, &service), reason, evidence)?);
            }
        }
        change.commit()?;
        Ok(archived)
    }

    fn migrate(&self, approved: &Approved<Migration>) -> Result<()> {
        migration::migrate(self, approved)
    }

    fn verify(&self, name: Option<&str>) -> Result<Verification> {
        Ok(self.read(|view| verify::verify(view, &self.serving_rule, name))?.unwrap_or_default())
    }
}

/// Tidies what dead processes left, and takes the lock.
pub(super) fn begin<'database>(registry: &EmbeddedRegistry, database: &'database mut Database) -> Result<Change<'database>> {
    pending::tidy(database, &registry.actor)?;
    Change::begin(database)
}

/// The plan was applied and nothing was moved since: a second run finds everything as it left it.
fn already_applied(change: &Change<'_>, plan: &Plan) -> Result<Option<Changed>> {
    let digest = plan.digest();
    let records = observe::records(change.view(), &plan.model)?;
    let last = records.iter().rev().find(|(record, _)| record.moved_stages());
    let same = last.filter(|(record, _)| record.evidence["plan_digest"] == digest.as_str());
    Ok(same.map(|(_, link)| Changed { audit_id: Some(link.id()), ..Changed::applied_before(plan) }))
}

/// Takes the alias `challenger` from a version that is archived, where aliases say beside stages what waits.
pub(super) fn waits_no_longer(change: &Change<'_>, name: &str, pointer: &Pointer, archived: u32) -> Result<()> {
    match matches!(pointer, Pointer::Both { .. }) && rows::alias(change, name, CHALLENGER)? == Some(archived) {
        true => rows::remove_alias(change, name, CHALLENGER),
        false => Ok(()),
    }
}

fn archive_in(
    change: &Change<'_>,
    registry: &EmbeddedRegistry,
    observed: &Observed,
    (target, service): (&ModelVersion, &Pointer),
    reason: Option<&str>,
    evidence: Value,
) -> Result<Changed> {
    let entry = AuditEntry::of_archiving(observed, target, service, reason, evidence);
    let link = audit_log::recorded(change, &registry.actor, &entry, || {
        if service.moves_stage() {
            rows::set_stage(change, &target.name, target.version, Stage::Archived)?;
        }
        if let Some(alias) = service.alias_to_move(Stage::Production).filter(|alias| target.has_alias(alias)) {
            // With a second one in Production it goes there.
            match observed.newest_serving(Some(target.version)).filter(|_| service.moves_stage()) {
                Some(other) => rows::set_alias(change, &target.name, alias, other.version)?,
                None => rows::remove_alias(change, &target.name, alias)?,
            }
        }
        waits_no_longer(change, &target.name, service, target.version)
    })?;
    Ok(Changed::archived_now(observed, target, service, link.id()))
}
