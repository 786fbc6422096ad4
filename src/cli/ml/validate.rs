//! `hivectl ml validate`.

use std::path::PathBuf;

use clap::Args;

use super::judged::JudgeArgs;
use crate::api::validate::{ValidateFilesRequest, ValidateRequest};
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::VerbSpec;
use crate::error::Result;
use crate::lifecycle::ModelRef;

/// Check the versions in service: files, features, stages, age, and quality on recent tickets
///
/// Compares files with their digests, reads the trees, looks for exactly one version in Production, and
/// measures each version on labelled tickets that it has not learned from: against its gate, against what was
/// recorded at training, and whether its intervals hold. A check that could not be made is skipped and ends
/// with exit code 14, never passed. Changes nothing but this: where the metrics of a version were only claimed
/// at `register`, what is measured here is recorded in their place, and counts at its gate (in a protected context with
/// --confirm NAME). With --models-dir it
/// judges files that are not registered, each on its own test data; a file without its partner fails.
#[derive(Debug, Args)]
pub struct ValidateArgs {
    /// Versions to check: NAME, NAME@7 or NAME#staging [default: every version in Production or Staging]
    #[arg(value_name = "REF", add = complete::references())]
    pub references: Vec<ModelRef>,

    #[command(flatten)]
    pub judged: JudgeArgs,

    /// Check files, features, stages and age alone
    #[arg(long, conflicts_with = "tickets")]
    pub no_metrics: bool,

    /// Leave claimed metrics as they are
    #[arg(long)]
    pub dry_run: bool,

    #[command(flatten)]
    pub files: FileArgs,

    /// Warn of versions older than this
    #[arg(long, value_name = "DAYS", default_value_t = 30.0)]
    pub max_age_days: f64,
}

pub const SPEC: VerbSpec = VerbSpec {
    words: "ml validate",
    examples: &[
        ("Everything in service, on tickets that no model has seen", "hivectl ml validate --tickets later.ndjson.gz"),
        ("One version, for a script", "hivectl ml validate duration@1 --tickets later.ndjson.gz -o json"),
        ("Files, features, stages and age alone", "hivectl ml validate --no-metrics --max-age-days 60"),
    ],
    exit_codes: &[3, 4, 7, 9, 10, 11, 13, 14],
    changes: "Records what it measured in the place of claimed metrics. With --dry-run nothing.",
    ..VerbSpec::READING
};

/// Files instead of registered versions.
#[derive(Debug, Args)]
#[command(next_help_heading = "Files that are not registered")]
pub struct FileArgs {
    /// Folder with NAME_model.pkl files (or .skops, .onnx, .ubj, .json, .txt) to judge
    #[arg(long, value_name = "DIR", requires = "test_data", conflicts_with_all = ["references", "tickets", "no_metrics"])]
    pub models_dir: Option<PathBuf>,

    /// Folder with a NAME_test.csv for each: its features and the column label
    #[arg(long, value_name = "DIR", requires = "models_dir")]
    pub test_data: Option<PathBuf>,

    /// Folder to write a report about each into, as JSON and as Markdown
    #[arg(long, value_name = "DIR", requires = "models_dir")]
    pub report: Option<PathBuf>,
}

impl ValidateArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let judging = self.judged.judging();
        match (&self.files.models_dir, &self.files.test_data) {
            (Some(models_dir), Some(test_data)) => Report::of(session.operations().validate_files(&ValidateFilesRequest {
                models_dir: models_dir.clone(),
                test_data: test_data.clone(),
                report: self.files.report.clone(),
                judging,
            })?),
            _ => Report::of(session.operations().validate(&ValidateRequest {
                references: self.references.clone(),
                judging,
                with_metrics: !self.no_metrics,
                dry_run: self.dry_run,
                max_age_days: self.max_age_days,
                confirmed_name: session.global.confirm.clone(),
            })?),
        }
    }
}
