//! The words that say how models learn.

use clap::{Args, ValueEnum};

use crate::models::{Algorithm, BoostingParameters, ForestParameters, Learner, Loss};

/// How models learn.
#[derive(Debug, Args)]
#[command(next_help_heading = "Learning")]
pub struct LearningArgs {
    /// How durations are learned [default: forest, for scheduling boosting]
    #[arg(long, value_enum, alias = "model-algorithm")]
    pub algorithm: Option<AlgorithmWord>,

    /// Number of trees, or of rounds of boosting
    #[arg(long, default_value_t = 100, value_name = "COUNT")]
    pub trees: usize,

    /// Greatest depth of a tree of the duration model [default: 10, boosted 6]
    #[arg(long, value_name = "EDGES")]
    pub depth: Option<usize>,

    /// Fewest tickets of a node that is split (forest)
    #[arg(long, default_value_t = 5, value_name = "COUNT")]
    pub min_split: usize,

    /// Fewest tickets of a leaf
    #[arg(long, default_value_t = 2, value_name = "COUNT")]
    pub min_leaf: usize,

    /// What boosting makes small
    #[arg(long, value_enum, default_value_t = LossWord::AbsoluteError, value_name = "LOSS")]
    pub objective: LossWord,

    /// Share of each tree's correction that is kept (boosting)
    #[arg(long, default_value_t = 0.1, value_name = "RATIO")]
    pub learning_rate: f64,

    /// Stop boosting after this many rounds without improvement on the latest fifth of the training tickets
    #[arg(long, value_name = "ROUNDS")]
    pub early_stopping: Option<usize>,

    /// Tickets that each tree of the anomaly detector sees
    #[arg(long, default_value_t = 256, value_name = "COUNT")]
    pub subsample: usize,

    /// Share of tickets that the anomaly detector marks in training [default: 0.05]
    #[arg(long, value_name = "RATIO")]
    pub contamination: Option<f64>,

    /// Where chance begins; the same seed and data give the same model
    #[arg(long, default_value_t = 42, value_name = "NUMBER")]
    pub seed: u64,

    /// Threads to use; 0 is one a core
    #[arg(long, default_value_t = 0, value_name = "COUNT")]
    pub threads: usize,
}

/// How durations are learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AlgorithmWord {
    /// Many deep trees, averaged
    #[value(alias = "random-forest", alias = "random_forest")]
    Forest,
    /// Many shallow trees, each correcting those before it
    #[value(alias = "xgboost", alias = "gradient-boosting", alias = "gradient_boosting")]
    Boosting,
}

/// What boosting makes small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LossWord {
    /// The mean absolute error, which the gates judge
    AbsoluteError,
    /// The mean squared error
    SquaredError,
    /// Squared for small errors, absolute for large ones
    Huber,
}

impl LearningArgs {
    /// The learner that the words describe; `usual` where no algorithm was typed.
    pub fn learner(&self, usual: Algorithm) -> Learner {
        let algorithm = match self.algorithm {
            Some(AlgorithmWord::Forest) => Algorithm::Forest,
            Some(AlgorithmWord::Boosting) => Algorithm::Boosting,
            None => usual,
        };
        match algorithm {
            Algorithm::Forest => Learner::Forest(ForestParameters {
                trees: self.trees,
                depth: self.depth.unwrap_or(10),
                min_split: self.min_split,
                min_leaf: self.min_leaf,
                column_share: 1.0,
            }),
            Algorithm::Boosting => Learner::Boosting(BoostingParameters {
                loss: match self.objective {
                    LossWord::AbsoluteError => Loss::AbsoluteError,
                    LossWord::SquaredError => Loss::SquaredError,
                    LossWord::Huber => Loss::Huber,
                },
                rounds: self.trees,
                depth: self.depth.unwrap_or(6),
                learning_rate: self.learning_rate,
                l1: 0.0,
                l2: 1.0,
                min_child_weight: self.min_leaf as f64,
                row_share: 1.0,
                column_share: 1.0,
                patience: self.early_stopping,
            }),
        }
    }
}
