//! What is kept about drift: baselines with the run of their version, checks on this machine.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::apply::recorded;
use super::files::{self, Folder};
use super::own_tags::LONGEST_VALUE;
use super::read;
use super::registry::MlflowRegistry;
use crate::base::commands;
use crate::base::sha256_hex;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::AuditEntry;
use crate::lifecycle::{DriftRecord, ModelVersion, SavedBaseline};
use crate::registry::clock::now_ms;
use crate::registry::{ArtifactFile, DriftStore, ModelStore};

/// The tag of a version that lists its saved baselines.
const BASELINES_TAG: &str = "hivectl.baselines";

/// The folder of the run in which baselines are.
const FOLDER: &str = "hivectl/baselines";

/// A saved baseline as its version's tag has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct BaselineEntry {
    number: u32,
    saved_at: i64,
    size_bytes: u64,
    sha256: String,
    is_current: bool,
    by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

fn kept(version: &ModelVersion) -> Vec<BaselineEntry> {
    version.tags.get(BASELINES_TAG).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

fn saved(version: &ModelVersion, kept: BaselineEntry) -> SavedBaseline {
    SavedBaseline {
        number: kept.number,
        model: version.name.clone(),
        version: version.version,
        saved_at: kept.saved_at,
        size_bytes: kept.size_bytes,
        sha256: kept.sha256,
        is_current: kept.is_current,
        by: kept.by,
        reason: kept.reason,
    }
}

impl MlflowRegistry {
    fn live(&self, name: &str, number: u32) -> Result<ModelVersion> {
        let found = self.version(name, number)?;
        found.ok_or_else(|| Error::new(ErrorKind::ModelNotFound, format!("there is no version {number} of {name}")))
    }

    fn run_folder(&self, version: &ModelVersion) -> Result<Folder> {
        let run = match &version.run_id {
            Some(run_id) => self.client.run(run_id)?,
            None => None,
        };
        let folder = run.and_then(|run| Folder::from_uri(&run.info.artifact_uri));
        folder.map(|folder| folder.below(FOLDER)).ok_or_else(|| {
            Error::new(ErrorKind::BadBaseline, format!("{} has no run to keep baselines with", version.id()))
                .hint("register the version with its run, or compare with a baseline in a file")
        })
    }

    /// Writes the list of a version's baselines.
    fn keep(&self, version: &ModelVersion, mut list: Vec<BaselineEntry>) -> Result<()> {
        loop {
            let text =
                serde_json::to_string(&list).map_err(|source| Error::new(ErrorKind::Internal, "cannot write a list").because(source))?;
            if text.len() <= LONGEST_VALUE {
                return Ok(self.client.set_version_tag(&version.name, version.version, BASELINES_TAG, &text)?);
            }
            // The oldest that is not in use makes room.
            let Some(oldest) = list.iter().position(|kept| !kept.is_current) else {
                return Err(Error::new(ErrorKind::BadBaseline, "the reason is too long to be kept"));
            };
            list.remove(oldest);
        }
    }
}

impl DriftStore for MlflowRegistry {
    fn save_baseline(&self, version: &ModelVersion, json: &[u8], reason: Option<&str>) -> Result<SavedBaseline> {
        let _lease = self.lease(&version.name)?;
        let folder = self.run_folder(version)?;
        let versions = read::moved_versions(&self.client, &version.name)?;
        let numbers = versions.iter().flat_map(|moved| kept(&moved.version)).map(|kept| kept.number);
        let number = numbers.max().unwrap_or(0) + 1;
        let sha256 = sha256_hex(json);
        let by = format!("{}@{}", self.actor.user, self.actor.host);
        let reason_kept = reason.map(str::to_owned);
        let new =
            BaselineEntry { number, saved_at: now_ms(), size_bytes: json.len() as u64, sha256, is_current: true, by, reason: reason_kept };
        let evidence = json!({ "baseline": number, "sha256": new.sha256 });
        recorded(self, &AuditEntry::of_baseline(version, reason, evidence), || {
            files::put(&self.client, &folder, &ArtifactFile::new(format!("{number}.json"), json.to_vec()))?;
            let live = self.live(&version.name, version.version)?;
            let earlier = kept(&live).into_iter().map(|kept| BaselineEntry { is_current: false, ..kept });
            self.keep(&live, earlier.chain([new.clone()]).collect())
        })?;
        Ok(saved(version, new))
    }

    fn baselines(&self, model: Option<&str>) -> Result<Vec<SavedBaseline>> {
        let names = match model {
            Some(name) => vec![name.to_owned()],
            None => self.list()?.into_iter().map(|model| model.name).collect(),
        };
        let mut found = Vec::new();
        for name in names {
            for moved in read::moved_versions(&self.client, &name)? {
                found.extend(kept(&moved.version).into_iter().map(|kept| saved(&moved.version, kept)));
            }
        }
        found.sort_by_key(|saved| (saved.saved_at, saved.number));
        Ok(found)
    }

    fn read_baseline(&self, baseline: &SavedBaseline) -> Result<Vec<u8>> {
        let version = self.live(&baseline.model, baseline.version)?;
        let path = format!("{}.json", baseline.number);
        let bytes = files::get(&self.client, &self.run_folder(&version)?, &path)?;
        let bytes = bytes.ok_or_else(|| Error::new(ErrorKind::FileNotFound, format!("the baseline {} is missing", baseline.number)))?;
        match sha256_hex(&bytes) == baseline.sha256 {
            true => Ok(bytes),
            false => Err(Error::new(ErrorKind::DigestMismatch, format!("the baseline {} is not the one that was saved", baseline.number))
                .hint(("save a new one: `", commands::baseline_save(format!("{}@{}", baseline.model, baseline.version)), "`"))),
        }
    }

    fn use_baseline(&self, version: &ModelVersion, number: Option<u32>, reason: Option<&str>) -> Result<()> {
        let _lease = self.lease(&version.name)?;
        let live = self.live(&version.name, version.version)?;
        let list = kept(&live).into_iter().map(|kept| BaselineEntry { is_current: Some(kept.number) == number, ..kept }).collect();
        recorded(self, &AuditEntry::of_baseline(version, reason, json!({ "in_use": number })), || self.keep(&live, list)).map(drop)
    }

    fn record_check(&self, record: &DriftRecord) -> Result<()> {
        self.journal.record_check(record)
    }

    fn checks(&self, model: Option<&str>, since: i64) -> Result<Vec<DriftRecord>> {
        self.journal.checks(model, since)
    }
}
