//! The job: let aliases, stages or both tell what serves, in a whole registry.

use std::path::Path;

use crate::api::migrate::{MigrateRequest, MigrationReport};
use crate::api::{Operations, Question};
use crate::base::number::counted;
use crate::base::write_whole;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{Migration, MigrationTarget, ModelMigration};
use crate::ops::workspace::{Intent, Workspace, place_of};
use crate::registry::Promotion;

impl Operations<MigrateRequest> for Workspace<'_> {
    fn run(&self, request: &MigrateRequest) -> Result<MigrationReport> {
        let settings = self.settings(&self.flags())?;
        let kept = request.plan.as_deref().map(read).transpose()?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let promotion = registry.promotion()?;
        let migration = match (kept, request.to) {
            (Some(kept), _) => kept,
            (None, Some(to)) => planned(promotion, to, self.reason())?,
            (None, None) => return Err(Error::new(ErrorKind::Usage, "it is not said what shall tell what serves").hint("add `--to both`")),
        };
        let place = place_of(&settings, registry.store().location());
        let report = |changed| MigrationReport { migration: migration.clone(), changed, place, file: request.plan_out.clone() };
        if let Some(path) = &request.plan_out {
            write_whole(path, migration.to_file()?.as_bytes())?;
        }
        if migration.models.is_empty() || request.dry_run || request.plan_out.is_some() {
            return Ok(report(false));
        }
        // A registry that is protected without a context is named by its place.
        let location = registry.store().location();
        let name = settings.context.as_deref().unwrap_or(&location);
        let approval = match self.confirm_where_protected(&settings, name, &format!("change {}", change(&migration)))? {
            Some(approval) => approval,
            None => self.interaction().ask(&Question::YesNo { text: question(&migration) })?,
        };
        promotion.migrate(&approval.given(migration.clone()))?;
        Ok(report(true))
    }
}

fn read(path: &Path) -> Result<Migration> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::file("read the migration", path, &error))?;
    Migration::from_file(&path.display().to_string(), &text)
}

fn planned(registry: &dyn Promotion, to: MigrationTarget, reason: Option<String>) -> Result<Migration> {
    let mut models = Vec::new();
    let mut identity = None;
    for model in registry.list()? {
        let versions = registry.versions(&model.name)?;
        let migration = ModelMigration::of(&model.name, &versions, &registry.serving(&model.name, &versions)?, to)?;
        if identity.is_none() {
            identity = Some(registry.observe(&model.name)?.registry);
        }
        models.extend(Some(migration).filter(|migration| !migration.versions.is_empty()));
    }
    let registry = identity.ok_or_else(|| Error::new(ErrorKind::ModelNotFound, format!("{} has no models", registry.location())))?;
    Ok(Migration { registry, to, models, reason })
}

/// What is agreed to, with what it means to services.
fn question(migration: &Migration) -> String {
    let meaning = match (migration.ends_stages(), migration.ends_aliases()) {
        (true, _) => " Services that go by stages find no version afterwards.",
        (_, true) => " Services that go by aliases find no version afterwards.",
        _ => "",
    };
    format!("Change {}?{meaning}", change(migration))
}

fn change(migration: &Migration) -> String {
    let versions: usize = migration.models.iter().map(|model| model.versions.len()).sum();
    format!("what tells what serves, of {} in {}", counted(versions, "version"), counted(migration.models.len(), "model"))
}
