//! Everything that hivectl does, as one trait.

use super::audit::{AuditLogReport, AuditLogRequest, AuditRecordReport, AuditShowRequest, AuditVerifyReport};
use super::backfill::{BackfillReport, BackfillRequest};
use super::baseline::{
    BaselineDetails, BaselineInUse, BaselineList, KeptBaseline, ListBaselinesRequest, SaveBaselineRequest, SetBaselineRequest,
    ShowBaselineRequest,
};
use super::change::{
    AliasRequest, ApplyRequest, ArchiveOlderReport, ArchiveOlderRequest, ArchiveRequest, ChangeReport, HistoryReport, HistoryRequest,
    PromoteRequest, RollbackRequest, TagRequest, VerifyRequest,
};
use super::compare::{CompareReport, CompareRequest};
use super::dataset::{FeatureMatrixReport, FeatureMatrixRequest, SyntheticDatasetReport, SyntheticDatasetRequest};
use super::doctor::{DoctorReport, DoctorRequest};
use super::drift::{CheckDriftRequest, DriftCheckReport};
use super::drift_history::{DriftHistoryReport, DriftHistoryRequest, DriftWatchReport, DriftWatcher, WatchDriftRequest};
use super::models::{ListModelsRequest, ListVersionsRequest, ModelDetails, ModelList, ShowModelRequest, VersionList};
use super::pages::VersionReport;
use super::predict::{PredictReport, PredictRequest, PredictionSink};
use super::retrain::{RetrainReport, RetrainRequest, RetrainWatch};
use super::runbook::{RunbookContext, RunbookContextRequest};
use super::settings::{
    ChangeSettingRequest, ContextList, SettingChange, SettingCheck, SettingFiles, SettingList, SettingReport, UseContextRequest,
};
use super::stats::{DurationsReport, StatsReport, StatsRequest};
use super::train::{TrainReport, TrainRequest};
use super::transfer::{
    CacheList, ClearCacheRequest, ClearedCache, CopyRequest, ExportReport, ExportRequest, ImportReport, ImportRequest, InspectReport,
    InspectRequest, PullReport, PushReport, RegisterReport, RegisterRequest, WarmCacheRequest, WarmedVersion,
};
use super::validate::{ValidateFilesReport, ValidateFilesRequest, ValidateReport, ValidateRequest};
use crate::error::Result;
use crate::lifecycle::{AliasChanged, TagsChanged, Verification};

/// The jobs of an operator: each from a request to a report. What a job changes it asks about first
/// ([`super::Interaction`]).
pub trait Operations {
    /// All models, one line each.
    ///
    /// Errors: [`crate::error::ErrorKind::Usage`] for a glob that cannot be read.
    fn list_models(&self, request: &ListModelsRequest) -> Result<ModelList>;

    /// The versions of one model, newest first.
    ///
    /// Errors: [`crate::error::ErrorKind::ModelNotFound`].
    fn list_versions(&self, request: &ListVersionsRequest) -> Result<VersionList>;

    /// Everything known about one version.
    ///
    /// Errors: [`crate::error::ErrorKind::ModelNotFound`], [`crate::error::ErrorKind::DigestMismatch`] when what is recorded
    /// about it is not what was registered.
    fn show_model(&self, request: &ShowModelRequest) -> Result<ModelDetails>;

    /// Sets two versions side by side, and runs both on the same tickets.
    ///
    /// Errors: those of finding the versions and reading tickets. That two versions cannot be run on the tickets is no
    /// error: the report says why.
    fn compare(&self, request: &CompareRequest) -> Result<CompareReport>;

    /// Checks every version that was named, or everything that is live. What it measures of a version whose metrics are
    /// claimed is recorded with the version.
    ///
    /// Errors: [`crate::error::ErrorKind::ModelNotFound`] when nothing is live; those of reading tickets. What is wrong with a
    /// version is no error but a check that failed.
    fn validate(&self, request: &ValidateRequest) -> Result<ValidateReport>;

