//! Has the work changed since a version was trained? Baselines kept with versions, checks against them.
//!
//! Predictions of a check are the stored ones of that version; those that the running system stores without a name
//! count since the version went into Production, and an estimate that was passed on counts never. The rest is
//! recomputed as of each ticket's creation. Tickets that the version has learned from judge it in neither way. Where
//! the version's error cannot be measured, or a fifth of the times cannot be, nothing is ok.

pub(super) mod baseline;
pub(super) mod check;
mod comparison;
pub(super) mod history;
mod jobs;
mod metrics;
pub(super) mod predictions;
mod report;
mod watch;
pub(super) mod window;

pub(super) use crate::drift::Method;
pub(super) use baseline::BaselineChoice;
pub(super) use comparison::{DriftSettings, switched_off};
