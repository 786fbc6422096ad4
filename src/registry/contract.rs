//! What a registry can do, one trait a capability, and the one value that offers them.
//!
//! Every registry is a [`ModelStore`]: it lists versions and hands out their files. Whatever else it can do it
//! offers beside that. [`Registry`] holds what is offered, and a job asks it for the capability that it needs;
//! what is lacking is one error, made here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::ArtifactFile;
use crate::audit::Action;
use crate::audit::chain::Link;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{
    AliasChanged, Approved, Archival, Changed, DriftRecord, HistoryEntry, JobRecord, Measurement, Migration, ModelSummary, ModelVersion,
    Observed, Plan, RunRecord, SavedBaseline, Serving, ServingRule, Stage, Standing, TagsChanged, Verification,
};

/// A version to register. Ids are made by the caller, because they also stand inside the files.
#[derive(Clone, Debug)]
pub struct NewVersion {
    pub name: String,
    /// `m-` and 32 hexadecimal digits.
    pub model_id: String,
    pub run: RunRecord,
    pub description: String,
    pub tags: BTreeMap<String, String>,
    pub files: Vec<ArtifactFile>,
    /// Stage of the new version. With [`Stage::Production`] the former Production version is archived
    /// and the serving alias moves, in the same transaction. Where aliases alone tell what serves, Staging is the alias
    /// `challenger` and Production the serving alias.
    pub stage: Stage,
    /// With [`Stage::Production`]: the version that served when the decision was made.
    /// Another one there now is [`ErrorKind::Conflict`] and nothing is registered.
    pub expected_champion: Option<u32>,
}

/// A version to register once: the same again finds the one that is there.
#[derive(Clone, Debug)]
pub struct Submission {
    pub version: NewVersion,
    /// [`Action::Register`] or [`Action::Import`].
    pub action: Action,
    /// Digest of everything that makes this version what it is; kept with it.
    pub fingerprint: String,
    /// What the audit log keeps about where it comes from.
    pub evidence: Value,
}

/// Reading versions and their files: what every registry can do.
pub trait ModelStore: Send + Sync {
    /// Where this is, for people: a path or a URL without secrets.
    fn location(&self) -> String;

    /// Whether changes made here reach services that others run (a server), not this machine alone.
    fn is_shared(&self) -> bool;

    /// Where it can only be read: how to get to one that can be changed.
    fn remedy_for_reading_only(&self) -> Option<String> {
        None
    }

    /// How it is told what serves.
    fn serving_rule(&self) -> ServingRule {
        ServingRule::default()
    }

    /// What serves of a model, of which these are all versions; with an alias that names none of them, where that is known.
    ///
    /// Errors: those of reading.
    fn serving(&self, _name: &str, versions: &[ModelVersion]) -> Result<Serving> {
        Ok(self.serving_rule().serving(versions))
    }

    /// All models by name. A registry that does not exist yet is empty.
    fn list(&self) -> Result<Vec<ModelSummary>>;

    /// All versions of one model, newest first; empty when the model does not exist.
    fn versions(&self, name: &str) -> Result<Vec<ModelVersion>>;

    /// All versions of all models, by name, newest first.
    fn all_versions(&self) -> Result<Vec<ModelVersion>> {
        let mut all = Vec::new();
        for model in self.list()? {
            all.extend(self.versions(&model.name)?);
        }
        Ok(all)
    }

    /// One version, `None` when it does not exist or was deleted.
    fn version(&self, name: &str, version: u32) -> Result<Option<ModelVersion>>;

    /// The paths of all files of a version: the recorded ones, or where nothing was recorded those that are
    /// there.
    fn file_paths(&self, version: &ModelVersion) -> Result<Vec<String>>;

    /// The bytes of one artifact, verified against the recorded digest.
    ///
    /// Errors: [`ErrorKind::DigestMismatch`] when the bytes are not those that were registered.
    fn read_artifact(&self, version: &ModelVersion, path: &str) -> Result<Vec<u8>>;

    /// Compares every recorded file of a version with its digest.
    ///
    /// Errors: [`ErrorKind::DigestMismatch`] naming the first file that is not what was registered.
    fn check_files(&self, version: &ModelVersion) -> Result<()>;

    /// What the registry knows of where a version comes from, and whether that is marked as deleted.
    fn standing(&self, _version: &ModelVersion) -> Result<Standing> {
        Ok(Standing::Whole)
    }

    /// The run that made a version, where it is known.
    fn run_of(&self, version: &ModelVersion) -> Result<Option<RunRecord>>;
}

/// Adding versions.
pub trait Registration: ModelStore {
    /// Looks whether versions can be registered whose runs belong to this experiment, before anybody works for one.
    ///
    /// Errors: [`ErrorKind::Conflict`] where it was deleted.
    fn check_experiment(&self, _name: &str) -> Result<()> {
        Ok(())
    }

