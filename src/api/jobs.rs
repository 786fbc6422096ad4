//! Trainings and checks that ran, also those that failed.

use serde::{Deserialize, Serialize};

use super::{Document, Request, Timestamp};
pub use crate::lifecycle::{JobFailure, JobStatus};

/// Which jobs to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListJobsRequest {
    /// What was asked for: `train`, `drift`, `drift.check`; `None` for all.
    pub job: Option<String>,
    /// Only what failed, was interrupted or got lost.
    pub failed: bool,
    /// Only what began at this moment or later.
    pub since: Option<Timestamp>,
}

/// The jobs that the registry and this machine know of.
///
/// Errors: [`crate::error::ErrorKind::Usage`] for a job that is never recorded.
impl Request for ListJobsRequest {
    type Report = JobList;
    const NAME: &'static str = "ml.jobs.list";
}

/// Which job to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowJobRequest {
    /// Its id, or the beginning of it that no other has; `None` for the newest.
    pub id: Option<String>,
}

/// One job whole.
///
/// Errors: [`crate::error::ErrorKind::ModelNotFound`] where no job has that id;
/// [`crate::error::ErrorKind::AmbiguousReference`] where several ids begin so.
impl Request for ShowJobRequest {
    type Report = JobReport;
    const NAME: &'static str = "ml.jobs.show";
}

/// The jobs, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobList {
    /// One a job.
    pub items: Vec<JobReport>,
    /// The registry whose jobs these are: a path or a URL without secrets.
    pub registry: String,
}

impl Document for JobList {
    const SCHEMA: &'static str = "hivectl.ml.jobs.list/v1";
}

/// A job: when, by whom, with which words, on which machine, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobReport {
    /// Eight hexadecimal digits.
    pub id: String,
    /// What was asked for, such as `ml.drift.check`.
    pub job: String,
    /// How it stands.
    pub status: JobStatus,
    /// When it began.
    pub started_at: Timestamp,
    /// `None` while it runs, and of one whose process is gone.
    pub ended_at: Option<Timestamp>,
    /// From beginning to end.
    pub duration_seconds: Option<f64>,
    /// Of the process; `None` without an end.
    pub exit_code: Option<u8>,
    /// Why it failed, where an error says so; a report that ended with another exit code said why itself.
    pub failure: Option<JobFailure>,
    /// Who asked for it.
    pub user: String,
    /// On which machine.
    pub host: String,
    /// The continuous-integration system behind it.
    pub ci: Option<String>,
    /// Whether a person at a terminal did.
    pub terminal: bool,
    /// The words that were typed, without secrets.
    pub command: Vec<String>,
    /// The working folder: paths among the words count from it.
    pub folder: String,
    /// Of the machine.
    pub process_id: u32,
    /// The registry that it was about, as it is set; empty where none was opened.
    pub registry: String,
    /// Version of hivectl.
    pub hivectl_version: String,
}

impl Document for JobReport {
    const SCHEMA: &'static str = "hivectl.ml.jobs.show/v1";
}
