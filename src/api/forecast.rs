//! How much load comes, and how sure that is.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};

use super::{Document, Request, Tickets, TimeWindow, Timestamp};
use crate::forecast::{ForecastErrors, Measure};

/// What makes groups of tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Display, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Grouping {
    /// What is to be done.
    TaskType,
    /// How risky it is.
    RiskBand,
    /// Who asked for it.
    Requester,
}

impl Grouping {
    /// Every one.
    pub const ALL: [Grouping; 3] = [Grouping::TaskType, Grouping::RiskBand, Grouping::Requester];
}

/// How queues are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Display, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum QueueMethod {
    /// Waiting and running tickets, and the mean of the ten newest completions.
    #[default]
    Usual,
    /// As the running system counts: pending tickets alone, the oldest ten of the newest fifty completions, a second where none
    /// is known, a minute at most.
    Reference,
}

impl QueueMethod {
    /// Every one.
    pub const ALL: [QueueMethod; 2] = [QueueMethod::Usual, QueueMethod::Reference];
}

/// What to forecast.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForecastRequest {
    /// Where tickets come from.
    pub tickets: Tickets,
    /// A table with a time and a value a row, instead of tickets.
    pub values: Option<ValuesTable>,
    /// Forecast with this model instead of one that is chosen now: one of Prophet's, a file, a folder or a version of the registry,
    /// or a version that was trained here.
    pub model: Option<String>,
    /// Table of what such a model needs to know of each moment that it forecasts.
    pub regressors: Option<String>,
    /// What of tickets is counted; `None` for arrivals, or what the model counts.
    pub measure: Option<Measure>,
    /// Forecast each group of tickets as well, beside the whole.
    #[serde(default)]
    pub by: Option<Grouping>,
    /// Time zone by whose clocks days and weeks repeat and buckets of a day begin, such as `America/Sao_Paulo`; `None` for UTC.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// Length of a bucket; `None` for five minutes up to six hours ahead and an hour beyond, or that of the model.
    pub bucket: Option<Duration>,
    /// How far ahead; `None` for a day, or as far as the model looks.
    pub horizon: Option<Duration>,
    /// How far to look back from `as_of`; `None` for 90 days, or as far as the model looked.
    pub window: Option<Duration>,
    /// The moment from which to forecast. `None` is now for a server, and the newest moment for files.
    pub as_of: Option<Timestamp>,
    /// Spans in which nothing counts as known, such as outages of the source; the end does not belong to one.
    #[serde(default)]
    pub exclude: Vec<TimeWindow>,
    /// Tell how probable it is that a bucket is above this.
    pub above: Option<f64>,
    /// Moments of the past at which forecasts are tried; `None` for 60.
    pub origins: Option<u32>,
    /// Threads that try them; 0 for one a core.
    pub threads: usize,
    /// File to write the buckets to as well: `.csv`, `.parquet`, `.jsonl` or `.ndjson`.
    pub out: Option<PathBuf>,
}

/// A table with a time and a value a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValuesTable {
    /// CSV, Parquet or JSON lines; `-` for standard input.
    pub path: String,
    /// Column of times; `None` for one that is called as such columns are.
    pub time_column: Option<String>,
    /// Column of values, in the same way.
    pub value_column: Option<String>,
}

/// Forecasts from what the tickets or the table say, with errors and intervals from forecasts of the past.
///
/// Errors: those of reading tickets and tables; [`crate::error::ErrorKind::Usage`] for a bucket or horizon out of range and a
/// column that is not there; [`crate::error::ErrorKind::BadInput`] for a row that says no time or no value;
/// [`crate::error::ErrorKind::NotEnoughData`] where the history is too short or never changes.
impl Request for ForecastRequest {
    type Report = ForecastReport;
    const NAME: &'static str = "ml.forecast";
}

/// What comes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForecastReport {
    /// What is forecast, such as `arrivals`, or the column of the table.
    pub series: String,
    /// What a value counts.
    pub unit: String,
    /// Length of a bucket in seconds.
    pub bucket_seconds: u64,
    /// By whose clocks days and weeks repeat; `None` for UTC. Moments are in UTC all the same.
    pub time_zone: Option<String>,
    /// From when on everything is forecast: the beginning of the first bucket.
    pub as_of: Timestamp,
    /// From the first bucket of the history to the end of the last.
    pub window: TimeWindow,
    /// Buckets of the history with a value.
    pub known_buckets: u64,
    /// Tickets or rows that counted.
    pub counted: u64,
    /// The same in words, with what was left out.
    pub input_summary: String,
    /// Candidates with their share of the forecast in percent, in words.
    pub model: String,
    /// The expected value of each bucket, as the running system's clients read them.
    pub forecast: Vec<f64>,
    /// When each bucket begins.
    pub timestamps: Vec<Timestamp>,
    /// Lower bounds of the 80 % interval.
    pub lower: Vec<f64>,
    /// Upper bounds of the 80 % interval.
    pub upper: Vec<f64>,
    /// The same, a bucket an item.
    pub items: Vec<ForecastBucket>,
    /// The highest bucket.
    pub highest: ForecastBucket,
    /// The limit that was asked about.
    pub above: Option<f64>,
    /// How far forecasts of the past were off, at moments that chose nothing; `None` for a model of a file, which was not tried.
    pub errors: Option<ForecastErrors>,
    /// Percent by which the error is smaller than the better simple rule's; `None` where that rule makes none.
    pub skill_pct: Option<f64>,
    /// The better of the simple rules.
    pub simple_rule: Option<String>,
    /// How each candidate did at the same moments.
    pub candidates: Vec<CandidateRow>,
    /// Moments that chose, and moments that judged.
    pub origins: [u64; 2],
    /// What makes the groups.
    pub by: Option<Grouping>,
    /// Each group by itself, the one with the most tickets first; empty where none were asked for.
    pub groups: Vec<ForecastGroup>,
    /// The last buckets of the history, for a chart; `None` where nothing was recorded.
    pub history: Vec<Option<f64>>,
    /// What should be known beside it.
    pub notes: Vec<String>,
}

