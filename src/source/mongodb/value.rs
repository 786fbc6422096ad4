//! One raw BSON value as a serde deserializer, so that a document of the server is read by the same code as
//! JSON, in one pass over its bytes and without being built first.

use mongodb::bson::Decimal128;
use serde::de::value::{Error, MapDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::element::{Element, Elements, Value};

/// The deepest nesting that is read; the server itself stores no more than 100 to 200 levels.
const DEEPEST_NESTING: u16 = 200;

/// A ticket's document, as its bytes.
#[derive(Clone, Copy)]
pub(super) struct BsonTicket<'d>(pub(super) &'d [u8]);

/// One value of a document, not yet looked at: a value that no one asks for costs nothing.
struct Member<'m, 'd> {
    element: &'m Element<'d>,
    depth: u16,
}

/// The key of a member: for those who only compare it, its bytes.
struct Key<'d>(&'d [u8]);

/// The members of a document, or the items of an array, one after the other.
struct Members<'d> {
    elements: Elements<'d>,
    depth: u16,
}

impl<'d> Members<'d> {
    fn of(document: &'d [u8], depth: u16) -> Result<Self, Error> {
        if depth > DEEPEST_NESTING {
            return Err(Error::custom(format!("nested deeper than {DEEPEST_NESTING} levels")));
        }
        Ok(Members { elements: Elements::of(document).map_err(Error::custom)?, depth })
    }
}

impl<'de> Deserializer<'de> for BsonTicket<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Members::of(self.0, 0)?)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        match self.elements.advance().map_err(Error::custom)? {
            true => seed.deserialize(Key(self.elements.current().key())).map(Some),
            false => Ok(None),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(Member { element: self.elements.current(), depth: self.depth })
    }
}

impl<'de> SeqAccess<'de> for Members<'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        match self.elements.advance().map_err(Error::custom)? {
            true => seed.deserialize(Member { element: self.elements.current(), depth: self.depth }).map(Some),
            false => Ok(None),
        }
    }
}

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(str::from_utf8(self.0).map_err(Error::custom)?)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_bytes(self.0)
    }

    fn deserialize_enum<V: Visitor<'de>>(self, name: &'static str, words: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        let text: &str = str::from_utf8(self.0).map_err(Error::custom)?;
        text.into_deserializer().deserialize_enum(name, words, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct
    }
}

/// A value that JSON has no type for, in the words of extended JSON.
fn wrapped<'de, V: Visitor<'de>, T: IntoDeserializer<'de, Error>>(visitor: V, key: &'static str, value: T) -> Result<V::Value, Error> {
    visitor.visit_map(MapDeserializer::new(std::iter::once((key, value))))
}

impl<'de> Deserializer<'de> for Member<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.element.value().map_err(Error::custom)? {
            Value::Null => visitor.visit_unit(),
            Value::Text(text) => visitor.visit_str(text),
            Value::Whole(number) => visitor.visit_i64(number),
            Value::Real(number) => visitor.visit_f64(number),
            Value::Flag(flag) => visitor.visit_bool(flag),
            Value::Object(document) => visitor.visit_map(Members::of(document, self.depth + 1)?),
            Value::List(items) => visitor.visit_seq(Members::of(items, self.depth + 1)?),
            Value::Date(epoch_ms) => wrapped(visitor, "$date", epoch_ms),
            Value::Stamp(seconds) => wrapped(visitor, "$date", i64::from(seconds) * 1000),
            Value::ObjectId(id) => wrapped(visitor, "$oid", hexadecimal(&id, &[])),
            Value::Decimal(bytes) => wrapped(visitor, "$numberDecimal", Decimal128::from_bytes(bytes).to_string()),
            Value::Binary(bytes) if bytes.len() == 16 => wrapped(visitor, "$uuid", hexadecimal(bytes, &[4, 6, 8, 10])),
            Value::Binary(_) => wrapped(visitor, "$other", "Binary"),
            Value::Other(name) => wrapped(visitor, "$other", name),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

/// Two digits a byte, with a hyphen before each of the bytes at `hyphens`: for 4, 6, 8 and 10 the form of a UUID.
fn hexadecimal(bytes: &[u8], hyphens: &[usize]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(2 * bytes.len() + hyphens.len());
    for (index, byte) in bytes.iter().enumerate() {
        if hyphens.contains(&index) {
            text.push('-');
        }
        text.extend([byte >> 4, byte & 15].map(|digit| char::from(DIGITS[usize::from(digit)])));
    }
    text
}

#[cfg(test)]
mod tests {
    use mongodb::bson::{Bson, DateTime, Document as Built, RawDocumentBuf, doc, oid::ObjectId};
    use serde::de::DeserializeSeed;

