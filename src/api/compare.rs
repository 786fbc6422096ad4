//! Two versions side by side: what is recorded of them, and how both do on the same tickets.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::models::TrainingWindow;
use super::{Document, Judging, Request, TimeWindow, Timestamp};
use crate::error::ErrorKind;
use crate::kinds::Samples;
use crate::lifecycle::{Gate, ModelRef, Stage, VersionId};
use crate::statistics::bootstrap::Difference;
use crate::statistics::mcnemar::McNemar;

/// Which versions to compare.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompareRequest {
    /// The version that stays unless the other is better.
    pub first: ModelRef,
    /// The version that may take its place.
    pub second: ModelRef,
    /// The tickets on which both are run; none where no flag and no setting names a place.
    pub judging: Judging,
}

/// Sets two versions side by side, and runs both on the same tickets where a request or a setting names some.
///
/// Errors: those of finding the versions and reading tickets. That two versions cannot be run on the tickets is no
/// error: the report says why.
impl Request for CompareRequest {
    type Report = CompareReport;
    const NAME: &'static str = "ml.models.compare";
}

/// Everything that tells the two apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompareReport {
    /// The version that stays unless the other is better.
    pub first: ComparedVersion,
    /// The version that may take its place.
    pub second: ComparedVersion,
    /// The recorded metrics of both, by name.
    pub metrics: Vec<MetricRow>,
    /// Those that differ.
    pub parameters: Vec<ParameterRow>,
    /// `None` where a card is missing.
    pub schema: Option<SchemaComparison>,
    /// By the greater of both shares, falling; empty where no card is.
    pub importances: Vec<ImportanceRow>,
    /// `None` without tickets.
    pub tickets: Option<TicketComparison>,
    /// What to do with the second.
    pub recommendation: Recommendation,
    /// Why it is not certain what serves of the second one's model, so that nothing is promoted; empty where it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serving_faults: Vec<String>,
    /// What is to be told beside the comparison.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Document for CompareReport {
    const SCHEMA: &'static str = "hivectl.ml.models.compare/v1";

    /// Tickets that could not compare end with the code for too little data.
    fn exit_code(&self) -> u8 {
        match self.tickets.as_ref().and_then(|tickets| tickets.obstacle.as_ref()) {
            Some(_) => ErrorKind::NotEnoughData.exit_code(),
            None => 0,
        }
    }
}

/// One of the two versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComparedVersion {
    /// The model.
    pub name: String,
    /// Its number.
    pub version: u32,
    /// Where it is in its life.
    pub stage: Stage,
    /// Why this version was taken, such as `the version in Production`.
    pub chosen_as: String,
    /// When it was registered.
    pub created_at: Timestamp,
    /// The word of what it answers, told by its card, else by its maker's tag or its name.
    pub kind: Option<String>,
    /// Whether hivectl made it; what it learned from is not recorded otherwise.
    pub has_card: bool,
    /// How it was judged at training.
    pub gate: Option<Gate>,
    /// What it sees of a ticket.
    pub schema: Option<SchemaSummary>,
    /// The tickets that it learned from.
    pub training_window: Option<TrainingWindow>,
    /// Where those tickets went.
    pub samples: Option<Samples>,
    /// Whether it learned from made-up tickets.
    pub synthetic: Option<bool>,
}

impl ComparedVersion {
    /// Its model and number.
    pub fn id(&self) -> VersionId {
        VersionId::new(self.name.as_str(), self.version)
    }
}

/// A set of features in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaSummary {
    /// Name of the feature set.
    pub name: String,
    /// Digest of names, order and arithmetic, lower-case hexadecimal.
    pub fingerprint: String,
    /// How many features.
    pub feature_count: usize,
}

/// Which way a metric is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// The lower.
    Lower,
    /// The higher.
    Higher,
    /// The nearer to 0.
    NearerZero,
    /// A fact, not a merit.
    Neither,
}

/// One metric of both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetricRow {
    /// Its name.
    pub metric: String,
    /// Of the first version.
    pub first: Option<f64>,
    /// Of the second.
    pub second: Option<f64>,
    /// Second minus first, where both are there.
    pub difference: Option<f64>,
    /// Which way it is better.
    pub better: Better,
    /// Whether the second is better; `None` where that cannot be said.
    pub improved: Option<bool>,
}

