//! The shipped binary as its users meet it: what it prints, what it leaves behind, how it ends.
#![allow(clippy::print_stdout, reason = "a skipped test says why")]

#[path = "../common/files.rs"]
mod files;
#[path = "../common/gzip.rs"]
mod gzip;
#[path = "../common/home.rs"]
mod home;
#[path = "../common/python.rs"]
mod python;
#[path = "../common/servers.rs"]
mod servers;
#[path = "../common/shared.rs"]
mod shared;
#[path = "../common/terminal.rs"]
mod terminal;

mod bad_input;
mod change;
mod compare;
mod config;
mod contract;
mod drift;
mod drift_input;
mod evidence;
mod examples;
mod failure;
mod gate;
mod killed;
mod learning;
mod mlflow;
mod model_files;
mod prometheus;
mod promises;
mod prompts;
mod real_jobs;
mod retrain;
mod support;
mod training;
mod validate;
mod watching;
