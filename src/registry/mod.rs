//! Where model versions live: one contract, and the doors that keep it.
//!
//! [`Registry`] is reading and registering, [`Changes`] what is done by hand. A promotion or a rollback is a
//! [`Plan`], made by [`planning`] from what was [`Observed`], agreed to ([`Approved`]) and applied once.
//! [`serving`] knows which versions served. [`embedded`] is a SQLite database in MLflow's own schema with the
//! artifacts beside it.

mod approved;
mod changes;
mod clock;
mod contract;
pub mod embedded;
mod ids;
pub mod plan;
pub mod planning;
mod reference;
pub mod serving;

pub use crate::audit::sha256_hex;
pub use approved::{Approval, Approved};
pub use changes::{
    AliasChanged, Archival, CHAMPION, Changed, Changes, Finding, HistoryEntry, Observed, TagsChanged, Verification, several_in_production,
};
pub use contract::{Artifact, ArtifactFile, ModelSummary, ModelVersion, NewVersion, Registry, RunRecord, Stage};
pub use ids::{new_model_id, new_run_id};
pub use plan::{MetricComparison, Plan, PlanAction, RegistryIdentity};
pub use planning::{PlanRequest, Planned};
pub use reference::{ModelRef, Selector, check_name};
