//! Where model versions live: one contract, [`Registry`], and the doors that keep it.
//!
//! [`embedded`] is a SQLite database in MLflow's own schema with the artifacts beside it.

pub mod embedded;
mod contract;
mod reference;

pub use contract::{Artifact, ArtifactFile, ModelSummary, ModelVersion, NewVersion, Registry, RunRecord, Stage};
pub use reference::{ModelRef, Selector, check_name};
