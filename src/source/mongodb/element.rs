//! The elements of a BSON document, read over the bytes of a batch as they came.
//!
//! A reader of its own, although the driver brings one, because reading tickets is what this tool does most: the
//! driver's checks every key and every text for UTF-8 when it passes by, and a ticket keeps a third of them. Here a
//! key is bytes, a text is checked when it is asked for, and a value that no one asks for costs the look at its
//! length. Every length is checked against what is there, so damaged bytes are refused and never a panic. Where
//! this reader accepts a value, it is the value that the driver's reader finds (`tests` below compare them).
//!
//! Source: the BSON specification, version 1.1.

use std::fmt;

/// What is wrong with the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Damage {
    /// A length that points beyond the document, or is too small for what it counts.
    Length,
    /// A document, a text or a key that does not end with a zero byte.
    NoEnd,
    /// A type that no version of the format has.
    Type(u8),
    /// A truth value other than 0 and 1.
    Flag(u8),
    /// A text that is not UTF-8.
    Text,
}

impl fmt::Display for Damage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Damage::Length => formatter.write_str("a length does not fit the bytes that are there"),
            Damage::NoEnd => formatter.write_str("a document or a text has no end"),
            Damage::Type(kind) => write!(formatter, "{kind:#04x} is no type of BSON"),
            Damage::Flag(byte) => write!(formatter, "a truth value is {byte}, not 0 or 1"),
            Damage::Text => formatter.write_str("a text is not UTF-8"),
        }
    }
}

/// The elements of a document or an array, one after the other. After damage there are no more.
pub(super) struct Elements<'d> {
    rest: &'d [u8],
    /// The one that was come to last. It stands here and is not handed out, because moving it costs more than finding
    /// it.
    current: Element<'d>,
}

/// One element: its key, and its value not yet looked at.
#[derive(Clone, Copy)]
pub(super) struct Element<'d> {
    key: &'d [u8],
    kind: u8,
    bytes: &'d [u8],
}

