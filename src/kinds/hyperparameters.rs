//! What was asked of the way models learn, by the names of the field.

use serde::{Deserialize, Serialize};

use super::learner::{Algorithm, Loss};

/// How models shall learn; `None` is the usual value of whoever uses it, and each kind and algorithm uses its own part
/// ([`super::ModelKind::hyperparameters`]). The names are those of scikit-learn and XGBoost, the usual values those of the
/// guides.
///
/// ```
/// use hivectl::kinds::Hyperparameters;
/// let asked = Hyperparameters { max_depth: Some(12), ..Hyperparameters::default() };
/// assert_eq!(asked.named(), ["max_depth"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hyperparameters {
    /// How durations are learned.
    pub algorithm: Option<Algorithm>,
    /// Trees, or rounds of boosting at most.
    pub n_estimators: Option<usize>,
    /// Edges from root to deepest leaf, at most.
    pub max_depth: Option<usize>,
    /// Fewest tickets of a node that is split.
    pub min_samples_split: Option<usize>,
    /// Fewest tickets of a leaf.
    pub min_samples_leaf: Option<usize>,
    /// The loss that boosting minimises.
    pub objective: Option<Loss>,
    /// Share of each tree's correction that is kept.
    pub learning_rate: Option<f64>,
    /// Share of the tickets that each boosted tree sees, in (0, 1].
    pub subsample: Option<f64>,
    /// Share of the features that each split of a forest sees, in (0, 1].
    pub max_features: Option<f64>,
    /// Share of the features that each boosted tree sees, in (0, 1].
    pub colsample_bytree: Option<f64>,
    /// Either of the two shares of features, whichever is used.
    pub column_share: Option<f64>,
    /// L1 penalty of boosted leaves.
    pub reg_alpha: Option<f64>,
    /// L2 penalty of boosted leaves.
    pub reg_lambda: Option<f64>,
    /// Rounds without improvement after which boosting stops; `None` makes all rounds.
    pub early_stopping: Option<usize>,
    /// Tickets that each tree of an isolation forest sees.
    pub max_samples: Option<usize>,
    /// Share of training tickets that an isolation forest marks, in (0, 0.5].
    pub contamination: Option<f64>,
}

impl Hyperparameters {
    /// The usual number of trees, of every kind.
    pub const USUAL_TREES: usize = 100;

    /// The names of those that were asked for, as the fields are called.
    pub fn named(&self) -> Vec<&'static str> {
        let all = [
            ("algorithm", self.algorithm.is_some()),
            ("n_estimators", self.n_estimators.is_some()),
            ("max_depth", self.max_depth.is_some()),
            ("min_samples_split", self.min_samples_split.is_some()),
            ("min_samples_leaf", self.min_samples_leaf.is_some()),
            ("objective", self.objective.is_some()),
            ("learning_rate", self.learning_rate.is_some()),
            ("subsample", self.subsample.is_some()),
            ("max_features", self.max_features.is_some()),
            ("colsample_bytree", self.colsample_bytree.is_some()),
            ("column_share", self.column_share.is_some()),
            ("reg_alpha", self.reg_alpha.is_some()),
            ("reg_lambda", self.reg_lambda.is_some()),
            ("early_stopping", self.early_stopping.is_some()),
            ("max_samples", self.max_samples.is_some()),
            ("contamination", self.contamination.is_some()),
        ];
        all.into_iter().filter(|(_, is_asked)| *is_asked).map(|(name, _)| name).collect()
    }
}
