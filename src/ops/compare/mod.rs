//! Two versions side by side: what is recorded of them, and how both do on the same tickets.
//!
//! [`recorded`] sets metrics, parameters, features, data and importances beside each other, [`trial`] runs
//! both, [`advice`] says what follows.

mod advice;
mod readings;
mod recorded;
mod trial;

use super::evaluation::EvaluationRequest;
use super::gates::Judge;
use super::load;
use super::models::{self, Shown};
use super::workspace::{Intent, Workspace, judge_request, note_judging, policy};
use super::{Progress, Resolved};
use crate::api::compare::{CompareReport, CompareRequest, ComparedVersion, SchemaSummary};
use crate::api::models::TrainingWindow;
use crate::api::{Operations, Timestamp};
use crate::error::Result;
use crate::kinds::{Catalogue, Kind, LoadedModel, ModelCard};
use crate::lifecycle::{KIND_TAG, ModelRef, Policy};
use crate::registry::ModelStore;
use crate::source::TicketSource;

use readings::Readings;

pub use recorded::metric_rows;

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

impl Operations<CompareRequest> for Workspace<'_> {
    fn run(&self, request: &CompareRequest) -> Result<CompareReport> {
        let mut flags = self.flags();
        note_judging(&request.judging, &mut flags);
        let settings = self.settings(&flags)?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let policy = policy(self.kinds(), &settings)?;
        let judging = judge_request(&settings, &request.judging)?;
        let tickets = self.tickets_where_named(&settings, &request.judging.tickets)?;
        let tickets = tickets.as_deref().map(|source| (&judging, source));
        let store = registry.store();
        let report = run(store, self.kinds(), [&request.first, &request.second], &policy, tickets, self.progress())?;
        let name = &report.second.name;
        let serving_faults = store.serving(name, &store.versions(name)?)?.faults();
        Ok(CompareReport { serving_faults, ..report })
    }
}

/// Compares two versions, on tickets too where some are given.
///
/// Errors: those of resolving and reading. That two versions cannot be run on the tickets is no error: the
/// report says why.
pub fn run(
    registry: &dyn ModelStore,
    kinds: &Catalogue,
    [first, second]: [&ModelRef; 2],
    policy: &Policy,
    tickets: Option<(&EvaluationRequest, &dyn TicketSource)>,
    progress: &dyn Progress,
) -> Result<CompareReport> {
    let first = Side::of(kinds, models::with_card(registry, kinds, first)?);
    let second = Side::of(kinds, models::with_card(registry, kinds, second)?);
    let mut notes = Vec::new();
    let judge = Judge { registry, kinds, policy };
    let trial = match tickets {
        None => None,
        Some((judging, source)) => {
            let readings = Readings::of((registry, kinds), [&first, &second], judging, source, progress)?;
            notes = readings.notes.clone();
            Some(trial::run(&judge, [&first, &second], &readings, judging.threads)?)
        }
    };
    let recommendation = advice::recommend([&first, &second], trial.as_ref(), &judge)?;
    Ok(CompareReport {
        metrics: recorded::metrics(&first, &second),
        parameters: recorded::parameters(&first, &second),
        schema: recorded::schema(&first, &second),
        importances: recorded::importances(&first, &second),
        first: first.told(),
        second: second.told(),
        tickets: trial,
        recommendation,
        serving_faults: Vec::new(),
        notes,
    })
}

impl Side {
    /// What a report says of it.
    fn told(&self) -> ComparedVersion {
        let (version, card) = (&self.resolved.version, self.card.as_ref());
        ComparedVersion {
            name: version.name.clone(),
            version: version.version,
            stage: version.stage,
            chosen_as: self.resolved.chosen_as.clone(),
            created_at: Timestamp(version.created_at),
            kind: self.kind.as_ref().map(|kind| kind.word().to_owned()),
            has_card: card.is_some(),
            gate: card.map(|card| card.gate.clone()),
            schema: card.map(|card| SchemaSummary {
                name: card.schema.name.clone(),
                fingerprint: card.schema_fingerprint.clone(),
                feature_count: card.schema.len(),
            }),
            training_window: card.map(|card| TrainingWindow {
                from: Timestamp(card.training.from),
                holdout_from: Timestamp(card.training.holdout_from),
                to: Timestamp(card.training.to),
            }),
            samples: card.map(|card| card.training.samples.clone()),
            synthetic: card.map(|card| card.training.synthetic),
        }
    }
}

/// Loads what can be run of a side; the reason where it cannot.
fn loaded(registry: &dyn ModelStore, kinds: &Catalogue, side: &Side) -> std::result::Result<LoadedModel, String> {
    load::model(registry, kinds, &side.resolved.version).map_err(|error| format!("{} cannot be run here: {error}", side.label()))
}
