//! What scikit-learn's forests are made of, whatever file they are in: objects to ensemble
//! ([`read_forest`]) and ensemble to objects ([`forest_object`]).
//!
//! The layout is the one scikit-learn 1.5 to 1.9 share. A tree is a table of 64-byte records in
//! pre-order; the estimators around it carry their hyperparameters.

mod committee;
mod container;
mod encoders;
mod gradient_boosting;
mod histogram;
mod limits;
mod linear;
mod parts;
mod pipeline;
mod reading;
mod writing;

use crate::trees::TreeEnsemble;

use gradient_boosting::read_gradient_boosting;
use histogram::read_histogram_boosting;
pub(super) use pipeline::read_model;
pub(super) use reading::{labels, read_forest};
pub(super) use writing::forest_object;

/// The version of scikit-learn that written models name; another one loads them too and says so in
/// a warning.
pub const WRITTEN_VERSION: &str = "1.9.1";

/// Which of scikit-learn's forests the ensemble is.
///
/// ```
/// use hivectl::formats::sklearn::{ForestFamily, ForestHyperparameters};
///
/// assert_eq!(ForestHyperparameters::default().family, ForestFamily::RandomForest);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForestFamily {
    /// `RandomForestRegressor` or `RandomForestClassifier`.
    #[default]
    RandomForest,
    /// `ExtraTreesRegressor` or `ExtraTreesClassifier`.
    ExtraTrees,
    /// `IsolationForest`.
    Isolation,
}

/// Columns looked at for each split, scikit-learn's `max_features`.
///
/// ```
/// use hivectl::formats::sklearn::{ForestHyperparameters, MaxFeatures};
///
/// assert_eq!(ForestHyperparameters::default().max_features, MaxFeatures::Share(1.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MaxFeatures {
    /// This share of all columns, in (0, 1].
    Share(f64),
    /// This many columns.
    Count(u32),
    /// `"sqrt"`.
    SquareRoot,
    /// `"log2"`.
    Logarithm,
}

/// How a forest was grown, in scikit-learn's words. It plays no part in scoring.
///
/// ```
/// use hivectl::formats::sklearn::ForestHyperparameters;
///
/// let grown = ForestHyperparameters { max_depth: Some(10), ..ForestHyperparameters::default() };
/// assert_eq!((grown.min_samples_split, grown.min_samples_leaf), (2, 1));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ForestHyperparameters {
    pub family: ForestFamily,
    /// In edges; `None` without limit. An isolation forest's follows from its subsample.
    pub max_depth: Option<u32>,
    pub min_samples_split: u32,
    pub min_samples_leaf: u32,
    pub max_features: MaxFeatures,
    /// Whether each tree saw a bootstrap sample.
    pub bootstrap: bool,
    /// `random_state`.
    pub seed: Option<u32>,
    /// Rows the forest was trained on; 0 where unknown.
    pub training_rows: u64,
}

impl Default for ForestHyperparameters {
    /// scikit-learn's defaults for `RandomForestRegressor`.
    fn default() -> Self {
        ForestHyperparameters {
            family: ForestFamily::RandomForest,
            max_depth: None,
            min_samples_split: 2,
            min_samples_leaf: 1,
            max_features: MaxFeatures::Share(1.0),
            bootstrap: true,
            seed: None,
            training_rows: 0,
        }
    }
}

/// A forest as scikit-learn keeps it: the trees and how they were grown.
///
/// ```
/// use hivectl::formats::pickle;
/// use hivectl::formats::sklearn::ForestHyperparameters;
/// use hivectl::trees::{Columns, RandomForestParams, fit_forest};
/// use linfa::ParamGuard;
///
/// let size = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
/// let duration = [10.0, 10.0, 10.0, 20.0, 20.0, 20.0];
/// let matrix = Columns::new(vec![&size[..]], 6)?;
/// let parameters = RandomForestParams::new().trees(5).bootstrap(false).min_split(2).min_leaf(1).check()?;
/// let grown = fit_forest(&parameters, &matrix, &duration, 1, &|_| ())?.ensemble;
/// let file = pickle::write_forest(&grown, &ForestHyperparameters { seed: Some(7), ..ForestHyperparameters::default() })?;
/// let forest = pickle::read_forest(&file)?;
/// assert_eq!((forest.ensemble.trees.len(), forest.hyperparameters.seed), (5, Some(7)));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Forest {
    pub ensemble: TreeEnsemble,
    pub hyperparameters: ForestHyperparameters,
}
