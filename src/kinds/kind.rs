//! The kinds of model and the names they go by.

use serde::{Deserialize, Serialize};

/// What a model answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelKind {
    /// How long a ticket will take.
    Duration,
    /// How long a ticket will take, for the scheduler: boosted, in XGBoost's form.
    Scheduling,
    /// Whether a ticket is unusual.
    Anomaly,
}

impl ModelKind {
    /// Every kind.
    pub const ALL: &'static [ModelKind] = &[ModelKind::Duration, ModelKind::Scheduling, ModelKind::Anomaly];

    /// The two that the platform's tickets need, in the order they are trained: what `all` means.
    pub const USUAL: &'static [ModelKind] = &[ModelKind::Duration, ModelKind::Anomaly];

    /// The word typed for the kind.
    pub fn word(self) -> &'static str {
        match self {
            ModelKind::Duration => "duration",
            ModelKind::Scheduling => "scheduling",
            ModelKind::Anomaly => "anomaly",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<ModelKind> {
        ModelKind::ALL.iter().copied().find(|kind| kind.word() == word)
    }

    /// Whether the answer is a duration in ms.
    pub fn tells_durations(self) -> bool {
        self != ModelKind::Anomaly
    }

    /// The metric that decides between two models of the kind.
    pub fn deciding_metric(self) -> &'static str {
        if self.tells_durations() { "mae" } else { "f1" }
    }

    /// The name under which the kind is registered unless another is given.
    pub fn registered_name(self, variant: AnomalyVariant) -> &'static str {
        match (self, variant) {
            (ModelKind::Duration, _) => "ticket-duration-predictor",
            (ModelKind::Scheduling, _) => "scheduling-predictor-xgboost",
            (ModelKind::Anomaly, AnomalyVariant::Scheduling) => "ticket-anomaly-detector",
            (ModelKind::Anomaly, AnomalyVariant::Outcome) => "ticket-anomaly-detector-outcome",
        }
    }
}

/// Whether a name is one that the running system gives to a specialist's classifier.
pub fn is_specialist(name: &str) -> bool {
    name.ends_with("-evaluator") || name.starts_with("neural-hive-specialists_")
}

/// The registered name behind a word of the guides or a kind, where no model of that exact name exists.
pub fn registered_name_behind(word: &str) -> Option<&'static str> {
    match word {
        "duration" | "duration-predictor" => Some("ticket-duration-predictor"),
        "scheduling" | "scheduling-predictor" => Some("scheduling-predictor-xgboost"),
        "anomaly" | "anomaly-detector" | "anomaly-predictor" => Some("ticket-anomaly-detector"),
        _ => None,
    }
}

/// The tag of a version that says which variant of its kind it is, where that is not the usual one.
pub const VARIANT_TAG: &str = "hivectl.variant";

/// What [`VARIANT_TAG`] and `--variant` call [`AnomalyVariant::Outcome`].
pub const OUTCOME_WORD: &str = "outcome";

/// What the anomaly detector may know of a ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnomalyVariant {
    /// Only what is known when the ticket is scheduled.
    #[default]
    Scheduling,
    /// Also how long it took and how often it was retried; for tickets that have ended.
    Outcome,
}
