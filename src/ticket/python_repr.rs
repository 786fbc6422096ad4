//! How long Python's `repr` of a value is, without building the value or the text.
//!
//! The running system's feature `parameters_size` is `len(str(parameters))`: the number of code
//! points Python prints for the dictionary. It is counted here while the value streams by. Sources:
//! `unicode_repr` (quotes and escapes), `float_repr_style short` (digits and exponents) and
//! `str.isprintable` of CPython 3.
//!
//! Known differences: an integer beyond 64 bits and a negative zero written `-0` are counted as the
//! floats that the JSON reader makes of them, and a character that one Unicode version knows and the
//! other does not counts by this crate's version.

use std::fmt::{self, Write};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use unicode_general_category::{GeneralCategory, get_general_category};

/// Counts the code points of `repr(value)` for any value of the JSON data model.
///
/// Extended-JSON numbers (`{"$numberLong": "5"}`) count as the numbers Python's driver makes of them.
/// A key that comes twice counts once, with its last value, as in a Python dictionary.
pub struct ReprLength;

/// Counts the code points of `str(value)`, or 0 where Python calls the value false: `null`, `false`,
/// zero, an empty text, list or object. This is the reference feature `parameters_size`.
pub struct StrLength;

impl<'de> DeserializeSeed<'de> for ReprLength {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> DeserializeSeed<'de> for StrLength {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ReprLength {
    type Value = usize;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<usize, E> {
        Ok(if value { "True".len() } else { "False".len() })
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<usize, E> {
        Ok(usize::from(value < 0) + decimal_digits(value.unsigned_abs()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<usize, E> {
        Ok(decimal_digits(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<usize, E> {
        Ok(float_length(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<usize, E> {
        Ok(text_length(value))
    }

    fn visit_unit<E: Error>(self) -> Result<usize, E> {
        Ok("None".len())
    }

    fn visit_none<E: Error>(self) -> Result<usize, E> {
        Ok("None".len())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<usize, A::Error> {
        let (mut items, mut length) = (0_usize, 0);
        while let Some(item) = sequence.next_element_seed(ReprLength)? {
            items += 1;
            length += item;
        }
        Ok("[]".len() + length + ", ".len() * items.saturating_sub(1))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<usize, A::Error> {
        let Some(first) = map.next_key_seed(KeySeed)? else { return Ok("{}".len()) };
        let mut entries = Entries::default();
        if first.is_number_wrapper {
            let (wrapper, number) = map.next_value_seed(WrappedNumber)?;
            let second = map.next_key_seed(KeySeed)?;
            if let (Some(number), None) = (number, &second) {
                return Ok(number);
            }
            entries.push(first, wrapper);
            if let Some(second) = second {
                entries.push(second, map.next_value_seed(ReprLength)?);
            }
        } else {
            entries.push(first, map.next_value_seed(ReprLength)?);
        }
        while let Some(key) = map.next_key_seed(KeySeed)? {
            entries.push(key, map.next_value_seed(ReprLength)?);
        }
        Ok(entries.length())
    }
}

impl<'de> Visitor<'de> for StrLength {
    type Value = usize;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<usize, E> {
        Ok(if value { "True".len() } else { 0 })
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<usize, E> {
        if value == 0 { Ok(0) } else { ReprLength.visit_i64(value) }
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<usize, E> {
        if value == 0 { Ok(0) } else { ReprLength.visit_u64(value) }
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<usize, E> {
        if value == 0.0 { Ok(0) } else { ReprLength.visit_f64(value) }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<usize, E> {
        Ok(value.chars().count())
    }

    fn visit_unit<E: Error>(self) -> Result<usize, E> {
        Ok(0)
    }

    fn visit_none<E: Error>(self) -> Result<usize, E> {
        Ok(0)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<usize, A::Error> {
        ReprLength.visit_seq(sequence).map(|length| if length == "[]".len() { 0 } else { length })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<usize, A::Error> {
        ReprLength.visit_map(map).map(|length| if length == "{}".len() { 0 } else { length })
    }
}

/// What a dictionary's key adds: its own length, and a digest by which a second one is noticed.
struct Key {
    digest: u64,
    length: usize,
    is_number_wrapper: bool,
}

struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Key;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Key, E> {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let is_number_wrapper = matches!(key, "$numberLong" | "$numberInt" | "$numberDouble");
        Ok(Key { digest: hasher.finish(), length: text_length(key), is_number_wrapper })
    }
}

/// The value of `$numberLong` and its kin: its length as it stands, and as the number it means.
struct WrappedNumber;

impl<'de> DeserializeSeed<'de> for WrappedNumber {
    type Value = (usize, Option<usize>);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let value = <serde_json::Value as serde::Deserialize>::deserialize(deserializer)?;
        let as_it_stands = ReprLength.deserialize(&value).map_err(D::Error::custom)?;
        let number = value.as_str().and_then(|text| match text.parse::<i64>() {
            Ok(whole) => Some(usize::from(whole < 0) + decimal_digits(whole.unsigned_abs())),
            Err(_) => text.parse().ok().map(float_length),
        });
        Ok((as_it_stands, number))
    }
}

/// The entries of one dictionary.
#[derive(Default)]
struct Entries {
    seen: Vec<(u64, usize)>,
}

impl Entries {
    fn push(&mut self, key: Key, value: usize) {
        if self.seen.is_empty() {
            self.seen.reserve(8);
        }
        self.seen.push((key.digest, key.length + ": ".len() + value));
    }

    /// `{a: b, c: d}`, a repeated key counted once with its last value.
    fn length(mut self) -> usize {
        self.seen.reverse();
        self.seen.sort_by_key(|&(digest, _)| digest);
        self.seen.dedup_by_key(|&mut (digest, _)| digest);
        let entries: usize = self.seen.iter().map(|&(_, length)| length).sum();
        "{}".len() + entries + ", ".len() * (self.seen.len() - 1)
    }
}

fn decimal_digits(value: u64) -> usize {
    value.checked_ilog10().map_or(1, |power| power as usize + 1)
}

/// `repr(float)`: the shortest digits that read back the same, an exponent below 1e-4 and from 1e16 on.
fn float_length(value: f64) -> usize {
    if !value.is_finite() {
        return if value == f64::NEG_INFINITY { "-inf".len() } else { "inf".len() };
    }
    let sign = usize::from(value.is_sign_negative());
    let (digits, exponent) = shortest_digits(value.abs());
    let length = match exponent {
        -4..0 => "0.".len() + exponent.unsigned_abs() as usize - 1 + digits,
        0..16 if digits as i32 > exponent + 1 => digits + ".".len(),
        0..16 => exponent as usize + 1 + ".0".len(),
        _ => digits + usize::from(digits > 1) + "e+".len() + decimal_digits(u64::from(exponent.unsigned_abs())).max(2),
    };
    sign + length
}

/// Number of significant digits and the decimal exponent of the first of them.
fn shortest_digits(value: f64) -> (usize, i32) {
    /// Takes `d.dddde-x` apart while it is written.
    #[derive(Default)]
    struct Scientific {
        digits: usize,
        exponent: i32,
        negative: bool,
        in_exponent: bool,
    }
    impl Write for Scientific {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            for byte in text.bytes() {
                match byte {
                    b'e' => self.in_exponent = true,
                    b'-' => self.negative = true,
                    b'.' => {}
                    digit if self.in_exponent => self.exponent = self.exponent * 10 + i32::from(digit - b'0'),
                    _ => self.digits += 1,
                }
            }
            Ok(())
        }
    }
    let mut written = Scientific::default();
    // Writing into a counter cannot fail.
    let _ = write!(written, "{value:e}");
    (written.digits, if written.negative { -written.exponent } else { written.exponent })
}

/// `repr(str)`: single quotes unless only they occur inside, and escapes for what is not printable.
fn text_length(text: &str) -> usize {
    let plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'\'' && byte != b'\\');
    if plain {
        return text.len() + 2;
    }
    let escape_quote = text.contains('\'') && text.contains('"');
    let inside: usize = text
        .chars()
        .map(|character| match character {
            '\\' | '\n' | '\r' | '\t' => 2,
            '\'' if escape_quote => 2,
            ' '..='~' => 1,
            '\0'..'\u{80}' => 4,
            _ if is_printable(character) => 1,
            '\u{80}'..'\u{100}' => 4,
            '\u{100}'..='\u{ffff}' => 6,
            _ => 10,
        })
        .sum();
    inside + 2
}

fn is_printable(character: char) -> bool {
    use GeneralCategory as G;
    let category = get_general_category(character);
    !matches!(
        category,
        G::Control
            | G::Format
            | G::Surrogate
            | G::PrivateUse
            | G::Unassigned
            | G::LineSeparator
            | G::ParagraphSeparator
            | G::SpaceSeparator
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repr(json: &str) -> usize {
        ReprLength.deserialize(&mut serde_json::Deserializer::from_str(json)).unwrap()
    }

    fn size(json: &str) -> usize {
        StrLength.deserialize(&mut serde_json::Deserializer::from_str(json)).unwrap()
    }

    #[test]
    fn the_golden_dictionary_is_65_long() {
        let golden = r#"{"env":"prod","n":3,"f":true,"l":["x","it's"],"z":null}"#;
        assert_eq!((size(golden), repr(golden)), (65, 65));
    }

    #[test]
    fn floats_are_as_long_as_python_prints_them() {
        for (value, printed) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (123.25, "123.25"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e16, "1.5e+16"),
            (123456789012345680.0, "1.2345678901234568e+17"),
            (0.0001, "0.0001"),
            (0.00012, "0.00012"),
            (1e-5, "1e-05"),
            (-2.5e-5, "-2.5e-05"),
            (1e100, "1e+100"),
            (1.7976931348623157e308, "1.7976931348623157e+308"),
            (5e-324, "5e-324"),
            (0.1, "0.1"),
            (100.0, "100.0"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
        ] {
            assert_eq!(float_length(value), printed.len(), "{printed}");
        }
    }

    #[test]
    fn texts_are_quoted_and_escaped_as_python_does() {
        for (text, printed) in [
            ("", "''"),
            ("it's", "\"it's\""),
            ("say \"so\"", "'say \"so\"'"),
            ("'\"", r#"'\'"'"#),
            ("a\\b\n\r\t", r"'a\\b\n\r\t'"),
            ("\u{7f}\u{0}", r"'\x7f\x00'"),
            ("\u{85}\u{a0}\u{ad}", r"'\x85\xa0\xad'"),
            ("héllo €", "'héllo €'"),
            ("\u{200b}\u{2028}\u{3000}", r"'\u200b\u2028\u3000'"),
            ("\u{1f600}", "'\u{1f600}'"),
            ("\u{e0001}\u{10ffff}", r"'\U000e0001\U0010ffff'"),
        ] {
            assert_eq!(text_length(text), printed.chars().count(), "{printed}");
        }
    }

    #[test]
    fn what_python_calls_false_has_size_zero() {
        for json in ["null", "false", "0", "0.0", "\"\"", "[]", "{}"] {
            assert_eq!(size(json), 0, "{json}");
        }
        assert_eq!((size("true"), size("-12"), size("1.5"), size("\"ab'\""), size("[null]")), (4, 3, 3, 3, 6));
    }

    #[test]
    fn a_key_that_comes_twice_counts_once() {
        assert_eq!(repr(r#"{"a":1,"b":2,"a":333}"#), "{'a': 333, 'b': 2}".len());
    }

    #[test]
    fn extended_json_numbers_count_as_numbers() {
        assert_eq!(repr(r#"{"n":{"$numberLong":"-12"},"d":{"$numberDouble":"1e16"}}"#), "{'n': -12, 'd': 1e+16}".len());
        assert_eq!(repr(r#"{"$numberLong":"1","x":2}"#), "{'$numberLong': '1', 'x': 2}".len());
        assert_eq!(repr(r#"{"$numberLong":"one"}"#), "{'$numberLong': 'one'}".len());
    }
}
