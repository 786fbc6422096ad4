//! Documents as JSON.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::document::{Collector, ModelDocument};
use crate::error::{Error, ErrorKind, Result};

/// Reads a document. Up to version 1.7 splits by category have `NaN` where a threshold would be, which JSON has not.
pub(super) fn parse(bytes: &[u8]) -> Result<ModelDocument> {
    serde_json::from_slice(&without_nan(bytes)).map_err(|error| {
        // The column counts from the start of the line, and a model is one line: it is the byte.
        Error::new(ErrorKind::BadModelFile, format!("cannot read this XGBoost model: line {}, column {}", error.line(), error.column()))
            .because(error)
    })
}

/// The text with `null` for every `NaN` outside of strings; a list of numbers reads that as no number.
fn without_nan(bytes: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memmem::find(bytes, b"NaN").is_none() {
        return Cow::Borrowed(bytes);
    }
    let mut text = Vec::with_capacity(bytes.len() + bytes.len() / 3);
    let (mut in_text, mut place) = (false, 0);
    while let Some(&byte) = bytes.get(place) {
        let taken = match byte {
            b'\\' if in_text => 2,
            b'N' if !in_text && bytes[place..].starts_with(b"NaN") => {
                text.extend_from_slice(b"null");
                place += 3;
                continue;
            }
            _ => 1,
        };
        in_text ^= byte == b'"';
        text.extend_from_slice(&bytes[place..(place + taken).min(bytes.len())]);
        place += taken;
    }
    Cow::Owned(text)
}

/// Writes a document in one line.
pub(super) fn print(document: &ModelDocument) -> Vec<u8> {
    let mut text = String::new();
    write(document, &mut text);
    text.into_bytes()
}

fn write(document: &ModelDocument, text: &mut String) {
    match document {
        ModelDocument::Null => text.push_str("null"),
        ModelDocument::Boolean(value) => text.push_str(if *value { "true" } else { "false" }),
        ModelDocument::Number(number) => text.push_str(&number.to_string()),
        ModelDocument::Text(value) => text.push_str(&serde_json::Value::from(value.as_str()).to_string()),
        ModelDocument::Numbers(numbers) => write_list(numbers, text, |number, text| text.push_str(&number.to_string())),
        ModelDocument::Floats(numbers) => write_list(numbers, text, |number, text| text.push_str(&format!("{number:e}"))),
        ModelDocument::Integers(numbers) => write_list(numbers, text, |number, text| text.push_str(&number.to_string())),
        ModelDocument::Longs(numbers) => write_list(numbers, text, |number, text| text.push_str(&number.to_string())),
        ModelDocument::Bytes(numbers) => write_list(numbers, text, |number, text| text.push_str(&number.to_string())),
        ModelDocument::List(items) => write_list(items, text, write),
        ModelDocument::Map(entries) => {
            text.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                text.push_str(if index > 0 { "," } else { "" });
                text.push_str(&serde_json::Value::from(key.as_str()).to_string());
                text.push(':');
                write(value, text);
            }
            text.push('}');
        }
    }
}

fn write_list<T>(items: &[T], text: &mut String, each: impl Fn(&T, &mut String)) {
    text.push('[');
    for (index, item) in items.iter().enumerate() {
        text.push_str(if index > 0 { "," } else { "" });
        each(item, text);
    }
    text.push(']');
}

struct DocumentVisitor;

impl<'de> Deserialize<'de> for ModelDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(DocumentVisitor)
    }
}

impl<'de> Visitor<'de> for DocumentVisitor {
    type Value = ModelDocument;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> std::result::Result<ModelDocument, E> {
        Ok(ModelDocument::Null)
    }

    fn visit_bool<E>(self, value: bool) -> std::result::Result<ModelDocument, E> {
        Ok(ModelDocument::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> std::result::Result<ModelDocument, E> {
        Ok(ModelDocument::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> std::result::Result<ModelDocument, E> {
        Ok(ModelDocument::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> std::result::Result<ModelDocument, E> {
        Ok(ModelDocument::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> std::result::Result<ModelDocument, E> {
        Ok(ModelDocument::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> std::result::Result<ModelDocument, A::Error> {
        let mut list = Collector::default();
        while let Some(item) = sequence.next_element()? {
            list.push(item);
        }
        Ok(list.finish())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<ModelDocument, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(ModelDocument::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_dense_and_what_is_written_is_read() {
        let document = parse(br#"{"a":[1,2.5,-3e-2],"b":[1,"x"],"c":[],"d":{"e":null,"f":true}}"#).unwrap();
        assert_eq!(document.find("a"), Some(&ModelDocument::Numbers(vec![1.0, 2.5, -0.03])));
        assert_eq!(document.find("b").unwrap().items().unwrap().len(), 2);
        assert_eq!(parse(&print(&document)).unwrap(), document);
    }

    #[test]
    fn single_precision_survives_the_text() {
        let floats = vec![0.1f32, 1e-45, -43.05918, f32::MAX, 16_777_217.0];
        let text = print(&ModelDocument::Floats(floats.clone()));
        let ModelDocument::Numbers(numbers) = parse(&text).unwrap() else { panic!("numbers") };
        assert_eq!(numbers.iter().map(|&number| number as f32).collect::<Vec<_>>(), floats);
    }

    #[test]
    fn broken_text_names_its_place() {
        assert!(parse(b"{\"a\":[1,").unwrap_err().to_string().starts_with("cannot read this XGBoost model: line 1, column 8"));
        assert!(parse("[".repeat(1000).as_bytes()).is_err());
    }

    #[test]
    fn nan_in_a_list_is_no_number_and_in_a_text_it_stays() {
        let document = parse(br#"{"a\"NaN":[1,NaN,2],"b":"NaN"}"#).unwrap();
        let Some(ModelDocument::Numbers(numbers)) = document.find("a\"NaN") else { panic!("{document:?}") };
        assert!(numbers[1].is_nan() && (numbers[0], numbers[2]) == (1.0, 2.0));
        assert_eq!(document.text_of("b").unwrap(), "NaN");
    }
}