    /// Stores files, run and version: all of it, or nothing that a reader can see.
    fn register(&self, version: NewVersion) -> Result<ModelVersion>;

    /// Registers a version unless one with the same fingerprint is there; says whether it did.
    fn register_once(&self, submission: Submission) -> Result<(ModelVersion, bool)>;
}

/// Moving what serves and what waits, by stages or aliases, and looking whether all is as it must be.
pub trait Promotion: ModelStore {
    /// Everything a plan about `name` looks at.
    ///
    /// Errors: [`ErrorKind::ModelNotFound`].
    fn observe(&self, name: &str) -> Result<Observed>;

    /// Applies a plan, once, if what it saw still is.
    ///
    /// Errors: [`ErrorKind::Conflict`] when it is stale, expired or of another registry, with who moved what;
    /// [`ErrorKind::DigestMismatch`] when the version's files are not what was registered;
    /// [`ErrorKind::LockHeld`].
    fn apply(&self, plan: &Approved<Plan>) -> Result<Changed>;

    /// Takes a version out of service.
    ///
    /// Errors: [`ErrorKind::Conflict`] when its stage is another one now.
    fn archive(&self, archival: &Approved<Archival>) -> Result<Changed>;

    /// Archives the versions in Staging but the `keep` newest (three at least), of one model or of all.
    fn archive_older(&self, name: Option<&str>, keep: usize, reason: Option<&str>) -> Result<Vec<Changed>>;

    /// Changes what tells what serves, in the whole registry; what serves goes on serving at every moment.
    ///
    /// Errors: [`ErrorKind::Conflict`] when a model is not as the migration saw it, or it is for another registry. On a server
    /// the models before that one are migrated then, and the same command goes on with the rest.
    fn migrate(&self, migration: &Approved<Migration>) -> Result<()>;

    /// Compares the bytes of all versions (or of one model's) with their digests, and the registry with what
    /// must always hold.
    fn verify(&self, name: Option<&str>) -> Result<Verification>;
}

/// What is noted about models and versions: aliases, tags, measurements, and the history of a model.
pub trait Annotations: ModelStore {
    /// Points an alias at a version, or removes it.
    ///
    /// Errors: [`ErrorKind::Usage`] for a name that MLflow does not take and for the serving alias, which a promotion
    /// moves.
    fn set_alias(&self, name: &str, alias: &str, version: Option<u32>, reason: Option<&str>) -> Result<AliasChanged>;

    /// Sets and removes tags of a version.
    ///
    /// Errors: [`ErrorKind::Usage`] for keys that begin with `hivectl.` or `mlflow.`, which are not for hand.
    fn set_tags(
        &self,
        name: &str,
        version: u32,
        set: &BTreeMap<String, String>,
        remove: &BTreeSet<String>,
        reason: Option<&str>,
    ) -> Result<TagsChanged>;

    /// Puts measured metrics in the place of claimed ones; answers with the name of the record in the audit log.
    /// Metrics that are not claimed stay as they are (`None`).
    fn record_measurement(&self, measurement: &Measurement, reason: Option<&str>) -> Result<Option<String>>;

    /// The life of a model, newest first.
    ///
    /// Errors: [`ErrorKind::ModelNotFound`].
    fn history(&self, name: &str) -> Result<Vec<HistoryEntry>>;
}

/// The log of changes.
pub trait AuditLog: Send + Sync {
    /// The records, oldest first, of one model or of all.
    fn records(&self, name: Option<&str>) -> Result<Vec<Link>>;

    /// Checks the chain; answers with the number of records.
    ///
    /// Errors: [`ErrorKind::InvariantBroken`] naming the first broken record.
    fn verify_chain(&self) -> Result<u64>;
}

/// What was found out about drift: baselines, and the checks that compared with them.
pub trait DriftStore: Send + Sync {
    /// Keeps a baseline of a version and makes it the one that checks compare with.
    ///
    /// Errors: [`ErrorKind::LockHeld`], those of writing.
    fn save_baseline(&self, version: &ModelVersion, json: &[u8], reason: Option<&str>) -> Result<SavedBaseline>;

    /// The saved baselines of one model or of all, oldest first.
    fn baselines(&self, model: Option<&str>) -> Result<Vec<SavedBaseline>>;

    /// A saved baseline as JSON.
    ///
    /// Errors: [`ErrorKind::DigestMismatch`] when the bytes are not those that were saved.
    fn read_baseline(&self, baseline: &SavedBaseline) -> Result<Vec<u8>>;

    /// Makes a saved baseline the one that checks of the version compare with; `None` is the one from training.
    fn use_baseline(&self, version: &ModelVersion, number: Option<u32>, reason: Option<&str>) -> Result<()>;

