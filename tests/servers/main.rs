//! The shipped binary beside real servers: MongoDB, MLflow, and an MLflow behind a proxy that misbehaves.
//!
//! The scripts beside this file start them; without them the tests say so and are skipped.

#[path = "../common/mod.rs"]
pub mod common;

mod mlflow;
mod mlflow_faults;
mod mongodb;
