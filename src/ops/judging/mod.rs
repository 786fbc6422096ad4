//! Labelled tickets, and how long one answer about them takes. Which of them may judge a version is the version's own
//! matter ([`crate::kinds::loaded`]).

mod judges;
mod latency;

pub use super::load::{file_of_trees, recorded_metrics};
pub use judges::{FEWEST_TICKETS, JudgeRequest, Judges};
pub use latency::latencies;
