//! What is kept about the drift of a version: baselines made after training, and the checks that were made.

use super::Changes;
use crate::error::Result;
use crate::lifecycle::{DriftRecord, ModelVersion, SavedBaseline};

/// A registry that also keeps what was found out about drift.
pub trait Watching: Changes {
    /// Keeps a baseline of a version and makes it the one that checks compare with.
    ///
    /// Errors: [`crate::error::ErrorKind::LockHeld`], those of writing.
    fn save_baseline(&mut self, version: &ModelVersion, json: &[u8], reason: Option<&str>) -> Result<SavedBaseline>;

    /// The saved baselines of one model or of all, oldest first.
    fn baselines(&self, model: Option<&str>) -> Result<Vec<SavedBaseline>>;

    /// A saved baseline as JSON.
    ///
    /// Errors: [`crate::error::ErrorKind::DigestMismatch`] when the bytes are not those that were saved.
    fn read_baseline(&self, baseline: &SavedBaseline) -> Result<Vec<u8>>;

    /// Makes a saved baseline the one that checks of the version compare with; `None` is the one from training.
    fn use_baseline(&mut self, version: &ModelVersion, number: Option<u32>, reason: Option<&str>) -> Result<()>;

    /// Makes this process the one that retrains a model, and counts how often that was done.
    ///
    /// Errors: [`crate::error::ErrorKind::LockHeld`] while a living process does, on this machine or, for a day, on
    /// another.
    fn take_lease(&mut self, model: &str) -> Result<u32>;

    /// Lets others retrain the model.
    fn release_lease(&mut self, model: &str) -> Result<()>;

    /// Keeps a check. The same window of the same version by the same rule is kept once: a later check of it takes its place.
    fn record_check(&mut self, record: &DriftRecord) -> Result<()>;

    /// The checks of one model or of all whose window ended at or after `since`, oldest first.
    fn checks(&self, model: Option<&str>, since: i64) -> Result<Vec<DriftRecord>>;
}
