//! Changes of what serves: plans, and what became of them.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Document, Judging, Place, Request};
use crate::base::Hint;
use crate::error::{Error, ErrorKind};
use crate::lifecycle::{AliasChanged, Changed, HistoryEntry, ModelRef, Plan, Stage, TagsChanged, Verification};

/// How a change by plan is made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanOptions {
    /// Show the plan and change nothing.
    pub dry_run: bool,
    /// Keep the plan in this file and change nothing.
    pub plan_out: Option<PathBuf>,
    /// How long the plan may be applied.
    pub expires: Duration,
    /// The version that must be in Production now, or that none must be; `None` for whatever is there.
    pub expected_champion: Option<ExpectedChampion>,
}

/// A premise of the operator about what is in Production.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpectedChampion {
    /// No version.
    None,
    /// This version.
    Version(u32),
}

/// Put a version into Production or Staging.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PromoteRequest {
    /// One version.
    pub reference: ModelRef,
    /// Production or Staging.
    pub to: Stage,
    /// Although the gate does not pass.
    pub force_gate: bool,
    /// Only where it does better than the champion on the tickets that are named; needs some.
    #[serde(default)]
    pub if_better: bool,
    /// The report about a file of the version that `ml validate` judged: its numbers stand at the gate.
    #[serde(default)]
    pub evidence: Option<PathBuf>,
    /// How.
    pub plan: PlanOptions,
    /// The tickets on which it is compared with the champion; none where no place is named.
    pub judging: Judging,
}

/// Puts a version into Production or Staging.
///
/// Errors: [`crate::error::ErrorKind::GateFailed`] where the gate does not pass, and for one that is not better where that
/// was asked; a dry run answers with the plan and that it would be refused.
impl Request for PromoteRequest {
    type Report = ChangeReport;
    const NAME: &'static str = "ml.models.promote";
}

/// Put the version back into Production that served before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RollbackRequest {
    /// The model.
    pub name: String,
    /// The version to go back to; `None` for the one that the history names.
    pub to: Option<u32>,
    /// How.
    pub plan: PlanOptions,
    /// The tickets on which both are compared; none where no place is named.
    pub judging: Judging,
}

/// Puts the version back into Production that served before.
impl Request for RollbackRequest {
    type Report = ChangeReport;
    const NAME: &'static str = "ml.models.rollback";
}

/// Apply a plan that was kept in a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApplyRequest {
    /// The file.
    pub plan: PathBuf,
}

/// Applies a plan that was kept in a file, once, while what it saw still is. Naming the file is the approval; a protected
/// context asks all the same.
impl Request for ApplyRequest {
    type Report = ChangeReport;
    const NAME: &'static str = "ml.apply";
}

/// Take one version out of service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArchiveRequest {
    /// One version.
    pub reference: ModelRef,
    /// Also where it serves and nothing would serve after it; needs a reason.
    #[serde(default)]
    pub force: bool,
    /// Show what would be archived and change nothing.
    pub dry_run: bool,
}

/// Takes one version out of service.
///
/// Errors: [`crate::error::ErrorKind::NotAllowed`] for one that serves where nothing would serve after it, unless forced.
impl Request for ArchiveRequest {
    type Report = ChangeReport;
    const NAME: &'static str = "ml.models.archive";
}

/// Archive the versions in Staging but the newest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArchiveOlderRequest {
    /// Of this model; `None` for all models.
    pub name: Option<String>,
    /// How many of the newest stay; at least 3.
    pub keep: usize,
    /// Show what would be archived and change nothing.
    pub dry_run: bool,
}

/// Archives the versions in Staging but the newest.
impl Request for ArchiveOlderRequest {
    type Report = ArchiveOlderReport;
    const NAME: &'static str = "ml.models.archive.older";
}

/// Point an alias at a version, or remove it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AliasRequest {
    /// The model.
    pub name: String,
    /// The alias.
    pub alias: String,
    /// The version it shall point at; `None` removes it.
    pub version: Option<u32>,
    /// Show what would change and change nothing.
    #[serde(default)]
    pub dry_run: bool,
    /// The serving alias, although the gate does not pass, or although nothing serves once it is removed.
    #[serde(default)]
    pub force_gate: bool,
}

/// Points an alias at a version, or removes it. To move the serving alias is a promotion, to remove it is to archive.
impl Request for AliasRequest {
    type Report = AliasReport;
    const NAME: &'static str = "ml.models.alias";
}

