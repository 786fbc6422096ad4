//! Trees: one in-memory model ([`ensemble`]), grown by one path (`bins → histogram → grow`) into
//! forests, boosted ensembles and isolation forests, scored and explained by one walk.
//!
//! Everything here is pure and deterministic: the same data, parameters and seed give the same
//! model to the last bit, whatever the number of threads.

pub mod ensemble;
pub mod matrix;

mod bins;
mod compiled;
mod fixed_point;
mod grow;
mod histogram;
mod random;
mod rows;
mod split;

pub mod explain;
pub mod forest;
pub mod interval;
pub mod isolation;
pub mod path_reasons;
pub mod score;

pub use bins::MOST_BINS;
pub use ensemble::{Aggregation, CategoricalSplit, Comparison, IsolationScore, Link, Task, Tree, TreeEnsemble};
pub use forest::{FittedForest, RandomForestParams, RandomForestValidParams, fit_forest};
pub use isolation::{FittedIsolation, IsolationForestParams, IsolationForestValidParams, fit_isolation};
pub use matrix::Columns;
pub use path_reasons::PathReasons;
pub use score::{Scorer, score};
