//! Whether what serves is still sound: every check on every version, each with its evidence.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{CheckState, Document, Judging, Request};
use crate::formats::Rounds;
use crate::lifecycle::{Gate, ModelRef, Stage, VersionId};
use crate::statistics::ClassScores;

/// Which versions to check, and by which tickets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValidateRequest {
    /// Empty for every version in Production or Staging.
    pub references: Vec<ModelRef>,
    /// The tickets that judge; none where no flag and no setting names a place.
    pub judging: Judging,
    /// Whether quality is checked at all.
    pub with_metrics: bool,
    /// Leave claimed metrics as they are.
    pub dry_run: bool,
    /// Warn of versions older than this; above 0.
    pub max_age_days: f64,
    /// The name that was repeated as a confirmation: a model's, or the context's. What was measured takes the place of what
    /// was claimed in a protected context only with it.
    pub confirmed_name: Option<String>,
}

/// Checks every version that was named, or everything that is live. What it measures of a version whose metrics are
/// claimed is recorded with the version; in a protected context only with a confirmed name. Without it the checks are made
/// all the same, because a look at what serves must not need one.
///
/// Errors: [`crate::error::ErrorKind::ModelNotFound`] when nothing is live; [`crate::error::ErrorKind::Usage`] for an age that is
/// no number above 0; those of reading tickets. What is wrong with a version is no error but a check that failed.
impl Request for ValidateRequest {
    type Report = ValidateReport;
    const NAME: &'static str = "ml.validate";

    fn is_recorded(&self) -> bool {
        !self.dry_run
    }

    fn exit_code(report: &Self::Report) -> u8 {
        report.exit_code()
    }
}

/// Which model files to judge that are not registered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValidateFilesRequest {
    /// Folder with `NAME_model.pkl` files (or `.skops`, `.onnx`, `.ubj`, `.json`, `.txt`).
    pub models_dir: PathBuf,
    /// Folder with a `NAME_test.csv` for each.
    pub test_data: PathBuf,
    /// The column that says what each row is.
    pub label: String,
    /// Which rounds answer of a model that stopped early, where its own way is not wanted.
    pub rounds: Option<Rounds>,
    /// Folder to write a report about each into.
    pub report: Option<PathBuf>,
    /// The gates and threads.
    pub judging: Judging,
}

/// Judges model files that are not registered, each on its own test data.
///
/// Errors: those of reading the folders and of writing reports. What is wrong with a file is no error but a check that
/// failed.
impl Request for ValidateFilesRequest {
    type Report = ValidateFilesReport;
    const NAME: &'static str = "ml.validate.files";

    fn is_recorded(&self) -> bool {
        true
    }

    fn exit_code(report: &Self::Report) -> u8 {
        report.exit_code()
    }
}

/// Which registered versions to judge on a table of their own columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValidateTableRequest {
    /// At least one.
    pub references: Vec<ModelRef>,
    /// The table: CSV, Parquet, JSON lines, or a document as MLflow's servers take it.
    pub test_data: PathBuf,
    /// The column that says what each row is.
    pub label: String,
    /// Which rounds answer of a model that stopped early, where its own way is not wanted.
    pub rounds: Option<Rounds>,
    /// Folder to write a report about each into.
    pub report: Option<PathBuf>,
    /// The gates and threads.
    pub judging: Judging,
}

/// Judges registered versions, whichever tool made them, on the rows of one table.
///
/// Errors: those of finding the versions and of writing reports. What is wrong with a version or with the table is no error
/// but a check that failed.
impl Request for ValidateTableRequest {
    type Report = ValidateTableReport;
    const NAME: &'static str = "ml.validate.table";

    fn is_recorded(&self) -> bool {
        true
    }

    fn exit_code(report: &Self::Report) -> u8 {
        report.exit_code()
    }
}

/// The versions that were judged on a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValidateTableReport {
    /// A path or a URL without secrets.
    pub registry: String,
    /// The table.
    pub test_data: PathBuf,
    /// One a version; the model is its file within the package.
    pub models: Vec<ValidatedFile>,
    /// What the worst check means.
    #[serde(default, skip_serializing_if = "is_success")]
    pub exit_code: u8,
}

