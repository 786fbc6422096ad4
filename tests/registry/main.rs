//! The embedded registry, from outside: what is registered is there, whole, for hivectl and for MLflow.

#![allow(clippy::print_stderr, reason = "tests say what they skip and what they counted")]

#[path = "../common/mod.rs"]
pub mod common;

mod changes;
mod changes_concurrent;
mod changes_killed;
mod changes_random;
mod child_jobs;
mod export_import;
mod faults;
mod mlflow;
mod reading;
mod register;
mod serving;
mod support;
mod toy_kind;
