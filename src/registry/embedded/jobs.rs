//! Records of jobs in the registry's own file.

use super::registry::EmbeddedRegistry;
use crate::error::Result;
use crate::lifecycle::JobRecord;
use crate::registry::JobLog;
use crate::registry::journal::{Change, jobs};

impl JobLog for EmbeddedRegistry {
    fn keep_job(&self, record: &JobRecord, oldest: i64) -> Result<()> {
        let mut database = self.writer()?;
        let change = Change::begin_repair(&mut database)?;
        jobs::keep(&change, record, oldest)?;
        change.commit()
    }

    fn jobs(&self) -> Result<Vec<JobRecord>> {
        Ok(self.read(jobs::all)?.unwrap_or_default())
    }
}