    use super::*;
    use crate::ticket::{FieldPaths, Problem, Ticket, TicketSeed, TicketStatus};

    fn read(document: Built) -> Ticket {
        let raw = RawDocumentBuf::try_from(&document).unwrap();
        TicketSeed::new(&FieldPaths::default()).deserialize(BsonTicket(raw.as_bytes())).unwrap()
    }

    #[test]
    fn a_document_is_the_ticket_that_its_json_is() {
        let document = doc! {
            "_id": "t-1", "task_type": "BUILD", "status": "COMPLETED", "created_at": 1_767_265_200_000_i64,
            "started_at": 1_767_265_201_000_i64, "actual_duration_ms": 1500_i32, "retry_count": 2_i64, "estimated_duration_ms": 1e4,
            "sla": { "timeout_ms": 60_000, "deadline": 5_i64 }, "qos": { "delivery_guarantee": "EXACTLY_ONCE" },
            "required_capabilities": ["a", "b"], "parameters": { "env": "prod", "n": 3, "f": true, "l": ["x", "it's"], "z": Bson::Null },
            "predictions": { "duration_ms": 4.5, crate::ticket::ANOMALY: { "is_anomaly": true, "score": -0.5 }, "model_version": "7" },
            "metadata": { "requested_by": "ana" }, "unknown": { "deep": [1, 2, { "x": 1 }] },
        };
        let json = serde_json::to_string(&document).unwrap();
        let from_json = TicketSeed::new(&FieldPaths::default()).deserialize(&mut serde_json::Deserializer::from_str(&json)).unwrap();
        let ticket = read(document);
        assert_eq!(ticket, from_json);
        assert_eq!((ticket.status, ticket.parameters_size, ticket.capabilities_count), (TicketStatus::Completed, 65, 2));
        assert_eq!(ticket.unusable, None);
    }

    #[test]
    fn every_shape_of_a_time_is_the_same_moment() {
        let at = 1_767_265_200_000_i64;
        for shape in [
            Bson::Int64(at),
            Bson::Double(at as f64),
            Bson::Int32((at / 1000) as i32),
            Bson::Double(at as f64 / 1000.0),
            Bson::DateTime(DateTime::from_millis(at)),
            Bson::String("2026-01-01T11:00:00Z".into()),
            Bson::String("2026-01-01T12:00:00.000+01:00".into()),
            Bson::Decimal128("1767265200000".parse().unwrap()),
        ] {
            let ticket = read(doc! { "created_at": shape.clone() });
            assert_eq!((ticket.created_at, ticket.unusable), (Some(at), None), "{shape:?}");
        }
    }

    #[test]
    fn types_that_say_nothing_are_refused_and_strange_identifiers_kept() {
        let problem = |document| read(document).unusable.map(|unusable| unusable.problem);
        assert_eq!(problem(doc! { "created_at": Bson::MaxKey }), Some(Problem::NotATime));
        assert_eq!(problem(doc! { "created_at": true }), Some(Problem::NotATime));
        // A duration is asked for by those who learn from it alone.
        let measured = |document| read(document).aside.measured.map(|unusable| unusable.problem);
        assert_eq!(measured(doc! { "actual_duration_ms": DateTime::from_millis(5) }), Some(Problem::NotANumber));
        assert_eq!(measured(doc! { "actual_duration_ms": f64::NAN }), Some(Problem::NotANumber));
        assert_eq!(problem(doc! { "task_type": ["BUILD"] }), Some(Problem::WrongShape));
        assert_eq!(problem(doc! { "created_at": { "at": 5_i64 } }), Some(Problem::NotATime));
        assert_eq!(problem(doc! { "task_type": { "": "a", "b": [] } }), Some(Problem::WrongShape));
        assert_eq!(read(doc! { "_id": ObjectId::from_bytes([7; 12]) }).ticket_id, "070707070707070707070707");
        assert_eq!(read(doc! { "_id": Bson::Null, "created_at": Bson::Null }), Ticket::default());
    }
}
