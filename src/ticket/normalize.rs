//! Turns every shape of a ticket found in the wild into one [`Ticket`], in one pass over the source.
//!
//! Works on any serde deserializer (JSON text, a table's row, BSON). Fields that no one asks for are
//! skipped without being built. What it understands: nested documents and flat columns; times as
//! extended-JSON dates, milliseconds, seconds or ISO 8601 ([`super::time`]); extended-JSON numbers;
//! `delivery_mode`/`delivery_guarantee`, `consistency`/`consistency_level`; both shapes of
//! `predictions`; `null` as absent. A value of the wrong type marks the ticket
//! [`unusable`](Ticket::unusable); it never becomes a default.
//!
//! `estimated_duration_ms: null` counts as absent (60,000 ms); the running system replaces the whole row by a default.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::aside::Place;
use super::assign::{FieldValue, TextMeaning, Texts};
use super::field::{FieldGroup, Name, TicketField};
use super::field_paths::{FieldPaths, Trail};
use super::python_repr::{ReprLength, StrLength};
use super::python_text;
use super::time::Instant;
use super::time_format::TimeFormat;
use super::{Problem, Ticket};

/// The text of an extended-JSON number that stands where a document has a plain `NaN`, which is absent; the `NaN` of an
/// export is a number that is none.
pub const NOT_A_NUMBER: &str = "nan";

/// Reads one [`Ticket`] from any deserializer.
///
/// Errors are the deserializer's own; also when the value is not an object.
///
/// ```
/// use hivectl::ticket::{FieldPaths, TicketSeed};
/// use serde::de::DeserializeSeed;
///
/// let text = r#"{"ticket_id": "t-1", "qos": {"delivery_mode": "EXACTLY_ONCE"}, "created_at": 1767225600}"#;
/// let paths = FieldPaths::default();
/// let ticket = TicketSeed::new(&paths).deserialize(&mut serde_json::Deserializer::from_str(text)).expect("a ticket");
/// assert_eq!((ticket.delivery_mode.as_str(), ticket.created_at), ("EXACTLY_ONCE", Some(1_767_225_600_000)));
/// ```
#[derive(Clone, Copy)]
pub struct TicketSeed<'p> {
    pub paths: &'p FieldPaths,
    pub texts: TextMeaning,
    pub times: &'p TimeFormat,
}

impl<'p> TicketSeed<'p> {
    /// For documents with types of their own.
    pub fn new(paths: &'p FieldPaths) -> Self {
        TicketSeed { paths, texts: TextMeaning::Word, times: &TimeFormat::Typed }
    }
}

impl<'de> DeserializeSeed<'de> for TicketSeed<'_> {
    type Value = Ticket;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Ticket, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for TicketSeed<'_> {
    type Value = Ticket;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a ticket, which is an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Ticket, A::Error> {
        let mut ticket = Ticket::default();
        let texts = Texts { meaning: self.texts, times: self.times };
        GroupSeed { ticket: &mut ticket, group: FieldGroup::Ticket, trail: self.paths.trail(), texts }.visit_map(map)?;
        Ok(ticket)
    }
}

/// Reads the members of one object of a ticket into the ticket.
struct GroupSeed<'t, 'p> {
    ticket: &'t mut Ticket,
    group: FieldGroup,
    trail: Trail<'p>,
    texts: Texts<'p>,
}

impl GroupSeed<'_, '_> {
    /// A value that is not an object where an object is expected.
    fn wrong_shape<E>(self) -> Result<(), E> {
        self.ticket.mark_unusable(Place::Group(self.group), Problem::WrongShape, None);
        Ok(())
    }

    /// Reads the value of the key just seen.
    fn member<'de, A: MapAccess<'de>>(&mut self, name: Name, trail: Trail<'_>, map: &mut A) -> Result<(), A::Error> {
        let (ticket, texts) = (&mut *self.ticket, self.texts);
        match name {
            Name::Group(group) if trail.ended().next().is_none() => map.next_value_seed(GroupSeed { ticket, group, trail, texts }),
            Name::Field(field) if trail.is_empty() => map.next_value_seed(FieldSeed { ticket, field, texts }),
            Name::Unknown if trail.is_empty() => map.next_value::<IgnoredAny>().map(drop),
            _ => match trail.only_ended() {
                Some(field) if name == Name::Unknown => map.next_value_seed(FieldSeed { ticket, field, texts }),
                // Asked for by name and needed otherwise too, or deeper down: only this value is built.
                _ => {
                    let value: Value = map.next_value()?;
                    buffered(ticket, name, trail, texts, &value);
                    Ok(())
                }
            },
        }
    }
}

