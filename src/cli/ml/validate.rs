//! `hivectl ml validate`.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::judged::JudgeArgs;
use super::labels::LabelOrColumnArgs;
use super::rounds::RoundsArgs;
use super::tickets::AgeArgs;
use crate::api::validate::{
    CheckResult, ValidateFilesReport, ValidateFilesRequest, ValidateReport, ValidateRequest, ValidateTableReport, ValidateTableRequest,
    ValidatedFile,
};
use crate::api::{CheckState, Document as _, Judging};
use crate::base::{Hint, commands};
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::cli::view::models::standing;
use crate::cli::view::table::{Column, table};
use crate::cli::view::{Screen, View, age};
use crate::cli::{complete, sanitize};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::ModelRef;

/// Check the versions in service: files, features, stages, age, and quality on recent tickets
///
/// Compares files with their digests, reads the trees, looks for exactly one version in Production, and
/// measures each version on labelled tickets that it has not learned from: against its gate, against what was
/// recorded at training, and whether its intervals hold. A check that could not be made is skipped and ends
/// with exit code 14, never passed. Changes nothing but this: where the metrics of a version were only claimed
/// at `register`, what is measured here is recorded in their place, and counts at its gate (in a protected context with
/// --confirm NAME). With --models-dir it
/// judges files that are not registered, each on its own test data; a file without its partner fails. With --test-data
/// FILE alone a labelled table of the columns that a version looks at judges it, whichever tool made it.
#[derive(Debug, Args)]
pub struct ValidateArgs {
    /// Versions to check: NAME, NAME@7 or NAME#staging [default: every version in Production or Staging]
    #[arg(value_name = "REF", add = complete::references())]
    pub references: Vec<ModelRef>,

    #[command(flatten)]
    pub judged: JudgeArgs<LabelOrColumnArgs>,

    /// Check files, features, stages and age alone
    #[arg(long, conflicts_with = "tickets")]
    pub no_metrics: bool,

    /// Leave claimed metrics as they are
    #[arg(long)]
    pub dry_run: bool,

    #[command(flatten)]
    pub files: FileArgs,

    #[command(flatten)]
    pub age: AgeArgs,

    /// Warn of versions older than this: 60 or 60d for days, 36h
    #[arg(long, alias = "max-age-days", value_name = "TIME", default_value = "30d", value_parser = days)]
    pub max_version_age: f64,
}

/// Days, from a number of them or a length of time.
fn days(word: &str) -> Result<f64, String> {
    match word.parse::<f64>() {
        Ok(days) => Ok(days),
        Err(_) => crate::base::duration::parse(word).map(|length| length.as_secs_f64() / 86_400.0),
    }
}

/// What says something of tickets, or of versions in service, and nothing of a table.
const TICKETS_ALONE: [&str; 12] = [
    "tickets",
    "no_metrics",
    "database",
    "collection",
    "requester_field",
    "executable_field",
    "size_field",
    "window_days",
    "as_of",
    "status",
    "max_ticket_age",
    "max_version_age",
];

/// Tables instead of tickets, and files instead of registered versions.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tables instead of tickets")]
pub struct FileArgs {
    /// Folder with NAME_model.pkl files (or .skops, .onnx, .ubj, .json, .txt) to judge
    #[arg(long, value_name = "DIR", requires = "test_data", conflicts_with_all = ["references", "tickets", "no_metrics"])]
    pub models_dir: Option<PathBuf>,

    /// Table of the columns that the versions look at and of what each row is (CSV, Parquet, JSON lines); with --models-dir
    /// the folder with a NAME_test.csv for each
    #[arg(long, value_name = "FILE|DIR", conflicts_with_all = TICKETS_ALONE)]
    pub test_data: Option<PathBuf>,

    #[command(flatten)]
    pub rounds: RoundsArgs,

    /// Folder to write a report about each into, as JSON and as Markdown
    #[arg(long, value_name = "DIR", requires = "test_data")]
    pub report: Option<PathBuf>,
}

