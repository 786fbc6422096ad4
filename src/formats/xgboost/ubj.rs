//! Documents as Universal Binary JSON, the dialect that XGBoost writes: big-endian numbers, lengths of
//! 64 bits, typed arrays (`[$d#L…`), objects without counts.

use super::document::{Collector, ModelDocument};
use crate::error::Result;
use crate::formats::cursor::Cursor;

/// Deepest nesting; a model has 7.
const DEEPEST: usize = 32;

/// Reads a document.
///
/// Errors: [`BadModelFile`](crate::error::ErrorKind::BadModelFile) with the byte.
pub(super) fn parse(bytes: &[u8]) -> Result<ModelDocument> {
    let mut cursor = Cursor::new(bytes, "XGBoost model");
    let marker = cursor.byte()?;
    value(&mut cursor, marker, 0)
}

fn value(cursor: &mut Cursor<'_>, marker: u8, depth: usize) -> Result<ModelDocument> {
    if depth > DEEPEST {
        return Err(cursor.fail(format_args!("nested deeper than {DEEPEST}")));
    }
    Ok(match marker {
        b'Z' => ModelDocument::Null,
        b'T' => ModelDocument::Boolean(true),
        b'F' => ModelDocument::Boolean(false),
        b'S' => ModelDocument::Text(text(cursor)?),
        b'C' => ModelDocument::Text(char::from(cursor.byte()?).to_string()),
        b'[' => list(cursor, depth)?,
        b'{' => map(cursor, depth)?,
        _ => ModelDocument::Number(number(cursor, marker)?),
    })
}

fn number(cursor: &mut Cursor<'_>, marker: u8) -> Result<f64> {
    Ok(match marker {
        b'i' => f64::from(i8::from_be_bytes(cursor.array()?)),
        b'U' => f64::from(cursor.byte()?),
        b'I' => f64::from(i16::from_be_bytes(cursor.array()?)),
        b'l' => f64::from(i32::from_be_bytes(cursor.array()?)),
        b'L' => i64::from_be_bytes(cursor.array()?) as f64,
        b'd' => f64::from(f32::from_be_bytes(cursor.array()?)),
        b'D' => f64::from_be_bytes(cursor.array()?),
        other => return Err(cursor.fail(format_args!("the marker 0x{other:02x} is not understood"))),
    })
}

/// A length: a marker of a whole number and the number.
fn length(cursor: &mut Cursor<'_>) -> Result<u64> {
    let at = cursor.position();
    let length = match cursor.byte()? {
        b'L' => i64::from_be_bytes(cursor.array()?),
        b'l' => i64::from(i32::from_be_bytes(cursor.array()?)),
        b'I' => i64::from(i16::from_be_bytes(cursor.array()?)),
        b'U' => i64::from(cursor.byte()?),
        b'i' => i64::from(i8::from_be_bytes(cursor.array()?)),
        other => return Err(cursor.fail_at(at, format_args!("the marker 0x{other:02x} is no length"))),
    };
    u64::try_from(length).map_err(|_| cursor.fail_at(at, format_args!("the length {length}")))
}

fn text(cursor: &mut Cursor<'_>) -> Result<String> {
    let length = length(cursor)?;
    let at = cursor.position();
    let bytes = cursor.take_stated(length)?;
    String::from_utf8(bytes.to_vec()).map_err(|_| cursor.fail_at(at, "a text that is not UTF-8"))
}

fn map(cursor: &mut Cursor<'_>, depth: usize) -> Result<ModelDocument> {
    let mut entries = Vec::new();
    while cursor.peek() != Some(b'}') {
        let key = text(cursor)?;
        let marker = cursor.byte()?;
        entries.push((key, value(cursor, marker, depth + 1)?));
    }
    cursor.byte()?;
    Ok(ModelDocument::Map(entries))
}

fn list(cursor: &mut Cursor<'_>, depth: usize) -> Result<ModelDocument> {
    match cursor.peek() {
        Some(b'$') => {
            cursor.byte()?;
            typed_list(cursor)
        }
        Some(b'#') => {
            cursor.byte()?;
            let mut list = Collector::default();
            for _ in 0..length(cursor)? {
                let marker = cursor.byte()?;
                list.push(value(cursor, marker, depth + 1)?);
            }
            Ok(list.finish())
        }
        _ => {
            let mut list = Collector::default();
            while cursor.peek() != Some(b']') {
                let marker = cursor.byte()?;
                list.push(value(cursor, marker, depth + 1)?);
            }
            cursor.byte()?;
            Ok(list.finish())
        }
    }
}

