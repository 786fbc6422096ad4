//! Where model versions live: one contract, and the doors that keep it.
//!
//! [`Registry`] is reading and registering, [`Changes`] what is done by hand. A promotion or a rollback is a
//! [`Plan`], made by [`planning`] from what was [`Observed`], agreed to ([`Approved`]) and applied once.
//! [`serving`] knows which versions served. A [`bundle`] is a version as one
//! file, [`transfer`] brings versions in and out. [`embedded`] is a SQLite database in MLflow's own schema with the
//! artifacts beside it. [`Watching`] keeps baselines and drift checks.

mod annotations;
mod approved;
mod artifact_file;
mod artifact_paths;
pub mod bundle;
mod changes;
mod clock;
mod contract;
mod durable;
pub mod embedded;
mod entry;
mod history;
mod ids;
#[cfg(test)]
mod made_up;
mod measured;
pub mod mlflow;
mod model_cache;
mod package_folder;
pub mod plan;
pub mod planning;
mod process;
mod reference;
pub mod serving;
pub mod transfer;
mod watching;

pub use crate::audit::sha256_hex;
pub use approved::{Approval, Approved};
pub use artifact_file::ArtifactFile;
pub use changes::{
    AliasChanged, Archival, CHAMPION, Changed, Changes, FORCED_TAG, Finding, HistoryEntry, Intake, Observed, TagsChanged, Verification,
    several_in_production,
};
use changes::{FEWEST_IN_STAGING, FINGERPRINT_TAG, REASON_TAG};
pub use contract::{Artifact, ModelSummary, ModelVersion, NewVersion, Registry, RunRecord, Stage};
pub use durable::write_whole;
pub use ids::{new_model_id, new_run_id};
pub use measured::{KIND_TAG, Measurement};
pub use model_cache::{Cleared, Copied, ModelCache, Remembered};
pub use package_folder::read_model;
pub use plan::{MetricComparison, Plan, PlanAction, RegistryIdentity, Verdict};
pub use planning::{PlanRequest, Planned};
pub use reference::{ModelRef, Selector, check_name};
pub use watching::{DriftRecord, SavedBaseline, Watching};
