//! A server that misbehaves between hivectl and a real MLflow: what is told, what is tried again, and that nothing
//! is done twice or by half. Needs `HIVECTL_TEST_PYTHON` (`tests/servers/mlflow.sh env`); without it the tests say so.
#![allow(clippy::print_stdout, reason = "a skipped test says why, and counts are told")]

mod model_cache;
mod operations;
mod operations_faults;
mod operations_killed;
mod promote_interference;
mod proxy;
mod register_schedules;
mod support;
