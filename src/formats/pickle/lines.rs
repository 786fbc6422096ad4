//! What protocol 0 writes as lines of text.

use std::borrow::Cow;

use crate::formats::object::Object;

/// The number, truth value or text of such a line; `None` for what is none.
pub(super) fn object(opcode: u8, line: &[u8]) -> Option<Object<'_>> {
    if opcode == b'V' {
        return unescaped(line).map(|text| Object::Text(Cow::Owned(text)));
    }
    let word = std::str::from_utf8(line).ok()?.trim();
    match (opcode, word) {
        (b'I', "00") => Some(Object::Boolean(false)),
        (b'I', "01") => Some(Object::Boolean(true)),
        (b'F', word) => word.parse().ok().map(Object::Float),
        (_, word) => {
            let digits = word.strip_suffix('L').unwrap_or(word);
            let unsigned = digits.strip_prefix('-').unwrap_or(digits);
            let is_whole = !unsigned.is_empty() && unsigned.bytes().all(|digit| digit.is_ascii_digit());
            // Longer ones are a random generator's.
            digits.parse().map(Object::Integer).ok().or_else(|| is_whole.then_some(Object::Bytes(Cow::Borrowed(line))))
        }
    }
}

/// A text as protocol 0 writes it: bytes are letters of latin-1, others stand as `\u263a` or `\U0001f600`; `None` for what is no
/// letter.
fn unescaped(line: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(line.len());
    let mut place = 0;
    while let Some(&byte) = line.get(place) {
        let digits = match (byte, line.get(place + 1)) {
            (b'\\', Some(b'u')) => 4,
            (b'\\', Some(b'U')) => 8,
            _ => {
                text.push(char::from(byte));
                place += 1;
                continue;
            }
        };
        let digits = std::str::from_utf8(line.get(place + 2..place + 2 + digits)?).ok()?;
        text.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
        place += 2 + digits.len();
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_are_read_as_python_writes_them() {
        assert_eq!(unescaped(b"a\\u263a\\U0001f600\xe9\\u005cu").as_deref(), Some("a\u{263a}\u{1f600}\u{e9}\\u"));
        assert_eq!((unescaped(b"\\ud800"), unescaped(b"\\u12")), (None, None));
        assert!(matches!(object(b'I', b"01"), Some(Object::Boolean(true))));
        assert!(matches!(object(b'L', b"-12L"), Some(Object::Integer(-12))));
        assert!(matches!(object(b'F', b"nan"), Some(Object::Float(number)) if number.is_nan()));
        assert!(matches!(object(b'L', b"123456789012345678901234567890L"), Some(Object::Bytes(_))));
        assert!(object(b'I', b"x").is_none() && object(b'L', b"L").is_none());
    }
}
