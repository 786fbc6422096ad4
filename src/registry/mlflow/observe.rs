//! Everything a plan about one model looks at.

use super::client::Client;
use super::moves::{self, Moved};
use super::registry::MlflowRegistry;
use crate::audit::Record;
use crate::base::sha256_hex;
use crate::error::Result;
use crate::lifecycle::ProductionHistory;
use crate::lifecycle::{ModelVersion, Observed, RegistryIdentity};

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
        versions: versions.iter().map(|moved| moved.version.clone()).collect(),
        deleted: Vec::new(),
        production_history: ProductionHistory::from_records(&records),
        last_move: last.map(Record::sentence),
    })
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
    versions.iter().map(|moved| &moved.version).filter(|version| version.stage == crate::lifecycle::Stage::Production)
}
