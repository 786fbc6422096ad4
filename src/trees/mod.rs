//! Trees: one in-memory model ([`ensemble`]), grown by one path (`bins → histogram → grow`) into
//! forests, boosted ensembles and isolation forests, scored and explained by one walk.
//!
//! Everything here is pure and deterministic: the same data, parameters and seed give the same
//! model to the last bit, whatever the number of threads.

pub mod ensemble;
pub mod matrix;

mod arithmetic;
mod bins;
mod calibrator;
mod cells;
mod coded;
mod committee;
mod compiled;
mod criteria;
mod fixed_point;
mod grow;
mod histogram;
mod instruction_set;
mod leaves;
mod linear;
mod linear_trees;
mod linfa_traits;
mod link;
mod ranks;
mod rows;
mod setters;
mod split;
mod threads;
mod transformation;
mod walk;
mod wide;

pub mod boosting;
pub mod explain;
pub mod forest;
pub mod interval;
pub mod isolation;
pub mod objective;
pub mod path_reasons;
mod score;
pub mod scorer;

pub use arithmetic::Arithmetic;
pub use bins::MOST_BINS;
pub use boosting::{BoostingParams, BoostingValidParams, EarlyStopping, FittedBoosting, fit_boosting};
pub use calibrator::Calibrator;
pub use committee::{Committee, Member, Model, Rule, Taken, highest, shares};
pub use ensemble::{
    Aggregation, CategoricalSplit, EnsembleTask, IsolationScore, Precision, ThresholdComparison, Tree, TreeEnsemble, average_path_length,
    gain_importances,
};
pub use explain::{Explainer, PermutationImportance, permutation_importances};
pub use forest::{FittedForest, MOST_CLASSES, RandomForestParams, RandomForestValidParams, fit_forest, fit_forest_classifier};
pub use grow::MOST_DEPTH;
pub use isolation::{FittedIsolation, IsolationForestParams, IsolationForestValidParams, fit_isolation};
pub use linear::LinearModel;
pub use linear_trees::{LinearLeaf, LinearTrees};
pub use link::LinkFunction;
pub use matrix::Columns;
pub use objective::Objective;
pub use path_reasons::PathReasons;
pub use scorer::{Scorer, WithoutPart, score, score_without_parts};
pub use transformation::Transformation;
pub use wide::score_wide;
