//! The jobs as a face calls them.

use super::Workspace;
use crate::api::Operations;
use crate::api::audit::{AuditLogReport, AuditLogRequest, AuditRecordReport, AuditShowRequest, AuditVerifyReport};
use crate::api::backfill::{BackfillReport, BackfillRequest};
use crate::api::baseline::{
    BaselineDetails, BaselineInUse, BaselineList, KeptBaseline, ListBaselinesRequest, SaveBaselineRequest, SetBaselineRequest,
    ShowBaselineRequest,
};
use crate::api::change::{
    AliasRequest, ApplyRequest, ArchiveOlderReport, ArchiveOlderRequest, ArchiveRequest, ChangeReport, HistoryReport, HistoryRequest,
    PromoteRequest, RollbackRequest, TagRequest, VerifyRequest,
};
use crate::api::compare::{CompareReport, CompareRequest};
use crate::api::dataset::{FeatureMatrixReport, FeatureMatrixRequest, SyntheticDatasetReport, SyntheticDatasetRequest};
use crate::api::doctor::{DoctorReport, DoctorRequest};
use crate::api::drift::{CheckDriftRequest, DriftCheckReport};
use crate::api::drift_history::{DriftHistoryReport, DriftHistoryRequest, DriftWatchReport, DriftWatcher, WatchDriftRequest};
use crate::api::models::{ListModelsRequest, ListVersionsRequest, ModelDetails, ModelList, ShowModelRequest, VersionList};
use crate::api::pages::VersionReport;
use crate::api::predict::{PredictReport, PredictRequest, PredictionSink};
use crate::api::retrain::{RetrainReport, RetrainRequest, RetrainWatch};
use crate::api::runbook::{RunbookContext, RunbookContextRequest};
use crate::api::settings::{
    ChangeSettingRequest, ContextList, SettingChange, SettingCheck, SettingFiles, SettingList, SettingReport, UseContextRequest,
};
use crate::api::stats::{DurationsReport, StatsReport, StatsRequest};
use crate::api::train::{TrainReport, TrainRequest};
use crate::api::transfer::{
    CacheList, ClearCacheRequest, ClearedCache, CopyRequest, ExportReport, ExportRequest, ImportReport, ImportRequest, InspectReport,
    InspectRequest, PullReport, PushReport, RegisterReport, RegisterRequest, WarmCacheRequest, WarmedVersion,
};
use crate::api::validate::{ValidateFilesReport, ValidateFilesRequest, ValidateReport, ValidateRequest};
use crate::error::Result;
use crate::lifecycle::{AliasChanged, TagsChanged, Verification};
use crate::ops::{
    audit, backfill, change, compare, dataset, doctor, drift, durations, model_files, models, predict, retrain, runbook, settings, stats,
    train, transfer, validate, version,
};

