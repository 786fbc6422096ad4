//! What a check of the registered files and of what must always hold found.

use serde::{Deserialize, Serialize};

use super::{ModelVersion, Serving};

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationFinding {
    pub model: String,
    pub version: Option<u32>,
    /// A word for scripts: `digest_mismatch`, `file_missing`, `several_in_production`, …
    pub problem: String,
    pub detail: String,
}

impl VerificationFinding {
    /// The word of [`VerificationFinding::of_serving`].
    pub(crate) const OF_SERVING: &'static str = "champion_not_in_production";

    /// What is wrong with what serves of a model: stage and alias do not name the same version.
    pub(crate) fn of_serving(model: &str, serving: &Serving) -> Option<VerificationFinding> {
        let detail = serving.disagreement().or_else(|| serving.stray_alias())?;
        Some(VerificationFinding { model: model.to_owned(), version: serving.aliased, problem: Self::OF_SERVING.to_owned(), detail })
    }

    fn of_version(version: &ModelVersion, problem: &str, detail: String) -> VerificationFinding {
        let (model, version) = (version.name.clone(), Some(version.version));
        VerificationFinding { model, version, problem: problem.to_owned(), detail }
    }

    /// MLflow has marked the experiment of its run as deleted; `restore` brings it back.
    pub(crate) fn experiment_deleted(version: &ModelVersion, experiment: &str, restore: &str) -> VerificationFinding {
        let detail = format!(
            "the experiment '{experiment}' of its run was deleted, and the next `mlflow gc` takes run, metrics and logged model; `{restore}` brings it back"
        );
        Self::of_version(version, "experiment_deleted", detail)
    }

    /// MLflow has deleted its logged model, which nothing brings back.
    pub(crate) fn logged_model_deleted(version: &ModelVersion) -> VerificationFinding {
        let detail = format!(
            "its logged model {} was deleted, and the next `mlflow gc` removes its files: export it before that",
            version.model_id().unwrap_or_default()
        );
        Self::of_version(version, "logged_model_deleted", detail)
    }

    /// MLflow has marked its run as deleted; `restore` brings it back.
    pub(crate) fn run_deleted(version: &ModelVersion, restore: &str) -> VerificationFinding {
        let detail = format!("its run was deleted, and the next `mlflow gc` takes it; `{restore}` brings it back");
        Self::of_version(version, "run_deleted", detail)
    }

    /// Whether both are about the same version.
    pub(crate) fn is_about(&self, other: &VerificationFinding) -> bool {
        self.version.is_some() && (&self.model, self.version) == (&other.model, other.version)
    }
}

/// How a version stands with what MLflow has deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Everything that it was registered with.
    Whole,
    /// Its run or its logged model is gone; files and digests are looked at apart.
    Forgotten,
    /// Marked as deleted: the next garbage collection takes it.
    Marked(VerificationFinding),
}

/// What was looked at, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    pub models: u32,
    pub versions: u32,
    pub files: u32,
    pub bytes: u64,
    /// Versions that another tool made: nothing is recorded that their bytes could be compared with.
    pub unrecorded: Vec<String>,
    /// Versions of which MLflow knows the run or the logged model no more: it was deleted and collected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forgotten: Vec<String>,
    pub findings: Vec<VerificationFinding>,
}
