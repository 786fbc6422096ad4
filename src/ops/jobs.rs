//! Looking at the records of trainings and checks.

use super::workspace::{Intent, Workspace, place_as_set};
use crate::api::jobs::{JobList, JobReport, ListJobsRequest, ShowJobRequest};
use crate::api::{Operations, Timestamp};
use crate::base::commands;
use crate::config::{Settings, data_directory};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::JobRecord;
use crate::registry::{JobFile, JobLog as _};

/// The words by which recorded jobs are asked for; a job is of a word that stands first in its name, behind `ml.`.
const JOBS: &[&str] = &["train", "retrain", "drift", "validate", "backfill"];

impl Operations<ListJobsRequest> for Workspace<'_> {
    fn run(&self, request: &ListJobsRequest) -> Result<JobList> {
        let asked = request.job.as_deref().map(asked).transpose()?;
        let settings = self.settings(&self.flags())?;
        let items = records(self, &settings)?.into_iter().filter(|record| {
            let is_asked = asked.as_ref().is_none_or(|job| record.job == *job || record.job.starts_with(&format!("{job}.")));
            let is_recent = request.since.is_none_or(|since| record.started_at >= since.0);
            is_asked && is_recent && (!request.failed || record.status.is_failure())
        });
        Ok(JobList { items: items.map(report).collect(), registry: place_as_set(&settings).registry })
    }
}

impl Operations<ShowJobRequest> for Workspace<'_> {
    fn run(&self, request: &ShowJobRequest) -> Result<JobReport> {
        let settings = self.settings(&self.flags())?;
        let mut records = records(self, &settings)?;
        let Some(id) = request.id.as_deref() else {
            let newest = records.pop().map(report);
            return newest.ok_or_else(|| {
                Error::new(ErrorKind::ModelNotFound, "no training and no check is recorded yet").hint((
                    "`",
                    commands::train_on("FILE"),
                    "` trains",
                ))
            });
        };
        let mut found = records.into_iter().filter(|record| !id.is_empty() && record.id.starts_with(&id.to_ascii_lowercase()));
        let listed = || ("`", commands::jobs_list(), "` lists them");
        match (found.next(), found.next()) {
            (Some(record), None) => Ok(report(record)),
            (Some(_), Some(_)) => Err(Error::new(ErrorKind::AmbiguousReference, format!("several jobs begin with '{id}'")).hint(listed())),
            (None, _) => Err(Error::new(ErrorKind::ModelNotFound, format!("there is no job '{id}'")).hint(listed())),
        }
    }
}

/// The name of recorded jobs that a word stands for: `train`, `ml train`, `drift check`, `ml.drift.check`.
fn asked(word: &str) -> Result<String> {
    let name = word.trim().to_ascii_lowercase().replace(' ', ".");
    let name = name.strip_prefix("ml.").unwrap_or(&name);
    if JOBS.contains(&name.split('.').next().unwrap_or_default()) {
        return Ok(format!("ml.{name}"));
    }
    Err(Error::new(ErrorKind::Usage, format!("'{word}' is no job that is recorded")).hint(format!("one of {}", JOBS.join(", "))))
}

/// What the registry knows, and what is kept on this machine because no registry could take it, oldest first.
fn records(workspace: &Workspace<'_>, settings: &Settings) -> Result<Vec<JobRecord>> {
    // A registry that is not there yet has no jobs, while this machine knows of those that failed before they made it.
    let mut records = match workspace.registry(settings, Intent::Existing) {
        Ok(registry) => registry.job_log()?.jobs()?,
        Err(error) if error.kind() == ErrorKind::FileNotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    // What is kept on this machine may have been about another registry.
    let place = place_as_set(settings).registry;
    let own = JobFile::below(&data_directory()?).jobs()?;
    records.extend(own.into_iter().filter(|record| record.registry.is_empty() || record.registry == place));
    // Where the registry could take the beginning of a job and not its end, this machine has the end: it comes first and stays.
    records.sort_by_cached_key(|record| (record.started_at, record.id.clone(), record.ended_at.is_none()));
    records.dedup_by(|later, earlier| later.id == earlier.id);
    Ok(records)
}

fn report(record: JobRecord) -> JobReport {
    let seconds = |ended: i64| (ended - record.started_at).max(0) as f64 / 1e3;
    JobReport {
        duration_seconds: record.ended_at.map(seconds),
        id: record.id,
        job: record.job,
        status: record.status,
        started_at: Timestamp(record.started_at),
        ended_at: record.ended_at.map(Timestamp),
        exit_code: record.exit_code,
        failure: record.failure,
        user: record.actor.user,
        host: record.actor.host,
        ci: record.actor.ci,
        terminal: record.actor.terminal,
        command: record.actor.command,
        folder: record.folder,
        process_id: record.process_id,
        registry: record.registry,
        hivectl_version: record.version,
    }
}
