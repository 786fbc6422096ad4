//! Has the work changed since a baseline, and for whom?
//!
//! [`observations`] are tickets as this room sees them, [`baseline`] keeps those that later ones are compared
//! with. [`robust`] is our rule: shapes ([`shape`]), values never seen ([`novelty`]), the same requesters then and
//! now ([`paired`]), slices ([`segment`], among them the
//! groups of [`workload`] and requesters by their [`rises`]), with the calendar as weight ([`season`]) and bursts as units
//! ([`blocks`]); [`error_ratio`] is the alarm. [`reference`] is the running system's rule with its own numbers.
//! [`verdict`] holds what both answer; [`pattern`] looks at many checks, [`streamed`] at tickets that no memory holds.
//!
//! Tickets come in bursts: a test that takes each for itself always alarms, so every test here counts blocks
//! of tickets.

pub mod baseline;
pub mod blocks;
pub mod error_ratio;
pub mod novelty;
pub mod observations;
pub mod paired;
pub mod pattern;
pub mod reference;
pub mod rises;
pub mod robust;
pub mod season;
pub mod segment;
pub mod shape;
pub mod streamed;
pub mod verdict;
pub mod workload;

pub use baseline::{Baseline, BaselineOrigin};
pub use observations::Observations;
pub use verdict::{DriftStatus, Method, Threshold};