impl Operations for Workspace<'_> {
    fn list_models(&self, request: &ListModelsRequest) -> Result<ModelList> {
        models::list(self, request)
    }

    fn list_versions(&self, request: &ListVersionsRequest) -> Result<VersionList> {
        models::versions(self, request)
    }

    fn show_model(&self, request: &ShowModelRequest) -> Result<ModelDetails> {
        models::show(self, request)
    }

    fn compare(&self, request: &CompareRequest) -> Result<CompareReport> {
        compare::versions(self, request)
    }

    fn validate(&self, request: &ValidateRequest) -> Result<ValidateReport> {
        validate::versions(self, request)
    }

    fn validate_files(&self, request: &ValidateFilesRequest) -> Result<ValidateFilesReport> {
        validate::files(self, request)
    }

    fn prediction_stats(&self, request: &StatsRequest) -> Result<StatsReport> {
        stats::predictions(self, request)
    }

    fn duration_stats(&self, request: &StatsRequest) -> Result<DurationsReport> {
        durations::tickets(self, request)
    }

    fn backfill(&self, request: &BackfillRequest) -> Result<BackfillReport> {
        backfill::tickets(self, request)
    }

    fn predict(&self, request: &PredictRequest, sink: PredictionSink<'_>) -> Result<PredictReport> {
        predict::tickets(self, request, sink)
    }

    fn promote(&self, request: &PromoteRequest) -> Result<ChangeReport> {
        change::promote(self, request)
    }

    fn roll_back(&self, request: &RollbackRequest) -> Result<ChangeReport> {
        change::rollback(self, request)
    }

    fn apply_plan(&self, request: &ApplyRequest) -> Result<ChangeReport> {
        change::apply_plan(self, request)
    }

    fn archive(&self, request: &ArchiveRequest) -> Result<ChangeReport> {
        change::archive(self, request)
    }

    fn archive_older(&self, request: &ArchiveOlderRequest) -> Result<ArchiveOlderReport> {
        change::archive_older(self, request)
    }

    fn set_alias(&self, request: &AliasRequest) -> Result<AliasChanged> {
        change::set_alias(self, request)
    }

    fn set_tags(&self, request: &TagRequest) -> Result<TagsChanged> {
        change::set_tags(self, request)
    }

    fn history(&self, request: &HistoryRequest) -> Result<HistoryReport> {
        change::history(self, request)
    }

    fn verify(&self, request: &VerifyRequest) -> Result<Verification> {
        change::verify(self, request)
    }

    fn register(&self, request: &RegisterRequest) -> Result<RegisterReport> {
        transfer::register(self, request)
    }

    fn import(&self, request: &ImportRequest) -> Result<ImportReport> {
        transfer::import(self, request)
    }

    fn export(&self, request: &ExportRequest) -> Result<ExportReport> {
        transfer::export(self, request)
    }

    fn push(&self, request: &CopyRequest) -> Result<PushReport> {
        transfer::push(self, request)
    }

    fn pull(&self, request: &CopyRequest) -> Result<PullReport> {
        transfer::pull(self, request)
    }

    fn inspect(&self, request: &InspectRequest) -> Result<InspectReport> {
        model_files::inspect(self, request)
    }

    fn list_cache(&self) -> Result<CacheList> {
        model_files::list_cache(self)
    }

    fn warm_cache(&self, request: &WarmCacheRequest) -> Result<WarmedVersion> {
        model_files::warm_cache(self, request)
    }

    fn clear_cache(&self, request: &ClearCacheRequest) -> Result<ClearedCache> {
        model_files::clear_cache(self, request)
    }

    fn audit_log(&self, request: &AuditLogRequest) -> Result<AuditLogReport> {
        audit::log(self, request)
    }

    fn show_audit_record(&self, request: &AuditShowRequest) -> Result<AuditRecordReport> {
        audit::show(self, request)
    }

    fn verify_audit_log(&self) -> Result<AuditVerifyReport> {
        audit::verify(self)
    }

    fn train(&self, request: &TrainRequest) -> Result<TrainReport> {
        train::train(self, request)
    }

    fn retrain(&self, request: &RetrainRequest, watch: &mut dyn RetrainWatch) -> Result<RetrainReport> {
        retrain::retrain(self, request, watch)
    }

    fn make_synthetic_dataset(&self, request: &SyntheticDatasetRequest) -> Result<SyntheticDatasetReport> {
        dataset::synthetic(request)
    }

    fn write_feature_matrix(&self, request: &FeatureMatrixRequest) -> Result<FeatureMatrixReport> {
        dataset::features(self, request)
    }

    fn list_settings(&self) -> Result<SettingList> {
        settings::list(self)
    }

    fn get_setting(&self, key: &str) -> Result<SettingReport> {
        settings::get(self, key)
    }

    fn list_setting_files(&self) -> Result<SettingFiles> {
        settings::list_files()
    }

    fn list_contexts(&self) -> Result<ContextList> {
        settings::list_contexts(self)
    }

    fn change_setting(&self, request: &ChangeSettingRequest) -> Result<SettingChange> {
        settings::change(self, request)
    }

    fn use_context(&self, request: &UseContextRequest) -> Result<SettingChange> {
        settings::use_context(self, request)
    }

    fn check_settings(&self) -> Result<SettingCheck> {
        settings::check(self)
    }

    fn examine(&self, request: &DoctorRequest) -> Result<DoctorReport> {
        doctor::examine(self, request)
    }

    fn version(&self) -> Result<VersionReport> {
        Ok(version::version())
    }

    fn runbook_context(&self, request: RunbookContextRequest) -> Result<RunbookContext> {
        runbook::context(self, request)
    }

    fn newest_version(&self, model: &str) -> Result<Option<u32>> {
        runbook::newest_version(self, model)
    }

    fn check_drift(&self, request: &CheckDriftRequest) -> Result<DriftCheckReport> {
        drift::check_drift(self, request)
    }

    fn watch_drift(&self, request: &WatchDriftRequest, watcher: &mut dyn DriftWatcher) -> Result<DriftWatchReport> {
        drift::watch(self, request, watcher)
    }

    fn drift_history(&self, request: &DriftHistoryRequest) -> Result<DriftHistoryReport> {
        drift::history::history(self, request)
    }

    fn save_baseline(&self, request: &SaveBaselineRequest) -> Result<KeptBaseline> {
        drift::save_baseline(self, request)
    }

    fn list_baselines(&self, request: &ListBaselinesRequest) -> Result<BaselineList> {
        drift::list_baselines(self, request)
    }

    fn show_baseline(&self, request: &ShowBaselineRequest) -> Result<BaselineDetails> {
        drift::show_baseline(self, request)
    }

    fn set_baseline(&self, request: &SetBaselineRequest) -> Result<BaselineInUse> {
        drift::set_baseline(self, request)
    }
}
