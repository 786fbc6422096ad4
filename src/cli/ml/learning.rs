//! The words that say how models learn.

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::api::train::TuningRequest;
use crate::api::words::{Algorithm, Hyperparameters, Loss};

/// How models learn.
#[derive(Debug, Args)]
#[command(next_help_heading = "Learning")]
pub struct LearningArgs {
    /// How durations are learned [default: forest, for scheduling boosting]
    #[arg(long, value_parser = algorithm_parser())]
    pub algorithm: Option<Algorithm>,

    /// Number of trees, or of rounds of boosting [default: 100]
    #[arg(long, visible_alias = "trees", value_name = "COUNT")]
    pub n_estimators: Option<usize>,

    /// Greatest depth of a tree of the duration model [default: 10, boosted 6]
    #[arg(long, visible_alias = "depth", value_name = "EDGES")]
    pub max_depth: Option<usize>,

    /// Fewest tickets of a node that is split (forest) [default: 5]
    #[arg(long, visible_alias = "min-split", value_name = "COUNT")]
    pub min_samples_split: Option<usize>,

    /// Fewest tickets of a leaf [default: 2]
    #[arg(long, visible_alias = "min-leaf", value_name = "COUNT")]
    pub min_samples_leaf: Option<usize>,

    /// Loss that boosting minimises [default: absolute-error]
    #[arg(long, value_name = "LOSS", value_parser = loss_parser())]
    pub objective: Option<Loss>,

    /// Share of each tree's correction that is kept (boosting) [default: 0.1]
    #[arg(long, value_name = "RATIO")]
    pub learning_rate: Option<f64>,

    /// Share of the tickets that each boosted tree sees [default: 1]
    #[arg(long, visible_alias = "row-share", value_name = "RATIO", value_parser = subsample)]
    pub subsample: Option<f64>,

    /// Share of the features that each split of a forest sees [default: 1]
    #[arg(long, value_name = "RATIO")]
    pub max_features: Option<f64>,

    /// Share of the features that each boosted tree sees [default: 1]
    #[arg(long, value_name = "RATIO")]
    pub colsample_bytree: Option<f64>,

    /// Either of --max-features and --colsample-bytree, whichever is used
    #[arg(long, hide = true, value_name = "RATIO", conflicts_with_all = ["max_features", "colsample_bytree"])]
    pub column_share: Option<f64>,

    /// L1 penalty of boosted leaves [default: 0]
    #[arg(long, visible_alias = "l1", value_name = "ALPHA")]
    pub reg_alpha: Option<f64>,

    /// L2 penalty of boosted leaves [default: 1]
    #[arg(long, visible_alias = "l2", value_name = "LAMBDA")]
    pub reg_lambda: Option<f64>,

    /// Stop boosting after this many rounds without improvement on the latest fifth of the training tickets
    #[arg(long, value_name = "ROUNDS")]
    pub early_stopping: Option<usize>,

    /// Also measure how much the error of durations grows, on the tickets that judge, when a feature is shuffled
    #[arg(long)]
    pub permutation: bool,

    /// Tickets that each tree of the anomaly detector sees [default: 256]
    #[arg(long, value_name = "COUNT")]
    pub max_samples: Option<usize>,

    /// Share of tickets that the anomaly detector marks in training [default: 0.05]
    #[arg(long, value_name = "RATIO")]
    pub contamination: Option<f64>,

    /// Seed of the random numbers; the same seed and data give the same model
    #[arg(long, default_value_t = 42, value_name = "NUMBER")]
    pub seed: u64,

    /// Threads to use; 0 is one a core
    #[arg(long, default_value_t = 0, value_name = "COUNT")]
    pub threads: usize,
}

/// The algorithms of durations.
fn algorithm_parser() -> impl TypedValueParser<Value = Algorithm> {
    let value = |algorithm: Algorithm| {
        PossibleValue::new(algorithm.to_string()).help(algorithm.help()).aliases(algorithm.aliases().iter().copied())
    };
    PossibleValuesParser::new(Algorithm::ALL.map(value)).try_map(|word| word.parse::<Algorithm>())
}

/// The losses of boosting.
fn loss_parser() -> impl TypedValueParser<Value = Loss> {
    PossibleValuesParser::new(Loss::ALL.map(|loss| PossibleValue::new(loss.typed()).help(loss.help()))).try_map(|word| word.parse::<Loss>())
}

/// A ratio; a number of tickets is what the flag took before.
fn subsample(word: &str) -> Result<f64, String> {
    match word.parse::<f64>() {
        Ok(count) if count > 1.0 && count.fract() == 0.0 => Err(format!(
            "it is the share of the tickets that each boosted tree sees; the tickets that each tree of the anomaly detector sees are --max-samples {count}"
        )),
        Ok(ratio) => Ok(ratio),
        Err(error) => Err(error.to_string()),
    }
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
    /// What was asked for.
    pub fn request(&self) -> Option<TuningRequest> {
        self.tune.then_some(TuningRequest { trials: self.tune_trials, minutes: self.tune_minutes })
    }
}

impl LearningArgs {
    /// What was typed of how models learn.
    pub fn hyperparameters(&self) -> Hyperparameters {
        Hyperparameters {
            algorithm: self.algorithm,
            n_estimators: self.n_estimators,
            max_depth: self.max_depth,
            min_samples_split: self.min_samples_split,
            min_samples_leaf: self.min_samples_leaf,
            objective: self.objective,
            learning_rate: self.learning_rate,
            subsample: self.subsample,
            max_features: self.max_features,
            colsample_bytree: self.colsample_bytree,
            column_share: self.column_share,
            reg_alpha: self.reg_alpha,
            reg_lambda: self.reg_lambda,
            early_stopping: self.early_stopping,
            max_samples: self.max_samples,
            contamination: self.contamination,
        }
    }
}
