//! Registered versions on labelled tickets, each judged only by tickets that it has not learned from.
//!
//! A ticket later than everything that a version's history knows is judged as in service: the statistics that
//! travel with the version, last durations running on. A ticket of the holdout of its training is already in
//! that history; it is judged as it was then, with the statistics learned again from the version's training
//! tickets, which takes that they are among the tickets at hand. What a version of another tool has learned
//! from is not recorded: every ticket judges it, with what was known when the ticket was created, and those
//! from before it was registered are told as doubtful.
//!
//! [`judges`] are the tickets, a [`runner`] is a version that can be run, [`foreign`] finds out what a version
//! of another tool is, [`latency`] times single answers,
//! [`stretches`] answers for more tickets than memory holds.

pub(super) mod foreign;
mod judges;
mod latency;
mod runner;
mod stretches;

pub use foreign::file_of_trees;
pub use judges::{FEWEST_TICKETS, JudgeRequest, Judges};
pub use latency::{Latency, latencies};
pub use runner::{Answers, Runner, Truth, recorded_metrics};
pub use stretches::{AsOfCreation, Stretches};