impl Document for ValidateTableReport {
    const SCHEMA: &'static str = "hivectl.ml.validate.table/v1";

    /// The code of the worst check.
    fn exit_code(&self) -> u8 {
        self.exit_code
    }
}

/// What was looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValidateReport {
    /// A path or a URL without secrets.
    pub registry: String,
    /// The tickets in one line; `None` without tickets.
    pub tickets: Option<String>,
    /// Age of the newest ticket that could be used, at `as_of` or now; null without one.
    #[serde(default)]
    pub newest_ticket_age_seconds: Option<u64>,
    /// Whether the tickets say of themselves that they were made up.
    pub synthetic: bool,
    /// One a version.
    pub models: Vec<ValidatedVersion>,
    /// What is to be told beside the checks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What the worst check means.
    #[serde(default, skip_serializing_if = "is_success")]
    pub exit_code: u8,
}

impl Document for ValidateReport {
    const SCHEMA: &'static str = "hivectl.ml.validate/v1";

    /// The code of the worst check: a broken invariant before a failed gate before missing data.
    fn exit_code(&self) -> u8 {
        self.exit_code
    }
}

fn is_success(exit_code: &u8) -> bool {
    *exit_code == 0
}

/// One version and its checks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValidatedVersion {
    /// The model.
    pub name: String,
    /// Its number.
    pub version: u32,
    /// Where it is in its life.
    pub stage: Stage,
    /// Why this version was taken, such as `in Production`.
    pub chosen_as: String,
    /// In the order in which they were made.
    pub checks: Vec<CheckResult>,
}

impl ValidatedVersion {
    /// Its model and number.
    pub fn id(&self) -> VersionId {
        VersionId::new(self.name.as_str(), self.version)
    }
}

/// One look at one version or file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckResult {
    /// A word for scripts: `digest`, `schema`, `one_production`, `staleness`, `gate`, `recorded_metrics`, `calibration`,
    /// `interval_coverage`, `latency`, `service_latency`, `claimed_metrics`; of files `pair`, `model`, `labels`, `gate`, `classes`, `test_data`.
    pub id: String,
    /// How it ended.
    pub state: CheckState,
    /// What was found, with its numbers.
    pub evidence: String,
    /// The numbers behind it, finite.
    pub numbers: BTreeMap<String, f64>,
}

/// The model files that were looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValidateFilesReport {
    /// The folder with the models.
    pub models_dir: PathBuf,
    /// The folder with the test data.
    pub test_data: PathBuf,
    /// One a file.
    pub models: Vec<ValidatedFile>,
    /// What the worst check means.
    #[serde(default, skip_serializing_if = "is_success")]
    pub exit_code: u8,
}

impl Document for ValidateFilesReport {
    const SCHEMA: &'static str = "hivectl.ml.validate.files/v1";

    /// The code of the worst check.
    fn exit_code(&self) -> u8 {
        self.exit_code
    }
}

/// One model file and how it did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValidatedFile {
    /// What model and test data are both called.
    pub name: String,
    /// The model file; `None` where there is only test data.
    pub model: Option<PathBuf>,
    /// The test data; `None` where there is only a model.
    pub test_data: Option<PathBuf>,
    /// What its trees answer; `None` where the model could not be read.
    pub kind: Option<String>,
    /// SHA-256 of the model file, lower-case hexadecimal.
    pub sha256: Option<String>,
    /// Labelled rows.
    pub row_count: usize,
    /// By the names of the field.
    pub metrics: BTreeMap<String, f64>,
    /// How they pass.
    pub gate: Option<Gate>,
    /// Each class of a classifier.
    pub classes: Option<Vec<ClassScores>>,
    /// Rows of a classifier by true class (outer) and predicted class (inner), in the order of `classes`.
    pub confusion_matrix: Option<Vec<Vec<u64>>>,
    /// Whether every check was made and none failed.
    pub passed: bool,
    /// In the order in which they were made.
    pub checks: Vec<CheckResult>,
}
