//! What a model file was read as: the trees, and what the library that wrote it would answer by them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::inspect::Format;
use super::signature::Signature;
use crate::error::{Error, ErrorKind, Result};
use crate::statistics::ClassLabel;
use crate::trees::{Committee, TreeEnsemble};

/// What loads a model in Python. It decides which rounds answer and whether classes or probabilities are told.
///
/// ```
/// use hivectl::formats::Loader;
///
/// assert_eq!(Loader::default(), Loader::Noted);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Loader {
    /// As the file itself says: a file that the scikit-learn wrapper of XGBoost saved carries a note of it.
    #[default]
    Noted,
    /// The library's own booster: all rounds, probabilities.
    Booster,
    /// The scikit-learn wrapper: the rounds up to the best one, classes.
    Wrapper,
}

/// Which rounds of a boosted model answer, where its training stopped early.
///
/// ```
/// use hivectl::formats::Rounds;
///
/// assert_eq!(("best".parse(), Rounds::All.to_string()), (Ok(Rounds::Best), "all".to_owned()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display, strum::EnumString, Serialize, Deserialize)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Rounds {
    All,
    /// Up to the best one.
    Best,
}

/// What beside the file says how it is read.
///
/// ```
/// use hivectl::formats::{Loader, ReadOptions};
///
/// assert_eq!(ReadOptions::default(), ReadOptions { loader: Loader::Noted, rounds: None });
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    pub loader: Loader,
    /// Where the loader's own choice is not wanted.
    pub rounds: Option<Rounds>,
}

impl ReadOptions {
    /// Whether the rounds after the best one are left out; `is_wrapper` says what the file itself notes.
    pub(super) fn stops_at_best(self, is_wrapper: bool) -> bool {
        match (self.rounds, self.loader) {
            (Some(rounds), _) => rounds == Rounds::Best,
            (None, Loader::Noted) => is_wrapper,
            (None, loader) => loader == Loader::Wrapper,
        }
    }
}

/// The rounds of a boosted model, and how many of them answer.
///
/// ```
/// use hivectl::formats::BoostingRounds;
///
/// let rounds = BoostingRounds { trained: 31, used: 26, best_iteration: Some(25) };
/// assert_eq!(rounds.to_string(), "31 rounds, 26 used: early stopping at 25");
/// let rounds = BoostingRounds { used: 31, ..rounds };
/// assert_eq!(rounds.to_string(), "31 rounds, all used; early stopping was at 25");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoostingRounds {
    pub trained: usize,
    pub used: usize,
    /// Counted from 0; `None` where no early stopping was noted.
    pub best_iteration: Option<usize>,
}

impl fmt::Display for BoostingRounds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BoostingRounds { trained, used, best_iteration } = self;
        match best_iteration {
            Some(best) if used < trained => write!(formatter, "{trained} rounds, {used} used: early stopping at {best}"),
            Some(best) if best + 1 < *trained => {
                write!(formatter, "{trained} rounds, all used; early stopping was at {best}")
            }
            _ if used < trained => write!(formatter, "{trained} rounds, {used} used"),
            _ => write!(formatter, "{trained} rounds, all used"),
        }
    }
}

/// What the numbers of a column stand for: the trees see the place of a category where a table holds its name.
///
/// ```
/// use hivectl::formats::ColumnCategories;
///
/// let colour = ColumnCategories { feature: 0, labels: vec!["green".into(), "red".into()], is_unseen_missing: true };
/// assert_eq!((colour.code("red"), colour.code("violet").is_some_and(f64::is_nan)), (Some(1.0), true));
/// assert!(!colour.is_identity());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnCategories {
    /// Place of the column among the features.
    pub feature: usize,
    /// Names of the categories in the order of training.
    pub labels: Vec<ClassLabel>,
    /// Whether the library takes a category that training did not see for a missing value; else it refuses it.
    pub is_unseen_missing: bool,
}

impl ColumnCategories {
    /// Of a column that the model was given and looks at in no way: it may hold anything.
    pub(super) fn ignored(feature: usize) -> Self {
        ColumnCategories { feature, labels: Vec::new(), is_unseen_missing: true }
    }

    /// Whether the model looks at the column in no way.
    pub fn is_ignored(&self) -> bool {
        self.labels.is_empty() && self.is_unseen_missing
    }

    /// The number that the trees see for a cell with this text; NaN for missing, `None` where the library refuses it.
    pub fn code(&self, cell: &str) -> Option<f64> {
        match self.labels.iter().position(|label| label.is_called(cell)) {
            Some(place) => Some(place as f64),
            None => self.is_unseen_missing.then_some(f64::NAN),
        }
    }

