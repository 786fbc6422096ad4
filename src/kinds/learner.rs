//! The two ways a duration is learned: a random forest, or gradient boosting.

use std::str::FromStr;

use linfa::ParamGuard;
use serde::{Deserialize, Serialize};

use super::package::TreesForm;
use super::training::TrainingContext;
use crate::error::{Error, ErrorKind, Result};
use crate::features::FeatureFrame;
use crate::formats::xgboost;
use crate::trees::{
    BoostingParams, BoostingValidParams, EarlyStopping, Objective, RandomForestParams, RandomForestValidParams, TreeEnsemble, fit_boosting,
    fit_forest, score,
};

/// Share of the training tickets, the latest, that calibrate the interval of a boosted model.
const CALIBRATION_SHARE: f64 = 0.2;

/// The two ways.
///
/// ```
/// use hivectl::kinds::Algorithm;
/// assert_eq!(Algorithm::Forest.to_string(), "forest");
/// assert_eq!("xgboost".parse::<Algorithm>()?, Algorithm::Boosting);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Algorithm {
    Forest,
    Boosting,
}

/// How a random forest grows.
///
/// ```
/// use hivectl::kinds::{ForestParameters, Learner};
/// let forest = ForestParameters { trees: 100, depth: 10, min_split: 5, min_leaf: 2, column_share: 1.0 };
/// assert!(Learner::Forest(forest.clone()).check().is_ok());
/// let refused = Learner::Forest(ForestParameters { column_share: 0.0, ..forest }).check().expect_err("no column to choose");
/// assert_eq!(refused.kind().exit_code(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForestParameters {
    pub trees: usize,
    /// Edges from root to deepest leaf, at most.
    pub depth: usize,
    pub min_split: usize,
    pub min_leaf: usize,
    /// Share of the features that each split chooses among, in (0, 1].
    pub column_share: f64,
}

/// The loss that boosting minimises, by the name that runs record.
///
/// ```
/// assert_eq!(hivectl::kinds::Loss::Huber.to_string(), "huber");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Loss {
    SquaredError,
    AbsoluteError,
    /// Squared up to the median absolute deviation of the training durations, absolute beyond.
    Huber,
}

/// How boosting goes.
///
/// ```
/// use hivectl::kinds::{BoostingParameters, Learner, Loss};
/// let boosting = BoostingParameters {
///     loss: Loss::AbsoluteError, rounds: 100, depth: 6, learning_rate: 0.1, l1: 0.0, l2: 1.0, min_child_weight: 2.0,
///     row_share: 1.0, column_share: 1.0, patience: None,
/// };
/// // By the names that XGBoost gives them.
/// assert!(Learner::Boosting(boosting).params().contains(&("reg_lambda", "1".into())));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoostingParameters {
    pub loss: Loss,
    /// Trees at most.
    pub rounds: usize,
    /// Edges from root to deepest leaf, at most.
    pub depth: usize,
    pub learning_rate: f64,
    pub l1: f64,
    pub l2: f64,
    pub min_child_weight: f64,
    pub row_share: f64,
    pub column_share: f64,
    /// Rounds without improvement on the latest fifth after which to stop; `None` makes all rounds.
    pub patience: Option<usize>,
}

/// One way with its parameters.
///
/// ```
/// use hivectl::kinds::{Algorithm, ForestParameters, Learner};
/// let forest = ForestParameters { trees: 100, depth: 10, min_split: 5, min_leaf: 2, column_share: 1.0 };
/// let learner = Learner::Forest(forest);
/// assert_eq!((learner.algorithm(), learner.trees_to_grow()), (Algorithm::Forest, 100));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "algorithm", rename_all = "snake_case")]
pub enum Learner {
    Forest(ForestParameters),
    Boosting(BoostingParameters),
}

/// What was learned.
pub(super) struct FittedTrees {
    pub ensemble: TreeEnsemble,
    /// Share of each feature in the total gain.
    pub importances: Vec<f64>,
    pub calibration: Calibration,
}

/// Predictions in ms of training tickets by trees that had not seen them, in the order of creation.
pub(super) struct Calibration {
    /// Places among the training tickets, ascending.
    pub places: Vec<usize>,
    pub predicted_ms: Vec<f64>,
    /// Whether they come from the bags of a forest rather than from an earlier model.
    pub out_of_bag: bool,
}

impl Algorithm {
    /// Both.
    pub const ALL: [Algorithm; 2] = [Algorithm::Forest, Algorithm::Boosting];

    /// Other words that are understood.
    pub fn aliases(self) -> &'static [&'static str] {
        match self {
            Algorithm::Forest => &["random-forest", "random_forest"],
            Algorithm::Boosting => &["xgboost", "gradient-boosting", "gradient_boosting"],
        }
    }

    /// One line of help for the word.
    pub fn help(self) -> &'static str {
        match self {
            Algorithm::Forest => "Many deep trees, averaged",
            Algorithm::Boosting => "Many shallow trees, each correcting those before it",
        }
    }
}

impl FromStr for Algorithm {
    type Err = Error;

