//! A server that misbehaves between hivectl and a real MLflow: what is told, what is tried again, and that nothing
//! is done twice or by half. Needs `HIVECTL_TEST_PYTHON` (`tests/servers/mlflow.sh env`); without it the tests say so.
#![allow(clippy::print_stdout, reason = "a skipped test says why, and counts are told")]

mod away;
mod changes;
mod interfering;
mod killed;
mod misbehaviour;
mod proxy;
mod schedules;
mod support;
