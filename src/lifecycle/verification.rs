//! What a check of the registered files and of what must always hold found.

use serde::{Deserialize, Serialize};

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationFinding {
    pub model: String,
    pub version: Option<u32>,
    /// A word for scripts: `digest_mismatch`, `file_missing`, `several_in_production`, …
    pub problem: String,
    pub detail: String,
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
    pub findings: Vec<VerificationFinding>,
}
