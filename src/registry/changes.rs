//! Changing what is registered: the second half of the contract.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::approved::Approved;
use super::plan::{Plan, RegistryIdentity};
use super::serving::Serving;
use super::{Measurement, ModelVersion, NewVersion, Registry, RunRecord, Stage};
use crate::audit::chain::Link;
use crate::audit::{Action, Served};
use crate::error::{Error, ErrorKind, Result};

/// The alias that moves with Production.
pub const CHAMPION: &str = "champion";

/// The tag of a version that was promoted past its gate, or rolled back to though it never served: why.
pub const FORCED_TAG: &str = "hivectl.forced";

/// The tag in which a caller leaves the reason it was given.
pub(super) const REASON_TAG: &str = "hivectl.reason";

/// The tag that tells whether the same version is registered already ([`Intake::fingerprint`]).
pub(super) const FINGERPRINT_TAG: &str = "hivectl.fingerprint";

/// Versions in Staging that `archive --older` never touches.
pub(super) const FEWEST_IN_STAGING: usize = 3;

/// Everything a plan about one model looks at, as of one moment.
#[derive(Clone, Debug)]
pub struct Observed {
    pub registry: RegistryIdentity,
    /// The sequence of the last record that moved this model's stages, 0 where there is none.
    pub revision: u64,
    pub model: String,
    /// Newest first.
    pub versions: Vec<ModelVersion>,
    /// Numbers of versions that were deleted.
    pub deleted: Vec<u32>,
    pub serving: Serving,
    /// Who moved stages last, when and to what, for people.
    pub last_move: Option<String>,
}

impl Observed {
    /// The version in Production.
    ///
    /// Errors: [`ErrorKind::InvariantBroken`] when there are several.
    pub fn champion(&self) -> Result<Option<&ModelVersion>> {
        let mut found = self.versions.iter().filter(|version| version.stage == Stage::Production);
        let champion = found.next();
        match found.next() {
            None => Ok(champion),
            Some(_) => Err(several_in_production(
                &self.model,
                self.versions.iter().filter(|version| version.stage == Stage::Production).map(|version| version.version),
            )),
        }
    }

    /// The version in Production, the newest where another tool left several, without counting `but`.
    pub(super) fn newest_in_production(&self, but: Option<u32>) -> Option<&ModelVersion> {
        self.versions.iter().find(|version| version.stage == Stage::Production && Some(version.version) != but)
    }

    /// The versions in Staging that are older than the `keep` newest, of which [`FEWEST_IN_STAGING`] always stay.
    pub(super) fn older_in_staging(&self, keep: usize) -> impl Iterator<Item = &ModelVersion> {
        self.versions.iter().filter(|version| version.stage == Stage::Staging).skip(keep.max(FEWEST_IN_STAGING))
    }

    /// The version to archive, which may be archived already ([`ModelVersion::is_out_of_service`]).
    ///
    /// Errors: as [`Observed::live`]; [`ErrorKind::Conflict`] when its stage is not the one that was decided about.
    pub(super) fn to_archive(&self, archival: &Archival) -> Result<&ModelVersion> {
        let target = self.live(archival.version)?;
        if target.stage == Stage::Archived || target.stage == archival.from_stage {
            return Ok(target);
        }
        let (was, is) = (archival.from_stage.name(), target.stage.name());
        Err(Error::new(ErrorKind::Conflict, format!("{}@{} was in {was} and is in {is} now", target.name, target.version))
            .because(self.last_move.clone().unwrap_or_else(|| "another tool moved it".to_owned()))
            .hint("look at it again, then repeat the command if it is still right"))
    }

    /// The version of this number.
    ///
    /// Errors: [`ErrorKind::ModelNotFound`], which says whether it was deleted and what there is.
    pub fn live(&self, version: u32) -> Result<&ModelVersion> {
        self.versions.iter().find(|live| live.version == version).ok_or_else(|| {
            let there: Vec<String> =
                self.versions.iter().take(5).map(|live| format!("{}@{} ({})", self.model, live.version, live.stage.name())).collect();
            let error = match self.deleted.contains(&version) {
                true => Error::new(ErrorKind::ModelNotFound, format!("{}@{version} was deleted", self.model)),
                false => Error::new(ErrorKind::ModelNotFound, format!("there is no version {version} of {}", self.model)),
            };
            match there.is_empty() {
                true => error.hint("the models: 'hivectl ml models list'"),
                false => error.hint(format!("there are {}", there.join(", "))),
            }
        })
    }
}

/// The failure of a model with several versions in Production.
pub fn several_in_production(model: &str, versions: impl IntoIterator<Item = u32>) -> Error {
    let numbers: Vec<String> = versions.into_iter().map(|version| version.to_string()).collect();
    Error::new(ErrorKind::InvariantBroken, format!("{model} has several versions in Production: {}", numbers.join(", ")))
        .because("another tool left them there")
        .hint(format!("archive all but one: 'hivectl ml models archive {model}@VERSION --confirm {model}@VERSION'"))
}

impl ModelVersion {
    /// The version as the audit log names one that served.
    pub fn as_served(&self) -> Served {
        Served { version: self.version, created_at: self.created_at }
    }

    /// Archived to the last step: another tool, or a process that died, may have left it the alias `champion`.
    pub(super) fn is_out_of_service(&self) -> bool {
        self.stage == Stage::Archived && !self.has_champion_alias()
    }

    /// The failure of a version whose files are gone.
    pub fn without_files(&self) -> Error {
        Error::new(ErrorKind::FileNotFound, format!("the files of {}@{} are gone", self.name, self.version))
            .because(format!("its source {} holds no file", crate::audit::without_passwords(&self.source)))
            .hint(format!(
                "take it out of service: 'hivectl ml models archive {}@{}'; the others: 'hivectl ml models list {}'",
                self.name, self.version, self.name
            ))
    }

