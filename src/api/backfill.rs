//! Predictions for tickets that have ended, back into the tickets; and how far they are off.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Document, Request, Tickets, TimeWindow, Timestamp};
use crate::error::ErrorKind;
use crate::kinds::TypedInstructions;
use crate::lifecycle::{ModelRef, VersionId};
use crate::ticket::LabelRule;

/// The name under which tickets are counted that cannot be stored with a prediction.
pub const REFUSED_BY_SERVER: &str = "refused_by_server";

/// Which tickets get a prediction, of which version, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackfillRequest {
    /// The version that predicts durations.
    pub model: ModelRef,
    /// Where the tickets are.
    pub tickets: Tickets,
    /// Days of tickets, counted back from `as_of` over `created_at`; `None` for what the settings say.
    pub window_days: Option<f64>,
    /// The moment to predict at; `None` is the newest `created_at`.
    pub as_of: Option<Timestamp>,
    /// Whose duration is known, and from where.
    pub labels: LabelRule,
    /// What of labels and fields was typed; the version's own instructions hold otherwise.
    pub typed: TypedInstructions,
    /// Tickets a second, at most.
    pub rate: Option<f64>,
    /// Go on with the plan that an earlier run left, without asking again; start where there is none.
    pub resume: bool,
    /// Write over the predictions of others, which are kept for 90 days.
    #[serde(default)]
    pub replace: bool,
    /// Measure the errors, write nothing into tickets.
    pub errors_only: bool,
    /// Show the plan and change nothing.
    pub dry_run: bool,
    /// Threads to use; 0 is one a core.
    pub threads: usize,
}

/// Writes predictions into tickets that have ended without one, and measures how far they are off.
///
/// Errors: those of reading and writing, with how much was written; [`crate::error::ErrorKind::Usage`] for a model that
/// predicts no durations, and for tickets that cannot be written to.
impl Request for BackfillRequest {
    type Report = BackfillReport;
    const NAME: &'static str = "ml.backfill";

    fn is_recorded(&self) -> bool {
        !self.dry_run
    }

    fn exit_code(report: &Self::Report) -> u8 {
        report.exit_code()
    }
}

/// What a backfill would do or did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BackfillReport {
    /// The model.
    pub model_name: String,
    /// Its version.
    pub model_version: u32,
    /// Why this version was taken, such as `the version in Production`.
    pub chosen_as: String,
    /// Where the tickets are, without secrets.
    pub tickets: String,
    /// Which registry, by which setting, in which context.
    pub registry: String,
    /// Between which creation times the tickets lie.
    pub window: TimeWindow,
    /// What is written into a ticket, and nothing else.
    pub fields: Vec<String>,
    /// Whether this went on with the plan of an earlier run.
    pub resumed: bool,
    /// Tickets that were read.
    pub read: u64,
    /// The same in words, with how many of them counted.
    pub ticket_summary: String,
    /// Tickets that get a prediction.
    pub eligible: u64,
    /// Predictions that were written.
    pub predicted: u64,
    /// Whose predictions are written over, and how many; empty where none are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub replaces: BTreeMap<String, u64>,
    /// Why other tickets of the window get none.
    pub skipped: BTreeMap<String, u64>,
    /// Tickets that had changed since they were read, and were left alone.
    pub conflicts: u64,
    /// Predictions whose error was measured.
    pub measured: u64,
    /// How large the errors are.
    pub error_ms: ErrorSizes,
    /// Errors of more than three times the prediction.
    pub extreme_count: u64,
    /// The largest of them, largest first.
    pub extreme: Vec<ExtremePrediction>,
    /// Nothing was done; this is the plan.
    pub dry_run: bool,
    /// Nothing was to be written into tickets.
    pub errors_only: bool,
    /// The note in the history of the server; `None` where nothing was to be done, and for files.
    pub history_id: Option<String>,
    /// What is to be told beside the result.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl BackfillReport {
    /// The version that predicts.
    pub fn version(&self) -> VersionId {
        VersionId::new(self.model_name.as_str(), self.model_version)
    }

    /// Tickets that the server cannot store with a prediction, such as one of 16 MB.
    pub fn refused(&self) -> u64 {
        self.skipped.get(REFUSED_BY_SERVER).copied().unwrap_or_default()
    }
}

impl Document for BackfillReport {
    const SCHEMA: &'static str = "hivectl.ml.backfill/v1";

    /// Partly done where tickets had changed, or were refused.
    fn exit_code(&self) -> u8 {
        if self.conflicts > 0 || self.refused() > 0 { ErrorKind::PartlyDone.exit_code() } else { 0 }
    }
}

/// Put back the predictions that a backfill wrote over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UndoBackfillRequest {
    /// The id of the run, `history_id` of its report.
    pub run: String,
    /// Where the tickets are.
    pub tickets: Tickets,
    /// Count and change nothing.
    pub dry_run: bool,
}

/// Puts back the predictions that a backfill wrote over, in tickets that still hold what it wrote; what it wrote into
/// tickets without a prediction stays.
///
/// Errors: [`crate::error::ErrorKind::FileNotFound`] for a run of which nothing is kept; those of reading and writing.
impl Request for UndoBackfillRequest {
    type Report = UndoBackfillReport;
    const NAME: &'static str = "ml.backfill.undo";

    fn is_recorded(&self) -> bool {
        !self.dry_run
    }

    fn exit_code(report: &Self::Report) -> u8 {
        report.exit_code()
    }
}

/// What became of the predictions that a backfill had written over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoBackfillReport {
    /// The id of the run.
    pub run: String,
    /// Where the tickets are, without secrets.
    pub tickets: String,
    /// Those that were kept and not put back before.
    pub kept: u64,
    /// Those that are as they were before the run, or would be.
    pub restored: u64,
    /// Tickets that no longer hold what the run wrote, and were left alone.
    pub conflicts: Vec<String>,
    /// Nothing was changed.
    pub dry_run: bool,
}

impl Document for UndoBackfillReport {
    const SCHEMA: &'static str = "hivectl.ml.backfill.undo/v1";

    /// Partly done where tickets hold something else by now.
    fn exit_code(&self) -> u8 {
        if self.conflicts.is_empty() { 0 } else { ErrorKind::PartlyDone.exit_code() }
    }
}

/// The sizes of errors in ms; `None` without a prediction. Percentiles are exact up to half a million errors, and within
/// 0.05 % beyond.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ErrorSizes {
    /// Mean.
    pub mean: Option<f64>,
    /// Median.
    pub p50: Option<f64>,
    /// 95 % are no larger.
    pub p95: Option<f64>,
    /// 99 % are no larger.
    pub p99: Option<f64>,
}

/// A prediction that was far off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExtremePrediction {
    /// The ticket.
    pub ticket_id: String,
    /// What was predicted.
    pub predicted_ms: f64,
    /// What was.
    pub actual_ms: f64,
    /// Actual minus predicted.
    pub error_ms: f64,
    /// Size of the error over the prediction; `None` where nothing was predicted.
    pub error_ratio: Option<f64>,
}