    /// Judges model files that are not registered, each on its own test data.
    ///
    /// Errors: those of reading the folders and of writing reports. What is wrong with a file is no error but a check that
    /// failed.
    fn validate_files(&self, request: &ValidateFilesRequest) -> Result<ValidateFilesReport>;

    /// Counts the predictions that were made, and how far they were off.
    ///
    /// Errors: those of reading tickets; [`crate::error::ErrorKind::NotEnoughData`] when no prediction was made in the window.
    fn prediction_stats(&self, request: &StatsRequest) -> Result<StatsReport>;

    /// How long tickets took, by task type and risk band.
    ///
    /// Errors: those of reading tickets; [`crate::error::ErrorKind::NotEnoughData`] when no ticket of the window says how long
    /// it took.
    fn duration_stats(&self, request: &StatsRequest) -> Result<DurationsReport>;

    /// Writes predictions into tickets that have ended without one, and measures how far they are off.
    ///
    /// Errors: those of reading and writing, with how much was written; [`crate::error::ErrorKind::Usage`] for a model that
    /// predicts no durations, and for tickets that cannot be written to.
    fn backfill(&self, request: &BackfillRequest) -> Result<BackfillReport>;

    /// Uses a model on tickets; the rows go to a file where the request names one, else to `sink`.
    ///
    /// Errors: those of the registry, of reading tickets and of the sink; [`crate::error::ErrorKind::NotEnoughData`] when no
    /// ticket could be used.
    fn predict(&self, request: &PredictRequest, sink: PredictionSink<'_>) -> Result<PredictReport>;

    /// Puts a version into Production or Staging.
    fn promote(&self, request: &PromoteRequest) -> Result<ChangeReport>;

    /// Puts the version back into Production that served before.
    fn roll_back(&self, request: &RollbackRequest) -> Result<ChangeReport>;

    /// Applies a plan that was kept in a file, once, while what it saw still is.
    fn apply_plan(&self, request: &ApplyRequest) -> Result<ChangeReport>;

    /// Takes one version out of service.
    fn archive(&self, request: &ArchiveRequest) -> Result<ChangeReport>;

    /// Archives the versions in Staging but the newest.
    fn archive_older(&self, request: &ArchiveOlderRequest) -> Result<ArchiveOlderReport>;

    /// Points an alias at a version, or removes it.
    fn set_alias(&self, request: &AliasRequest) -> Result<AliasChanged>;

    /// Sets and removes tags of a version.
    fn set_tags(&self, request: &TagRequest) -> Result<TagsChanged>;

    /// What happened to a model, newest first.
    fn history(&self, request: &HistoryRequest) -> Result<HistoryReport>;

    /// Compares stored bytes with their digests, and the registry with what must always hold.
    fn verify(&self, request: &VerifyRequest) -> Result<Verification>;

    /// Registers a model that another tool made, in no stage.
    fn register(&self, request: &RegisterRequest) -> Result<RegisterReport>;

    /// Registers an exported version, in no stage.
    fn import(&self, request: &ImportRequest) -> Result<ImportReport>;

    /// Writes versions into files.
    fn export(&self, request: &ExportRequest) -> Result<ExportReport>;

    /// Copies a version into another registry.
    fn push(&self, request: &CopyRequest) -> Result<PushReport>;

    /// Copies a version from another registry.
    fn pull(&self, request: &CopyRequest) -> Result<PullReport>;

    /// Tells what a model file or a registered version is, without executing anything.
    fn inspect(&self, request: &InspectRequest) -> Result<InspectReport>;

    /// The copies of a server's models on this machine.
    fn list_cache(&self) -> Result<CacheList>;

    /// Fetches all files of a version, so that it can be used while the server is away.
    fn warm_cache(&self, request: &WarmCacheRequest) -> Result<WarmedVersion>;

    /// Removes copies; nothing is lost.
    fn clear_cache(&self, request: &ClearCacheRequest) -> Result<ClearedCache>;

    /// The records of the audit log, oldest first.
    fn audit_log(&self, request: &AuditLogRequest) -> Result<AuditLogReport>;

    /// One record of the audit log.
    fn show_audit_record(&self, request: &AuditShowRequest) -> Result<AuditRecordReport>;

    /// Checks that no record was altered, removed or put in between.
    fn verify_audit_log(&self) -> Result<AuditVerifyReport>;

    /// Trains models, judges, gates and registers them. One kind failing leaves the others registered.
    ///
    /// Errors: those of reading; the failure itself where every kind fails.
    fn train(&self, request: &TrainRequest) -> Result<TrainReport>;

    /// Trains again where the work has changed, once or until `watch` says that it is enough.
    ///
    /// Errors: of a model alone those of checking and training; [`crate::error::ErrorKind::LockHeld`] while another process
    /// retrains it.
    fn retrain(&self, request: &RetrainRequest, watch: &mut dyn RetrainWatch) -> Result<RetrainReport>;

    /// Makes up tickets, and writes them into one file.
    fn make_synthetic_dataset(&self, request: &SyntheticDatasetRequest) -> Result<SyntheticDatasetReport>;

    /// Writes the matrix that training sees, or that a model's predictions see, into one file.
    fn write_feature_matrix(&self, request: &FeatureMatrixRequest) -> Result<FeatureMatrixReport>;

    /// Every setting, its value and where it comes from.
    fn list_settings(&self) -> Result<SettingList>;

    /// One setting, its value and where it comes from.
    fn get_setting(&self, key: &str) -> Result<SettingReport>;

    /// The files of settings that are read.
    fn list_setting_files(&self) -> Result<SettingFiles>;

    /// The contexts, and what people choose them by.
    fn list_contexts(&self) -> Result<ContextList>;

    /// Sets or removes a setting.
    fn change_setting(&self, request: &ChangeSettingRequest) -> Result<SettingChange>;

    /// Makes a context the current one.
    fn use_context(&self, request: &UseContextRequest) -> Result<SettingChange>;

    /// Checks the files, every value in force, and that each secret can be read.
    fn check_settings(&self) -> Result<SettingCheck>;

    /// Checks what hivectl stands on.
    fn examine(&self, request: &DoctorRequest) -> Result<DoctorReport>;

    /// The version of hivectl and of its formats.
    fn version(&self) -> Result<VersionReport>;

    /// Where a runbook works, and what its words stand for there.
    fn runbook_context(&self, request: RunbookContextRequest) -> Result<RunbookContext>;

    /// The number of a model's newest version; `None` for one without versions.
    fn newest_version(&self, model: &str) -> Result<Option<u32>>;

    /// Compares recent tickets with a version's baseline. Too few tickets are no error but a status.
    ///
    /// Errors: [`crate::error::ErrorKind::NoBaseline`], [`crate::error::ErrorKind::NotEnoughData`] for a window without tickets.
    fn check_drift(&self, request: &CheckDriftRequest) -> Result<DriftCheckReport>;

    /// Checks again and again, tells what changes, and ends when `watcher` or the request says so.
    ///
    /// Errors: those of a check; [`crate::error::ErrorKind::TimedOut`].
    fn watch_drift(&self, request: &WatchDriftRequest, watcher: &mut dyn DriftWatcher) -> Result<DriftWatchReport>;

    /// The checks that were made, oldest first.
    fn drift_history(&self, request: &DriftHistoryRequest) -> Result<DriftHistoryReport>;

    /// Makes a baseline of a version from tickets, and keeps it as the one that checks compare with.
    ///
    /// Errors: [`crate::error::ErrorKind::NotEnoughData`] without a ticket in the window.
    fn save_baseline(&self, request: &SaveBaselineRequest) -> Result<KeptBaseline>;

    /// The baselines of one model or of all.
    fn list_baselines(&self, request: &ListBaselinesRequest) -> Result<BaselineList>;

    /// A baseline in numbers.
    ///
    /// Errors: [`crate::error::ErrorKind::NoBaseline`].
    fn show_baseline(&self, request: &ShowBaselineRequest) -> Result<BaselineDetails>;

    /// Chooses the baseline that checks of a version compare with.
    ///
    /// Errors: [`crate::error::ErrorKind::NoBaseline`].
    fn set_baseline(&self, request: &SetBaselineRequest) -> Result<BaselineInUse>;
}
