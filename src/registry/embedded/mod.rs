//! The embedded registry: a SQLite database that is an MLflow database, with the artifacts beside it.
//!
//! [`mlflow ui`](https://mlflow.org) opens the same file, Python loads `models:/NAME/Production` from it, and a
//! newer MLflow upgrades it by itself. hivectl's own records are in tables named `hivectl_*`.
//! One transaction is one change, so a reader sees the state before or after it and never between;
//! artifacts are on the disk before the transaction that names them commits.

mod annotations;
mod artifacts;
mod condition;
mod datasets;
mod deleted;
mod drift;
mod history;
mod jobs;
mod leases;
mod locations;
mod migration;
mod observe;
mod pending;
mod promotion;
mod read;
mod registration;
mod registry;
mod rows;
mod statements;
mod verify;

pub use super::journal::revisions::{NEWEST as NEWEST_REVISION, WRITTEN as WRITTEN_REVISION};
pub use condition::{Condition, Holder};
pub use registry::{EmbeddedLocation, EmbeddedRegistry};
