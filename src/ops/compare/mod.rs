//! Two versions side by side: what is recorded of them, and how both do on the same tickets.
//!
//! [`recorded`] sets metrics, parameters, features, data and importances beside each other, [`trial`] runs
//! both, [`advice`] says what follows.

mod advice;
mod readings;
mod recorded;
mod trial;

use super::judging::JudgeRequest;
use super::load;
use super::models::{self, Shown};
use super::{Progress, Resolved};
use crate::error::Result;
use crate::kinds::{Catalogue, Kind, LoadedModel, ModelCard};
use crate::lifecycle::{KIND_TAG, ModelRef, Policy};
use crate::registry::ModelStore;
use crate::source::TicketSource;

use readings::Readings;

pub use advice::{Advice, Recommendation};
pub use recorded::{Better, ImportanceRow, MetricRow, ParameterRow, SchemaComparison, metric_rows};
pub use trial::{Group, LeftOut, Measured, Trial};

/// What is compared.
#[derive(Clone, Debug)]
pub struct CompareRequest {
    /// The version that stays unless the other is better.
    pub first: ModelRef,
    pub second: ModelRef,
    pub policy: Policy,
}

/// One of the two versions.
#[derive(Clone, Debug)]
pub struct Side {
    pub resolved: Resolved,
    /// `None` for a version that another tool made: what it learned from is not recorded.
    pub card: Option<ModelCard>,
    /// What the version answers, told by its card, else by its maker's tag or its name.
    pub kind: Option<Kind>,
}

impl Side {
    /// `NAME@VERSION`.
    pub fn label(&self) -> String {
        self.resolved.version.id().to_string()
    }

    fn of(kinds: &Catalogue, shown: Shown) -> Side {
        let (version, card) = (&shown.resolved.version, &shown.card);
        let named = || kinds.of_version(&version.name, version.tags.get(KIND_TAG).map(String::as_str));
        let kind = card.as_ref().and_then(|card| kinds.get(&card.kind)).or_else(named).cloned();
        Side { kind, resolved: shown.resolved, card: shown.card }
    }
}

/// Everything that tells the two apart.
#[derive(Clone, Debug)]
pub struct CompareReport {
    pub first: Side,
    pub second: Side,
    pub metrics: Vec<MetricRow>,
    /// Those that differ.
    pub parameters: Vec<ParameterRow>,
    /// `None` where a card is missing.
    pub schema: Option<SchemaComparison>,
    pub importances: Vec<ImportanceRow>,
    /// `None` without tickets.
    pub trial: Option<Trial>,
    pub recommendation: Recommendation,
    /// What is to be told beside the comparison.
    pub notes: Vec<String>,
}

/// Compares two versions, on tickets too where some are given.
///
/// Errors: those of resolving and reading. That two versions cannot be run on the tickets is no error: the
/// report says why.
pub fn run(
    registry: &dyn ModelStore,
    kinds: &Catalogue,
    request: &CompareRequest,
    tickets: Option<(&JudgeRequest, &dyn TicketSource)>,
    progress: &dyn Progress,
) -> Result<CompareReport> {
    let first = Side::of(kinds, models::with_card(registry, kinds, &request.first)?);
    let second = Side::of(kinds, models::with_card(registry, kinds, &request.second)?);
    let mut notes = Vec::new();
    let trial = match tickets {
        None => None,
        Some((judging, source)) => {
            let readings = Readings::of((registry, kinds), [&first, &second], judging, source, progress)?;
            notes = readings.notes.clone();
            Some(trial::run((registry, kinds), [&first, &second], &readings, judging.threads, &request.policy)?)
        }
    };
    let recommendation = advice::recommend([&first, &second], trial.as_ref(), &request.policy);
    Ok(CompareReport {
        metrics: recorded::metrics(&first, &second),
        parameters: recorded::parameters(&first, &second),
        schema: recorded::schema(&first, &second),
        importances: recorded::importances(&first, &second),
        first,
        second,
        trial,
        recommendation,
        notes,
    })
}

/// Loads what can be run of a side; the reason where it cannot.
fn loaded(registry: &dyn ModelStore, kinds: &Catalogue, side: &Side) -> std::result::Result<LoadedModel, String> {
    load::model(registry, kinds, &side.resolved.version).map_err(|error| format!("{} cannot be run here: {error}", side.label()))
}
