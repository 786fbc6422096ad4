//! Baselines: what later tickets are compared with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Document, Judging, Request, Timestamp};
use crate::lifecycle::ModelRef;

pub use crate::drift::baseline::{FEWEST_DAYS, VariableSummary};

/// Make a baseline of a version from tickets and keep it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SaveBaselineRequest {
    /// The version.
    pub reference: ModelRef,
    /// The tickets: `window_days` (35 where it is `None`) and `as_of` count over `completed_at`.
    pub judging: Judging,
    /// Write it also beside the tickets, where the running system reads it; settings may ask for that too.
    pub beside_tickets: bool,
}

/// Makes a baseline of a version from tickets, and keeps it as the one that checks compare with.
///
/// Errors: [`crate::error::ErrorKind::NotEnoughData`] without a ticket in the window.
impl Request for SaveBaselineRequest {
    type Report = KeptBaseline;
    const NAME: &'static str = "ml.drift.baseline.save";
}

/// List the baselines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListBaselinesRequest {
    /// Of this model; `None` for all models.
    pub name: Option<String>,
}

/// The baselines of one model or of all.
impl Request for ListBaselinesRequest {
    type Report = BaselineList;
    const NAME: &'static str = "ml.drift.baseline.list";
}

/// Show a baseline in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowBaselineRequest {
    /// The version that it belongs to.
    pub reference: ModelRef,
    /// A saved one; `None` for the current one.
    pub number: Option<u32>,
}

/// A baseline in numbers; by default the one that checks of the version compare with.
///
/// Errors: [`crate::error::ErrorKind::NoBaseline`].
impl Request for ShowBaselineRequest {
    type Report = BaselineDetails;
    const NAME: &'static str = "ml.drift.baseline.show";
}

/// Choose the baseline that checks of a version compare with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetBaselineRequest {
    /// The version.
    pub reference: ModelRef,
    /// The number of a saved one, or `training`.
    pub baseline: String,
}

/// Makes a saved baseline, or the one from training, the one that checks of a version compare with.
///
/// Errors: [`crate::error::ErrorKind::Usage`] for a word that is no baseline; [`crate::error::ErrorKind::NoBaseline`].
impl Request for SetBaselineRequest {
    type Report = BaselineInUse;
    const NAME: &'static str = "ml.drift.baseline.set";
}

/// A baseline in a few numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BaselineSummary {
    /// From its first to its last completion.
    pub window: BaselineWindow,
    /// Tickets that it was learned from.
    pub ticket_count: u64,
    /// Those of them that are kept one by one.
    pub kept_ticket_count: usize,
    /// Fingerprint of the features that the version sees.
    pub schema_fingerprint: String,
    /// Error of the version on tickets that it had not learned from; `None` where none can judge it.
    pub error: Option<BaselineError>,
    /// Whether the tickets say of themselves that they were made up.
    pub synthetic: bool,
}

/// The span of a baseline.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BaselineWindow {
    /// First completion.
    pub from: Timestamp,
    /// Last completion.
    pub to: Timestamp,
    /// From the first to the last.
    pub days: f64,
}

/// The error of a version, in ms.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BaselineError {
    /// Mean absolute error.
    pub mae: f64,
    /// Its standard error, over bursts; `None` where it is not finite.
    pub standard_error: Option<f64>,
    /// Tickets that it was measured on.
    pub ticket_count: usize,
}

/// A baseline that was kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptBaseline {
    /// What it is.
    #[serde(flatten)]
    pub summary: BaselineSummary,
    /// The model.
    pub model: String,
    /// The number of the version.
    pub version: u32,
    /// Its own number, unique in the registry.
    pub number: u32,
    /// Digest of its bytes.
    pub sha256: String,
    /// Its size.
    pub size_bytes: u64,
    /// What was written beside the tickets, where that was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub published_baselines: Vec<WrittenBaseline>,
}

impl Document for KeptBaseline {
    const SCHEMA: &'static str = "hivectl.ml.drift.baseline.save/v1";
}

/// A baseline that was written beside the tickets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenBaseline {
    /// The model.
    pub model: String,
    /// The number of the version.
    pub version: u32,
    /// Where it is: `database.collection`.
    pub collection: String,
    /// Its size.
    pub size_bytes: u64,
}

/// The baselines by model, version and number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaselineList {
    /// One a baseline.
    pub items: Vec<ListedBaseline>,
}

impl Document for BaselineList {
    const SCHEMA: &'static str = "hivectl.ml.drift.baseline.list/v1";
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedBaseline {
    /// The model.
    pub model: String,
    /// The number of the version.
    pub version: u32,
    /// Its own number; `None` for the one from training.
    pub number: Option<u32>,
    /// Whether training made it.
    pub from_training: bool,
    /// Whether checks of the version compare with it.
    pub is_current: bool,
    /// When it was kept.
    pub made_at: Timestamp,
    /// Its size.
    pub size_bytes: u64,
    /// `user@host`; `None` for the one from training.
    pub by: Option<String>,
    /// Why, where that was said.
    pub reason: Option<String>,
}

/// A baseline in numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BaselineDetails {
    /// What it is.
    #[serde(flatten)]
    pub summary: BaselineSummary,
    /// The model.
    pub model: String,
    /// The number of the version.
    pub version: u32,
    /// `training of NAME@7` or `saved baseline 3 of NAME@7`.
    pub origin: String,
    /// Every feature and `duration_ms`, over all tickets.
    pub variables: BTreeMap<String, VariableSummary>,
    /// Kept tickets by hour of the week.
    pub calendar_cells: Vec<u64>,
    /// Kept tickets by slice.
    pub slices: BaselineSlices,
    /// Groups of alike tickets, the largest first.
    pub workloads: Vec<WorkloadShare>,
}

impl Document for BaselineDetails {
    const SCHEMA: &'static str = "hivectl.ml.drift.baseline.show/v1";
}

/// Kept tickets by slice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BaselineSlices {
    /// How many of each type.
    pub task_type: BTreeMap<String, u64>,
    /// How many of each band.
    pub risk_band: BTreeMap<String, u64>,
    /// How many requesters there are.
    pub requester_count: usize,
    /// Share of each group of alike tickets, by its name.
    pub workload: BTreeMap<String, f64>,
}

/// A group of alike tickets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkloadShare {
    /// What is special about it.
    pub name: String,
    /// Its share of the tickets, 0–1.
    pub share: f64,
}

/// The baseline that checks of a version compare with from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaselineInUse {
    /// The model.
    pub model: String,
    /// The number of the version.
    pub version: u32,
    /// The number of a saved one; `None` for the one from training.
    pub number: Option<u32>,
}

impl Document for BaselineInUse {
    const SCHEMA: &'static str = "hivectl.ml.drift.baseline.set/v1";
}
