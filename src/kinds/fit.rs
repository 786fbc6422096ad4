//! What training is asked for, and what comes out of it before it is packaged.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::card::{Importance, ModelCard};
use super::hyperparameters::Hyperparameters;
use super::kind::USUAL_VARIANT;
use super::outcomes::Outcomes;
use super::package::Identity;
use super::tuning::Candidate;
use crate::error::Result;
use crate::features::{Configuration, FeatureFrame, History};
use crate::trees::TreeEnsemble;

/// What a kind is asked to train.
///
/// ```
/// use hivectl::kinds::FitRequest;
/// assert_eq!(FitRequest::default().features, "reference");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FitRequest {
    /// Name of the table of features.
    pub features: String,
    /// Where requester, executable and size stand in a ticket.
    pub fields: Configuration,
    pub variant: String,
    pub hyperparameters: Hyperparameters,
    /// Settings that tuning chose, in place of those above.
    pub tuned: Option<Candidate>,
}

impl Default for FitRequest {
    fn default() -> Self {
        FitRequest {
            features: "reference".into(),
            fields: Configuration::default(),
            variant: USUAL_VARIANT.into(),
            hyperparameters: Hyperparameters::default(),
            tuned: None,
        }
    }
}

impl FitRequest {
    /// The same with the settings of a candidate.
    #[must_use]
    pub fn with(&self, candidate: &Candidate) -> FitRequest {
        let features = match candidate {
            Candidate::Durations { features, .. } => features.clone(),
            Candidate::Anomaly(_) => self.features.clone(),
        };
        FitRequest { features, tuned: Some(candidate.clone()), ..self.clone() }
    }
}

/// The tickets that judged at training: what became of them, and what the model says.
///
/// ```
/// use hivectl::kinds::{Holdout, Outcomes};
/// let holdout = Holdout { actual: Outcomes::DurationsMs(vec![2.0]), said: Outcomes::DurationsMs(vec![3.0]) };
/// assert_eq!(holdout.actual.score(&holdout.said).expect("one form"), Some(1.0));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Holdout {
    pub actual: Outcomes,
    pub said: Outcomes,
}

/// What the files of a package are made from.
pub struct PackageContext<'a> {
    pub card: &'a ModelCard,
    /// What serves predictions.
    pub history: &'a History,
    /// Some rows of features, for the input example.
    pub example: &'a FeatureFrame,
    pub identity: &'a Identity,
}

/// A trained and judged model.
pub trait FittedModel {
    /// On the holdout, by the names of the field; finite numbers only.
    fn metrics(&self) -> &BTreeMap<String, f64>;

    /// Shares of the total gain by feature, descending.
    fn importances(&self) -> &[Importance] {
        &[]
    }

    /// The parameters as a run records them, by the names of scikit-learn and XGBoost.
    fn params(&self) -> Vec<(&'static str, String)>;

    /// The kind's own part of the card.
    ///
    /// Errors: [`ErrorKind::Internal`](crate::error::ErrorKind::Internal) for what cannot be JSON.
    fn card(&self) -> Result<Map<String, Value>>;

    /// The tickets that judged.
    fn holdout(&self) -> &Holdout;

    /// The trees, where it has some.
    fn trees(&self) -> Option<&TreeEnsemble> {
        None
    }

    /// The kind's own files of the package, path and bytes, those with the model first.
    ///
    /// Errors: those of the formats.
    fn files(&self, context: &PackageContext<'_>) -> Result<Vec<(String, Vec<u8>)>>;
}
