//! What a registry is about, without any registry: versions, what served, plans, agreement to them, history.
//!
//! What serves is a pointer, told by [`ServingRule`]. A promotion or a rollback is a [`Plan`], made by [`planning`] from what
//! was [`Observed`], agreed to ([`Approved`]) and applied once; a [`Migration`] changes what tells what serves.
//! [`ProductionHistory`] knows which versions served. Nothing in here touches a file, a clock or a network; where versions live is the matter of [`crate::registry`].

mod annotations;
mod approval;
mod audit_entry;
mod changed;
mod criterion;
mod drift_record;
#[cfg(test)]
pub(crate) mod fixtures;
mod gate;
mod history;
mod job_record;
mod measurement;
mod migration;
mod model_filter;
mod model_ref;
mod observed;
mod plan;
pub mod planning;
mod policy;
mod production_history;
mod run_dataset;
mod serving;
mod verification;
mod version;

pub(crate) use annotations::{check_alias, check_alias_is_free, check_tags};
pub use approval::{Approval, Approved};
pub(crate) use audit_entry::AuditEntry;
pub use changed::{AliasChanged, Archival, Changed, TagsChanged};
pub use criterion::{AGE_DAYS, Criterion, DIGEST, Demand, FACTS, JUDGED_TICKETS, Operator, POSITIVES, SIGNATURE};
pub use drift_record::{DriftRecord, SavedBaseline};
pub use gate::{ChampionNumber, ChampionNumbers, CriterionResult, Gate};
pub use history::HistoryEntry;
pub(crate) use history::life;
pub use job_record::{JobFailure, JobRecord, JobStatus};
pub(crate) use measurement::{CLAIMED, MEASURED, MEASURED_ON_TAG, METRICS_TAG, check_no_password, check_tag_is_free};
pub use measurement::{KIND_TAG, Measurement};
pub(crate) use migration::STAGE_BEFORE_TAG;
pub use migration::{Migration, MigrationTarget, ModelMigration, VersionMigration};
pub use model_filter::ModelFilter;
pub(crate) use model_ref::RESERVED;
pub use model_ref::{ModelRef, Selector, check_name};
pub(crate) use observed::FEWEST_IN_STAGING;
pub use observed::{Observed, several_in_production};
pub use plan::{MetricComparison, Plan, PlanAction, RegistryIdentity, Verdict};
pub use planning::{PlanRequest, Planned};
pub use policy::{Policy, Rule, Selection, Subject};
pub use production_history::{Previous, ProductionHistory};
pub(crate) use run_dataset::CONTEXT_TAG;
pub use run_dataset::{RunDataset, TRAINING};
pub(crate) use serving::{CHALLENGER, RegistryStyle};
pub use serving::{Pointer, Serving, ServingBy, ServingRule};
pub use verification::{Standing, Verification, VerificationFinding};
pub use version::{Artifact, CHAMPION, FORCED_TAG, ModelSummary, ModelVersion, Registration, RunRecord, Stage, VersionId};
pub(crate) use version::{FINGERPRINT_TAG, PROMOTED_AT_TAG, REASON_TAG};
