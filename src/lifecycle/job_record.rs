//! What is kept about a training or a check, also about one that failed.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};

use crate::audit::Actor;
use crate::error::Error;

/// How a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, EnumString, Serialize, Deserialize)]
#[strum(serialize_all = "lowercase", ascii_case_insensitive)]
#[serde(rename_all = "lowercase")]
pub enum JobStatus {
    /// It works on.
    Running,
    /// It came to its end with exit code 0.
    Completed,
    /// It ended with another exit code.
    Failed,
    /// Somebody ended it, by Ctrl-C or a signal that can be heard.
    Interrupted,
    /// Its process is gone and wrote no end: it was killed, or its machine stopped.
    Lost,
}

impl JobStatus {
    /// How a job stands that ended with this exit code.
    pub fn of_exit_code(exit_code: u8) -> JobStatus {
        match exit_code {
            0 => JobStatus::Completed,
            130 | 143 => JobStatus::Interrupted,
            _ => JobStatus::Failed,
        }
    }

    /// Whether it ended, and not well.
    pub fn is_failure(self) -> bool {
        matches!(self, JobStatus::Failed | JobStatus::Interrupted | JobStatus::Lost)
    }
}

/// Why a job failed, without secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobFailure {
    /// Such as `HML-1400`.
    pub code: String,
    /// What failed, and the facts that explain it.
    pub message: String,
    /// What to type next.
    pub hints: Vec<String>,
}

impl From<&Error> for JobFailure {
    fn from(error: &Error) -> JobFailure {
        let (code, message) = (error.kind().code().to_owned(), error.to_string());
        JobFailure { code, message, hints: error.hints().iter().map(ToString::to_string).collect() }
    }
}

/// A job: when, by whom, with which words, on which machine, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRecord {
    /// Eight hexadecimal digits.
    pub id: String,
    /// The name of what was asked for, such as `ml.drift.check`.
    pub job: String,
    /// Milliseconds since the epoch.
    pub started_at: i64,
    /// The same; `None` while it runs, and of one whose process is gone.
    pub ended_at: Option<i64>,
    pub status: JobStatus,
    /// Of the process; `None` without an end.
    pub exit_code: Option<u8>,
    /// `None` where it did not fail, or its report says why (a gate, drift).
    pub failure: Option<JobFailure>,
    pub actor: Actor,
    /// The working folder: paths among the actor's words count from it.
    pub folder: String,
    pub process_id: u32,
    /// The registry that it was about, without secrets; empty where none was opened.
    pub registry: String,
    /// Of hivectl.
    pub version: String,
}

impl JobRecord {
    /// The same, ended at `ended_at` with an exit code, and where it failed why.
    #[must_use]
    pub fn ended(self, ended_at: i64, exit_code: u8, failure: Option<JobFailure>) -> JobRecord {
        let status = JobStatus::of_exit_code(exit_code);
        JobRecord { ended_at: Some(ended_at), status, exit_code: Some(exit_code), failure, ..self }
    }
}
