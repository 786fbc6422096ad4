//! Training: what is asked for, and what became of each model.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::backfill::BackfillReport;
use super::baseline::WrittenBaseline;
use super::forecast::CandidateRow;
use super::models::ModelListItem;
use super::{Document, Place, Request, Tickets, TimeWindow, Timestamp};
use crate::base::CommandLine;
use crate::error::{Error, ErrorKind};
use crate::forecast::CandidateErrors;
use crate::kinds::{Hyperparameters, Samples, SeriesSummary, TypedInstructions};
use crate::lifecycle::{Gate, Stage};
use crate::statistics::errors::RegressionErrors;
use crate::ticket::LabelRule;

pub use crate::kinds::tuning::Candidate;

/// Which tickets judge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", parse_err_ty = Error, parse_err_fn = no_split)]
pub enum Split {
    /// The latest fifth.
    #[default]
    Time,
    /// A random fifth.
    Random,
}

impl Split {
    /// Both.
    pub const ALL: [Split; 2] = [Split::Time, Split::Random];
}

fn no_split(word: &str) -> Error {
    Error::new(ErrorKind::Usage, format!("'{word}' is no split")).hint("the splits are time, random")
}

/// Whether and how long to look for better settings first.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TuningRequest {
    /// Settings to try, a kind; above 0.
    pub trials: usize,
    /// Begin no further trial of a kind after so many minutes; above 0.
    pub minutes: f64,
}

/// Train models. A field that is `None` is what the settings say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrainRequest {
    /// The words of kinds, or of families of them; empty trains every usual kind.
    pub models: Vec<String>,
    /// How far ahead those look that forecast, of the kinds that are named; empty for all of them.
    pub horizons: Vec<Duration>,
    /// Length of their buckets; `None` for that of each kind.
    pub bucket: Option<Duration>,
    /// Spans in which nothing counts as known to them, such as outages of the source; the end does not belong to one.
    pub exclude: Vec<TimeWindow>,
    /// Where the tickets come from.
    pub tickets: Tickets,
    /// Days of tickets, counted back from `as_of` over `created_at`.
    pub window_days: Option<f64>,
    /// The moment to train at; `None` is the newest `created_at`.
    pub as_of: Option<Timestamp>,
    /// Fewest usable tickets.
    pub min_samples: Option<usize>,
    /// Whose duration is known, and from where.
    pub labels: LabelRule,
    /// What of labels and fields was typed: new instructions to a model that is retrained.
    pub typed: TypedInstructions,
    /// Name of the table of features; `None` is the usual one, and with tuning the better one.
    pub features: Option<String>,
    /// Name to register under, where one kind is trained.
    pub name: Option<String>,
    /// Experiment that the run belongs to.
    pub experiment: Option<String>,
    /// Which tickets judge.
    pub split: Split,
    /// Variant of the kind; `None` is the usual one.
    pub variant: Option<String>,
    /// How models learn.
    pub hyperparameters: Hyperparameters,
    /// Also measure what shuffling each feature costs.
    pub permutation: bool,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Threads to use; 0 is one a core.
    pub threads: usize,
    /// Look for better settings first.
    pub tuning: Option<TuningRequest>,
    /// Put a model that passes its gate and beats the champion into Production.
    pub promote_if_better: bool,
    /// Tell a gate that failed by the exit code.
    pub require_gate: bool,
    /// Afterwards measure the new duration model on the tickets of the window.
    pub backfill_errors: bool,
    /// Also write the drift baseline beside the tickets.
    pub baseline_to_mongodb: bool,
    /// File with the gates.
    pub policy: Option<String>,
    /// File of the registry, `*.db`, that keeps what the server could not take; `None` for that of this machine.
    pub keep: Option<String>,
    /// Train and judge, write nothing at all.
    pub dry_run: bool,
}

/// Trains models, judges, gates and registers them. One kind failing leaves the others registered.
///
/// Errors: those of reading; the failure itself where every kind fails.
impl Request for TrainRequest {
    type Report = TrainReport;
    const NAME: &'static str = "ml.train";

    fn is_recorded(&self) -> bool {
        !self.dry_run
    }

    fn exit_code(report: &Self::Report) -> u8 {
        report.exit_code()
    }
}

