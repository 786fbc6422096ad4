//! The registry on a server as one that can be changed by hand.

use std::collections::{BTreeMap, BTreeSet};

use super::place::MlflowRegistry;
use super::{annotate, apply, archive, files, observe, read, register, verify};
use crate::audit::Record;
use crate::audit::chain::Link;
use crate::error::Result;
use crate::lifecycle::life;
use crate::lifecycle::{
    AliasChanged, Approved, Archival, Changed, HistoryEntry, Measurement, ModelVersion, Observed, Plan, RunRecord, TagsChanged,
    Verification,
};
use crate::registry::{Changes, Intake};

impl Changes for MlflowRegistry {
    fn observe(&self, name: &str) -> Result<Observed> {
        observe::observe(self, name, &read::versions(&self.client, name)?)
    }

    fn check_files(&self, version: &ModelVersion) -> Result<()> {
        if version.artifacts.is_empty() {
            return Ok(());
        }
        let folder = files::folder(&self.client, version)?;
        version.artifacts.iter().try_for_each(|artifact| files::get_verified(&self.client, &folder, version, &artifact.path).map(drop))
    }

    fn file_paths(&self, version: &ModelVersion) -> Result<Vec<String>> {
        if !version.artifacts.is_empty() {
            return Ok(version.artifacts.iter().map(|artifact| artifact.path.clone()).collect());
        }
        files::paths(&self.client, &files::folder(&self.client, version)?)
    }

    fn run_of(&self, version: &ModelVersion) -> Result<Option<RunRecord>> {
        let Some(run_id) = &version.run_id else { return Ok(None) };
        let Some(run) = self.client.run(run_id)? else { return Ok(None) };
        let experiment = self.client.experiment_name(&run.info.experiment_id)?;
        Ok(Some(read::run_from(run, experiment)))
    }

    fn take_in(&mut self, intake: Intake) -> Result<(ModelVersion, bool)> {
        register::take_in(self, intake)
    }

    fn apply(&mut self, plan: &Approved<Plan>) -> Result<Changed> {
        apply::apply(self, plan)
    }

    fn archive(&mut self, archival: &Approved<Archival>) -> Result<Changed> {
        archive::archive(self, archival)
    }

    fn archive_older(&mut self, name: Option<&str>, keep: usize, reason: Option<&str>) -> Result<Vec<Changed>> {
        archive::archive_older(self, name, keep, reason)
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
        annotate::record_measurement(self, measurement, reason)
    }

    fn history(&self, name: &str) -> Result<Vec<HistoryEntry>> {
        let moved = read::moved_versions(&self.client, name)?;
        if moved.is_empty() {
            return Err(self.no_model(name));
        }
        let registered = moved.iter().flat_map(|moved| {
            let of_registering = moved.moves.iter().filter(|one| one.number == 0);
            of_registering.map(|one| one.record(name, moved.version.version))
        });
        let records: Vec<Record> = registered.chain(observe::records(name, &moved)).collect();
        let told: Vec<(&Record, Option<String>)> = records.iter().map(|record| (record, None)).collect();
        let versions: Vec<ModelVersion> = moved.iter().map(|moved| moved.version.clone()).collect();
        Ok(life(&versions, &told))
    }

    fn verify(&self, name: Option<&str>) -> Result<Verification> {
        verify::verify(self, name)
    }

    fn audit_log(&self, name: Option<&str>) -> Result<Vec<Link>> {
        self.journal.reading().audit_log(name)
    }

    fn verify_audit(&self) -> Result<u64> {
        self.journal.reading().verify_audit()
    }
}