impl VerbArgs for ValidateArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml validate",
        examples: &[
            ("Everything in service, on tickets that no model has seen", "hivectl ml validate --tickets later.ndjson.gz"),
            ("One version, for a script", "hivectl ml validate duration@1 --tickets later.ndjson.gz -o json"),
            ("Files, features, stages and age alone", "hivectl ml validate --no-metrics --max-version-age 60d"),
        ],
        exit_codes: &[3, 4, 7, 9, 10, 11, 13, 14],
        changes: "Records what it measured in the place of claimed metrics. With --dry-run nothing.",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        if self.files.test_data.is_none() {
            self.judged.labels.check_for_tickets()?;
        }
        let judging = self.judged.judging();
        let judging = Judging { tickets: self.age.limit(judging.tickets), ..judging };
        match (&self.files.models_dir, &self.files.test_data) {
            (None, Some(_)) if self.references.is_empty() => {
                Err(Error::new(ErrorKind::Usage, "which versions the table is to judge was not named")
                    .hint(("name them: `", commands::validate_on_table("NAME@VERSION"), "`"))
                    .hint("or give a folder of files that are not registered with `--models-dir DIR`"))
            }
            (None, Some(test_data)) => session.answer(&ValidateTableRequest {
                references: self.references.clone(),
                test_data: test_data.clone(),
                label: self.judged.labels.column(),
                rounds: self.files.rounds.rounds,
                report: self.files.report.clone(),
                judging,
            }),
            (Some(models_dir), Some(test_data)) => session.answer(&ValidateFilesRequest {
                models_dir: models_dir.clone(),
                test_data: test_data.clone(),
                label: self.judged.labels.column(),
                rounds: self.files.rounds.rounds,
                report: self.files.report.clone(),
                judging,
            }),
            _ => session.answer(&ValidateRequest {
                references: self.references.clone(),
                judging,
                with_metrics: !self.no_metrics,
                dry_run: self.dry_run,
                max_age_days: self.max_version_age,
                confirmed_name: session.global.confirm.clone(),
            }),
        }
    }
}

impl View for ValidateReport {
    fn text(&self, screen: &Screen) -> String {
        let mut text = format!("registry  {}\n", sanitize::line(&self.registry));
        let _ = writeln!(text, "tickets   {}", sanitize::line(self.tickets.as_deref().unwrap_or("none")));
        text.push_str(&age::line(self.newest_ticket_age_seconds));
        for model in &self.models {
            let place = standing(model.stage, &model.chosen_as);
            let _ = writeln!(text, "\n{} ({})", sanitize::line(&model.id().to_string()), sanitize::line(place));
            text.push_str(&checks_table(&model.checks, screen));
        }
        text.push('\n');
        text + &tally(self.models.iter().flat_map(|model| &model.checks))
    }

    fn names(&self) -> Vec<String> {
        self.models.iter().map(|model| model.id().to_string()).collect()
    }

    fn warnings(&self) -> Vec<String> {
        let synthetic = self.synthetic.then(|| "the tickets say of themselves that they were made up".into());
        self.notes.iter().cloned().chain(synthetic).collect()
    }

    fn next(&self) -> Vec<Hint> {
        match self.tickets {
            None if self.exit_code() == ErrorKind::NotEnoughData.exit_code() => {
                vec![commands::validate_on_tickets().into(), commands::validate_without_metrics().into()]
            }
            _ => Vec::new(),
        }
    }
}

impl View for ValidateTableReport {
    fn text(&self, screen: &Screen) -> String {
        let places = format!("registry   {}\ntest data  {}\n\n", sanitize::line(&self.registry), self.test_data.display());
        places + &judged_files(&self.models, screen)
    }

    fn names(&self) -> Vec<String> {
        self.models.iter().map(|model| model.name.clone()).collect()
    }
}

/// The checks of each, and how many ended how.
fn judged_files(files: &[ValidatedFile], screen: &Screen) -> String {
    let mut text = String::new();
    for ValidatedFile { name, passed, checks, .. } in files {
        let _ = writeln!(text, "{} ({})", sanitize::line(name), if *passed { "passed" } else { "FAILED" });
        text.push_str(&checks_table(checks, screen));
        text.push('\n');
    }
    text + &tally(files.iter().flat_map(|file| &file.checks))
}

impl View for ValidateFilesReport {
    fn text(&self, screen: &Screen) -> String {
        judged_files(&self.models, screen)
    }

    fn names(&self) -> Vec<String> {
        self.models.iter().map(|file| file.name.clone()).collect()
    }
}

/// Checks for people, one a line.
fn checks_table(checks: &[CheckResult], screen: &Screen) -> String {
    let row = |check: &CheckResult| {
        let state = if check.state == CheckState::Fail { "FAIL" } else { check.state.as_str() };
        vec![check.id.replace('_', " "), state.into(), check.evidence.clone()]
    };
    let rows: Vec<Vec<String>> = checks.iter().map(row).collect();
    table(&[Column::Text("CHECK"), Column::Text("STATE"), Column::Text("EVIDENCE")], &rows, screen)
}

/// How many checks ended how, as the last line.
fn tally<'a>(checks: impl Iterator<Item = &'a CheckResult>) -> String {
    let mut counts = [0usize; 4];
    for check in checks {
        counts[match check.state {
            CheckState::Pass => 0,
            CheckState::Warn => 1,
            CheckState::Fail => 2,
            CheckState::Skipped => 3,
        }] += 1;
    }
    let [passed, warned, failed, skipped] = counts;
    format!("{passed} passed, {warned} warned, {failed} failed, {skipped} skipped\n")
}