/// What training did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainReport {
    /// One a model that was trained.
    pub models: Vec<ModelTraining>,
    /// One a kind that failed.
    pub failures: Vec<TrainingFailure>,
    /// Between which creation times the tickets lie.
    pub window: TimeWindow,
    /// The tickets that were read, in a sentence.
    pub tickets: String,
    /// Age of the newest ticket that was used, at `as_of` or now; null without one.
    #[serde(default)]
    pub newest_ticket_age_seconds: Option<u64>,
    /// Where the versions are: a path or a URL without secrets.
    pub registry: String,
    /// Nothing was written.
    pub dry_run: bool,
    /// Where it would be done; `None` where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Everything that the registry holds now; empty in a dry run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub registered_models: Vec<ModelListItem>,
    /// The baselines that were also written beside the tickets; only where that was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub published_baselines: Vec<WrittenBaseline>,
    /// The errors of the new duration model; only where they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backfill_errors: Option<BackfillReport>,
    /// Names of which no version serves, where several were named to be put into service.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_serving: Vec<String>,
    /// 12 where a kind failed, a model is kept elsewhere or a name has no version that serves, 3 where a gate failed that was required, else 0.
    #[serde(default, skip_serializing_if = "is_success")]
    pub exit_code: u8,
}

impl Document for TrainReport {
    const SCHEMA: &'static str = "hivectl.ml.train/v1";

    fn exit_code(&self) -> u8 {
        self.exit_code
    }
}

pub(super) fn is_success(exit_code: &u8) -> bool {
    *exit_code == 0
}

/// What became of one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelTraining {
    /// The name that it is registered under.
    pub name: String,
    /// The word of its kind.
    pub kind: String,
    /// How durations were learned; null for another kind.
    pub learner: Option<Value>,
    /// Its number; null in a dry run.
    pub version: Option<u32>,
    /// Where it is in its life; null in a dry run.
    pub stage: Option<Stage>,
    /// The run that made it.
    pub run_id: Option<String>,
    /// On the tickets that judge, by the names of the field.
    pub metrics: BTreeMap<String, f64>,
    /// The metrics as people read them, a line each.
    pub sentences: Vec<String>,
    /// Errors of durations by task type.
    pub by_task_type: BTreeMap<String, RegressionErrors>,
    /// How it was judged.
    pub gate: Gate,
    /// Where the tickets went.
    pub samples: Samples,
    /// What it sees of a ticket.
    pub schema: SchemaName,
    /// Between which creation times its tickets lie.
    pub training_window: TimeWindow,
    /// Whether it learned from made up tickets.
    pub synthetic: bool,
    /// The comparison with the version in Production; null where there is none.
    pub champion: Option<ChampionComparison>,
    /// Where it is kept, as its registry went away; absent where it is registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<KeptModel>,
    /// It is in Production now.
    pub promoted: bool,
    /// Why a model that was to be promoted was not.
    pub held_back: Option<String>,
    /// Seconds that learning took.
    pub fit_seconds: f64,
    /// What was learned of a series; absent for what learned from rows of tickets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forecaster: Option<TrainedForecaster>,
    /// What shuffling each feature costs, the dearest first; empty where that was not asked for.
    pub permutation_importances: Vec<PermutationCost>,
    /// What tuning tried; null without.
    pub tuning: Option<TuningReport>,
}

/// How a forecaster was chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainedForecaster {
    /// How far ahead it looks.
    pub horizon_seconds: u64,
    /// Length of a bucket.
    pub bucket_seconds: u64,
    /// The better of the simple rules, which it has to beat.
    pub simple_rule: String,
    /// Moments of the past that chose, and moments that judged.
    pub origins: [u64; 2],
    /// How each candidate did at the moments that judged.
    pub candidates: Vec<CandidateRow>,
}

impl From<SeriesSummary> for TrainedForecaster {
    fn from(summary: SeriesSummary) -> TrainedForecaster {
        let row = |one: &CandidateErrors| CandidateRow { name: one.candidate.to_string(), mae: one.mae, share_pct: 100.0 * one.share };
        TrainedForecaster {
            horizon_seconds: summary.plan.horizon_ms.unsigned_abs() / 1_000,
            bucket_seconds: summary.plan.bucket_ms.unsigned_abs() / 1_000,
            simple_rule: summary.simple_rule.to_string(),
            origins: summary.origins.map(|count| count as u64),
            candidates: summary.candidates.iter().map(row).collect(),
        }
    }
}

/// A table of features.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaName {
    /// Its name.
    pub name: String,
    /// Digest of names, order and arithmetic, lower-case hexadecimal.
    pub fingerprint: String,
}

/// A model that was trained and waits for its registry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptModel {
    /// Its number where it is kept.
    pub version: u32,
    /// The file of the registry that keeps it.
    pub path: String,
    /// Why it is not registered.
    pub why: String,
    /// What registers it, once the server is back.
    pub register: CommandLine,
}

/// A new model beside the version in Production, on the same tickets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChampionComparison {
    /// The number of the version in Production.
    pub version: u32,
    /// The metric that decides.
    pub metric: String,
    /// Tickets that the version in Production had not learned from.
    pub samples: usize,
    /// Positive where the new model is better; null where nothing could be compared.
    pub difference: Option<ComparedDifference>,
    /// Whether the whole interval is on the new model's side.
    pub better: bool,
    /// Why nothing could be compared.
    pub obstacle: Option<String>,
    /// All of it in one line.
    pub sentence: String,
}

