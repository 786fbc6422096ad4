//! Model files: read what other tools wrote, write what other tools read.
//!
//! The golden files stand in `../shared/oracles` (elsewhere by `HIVECTL_SHARED`). Tests against the
//! real libraries take a Python from `HIVECTL_TEST_PYTHON` (scikit-learn 1.9, ONNX Runtime, MLflow 3)
//! and `HIVECTL_TEST_PYTHON_MLFLOW2` (scikit-learn 1.5, MLflow 2.19). What is absent is told as a line
//! that begins with `SKIPPED:`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that cannot go on says so by stopping, and what it skips"
)]

mod boosters;
mod fixtures;
mod graphs;
pub mod grid;
mod hostile;
mod onnx;
mod packages;
mod pickles;
mod pipelines;
mod sklearn;
mod support;
mod ties;
mod wrapped;
