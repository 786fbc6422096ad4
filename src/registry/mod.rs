//! Where model versions live: one contract, [`Registry`], and the doors that keep it.
//!
//! [`embedded`] is a SQLite database in MLflow's own schema with the artifacts beside it.

pub mod embedded;
mod contract;

pub use contract::{Artifact, ArtifactFile, ModelSummary, ModelVersion, NewVersion, Registry, RunRecord, Stage};
