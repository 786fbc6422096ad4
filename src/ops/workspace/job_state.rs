//! What a job has done so far: for who ends the process before the job ends by itself.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::recording::{self, Recording};
use super::registry::open_existing;
use crate::audit::{Phase, Record, Success};
use crate::config::{SecretCommands, Settings};
use crate::error::{Error, Result};

/// What another thread may know of a job. Clones are about the same job.
#[derive(Clone)]
pub struct JobState(Arc<Inner>);

struct Inner {
    begun: jiff::Timestamp,
    /// The settings by which a registry was opened last.
    opened: Mutex<Option<Settings>>,
    commands: SecretCommands,
    recording: Recording,
}

/// A change of the registry that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompletedChange {
    /// The word of the audit log, such as `promote`.
    pub action: String,
    /// The model.
    pub model: String,
    /// The version, where the change was about one.
    pub version: Option<u32>,
}

impl JobState {
    /// A job that begins now.
    pub(super) fn begin() -> JobState {
        JobState(Arc::new(Inner {
            begun: jiff::Timestamp::now(),
            opened: Mutex::default(),
            commands: SecretCommands::default(),
            recording: Recording::default(),
        }))
    }

    /// The commands that tell the secrets of the job's settings.
    pub(crate) fn commands(&self) -> SecretCommands {
        self.0.commands.clone()
    }

    /// Notes that a registry was opened by these settings.
    ///
    /// Errors: settings of the job's record that do not fit.
    pub(crate) fn opened(&self, settings: &Settings) -> Result<()> {
        *self.0.opened.lock().unwrap_or_else(PoisonError::into_inner) = Some(settings.clone());
        self.0.recording.opened(settings)
    }

    /// The record of the job.
    pub(super) fn recording(&self) -> &Recording {
        &self.0.recording
    }

    /// Notes in the record of the job that a signal ends it.
    pub fn interrupted(&self, error: &Error) {
        recording::interrupted(&self.0.recording, error);
    }

    /// The changes that this process has completed since the job began, by the registry's log; none where no registry was
    /// opened, or it does not answer within `wait`.
    pub fn changes_done(&self, wait: Duration) -> Vec<CompletedChange> {
        let opened = self.0.opened.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(settings) = opened else { return Vec::new() };
        let actor = crate::ops::actor_of_process();
        let links = open_existing(&settings, wait).and_then(|registry| registry.audit_log()?.records(None)).unwrap_or_default();
        let ours = |record: &Record| {
            let at: Option<jiff::Timestamp> = record.at.parse().ok();
            let done = record.success == Some(Success::Done) && record.phase == Phase::Outcome;
            record.actor == actor && done && at.is_some_and(|at| at >= self.0.begun)
        };
        let records = links.iter().filter_map(|link| link.record().ok()).filter(ours);
        records.map(|record| CompletedChange { action: record.action.to_string(), model: record.model, version: record.version }).collect()
    }

    /// Ends the commands that run still: they are in groups of their own, to which a terminal sends no signal.
    pub fn end_commands(&self) {
        self.0.commands.end();
    }
}
