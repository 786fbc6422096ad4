//! Changing what is registered: the second half of the contract.

use std::collections::{BTreeMap, BTreeSet};

use super::{NewVersion, Registry};
use crate::audit::Action;
use crate::audit::chain::Link;
use crate::error::Result;
use crate::lifecycle::{
    AliasChanged, Approved, Archival, Changed, HistoryEntry, Measurement, ModelVersion, Observed, Plan, RunRecord, TagsChanged,
    Verification,
};

/// A version to register once: the same again finds the one that is there.
#[derive(Clone, Debug)]
pub struct Intake {
    pub version: NewVersion,
    /// [`Action::Register`] or [`Action::Import`].
    pub action: Action,
    /// Digest of everything that makes this version what it is; kept with it.
    pub fingerprint: String,
    /// What the audit log keeps about where it comes from.
    pub evidence: serde_json::Value,
}

/// A registry that can be changed by hand.
pub trait Changes: Registry {
    /// Everything a plan about `name` looks at.
    ///
    /// Errors: [`crate::error::ErrorKind::ModelNotFound`].
    fn observe(&self, name: &str) -> Result<Observed>;

    /// Compares every recorded file of a version with its digest.
    ///
    /// Errors: [`crate::error::ErrorKind::DigestMismatch`] naming the first file that is not what was registered.
    fn check_files(&self, version: &ModelVersion) -> Result<()>;

    /// The paths of all files of a version: the recorded ones, or where nothing was recorded those that are
    /// there.
    fn file_paths(&self, version: &ModelVersion) -> Result<Vec<String>>;

    /// The run that made a version, where it is known.
    fn run_of(&self, version: &ModelVersion) -> Result<Option<RunRecord>>;

    /// Registers a version unless one with the same fingerprint is there; says whether it did.
    fn take_in(&mut self, intake: Intake) -> Result<(ModelVersion, bool)>;

    /// Applies a plan, once, if what it saw still is.
    ///
    /// Errors: [`crate::error::ErrorKind::Conflict`] when it is stale, expired or of another registry, with who moved what;
    /// [`crate::error::ErrorKind::DigestMismatch`] when the version's files are not what was registered;
    /// [`crate::error::ErrorKind::LockHeld`].
    fn apply(&mut self, plan: &Approved<Plan>) -> Result<Changed>;

    /// Takes a version out of service.
    ///
    /// Errors: [`crate::error::ErrorKind::Conflict`] when its stage is another one now.
    fn archive(&mut self, archival: &Approved<Archival>) -> Result<Changed>;

    /// Archives the versions in Staging but the `keep` newest (three at least), of one model or of all.
    fn archive_older(&mut self, name: Option<&str>, keep: usize, reason: Option<&str>) -> Result<Vec<Changed>>;

    /// Points an alias at a version, or removes it.
    ///
    /// Errors: [`crate::error::ErrorKind::Usage`] for a name that MLflow does not take and for [`crate::lifecycle::CHAMPION`], which moves
    /// with Production.
    fn set_alias(&mut self, name: &str, alias: &str, version: Option<u32>, reason: Option<&str>) -> Result<AliasChanged>;

    /// Sets and removes tags of a version.
    ///
    /// Errors: [`crate::error::ErrorKind::Usage`] for keys that begin with `hivectl.` or `mlflow.`, which are not for hand.
    fn set_tags(
        &mut self,
        name: &str,
        version: u32,
        set: &BTreeMap<String, String>,
        remove: &BTreeSet<String>,
        reason: Option<&str>,
    ) -> Result<TagsChanged>;

    /// Puts measured metrics in the place of claimed ones; answers with the name of the record in the audit log.
    /// Metrics that are not claimed stay as they are (`None`).
    fn record_measurement(&mut self, measurement: &Measurement, reason: Option<&str>) -> Result<Option<String>>;

    /// The life of a model, newest first.
    fn history(&self, name: &str) -> Result<Vec<HistoryEntry>>;

    /// Compares the bytes of all versions (or of one model's) with their digests, and the registry with what
    /// must always hold.
    fn verify(&self, name: Option<&str>) -> Result<Verification>;

    /// The audit log, oldest first, of one model or of all.
    fn audit_log(&self, name: Option<&str>) -> Result<Vec<Link>>;

    /// Checks the chain of the audit log; answers with the number of records.
    ///
    /// Errors: [`crate::error::ErrorKind::InvariantBroken`] naming the first broken record.
    fn verify_audit(&self) -> Result<u64>;
}
