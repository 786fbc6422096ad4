//! Errors, intervals and tests; every function states its formula and its source.
//!
//! [`errors`] judges predictions, [`classification`] told classes, [`bootstrap`] and [`mcnemar`] say how sure a difference is, [`percentile`] and
//! [`random`] serve both; [`similarity`] finds the name that a mistyped one means.

pub mod bootstrap;
pub mod classification;
pub mod errors;
pub mod mcnemar;
pub mod percentile;
pub mod random;
pub mod similarity;

pub use bootstrap::{Difference, Resampling};
pub use classification::{ClassScores, Classification};
pub use errors::{Confusion, RegressionErrors};
