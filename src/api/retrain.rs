//! Retraining: from drift to a better version, once or again and again.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::train::{ChampionComparison, TrainRequest, is_success};
use super::{Document, Request, StreamingRequest};
use crate::lifecycle::Stage;

pub use crate::drift::DriftStatus;

/// Train again where the work has changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RetrainRequest {
    /// How to train; its kinds are retrained one after the other.
    pub train: TrainRequest,
    /// Train only where there is drift above `threshold`.
    pub if_drift: bool,
    /// Drift score above which is trained; `None` is what the settings say.
    pub threshold: Option<f64>,
    /// Train whatever the check says, also while cooling down.
    pub emergency: bool,
    /// Again and again, as `if_drift`, until the listener asks for the end.
    pub watch: bool,
    /// Time between two looks of a watch; `None` is what the settings say.
    pub interval: Option<Duration>,
    /// After a training the next one waits so long.
    pub cool_down: Duration,
}

/// Trains again where the work has changed, once or, telling what each look came to, until the listener asks for the end.
///
/// Errors: of a model alone those of checking and training; [`crate::error::ErrorKind::LockHeld`] while another process
/// retrains it.
impl Request for RetrainRequest {
    type Report = RetrainReport;
    const NAME: &'static str = "ml.retrain";

    fn is_recorded(&self) -> bool {
        true
    }

    fn exit_code(report: &Self::Report) -> u8 {
        report.exit_code()
    }
}

impl StreamingRequest for RetrainRequest {
    type Event = RetrainReport;
}

/// What retraining did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RetrainReport {
    /// One a model.
    pub models: Vec<RetrainedModel>,
    /// The registry, in a dry run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<super::Place>,
    /// What the environment or a file asks of a training and retraining does not do, in a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored_settings: Vec<String>,
    /// The worst outcome's code; 12 where some models failed and others did not.
    #[serde(default, skip_serializing_if = "is_success")]
    pub exit_code: u8,
}

impl Document for RetrainReport {
    const SCHEMA: &'static str = "hivectl.ml.retrain/v1";

    fn exit_code(&self) -> u8 {
        self.exit_code
    }
}

/// What became of one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RetrainedModel {
    /// Its registered name.
    pub name: String,
    /// How it ended.
    pub outcome: RetrainOutcome,
    /// The exit code that this means.
    pub exit_code: u8,
    /// What was done, in order.
    pub steps: Vec<RetrainStep>,
    /// How often this model was retrained from here on, this time included.
    pub attempt: u32,
    /// Days of tickets that it was trained on.
    pub window_days: Option<f64>,
    /// Age of the newest ticket that was used last, at `as_of` or now; null without one.
    #[serde(default)]
    pub newest_ticket_age_seconds: Option<u64>,
    /// The number of the new version.
    pub version: Option<u32>,
    /// Where the new version is in its life.
    pub stage: Option<Stage>,
    /// The new version is in Production.
    pub promoted: bool,
    /// The new version beside the champion, on the same tickets; null without one.
    #[serde(default)]
    pub champion: Option<ChampionComparison>,
    /// Of the new version, by the names of the field.
    pub metrics: Option<BTreeMap<String, f64>>,
    /// The check before.
    pub drift_before: Option<DriftSummary>,
    /// The check of the new version.
    pub drift_after: Option<DriftSummary>,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RetrainOutcome {
    /// No drift that asks for training.
    NoDrift,
    /// Checks are switched off by a setting, which the last step names.
    Skipped,
    /// Too few tickets to tell.
    NotEnoughData,
    /// Trained a short time ago.
    CoolingDown,
    /// Passed its gate; Production is as before, because promotion was not asked for.
    Staged,
    /// In Production.
    Promoted,
    /// The champion stays.
    NotBetter,
    /// The champion stays.
    GateFailed,
    /// A dry run.
    WouldRegister,
    /// Something else failed, while other models were retrained too; the last step tells it.
    Failed,
}

/// One step and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RetrainStep {
    /// `check`, `window`, `train`, `decide`, `check again`, ….
    pub name: String,
    /// Seconds that it took.
    pub duration_seconds: f64,
    /// In a sentence.
    pub result: String,
}

/// A check in three numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriftSummary {
    /// What it comes to.
    pub overall_status: DriftStatus,
    /// Current error over the baseline's; null where it is not known.
    pub drift_ratio: Option<f64>,
    /// What it was compared with.
    pub baseline: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_and_a_request_are_read_back_as_they_were() {
        let drift = DriftSummary { overall_status: DriftStatus::Critical, drift_ratio: Some(1.5), baseline: "training of m@6".into() };
        let model = RetrainedModel {
            newest_ticket_age_seconds: Some(7),
            name: "m".into(),
            outcome: RetrainOutcome::NotBetter,
            exit_code: 3,
            steps: vec![RetrainStep { name: "check".into(), duration_seconds: 0.5, result: "critical".into() }],
            attempt: 2,
            window_days: Some(30.0),
            version: Some(7),
            stage: Some(Stage::Staging),
            champion: None,
            promoted: false,
            metrics: Some(BTreeMap::from([("mae".to_owned(), 12.5)])),
            drift_before: Some(drift),
            drift_after: None,
        };
        let report = RetrainReport { models: vec![model], place: None, ignored_settings: vec!["x".into()], exit_code: 3 };
        let text = serde_json::to_string(&report).expect("text");
        assert!(text.contains("\"outcome\":\"not_better\"") && text.contains("\"overall_status\":\"critical\""), "{text}");
        assert_eq!(serde_json::from_str::<RetrainReport>(&text).expect("a report"), report);
        let request = RetrainRequest { watch: true, interval: Some(Duration::from_secs(60)), ..RetrainRequest::default() };
        let text = serde_json::to_string(&request).expect("text");
        assert_eq!(serde_json::from_str::<RetrainRequest>(&text).expect("a request"), request);
    }
}