    /// The algorithm behind a word or an alias.
    ///
    /// Errors: [`ErrorKind::Usage`] for any other.
    fn from_str(word: &str) -> Result<Algorithm> {
        let means = |algorithm: &Algorithm| word == <&str>::from(algorithm) || algorithm.aliases().contains(&word);
        Algorithm::ALL
            .into_iter()
            .find(means)
            .ok_or_else(|| Error::new(ErrorKind::Usage, format!("'{word}' is no algorithm")).hint("the algorithms are forest, boosting"))
    }
}

impl Loss {
    /// Every loss.
    pub const ALL: [Loss; 3] = [Loss::AbsoluteError, Loss::SquaredError, Loss::Huber];

    /// The word typed for it.
    pub fn typed(self) -> &'static str {
        match self {
            Loss::SquaredError => "squared-error",
            Loss::AbsoluteError => "absolute-error",
            Loss::Huber => "huber",
        }
    }

    /// One line of help for the word.
    pub fn help(self) -> &'static str {
        match self {
            Loss::SquaredError => "The mean squared error",
            Loss::AbsoluteError => "The mean absolute error, which the gates judge",
            Loss::Huber => "Squared for small errors, absolute for large ones",
        }
    }

    fn objective(self, target: &[f64]) -> Objective {
        match self {
            Loss::SquaredError => Objective::SquaredError,
            Loss::AbsoluteError => Objective::AbsoluteError,
            Loss::Huber => Objective::Huber { delta: median_absolute_deviation(target) },
        }
    }
}

impl FromStr for Loss {
    type Err = Error;

    /// The loss behind a word, typed or recorded.
    ///
    /// Errors: [`ErrorKind::Usage`] for any other.
    fn from_str(word: &str) -> Result<Loss> {
        Loss::ALL.into_iter().find(|loss| loss.typed() == word || loss.to_string() == word).ok_or_else(|| {
            Error::new(ErrorKind::Usage, format!("'{word}' is no loss")).hint("the losses are absolute-error, squared-error, huber")
        })
    }
}

/// The median distance from the median; 1 where all targets are equal, since a delta is above 0.
fn median_absolute_deviation(target: &[f64]) -> f64 {
    let median = |values: &mut Vec<f64>| crate::statistics::percentile::percentile(values, 50.0).unwrap_or(0.0);
    let middle = median(&mut target.to_vec());
    let deviation = median(&mut target.iter().map(|value| (value - middle).abs()).collect());
    if deviation > 0.0 { deviation } else { 1.0 }
}

impl Learner {
    /// Which of the two ways.
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Learner::Forest(_) => Algorithm::Forest,
            Learner::Boosting(_) => Algorithm::Boosting,
        }
    }

    /// Checks the parameters before anything is read.
    ///
    /// Errors: [`ErrorKind::Usage`](crate::error::ErrorKind::Usage) that names the parameter and its range.
    pub fn check(&self) -> Result<()> {
        match self {
            Learner::Forest(forest) => forest.checked(0).map(drop),
            Learner::Boosting(boosting) => boosting.checked(&[], boosting.rounds, boosting.patience, 0).map(drop),
        }
    }

    /// Trees that [`Learner::fit`] grows at most, for the one who waits.
    pub fn trees_to_grow(&self) -> usize {
        match self {
            Learner::Forest(forest) => forest.trees,
            Learner::Boosting(boosting) => 2 * boosting.rounds,
        }
    }

    /// The parameters as a run records them, by the names of scikit-learn and XGBoost.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Learner::Forest(forest) => vec![
                ("algorithm", "random_forest".into()),
                ("n_estimators", forest.trees.to_string()),
                ("max_depth", forest.depth.to_string()),
                ("min_samples_split", forest.min_split.to_string()),
                ("min_samples_leaf", forest.min_leaf.to_string()),
                ("max_features", forest.column_share.to_string()),
            ],
            Learner::Boosting(boosting) => vec![
                ("algorithm", "gradient_boosting".into()),
                ("objective", boosting.loss.to_string()),
                ("n_estimators", boosting.rounds.to_string()),
                ("max_depth", boosting.depth.to_string()),
                ("learning_rate", boosting.learning_rate.to_string()),
                ("reg_alpha", boosting.l1.to_string()),
                ("reg_lambda", boosting.l2.to_string()),
                ("min_child_weight", boosting.min_child_weight.to_string()),
                ("subsample", boosting.row_share.to_string()),
                ("colsample_bytree", boosting.column_share.to_string()),
                ("early_stopping_rounds", boosting.patience.map_or("none".into(), |rounds| rounds.to_string())),
            ],
        }
    }

    /// Learns `target` in ms from `frame`, whose rows are in the order of creation.
    ///
    /// A boosted ensemble comes as its file will hold it: thresholds and leaves in 32 bits.
    ///
    /// Errors: [`ErrorKind::Usage`](crate::error::ErrorKind::Usage) for parameters out of range;
    /// [`ErrorKind::NotEnoughData`](crate::error::ErrorKind::NotEnoughData) without rows.
    pub(super) fn fit(&self, frame: &FeatureFrame, target: &[f64], context: &TrainingContext<'_>) -> Result<FittedTrees> {
        match self {
            Learner::Forest(forest) => forest.fit(frame, target, context),
            Learner::Boosting(boosting) => boosting.fit(frame, target, context),
        }
    }

    /// Learns without calibration: what a trial of tuning needs.
    ///
    /// Errors: those of [`Learner::fit`].
    pub(super) fn fit_trees(&self, frame: &FeatureFrame, target: &[f64], context: &TrainingContext<'_>) -> Result<TreeEnsemble> {
        match self {
            Learner::Forest(forest) => Ok(forest.fit(frame, target, context)?.ensemble),
            Learner::Boosting(boosting) => Ok(boosting.grow(frame, target, boosting.rounds, boosting.patience, context)?.0),
        }
    }
}

