//! The embedded registry as one that can be changed by hand.

use std::collections::{BTreeMap, BTreeSet};

use super::place::EmbeddedRegistry;
use super::{annotate, apply, artifacts, audit_log, history, locations, measure, observe, read, register, verify};
use crate::audit::chain::{self, Link};
use crate::error::Result;
use crate::lifecycle::{
    AliasChanged, Approved, Archival, Changed, HistoryEntry, Measurement, ModelVersion, Observed, Plan, RunRecord, TagsChanged,
    Verification,
};
use crate::registry::{Changes, Intake};

impl Changes for EmbeddedRegistry {
    fn observe(&self, name: &str) -> Result<Observed> {
        self.read(|view| observe::observe(view, name))?.ok_or_else(|| self.no_model(name))
    }

    fn check_files(&self, version: &ModelVersion) -> Result<()> {
        self.read(|view| verify::check_files(view, version)).map(|_| ())
    }

    fn file_paths(&self, version: &ModelVersion) -> Result<Vec<String>> {
        if !version.artifacts.is_empty() {
            return Ok(version.artifacts.iter().map(|artifact| artifact.path.clone()).collect());
        }
        let folder = self.read(|view| locations::artifact_folder(view, version))?.ok_or_else(|| self.no_model(&version.name))?;
        artifacts::paths_below(&folder)
    }

    fn run_of(&self, version: &ModelVersion) -> Result<Option<RunRecord>> {
        let Some(run_id) = &version.run_id else { return Ok(None) };
        Ok(self.read(|view| read::run(view, run_id))?.flatten())
    }

    fn take_in(&mut self, intake: Intake) -> Result<(ModelVersion, bool)> {
        register::take_in(self, intake)
    }

    fn apply(&mut self, plan: &Approved<Plan>) -> Result<Changed> {
        apply::apply(self, plan)
    }

    fn archive(&mut self, archival: &Approved<Archival>) -> Result<Changed> {
        apply::archive(self, archival)
    }

    fn archive_older(&mut self, name: Option<&str>, keep: usize, reason: Option<&str>) -> Result<Vec<Changed>> {
        apply::archive_older(self, name, keep, reason)
    }

    fn set_alias(&mut self, name: &str, alias: &str, version: Option<u32>, reason: Option<&str>) -> Result<AliasChanged> {
        annotate::set_alias(self, name, alias, version, reason)
    }

    fn set_tags(
        &mut self,
        name: &str,
        version: u32,
        set: &BTreeMap<String, String>,
        remove: &BTreeSet<String>,
        reason: Option<&str>,
    ) -> Result<TagsChanged> {
        annotate::set_tags(self, name, version, set, remove, reason)
    }

    fn record_measurement(&mut self, measurement: &Measurement, reason: Option<&str>) -> Result<Option<String>> {
        measure::record(self, measurement, reason)
    }

    fn history(&self, name: &str) -> Result<Vec<HistoryEntry>> {
        self.read(|view| history::history(view, name))?.ok_or_else(|| self.no_model(name))
    }

    fn verify(&self, name: Option<&str>) -> Result<Verification> {
        Ok(self.read(|view| verify::verify(view, name))?.unwrap_or_default())
    }

    fn audit_log(&self, name: Option<&str>) -> Result<Vec<Link>> {
        Ok(self.read(|view| audit_log::links(view, name))?.unwrap_or_default())
    }

    fn verify_audit(&self) -> Result<u64> {
        Ok(self.read(|view| chain::verify(audit_log::links(view, None)?, &audit_log::head(view)?))?.unwrap_or_default())
    }
}
