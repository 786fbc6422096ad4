//! Using a registered model on the rows of a table of its own columns.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::predict::{PredictedRows, ReportedColumn, RowsWanted};
use super::{Document, Request, StreamingRequest};
use crate::formats::Rounds;
use crate::kinds::PredictedValue;
use crate::lifecycle::{ModelRef, VersionId};

/// Which model to use on which rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PredictTableRequest {
    /// The version, whichever tool made it.
    pub model: ModelRef,
    /// The table, `-` for standard input: CSV, Parquet, JSON lines, or a document as MLflow's servers take it.
    pub table: String,
    /// The probability of every class instead of the class alone, as `predict_proba` tells it.
    pub probabilities: bool,
    /// Which rounds answer of a model that stopped early, where its own way is not wanted.
    pub rounds: Option<Rounds>,
    /// Threads that score; 0 for one a core.
    pub threads: usize,
    /// File to write the rows to: `.csv`, `.parquet`, `.jsonl` or `.ndjson`; they go nowhere else then.
    pub out: Option<PathBuf>,
    /// Where the rows go otherwise.
    #[serde(default)]
    pub rows: RowsWanted,
}

/// Answers for every row as the library's own `predict` does.
///
/// Errors: those of the registry and of reading the model and the table; [`crate::error::ErrorKind::Usage`] where
/// the table lacks a column; [`crate::error::ErrorKind::BadInput`] for a cell that is no number;
/// [`crate::error::ErrorKind::NotEnoughData`] for a table without rows.
impl Request for PredictTableRequest {
    type Report = PredictTableReport;
    const NAME: &'static str = "ml.predict.table";
}

impl StreamingRequest for PredictTableRequest {
    type Event = PredictedRows<TableRow>;
}

/// What was predicted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PredictTableReport {
    /// The model.
    pub model_name: String,
    /// Its version.
    pub model_version: u32,
    /// Why this version was taken, such as `the version in Production`.
    pub chosen_as: String,
    /// Rounds of boosting, and how many of them answer, in words; `None` where the file notes none.
    pub rounds_summary: Option<String>,
    /// Rows of the table.
    pub row_count: u64,
    /// What a row holds, in this order.
    pub columns: Vec<ReportedColumn>,
    /// The file that was written.
    pub file: Option<PathBuf>,
    /// The rows, where they are wanted here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<TableRow>>,
    /// What is to be told beside the predictions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl PredictTableReport {
    /// The version that predicted.
    pub fn version(&self) -> VersionId {
        VersionId::new(self.model_name.as_str(), self.model_version)
    }
}

impl Document for PredictTableReport {
    const SCHEMA: &'static str = "hivectl.ml.predict.table/v1";
}

/// What a model says of one row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableRow {
    /// Its number in the table, from 1, without headers.
    pub row: u64,
    /// By the name of the column.
    #[serde(flatten)]
    pub values: BTreeMap<String, PredictedValue>,
}