impl ForestParameters {
    fn checked(&self, seed: u64) -> Result<RandomForestValidParams> {
        RandomForestParams::new()
            .trees(self.trees)
            .depth(self.depth)
            .min_split(self.min_split)
            .min_leaf(self.min_leaf)
            .max_features(self.column_share)
            .seed(seed)
            .check()
    }

    fn fit(&self, frame: &FeatureFrame, target: &[f64], context: &TrainingContext<'_>) -> Result<FittedTrees> {
        let checked = self.checked(context.seed)?;
        let mut fitted = fit_forest(&checked, &frame.columns()?, target, context.threads, context.progress)?;
        fitted.ensemble.feature_names = frame.schema().names();
        // Rows that every tree has seen have no out-of-bag prediction.
        let known = fitted.out_of_bag.iter().enumerate().filter(|(_, predicted)| !predicted.is_nan());
        let (places, predicted_ms) = known.map(|(place, &predicted)| (place, predicted)).unzip();
        let calibration = Calibration { places, predicted_ms, out_of_bag: true };
        Ok(FittedTrees { ensemble: fitted.ensemble, importances: fitted.importances, calibration })
    }
}

impl BoostingParameters {
    fn checked(&self, target: &[f64], rounds: usize, patience: Option<usize>, seed: u64) -> Result<BoostingValidParams> {
        BoostingParams::new()
            .objective(self.loss.objective(target))
            .rounds(rounds)
            .depth(self.depth)
            .learning_rate(self.learning_rate)
            .l1(self.l1)
            .l2(self.l2)
            .min_child_weight(self.min_child_weight)
            .row_share(self.row_share)
            .column_share(self.column_share)
            .early_stopping(patience.map(|patience| EarlyStopping { holdout: CALIBRATION_SHARE, patience }))
            .seed(seed)
            .check()
    }

    /// Learns twice: from the earlier tickets, to calibrate on the latest and to find where to stop; then
    /// from all, with as many rounds.
    fn fit(&self, frame: &FeatureFrame, target: &[f64], context: &TrainingContext<'_>) -> Result<FittedTrees> {
        let rows = frame.rows();
        let cut = rows - ((rows as f64 * CALIBRATION_SHARE).ceil() as usize).min(rows);
        if cut == 0 {
            let (ensemble, importances) = self.grow(frame, target, self.rounds, None, context)?;
            return Ok(FittedTrees {
                ensemble,
                importances,
                calibration: Calibration { places: vec![], predicted_ms: vec![], out_of_bag: false },
            });
        }
        let earlier = match self.patience {
            Some(_) => self.grow(frame, target, self.rounds, self.patience, context)?.0,
            None => {
                let positions: Vec<u32> = (0..cut as u32).collect();
                self.grow(&frame.select(&positions), &target[..cut], self.rounds, None, context)?.0
            }
        };
        let predicted_ms = score(&earlier, &frame.slice(cut..rows)?, context.threads)?;
        let rounds = earlier.trees.len().max(1);
        let shifted = |done: usize| (context.progress)(self.rounds + done);
        let again = TrainingContext { threads: context.threads, seed: context.seed, progress: &shifted };
        let (ensemble, importances) = self.grow(frame, target, rounds, None, &again)?;
        let calibration = Calibration { places: (cut..rows).collect(), predicted_ms, out_of_bag: false };
        Ok(FittedTrees { ensemble, importances, calibration })
    }

    fn grow(
        &self,
        frame: &FeatureFrame,
        target: &[f64],
        rounds: usize,
        patience: Option<usize>,
        context: &TrainingContext<'_>,
    ) -> Result<(TreeEnsemble, Vec<f64>)> {
        let checked = self.checked(target, rounds, patience, context.seed)?;
        let mut fitted = fit_boosting(&checked, &frame.columns()?, target, context.threads, context.progress)?;
        fitted.ensemble.feature_names = frame.schema().names();
        // Judged is what is stored: XGBoost's form holds 32-bit numbers.
        let stored = TreesForm::Xgboost.read(&xgboost::write_ubj(&fitted.ensemble)?)?;
        Ok((stored, fitted.importances))
    }
}
