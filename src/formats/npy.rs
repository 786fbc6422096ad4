//! numpy's own file format, one array a file.

use std::borrow::Cow;

use super::cursor::Cursor;
use super::numpy::{Array, ElementType, RecordField};
use crate::error::Result;

const MAGIC: &[u8; 6] = b"\x93NUMPY";

/// Reads an array. Arrays of objects hold pickles and are refused.
///
/// Errors: [`BadModelFile`](crate::error::ErrorKind::BadModelFile) with the byte.
pub(super) fn parse(bytes: Cow<'_, [u8]>) -> Result<Array<'_>> {
    let mut cursor = Cursor::new(&bytes, "numpy array");
    if cursor.take(6)? != MAGIC {
        return Err(cursor.fail_at(0, "it does not begin as one"));
    }
    let [major, _minor] = cursor.array()?;
    let length = match major {
        1 => u64::from(u16::from_le_bytes(cursor.array()?)),
        2 | 3 => u64::from(u32::from_le_bytes(cursor.array()?)),
        other => return Err(cursor.fail_at(6, format_args!("version {other}"))),
    };
    let header_at = cursor.position();
    let header = cursor.take_stated(length)?;
    let header = std::str::from_utf8(header).ok().and_then(Literal::parse).and_then(|literal| Header::of(&literal));
    let Some(header) = header else { return Err(cursor.fail_at(header_at, "its header is not understood")) };
    let data_at = cursor.position();
    let data = match bytes {
        Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[data_at..]),
        Cow::Owned(mut bytes) => Cow::Owned(bytes.split_off(data_at)),
    };
    let (shape, size) = (header.shape.clone(), data.len());
    let cursor = Cursor::new(&[], "numpy array");
    Array::new(header.element, header.shape, header.fortran_order, data)
        .ok_or_else(|| cursor.fail_at(data_at, format_args!("{size} bytes do not make the shape {shape:?}")))
}

/// Writes an array of numbers or records.
pub(super) fn print(array: &Array<'_>) -> Vec<u8> {
    let descriptor = |element: &ElementType| format!("'{}{}'", element.byte_order(), element.code());
    let element = match &array.element {
        ElementType::Record { fields, size } => {
            let mut parts: Vec<String> = fields.iter().map(|field| format!("('{}', {})", field.name, descriptor(&field.element))).collect();
            let used = fields.last().map_or(0, |field| field.offset + field.element.size());
            if used < *size {
                parts.push(format!("('', '|V{}')", size - used));
            }
            format!("[{}]", parts.join(", "))
        }
        other => descriptor(other),
    };
    let shape: String = array.shape.iter().map(|length| format!("{length}, ")).collect();
    let mut header = format!("{{'descr': {element}, 'fortran_order': False, 'shape': ({}), }}", shape.trim_end());
    // The data begins at a multiple of 64 bytes; the header ends with a line feed.
    let unpadded = MAGIC.len() + 4 + header.len() + 1;
    header.extend(std::iter::repeat_n(' ', unpadded.next_multiple_of(64) - unpadded));
    header.push('\n');
    let mut bytes = MAGIC.to_vec();
    bytes.extend([1, 0]);
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend_from_slice(&array.data);
    bytes
}

struct Header {
    element: ElementType,
    fortran_order: bool,
    shape: Vec<usize>,
}

impl Header {
    fn of(literal: &Literal<'_>) -> Option<Header> {
        let Literal::Dictionary(entries) = literal else { return None };
        let find = |key: &str| entries.iter().find(|entry| entry.0 == key).map(|entry| &entry.1);
        let Literal::Sequence(lengths) = find("shape")? else { return None };
        let shape = lengths
            .iter()
            .map(|length| if let Literal::Word(word) = length { word.parse::<u32>().ok().map(|length| length as usize) } else { None })
            .collect::<Option<_>>()?;
        let fortran_order = matches!(find("fortran_order")?, Literal::Word("True"));
        Some(Header { element: element_type(find("descr")?)?, fortran_order, shape })
    }
}

/// A code, or a list of names and codes; nameless entries are padding.
fn element_type(literal: &Literal<'_>) -> Option<ElementType> {
    match literal {
        Literal::Text(code) => {
            ElementType::parse(code).filter(|element| !matches!(element, ElementType::Object | ElementType::Record { .. }))
        }
        Literal::Sequence(parts) => {
            let mut size = 0usize;
            let mut fields = Vec::new();
            for part in parts {
                let Literal::Sequence(pair) = part else { return None };
                let [Literal::Text(name), Literal::Text(code)] = pair.as_slice() else { return None };
                let element = ElementType::parse(code)?;
                let width = element.size();
                match (&element, name.is_empty()) {
                    (ElementType::Record { .. }, true) => {}
                    (ElementType::Number { .. }, false) => fields.push(RecordField { name: (*name).to_owned(), offset: size, element }),
                    _ => return None,
                }
                size = size.checked_add(width)?;
            }
            (size > 0).then_some(ElementType::Record { fields, size })
        }
        _ => None,
    }
}

