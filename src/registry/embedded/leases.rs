//! Who retrains a model: a row that names the process.

use rusqlite::{Row, params};

use super::pending;
use super::registry::EmbeddedRegistry;
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};
use crate::registry::Leases;
use crate::registry::clock::now_ms;
use crate::registry::journal::{Change, drift_checks};
use crate::registry::process::host_name;

impl Leases for EmbeddedRegistry {
    fn take(&self, model: &str) -> Result<u32> {
        let mut database = self.writer()?;
        let change = Change::begin_repair(&mut database)?;
        drift_checks::set_up(&change)?;
        let sql = "SELECT host, process_id, taken_at_ms, attempts FROM hivectl_leases WHERE model = ?1";
        let read = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, u32>(1)?, row.get::<_, i64>(2)?, row.get::<_, u32>(3)?));
        let held = change.view().first(sql, [model], read)?;
        if let Some((host, process_id, taken_at, _)) = &held
            && *process_id != 0
            && !pending::is_over(host, *process_id, *taken_at)
        {
            return Err(Error::new(ErrorKind::LockHeld, format!("{model} is being retrained by process {process_id} on {host}")).hint((
                "wait for it; `",
                commands::drift_history(),
                "` shows what came of it",
            )));
        }
        let attempts = held.map_or(0, |(.., attempts)| attempts) + 1;
        let sql = "INSERT OR REPLACE INTO hivectl_leases (model, host, process_id, taken_at_ms, attempts) VALUES (?1, ?2, ?3, ?4, ?5)";
        change.execute(sql, params![model, host_name(), std::process::id(), now_ms(), attempts])?;
        change.commit()?;
        Ok(attempts)
    }

    fn release(&self, model: &str) -> Result<()> {
        let mut database = self.writer()?;
        let change = Change::begin_repair(&mut database)?;
        let sql = "UPDATE hivectl_leases SET process_id = 0 WHERE model = ?1 AND process_id = ?2 AND host = ?3";
        change.execute(sql, params![model, std::process::id(), host_name()])?;
        change.commit()
    }
}
