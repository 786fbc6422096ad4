//! Protocol Buffers' wire format, as much of it as ONNX needs.
//!
//! Own code, because a reader must say at which byte a file is broken and must not copy the numbers
//! of a large model twice; the format is three kinds of fields.

use crate::error::Result;
use crate::formats::cursor::Cursor;

/// A message being written.
#[derive(Clone, Debug, Default)]
pub(super) struct Message {
    bytes: Vec<u8>,
}

impl Message {
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    fn raw_varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    /// A whole number.
    pub(super) fn integer(mut self, field: u32, value: i64) -> Self {
        self.raw_varint(u64::from(field) << 3);
        self.raw_varint(value as u64);
        self
    }

    /// Bytes, or a message that is complete.
    pub(super) fn bytes(mut self, field: u32, bytes: &[u8]) -> Self {
        self.raw_varint(u64::from(field) << 3 | 2);
        self.raw_varint(bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
        self
    }

    pub(super) fn text(self, field: u32, text: &str) -> Self {
        self.bytes(field, text.as_bytes())
    }

    pub(super) fn message(self, field: u32, message: Message) -> Self {
        self.bytes(field, &message.bytes)
    }

    /// Several texts.
    pub(super) fn texts<'t>(self, field: u32, texts: impl IntoIterator<Item = &'t str>) -> Self {
        texts.into_iter().fold(self, |message, text| message.text(field, text))
    }

    /// Several whole numbers, packed.
    pub(super) fn integers(self, field: u32, values: impl IntoIterator<Item = i64>) -> Self {
        let mut packed = Message::default();
        values.into_iter().for_each(|value| packed.raw_varint(value as u64));
        self.message(field, packed)
    }
}

/// The content of one field.
#[derive(Clone, Debug)]
pub(super) enum Content<'a> {
    Integer(u64),
    Fixed64([u8; 8]),
    Fixed32([u8; 4]),
    Bytes(Cursor<'a>),
}

/// One field of a message.
#[derive(Clone, Debug)]
pub(super) struct WireField<'a> {
    pub(super) number: u32,
    pub(super) content: Content<'a>,
}

/// The next varint.
fn varint(cursor: &mut Cursor<'_>) -> Result<u64> {
    let start = cursor.position();
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let byte = cursor.byte()?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(cursor.fail_at(start, "a number of more than 64 bits"))
}

/// The fields of a message, in order.
///
/// Errors: a length beyond the end, a wire type that ONNX does not use.
pub(super) fn fields<'a>(mut cursor: Cursor<'a>, mut each: impl FnMut(WireField<'a>) -> Result<()>) -> Result<()> {
    while cursor.remaining() > 0 {
        let start = cursor.position();
        let key = varint(&mut cursor)?;
        let content = match key & 7 {
            0 => Content::Integer(varint(&mut cursor)?),
            1 => Content::Fixed64(cursor.array()?),
            2 => {
                let length = varint(&mut cursor)?;
                Content::Bytes(cursor.part(length)?)
            }
            5 => Content::Fixed32(cursor.array()?),
            other => return Err(cursor.fail_at(start, format_args!("wire type {other}"))),
        };
        match u32::try_from(key >> 3) {
            Ok(number) if number > 0 => each(WireField { number, content })?,
            _ => return Err(cursor.fail_at(start, format_args!("field number {}", key >> 3))),
        }
    }
    Ok(())
}

impl<'a> WireField<'a> {
    fn wrong(&self, place: &Cursor<'_>, expected: &str) -> crate::error::Error {
        place.fail(format_args!("field {} is not {expected}", self.number))
    }

    /// The bytes of a message, text or packed list. `place` is where to say that they are none.
    pub(super) fn bytes(&self, place: &Cursor<'_>) -> Result<Cursor<'a>> {
        match &self.content {
            Content::Bytes(bytes) => Ok(bytes.clone()),
            _ => Err(self.wrong(place, "a message")),
        }
    }

    /// A text.
    pub(super) fn text(&self, place: &Cursor<'_>) -> Result<&'a str> {
        let bytes = self.bytes(place)?;
        std::str::from_utf8(bytes.rest()).map_err(|_| bytes.fail("a text that is not UTF-8"))
    }

    /// A whole number.
    pub(super) fn integer(&self, place: &Cursor<'_>) -> Result<i64> {
        match self.content {
            Content::Integer(value) => Ok(value as i64),
            _ => Err(self.wrong(place, "a whole number")),
        }
    }

    /// Appends whole numbers, packed or one by one.
    pub(super) fn integers(&self, place: &Cursor<'_>, list: &mut Vec<i64>) -> Result<()> {
        match &self.content {
            Content::Integer(value) => list.push(*value as i64),
            Content::Bytes(bytes) => {
                let mut bytes = bytes.clone();
                while bytes.remaining() > 0 {
                    list.push(varint(&mut bytes)? as i64);
                }
            }
            _ => return Err(self.wrong(place, "whole numbers")),
        }
        Ok(())
    }

    /// Appends 32-bit floats, packed or one by one.
    pub(super) fn floats(&self, place: &Cursor<'_>, list: &mut Vec<f64>) -> Result<()> {
        match &self.content {
            Content::Fixed32(value) => list.push(f64::from(f32::from_le_bytes(*value))),
            Content::Bytes(bytes) => {
                let mut bytes = bytes.clone();
                while bytes.remaining() > 0 {
                    list.push(f64::from(f32::from_le_bytes(bytes.array()?)));
                }
            }
            _ => return Err(self.wrong(place, "floats")),
        }
        Ok(())
    }

    /// Appends 64-bit floats, packed or one by one.
    pub(super) fn doubles(&self, place: &Cursor<'_>, list: &mut Vec<f64>) -> Result<()> {
        match &self.content {
            Content::Fixed64(value) => list.push(f64::from_le_bytes(*value)),
            Content::Bytes(bytes) => {
                let mut bytes = bytes.clone();
                while bytes.remaining() > 0 {
                    list.push(f64::from_le_bytes(bytes.array()?));
                }
            }
            _ => return Err(self.wrong(place, "doubles")),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let inner = Message::default().text(1, "leaf").integers(2, [0, 1, 300, -1]);
        let bytes = Message::default().integer(7, -5).message(20, inner).into_bytes();
        let place = Cursor::new(&bytes, "message");
        let mut seen = Vec::new();
        fields(place.clone(), |field| {
            match field.number {
                7 => assert_eq!(field.integer(&place).unwrap(), -5),
                20 => fields(field.bytes(&place)?, |inner| {
                    if inner.number == 1 {
                        assert_eq!(inner.text(&place).unwrap(), "leaf");
                        return Ok(());
                    }
                    inner.integers(&place, &mut seen)
                })?,
                other => panic!("field {other}"),
            }
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, [0, 1, 300, -1]);
    }

    #[test]
    fn a_length_beyond_the_end_names_its_place() {
        let error = fields(Cursor::new(&[0x0a, 0x05, 1, 2], "message"), |_| Ok(())).unwrap_err();
        assert_eq!(error.to_string(), "cannot read this message: byte 2: 5 bytes wanted, the file ends after 2");
        assert!(fields(Cursor::new(&[0xff; 12], "message"), |_| Ok(())).is_err());
    }
}
