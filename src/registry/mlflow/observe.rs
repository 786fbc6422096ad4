//! Everything a plan about one model looks at.

use super::client::Client;
use super::moves::{self, Moved};
use super::read;
use super::registry::MlflowRegistry;
use crate::audit::Record;
use crate::base::sha256_hex;
use crate::error::Result;
use crate::lifecycle::{
    CHAMPION, ModelVersion, Observed, Pointer, ProductionHistory, RegistryIdentity, RegistryStyle, Serving, ServingBy, Stage,
};

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

/// What a promotion moves where the model does not tell it ([`crate::lifecycle::ServingRule::usual`]).
fn usual(registry: &MlflowRegistry, versions: &[Moved], last: Option<&Record>) -> Result<ServingBy> {
    // An alias that is on its way goes with its stage.
    if versions.iter().any(|moved| moved.alias_on_its_way().is_some()) {
        return Ok(ServingBy::Both);
    }
    registry.serving_rule.usual(&serving(registry, versions), last, || style(registry))
}

/// By what this registry tells what serves.
fn style(registry: &MlflowRegistry) -> Result<RegistryStyle> {
    let alias = &registry.serving_rule.alias;
    let models = registry.client.models(None, "look for the models that an alias serves")?;
    // A registry that went by the usual alias, before another one was set, has no stages either.
    let is_serving = |known: &str| known == alias.as_str() || known == CHAMPION;
    let named = models.iter().find(|model| model.aliases.iter().any(|known| is_serving(&known.alias)));
    // All versions of a registry take a server long; most often one model tells.
    let by_both = match named {
        Some(model) => read::moved_versions(&registry.client, &model.name)?.iter().any(|moved| moved.version.stage == Stage::Production),
        None => false,
    };
    let with_production =
        by_both || read::summaries(&registry.client, &registry.serving_rule)?.iter().any(|model| model.production.is_some());
    Ok(RegistryStyle { with_production, with_alias: named.is_some() })
}

/// The model's moves as records, oldest first.
pub(super) fn records(name: &str, versions: &[Moved]) -> Vec<Record> {
    moves::all(versions).into_values().map(|(version, one)| one.record(name, version)).collect()
}

/// A server goes by its address: MLflow gives it no name of its own.
pub(super) fn identity(client: &Client) -> RegistryIdentity {
    let id = format!("server-{}", &sha256_hex(client.place().to_ascii_lowercase().as_bytes())[..32]);
    RegistryIdentity { id, location: client.shown().to_owned() }
}

/// The versions in Production.
pub(super) fn in_production(versions: &[Moved]) -> impl Iterator<Item = &ModelVersion> {
    versions.iter().map(|moved| &moved.version).filter(|version| version.stage == Stage::Production)
}
