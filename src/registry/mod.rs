//! Where model versions live: one contract, and the doors that keep it.
//!
//! [`Registry`] is reading and registering, [`Changes`] what is done by hand; what they speak of is
//! [`crate::lifecycle`]. A [`bundle`] is a version as one file, [`transfer`] brings versions in and out. [`embedded`] is a
//! SQLite database in MLflow's own schema with the artifacts beside it. [`Watching`] keeps baselines and drift checks.

mod artifact_file;
mod artifact_paths;
pub mod bundle;
mod changes;
mod clock;
mod contract;
mod durable;
pub mod embedded;
mod ids;
pub mod mlflow;
mod model_cache;
mod package_folder;
mod process;
pub mod transfer;
mod watching;

pub use crate::audit::sha256_hex;
pub use artifact_file::ArtifactFile;
pub use changes::{Changes, Intake};
pub use contract::{NewVersion, Registry};
pub use durable::write_whole;
pub use ids::{new_model_id, new_run_id};
pub use model_cache::{Cleared, Copied, ModelCache, Remembered};
pub use package_folder::read_model;
pub use watching::Watching;
