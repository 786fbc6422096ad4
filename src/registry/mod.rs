//! Where model versions live: one contract, and the registries that keep it.
//!
//! A [`Registry`] is opened by what is set ([`open`]) and offers capabilities ([`ModelStore`], [`Promotion`], …); what they
//! speak of is [`crate::lifecycle`]. [`package`] is a version's files, [`transfer`] brings versions in and out. [`embedded`]
//! is a SQLite database in MLflow's own schema with the artifacts beside it, [`mlflow`] a server, [`file_store`] a
//! folder of MLflow's that can only be read. The `journal` keeps the
//! audit log and drift checks.

mod clock;
mod contract;
pub mod embedded;
pub mod file_store;
mod folders;
mod ids;
mod job_file;
mod journal;
pub mod mlflow;
mod model_cache;
mod open;
pub mod package;
mod process;
pub mod transfer;
mod uri;

pub use contract::{
    Annotations, AuditLog, DriftStore, JobLog, Leases, ModelStore, NewVersion, Promotion, Registration, Registry, Submission,
};
pub use ids::{new_model_id, new_run_id};
pub use job_file::JobFile;
pub use model_cache::{Cleared, Copied, ModelCache, Remembered};
pub use open::{Options, ServerOptions, Timeouts, Warnings, open};
pub use package::{ArtifactFile, ModelFiles, bundle, read_model};
pub use uri::{RegistrySetting, RegistryUri};