/// A parameter that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterRow {
    /// Its name.
    pub parameter: String,
    /// Of the first version.
    pub first: Option<String>,
    /// Of the second.
    pub second: Option<String>,
}

/// The features of both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaComparison {
    /// Whether the fingerprints agree.
    pub same: bool,
    /// Features of the first alone.
    pub only_first: Vec<String>,
    /// Features of the second alone.
    pub only_second: Vec<String>,
}

/// How much a feature matters to both, share of the total.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportanceRow {
    /// The feature.
    pub feature: String,
    /// To the first version.
    pub first: Option<f64>,
    /// To the second.
    pub second: Option<f64>,
}

/// How both did on the same tickets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TicketComparison {
    /// Between which creation times the tickets lie.
    pub window: TimeWindow,
    /// Whether the tickets say of themselves that they were made up.
    pub synthetic: bool,
    /// Labelled tickets that neither has learned from.
    pub judged_count: usize,
    /// Tickets that do not judge.
    pub left_out: Vec<LeftOut>,
    /// Versions that may have learned from some of the tickets: what they learned from is not recorded.
    pub doubtful: Vec<DoubtfulVersion>,
    /// `mae` (ms) or `f1`; empty where nothing could be compared.
    pub metric: String,
    /// By whose rules a ticket is an anomaly: `NAME@VERSION`, or the tickets' own.
    pub labelled_by: Option<String>,
    /// The first version on these tickets; `None` where they decide nothing.
    pub first: Option<MeasuredVersion>,
    /// The second.
    pub second: Option<MeasuredVersion>,
    /// Positive where the second is better.
    pub difference: Option<Difference>,
    /// Of anomaly detectors.
    pub mcnemar: Option<McNemar>,
    /// Both by parts of the work, the larger first.
    pub groups: Vec<ComparedGroup>,
    /// Why nothing could be compared.
    pub obstacle: Option<String>,
}

impl TicketComparison {
    /// Both on these tickets, where these decide something.
    pub fn measured(&self) -> Option<[&MeasuredVersion; 2]> {
        Some([self.first.as_ref()?, self.second.as_ref()?])
    }

    /// Parts of the tickets on which the second is clearly worse.
    pub fn worse_groups(&self) -> impl Iterator<Item = &ComparedGroup> {
        self.groups.iter().filter(|group| group.difference.as_ref().is_some_and(Difference::is_negative))
    }
}

/// Tickets that do not judge, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// `outside_window`, `learned_from`, `older_than_training` or `in_its_history`.
    pub reason: String,
    /// `NAME@VERSION`; `None` where it holds for both.
    pub model: Option<String>,
    /// How many.
    pub count: usize,
}

/// A version that may have learned from tickets that judge it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoubtfulVersion {
    /// `NAME@VERSION`.
    pub model: String,
    /// From how many.
    pub count: usize,
}

/// One version on the tickets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasuredVersion {
    /// By the names of the field.
    pub metrics: BTreeMap<String, f64>,
    /// How they pass.
    pub gate: Gate,
    /// How long one answer takes; `None` where no row was timed.
    pub latency: Option<Latency>,
}

/// How long one row's score takes, in µs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// Median.
    pub p50_us: f64,
    /// 95 % take no longer.
    pub p95_us: f64,
    /// 99 % take no longer.
    pub p99_us: f64,
    /// Rows that were timed.
    pub rows: usize,
}

/// Both on a part of the tickets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComparedGroup {
    /// `task_type` or `risk_band`.
    pub by: String,
    /// The type or band.
    pub value: String,
    /// Its tickets.
    pub count: usize,
    /// The metric that decides, of the first version.
    pub first: Option<f64>,
    /// The same of the second.
    pub second: Option<f64>,
    /// Positive where the second is better; its confidence allows for the number of groups. `None` for fewer than 30
    /// tickets.
    pub difference: Option<Difference>,
}

/// What to do with the second version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Advice {
    /// The second is better.
    Promote,
    /// The first is better, or the second may not serve.
    Keep,
    /// The evidence does not say.
    Undecided,
}

/// Advice and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recommendation {
    /// What to do.
    pub advice: Advice,
    /// Why, without a full stop.
    pub reason: String,
}
