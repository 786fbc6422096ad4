//! The words that say how models learn.

use clap::{Args, ValueEnum};

use crate::config::data_directory;
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::{Algorithm, Hyperparameters, Loss};
use crate::ops::tune::TuneRequest;

/// How models learn.
#[derive(Debug, Args)]
#[command(next_help_heading = "Learning")]
pub struct LearningArgs {
    /// How durations are learned [default: forest, for scheduling boosting]
    #[arg(long, value_enum)]
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

    /// Share of the tickets that each boosted tree sees
    #[arg(long, default_value_t = 1.0, value_name = "RATIO")]
    pub row_share: f64,

    /// Share of the features that each boosted tree, or each split of a forest, sees
    #[arg(long, default_value_t = 1.0, value_name = "RATIO")]
    pub column_share: f64,

    /// L1 penalty of boosted leaves
    #[arg(long, default_value_t = 0.0, value_name = "ALPHA")]
    pub l1: f64,

    /// L2 penalty of boosted leaves
    #[arg(long, default_value_t = 1.0, value_name = "LAMBDA")]
    pub l2: f64,

    /// Stop boosting after this many rounds without improvement on the latest fifth of the training tickets
    #[arg(long, value_name = "ROUNDS")]
    pub early_stopping: Option<usize>,

    /// Also tell how much the error of durations grows, on the tickets that judge, when a feature is shuffled
    #[arg(long)]
    pub permutation: bool,

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

/// Whether and how long to look for better settings.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tuning")]
pub struct TuningArgs {
    /// First look for better settings, judged on the earlier tickets alone; the same command goes on where it stopped
    #[arg(long)]
    pub tune: bool,

    /// Settings to try, a kind
    #[arg(long, default_value_t = 30, value_name = "COUNT", requires = "tune")]
    pub tune_trials: usize,

    /// Begin no further trial of a kind after so many minutes
    #[arg(long, default_value_t = 10.0, value_name = "MINUTES", requires = "tune")]
    pub tune_minutes: f64,
}

impl TuningArgs {
    /// What was asked for; trials are kept unless nothing may be written.
    pub fn request(&self, dry_run: bool) -> Result<Option<TuneRequest>> {
        if !self.tune {
            return Ok(None);
        }
        if !(self.tune_minutes > 0.0 && self.tune_minutes.is_finite()) || self.tune_trials == 0 {
            return Err(Error::new(
                ErrorKind::Usage,
                format!("{} trials in {} minutes is no tuning; both are above 0", self.tune_trials, self.tune_minutes),
            ));
        }
        let folder = if dry_run { None } else { Some(data_directory()?.join("tuning")) };
        Ok(Some(TuneRequest { trials: self.tune_trials, minutes: self.tune_minutes, folder }))
    }
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
    /// What the words ask for; `contamination` comes from the settings.
    pub fn hyperparameters(&self, contamination: Option<f64>) -> Hyperparameters {
        Hyperparameters {
            algorithm: self.algorithm.map(|word| match word {
                AlgorithmWord::Forest => Algorithm::Forest,
                AlgorithmWord::Boosting => Algorithm::Boosting,
            }),
            trees: self.trees,
            depth: self.depth,
            min_split: self.min_split,
            min_leaf: self.min_leaf,
            loss: match self.objective {
                LossWord::AbsoluteError => Loss::AbsoluteError,
                LossWord::SquaredError => Loss::SquaredError,
                LossWord::Huber => Loss::Huber,
            },
            learning_rate: self.learning_rate,
            row_share: self.row_share,
            column_share: self.column_share,
            l1: self.l1,
            l2: self.l2,
            patience: self.early_stopping,
            subsample: self.subsample,
            contamination: contamination.unwrap_or(Hyperparameters::default().contamination),
        }
    }
}
