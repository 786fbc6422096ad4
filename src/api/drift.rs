//! Drift: what is compared with what, and what a check found.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{CheckState, Document, Judging, Request, Timestamp};
use crate::base::CommandLine;
use crate::error::ErrorKind;
use crate::lifecycle::ModelRef;

pub use crate::drift::robust::{FrozenKind, Season};
pub use crate::drift::segment::SegmentKind;
pub use crate::drift::{DriftStatus, Method};

/// The exit code of a check that found drift, where that is asked for.
const DRIFT_FOUND: u8 = 20;

/// What is compared with what. A field that is `None` is what the settings say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriftComparison {
    /// The version to check.
    pub reference: ModelRef,
    /// The tickets of the window: `window_days` and `as_of` count over `completed_at`.
    pub judging: Judging,
    /// Whose rule decides.
    pub method: Method,
    /// A saved baseline by its number, or the current one of another version; `None` for the version's current one.
    pub baseline: Option<String>,
    /// In place of a baseline the tickets of so many days before the window.
    pub against_days: Option<f64>,
    /// The file that gets the result as metrics.
    pub metrics_file: Option<PathBuf>,
    /// The URL of a Prometheus Pushgateway that gets the same metrics.
    pub push_gateway: Option<String>,
}

/// Compare recent tickets with a version's baseline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckDriftRequest {
    /// What is compared with what.
    pub comparison: DriftComparison,
    /// Drift from this status on ends with an exit code of its own.
    pub fail_on: Option<DriftStatus>,
    /// Keep the check for the history.
    pub record: bool,
}

/// Compares recent tickets with a version's baseline. Too few tickets are no error but a status.
///
/// Errors: [`crate::error::ErrorKind::NoBaseline`], [`crate::error::ErrorKind::NotEnoughData`] for a window without tickets.
impl Request for CheckDriftRequest {
    type Report = DriftCheckAnswer;
    const NAME: &'static str = "ml.drift.check";

    fn is_recorded(&self) -> bool {
        self.record
    }

    fn exit_code(report: &Self::Report) -> u8 {
        report.exit_code()
    }
}

/// What came of asking for a check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum DriftCheckAnswer {
    /// It was made.
    Checked(Box<DriftCheckReport>),
    /// Checks are switched off.
    Skipped(DriftCheckSkipped),
}

/// A check that was not made because a setting says so: no verdict, neither good nor bad.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriftCheckSkipped {
    /// `skipped`.
    pub overall_status: CheckState,
    /// The setting, and where it has its value from.
    pub reason: String,
}

impl Document for DriftCheckAnswer {
    const SCHEMA: &'static str = "hivectl.ml.drift.check/v1";

    fn exit_code(&self) -> u8 {
        match self {
            DriftCheckAnswer::Checked(report) => report.exit_code,
            DriftCheckAnswer::Skipped(_) => 0,
        }
    }
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriftCheckReport {
    /// The model.
    pub model: String,
    /// The number of the version.
    pub version: u32,
    /// How the version was chosen, such as `the version in Production`.
    pub chosen_as: String,
    /// What it comes to.
    pub overall_status: DriftStatus,
    /// Length of the window.
    pub window_days: f64,
    /// The window.
    pub window: DriftWindow,
    /// What it is compared with.
    pub baseline: ComparedBaseline,
    /// The tickets that were read, in a sentence.
    pub tickets: String,
    /// Age of the newest ticket that could be used, at `as_of` or now; null without one.
    #[serde(default)]
    pub newest_ticket_age_seconds: Option<u64>,
    /// The error of the version, then and now.
    pub prediction_drift: PredictionDrift,
    /// Why the status is what it is.
    pub reason: String,
    /// The reason with the command to type next.
    pub recommendations: Vec<String>,
    /// What to type next.
    pub next_command: CommandLine,
    /// The numbers of the rule that decided; its word is `method`.
    #[serde(flatten)]
    pub finding: DriftFinding,
    /// 14 without enough data, 20 for drift where that was asked for, 12 where the metrics were not delivered, else 0.
    #[serde(default, skip_serializing_if = "is_success")]
    pub exit_code: u8,
}

impl DriftCheckReport {
    /// The same with its command as `change` makes it.
    #[must_use]
    pub fn map_command(self, change: impl FnOnce(CommandLine) -> CommandLine) -> DriftCheckReport {
        let next_command = change(self.next_command);
        DriftCheckReport { recommendations: vec![format!("{}: {next_command}", self.reason)], next_command, ..self }
    }
}

fn is_success(exit_code: &u8) -> bool {
    *exit_code == 0
}

/// The exit code of a status: 14 without enough data, 20 for drift from `least` on, else 0.
pub(crate) fn exit_code_of(status: DriftStatus, least: Option<DriftStatus>) -> u8 {
    match (status, least) {
        (DriftStatus::NotEnoughData, _) => ErrorKind::NotEnoughData.exit_code(),
        (status, Some(least)) if status.reaches(least) => DRIFT_FOUND,
        _ => 0,
    }
}

/// First and last moment of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriftWindow {
    /// The first.
    pub from: Timestamp,
    /// The last.
    pub to: Timestamp,
}

