//! What is kept about the drift of a version: baselines saved after training, and the checks that were made.

use serde_json::Value;

/// A baseline that was saved after training; the one made at training is a file of the version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedBaseline {
    /// Unique in the registry, from 1.
    pub number: u32,
    pub model: String,
    pub version: u32,
    /// Milliseconds since the epoch.
    pub saved_at: i64,
    pub size_bytes: u64,
    /// Lower-case hexadecimal, of the baseline as JSON.
    pub sha256: String,
    /// Whether checks of the version compare with it.
    pub is_current: bool,
    /// `user@host`.
    pub by: String,
    pub reason: Option<String>,
}

/// A check that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct DriftRecord {
    pub model: String,
    pub version: u32,
    /// Whose rule decided.
    pub method: String,
    /// End of the window that was looked at, milliseconds since the epoch.
    pub window_end: i64,
    /// When it was made, milliseconds since the epoch.
    pub checked_at: i64,
    pub status: String,
    /// The numbers of the check, as its JSON form has them.
    pub data: Value,
}
