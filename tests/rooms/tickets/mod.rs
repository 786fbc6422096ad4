//! Tickets as an operator meets them: every shape, every form of file, everything that can be wrong.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that cannot go on says so by stopping")]

mod bad_input;
mod forms;
mod mutations;
mod python;
mod real_logs;
mod shapes;
mod support;
mod synthetic;
mod tables;
