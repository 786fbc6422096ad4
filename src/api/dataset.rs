//! Tables of tickets: made up ones, and the matrix that models see.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::models::FeatureList;
use super::{Document, Request, Tickets, Timestamp};
use crate::lifecycle::ModelRef;
use crate::ticket::TicketStatus;

/// The share of made up tickets that are anomalies, unless another is asked for.
pub const USUAL_ANOMALY_RATIO: f64 = 0.06;

/// Make up tickets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SyntheticDatasetRequest {
    /// Number of tickets.
    pub rows: u64,
    /// The same numbers give the same file.
    pub seed: u64,
    /// Share of tickets that are anomalies, 0–1.
    pub anomaly_ratio: f64,
    /// How far mix, estimates and durations have moved, 0–1.
    pub drift: f64,
    /// Moment of the first ticket.
    pub start: Timestamp,
    /// Days over which the tickets are spread.
    pub days: u32,
    /// The file; its name says the form.
    pub file: PathBuf,
}

/// Makes up tickets, and writes them into one file.
impl Request for SyntheticDatasetRequest {
    type Report = SyntheticDatasetReport;
    const NAME: &'static str = "ml.dataset.synthetic";
}

/// What was made up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyntheticDatasetReport {
    /// The file.
    pub file: PathBuf,
    /// Number of tickets.
    pub tickets: u64,
    /// The seed.
    pub seed: u64,
    /// Always `true`.
    pub synthetic: bool,
}

impl Document for SyntheticDatasetReport {
    const SCHEMA: &'static str = "hivectl.ml.dataset.synthetic/v1";
}

/// Write the matrix that training sees, or that a model's predictions see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeatureMatrixRequest {
    /// Where the tickets come from.
    pub tickets: Tickets,
    /// Name of the table of features.
    pub features: String,
    /// The model whose features are written, in place of those of a training.
    pub model: Option<ModelRef>,
    /// Days of tickets, counted back from `as_of` over `created_at`; `None` is what the settings say.
    pub window_days: Option<f64>,
    /// The moment to look from; `None` is the newest `created_at`.
    pub as_of: Option<Timestamp>,
    /// Statuses whose tickets teach.
    pub statuses: Vec<TicketStatus>,
    /// The Parquet file.
    pub file: PathBuf,
}

/// Writes the matrix that training sees, or that a model's predictions see, into one file.
impl Request for FeatureMatrixRequest {
    type Report = FeatureMatrixReport;
    const NAME: &'static str = "ml.dataset.features";
}

/// A matrix that was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeatureMatrixReport {
    /// The file.
    pub file: PathBuf,
    /// Its rows, one a ticket.
    pub rows: usize,
    /// Its columns.
    pub schema: FeatureList,
    /// The tickets that were read, in a sentence.
    pub tickets: String,
}

impl Document for FeatureMatrixReport {
    const SCHEMA: &'static str = "hivectl.ml.dataset.features/v1";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_read_back_as_they_were() {
        let made = SyntheticDatasetReport { file: "t.parquet".into(), tickets: 4, seed: 1, synthetic: true };
        let text = serde_json::to_string(&made).expect("text");
        assert_eq!(serde_json::from_str::<SyntheticDatasetReport>(&text).expect("a report"), made);
        let schema = FeatureList { name: "reference".into(), fingerprint: "ab".into(), features: vec!["hour".into()] };
        let written = FeatureMatrixReport { file: "m.parquet".into(), rows: 4, schema, tickets: "4 read".into() };
        let text = serde_json::to_string(&written).expect("text");
        assert_eq!(serde_json::from_str::<FeatureMatrixReport>(&text).expect("a report"), written);
    }
}
