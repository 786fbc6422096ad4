//! The shipped binary as its users meet it, verb by verb: what it prints, what it leaves behind, how it ends.
#![allow(clippy::print_stdout, reason = "a skipped test says why")]

#[path = "../common/mod.rs"]
pub mod common;

mod alias;
mod apply;
mod archive;
mod audit;
mod compare;
mod completions;
mod config_check;
mod config_contexts;
mod config_list;
mod config_set;
mod doctor;
mod drift_baseline;
mod drift_check;
mod drift_check_input;
mod drift_history;
mod drift_metrics;
mod drift_watch;
mod environment;
mod explain;
mod export_import;
mod former_commands;
mod help;
mod instructions;
mod man;
mod mlflow_same_file;
mod models_list;
mod output;
mod output_csv;
mod predict;
mod promote;
mod prompts;
mod protected_contexts;
mod readme;
mod register;
mod registry_0_1_0;
mod retrain;
mod rollback;
mod runbook;
mod screens;
mod screens_mask;
mod suggested_commands;
mod support;
mod train;
mod train_algorithms;
mod train_gate;
mod train_input;
mod train_killed;
mod train_real_jobs;
mod train_tuning;
mod validate;
mod validate_files;
mod verify;
