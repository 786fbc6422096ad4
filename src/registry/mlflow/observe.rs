//! Everything a plan about one model looks at.

use super::client::Client;
use super::moves::{self, Moved};
use super::read;
use super::registry::MlflowRegistry;
use crate::audit::Record;
use crate::base::sha256_hex;
use crate::error::Result;
use crate::lifecycle::{ModelVersion, Observed, Pointer, ProductionHistory, RegistryIdentity, Serving, ServingBy, Stage};

/// Looks at one model. Deleted versions are not known: MLflow tells nothing of them.
pub(super) fn observe(registry: &MlflowRegistry, name: &str, versions: &[Moved]) -> Result<Observed> {
    if versions.is_empty() {
        return Err(registry.no_model(name));
    }
    let records = records(name, versions);
    let last = records.iter().rev().find(|record| record.moved_stages());
    Ok(Observed {
        registry: registry.identity(),
        revision: last.map_or(0, |record| record.sequence),
        model: name.to_owned(),
        versions: without_aliases_on_their_way(versions),
        deleted: Vec::new(),
        production_history: ProductionHistory::from_records(&records),
        serving_rule: registry.serving_rule.clone(),
        usual: usual(registry, versions, last)?,
        last_move: last.map(Record::sentence),
    })
}

/// What a promotion of a model moves when it is registered.
pub(super) fn pointer(registry: &MlflowRegistry, name: &str, versions: &[Moved], to: Stage) -> Result<Pointer> {
    let records = records(name, versions);
    let last = records.iter().rev().find(|record| record.moved_stages());
    Ok(serving(registry, versions).pointer(to, usual(registry, versions, last)?))
}

/// What serves of these versions.
pub(super) fn serving(registry: &MlflowRegistry, versions: &[Moved]) -> Serving {
    registry.serving_rule.serving(&without_aliases_on_their_way(versions))
}

/// The versions; an alias that a begun move has not brought to its end is nowhere.
fn without_aliases_on_their_way(versions: &[Moved]) -> Vec<ModelVersion> {
    let on_their_way: Vec<&str> = versions.iter().filter_map(Moved::alias_on_its_way).collect();
    let mut known: Vec<ModelVersion> = versions.iter().map(|moved| moved.version.clone()).collect();
    for version in &mut known {
        version.aliases.retain(|alias| !on_their_way.contains(&alias.as_str()));
    }
    known
}

/// What a promotion moves where nothing tells: what the last one moved, or of a model without stages in a registry in which aliases alone tell what
/// serves, the alias.
fn usual(registry: &MlflowRegistry, versions: &[Moved], last: Option<&Record>) -> Result<ServingBy> {
    let rule = &registry.serving_rule;
    let serving = serving(registry, versions);
    let by_alias = match last {
        _ if rule.by.is_some() || serving.with_stages => false,
        Some(last) => last.alias_alone().is_some(),
        None => aliases_alone(registry)?,
    };
    Ok(if by_alias { ServingBy::Alias } else { ServingBy::Both })
}

/// Whether the serving alias names versions of this registry, and no version is in Production.
fn aliases_alone(registry: &MlflowRegistry) -> Result<bool> {
    let alias = &registry.serving_rule.alias;
    let models = registry.client.models(None, "look for the models that an alias serves")?;
    let Some(first) = models.iter().find(|model| model.aliases.iter().any(|known| known.alias == *alias)) else { return Ok(false) };
    // All versions of a registry take a server long; most often one model tells.
    if read::moved_versions(&registry.client, &first.name)?.iter().any(|moved| moved.version.stage == Stage::Production) {
        return Ok(false);
    }
    Ok(read::summaries(&registry.client, &registry.serving_rule)?.iter().all(|model| model.production.is_none()))
}

/// The model's moves as records, oldest first.
pub(super) fn records(name: &str, versions: &[Moved]) -> Vec<Record> {
    moves::all(versions).into_values().map(|(version, one)| one.record(name, version)).collect()
}

/// A server goes by its address: MLflow gives it no name of its own.
pub(super) fn identity(client: &Client) -> RegistryIdentity {
    let id = format!("server-{}", &sha256_hex(client.shown().to_ascii_lowercase().as_bytes())[..32]);
    RegistryIdentity { id, location: client.shown().to_owned() }
}

/// The versions in Production.
pub(super) fn in_production(versions: &[Moved]) -> impl Iterator<Item = &ModelVersion> {
    versions.iter().map(|moved| &moved.version).filter(|version| version.stage == Stage::Production)
}
