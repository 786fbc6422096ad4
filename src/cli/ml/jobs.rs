//! `hivectl ml jobs`.

use std::time::Duration;

use clap::Args;

use crate::api::Timestamp;
use crate::api::jobs::{JobList, JobReport, JobStatus, ListJobsRequest, ShowJobRequest};
use crate::base::{Hint, commands, duration, sanitize};
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec, group};
use crate::cli::view::table::{Column, table};
use crate::cli::view::{Screen, View, time};
use crate::error::Result;

group! {
    /// Tell which trainings and checks ran, and why one failed
    pub enum JobsCommand {
        List(ListJobsArgs),
        Show(ShowJobArgs),
    }
}

/// List trainings and checks, newest last
///
/// Also those that failed or were killed, of the last 90 days (setting job_retention_days). They are kept with the registry;
/// on an MLflow server, and where there is no registry yet, on this machine. Changes nothing.
#[derive(Debug, Args)]
pub struct ListJobsArgs {
    /// Only these: train, retrain, drift, validate or backfill
    #[arg(long, value_name = "JOB")]
    pub job: Option<String>,

    /// Only those that failed, were interrupted or got lost
    #[arg(long)]
    pub failed: bool,

    /// Only those that began since then, such as 7d or 2026-01-31
    #[arg(long, value_name = "TIME", value_parser = time::parse_since)]
    pub since: Option<i64>,
}

impl VerbArgs for ListJobsArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml jobs list",
        examples: &[
            ("Everything that ran", "hivectl ml jobs list"),
            ("What failed in a day", "hivectl ml jobs list --failed --since 24h"),
            ("Trainings, for a script", "hivectl ml jobs list --job train -o json"),
        ],
        exit_codes: &[9, 10, 11],
        has_rows: true,
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&ListJobsRequest { job: self.job.clone(), failed: self.failed, since: self.since.map(Timestamp) })
    }
}

/// Show one training or check: when, by whom, with what, and why it failed
///
/// Without an id the newest. Changes nothing.
#[derive(Debug, Args)]
pub struct ShowJobArgs {
    /// Its id, or the beginning of it; the newest without
    pub id: Option<String>,
}

impl VerbArgs for ShowJobArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml jobs show",
        examples: &[
            ("The newest", "hivectl ml jobs show"),
            ("The same as JSON", "hivectl ml jobs show -o json"),
            ("The same of another registry", "hivectl ml jobs show --registry embedded"),
        ],
        exit_codes: &[4, 9, 10, 11],
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&ShowJobRequest { id: self.id.clone() })
    }
}

impl View for JobList {
    fn text(&self, screen: &Screen) -> String {
        if self.items.is_empty() {
            return format!("no such training or check is recorded for {}\n", sanitize::line(&self.registry));
        }
        const COLUMNS: [Column<'_>; 7] = [
            Column::Text("ID"),
            Column::Text("STARTED"),
            Column::Text("JOB"),
            Column::Text("STATUS"),
            Column::Number("TOOK"),
            Column::Text("BY"),
            Column::Text("WHY"),
        ];
        table(&COLUMNS, &self.items.iter().map(row).collect::<Vec<_>>(), screen)
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(|job| job.id.clone()).collect()
    }

    fn next(&self) -> Vec<Hint> {
        let failed = self.items.iter().rev().find(|job| job.status.is_failure());
        failed.map(|job| commands::jobs_show(&job.id).into()).into_iter().collect()
    }
}

fn row(job: &JobReport) -> Vec<String> {
    let by = format!("{}@{}", job.user, job.host);
    vec![job.id.clone(), time::minute(job.started_at.0), words(&job.job), job.status.to_string(), took(job), by, why(job)]
}

/// `ml drift check`.
fn words(name: &str) -> String {
    name.replace('.', " ")
}

fn took(job: &JobReport) -> String {
    job.duration_seconds.map(|seconds| format!("{seconds:.1} s")).unwrap_or_default()
}

/// Why it did not end well, in one line.
fn why(job: &JobReport) -> String {
    match (&job.failure, job.status, job.exit_code) {
        (Some(failure), ..) => sanitize::line(&failure.message),
        (None, JobStatus::Lost, _) => "its process is gone without an end".to_owned(),
        (None, _, Some(code)) if code != 0 => {
            let meaning = crate::cli::EXIT_CODES.iter().find(|(known, _)| *known == code);
            format!("exit code {code}: {}", meaning.map_or("unknown", |(_, meaning)| meaning))
        }
        _ => String::new(),
    }
}

impl View for JobReport {
    fn text(&self, _: &Screen) -> String {
        let mut lines = vec![
            ("job", format!("{} {}", words(&self.job), self.id)),
            ("status", self.status.to_string()),
            ("why", why(self)),
            ("started", time::rfc3339(self.started_at.0)),
            ("took", self.duration_seconds.map(|seconds| length(seconds)).unwrap_or_default()),
            ("by", format!("{}@{}, process {}", self.user, self.host, self.process_id)),
            ("ci", self.ci.clone().unwrap_or_default()),
            ("registry", self.registry.clone()),
            ("folder", self.folder.clone()),
            ("command", commands::of_words(self.command.iter().skip(1).cloned()).to_string()),
            ("hivectl", self.hivectl_version.clone()),
        ];
        lines.retain(|(_, value)| !value.is_empty());
        lines.iter().map(|(name, value)| format!("{name:<9} {}\n", sanitize::line(value))).collect()
    }

    fn names(&self) -> Vec<String> {
        vec![self.id.clone()]
    }

    fn next(&self) -> Vec<Hint> {
        let Some(failure) = &self.failure else { return Vec::new() };
        failure.hints.iter().map(|hint| Hint::from(hint.as_str())).chain([commands::explain(&failure.code).into()]).collect()
    }
}

fn length(seconds: f64) -> String {
    match seconds < 60.0 {
        true => format!("{seconds:.1} s"),
        false => duration::in_words(Duration::from_secs(seconds as u64)),
    }
}
