//! The embedded registry, from outside: what is registered is there, whole, for hivectl and for MLflow.

#![allow(clippy::print_stderr, reason = "tests say what they skip and what they counted")]

#[path = "../common/mod.rs"]
pub mod common;

mod changing;
mod dying;
mod faults;
mod jobs;
mod machine;
mod mlflow;
mod racing;
mod reading;
mod storing;
mod support;
mod transferring;