/// What a window is compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComparedBaseline {
    /// `training of NAME@7`, `saved baseline 3 of NAME@7`, `the 30 days before the window`.
    pub origin: String,
    /// Its first completion.
    pub from: Timestamp,
    /// Its last completion.
    pub to: Timestamp,
    /// From the first to the last.
    pub days: f64,
    /// Tickets that it was learned from.
    pub ticket_count: u64,
}

/// The mean absolute error of a version, in ms, then and now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PredictionDrift {
    /// In the window, by the rule that decided.
    pub current_mae: Option<f64>,
    /// Of the baseline.
    pub baseline_mae: Option<f64>,
    /// The same under the name that the guides use.
    pub mae_training: Option<f64>,
    /// Current over baseline, by the rule that decided.
    pub drift_ratio: Option<f64>,
    /// Of the last day; `None` where the window is shorter, and without predictions.
    pub mae_1d: Option<f64>,
    /// Of the last three days.
    pub mae_3d: Option<f64>,
    /// Of the last seven days.
    pub mae_7d: Option<f64>,
    /// Where the predictions come from: `stored`, `recomputed`, `both` or `none`.
    pub source: String,
    /// Predictions as they were stored.
    pub stored_count: usize,
    /// Predictions that were made anew.
    pub recomputed_count: usize,
    /// Stored predictions that are none of the version.
    pub stored_by_others_count: usize,
    /// Why there is no error ratio.
    pub without: Option<String>,
    /// Tickets that could not judge the version, by reason.
    pub left_out: BTreeMap<String, usize>,
    /// The error ratio with how sure it is, where there is one.
    #[serde(flatten)]
    pub measured: Option<MeasuredRatio>,
}

/// An error ratio and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasuredRatio {
    /// Error of the whole window over the baseline's; what `drift_ratio` is by our rule.
    pub error_ratio: f64,
    /// Error of the whole window, in ms.
    pub window_mae: f64,
    /// Where the ratio lies.
    pub interval: RatioInterval,
    /// What it comes to.
    pub status: DriftStatus,
    /// Tickets of the window with a prediction.
    pub ticket_count: usize,
}

/// Where a ratio lies.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RatioInterval {
    /// The lower end.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// The chance that it lies between them, 0–1.
    pub confidence: f64,
}

/// The numbers of either rule. A number that is not finite is `None`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum DriftFinding {
    /// Ours.
    Robust(Box<RobustFinding>),
    /// The running system's.
    Reference(ReferenceFinding),
}

/// What our rule found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RobustFinding {
    /// PSI by feature, less what it would be without any change; at least 0.
    pub feature_drift: BTreeMap<String, Option<f64>>,
    /// How durations moved.
    pub target_drift: RobustTargetDrift,
    /// What the calendar has to do with it.
    pub season: SeasonFinding,
    /// Slices of the work and what moved in them.
    pub segments: Vec<SegmentFinding>,
    /// What the verdict stands on.
    pub evidence: DriftEvidence,
    /// How much there was to look at.
    pub samples: DriftSamples,
}

/// How durations (ms) moved, the baseline weighted to the calendar of now.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RobustTargetDrift {
    /// Distance of the distribution functions.
    pub ks_statistic: Option<f64>,
    /// Over bursts.
    pub p_value: Option<f64>,
    /// How much larger the mean is now, in percent.
    pub mean_shift_pct: Option<f64>,
    /// Mean then.
    pub baseline_mean: Option<f64>,
    /// Mean now.
    pub recent_mean: Option<f64>,
    /// What it comes to.
    pub status: DriftStatus,
    /// The distance as if each ticket came for itself, without the calendar.
    pub raw_ks_statistic: Option<f64>,
    /// The p-value of that distance.
    pub raw_p_value: Option<f64>,
}

/// How much of a difference the calendar explains.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeasonFinding {
    /// In a word.
    pub verdict: Season,
    /// Share of the difference that the calendar takes away, 0–1.
    pub explained_ratio: Option<f64>,
    /// Largest effect over its limit, without the calendar.
    pub raw_effect: Option<f64>,
    /// The same with the calendar.
    pub weighted_effect: Option<f64>,
    /// Share of the tickets now whose part of the week the baseline does not have, 0–1.
    pub uncovered_ratio: Option<f64>,
}

/// A slice of the work and what moved in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SegmentFinding {
    /// `task_type`, `risk_band`, `requester` or `workload`.
    pub dimension: String,
    /// Which of them.
    pub value: String,
    /// What moved.
    pub kind: SegmentKind,
    /// Behaviour: the factor by which durations moved. Mix: share now minus share then.
    pub effect: Option<f64>,
    /// The effect (its logarithm for a factor) over its standard error; signed.
    pub evidence: Option<f64>,
    /// 1 for the strongest of its dimension and kind.
    pub rank: usize,
    /// Large and significant.
    pub is_hit: bool,
    /// The p-value after correction for the number of slices.
    pub adjusted_p_value: Option<f64>,
    /// Its tickets then.
    pub baseline_ticket_count: usize,
    /// Its tickets now.
    pub ticket_count: usize,
}

