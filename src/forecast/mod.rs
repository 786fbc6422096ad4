//! Load over time: series, forecasts and how sure they are.
//!
//! [`Collector`] makes a [`Series`] of tickets. Each [`Candidate`] says what comes next; [`Backtest`] asks all of them at
//! moments of the past, from what was known then; [`Blend`] takes those that did best, by how far ahead, with the errors
//! they made as bounds; [`Forecaster`] does all of it and is judged at moments that chose nothing. Nothing is ever made up
//! where the history is too short: that is an error.

mod backtest;
mod blend;
mod candidates;
mod local;
mod measure;
mod metrics;
mod outage;
pub mod prophet;
pub mod regression;
pub mod rules;
mod scale;
mod series;
mod trained;

pub use backtest::Backtest;
pub use blend::{Blend, Forecast};
pub use candidates::Candidate;
pub use local::LocalTime;
pub use measure::{Collector, Measure, Moments};
pub use metrics::{ForecastErrors, Judged};
pub use outage::{Outage, outages};
pub use scale::Scale;
pub use series::{Cycle, Series};
pub use trained::{CandidateErrors, Forecaster, MOST_STEPS, Standing, Trial};