    /// Whether every category is called as its place, so that a column of places is right as it is.
    pub fn is_identity(&self) -> bool {
        self.labels.iter().enumerate().all(|(place, label)| label.number() == Some(place as f64))
    }
}

/// Values that a library refuses where its trees could go on.
///
/// ```
/// use hivectl::formats::RefusedValues;
///
/// assert!(!RefusedValues::default().infinite);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RefusedValues {
    /// Infinite ones, and those that are infinite in 32 bits where the trees compare in them.
    pub infinite: bool,
    /// Missing ones.
    pub missing: bool,
}

/// Trees as one of the readers found them.
pub(super) struct ReadTrees {
    pub(super) ensemble: TreeEnsemble,
    /// `None` where the file notes no rounds.
    pub(super) rounds: Option<BoostingRounds>,
    /// Whether the library answers by probabilities where the trees tell classes.
    pub(super) is_booster: bool,
    pub(super) categories: Vec<ColumnCategories>,
    pub(super) refuses: RefusedValues,
    /// Whether the answers put rows in an order and estimate no number.
    pub(super) only_orders: bool,
    /// The models that answer together, where there are several: `ensemble` is their outline then, without trees.
    pub(super) committee: Option<Committee>,
    /// Where in the file the model stands, where it is not alone.
    pub(super) place: Option<String>,
    /// What else is told of the answers, where it is no matter of course.
    pub(super) note: Option<String>,
}

impl ReadTrees {
    /// The trees of a model that stands alone.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] for several models that answer together.
    pub(super) fn alone(self) -> Result<TreeEnsemble> {
        match self.committee {
            None => Ok(self.ensemble),
            Some(committee) => {
                let count = committee.members.len();
                Err(Error::new(ErrorKind::BadModelFile, format!("it is {count} models that answer together, and no single set of trees")))
            }
        }
    }
}

impl From<TreeEnsemble> for ReadTrees {
    /// Of a library that knows no rounds and tells classes.
    fn from(ensemble: TreeEnsemble) -> Self {
        ReadTrees {
            ensemble,
            rounds: None,
            is_booster: false,
            categories: Vec::new(),
            refuses: RefusedValues::default(),
            only_orders: false,
            committee: None,
            place: None,
            note: None,
        }
    }
}

/// A model file as it was read.
///
/// ```
/// use hivectl::formats::{ReadOptions, inspect, lightgbm};
/// use hivectl::trees::{EnsembleTask, Tree, TreeEnsemble};
///
/// # let leaf = Tree {
/// #     feature: vec![0], threshold: vec![0.0], left: vec![Tree::LEAF], right: vec![Tree::LEAF], missing_left: vec![false],
/// #     value: vec![3.0], rows: vec![1], weight: vec![1.0], impurity: vec![0.0], gain: vec![0.0], categorical: Vec::new(),
/// # };
/// let ensemble = TreeEnsemble::averaged(EnsembleTask::Regression, vec!["size".into()], 1, vec![leaf]);
/// let model = hivectl::formats::read(&lightgbm::write(&ensemble)?, ReadOptions::default())?;
/// assert!(model.is_booster && model.rounds.is_some_and(|rounds| rounds.used == 1));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ReadModel {
    pub format: Format,
    /// The trees; of a committee its outline: columns and task, and no trees.
    pub ensemble: TreeEnsemble,
    /// The models that answer together, where there are several.
    pub committee: Option<Committee>,
    /// Of a boosted model whose file notes its rounds.
    pub rounds: Option<BoostingRounds>,
    /// Whether its library's `predict` answers by probabilities where the trees tell classes, as a booster's does.
    pub is_booster: bool,
    /// Of the columns whose categories were named in training.
    pub categories: Vec<ColumnCategories>,
    pub refuses: RefusedValues,
    /// Whether the answers put rows in an order (ranking, risk) and estimate no number.
    pub only_orders: bool,
    /// Where in the file the model stands, in words, where it is not alone.
    pub place: Option<String>,
    /// What else is told of the answers, where it is no matter of course.
    pub note: Option<String>,
    /// What its package says of the columns; empty for a bare file.
    pub signature: Signature,
    /// Whether its package declares that it answers by probabilities.
    pub tells_probabilities: bool,
}

impl ReadModel {
    /// All ensembles of trees in it.
    pub fn ensembles(&self) -> Vec<&TreeEnsemble> {
        let mut found = Vec::new();
        match &self.committee {
            Some(committee) => committee.visit_trees(&mut |trees| found.push(trees)),
            None => found.push(&self.ensemble),
        }
        found
    }

    /// Number of its trees.
    pub fn tree_count(&self) -> usize {
        self.ensembles().iter().map(|ensemble| ensemble.trees.len()).sum()
    }
}
