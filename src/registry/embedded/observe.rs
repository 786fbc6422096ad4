//! Everything a plan about one model looks at, as of one moment.

use rusqlite::params;

use super::read;
use super::statements::default_workspace;
use crate::audit::Record;
use crate::audit::chain::Link;
use crate::base::commands;
use crate::base::sha256_hex;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{
    CHAMPION, ModelVersion, Observed, Pointer, ProductionHistory, RegistryIdentity, RegistryStyle, ServingBy, ServingRule, Stage,
};
use crate::registry::journal::View;
use crate::registry::journal::absolute;
use crate::registry::journal::audit_log;

/// A model's outcomes in the audit log, oldest first, each with its stored form.
pub(super) fn records(view: View<'_>, name: &str) -> Result<Vec<(Record, Link)>> {
    audit_log::links(view, Some(name))?.into_iter().map(|link| Ok((link.record()?, link))).collect()
}

/// Looks at one model.
pub(super) fn observe(view: View<'_>, rule: &ServingRule, name: &str) -> Result<Observed> {
    let versions = read::versions(view, name)?;
    let deleted = deleted(view, name)?;
    if versions.is_empty() && deleted.is_empty() {
        return Err(no_such_model(view, name));
    }
    let records = records(view, name)?;
    let last = records.iter().rev().map(|(record, _)| record).find(|record| record.moved_stages());
    let usual = usual(view, rule, &versions, last)?;
    Ok(Observed {
        registry: identity(view)?,
        revision: last.map_or(0, |record| record.sequence),
        model: name.to_owned(),
        versions,
        deleted,
        production_history: ProductionHistory::from_records(records.iter().map(|(record, _)| record)),
        serving_rule: rule.clone(),
        usual,
        last_move: last.map(Record::sentence),
    })
}

/// What a promotion of a model moves when it is registered or changed.
pub(super) fn pointer(view: View<'_>, rule: &ServingRule, name: &str, versions: &[ModelVersion], to: Stage) -> Result<Pointer> {
    let records = records(view, name)?;
    let last = records.iter().rev().map(|(record, _)| record).find(|record| record.moved_stages());
    Ok(rule.serving(versions).pointer(to, usual(view, rule, versions, last)?))
}

/// What a promotion moves where the model does not tell it ([`ServingRule::usual`]).
fn usual(view: View<'_>, rule: &ServingRule, versions: &[ModelVersion], last: Option<&Record>) -> Result<ServingBy> {
    rule.usual(&rule.serving(versions), last, || style(view, &rule.alias))
}

/// By what this registry tells what serves.
fn style(view: View<'_>, alias: &str) -> Result<RegistryStyle> {
    let (versions, aliases) =
        (default_workspace(view.layout, "model_versions"), default_workspace(view.layout, "registered_model_aliases"));
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM model_versions WHERE current_stage = 'Production' AND {versions}),
                EXISTS (SELECT 1 FROM registered_model_aliases WHERE alias IN (?1, ?2) AND {aliases})"
    );
    // A registry that went by the usual alias, before another one was set, has no stages either.
    let style = view.first(&sql, [alias, CHAMPION], |row| Ok(RegistryStyle { with_production: row.get(0)?, with_alias: row.get(1)? }))?;
    Ok(style.unwrap_or_default())
}

pub(super) fn no_such_model(view: View<'_>, name: &str) -> Error {
    Error::new(ErrorKind::ModelNotFound, format!("there is no model '{name}' in {}", view.path.display())).hint((
        "the models: `",
        commands::models_list(),
        "`",
    ))
}

/// Which registry this is. A database that hivectl never changed has no id of its own and goes by its path.
pub(super) fn identity(view: View<'_>) -> Result<RegistryIdentity> {
    let stored = match view.layout.own_tables {
        true => view.first("SELECT value FROM hivectl_meta WHERE key = 'registry_id'", [], |row| row.get::<_, String>(0))?,
        false => None,
    };
    let id = match stored {
        Some(id) => id,
        None => path_identity(view)?,
    };
    Ok(RegistryIdentity { id, location: view.path.display().to_string() })
}

/// The id of a database that has none stored.
pub(super) fn path_identity(view: View<'_>) -> Result<String> {
    Ok(format!("path-{}", &sha256_hex(absolute(view.path)?.as_os_str().as_encoded_bytes())[..32]))
}

fn deleted(view: View<'_>, name: &str) -> Result<Vec<u32>> {
    let here = default_workspace(view.layout, "model_versions");
    let sql =
        format!("SELECT version FROM model_versions WHERE name = ?1 AND current_stage = 'Deleted_Internal' AND {here} ORDER BY version");
    view.all(&sql, params![name], |row| row.get(0))
}
