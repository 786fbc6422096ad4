//! What `validate --models-dir` found of a model file, as evidence for the version that this file belongs to.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::numbers::with_evidence;
use crate::api::validate::ValidatedFile;
use crate::base::{commands, sha256_hex};
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::external::TreesTask;
use crate::lifecycle::{ModelVersion, POSITIVES};
use crate::registry::ModelStore;

/// No report is longer.
const MOST_BYTES: u64 = 16 << 20;

/// A report of a file that was judged.
#[derive(Clone, Debug)]
pub struct FileEvidence {
    /// Of the report, as it was named.
    path: String,
    /// Of the report, lower-case hexadecimal.
    digest: String,
    judged: ValidatedFile,
}

#[derive(Deserialize)]
struct ReportFile {
    details: ValidatedFile,
}

impl FileEvidence {
    /// Reads a report that `validate --report` wrote.
    ///
    /// Errors: [`ErrorKind::BadInput`] for another file, and for a report of a file that was not judged.
    pub fn read(path: &Path) -> Result<FileEvidence> {
        let unread = |error: std::io::Error| Error::file("read the report", path, &error);
        let size = std::fs::metadata(path).map_err(unread)?.len();
        if size > MOST_BYTES {
            return Err(Error::new(ErrorKind::BadInput, format!("{} has {size} bytes, and no report has", path.display())));
        }
        let bytes = std::fs::read(path).map_err(unread)?;
        let refused =
            |why: String| {
                Error::new(ErrorKind::BadInput, format!("{} is no report of a model file that was judged", path.display()))
                    .because(why)
                    .hint(("such reports are written by: `", commands::validate_files_reported(), "`"))
            };
        let report: ReportFile = serde_json::from_slice(&bytes).map_err(|error| refused(error.to_string()))?;
        if report.details.sha256.is_none() || report.details.metrics.is_empty() {
            return Err(refused("nothing was measured of the file".into()));
        }
        Ok(FileEvidence { path: path.display().to_string(), digest: sha256_hex(&bytes), judged: report.details })
    }

    /// Refuses evidence about a file that is not one of the version's.
    ///
    /// Errors: [`ErrorKind::BadInput`] with both; those of reading the version's files.
    pub fn check_is_of(&self, registry: &dyn ModelStore, version: &ModelVersion) -> Result<()> {
        let judged = self.sha256();
        let recorded = version.artifacts.iter().map(|artifact| artifact.sha256.as_str());
        let found = match version.artifacts.is_empty() {
            false => recorded.into_iter().any(|sha256| sha256 == judged),
            // Nothing was recorded of a version that another tool made.
            true => {
                let mut paths = registry.file_paths(version)?.into_iter();
                paths.try_fold(false, |found, path| -> Result<bool> {
                    Ok(found || sha256_hex(&registry.read_artifact(version, &path)?) == judged)
                })?
            }
        };
        if found {
            return Ok(());
        }
        Err(Error::new(ErrorKind::BadInput, format!("{} is about a file that {} does not hold", self.path, version.id()))
            .because(format!("the judged file {} has the SHA-256 {judged}", self.judged.name))
            .hint(("the files of the version: `", commands::models_show(version.id()), "`")))
    }

    fn sha256(&self) -> &str {
        self.judged.sha256.as_deref().unwrap_or_default()
    }

    /// The numbers that were measured, with how many rows judged; of several classes the rarest counts as positives.
    pub fn numbers(&self) -> BTreeMap<String, f64> {
        let mut metrics = self.judged.metrics.clone();
        let rarest = self.judged.classes.iter().flatten().map(|class| class.support).min();
        metrics.extend(rarest.map(|rarest| (POSITIVES.to_owned(), rarest as f64)));
        with_evidence(metrics, Some(self.judged.row_count as u64))
    }

    /// The word of the kind whose gate judges such a file.
    pub fn kind(&self) -> Option<&'static str> {
        self.judged.kind.as_deref()?.parse().ok().map(TreesTask::gate)
    }

    /// What judged, in words.
    pub fn sentence(&self) -> String {
        format!(
            "{} rows of {}: file {}, report {} {}",
            self.judged.row_count,
            self.judged.test_data.as_deref().unwrap_or(Path::new("a table")).display(),
            self.sha256(),
            self.path,
            self.digest
        )
    }
}