    /// Keeps a check. The same window of the same version by the same rule is kept once: a later check of it takes its place.
    fn record_check(&self, record: &DriftRecord) -> Result<()>;

    /// The checks of one model or of all whose window ended at or after `since` (milliseconds since the epoch), oldest first.
    fn checks(&self, model: Option<&str>, since: i64) -> Result<Vec<DriftRecord>>;
}

/// Trainings and checks, also those that failed.
pub trait JobLog: Send + Sync {
    /// Keeps a record in the place of an earlier one of the same job, and forgets those of jobs that began before `oldest`
    /// (milliseconds since the epoch).
    ///
    /// Errors: [`ErrorKind::FileNotFound`] where the registry is not there yet, [`ErrorKind::LockHeld`], those of writing.
    fn keep_job(&self, record: &JobRecord, oldest: i64) -> Result<()>;

    /// The records, oldest first; of a job whose process is gone without an end [`crate::lifecycle::JobStatus::Lost`].
    fn jobs(&self) -> Result<Vec<JobRecord>>;
}

/// Who retrains a model: one process at a time.
pub trait Leases: Send + Sync {
    /// Makes this process the one that retrains a model, and counts how often that was done.
    ///
    /// Errors: [`ErrorKind::LockHeld`] while a living process does, on this machine or, for a day, on another.
    fn take(&self, model: &str) -> Result<u32>;

    /// Lets others retrain the model.
    fn release(&self, model: &str) -> Result<()>;
}

/// A registry that is open: versions to read, and what else it offers.
///
/// Clones are the same registry.
#[derive(Clone)]
pub struct Registry {
    store: Arc<dyn ModelStore>,
    registration: Option<Arc<dyn Registration>>,
    promotion: Option<Arc<dyn Promotion>>,
    annotations: Option<Arc<dyn Annotations>>,
    audit_log: Option<Arc<dyn AuditLog>>,
    drift_store: Option<Arc<dyn DriftStore>>,
    leases: Option<Arc<dyn Leases>>,
    job_log: Option<Arc<dyn JobLog>>,
}

impl Registry {
    /// A registry that can only be read.
    pub fn read_only(registry: impl ModelStore + 'static) -> Registry {
        Registry {
            store: Arc::new(registry),
            registration: None,
            promotion: None,
            annotations: None,
            audit_log: None,
            drift_store: None,
            leases: None,
            job_log: None,
        }
    }

    /// A registry that offers everything.
    pub fn complete<R>(registry: R) -> Registry
    where
        R: Registration + Promotion + Annotations + AuditLog + DriftStore + Leases + JobLog + 'static,
    {
        let registry = Arc::new(registry);
        Registry {
            store: registry.clone(),
            registration: Some(registry.clone()),
            promotion: Some(registry.clone()),
            annotations: Some(registry.clone()),
            audit_log: Some(registry.clone()),
            drift_store: Some(registry.clone()),
            leases: Some(registry.clone()),
            job_log: Some(registry),
        }
    }

    /// Versions and files to read.
    pub fn store(&self) -> &dyn ModelStore {
        self.store.as_ref()
    }

    /// # Errors
    /// [`ErrorKind::Usage`] where no versions can be added here; so with the capabilities below.
    pub fn registration(&self) -> Result<&dyn Registration> {
        self.registration.as_deref().ok_or_else(|| self.lacks("way to add versions"))
    }

    pub fn promotion(&self) -> Result<&dyn Promotion> {
        self.promotion.as_deref().ok_or_else(|| self.lacks("stages that hivectl can move"))
    }

    pub fn annotations(&self) -> Result<&dyn Annotations> {
        self.annotations.as_deref().ok_or_else(|| self.lacks("aliases, tags and history that hivectl can keep"))
    }

    pub fn audit_log(&self) -> Result<&dyn AuditLog> {
        self.audit_log.as_deref().ok_or_else(|| self.lacks("audit log"))
    }

    pub fn drift_store(&self) -> Result<&dyn DriftStore> {
        self.drift_store.as_deref().ok_or_else(|| self.lacks("place for baselines and drift checks"))
    }

    pub fn leases(&self) -> Result<&dyn Leases> {
        self.leases.as_deref().ok_or_else(|| self.lacks("leases for retraining"))
    }

    pub fn job_log(&self) -> Result<&dyn JobLog> {
        self.job_log.as_deref().ok_or_else(|| self.lacks("place for records of jobs"))
    }

    /// The one failure of a capability that is asked for and not offered.
    fn lacks(&self, what: &str) -> Error {
        let error = Error::new(ErrorKind::Usage, format!("the registry {} has no {what}", self.store.location()));
        if let Some(remedy) = self.store.remedy_for_reading_only() {
            return error.hint(remedy);
        }
        error.hint("use the embedded registry (`--registry embedded`) or an MLflow server for this")
    }
}
