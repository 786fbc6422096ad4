//! Applying plans and taking versions out of service, each under the lease of its model.

use serde_json::{Value, json};

use super::apply::{already_applied, make, moved, read_back, recorded, settled, waits_no_longer};
use super::lease::Lease;
use super::moves::{Move, Moved};
use super::observe::observe;
use super::registry::MlflowRegistry;
use super::{migration, read, verify};
use crate::audit::Action;
use crate::base::time::rfc3339;
use crate::error::Result;
use crate::lifecycle::planning::check_still_holds;
use crate::lifecycle::{
    Approved, Archival, AuditEntry, Changed, FEWEST_IN_STAGING, Migration, Observed, Plan, Pointer, Stage, Verification,
};
use crate::registry::clock::now_ms;
use crate::registry::{ModelStore, Promotion};

impl Promotion for MlflowRegistry {
    fn observe(&self, name: &str) -> Result<Observed> {
        observe(self, name, &read::versions(&self.client, name)?)
    }

    fn apply(&self, approved: &Approved<Plan>) -> Result<Changed> {
        let plan = approved.subject();
        // The files are read before the lease is taken, so that nobody waits for it.
        let leaves = plan.to_stage == Stage::Archived;
        if let Some(version) = self.version(&plan.model, plan.version)?.filter(|_| !leaves) {
            self.check_files(&version)?;
        }
        let lease = self.lease(&plan.model)?;
        let versions = settled(self, &lease, &plan.model)?;
        let observed = observe(self, &plan.model, &versions)?;
        if let Some(done) = already_applied(self, plan, &versions)? {
            return Ok(done);
        }
        check_still_holds(plan, &observed, now_ms())?;
        let entry = AuditEntry::of_plan(approved, &observed)?;
        let target = moved(&versions, plan.version)?;
        let one = Move {
            number: observed.revision + 1,
            at: rfc3339(now_ms()),
            action: entry.action,
            created_at: target.version.created_at,
            from: target.version.stage,
            to: plan.to_stage,
            pointer: plan.pointer.clone(),
            alias_from: entry.before.aliases.values().next().copied().flatten(),
            before: entry.before.production,
            after: entry.after.production,
            user: self.actor.user.clone(),
            host: self.actor.host.clone(),
            reason: plan.reason.clone(),
            forced: plan.forced,
            plan: Some(plan.digest()),
        }
        .fitting();
        let audit_id = recorded(self, &entry, || {
            make(self, &lease, target, &one, plan.reason.as_deref())?;
            for archived in &plan.archives {
                waits_no_longer(self, &lease, &moved(&versions, *archived)?.version, &plan.pointer)?;
            }
            read_back(self, &plan.model, plan.version, &one, &plan.archives)
        })?;
        Ok(Changed::applied_now(plan, audit_id))
    }

    fn archive(&self, approved: &Approved<Archival>) -> Result<Changed> {
        let archival = approved.subject();
        let lease = self.lease(&archival.model)?;
        let versions = settled(self, &lease, &archival.model)?;
        let observed = observe(self, &archival.model, &versions)?;
        let target = observed.to_archive(archival)?;
        let Some(service) = observed.service_of(target) else { return Ok(observed.nothing_to_archive(target)) };
        let evidence = json!({ "approval": approved.approval() });
        archive_one(self, &lease, (&versions, &service), archival.version, archival.reason.as_deref(), evidence)
    }

    fn archive_older(&self, name: Option<&str>, keep: usize, reason: Option<&str>) -> Result<Vec<Changed>> {
        let names = match name {
            Some(name) => vec![name.to_owned()],
            None => self.list()?.into_iter().filter(|model| model.staging.is_some()).map(|model| model.name).collect(),
        };
        let mut archived = Vec::new();
        for name in names {
            let lease = self.lease(&name)?;
            let mut versions = settled(self, &lease, &name)?;
            let observed = observe(self, &name, &versions)?;
            let service = observed.pointer(Stage::Production);
            for older in observed.older_in_staging(keep) {
                let evidence = json!({ "older": true, "kept": keep.max(FEWEST_IN_STAGING) });
                archived.push(archive_one(self, &lease, (&versions, &service), older.version, reason, evidence)?);
                versions = read::moved_versions(&self.client, &name)?;
            }
        }
        Ok(archived)
    }

    fn migrate(&self, approved: &Approved<Migration>) -> Result<()> {
        migration::migrate(self, approved)
    }

    fn verify(&self, name: Option<&str>) -> Result<Verification> {
        verify::verify(self, name)
    }
}

fn archive_one(
    registry: &MlflowRegistry,
    lease: &Lease<'_>,
    (versions, service): (&[Moved], &Pointer),
    number: u32,
    reason: Option<&str>,
    evidence: Value,
) -> Result<Changed> {
    let moved = moved(versions, number)?;
    let target = &moved.version;
    let observed = observe(registry, &target.name, versions)?;
    let entry = AuditEntry::of_archiving(&observed, target, service, reason, evidence);
    let one = Move {
        number: observed.revision + 1,
        at: rfc3339(now_ms()),
        action: Action::Archive,
        created_at: target.created_at,
        from: target.stage,
        to: if service.moves_stage() { Stage::Archived } else { target.stage },
        pointer: service.clone(),
        alias_from: entry.before.aliases.values().next().copied().flatten(),
        before: entry.before.production,
        after: entry.after.production,
        user: registry.actor.user.clone(),
        host: registry.actor.host.clone(),
        reason: reason.map(str::to_owned),
        forced: false,
        plan: None,
    }
    .fitting();
    let audit_id = recorded(registry, &entry, || {
        make(registry, lease, moved, &one, reason)?;
        waits_no_longer(registry, lease, target, service)
    })?;
    Ok(Changed::archived_now(&observed, target, service, audit_id))
}
