//! Tickets as an operator meets them: every shape, every form of file, everything that can be wrong.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that cannot go on says so by stopping")]

mod damaged_files;
mod files;
mod job_logs;
mod python_repr;
mod refused_files;
mod shapes;
mod support;
mod synthetic;
mod written_tables;