/// A difference of metrics and its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComparedDifference {
    /// On the tickets as they are.
    pub estimate: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Share of resamples inside, 0–1.
    pub confidence: f64,
    /// The part that the choice of trees has in the interval; `None` where that is not counted.
    #[serde(default)]
    pub trees_standard_error: Option<f64>,
}

/// How much the error of durations grows when a feature is shuffled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PermutationCost {
    /// The feature.
    pub feature: String,
    /// In ms.
    pub mean_ms: f64,
    /// Over the shuffles, in ms.
    pub standard_deviation_ms: f64,
}

/// A kind that could not be trained, while another was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainingFailure {
    /// The word of the kind.
    pub model: String,
    /// The stable code, `HML-nnnn`.
    pub code: String,
    /// What failed.
    pub message: String,
    /// What to do about it.
    pub hints: Vec<String>,
}

/// What tuning tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TuningReport {
    /// In the order they were made, at least one.
    pub trials: Vec<TuningTrial>,
    /// Number of the trial whose settings are used.
    pub chosen: usize,
    /// How many of them an earlier run had made.
    pub resumed: usize,
    /// The time was up before all trials were made.
    pub out_of_time: bool,
}

/// Settings that were tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TuningTrial {
    /// From 1.
    pub number: usize,
    /// The settings.
    pub settings: Candidate,
    /// MAE in ms, or F1, by fold; those after a hopeless first one are missing.
    pub folds: Vec<Option<f64>>,
    /// Over the folds; null for a trial that was given up.
    pub score: Option<f64>,
    /// Seconds that it took.
    pub seconds: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::USUAL_MODEL;
    use crate::kinds::anomaly::AnomalyParameters;

    fn report() -> TrainReport {
        let settings = Candidate::Anomaly(AnomalyParameters { trees: 100, subsample: 256, contamination: 0.05 });
        let model = serde_json::json!({
            "name": "m", "kind": USUAL_MODEL, "learner": { "algorithm": "forest" }, "version": 7, "stage": "Staging", "run_id": null,
            "metrics": { "mae": 12.5 }, "sentences": ["mean absolute error 13 ms"], "by_task_type": {},
            "gate": { "passed": true, "criteria": [{ "metric": "mae", "operator": "<", "threshold": 15.0, "value": null, "passed": false, "required": false }] },
            "samples": { "read": 5, "used": 5, "train": 4, "holdout": 1, "refused": {}, "labels": {} },
            "schema": { "name": "reference", "fingerprint": "ab" },
            "training_window": { "from": "1970-01-01T00:00:00Z", "to": "1970-01-01T00:00:01Z" }, "synthetic": false,
            "champion": { "version": 6, "metric": "mae", "samples": 40, "difference": { "estimate": 1.0, "low": 0.5, "high": 1.5, "confidence": 0.95 }, "better": true, "obstacle": null, "sentence": "better" },
            "promoted": false, "held_back": null, "fit_seconds": 0.5,
            "permutation_importances": [{ "feature": "hour", "mean_ms": 3.0, "standard_deviation_ms": 0.5 }],
            "tuning": { "trials": [{ "number": 1, "settings": settings, "folds": [0.5, null], "score": null, "seconds": 1.0 }], "chosen": 1, "resumed": 0, "out_of_time": true },
        });
        TrainReport {
            models: vec![serde_json::from_value(model).expect("a model")],
            failures: vec![TrainingFailure {
                model: USUAL_MODEL.into(),
                code: "HML-1".into(),
                message: "no".into(),
                hints: vec!["yes".into()],
            }],
            window: TimeWindow { from: Timestamp(0), to: Timestamp(1000) },
            tickets: "5 read".into(),
            newest_ticket_age_seconds: Some(7),
            registry: "r.db".into(),
            dry_run: false,
            place: Some(Place::default()),
            registered_models: Vec::new(),
            published_baselines: Vec::new(),
            without_serving: vec!["m".into()],
            backfill_errors: None,
            exit_code: 12,
        }
    }

    #[test]
    fn a_report_and_a_request_are_read_back_as_they_were() {
        let text = serde_json::to_string(&report()).expect("text");
        assert_eq!(serde_json::from_str::<TrainReport>(&text).expect("a report"), report());
        let tuning = Some(TuningRequest { trials: 3, minutes: 1.0 });
        let hyperparameters = Hyperparameters { max_depth: Some(4), ..Hyperparameters::default() };
        let request =
            TrainRequest { models: vec![USUAL_MODEL.into()], split: Split::Random, tuning, hyperparameters, ..TrainRequest::default() };
        let text = serde_json::to_string(&request).expect("text");
        assert_eq!(serde_json::from_str::<TrainRequest>(&text).expect("a request"), request);
    }
}
