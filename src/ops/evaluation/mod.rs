//! Labelled tickets, and how long one answer about them takes. Which of them may judge a version is the version's own
//! matter ([`crate::kinds::loaded`]).

mod evaluation_set;
mod latency;

pub use super::load::{file_of_trees, recorded_metrics};
pub use evaluation_set::{EvaluationRequest, EvaluationSet, FEWEST_TICKETS};
pub use latency::latencies;
