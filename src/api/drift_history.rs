//! Drift over time: what a watch saw, and the checks that were kept.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::drift::{DriftCheckSkipped, DriftComparison, DriftStatus};
use super::{Document, Request, StreamingRequest, Timestamp};

/// Check again and again. Ends after the `timeout` of the tickets, where one is named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WatchDriftRequest {
    /// What is compared with what.
    pub comparison: DriftComparison,
    /// Time between two looks, above 0.
    pub interval: Duration,
    /// End when this is the status.
    pub until: Option<DriftStatus>,
    /// Warnings in a row that make a critical, at least 1.
    pub patience: usize,
    /// Look once and end.
    pub once: bool,
    /// Drift from this status on in the last look ends with an exit code of its own.
    pub fail_on: Option<DriftStatus>,
}

/// Checks again and again, tells the looks that differ from the one before, and ends when the listener or the request
/// says so.
///
/// Errors: those of a check; [`crate::error::ErrorKind::TimedOut`].
impl Request for WatchDriftRequest {
    type Report = DriftWatchAnswer;
    const NAME: &'static str = "ml.drift.watch";

    fn is_recorded(&self) -> bool {
        true
    }

    fn exit_code(report: &Self::Report) -> u8 {
        report.exit_code()
    }
}

impl StreamingRequest for WatchDriftRequest {
    type Event = DriftLook;
}

/// One look of a watch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriftLook {
    /// The model.
    pub model: String,
    /// The number of the version.
    pub version: u32,
    /// The last moment of the window.
    pub window_end: Timestamp,
    /// The status of the check, or critical for a warning that has stayed.
    pub status: DriftStatus,
    /// The status of the check alone.
    pub check_status: DriftStatus,
    /// Tickets of the window.
    pub ticket_count: usize,
    /// Error now over the baseline's, where there is one.
    pub drift_ratio: Option<f64>,
}

/// What came of asking for a watch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum DriftWatchAnswer {
    /// It looked at least once.
    Watched(DriftWatchReport),
    /// Checks are switched off.
    Skipped(DriftCheckSkipped),
}

/// What a watch saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriftWatchReport {
    /// The status of the last look.
    pub overall_status: DriftStatus,
    /// The looks that differ from the one before.
    pub items: Vec<DriftLook>,
    /// 14 without enough data, 20 for drift where that was asked for, else 0.
    #[serde(default, skip_serializing_if = "is_success")]
    pub exit_code: u8,
}

fn is_success(exit_code: &u8) -> bool {
    *exit_code == 0
}

impl Document for DriftWatchAnswer {
    const SCHEMA: &'static str = "hivectl.ml.drift.watch/v1";

    fn exit_code(&self) -> u8 {
        match self {
            DriftWatchAnswer::Watched(report) => report.exit_code,
            DriftWatchAnswer::Skipped(_) => 0,
        }
    }
}

/// Show the checks that were made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DriftHistoryRequest {
    /// Of this model; `None` for all models.
    pub model: Option<String>,
    /// Of windows that ended since this moment; `None` for all.
    pub since: Option<Timestamp>,
}

/// The checks of one model or of all whose windows ended since a moment, and what happened to the models between them.
///
/// Errors: [`crate::error::ErrorKind::ModelNotFound`] for a model that is not there.
impl Request for DriftHistoryRequest {
    type Report = DriftHistoryReport;
    const NAME: &'static str = "ml.drift.history";
}

/// The checks that were made, and what happened to the models between them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriftHistoryReport {
    /// The checks, oldest first.
    pub items: Vec<KeptCheck>,
    /// Trainings and changes of stage, oldest first.
    pub events: Vec<ModelEvent>,
    /// What recurs.
    pub patterns: Vec<RecurringDrift>,
}

impl Document for DriftHistoryReport {
    const SCHEMA: &'static str = "hivectl.ml.drift.history/v1";
}

/// A check that was kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptCheck {
    /// The model.
    pub model: String,
    /// The number of the version.
    pub version: u32,
    /// Whose rule decided.
    pub method: String,
    /// What it came to, as it was kept.
    pub status: String,
    /// End of the window.
    pub window_end: Timestamp,
    /// When it was made.
    pub checked_at: Timestamp,
    /// Its numbers as whoever made it kept them, such as `drift_ratio`, `max_psi` and `ks_statistic`.
    pub numbers: Value,
}

/// Something that happened to a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelEvent {
    /// The model.
    pub model: String,
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: String,
    /// To which version.
    pub version: Option<u32>,
}

/// A part of the calendar in which drift comes again and again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecurringDrift {
    /// The model.
    pub model: String,
    /// `Mondays`, `14:00 to 15:00 UTC`.
    pub when: String,
    /// Checks in that part.
    pub check_count: usize,
    /// Those of them with drift.
    pub drifted_count: usize,
}
