//! Records of jobs that no registry could take: none was there, or it could not be written.

use std::path::Path;

use super::JobLog;
use super::journal::Journal;
use crate::audit::Actor;
use crate::error::Result;
use crate::lifecycle::JobRecord;

/// A file of this machine with records of jobs.
#[derive(Clone, Debug)]
pub struct JobFile(Journal);

impl JobFile {
    /// In `folder`, where the first record makes it.
    pub fn below(folder: &Path) -> JobFile {
        JobFile(Journal::at(&folder.join("jobs.db"), Actor::default()))
    }
}

impl JobLog for JobFile {
    fn keep_job(&self, record: &JobRecord, oldest: i64) -> Result<()> {
        self.0.keep_job(record, oldest)
    }

    fn jobs(&self) -> Result<Vec<JobRecord>> {
        self.0.jobs()
    }
}
