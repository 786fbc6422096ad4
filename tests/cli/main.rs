//! The shipped binary as its users meet it, verb by verb: what it prints, what it leaves behind, how it ends.
#![allow(clippy::print_stdout, reason = "a skipped test says why")]

#[path = "../common/mod.rs"]
pub mod common;

mod bad_input;
mod change;
mod compare;
mod completion;
mod config;
mod contexts;
mod contract;
mod doctor;
mod drift;
mod drift_input;
mod environment;
mod evidence;
mod explain;
mod failure;
mod gate;
mod habits;
mod help;
mod killed;
mod learning;
mod manual;
mod mlflow;
mod model_files;
mod models_home;
mod normal;
mod prometheus;
mod promises;
mod prompts;
mod protected;
mod readme;
mod real_jobs;
mod retrain;
mod rows;
mod runbooks;
mod screens;
mod settings;
mod support;
mod training;
mod validate;
mod watching;