    /// Whether the alias that moves with Production points here.
    pub fn has_champion_alias(&self) -> bool {
        self.aliases.iter().any(|alias| alias == CHAMPION)
    }
}

/// What a change of stages came to. The fields are those of the JSON form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changed {
    pub model: String,
    pub version: u32,
    pub from_stage: Stage,
    pub to_stage: Stage,
    pub previous_champion: Option<u32>,
    pub archived: Vec<u32>,
    /// `false` where everything was as wanted already.
    pub changed: bool,
    pub plan_digest: Option<String>,
    /// The name of the record in the audit log.
    pub audit_id: Option<String>,
}

impl Changed {
    /// Everything was as wanted already.
    pub fn nothing(version: &ModelVersion, champion: Option<&ModelVersion>) -> Changed {
        Changed {
            model: version.name.clone(),
            version: version.version,
            from_stage: version.stage,
            to_stage: version.stage,
            previous_champion: champion.map(|champion| champion.version),
            archived: Vec::new(),
            changed: false,
            plan_digest: None,
            audit_id: None,
        }
    }

    /// A version that was archived now.
    pub(super) fn archived_now(observed: &Observed, target: &ModelVersion, audit_id: String) -> Changed {
        Changed {
            to_stage: Stage::Archived,
            archived: vec![target.version],
            changed: true,
            audit_id: Some(audit_id),
            ..Changed::nothing(target, observed.newest_in_production(None))
        }
    }

    /// A plan that was applied before.
    pub(super) fn applied_before(plan: &Plan) -> Changed {
        Changed {
            model: plan.model.clone(),
            version: plan.version,
            from_stage: plan.from_stage,
            to_stage: plan.to_stage,
            previous_champion: plan.champion,
            archived: Vec::new(),
            changed: false,
            plan_digest: Some(plan.digest()),
            audit_id: None,
        }
    }

    /// A plan that was applied now.
    pub(super) fn applied_now(plan: &Plan, audit_id: String) -> Changed {
        Changed { archived: plan.archives.clone(), changed: true, audit_id: Some(audit_id), ..Changed::applied_before(plan) }
    }
}

/// What a change of an alias came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AliasChanged {
    pub model: String,
    pub alias: String,
    pub from_version: Option<u32>,
    pub to_version: Option<u32>,
    pub changed: bool,
    pub audit_id: Option<String>,
}

/// What a change of tags came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TagsChanged {
    pub model: String,
    pub version: u32,
    pub before: BTreeMap<String, Option<String>>,
    pub after: BTreeMap<String, Option<String>>,
    pub changed: bool,
    pub audit_id: Option<String>,
}

/// A version to take out of service, and the stage that the decision was made about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archival {
    pub model: String,
    pub version: u32,
    pub from_stage: Stage,
    pub reason: Option<String>,
}

/// One event in the life of a model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HistoryEntry {
    /// RFC 3339.
    pub at: String,
    /// The word for what happened: `promote`, `registered`, …
    pub event: String,
    pub version: Option<u32>,
    pub from_stage: Option<String>,
    pub to_stage: Option<String>,
    pub previous_champion: Option<u32>,
    pub champion: Option<u32>,
    /// `user@host`, where it is known.
    pub by: Option<String>,
    pub reason: Option<String>,
    pub forced: bool,
    pub audit_id: Option<String>,
    /// `audit` for the log, `registry` for the registry's own times, which tell less.
    pub source: &'static str,
}

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub model: String,
    pub version: Option<u32>,
    /// A word for scripts: `digest_mismatch`, `file_missing`, `several_in_production`, …
    pub problem: &'static str,
    pub detail: String,
}

/// What was looked at, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verification {
    pub models: u32,
    pub versions: u32,
    pub files: u32,
    pub bytes: u64,
    /// Versions that another tool made: nothing is recorded that their bytes could be compared with.
    pub unrecorded: Vec<String>,
    pub findings: Vec<Finding>,
}

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
    /// Errors: [`ErrorKind::ModelNotFound`].
    fn observe(&self, name: &str) -> Result<Observed>;

    /// Compares every recorded file of a version with its digest.
    ///
    /// Errors: [`ErrorKind::DigestMismatch`] naming the first file that is not what was registered.
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
    /// Errors: [`ErrorKind::Conflict`] when it is stale, expired or of another registry, with who moved what;
    /// [`ErrorKind::DigestMismatch`] when the version's files are not what was registered;
    /// [`ErrorKind::LockHeld`].
    fn apply(&mut self, plan: &Approved<Plan>) -> Result<Changed>;

    /// Takes a version out of service.
    ///
    /// Errors: [`ErrorKind::Conflict`] when its stage is another one now.
    fn archive(&mut self, archival: &Approved<Archival>) -> Result<Changed>;

    /// Archives the versions in Staging but the `keep` newest (three at least), of one model or of all.
    fn archive_older(&mut self, name: Option<&str>, keep: usize, reason: Option<&str>) -> Result<Vec<Changed>>;

    /// Points an alias at a version, or removes it.
    ///
    /// Errors: [`ErrorKind::Usage`] for a name that MLflow does not take and for [`CHAMPION`], which moves
    /// with Production.
    fn set_alias(&mut self, name: &str, alias: &str, version: Option<u32>, reason: Option<&str>) -> Result<AliasChanged>;

    /// Sets and removes tags of a version.
    ///
    /// Errors: [`ErrorKind::Usage`] for keys that begin with `hivectl.` or `mlflow.`, which are not for hand.
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
    /// Errors: [`ErrorKind::InvariantBroken`] naming the first broken record.
    fn verify_audit(&self) -> Result<u64>;
}
