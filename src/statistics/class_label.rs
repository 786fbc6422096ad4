//! What a class is called.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The label of a class as its model was taught it: a number or a text.
///
/// In JSON a number stays a number and a text a text. The text of a number is that number: a table that holds `1` where a
/// model says `"1"` means the same class ([`ClassLabel::is_called`]).
///
/// ```
/// use hivectl::statistics::ClassLabel;
///
/// let labels = [ClassLabel::from(1.0), ClassLabel::from("approve")];
/// assert_eq!(labels.clone().map(|label| label.to_string()), ["1", "approve"]);
/// assert!(labels[0].is_called("1.0") && labels[1].is_called("approve") && !labels[1].is_called("1"));
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ClassLabel {
    /// Finite in every model that is read.
    Number(f64),
    Text(String),
}

impl ClassLabel {
    /// The labels `0`, `1`, … of so many classes, for models that know no others.
    pub fn numbered(count: usize) -> Vec<ClassLabel> {
        (0..count).map(|place| ClassLabel::Number(place as f64)).collect()
    }

    /// The number, where it is one.
    pub fn number(&self) -> Option<f64> {
        if let ClassLabel::Number(number) = self { Some(*number) } else { None }
    }

    /// Whether a cell with this text is of the class: the same text, or a text of the same number; `true` and `false` are
    /// 1 and 0.
    pub fn is_called(&self, cell: &str) -> bool {
        match self {
            ClassLabel::Text(text) => text == cell,
            ClassLabel::Number(number) => match cell {
                "true" | "True" => *number == 1.0,
                "false" | "False" => *number == 0.0,
                _ => cell.parse() == Ok(*number),
            },
        }
    }
}

impl From<f64> for ClassLabel {
    fn from(number: f64) -> Self {
        ClassLabel::Number(number)
    }
}

impl From<&str> for ClassLabel {
    fn from(text: &str) -> Self {
        ClassLabel::Text(text.to_owned())
    }
}

impl fmt::Display for ClassLabel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClassLabel::Number(number) => number.fmt(formatter),
            ClassLabel::Text(text) => text.fmt(formatter),
        }
    }
}

impl Ord for ClassLabel {
    /// Numbers ascending before texts in the order of their letters.
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (ClassLabel::Number(one), ClassLabel::Number(other)) => one.total_cmp(other),
            (ClassLabel::Text(one), ClassLabel::Text(other)) => one.cmp(other),
            (ClassLabel::Number(_), ClassLabel::Text(_)) => Ordering::Less,
            (ClassLabel::Text(_), ClassLabel::Number(_)) => Ordering::Greater,
        }
    }
}

impl PartialOrd for ClassLabel {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for ClassLabel {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for ClassLabel {}