/// A Python literal, as far as headers use them.
#[derive(Debug, PartialEq)]
enum Literal<'t> {
    Text(&'t str),
    /// A number, `True` or `False`.
    Word(&'t str),
    /// A list or tuple.
    Sequence(Vec<Literal<'t>>),
    Dictionary(Vec<(&'t str, Literal<'t>)>),
}

impl<'t> Literal<'t> {
    fn parse(text: &'t str) -> Option<Literal<'t>> {
        let mut rest = text;
        let literal = Literal::next(&mut rest, 0)?;
        rest.trim().is_empty().then_some(literal)
    }

    fn next(rest: &mut &'t str, depth: usize) -> Option<Literal<'t>> {
        *rest = rest.trim_start();
        let first = rest.chars().next()?;
        match first {
            '\'' | '"' => {
                let end = rest[1..].find(first)?;
                let text = &rest[1..=end];
                *rest = &rest[end + 2..];
                Some(Literal::Text(text))
            }
            // A list of fields, in a dictionary: no header is deeper.
            '(' | '[' | '{' if depth < 4 => {
                *rest = &rest[1..];
                let close = [(')', '('), (']', '['), ('}', '{')].into_iter().find(|pair| pair.1 == first)?.0;
                Literal::members(rest, close, depth)
            }
            _ => {
                let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
                let word = &rest[..end];
                *rest = &rest[end..];
                (!word.is_empty()).then_some(Literal::Word(word))
            }
        }
    }

    fn members(rest: &mut &'t str, close: char, depth: usize) -> Option<Literal<'t>> {
        let (mut items, mut entries) = (Vec::new(), Vec::new());
        loop {
            *rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix(close) {
                *rest = after;
                return Some(if close == '}' { Literal::Dictionary(entries) } else { Literal::Sequence(items) });
            }
            let item = Literal::next(rest, depth + 1)?;
            if close == '}' {
                let Literal::Text(key) = item else { return None };
                *rest = rest.trim_start().strip_prefix(':')?;
                entries.push((key, Literal::next(rest, depth + 1)?));
            } else {
                items.push(item);
            }
            *rest = rest.trim_start();
            if !rest.starts_with(close) {
                *rest = rest.strip_prefix(',')?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::numpy::NumberKind;

    #[test]
    fn arrays_are_read_as_written() {
        let data: Vec<u8> = [1.5f64, -2.0].into_iter().flat_map(f64::to_le_bytes).collect();
        let array = Array::new(ElementType::number(NumberKind::Float, 8), vec![2, 1, 1], false, data.into()).unwrap();
        let bytes = print(&array);
        assert_eq!(bytes.len(), 128 + 16);
        let read = parse(Cow::Borrowed(&bytes)).unwrap();
        assert_eq!((read.shape.clone(), read.numbers()), (vec![2, 1, 1], Some(vec![1.5, -2.0])));
        let scalar = Array::new(ElementType::number(NumberKind::Signed, 8), vec![], false, vec![7, 0, 0, 0, 0, 0, 0, 0].into()).unwrap();
        assert_eq!(parse(print(&scalar).into()).unwrap().numbers(), Some(vec![7.0]));
    }

    #[test]
    fn records_keep_their_padding() {
        let fields = vec![
            RecordField { name: "left".into(), offset: 0, element: ElementType::number(NumberKind::Signed, 8) },
            RecordField { name: "flag".into(), offset: 8, element: ElementType::number(NumberKind::Unsigned, 1) },
        ];
        let array = Array::new(
            ElementType::Record { fields, size: 16 },
            vec![1],
            false,
            vec![5, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0].into(),
        )
        .unwrap();
        let bytes = print(&array);
        assert!(String::from_utf8_lossy(&bytes).contains("[('left', '<i8'), ('flag', '|u1'), ('', '|V7')]"));
        let read = parse(bytes.into()).unwrap();
        assert_eq!((read.column("left"), read.column("flag")), (Some(vec![5.0]), Some(vec![1.0])));
    }

    #[test]
    fn headers_that_are_no_headers_are_refused() {
        for header in [
            "",
            "{",
            "{'descr': '<f8'}",
            "((((((((",
            "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
            "{'descr': [('a', '<f8', (2,))], 'fortran_order': False, 'shape': (1,)}",
        ] {
            let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
            bytes.extend((header.len() as u16).to_le_bytes());
            bytes.extend(header.as_bytes());
            bytes.extend([0; 8]);
            assert!(parse(bytes.into()).unwrap_err().to_string().contains("byte 10: its header is not understood"), "{header}");
        }
        assert!(parse(b"\x93NUMPY\x01\x00\xff\xff".to_vec().into()).is_err());
    }
}