impl<'de> DeserializeSeed<'de> for GroupSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for GroupSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(self.group.name())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some((name, trail)) = map.next_key_seed(NameSeed { group: self.group, trail: self.trail })? {
            self.member(name, trail, &mut map)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        while sequence.next_element::<IgnoredAny>()?.is_some() {}
        self.wrong_shape()
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match text.trim() {
            "" if self.texts.of_table() => Ok(()),
            json if self.texts.of_table() && json.starts_with('{') => {
                let GroupSeed { ticket, group, trail, texts } = self;
                let read = |ticket: &mut Ticket, json: &str| {
                    let mut deserializer = serde_json::Deserializer::from_str(json);
                    let seed = GroupSeed { ticket, group, trail, texts };
                    seed.deserialize(&mut deserializer).and_then(|()| deserializer.end()).is_ok()
                };
                // Looked at first, so that a text that breaks off leaves nothing of itself.
                let is_json = |json: &str| serde_json::from_str::<IgnoredAny>(json).is_ok();
                let printed = if is_json(json) { Some(json.to_owned()) } else { python_text::as_json(json).filter(|json| is_json(json)) };
                if !printed.is_some_and(|json| read(ticket, &json)) {
                    ticket.mark_unusable(Place::Group(group), Problem::WrongShape, Some(text));
                }
                Ok(())
            }
            _ => self.wrong_shape(),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.wrong_shape()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.wrong_shape()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.wrong_shape()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.wrong_shape()
    }
}

/// Reads from a value that had to be built, because a configured path leads to or through it.
fn buffered(ticket: &mut Ticket, name: Name, trail: Trail<'_>, texts: Texts<'_>, value: &Value) {
    for field in trail.ended() {
        assign_value(ticket, field, texts, value);
    }
    match name {
        Name::Field(field) => assign_value(ticket, field, texts, value),
        Name::Group(group) => {
            // A built value can be read without errors.
            let _ = GroupSeed { ticket, group, trail, texts }.deserialize(value);
            return;
        }
        Name::Unknown => {}
    }
    let from_text = match value {
        Value::String(text) if texts.of_table() => python_text::value(text),
        _ => None,
    };
    if let Value::Object(members) = from_text.as_ref().unwrap_or(value) {
        for (key, member) in members {
            let below = trail.step(key.as_bytes());
            if !below.is_empty() {
                buffered(ticket, Name::Unknown, below, texts, member);
            }
        }
    }
}

fn assign_value(ticket: &mut Ticket, field: TicketField, texts: Texts<'_>, value: &Value) {
    // A built value can be read without errors.
    let _ = FieldSeed { ticket, field, texts }.deserialize(value);
}

/// Recognises a key without keeping it.
struct NameSeed<'p> {
    group: FieldGroup,
    trail: Trail<'p>,
}

