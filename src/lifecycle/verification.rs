//! What a check of the registered files and of what must always hold found.

use serde::{Deserialize, Serialize};

use super::Serving;

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
