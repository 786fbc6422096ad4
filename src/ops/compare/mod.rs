//! Two versions side by side: what is recorded of them, and how both do on the same tickets.
//!
//! [`recorded`] sets metrics, parameters, features, data and importances beside each other, [`trial`] runs
//! both, [`advice`] says what follows.

mod advice;
mod recorded;
mod trial;

use super::judging::{JudgeRequest, Judges, Runner};
use super::models::{self, Shown};
use super::{Progress, Resolved};
use crate::error::Result;
use crate::kinds::{ModelCard, ModelKind, Policy};
use crate::lifecycle::ModelRef;
use crate::registry::ModelStore;
use crate::source::TicketSource;

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
}

impl Side {
    /// `NAME@VERSION`.
    pub fn label(&self) -> String {
        self.resolved.version.id().to_string()
    }

    /// What the version answers, told by its card, else by its name.
    pub fn kind(&self) -> Option<ModelKind> {
        let by_name = || ModelKind::ALL.iter().copied().find(|kind| self.resolved.version.name.contains(kind.word()));
        self.card.as_ref().map(|card| card.kind).or_else(by_name)
    }
}

impl From<Shown> for Side {
    fn from(shown: Shown) -> Side {
        Side { resolved: shown.resolved, card: shown.card }
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
}

/// Compares two versions, on tickets too where some are given.
///
/// Errors: those of resolving and reading. That two versions cannot be run on the tickets is no error: the
/// report says why.
pub fn run(
    registry: &dyn ModelStore,
    request: &CompareRequest,
    tickets: Option<(&JudgeRequest, &dyn TicketSource)>,
    progress: &dyn Progress,
) -> Result<CompareReport> {
    let first: Side = models::with_card(registry, &request.first)?.into();
    let second: Side = models::with_card(registry, &request.second)?.into();
    let trial = match tickets {
        None => None,
        Some((judging, source)) => {
            let judges = Judges::read(judging, source, progress)?;
            Some(trial::run(registry, [&first, &second], &judges, judging.threads, &request.policy)?)
        }
    };
    let recommendation = advice::recommend(&first, &second, trial.as_ref(), &request.policy);
    Ok(CompareReport {
        metrics: recorded::metrics(&first, &second),
        parameters: recorded::parameters(&first, &second),
        schema: recorded::schema(&first, &second),
        importances: recorded::importances(&first, &second),
        first,
        second,
        trial,
        recommendation,
    })
}

/// Loads what can be run of a side; the reason where it cannot.
fn runner(registry: &dyn ModelStore, side: &Side) -> std::result::Result<Runner, String> {
    Runner::load(registry, &side.resolved.version).map_err(|error| format!("{} cannot be run here: {error}", side.label()))
}
