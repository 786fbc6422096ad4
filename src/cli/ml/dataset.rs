//! `hivectl ml dataset`.

use std::path::PathBuf;

use clap::Args;

use super::tickets::TicketArgs;
use crate::api::Timestamp;
use crate::api::dataset::{
    FeatureMatrixReport, FeatureMatrixRequest, SyntheticDatasetReport, SyntheticDatasetRequest, USUAL_ANOMALY_RATIO,
};
use crate::base::{Hint, commands};
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec, group};
use crate::cli::view;
use crate::cli::view::number::count;
use crate::cli::view::{Screen, View};
use crate::error::Result;
use crate::lifecycle::ModelRef;

group! {
    /// Make tickets and the tables that models see
    pub enum DatasetCommand {
        Synthetic(SyntheticArgs),
        Features(FeaturesArgs),
    }
}

/// Make up tickets to try things on
///
/// The same numbers give the same file. Each ticket carries a mark that reaches the models it teaches,
/// and such a model never goes into Production on a server by itself. Writes one file.
#[derive(Debug, Args)]
pub struct SyntheticArgs {
    /// Number of tickets
    #[arg(long, value_name = "COUNT")]
    pub rows: u64,

    /// Where chance begins
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    pub seed: u64,

    /// Share of tickets that are anomalies
    #[arg(long, default_value_t = USUAL_ANOMALY_RATIO, value_name = "RATIO", value_parser = ratio)]
    pub anomaly_ratio: f64,

    /// How far mix, estimates and durations have moved, from 0 to 1
    #[arg(long, default_value_t = 0.0, value_name = "RATIO", value_parser = ratio)]
    pub drift: f64,

    /// Moment of the first ticket
    #[arg(long, default_value = "2026-01-01", value_name = "TIME", value_parser = view::time::parse)]
    pub start: i64,

    /// Days over which the tickets are spread
    #[arg(long, default_value_t = 30, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub days: u32,

    /// File to write: .ndjson or .parquet, and .gz or .zst behind .ndjson
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Write the matrix that training sees
///
/// One row a labelled ticket of the window, in the order of creation, with what was known at that
/// moment; actual_duration_ms is the target. With --model: the features that the model's predictions
/// see. Writes one Parquet file.
#[derive(Debug, Args)]
pub struct FeaturesArgs {
    #[command(flatten)]
    pub source: TicketArgs,

    /// Table of features
    #[arg(long, value_parser = super::train::features_parser(), default_value = "reference", conflicts_with = "model")]
    pub features: String,

    /// Registered model whose features to write
    #[arg(long, value_name = "REF")]
    pub model: Option<ModelRef>,

    /// Days of tickets to use, counted back from --as-of over created_at [default: 30]
    #[arg(long, value_name = "DAYS", conflicts_with = "model")]
    pub window_days: Option<f64>,

    /// The moment to look from [default: the newest created_at]
    #[arg(long, value_name = "TIME", value_parser = view::time::parse, conflicts_with = "model")]
    pub as_of: Option<i64>,

    /// Statuses whose tickets teach
    #[arg(long, value_delimiter = ',', default_value = "completed", value_parser = super::labels::status)]
    pub status: Vec<crate::api::words::TicketStatus>,

    /// Parquet file to write
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

fn ratio(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(ratio) if (0.0..=1.0).contains(&ratio) => Ok(ratio),
        _ => Err(format!("'{text}' is no ratio from 0 to 1")),
    }
}

impl VerbArgs for SyntheticArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml dataset synthetic",
        examples: &[
            ("Four thousand made-up tickets to try things on", "hivectl ml dataset synthetic --rows 4000 --seed 7 --out tickets.parquet"),
            (
                "A later week, to judge models on",
                "hivectl ml dataset synthetic --rows 1000 --start 2026-02-01 --days 7 --out later.ndjson.gz",
            ),
            ("A week that drifted", "hivectl ml dataset synthetic --rows 500 --days 7 --drift 0.8 --out drifted.ndjson.zst"),
        ],
        exit_codes: &[9, 10, 11],
        changes: "Nothing in the registry; it writes the file that --out names.",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        let request = SyntheticDatasetRequest {
            rows: self.rows,
            seed: self.seed,
            anomaly_ratio: self.anomaly_ratio,
            drift: self.drift,
            start: Timestamp(self.start),
            days: self.days,
            file: self.out.clone(),
        };
        session.answer(&request)
    }
}

impl VerbArgs for FeaturesArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml dataset features",
        examples: &[
            ("The matrix that training sees", "hivectl ml dataset features --tickets tickets.parquet --out matrix.parquet"),
            ("With recency and calendar", "hivectl ml dataset features --tickets tickets.parquet --features extended --out x.parquet"),
            (
                "The matrix that a registered model's predictions see",
                "hivectl ml dataset features --tickets tickets.parquet --model duration --out m.parquet",
            ),
        ],
        exit_codes: &[4, 9, 10, 11, 14],
        changes: "Nothing in the registry; it writes the file that --out names.",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        let request = FeatureMatrixRequest {
            tickets: self.source.tickets(),
            features: self.features.clone(),
            model: self.model.clone(),
            window_days: self.window_days,
            as_of: self.as_of.map(Timestamp),
            statuses: self.status.clone(),
            file: self.out.clone(),
        };
        session.answer(&request)
    }
}

impl View for SyntheticDatasetReport {
    fn text(&self, _: &Screen) -> String {
        format!("wrote {} synthetic tickets to {}\n", count(self.tickets), self.file.display())
    }

    fn next(&self) -> Vec<Hint> {
        vec![commands::train_on(self.file.display()).into()]
    }
}

impl View for FeatureMatrixReport {
    fn text(&self, _: &Screen) -> String {
        let (rows, schema) = (count(self.rows as u64), &self.schema);
        let (features, file) = (schema.features.len(), self.file.display());
        format!("wrote {rows} rows of {features} features ({}) to {file}\ntickets: {}\n", schema.name, self.tickets)
    }
}
