//! Predictions that were made and what came of them; and how long tickets took.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Document, Request, Tickets, TimeWindow, Timestamp};
use crate::ticket::LabelRule;

/// Which tickets count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatsRequest {
    /// Where they come from.
    pub tickets: Tickets,
    /// How far to look back from `as_of`.
    pub window: Duration,
    /// The moment to look back from. `None` is now for the predictions of a server, and the newest `created_at` otherwise.
    pub as_of: Option<Timestamp>,
    /// Whose duration is known, and from where.
    pub labels: LabelRule,
}

/// How long the tickets of a window took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DurationsRequest(pub StatsRequest);

/// How long tickets took, by task type and risk band.
///
/// Errors: those of reading tickets; [`crate::error::ErrorKind::NotEnoughData`] when no ticket of the window says how long
/// it took.
impl Request for DurationsRequest {
    type Report = DurationsReport;
    const NAME: &'static str = "ml.stats.durations";
}

/// Counts the predictions that were made, and how far they were off.
///
/// Errors: those of reading tickets; [`crate::error::ErrorKind::NotEnoughData`] when no prediction was made in the window.
impl Request for StatsRequest {
    type Report = StatsReport;
    const NAME: &'static str = "ml.stats";
}

/// The predictions of a window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatsReport {
    /// All of them.
    #[serde(flatten)]
    pub total: PredictionCounts,
    /// In which they were made.
    pub window: TimeWindow,
    /// Tickets that were read.
    pub read: u64,
    /// The same in words, with how many of them counted.
    pub ticket_summary: String,
    /// By model, name and version ascending.
    pub by_model: Vec<ModelPredictionCounts>,
    /// By task type, ascending.
    pub by_task_type: Vec<TaskTypePredictionCounts>,
    /// By the hour in which the prediction was made, ascending.
    pub by_hour: Vec<HourlyPredictionCounts>,
}

impl Document for StatsReport {
    const SCHEMA: &'static str = "hivectl.ml.stats/v1";
}

/// Counts and errors of a group of predictions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PredictionCounts {
    /// How many.
    pub predictions: u64,
    /// Predicted durations whose ticket has ended with a known duration.
    pub with_outcome: u64,
    /// Mean absolute error in ms; `None` without an outcome.
    pub mae: Option<f64>,
    /// The same in percent of the mean actual duration.
    pub mae_pct: Option<f64>,
    /// Predictions that say whether the ticket is an anomaly.
    pub anomalies_judged: u64,
    /// Those that say yes.
    pub anomalies: u64,
    /// Their share, 0 to 1; `None` where none was judged.
    pub anomaly_rate: Option<f64>,
}

/// The predictions of one version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelPredictionCounts {
    /// The model; `None` where the predictions do not name one.
    pub model_name: Option<String>,
    /// Its version, in the same way.
    pub model_version: Option<String>,
    /// How many, and how far off.
    #[serde(flatten)]
    pub counts: PredictionCounts,
}

/// The predictions for one type of task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskTypePredictionCounts {
    /// The type; `None` where tickets have none.
    pub task_type: Option<String>,
    /// How many, and how far off.
    #[serde(flatten)]
    pub counts: PredictionCounts,
}

/// The predictions of one hour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HourlyPredictionCounts {
    /// Its beginning.
    pub hour: Timestamp,
    /// How many, and how far off.
    #[serde(flatten)]
    pub counts: PredictionCounts,
}

/// How long the tickets of a window took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DurationsReport {
    /// In which they were created.
    pub window: TimeWindow,
    /// The server counted; no ticket was read.
    pub by_server: bool,
    /// By task type and risk band, ascending.
    pub items: Vec<GroupDurations>,
}

impl Document for DurationsReport {
    const SCHEMA: &'static str = "hivectl.ml.stats.durations/v1";
}

/// How long the tickets of one type and risk took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupDurations {
    /// The type; `None` where tickets have none.
    pub task_type: Option<String>,
    /// The risk band; `None` where tickets have none.
    pub risk_band: Option<String>,
    /// Tickets.
    pub count: u64,
    /// Their mean duration in ms.
    pub mean_ms: f64,
    /// Standard deviation of the population, in ms.
    pub standard_deviation_ms: f64,
}