impl<'de, 'p> DeserializeSeed<'de> for NameSeed<'p> {
    type Value = (Name, Trail<'p>);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'p> Visitor<'_> for NameSeed<'p> {
    type Value = (Name, Trail<'p>);

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        self.visit_bytes(key.as_bytes())
    }

    fn visit_bytes<E: Error>(self, key: &[u8]) -> Result<Self::Value, E> {
        Ok((self.group.look_up(key), self.trail.step(key)))
    }
}

/// Reads one field's value into the ticket.
struct FieldSeed<'t, 'p> {
    ticket: &'t mut Ticket,
    field: TicketField,
    texts: Texts<'p>,
}

impl FieldSeed<'_, '_> {
    fn scalar<E>(self, value: FieldValue<'_>) -> Result<(), E> {
        match self.field {
            // As the running system counts them: what is no list counts nothing.
            TicketField::Capabilities => {}
            _ => self.ticket.assign(self.field, value, self.texts),
        }
        Ok(())
    }

    fn parameters(self, length: usize) {
        self.ticket.parameters_size = u32::try_from(length).unwrap_or(u32::MAX);
    }

    /// A list or an object written in a text, as JSON or as Python prints it.
    fn composite_text(self, text: &str) {
        let literal = text.trim();
        if matches!(literal, "" | "null" | "None") {
            return;
        }
        let FieldSeed { ticket, field, texts } = self;
        let texts = Texts { meaning: TextMeaning::Word, ..texts };
        let mut read = |json: &str| {
            let mut deserializer = serde_json::Deserializer::from_str(json);
            let inner = FieldSeed { ticket: &mut *ticket, field, texts };
            json.starts_with(['{', '[']) && inner.deserialize(&mut deserializer).and_then(|()| deserializer.end()).is_ok()
        };
        if read(literal) {
            return;
        }
        if !python_text::as_json(literal).is_some_and(|json| read(&json)) {
            ticket.mark_unusable(Place::Field(field), Problem::WrongShape, Some(text));
        } else if field == TicketField::Parameters
            && let Some(length) = python_text::printed_length(literal)
        {
            FieldSeed { ticket, field, texts }.parameters(if length == "{}".len() { 0 } else { length });
        }
    }
}

impl<'de> DeserializeSeed<'de> for FieldSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for FieldSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(self.field.name())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        match self.field {
            TicketField::Parameters => StrLength.visit_bool(value).map(|length| self.parameters(length)),
            _ => self.scalar(FieldValue::Flag(value)),
        }
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        match self.field {
            TicketField::Parameters => StrLength.visit_i64(value).map(|length| self.parameters(length)),
            _ => self.scalar(FieldValue::Integer(value)),
        }
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        match i64::try_from(value) {
            Ok(value) => self.visit_i64(value),
            Err(_) => self.visit_f64(value as f64),
        }
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        match self.field {
            TicketField::Parameters => StrLength.visit_f64(value).map(|length| self.parameters(length)),
            _ => self.scalar(FieldValue::Real(value)),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match self.field {
            TicketField::Parameters if !self.texts.of_table() => StrLength.visit_str(text).map(|length| self.parameters(length)),
            TicketField::Capabilities if !self.texts.of_table() && !text.trim_start().starts_with(['[', '(']) => Ok(()),
            TicketField::Parameters | TicketField::Capabilities => {
                self.composite_text(text);
                Ok(())
            }
            _ if self.texts.of_cells() && text.is_empty() => Ok(()),
            _ => self.scalar(FieldValue::Text(text)),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        if self.field == TicketField::Parameters {
            let length = ReprLength.visit_seq(sequence)?;
            self.parameters(if length == "[]".len() { 0 } else { length });
            return Ok(());
        }
        let mut items = 0_u32;
        while sequence.next_element::<IgnoredAny>()?.is_some() {
            items = items.saturating_add(1);
        }
        match self.field {
            TicketField::Capabilities => self.ticket.capabilities_count = items,
            _ => self.scalar(FieldValue::Composite)?,
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        if self.field == TicketField::Parameters {
            let length = StrLength.visit_map(map)?;
            self.parameters(length);
            return Ok(());
        }
        let Some(wrapper) = map.next_key::<Wrapper>()? else { return self.scalar(FieldValue::Composite) };
        let value: Value = if wrapper == Wrapper::None { map.next_value::<IgnoredAny>().map(|_| Value::Null)? } else { map.next_value()? };
        let mut alone = true;
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            alone = false;
        }
        self.scalar(if alone { wrapper.open(&value) } else { FieldValue::Composite })
    }
}

/// The keys by which extended JSON wraps a value that JSON has no type for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
enum Wrapper {
    #[serde(rename = "$date")]
    Date,
    #[serde(rename = "$numberLong", alias = "$numberInt", alias = "$numberDouble", alias = "$numberDecimal")]
    Number,
    #[serde(rename = "$oid", alias = "$uuid")]
    Identifier,
    #[serde(other)]
    None,
}

impl Wrapper {
    /// The wrapped value.
    fn open(self, value: &Value) -> FieldValue<'_> {
        match (self, value) {
            (Wrapper::Date, Value::String(text)) => {
                Instant::from_text(text).map_or(FieldValue::Composite, |instant| FieldValue::Date(instant.epoch_ms))
            }
            (Wrapper::Date, Value::Object(inner)) => match inner.get("$numberLong").and_then(Value::as_str).map(str::parse) {
                Some(Ok(epoch_ms)) if inner.len() == 1 => FieldValue::Date(epoch_ms),
                _ => FieldValue::Composite,
            },
            (Wrapper::Date, number) => match (number.as_i64(), number.as_f64()) {
                (Some(epoch_ms), _) => FieldValue::Date(epoch_ms),
                (None, Some(epoch_ms)) => FieldValue::Date(epoch_ms as i64),
                _ => FieldValue::Composite,
            },
            // What JSON has no word for, as a file's reader writes it in place of `NaN`.
            (Wrapper::Number, Value::String(text)) if text == NOT_A_NUMBER => FieldValue::Absent,
            (Wrapper::Number, Value::String(text)) => match (text.parse(), text.parse()) {
                (Ok(whole), _) => FieldValue::Integer(whole),
                (_, Ok(real)) => FieldValue::Real(real),
                _ => FieldValue::Composite,
            },
            (Wrapper::Identifier, Value::String(text)) => FieldValue::Text(text),
            _ => FieldValue::Composite,
        }
    }
}
