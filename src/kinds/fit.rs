//! What training is asked for, and what comes out of it before it is packaged.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::answers::Answers;
use super::card::{Importance, ModelCard};
use super::hyperparameters::Hyperparameters;
use super::kind::USUAL_VARIANT;
use super::outcomes::Outcomes;
use super::package::Identity;
use super::tuning::Candidate;
use crate::error::Result;
use crate::features::{Configuration, FeatureFrame, History};
use crate::trees::{Columns, TreeEnsemble};

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
///
/// ```
/// use hivectl::features::{FeatureFrame, FeatureSchema, History};
/// use hivectl::kinds::{Identity, ModelCard, PackageContext};
/// use hivectl::lifecycle::Gate;
/// # use hivectl::kinds::{PACKAGE_FORMAT, Training};
/// # let schema = FeatureSchema::reference();
/// # let training = Training {
/// #     from: 0, to: 9, as_of: 10, holdout_from: 8, samples: Default::default(), synthetic: false, seed: 42, split: "time".into(),
/// #     tickets_sha256: None,
/// # };
/// # let card = ModelCard {
/// #     format: PACKAGE_FORMAT, kind: "duration".into(), variant: "scheduling".into(), schema_fingerprint: schema.fingerprint(),
/// #     schema, metrics: Default::default(), gate: Gate::judge(&[], &Default::default()), training, importances: Vec::new(),
/// #     instructions: None, own: Default::default(),
/// # };
/// let identity = Identity { model_id: "m-1".into(), run_id: "r".into(), created_at: 0 };
/// let columns = vec![vec![1.0]; card.schema.len()];
/// let example = FeatureFrame::new(card.schema.clone().into(), 1, columns)?;
/// let context = PackageContext { card: &card, history: &History::new(&card.schema), example: &example, identity: &identity };
/// assert_eq!(context.example.rows(), 1);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
pub struct PackageContext<'a> {
    pub card: &'a ModelCard,
    /// What serves predictions.
    pub history: &'a History,
    /// Some rows of features, for the input example.
    pub example: &'a FeatureFrame,
    pub identity: &'a Identity,
}

/// A trained and judged model.
///
/// ```
/// use hivectl::features::{HoldoutSplit, TicketTable};
/// use hivectl::kinds::{Catalogue, FitRequest, Hyperparameters, TrainingData, TrainingContext};
/// use hivectl::ticket::{LabelSource, Ticket, TicketOutcome};
/// # let mut table = TicketTable::default();
/// # for second in 1..=10 {
/// #     let ticket = Ticket { created_at: Some(second * 1_000), ..Ticket::default() };
/// #     let outcome = TicketOutcome { duration_ms: 500.0, source: LabelSource::Actual, known_at: second * 1_000 + 500 };
/// #     table.push(&ticket, Some(&outcome));
/// # }
/// # let split = HoldoutSplit::by_time(10, 0.2);
/// # let data = TrainingData { timeline: table.into_timeline(), rows: (0..10).collect(), split };
/// let kinds = Catalogue::all();
/// let duration = kinds.get("duration").expect("a kind");
/// let request = FitRequest { hyperparameters: Hyperparameters { n_estimators: Some(3), ..Default::default() }, ..Default::default() };
/// let frame = data.frame(&duration.schema(&request)?.into())?;
/// // Every ticket took as long, so the later ones are told without an error.
/// let fitted = duration.fit(&request, &data, &frame, &TrainingContext { threads: 1, seed: 42, progress: &|_| () })?;
/// assert_eq!((fitted.holdout().actual.len(), fitted.metrics()["mae"]), (2, 0.0));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
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

    /// What it says of rows of its features, and what without each part of its trees.
    ///
    /// Errors: those of scoring.
    fn answers(&self, rows: &Columns<'_>, threads: usize) -> Result<Answers>;

    /// The trees, where it has some.
    fn trees(&self) -> Option<&TreeEnsemble> {
        None
    }

    /// The kind's own files of the package, path and bytes, those with the model first.
    ///
    /// Errors: those of the formats.
    fn files(&self, context: &PackageContext<'_>) -> Result<Vec<(String, Vec<u8>)>>;
}