/// What a verdict stands on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriftEvidence {
    /// By feature, with `duration_ms` and `duration_residual`.
    pub variables: BTreeMap<String, VariableEvidence>,
    /// The same requesters with the same work, then and now.
    pub same_requesters: Vec<SameRequesters>,
    /// Of the tests alone, without the error ratio.
    pub tests_status: DriftStatus,
}

/// How one variable compares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VariableEvidence {
    /// Its place among the variables, from 1.
    pub position: usize,
    /// PSI with half a ticket added to each bin.
    pub psi: Option<f64>,
    /// The PSI less what it would be without any change; can be negative.
    pub psi_adjusted: Option<f64>,
    /// Largest distance of the distribution functions, where that is looked at.
    pub distance: Option<f64>,
    /// Over bursts.
    pub p_value: Option<f64>,
    /// The p-value after correction for the number of variables.
    pub adjusted_p_value: Option<f64>,
    /// Tickets now that carry as much as they would one by one.
    pub effective_ticket_count: Option<f64>,
    /// Mean then, weighted to the calendar of now.
    pub baseline_mean: Option<f64>,
    /// Mean now.
    pub recent_mean: Option<f64>,
    /// Shares by bin, then.
    pub then: Vec<f64>,
    /// Shares by bin, now.
    pub now: Vec<f64>,
    /// What its shape comes to.
    pub status: DriftStatus,
    /// Share of the tickets with a value beyond all that there was, 0–1.
    pub new_value_ratio: Option<f64>,
    /// What that comes to.
    pub new_value_status: Option<DriftStatus>,
    /// Share of the tickets with a value within, that no ticket had, 0–1.
    pub unheard_value_ratio: Option<f64>,
    /// What that comes to.
    pub unheard_value_status: Option<DriftStatus>,
}

/// How the same requesters with the same work changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SameRequesters {
    /// What was compared.
    pub name: String,
    /// By which factor it moved.
    pub factor: Option<f64>,
    /// That it did not move.
    pub p_value: Option<f64>,
    /// Pairs that carry as much as they would one by one.
    pub effective_pair_count: Option<f64>,
    /// What it comes to.
    pub status: DriftStatus,
}

/// How much there was to look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriftSamples {
    /// Tickets of the baseline that are kept one by one.
    pub baseline_ticket_count: usize,
    /// Days of the baseline.
    pub baseline_days: f64,
    /// Requester-weeks of the baseline.
    pub baseline_block_count: usize,
    /// Tickets of the window.
    pub ticket_count: usize,
    /// Those of them that were compared by bursts.
    pub compared_ticket_count: usize,
    /// Requester-weeks of the window.
    pub block_count: usize,
    /// Tickets now that carry as much as they would one by one, judged by the duration.
    pub effective_ticket_count: Option<f64>,
    /// Why nothing can be said; empty where something can.
    pub missing: Vec<String>,
    /// Features that do not vary on one side or both.
    pub features_without_variation: Vec<FeatureWithoutVariation>,
}

/// A feature that does not vary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureWithoutVariation {
    /// The feature.
    pub name: String,
    /// On which side.
    pub kind: FrozenKind,
}

/// What the running system's rule found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferenceFinding {
    /// PSI by feature.
    pub feature_drift: BTreeMap<String, Option<f64>>,
    /// What each feature comes to by itself: above .25 critical, above .1 a warning.
    pub feature_status: BTreeMap<String, DriftStatus>,
    /// What the error ratio comes to by itself; `None` where it is not known.
    pub ratio_status: Option<DriftStatus>,
    /// How durations moved; `None` below 50 tickets.
    pub target_drift: Option<ReferenceTarget>,
    /// How much there was to look at.
    pub samples: ReferenceSamples,
}

/// How durations (ms) moved.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferenceTarget {
    /// Distance of the distribution functions.
    pub ks_statistic: Option<f64>,
    /// As if each ticket came for itself.
    pub p_value: Option<f64>,
    /// What that comes to by itself: below .01 critical, below .05 a warning.
    pub status: DriftStatus,
    /// How much larger the mean is now, in percent.
    pub mean_shift_pct: Option<f64>,
    /// How much larger the standard deviation is now, in percent.
    pub std_shift_pct: Option<f64>,
    /// Mean then.
    pub baseline_mean: Option<f64>,
    /// Population standard deviation then.
    pub baseline_std: Option<f64>,
    /// Mean now.
    pub recent_mean: Option<f64>,
    /// Population standard deviation now.
    pub recent_std: Option<f64>,
}

/// How much there was to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferenceSamples {
    /// Tickets of the window.
    pub ticket_count: usize,
}
