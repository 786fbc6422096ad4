//! The embedded registry: a SQLite database that is an MLflow database, with the artifacts beside it.
//!
//! [`mlflow ui`](https://mlflow.org) opens the same file, Python loads `models:/NAME/Production` from it, and a
//! newer MLflow upgrades it by itself. hivectl's own records are in tables named `hivectl_*`.
//! One transaction is one change, so a reader sees the state before or after it and never between;
//! artifacts are on the disk before the transaction that names them commits.

mod annotate;
mod apply;
mod artifacts;
mod audit_log;
mod change;
mod condition;
mod database;
mod history;
mod journal;
mod locations;
mod manage;
mod measure;
mod observe;
mod pending;
mod place;
mod read;
mod register;
mod revisions;
mod rows;
mod statements;
mod verify;
mod view;
mod watching;

pub use condition::{Condition, Holder};
pub(super) use journal::Journal;
pub use place::{EmbeddedPlace, EmbeddedRegistry};
pub use revisions::{NEWEST as NEWEST_REVISION, WRITTEN as WRITTEN_REVISION};