impl Document for ForecastReport {
    const SCHEMA: &'static str = "hivectl.ml.forecast/v1";
}

/// What one bucket will hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForecastBucket {
    /// When it begins.
    pub time: Timestamp,
    /// Expected.
    pub value: f64,
    /// Bounds of the 80 % interval.
    pub lower: f64,
    /// Its upper bound.
    pub upper: f64,
    /// Bounds of the 95 % interval.
    pub lower_95: f64,
    /// Its upper bound.
    pub upper_95: f64,
    /// How probable it is that the value is above the limit that was asked about, 0 to 1.
    pub probability_above: Option<f64>,
    /// The trend, of a model that has one.
    pub trend: Option<f64>,
    /// What it adds to the trend.
    pub additive: Option<f64>,
    /// The share of the trend that it adds besides.
    pub multiplicative: Option<f64>,
}

/// What one group of the tickets will bring.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForecastGroup {
    /// Its word; `(none)` for tickets that do not say it, `(N others)` for the groups beyond the largest, together.
    pub name: String,
    /// Tickets that counted.
    pub counted: u64,
    /// Of all that counted, percent.
    pub share_pct: f64,
    /// Why it is not forecast, such as a history that is too short; `None` where it is.
    pub not_forecast: Option<String>,
    /// Sum of the expected values.
    pub total: Option<f64>,
    /// The highest bucket.
    pub highest: Option<ForecastBucket>,
    /// How far forecasts of the past were off.
    pub errors: Option<ForecastErrors>,
    /// Percent by which the error is smaller than the better simple rule's.
    pub skill_pct: Option<f64>,
    /// The buckets; empty where it is not forecast.
    pub items: Vec<ForecastBucket>,
}

/// How long tickets wait now, worker by worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueueRequest {
    /// Where tickets come from.
    pub tickets: Tickets,
    /// This worker alone.
    pub worker: Option<String>,
    /// Dotted path of the field that names the worker of a ticket; `None` for `allocated_worker_id`.
    pub worker_field: Option<String>,
    /// The moment that is told. `None` is now for a server, and the newest moment for files.
    pub as_of: Option<Timestamp>,
    /// How far back completions say how long a ticket takes; `None` for an hour.
    pub window: Option<Duration>,
    /// Tickets in a queue at which a worker is wholly loaded; `None` for 10.
    pub capacity: Option<u32>,
    /// By which rule.
    pub method: QueueMethod,
}

/// Errors: those of reading tickets; [`crate::error::ErrorKind::NotEnoughData`] without a ticket, and where those of a running
/// system are too old; [`crate::error::ErrorKind::ModelNotFound`] for a worker that no ticket names.
impl Request for QueueRequest {
    type Report = QueueReport;
    const NAME: &'static str = "ml.queue";
}

/// The queues of the workers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueueReport {
    /// The moment that is told.
    pub as_of: Timestamp,
    /// From when on completions count.
    pub since: Timestamp,
    /// By which rule.
    pub method: QueueMethod,
    /// Tickets at which a worker is wholly loaded.
    pub capacity: u32,
    /// What was read, in words.
    pub input_summary: String,
    /// A worker an item, the longest queue first.
    pub items: Vec<QueueItem>,
    /// What should be known beside it.
    pub notes: Vec<String>,
}

impl Document for QueueReport {
    const SCHEMA: &'static str = "hivectl.ml.queue/v1";
}

/// The queue of one worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueueItem {
    /// Its name; `(none)` for tickets that were given to nobody.
    pub worker: String,
    /// Tickets that wait or run.
    pub queue_depth: u64,
    /// Of these, those that run.
    pub running: u64,
    /// Completions that say how long a ticket takes.
    pub completions: u64,
    /// Their mean duration; `None` without one.
    pub mean_duration_ms: Option<f64>,
    /// How long a new ticket waits: depth times that mean; `None` where no completion says it.
    pub queue_ms: Option<f64>,
    /// Depth over the capacity, 0 to 1.
    pub load: f64,
}

/// How one candidate did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CandidateRow {
    /// Its word.
    pub name: String,
    /// Mean absolute error, in the unit of the series.
    pub mae: f64,
    /// Its share of the forecast, percent.
    pub share_pct: f64,
}
