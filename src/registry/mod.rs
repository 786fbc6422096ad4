//! Where model versions live: one contract, [`Registry`], and the doors that keep it.
//!
//! [`embedded`] is a SQLite database in MLflow's own schema with the artifacts beside it.

mod clock;
mod contract;
mod digest;
pub mod embedded;
mod ids;
mod reference;

pub use contract::{Artifact, ArtifactFile, ModelSummary, ModelVersion, NewVersion, Registry, RunRecord, Stage};
pub use digest::sha256_hex;
pub use ids::{new_model_id, new_run_id};
pub use reference::{ModelRef, Selector, check_name};
