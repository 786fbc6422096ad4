//! A prediction, as its kind describes it: named values, and the features that moved them.

use serde::{Deserialize, Serialize};

use crate::features::FeatureSchema;

/// How a value is shown to people.
///
/// ```
/// use hivectl::kinds::{Catalogue, ValueForm};
/// let kinds = Catalogue::all();
/// assert_eq!(kinds.get("duration").expect("a kind").columns()[0].form, ValueForm::Milliseconds);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueForm {
    /// A duration in ms.
    Milliseconds,
    /// A share of 1, shown in percent.
    Chance,
    /// Any number.
    Number,
    /// Yes or no.
    Flag,
    /// A word.
    Word,
}

/// One value of a prediction.
///
/// ```
/// use hivectl::kinds::Catalogue;
/// let kinds = Catalogue::all();
/// assert_eq!(kinds.get("anomaly").expect("a kind").columns()[1].name, "is_anomaly");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PredictionColumn {
    /// The name in JSON and in files, with its unit.
    pub name: &'static str,
    /// The head of a table's column.
    pub heading: &'static str,
    pub form: ValueForm,
}

/// What stands in a column; `None` where the model does not say.
///
/// ```
/// use hivectl::kinds::PredictedValue;
/// assert_ne!(PredictedValue::Number(None), PredictedValue::Number(Some(0.0)));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PredictedValue {
    /// A number that no 64-bit float is.
    Whole(i64),
    Number(Option<f64>),
    Flag(bool),
    Word(Option<String>),
}

/// One feature's part in an answer, in the answer's unit (ms, or edges of the path by which it got shorter).
///
/// ```
/// use hivectl::kinds::Reason;
/// assert!(Reason { feature: "size".into(), value: 1.0, effect: -2.0 }.effect < 0.0);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    pub feature: String,
    pub value: f32,
    pub effect: f64,
}

/// What a model says of one ticket.
///
/// ```
/// use hivectl::kinds::{PredictedValue, Prediction};
/// let marked = Prediction { ticket_id: "t".into(), values: vec![PredictedValue::Flag(true)], reasons: Vec::new() };
/// assert!(marked.is_marked());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    pub ticket_id: String,
    /// In the order of the kind's columns.
    pub values: Vec<PredictedValue>,
    /// The features that moved the answer most, strongest first.
    pub reasons: Vec<Reason>,
}

impl Prediction {
    /// Whether the model marks the ticket.
    pub fn is_marked(&self) -> bool {
        self.values.contains(&PredictedValue::Flag(true))
    }
}

/// Whether a prediction with these columns marks tickets.
pub fn marks(columns: &[PredictionColumn]) -> bool {
    columns.iter().any(|column| column.form == ValueForm::Flag)
}

/// Reasons given for an answer, at most.
const REASONS: usize = 3;

/// The strongest effects, by size; those of size 0 are none.
pub(super) fn strongest(schema: &FeatureSchema, row: &[f32], effects: &[f64]) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = schema
        .names()
        .into_iter()
        .zip(row)
        .zip(effects)
        .filter(|(_, effect)| **effect != 0.0)
        .map(|((feature, &value), &effect)| Reason { feature, value, effect })
        .collect();
    reasons.sort_by(|left, right| right.effect.abs().total_cmp(&left.effect.abs()));
    reasons.truncate(REASONS);
    reasons
}
