//! `hivectl ml validate`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::judged::JudgeArgs;
use super::train::policy;
use crate::base::write_whole;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::VerbSpec;
use crate::cli::view;
use crate::config::Settings;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::ModelRef;
use crate::ops::validate::{self, ValidateRequest};

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
    #[arg(value_name = "REF")]
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
        if let (Some(models), Some(tests)) = (&self.files.models_dir, &self.files.test_data) {
            return self.judge_files(session, models, tests);
        }
        if !(self.max_age_days.is_finite() && self.max_age_days > 0.0) {
            return Err(Error::new(ErrorKind::Usage, format!("--max-age-days is {}, expected a number above 0", self.max_age_days)));
        }
        let mut flags = session.flags();
        self.judged.note(&mut flags);
        let settings = session.settings(&flags)?;
        let registry = session.registry(&settings)?;
        let request = ValidateRequest {
            references: self.references.clone(),
            policy: policy(session.kinds(), &settings)?,
            max_age_days: self.max_age_days,
            now_ms: jiff::Timestamp::now().as_millisecond(),
            with_metrics: !self.no_metrics,
            unrecorded: self.unrecorded(session, &settings),
            reason: session.global.reason.clone(),
        };
        let judging = self.judged.request(&settings)?;
        let tickets = if self.no_metrics { None } else { self.judged.tickets(&settings)? };
        let tickets = tickets.as_deref().map(|source| (&judging, source));
        Ok(view::validate::report(validate::run(&registry, session.kinds(), &request, tickets, &session.progress())?))
    }

    /// Why nothing is recorded. In a protected context that wants a name; without it the checks are made all the same,
    /// because a look at what serves must not need one.
    fn unrecorded(&self, session: &Session<'_>, settings: &Settings) -> Option<&'static str> {
        let named = |given: &String| settings.context.as_ref() == Some(given) || self.references.iter().any(|one| one.name == *given);
        match (self.dry_run, settings.protected()) {
            (true, _) => Some("--dry-run"),
            (false, true) if !session.global.confirm.as_ref().is_some_and(named) => {
                Some("the context is protected, add `--confirm NAME` with the model's name")
            }
            (false, _) => None,
        }
    }

    fn judge_files(&self, session: &Session<'_>, models: &Path, tests: &Path) -> Result<Report> {
        let mut flags = session.flags();
        self.judged.note(&mut flags);
        let settings = session.settings(&flags)?;
        let judged = validate::files::run(models, tests, &policy(session.kinds(), &settings)?, crate::ops::threads(self.judged.threads))?;
        if let Some(folder) = &self.files.report {
            std::fs::create_dir_all(folder).map_err(|error| Error::file("make the folder", folder, &error))?;
            let at = jiff::Timestamp::now().to_string();
            for file in &judged.files {
                let path = |ending: &str| folder.join(format!("{}_validation_report.{ending}", file.name));
                let document = view::validated_files::as_json(file, &at);
                write_whole(&path("json"), format!("{document:#}\n").as_bytes())?;
                write_whole(&path("md"), view::validated_files::as_markdown(file, &at).as_bytes())?;
            }
            session.printer.note(&format!("wrote {} reports to {}", 2 * judged.files.len(), folder.display()));
        }
        Ok(view::validated_files::report(judged))
    }
}
