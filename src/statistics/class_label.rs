//! What a class is called.

use std::cmp::Ordering;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

/// The label of a class as its model was taught it: a number, a truth value or a text.
///
/// In JSON a number stays a number, a truth value a truth value and a text a text. The text of a number is that number: a table that holds `1` where a
/// model says `"1"` means the same class ([`ClassLabel::is_called`]).
///
/// ```
/// use hivectl::statistics::ClassLabel;
///
/// let labels = [ClassLabel::from(1.0), ClassLabel::from("approve")];
/// assert_eq!(labels.clone().map(|label| label.to_string()), ["1", "approve"]);
/// assert!(labels[0].is_called("1.0") && labels[1].is_called("approve") && !labels[1].is_called("1"));
/// assert_eq!(ClassLabel::from(9_007_199_254_740_993).to_string(), "9007199254740993");
/// assert!(ClassLabel::Flag(true).is_called("1") && ClassLabel::Flag(true).to_string() == "True");
/// ```
#[derive(Clone, Debug)]
pub enum ClassLabel {
    /// Shown as Python shows it.
    Flag(bool),
    /// Finite in every model that is read.
    Number(f64),
    /// A number that no 64-bit float is.
    Whole(i64),
    Text(String),
}

impl ClassLabel {
    /// The labels `0`, `1`, … of so many classes, for models that know no others.
    pub fn numbered(count: usize) -> Vec<ClassLabel> {
        (0..count).map(|place| ClassLabel::Number(place as f64)).collect()
    }

    /// The number, where it is one that a 64-bit float holds.
    pub fn number(&self) -> Option<f64> {
        if let ClassLabel::Number(number) = self { Some(*number) } else { None }
    }

    /// Whether a cell with this text is of the class: the same text, or a text of the same number; `true` and `false` are
    /// 1 and 0.
    pub fn is_called(&self, cell: &str) -> bool {
        match self {
            ClassLabel::Text(text) => text == cell,
            ClassLabel::Whole(number) => cell.parse() == Ok(*number),
            ClassLabel::Flag(flag) => match cell {
                "true" | "True" | "TRUE" => *flag,
                "false" | "False" | "FALSE" => !flag,
                _ => cell.parse() == Ok(f64::from(u8::from(*flag))),
            },
            ClassLabel::Number(number) => match cell {
                "true" | "True" => *number == 1.0,
                "false" | "False" => *number == 0.0,
                _ => match cell.parse::<i64>() {
                    Ok(whole) => ClassLabel::from(whole).number() == Some(*number),
                    Err(_) => cell.parse() == Ok(*number),
                },
            },
        }
    }
}

impl From<f64> for ClassLabel {
    fn from(number: f64) -> Self {
        ClassLabel::Number(number)
    }
}

impl From<i64> for ClassLabel {
    fn from(number: i64) -> Self {
        let float = number as f64;
        if float as i128 == i128::from(number) { ClassLabel::Number(float) } else { ClassLabel::Whole(number) }
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
            ClassLabel::Flag(flag) => (if *flag { "True" } else { "False" }).fmt(formatter),
            ClassLabel::Number(number) => number.fmt(formatter),
            ClassLabel::Whole(number) => number.fmt(formatter),
            ClassLabel::Text(text) => text.fmt(formatter),
        }
    }
}

impl Ord for ClassLabel {
    /// Truth values before numbers, ascending, before texts in the order of their letters.
    fn cmp(&self, other: &Self) -> Ordering {
        let kind = |label: &ClassLabel| match label {
            ClassLabel::Flag(_) => 0,
            ClassLabel::Number(_) | ClassLabel::Whole(_) => 1,
            ClassLabel::Text(_) => 2,
        };
        match (self, other) {
            (ClassLabel::Flag(one), ClassLabel::Flag(other)) => one.cmp(other),
            (ClassLabel::Number(one), ClassLabel::Number(other)) => one.total_cmp(other),
            (ClassLabel::Whole(one), ClassLabel::Whole(other)) => one.cmp(other),
            (ClassLabel::Number(one), ClassLabel::Whole(other)) => one.total_cmp(&(*other as f64)).then(Ordering::Less),
            (ClassLabel::Whole(one), ClassLabel::Number(other)) => (*one as f64).total_cmp(other).then(Ordering::Greater),
            (ClassLabel::Text(one), ClassLabel::Text(other)) => one.cmp(other),
            _ => kind(self).cmp(&kind(other)),
        }
    }
}

impl Serialize for ClassLabel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            ClassLabel::Flag(flag) => serializer.serialize_bool(*flag),
            ClassLabel::Number(number) => serializer.serialize_f64(*number),
            ClassLabel::Whole(number) => serializer.serialize_i64(*number),
            ClassLabel::Text(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for ClassLabel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LabelVisitor)
    }
}

struct LabelVisitor;

impl Visitor<'_> for LabelVisitor {
    type Value = ClassLabel;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number, true, false or a text")
    }

    fn visit_bool<E>(self, value: bool) -> Result<ClassLabel, E> {
        Ok(ClassLabel::Flag(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<ClassLabel, E> {
        Ok(ClassLabel::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<ClassLabel, E> {
        Ok(i64::try_from(value).map_or(ClassLabel::Number(value as f64), ClassLabel::from))
    }

    fn visit_f64<E>(self, value: f64) -> Result<ClassLabel, E> {
        Ok(ClassLabel::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<ClassLabel, E> {
        Ok(ClassLabel::from(value))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_what_they_are_in_json_and_have_one_order() {
        let labels = [
            ClassLabel::Flag(false),
            ClassLabel::Flag(true),
            ClassLabel::Number(-1.5),
            ClassLabel::Number(9_007_199_254_740_992.0),
            ClassLabel::Whole(9_007_199_254_740_993),
            ClassLabel::from("approve"),
        ];
        for (place, label) in labels.iter().enumerate() {
            let json = serde_json::to_string(label).expect("written");
            assert_eq!(&serde_json::from_str::<ClassLabel>(&json).expect(&json), label);
            for (other_place, other) in labels.iter().enumerate() {
                assert_eq!(label.cmp(other), place.cmp(&other_place), "{label:?} {other:?}");
            }
        }
        assert_eq!(ClassLabel::from(7), ClassLabel::Number(7.0));
    }
}
