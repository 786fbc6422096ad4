//! The embedded registry, from outside: what is registered is there, whole, for hivectl and for MLflow.

#![allow(clippy::print_stderr, reason = "tests say what they skip and what they counted")]

#[path = "../common/folders.rs"]
mod folders;
#[path = "../common/python.rs"]
mod python;

mod changing;
mod dying;
mod faults;
mod jobs;
mod machine;
mod mlflow;
mod racing;
mod storing;
mod support;
mod transferring;