/// An array of numbers of one type. Types without bytes are refused: their count would cost nothing.
fn typed_list(cursor: &mut Cursor<'_>) -> Result<ModelDocument> {
    let kind = cursor.byte()?;
    if cursor.byte()? != b'#' {
        return Err(cursor.fail("a typed array without a count"));
    }
    let count = length(cursor)?;
    let size = match kind {
        b'i' | b'U' => 1,
        b'I' => 2,
        b'l' | b'd' => 4,
        b'L' | b'D' => 8,
        other => return Err(cursor.fail(format_args!("an array of the type 0x{other:02x}"))),
    };
    let mut data = cursor.part(count.saturating_mul(size))?;
    let count = data.remaining() / size as usize;
    Ok(match kind {
        b'U' => ModelDocument::Bytes(data.rest().to_vec()),
        b'l' => ModelDocument::Integers((0..count).map(|_| data.array().map(i32::from_be_bytes)).collect::<Result<_>>()?),
        b'L' => ModelDocument::Longs((0..count).map(|_| data.array().map(i64::from_be_bytes)).collect::<Result<_>>()?),
        b'd' => ModelDocument::Floats((0..count).map(|_| data.array().map(f32::from_be_bytes)).collect::<Result<_>>()?),
        _ => ModelDocument::Numbers((0..count).map(|_| number(&mut data, kind)).collect::<Result<_>>()?),
    })
}

/// Writes a document.
pub(super) fn print(document: &ModelDocument) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(document, &mut bytes);
    bytes
}

fn write(document: &ModelDocument, bytes: &mut Vec<u8>) {
    match document {
        ModelDocument::Null => bytes.push(b'Z'),
        ModelDocument::Boolean(value) => bytes.push(if *value { b'T' } else { b'F' }),
        ModelDocument::Number(number) if number.fract() == 0.0 && number.abs() < 2f64.powi(53) => {
            bytes.push(b'L');
            bytes.extend((*number as i64).to_be_bytes());
        }
        ModelDocument::Number(number) => {
            bytes.push(b'D');
            bytes.extend(number.to_be_bytes());
        }
        ModelDocument::Text(text) => {
            bytes.push(b'S');
            write_text(text, bytes);
        }
        ModelDocument::Numbers(numbers) => {
            write_items(&numbers.iter().map(|&number| ModelDocument::Number(number)).collect::<Vec<_>>(), bytes)
        }
        ModelDocument::Floats(numbers) => write_typed(b'd', numbers.len(), numbers.iter().flat_map(|number| number.to_be_bytes()), bytes),
        ModelDocument::Integers(numbers) => write_typed(b'l', numbers.len(), numbers.iter().flat_map(|number| number.to_be_bytes()), bytes),
        ModelDocument::Longs(numbers) => write_typed(b'L', numbers.len(), numbers.iter().flat_map(|number| number.to_be_bytes()), bytes),
        ModelDocument::Bytes(numbers) => write_typed(b'U', numbers.len(), numbers.iter().copied(), bytes),
        ModelDocument::List(items) => write_items(items, bytes),
        ModelDocument::Map(entries) => {
            bytes.push(b'{');
            for (key, value) in entries {
                write_text(key, bytes);
                write(value, bytes);
            }
            bytes.push(b'}');
        }
    }
}

fn write_text(text: &str, bytes: &mut Vec<u8>) {
    bytes.push(b'L');
    bytes.extend((text.len() as i64).to_be_bytes());
    bytes.extend(text.as_bytes());
}

fn write_items(items: &[ModelDocument], bytes: &mut Vec<u8>) {
    bytes.extend(b"[#L");
    bytes.extend((items.len() as i64).to_be_bytes());
    items.iter().for_each(|item| write(item, bytes));
}

fn write_typed(kind: u8, count: usize, data: impl Iterator<Item = u8>, bytes: &mut Vec<u8>) {
    bytes.extend([b'[', b'$', kind, b'#', b'L']);
    bytes.extend((count as i64).to_be_bytes());
    bytes.extend(data);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let document = ModelDocument::map([
            ("floats", ModelDocument::Floats(vec![1.5, -2.0])),
            ("integers", ModelDocument::Integers(vec![1, -1])),
            ("longs", ModelDocument::Longs(vec![1 << 40])),
            ("bytes", ModelDocument::Bytes(vec![0, 1])),
            ("numbers", ModelDocument::Numbers(vec![1.0, 0.5])),
            (
                "list",
                ModelDocument::List(vec![
                    ModelDocument::text("a"),
                    ModelDocument::Null,
                    ModelDocument::Boolean(true),
                    ModelDocument::map([]),
                ]),
            ),
        ]);
        assert_eq!(parse(&print(&document)).unwrap(), document);
    }

    #[test]
    fn arrays_that_cost_nothing_and_lengths_beyond_the_end_are_refused() {
        let error = |bytes: &[u8]| parse(bytes).unwrap_err().to_string();
        assert!(error(b"[$Z#L\x7f\xff\xff\xff\xff\xff\xff\xff").contains("an array of the type 0x5a"));
        assert!(error(b"[$d#L\x7f\xff\xff\xff\xff\xff\xff\xff").contains("byte 13"));
        assert!(error(b"[#L\x7f\xff\xff\xff\xff\xff\xff\xff").contains("byte 11: 1 bytes wanted"));
        assert!(error(&b"[".repeat(100)).contains("nested deeper than 32"));
        assert!(error(b"SL\xff\xff\xff\xff\xff\xff\xff\xff").contains("the length -1"));
        assert!(error(b"{").contains("byte 1"));
    }
}
