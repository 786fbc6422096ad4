//! Records of trainings and checks: begun where the registry is opened, ended where the job ends, however it ends.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::registry::open_existing;
use super::{Workspace, place_as_set};
use crate::api::{Listener, Operations, Request, StreamingOperations, StreamingRequest};
use crate::base::time::MS_PER_DAY;
use crate::config::{Settings, data_directory};
use crate::error::{Error, Result};
use crate::lifecycle::{JobFailure, JobRecord, JobStatus};
use crate::registry::{JobFile, JobLog, new_run_id};

/// A record must not hold up its job.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// The record of the job of a workspace, while it runs.
#[derive(Default)]
pub(super) struct Recording(Mutex<Option<Open>>);

struct Open {
    record: JobRecord,
    /// By which the registry was opened.
    settings: Option<Settings>,
}

impl Recording {
    /// A job begins of which a record is to be kept.
    fn begin(&self, job: &str) {
        let record = JobRecord {
            id: new_run_id().get(..8).unwrap_or_default().to_owned(),
            job: job.to_owned(),
            started_at: now_ms(),
            ended_at: None,
            status: JobStatus::Running,
            exit_code: None,
            failure: None,
            actor: crate::ops::actor_of_process(),
            folder: std::env::current_dir().unwrap_or_default().display().to_string(),
            process_id: std::process::id(),
            registry: String::new(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        *self.lock() = Some(Open { record, settings: None });
    }

    /// The registry of the job was opened by these settings: from here on a look there finds that it runs.
    ///
    /// Errors: a number of days to keep it that is none.
    pub(super) fn opened(&self, settings: &Settings) -> Result<()> {
        let mut open = self.lock();
        let Some(open) = open.as_mut().filter(|open| open.settings.is_none()) else { return Ok(()) };
        settings.parse::<f64>("job_retention_days")?;
        open.record.registry = place_as_set(settings).registry;
        open.settings = Some(settings.clone());
        // Where it cannot be kept now, the end says so or finds another place.
        drop(keep_with_registry(&open.record, settings));
        Ok(())
    }

    /// The job ended. Answers with what keeps its record from being kept, where nothing can keep it.
    pub(super) fn end(&self, exit_code: u8, failure: Option<JobFailure>) -> Result<()> {
        // Held until it is written: who ends the process beside the job's own end waits for that.
        let mut open = self.lock();
        let Some(Open { record, settings }) = open.take() else { return Ok(()) };
        let record = record.ended(now_ms(), exit_code, failure);
        match &settings {
            Some(settings) => keep_with_registry(&record, settings).or_else(|_| keep_here(&record, Some(settings))),
            None => keep_here(&record, None),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Open>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn keep_with_registry(record: &JobRecord, settings: &Settings) -> Result<()> {
    open_existing(settings, LONGEST_WAIT)?.job_log()?.keep_job(record, oldest(Some(settings)))
}

/// Beside no registry: what failed before one was opened, and what none could take.
fn keep_here(record: &JobRecord, settings: Option<&Settings>) -> Result<()> {
    JobFile::below(&data_directory()?).keep_job(record, oldest(settings))
}

/// The beginning of the oldest record that is kept, milliseconds since the epoch.
fn oldest(settings: Option<&Settings>) -> i64 {
    const USUAL_DAYS: f64 = 90.0;
    let days = settings.and_then(|settings| settings.parse("job_retention_days").ok().flatten()).unwrap_or(USUAL_DAYS);
    now_ms() - (days * MS_PER_DAY as f64) as i64
}

fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

impl Workspace<'_> {
    /// Has a job done, and keeps a record of it where the request wants one.
    ///
    /// Errors: those of the request.
    pub fn perform<R: Request>(&self, request: &R) -> Result<R::Report>
    where
        Self: Operations<R>,
    {
        self.recorded(request, || self.run(request))
    }

    /// The same of a job that tells what it comes to while it runs.
    ///
    /// Errors: those of the request and of the listener.
    pub fn perform_streaming<R: StreamingRequest>(&self, request: &R, listener: &mut dyn Listener<R::Event>) -> Result<R::Report>
    where
        Self: StreamingOperations<R>,
    {
        self.recorded(request, || self.stream(request, listener))
    }

    fn recorded<R: Request>(&self, request: &R, work: impl FnOnce() -> Result<R::Report>) -> Result<R::Report> {
        if !request.is_recorded() {
            return work();
        }
        self.state.recording().begin(R::NAME);
        let done = work();
        let (exit_code, failure) = match &done {
            Ok(report) => (R::exit_code(report), None),
            Err(error) => (error.kind().exit_code(), Some(JobFailure::from(error))),
        };
        // A job that did what it was asked for has not failed because nobody could note it, and it is told.
        match (self.state.recording().end(exit_code, failure), done) {
            (Ok(()), done) => done,
            (Err(unkept), Ok(report)) => {
                self.warn(format!("no record of this job is kept, so the list of jobs does not show how it ended: {unkept}"));
                Ok(report)
            }
            (Err(unkept), Err(error)) => Err(error.because(format!("nor could a record of this job be kept: {unkept}"))),
        }
    }
}

/// Ends the record of a job that a signal ends.
pub(super) fn interrupted(recording: &Recording, error: &Error) {
    drop(recording.end(error.kind().exit_code(), Some(JobFailure::from(error))));
}
