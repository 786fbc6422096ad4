//! Errors, intervals and tests; every function states its formula and its source.
//!
//! [`errors`] measures predicted numbers, [`classification`] predicted classes, each by its [`ClassLabel`]; [`bootstrap`] and [`mcnemar`] say how sure a
//! difference is, [`jackknife`] what other trees would change. [`ks`] and [`psi`] tell whether a distribution moved, [`means`], [`proportion`] and
//! [`sequential`] whether a mean or a share did. [`RunningMoments`] is mean and spread of a stream. [`percentile`] and
//! [`random`] serve the others.

pub mod bootstrap;
pub mod class_label;
pub mod classification;
pub mod errors;
mod gap;
pub mod jackknife;
pub mod kolmogorov;
pub mod ks;
pub mod mcnemar;
pub mod means;
pub mod percentile;
pub mod proportion;
pub mod psi;
pub mod random;
mod running_moments;
pub mod sequential;

pub use bootstrap::{Difference, Resampling};
pub use class_label::ClassLabel;
pub use classification::{ClassScores, Classification};
pub use errors::{Confusion, RegressionErrors};
pub use running_moments::RunningMoments;