/// Set and remove tags of a version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TagRequest {
    /// One version.
    pub reference: ModelRef,
    /// `KEY=VALUE` to set, `KEY-` to remove.
    pub tags: Vec<String>,
    /// Show what would change and change nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// Sets and removes tags of a version.
impl Request for TagRequest {
    type Report = TagReport;
    const NAME: &'static str = "ml.models.tag";
}

/// What happened to a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryRequest {
    /// The model.
    pub name: String,
}

/// What happened to a model, newest first.
impl Request for HistoryRequest {
    type Report = HistoryReport;
    const NAME: &'static str = "ml.models.history";
}

/// Compare stored bytes with their digests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyRequest {
    /// The model; `None` for all.
    pub name: Option<String>,
}

/// Compares stored bytes with their digests, and the registry with what must always hold.
impl Request for VerifyRequest {
    type Report = Verification;
    const NAME: &'static str = "ml.models.verify";
}

/// A change of stages: planned, made, or already so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangeReport {
    /// What moved, or would move.
    #[serde(flatten)]
    pub change: Changed,
    /// The plan, where it was only to be seen or kept.
    #[serde(flatten)]
    pub planned: Option<PlannedChange>,
    /// Where an archive would be made that was only to be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Seconds until services use what is in Production now; known where that moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_ttl_seconds: Option<u64>,
}

impl Document for ChangeReport {
    const SCHEMA: &'static str = "hivectl.ml.models.change/v1";

    fn exit_code(&self) -> u8 {
        self.planned.as_ref().and_then(|planned| planned.refused.as_ref()).map_or(0, |refused| refused.exit_code)
    }
}

/// A plan that was not applied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedChange {
    /// What would be done.
    pub plan: Plan,
    /// The file that it was kept in.
    pub file: Option<PathBuf>,
    /// The registry that it is for.
    pub registry: Place,
    /// Why it would be refused, where it would.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<RefusedPlan>,
}

/// Why a plan that was only to be seen would be refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedPlan {
    /// What would be said.
    pub message: String,
    /// Why, with the numbers.
    pub causes: Vec<String>,
    /// What to type instead.
    pub hints: Vec<Hint>,
    /// The exit code that this means.
    pub exit_code: u8,
}

impl From<&Error> for RefusedPlan {
    fn from(error: &Error) -> RefusedPlan {
        RefusedPlan {
            message: error.message().to_owned(),
            causes: error.causes().to_vec(),
            hints: error.hints().to_vec(),
            exit_code: error.kind().exit_code(),
        }
    }
}

/// What `archive --older` did, or would do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArchiveOlderReport {
    /// One a version.
    pub items: Vec<ArchivedVersion>,
    /// Where it would be done; `None` where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

impl Document for ArchiveOlderReport {
    const SCHEMA: &'static str = "hivectl.ml.models.archive/v1";
}

/// A version that was archived, or would be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ArchivedVersion {
    /// It was.
    Done(Changed),
    /// It would be.
    Planned {
        /// Its model.
        model: String,
        /// Its number.
        version: u32,
        /// Where it is.
        from_stage: Stage,
        /// Always `false`.
        changed: bool,
    },
}

/// A change of an alias: made, already so, or only shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AliasReport {
    /// Where it pointed and where it points.
    #[serde(flatten)]
    pub alias: AliasChanged,
    /// The promotion or archive that moving the serving alias is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Box<ChangeReport>>,
    /// Where it would be done; absent where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

impl Document for AliasReport {
    const SCHEMA: &'static str = "hivectl.ml.models.alias/v1";

    fn exit_code(&self) -> u8 {
        self.change.as_ref().map_or(0, |change| change.exit_code())
    }
}

/// A change of tags: made, already so, or only shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TagReport {
    /// What differed.
    #[serde(flatten)]
    pub tags: TagsChanged,
    /// Where it would be done; absent where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

impl Document for TagReport {
    const SCHEMA: &'static str = "hivectl.ml.models.tag/v1";
}

/// The life of a model, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryReport {
    /// The model.
    pub name: String,
    /// One an event.
    pub items: Vec<HistoryEntry>,
}

impl Document for HistoryReport {
    const SCHEMA: &'static str = "hivectl.ml.models.history/v1";
}

impl Document for Verification {
    const SCHEMA: &'static str = "hivectl.ml.models.verify/v1";

    fn exit_code(&self) -> u8 {
        if self.findings.is_empty() { 0 } else { ErrorKind::InvariantBroken.exit_code() }
    }
}
