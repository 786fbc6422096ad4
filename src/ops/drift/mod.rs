//! Has the work changed since a version was trained? Baselines kept with versions, checks against them.

pub mod baseline;
pub mod check;
pub mod history;
pub mod metrics;
pub(super) mod predictions;
pub mod watch;
pub(super) mod window;

pub use baseline::{BaselineChoice, Chosen};
pub use check::{CheckReport, CheckRequest, Method};
