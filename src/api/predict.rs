//! Using a registered model on tickets.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Document, Request, StreamingRequest, Tickets};
use crate::formats::Rounds;
use crate::kinds::{PredictedValue, TypedInstructions, ValueForm};
use crate::lifecycle::{ModelRef, VersionId};

/// Which model to use on which tickets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PredictRequest {
    /// The version.
    pub model: ModelRef,
    /// Where the tickets come from.
    pub tickets: Tickets,
    /// What of fields was typed; the model's own instructions hold otherwise.
    pub typed: TypedInstructions,
    /// Which rounds answer of a model of another tool that stopped early, where its own way is not wanted.
    #[serde(default)]
    pub rounds: Option<Rounds>,
    /// Reasons for every ticket, not only for those that are marked.
    pub explain: bool,
    /// File to write the rows to: `.csv`, `.parquet`, `.jsonl` or `.ndjson`; they go nowhere else then.
    pub out: Option<PathBuf>,
    /// Where the rows go otherwise.
    #[serde(default)]
    pub rows: RowsWanted,
}

/// Uses a model on tickets; the rows go to a file where the request names one, else where it says.
///
/// Errors: those of the registry, of reading tickets and of the listener; [`crate::error::ErrorKind::NotEnoughData`] when no
/// ticket could be used.
impl Request for PredictRequest {
    type Report = PredictReport;
    const NAME: &'static str = "ml.predict";
}

impl StreamingRequest for PredictRequest {
    type Event = PredictedRows;
}

/// Where rows go while they are made; one a ticket, in the order of the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowsWanted {
    /// Into the report, so many at most.
    First(usize),
    /// Into the report, all of them.
    #[default]
    All,
    /// To the listener, some at a time.
    Told,
    /// To the listener, some at a time, as lines of CSV.
    ToldAsCsv,
}

/// Some rows, told while there are more to come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PredictedRows<R = PredictionRow> {
    /// One a ticket or row.
    Rows(Vec<R>),
    /// Whole lines of CSV, one a ticket or row; the first of all holds the headers.
    Csv(String),
}

/// What was predicted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PredictReport {
    /// The model.
    pub model_name: String,
    /// Its version.
    pub model_version: u32,
    /// Why this version was taken, such as `the version in Production`.
    pub chosen_as: String,
    /// Where the tickets went.
    pub samples: PredictedSamples,
    /// The same in words.
    pub ticket_summary: String,
    /// Tickets that the model marks; 0 where it marks none by nature.
    pub anomaly_count: u64,
    /// What a row holds beside the ticket's id, in this order.
    pub columns: Vec<ReportedColumn>,
    /// The file that was written.
    pub file: Option<PathBuf>,
    /// The rows, where they are wanted here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<PredictionRow>>,
    /// What is to be told beside the predictions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl PredictReport {
    /// The version that predicted.
    pub fn version(&self) -> VersionId {
        VersionId::new(self.model_name.as_str(), self.model_version)
    }

    /// Whether a row says if the ticket is marked.
    pub fn marks(&self) -> bool {
        self.columns.iter().any(|column| column.form == ValueForm::Flag)
    }
}

impl Document for PredictReport {
    const SCHEMA: &'static str = "hivectl.ml.predict/v1";
}

/// Where the tickets went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PredictedSamples {
    /// Read.
    pub read: u64,
    /// Used.
    pub predicted: u64,
    /// Not usable, by reason.
    pub refused: BTreeMap<String, u64>,
}

/// One value of every row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedColumn {
    /// Its name in a row, with its unit.
    pub name: String,
    /// The head of a table's column.
    pub heading: String,
    /// How it is shown to people.
    pub form: ValueForm,
}

/// What a model says of one ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PredictionRow {
    /// The ticket.
    pub ticket_id: String,
    /// By the name of the column; `None` in a value where the model does not say.
    #[serde(flatten)]
    pub values: BTreeMap<String, PredictedValue>,
    /// The features that moved the answer most, strongest first; absent where nobody asked and the model marks no tickets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasons: Option<Vec<PredictionReason>>,
    /// The model.
    pub model_name: String,
    /// Its version.
    pub model_version: u32,
}

/// One feature's part in an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PredictionReason {
    /// The feature.
    pub feature: String,
    /// What it was; `None` where it was no finite number.
    pub value: Option<f64>,
    /// In the answer's unit (ms, or edges of the path by which it got shorter).
    pub effect: f64,
}
