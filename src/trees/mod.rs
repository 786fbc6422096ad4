//! Trees: one in-memory model ([`ensemble`]), grown by one path (`bins → histogram → grow`) into
//! forests, boosted ensembles and isolation forests, scored and explained by one walk.
//!
//! Everything here is pure and deterministic: the same data, parameters and seed give the same
//! model to the last bit, whatever the number of threads.

pub mod ensemble;
pub mod matrix;

pub use ensemble::{Aggregation, CategoricalSplit, Comparison, IsolationScore, Link, Task, Tree, TreeEnsemble};
pub use matrix::Columns;
