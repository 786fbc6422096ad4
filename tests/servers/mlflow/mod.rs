//! A real MLflow server as registry, through the shipped binary: 2.19, 3.17 and 3.18, each started once for this program.
//!
//! `tests/servers/mlflow.sh` makes the environments and starts the servers; without them the tests say so and are
//! skipped. Every test has model names of its own.
#![allow(clippy::print_stdout, reason = "a skipped test says why")]

mod authentication;
mod changes;
mod connection;
mod gate;
mod housekeeping;
mod jobs;
mod models_from_python;
mod promote_concurrent;
mod push_pull;
mod serving;
mod serving_random;
mod support;
mod train;
mod upgraded;
mod walk;