/// A value. Dates are milliseconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value<'d> {
    Null,
    Flag(bool),
    Whole(i64),
    Real(f64),
    /// A text or a symbol.
    Text(&'d str),
    /// The bytes of a document.
    Object(&'d [u8]),
    /// The bytes of an array, which is a document whose keys are the places of its items.
    List(&'d [u8]),
    Date(i64),
    /// The server's own clock stamp, in seconds; it also counts within the second.
    Stamp(u32),
    ObjectId([u8; 12]),
    Decimal([u8; 16]),
    Binary(&'d [u8]),
    /// A type that no field of a ticket has, by its name.
    Other(&'static str),
}

mod kind {
    pub const DOUBLE: u8 = 0x01;
    pub const STRING: u8 = 0x02;
    pub const DOCUMENT: u8 = 0x03;
    pub const ARRAY: u8 = 0x04;
    pub const BINARY: u8 = 0x05;
    pub const UNDEFINED: u8 = 0x06;
    pub const OBJECT_ID: u8 = 0x07;
    pub const BOOLEAN: u8 = 0x08;
    pub const DATE_TIME: u8 = 0x09;
    pub const NULL: u8 = 0x0a;
    pub const REGULAR_EXPRESSION: u8 = 0x0b;
    pub const DB_POINTER: u8 = 0x0c;
    pub const CODE: u8 = 0x0d;
    pub const SYMBOL: u8 = 0x0e;
    pub const CODE_WITH_SCOPE: u8 = 0x0f;
    pub const INT32: u8 = 0x10;
    pub const TIMESTAMP: u8 = 0x11;
    pub const INT64: u8 = 0x12;
    pub const DECIMAL128: u8 = 0x13;
    pub const MIN_KEY: u8 = 0xff;
    pub const MAX_KEY: u8 = 0x7f;
}

/// The subtype of binary data that repeats its length inside.
const OLD_BINARY: u8 = 0x02;

impl<'d> Elements<'d> {
    /// The elements of these bytes, which are one document from its length to its last zero.
    ///
    /// Errors: [`Damage::Length`], [`Damage::NoEnd`].
    pub(super) fn of(document: &'d [u8]) -> Result<Self, Damage> {
        let (length, rest) = document.split_first_chunk().ok_or(Damage::Length)?;
        if usize::try_from(i32::from_le_bytes(*length)) != Ok(document.len()) {
            return Err(Damage::Length);
        }
        match rest.split_last() {
            Some((0, rest)) => Ok(Elements { rest, current: Element { key: &[], kind: kind::NULL, bytes: &[] } }),
            Some(_) => Err(Damage::NoEnd),
            None => Err(Damage::Length),
        }
    }

    /// Goes on to the next one; false after the last.
    ///
    /// Errors: damage to the key or to the value's length.
    #[inline]
    pub(super) fn advance(&mut self) -> Result<bool, Damage> {
        let Some((&kind, rest)) = self.rest.split_first() else { return Ok(false) };
        self.rest = &[];
        let (key, rest) = terminated(rest)?;
        let (bytes, rest) = rest.split_at_checked(size(kind, rest)?).ok_or(Damage::Length)?;
        self.rest = rest;
        self.current = Element { key, kind, bytes };
        Ok(true)
    }

    /// The element that [`advance`](Self::advance) came to.
    #[inline]
    pub(super) fn current(&self) -> &Element<'d> {
        &self.current
    }
}

/// The bytes before the next zero and those after it.
#[inline]
fn terminated(bytes: &[u8]) -> Result<(&[u8], &[u8]), Damage> {
    let end = memchr::memchr(0, bytes).ok_or(Damage::NoEnd)?;
    Ok((&bytes[..end], &bytes[end + 1..]))
}

/// The number at the start of `bytes`, which counts other bytes and so is not negative.
#[inline]
fn counted(bytes: &[u8]) -> Result<usize, Damage> {
    let length = bytes.first_chunk().ok_or(Damage::Length)?;
    usize::try_from(i32::from_le_bytes(*length)).map_err(|_| Damage::Length)
}

/// How many bytes the value at the start of `bytes` takes.
#[inline]
fn size(kind: u8, bytes: &[u8]) -> Result<usize, Damage> {
    Ok(match kind {
        kind::NULL | kind::UNDEFINED | kind::MIN_KEY | kind::MAX_KEY => 0,
        kind::BOOLEAN => 1,
        kind::INT32 => 4,
        kind::DOUBLE | kind::DATE_TIME | kind::TIMESTAMP | kind::INT64 => 8,
        kind::OBJECT_ID => 12,
        kind::DECIMAL128 => 16,
        kind::STRING | kind::SYMBOL | kind::CODE => 4 + counted(bytes)?,
        kind::DB_POINTER => 4 + counted(bytes)? + 12,
        kind::BINARY => 4 + 1 + counted(bytes)?,
        // The length counts itself.
        kind::DOCUMENT | kind::ARRAY | kind::CODE_WITH_SCOPE => counted(bytes)?,
        kind::REGULAR_EXPRESSION => {
            let (pattern, rest) = terminated(bytes)?;
            pattern.len() + 1 + terminated(rest)?.0.len() + 1
        }
        unknown => return Err(Damage::Type(unknown)),
    })
}

impl<'d> Element<'d> {
    /// The key, which need not be UTF-8.
    #[inline]
    pub(super) fn key(&self) -> &'d [u8] {
        self.key
    }

    /// The value. What is inside a document or an array is not looked at, nor inside a type of no ticket.
    ///
    /// Errors: damage to it.
    #[inline]
    pub(super) fn value(&self) -> Result<Value<'d>, Damage> {
        let bytes = self.bytes;
        Ok(match self.kind {
            kind::NULL | kind::UNDEFINED => Value::Null,
            kind::STRING | kind::SYMBOL => Value::Text(text(bytes)?),
            kind::INT64 => Value::Whole(i64::from_le_bytes(fixed(bytes)?)),
            kind::INT32 => Value::Whole(i32::from_le_bytes(fixed(bytes)?).into()),
            kind::DOUBLE => Value::Real(f64::from_le_bytes(fixed(bytes)?)),
            kind::BOOLEAN => match bytes {
                [0] => Value::Flag(false),
                [1] => Value::Flag(true),
                _ => return Err(Damage::Flag(bytes.first().copied().unwrap_or_default())),
            },
            kind::DOCUMENT => Value::Object(bytes),
            kind::ARRAY => Value::List(bytes),
            kind::DATE_TIME => Value::Date(i64::from_le_bytes(fixed(bytes)?)),
            // The counter stands before the seconds.
            kind::TIMESTAMP => Value::Stamp((u64::from_le_bytes(fixed(bytes)?) >> 32) as u32),
            kind::OBJECT_ID => Value::ObjectId(fixed(bytes)?),
            kind::DECIMAL128 => Value::Decimal(fixed(bytes)?),
            kind::BINARY => Value::Binary(binary(bytes)?),
            kind::REGULAR_EXPRESSION => Value::Other("RegularExpression"),
            kind::DB_POINTER => Value::Other("DbPointer"),
            kind::CODE => Value::Other("JavaScriptCode"),
            kind::CODE_WITH_SCOPE => Value::Other("JavaScriptCodeWithScope"),
            kind::MIN_KEY => Value::Other("MinKey"),
            kind::MAX_KEY => Value::Other("MaxKey"),
            unknown => return Err(Damage::Type(unknown)),
        })
    }
}

#[inline]
fn fixed<const SIZE: usize>(bytes: &[u8]) -> Result<[u8; SIZE], Damage> {
    bytes.try_into().map_err(|_| Damage::Length)
}

/// A text behind its length and before its zero byte.
#[inline]
fn text(bytes: &[u8]) -> Result<&str, Damage> {
    match bytes.get(4..).ok_or(Damage::Length)?.split_last() {
        Some((0, text)) => str::from_utf8(text).map_err(|_| Damage::Text),
        Some(_) => Err(Damage::NoEnd),
        None => Err(Damage::Length),
    }
}

/// The data behind its length and subtype, and for the old subtype behind its second length.
fn binary(bytes: &[u8]) -> Result<&[u8], Damage> {
    let (subtype, data) = bytes.get(4..).and_then(<[u8]>::split_first).ok_or(Damage::Length)?;
    if *subtype != OLD_BINARY {
        return Ok(data);
    }
    let inner = data.get(4..).ok_or(Damage::Length)?;
    if counted(data)? == inner.len() { Ok(inner) } else { Err(Damage::Length) }
}

#[cfg(test)]
mod tests {
    use mongodb::bson::raw::{RawBsonRef, RawIter};
    use mongodb::bson::spec::BinarySubtype;
    use mongodb::bson::{
        Binary, Bson, DateTime, Decimal128, Document, JavaScriptCodeWithScope, RawDocument, RawDocumentBuf, Regex, Timestamp, doc,
        oid::ObjectId,
    };

    use super::*;
    use crate::statistics::random::SplitMix64;

    /// What a reader sees of a document: every key and value, depth first.
    type Seen = Vec<(Vec<u8>, String)>;

    fn ours(document: &[u8], seen: &mut Seen) -> Result<(), Damage> {
        let mut elements = Elements::of(document)?;
        while elements.advance()? {
            let element = elements.current();
            let value = element.value()?;
            seen.push((element.key().to_vec(), shown(&value)));
            if let Value::Object(inner) | Value::List(inner) = value {
                ours(inner, seen)?;
            }
        }
        Ok(())
    }

    fn shown(value: &Value<'_>) -> String {
        match value {
            Value::Object(_) => "object".into(),
            Value::List(_) => "list".into(),
            Value::Real(number) => format!("real {:x}", number.to_bits()),
            other => format!("{other:?}"),
        }
    }

    fn theirs(document: &[u8], seen: &mut Seen) -> Result<(), String> {
        let elements: RawIter<'_> = RawDocument::from_bytes(document).map_err(|error| error.to_string())?.iter_elements();
        for element in elements {
            let element = element.map_err(|error| error.to_string())?;
            let value = element.value().map_err(|error| error.to_string())?;
            let (inner, value): (Option<&[u8]>, Value<'_>) = match value {
                RawBsonRef::Null | RawBsonRef::Undefined => (None, Value::Null),
                RawBsonRef::Boolean(flag) => (None, Value::Flag(flag)),
                RawBsonRef::Int32(number) => (None, Value::Whole(number.into())),
                RawBsonRef::Int64(number) => (None, Value::Whole(number)),
                RawBsonRef::Double(number) => (None, Value::Real(number)),
                RawBsonRef::String(text) | RawBsonRef::Symbol(text) => (None, Value::Text(text)),
                RawBsonRef::Document(inner) => (Some(inner.as_bytes()), Value::Object(inner.as_bytes())),
                RawBsonRef::Array(inner) => (Some(inner.as_bytes()), Value::List(inner.as_bytes())),
                RawBsonRef::DateTime(date) => (None, Value::Date(date.timestamp_millis())),
                RawBsonRef::Timestamp(stamp) => (None, Value::Stamp(stamp.time)),
                RawBsonRef::ObjectId(id) => (None, Value::ObjectId(id.bytes())),
                RawBsonRef::Decimal128(number) => (None, Value::Decimal(number.bytes())),
                RawBsonRef::Binary(binary) => (None, Value::Binary(binary.bytes)),
                RawBsonRef::RegularExpression(_) => (None, Value::Other("RegularExpression")),
                RawBsonRef::DbPointer(_) => (None, Value::Other("DbPointer")),
                RawBsonRef::JavaScriptCode(_) => (None, Value::Other("JavaScriptCode")),
                RawBsonRef::JavaScriptCodeWithScope(_) => (None, Value::Other("JavaScriptCodeWithScope")),
                RawBsonRef::MinKey => (None, Value::Other("MinKey")),
                RawBsonRef::MaxKey => (None, Value::Other("MaxKey")),
            };
            let key: &str = element.key().as_ref();
            seen.push((key.as_bytes().to_vec(), shown(&value)));
            inner.map_or(Ok(()), |inner| theirs(inner, seen))?;
        }
        Ok(())
    }

    /// A value of any type; `depth` levels may still follow.
    fn value(random: &mut SplitMix64, depth: usize) -> Bson {
        let text = |random: &mut SplitMix64| ["", "a", "COMPLETED", "Ünïcode …", "nul\0inside"][random.below(5)].to_owned();
        let whole = |random: &mut SplitMix64| random.next_u64() as i64;
        match random.below(if depth == 0 { 17 } else { 20 }) {
            0 => Bson::Null,
            1 => Bson::Undefined,
            2 => Bson::Boolean(random.below(2) == 1),
            3 => Bson::Int32(whole(random) as i32),
            4 => Bson::Int64(whole(random)),
            5 => Bson::Double(f64::from_bits(random.next_u64())),
            6 => Bson::Symbol(text(random)),
            7 => Bson::DateTime(DateTime::from_millis(whole(random))),
            8 => Bson::Timestamp(Timestamp { time: whole(random) as u32, increment: 7 }),
            9 => Bson::ObjectId(ObjectId::from_bytes([random.below(256) as u8; 12])),
            10 => Bson::Decimal128(Decimal128::from_bytes([random.below(256) as u8; 16])),
            11 => Bson::Binary(Binary { subtype: BinarySubtype::Uuid, bytes: vec![1; 16] }),
            12 => Bson::Binary(Binary { subtype: BinarySubtype::BinaryOld, bytes: vec![2; random.below(9)] }),
            13 => Bson::JavaScriptCode(text(random)),
            14 => Bson::JavaScriptCodeWithScope(JavaScriptCodeWithScope { code: text(random), scope: doc! { "x": 1 } }),
            15 => [Bson::MinKey, Bson::MaxKey][random.below(2)].clone(),
            16 => Bson::RegularExpression(Regex { pattern: "^a".try_into().unwrap(), options: "i".try_into().unwrap() }),
            17 => Bson::Array((0..random.below(4)).map(|_| value(random, depth - 1)).collect()),
            _ => Bson::Document(document(random, depth - 1)),
        }
    }

    fn document(random: &mut SplitMix64, depth: usize) -> Document {
        (0..random.below(8)).map(|place| (format!("{}{place}", ["k", "status", "ö"][random.below(3)]), value(random, depth))).collect()
    }

    #[test]
    fn random_documents_are_read_as_the_driver_reads_them() {
        let mut random = SplitMix64::new(11);
        let mut values = 0;
        for _ in 0..4_000 {
            let raw = RawDocumentBuf::try_from(&document(&mut random, 3)).unwrap();
            let (mut our, mut their) = (Seen::new(), Seen::new());
            assert_eq!((ours(raw.as_bytes(), &mut our), theirs(raw.as_bytes(), &mut their)), (Ok(()), Ok(())));
            assert_eq!(our, their);
            values += our.len();
        }
        assert!(values > 20_000, "{values} values were compared");
    }

    /// The driver's reader looks at the code of a script, the namespace of a pointer and the words of a pattern; no
    /// ticket has such a value, so this one passes them over unread. Keys are bytes here.
    fn passed_over(seen: &Seen) -> bool {
        let unread = ["Code", "DbPointer", "RegularExpression"];
        seen.iter().any(|(key, value)| unread.iter().any(|name| value.contains(name)) || str::from_utf8(key).is_err())
    }

    #[test]
    fn damaged_documents_are_refused_or_read_as_the_driver_reads_them() {
        let mut random = SplitMix64::new(12);
        let (mut refused, mut agreed) = (0, 0);
        for _ in 0..40_000 {
            let mut bytes = RawDocumentBuf::try_from(&document(&mut random, 3)).unwrap().into_bytes();
            for _ in 0..=random.below(3) {
                let at = random.below(bytes.len());
                match random.below(4) {
                    0 => bytes[at] = random.below(256) as u8,
                    1 => bytes[at] ^= 1 << random.below(8),
                    2 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][random.below(5)],
                    _ => bytes.truncate(at.max(1)),
                }
            }
            // Half of them with a length that fits, so that the damage inside is come to.
            if random.below(2) == 0 && bytes.len() >= 5 {
                let length = (bytes.len() as i32).to_le_bytes();
                bytes[..4].copy_from_slice(&length);
                *bytes.last_mut().unwrap() = 0;
            }
            let (mut our, mut their) = (Seen::new(), Seen::new());
            match (ours(&bytes, &mut our), theirs(&bytes, &mut their)) {
                (Err(_), _) => refused += 1,
                (Ok(()), Ok(())) => {
                    assert_eq!(our, their, "{bytes:?}");
                    agreed += 1;
                }
                (Ok(()), Err(error)) => assert!(passed_over(&our), "accepted what the driver refuses ({error}): {bytes:?}"),
            }
        }
        assert!(refused > 5_000 && agreed > 5_000, "{refused} refused, {agreed} agreed");
    }

    #[test]
    fn each_damage_has_its_name() {
        let of = |bytes: &[u8]| ours(bytes, &mut Seen::new());
        assert_eq!(of(&[5, 0, 0, 0, 0]), Ok(()));
        assert_eq!((of(&[]), of(&[4, 0, 0, 0]), of(&[6, 0, 0, 0, 0])), (Err(Damage::Length), Err(Damage::Length), Err(Damage::Length)));
        assert_eq!(of(&[5, 0, 0, 0, 1]), Err(Damage::NoEnd));
        assert_eq!(of(&[8, 0, 0, 0, 0x0a, b'a', b'b', 0]), Err(Damage::NoEnd));
        assert_eq!(of(&[8, 0, 0, 0, 0x40, b'a', 0, 0]), Err(Damage::Type(0x40)));
        assert_eq!(of(&[9, 0, 0, 0, 8, b'a', 0, 2, 0]), Err(Damage::Flag(2)));
        assert_eq!(of(&[14, 0, 0, 0, 2, b'a', 0, 2, 0, 0, 0, 0xff, 0, 0]), Err(Damage::Text));
        // A text of length -1, and one whose length reaches beyond the document.
        assert_eq!(of(&[13, 0, 0, 0, 2, b'a', 0, 255, 255, 255, 255, 0, 0]), Err(Damage::Length));
        assert_eq!(of(&[13, 0, 0, 0, 2, b'a', 0, 9, 0, 0, 0, 0, 0]), Err(Damage::Length));
    }
}
