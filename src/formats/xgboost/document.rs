//! What JSON and UBJ have in common: a tree of named values with dense lists of numbers.

use crate::error::{Error, ErrorKind, Result};

/// Any value. Lists of numbers are dense, because nearly everything in a model is one.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ModelDocument {
    Null,
    Boolean(bool),
    Number(f64),
    Text(String),
    /// A list of numbers whose type is not stated.
    Numbers(Vec<f64>),
    Floats(Vec<f32>),
    Integers(Vec<i32>),
    Longs(Vec<i64>),
    Bytes(Vec<u8>),
    List(Vec<ModelDocument>),
    Map(Vec<(String, ModelDocument)>),
}

impl ModelDocument {
    /// A map of fixed keys.
    pub(super) fn map(entries: impl IntoIterator<Item = (&'static str, ModelDocument)>) -> ModelDocument {
        ModelDocument::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// A text.
    pub(super) fn text(text: &str) -> ModelDocument {
        ModelDocument::Text(text.to_owned())
    }

    /// The entry of a map; `None` elsewhere.
    pub(super) fn find(&self, key: &str) -> Option<&ModelDocument> {
        match self {
            ModelDocument::Map(entries) => entries.iter().find(|(known, _)| known == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The entry of a map that must be there.
    pub(super) fn get(&self, key: &str) -> Result<&ModelDocument> {
        self.find(key).ok_or_else(|| bad(format_args!("'{key}' is missing")))
    }

    /// The text of an entry.
    pub(super) fn text_of(&self, key: &str) -> Result<&str> {
        match self.get(key)? {
            ModelDocument::Text(text) => Ok(text),
            _ => Err(bad(format_args!("'{key}' is no text"))),
        }
    }

    /// The numbers of an entry.
    pub(super) fn numbers_of(&self, key: &str) -> Result<Vec<f64>> {
        match self.get(key)? {
            ModelDocument::Numbers(numbers) => Ok(numbers.clone()),
            ModelDocument::Floats(numbers) => Ok(numbers.iter().map(|&number| f64::from(number)).collect()),
            ModelDocument::Integers(numbers) => Ok(numbers.iter().map(|&number| f64::from(number)).collect()),
            ModelDocument::Longs(numbers) => Ok(numbers.iter().map(|&number| number as f64).collect()),
            ModelDocument::Bytes(numbers) => Ok(numbers.iter().map(|&number| f64::from(number)).collect()),
            ModelDocument::List(items) => {
                items.iter().map(|item| item.number().ok_or_else(|| bad(format_args!("'{key}' holds what is no number")))).collect()
            }
            _ => Err(bad(format_args!("'{key}' is no list of numbers"))),
        }
    }

    /// A number, or a truth value as 0 or 1.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            ModelDocument::Number(number) => Some(*number),
            ModelDocument::Boolean(value) => Some(f64::from(u8::from(*value))),
            _ => None,
        }
    }

    /// The elements of a list of anything but numbers; an empty list has no kind.
    pub(super) fn items(&self) -> Option<&[ModelDocument]> {
        match self {
            ModelDocument::List(items) => Some(items),
            ModelDocument::Numbers(numbers) if numbers.is_empty() => Some(&[]),
            _ => None,
        }
    }
}

/// A list that grows dense as long as it holds numbers only.
#[derive(Debug, Default)]
pub(super) struct Collector {
    numbers: Vec<f64>,
    items: Vec<ModelDocument>,
}

impl Collector {
    pub(super) fn push(&mut self, item: ModelDocument) {
        match item {
            ModelDocument::Number(number) if self.items.is_empty() => self.numbers.push(number),
            ModelDocument::Null if self.items.is_empty() => self.numbers.push(f64::NAN),
            item => {
                self.items.extend(std::mem::take(&mut self.numbers).into_iter().map(ModelDocument::Number));
                self.items.push(item);
            }
        }
    }

    pub(super) fn finish(self) -> ModelDocument {
        if self.items.is_empty() { ModelDocument::Numbers(self.numbers) } else { ModelDocument::List(self.items) }
    }
}

/// The error for a document that is not a model, or not one that is understood.
pub(super) fn bad(what: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::BadModelFile, format!("cannot understand this XGBoost model: {what}"))
}
