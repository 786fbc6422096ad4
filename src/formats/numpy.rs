//! numpy's arrays and element types as plain data, and how they are found inside pickled objects.

use std::borrow::Cow;

use super::object::{Global, Id, Object, ObjectView};
use crate::error::Result;

/// What a number in an array is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberKind {
    Boolean,
    Signed,
    Unsigned,
    Float,
}

/// The type of an array's elements.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ElementType {
    Number {
        kind: NumberKind,
        size: usize,
        big_endian: bool,
    },
    /// Fixed-width UTF-32 text.
    Text {
        characters: usize,
        big_endian: bool,
    },
    /// References to objects.
    Object,
    /// A record of named fields.
    Record {
        fields: Vec<RecordField>,
        size: usize,
    },
}

/// One field of a record.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RecordField {
    pub(super) name: String,
    pub(super) offset: usize,
    pub(super) element: ElementType,
}

impl ElementType {
    /// Little-endian 64-bit floats, integers, and so on: `f8`, `i8`.
    pub(super) fn number(kind: NumberKind, size: usize) -> ElementType {
        ElementType::Number { kind, size, big_endian: false }
    }

    /// Reads numpy's short code, with or without byte order: `f8`, `<i4`, `|b1`, `O8`, `U12`.
    pub(super) fn parse(code: &str) -> Option<ElementType> {
        let (big_endian, code) = match code.as_bytes().first()? {
            b'>' => (true, &code[1..]),
            b'<' | b'|' | b'=' => (false, &code[1..]),
            _ => (false, code),
        };
        let mut letters = code.chars();
        let letter = letters.next()?;
        let size = match letters.as_str() {
            "" => 0,
            digits => digits.parse::<u32>().ok()? as usize,
        };
        let kind = match (letter, size) {
            ('O', _) => return Some(ElementType::Object),
            ('U', 1..=65_536) => return Some(ElementType::Text { characters: size, big_endian }),
            ('V', _) => return Some(ElementType::Record { fields: Vec::new(), size }),
            ('b', 1) => NumberKind::Boolean,
            ('i', 1 | 2 | 4 | 8) => NumberKind::Signed,
            ('u', 1 | 2 | 4 | 8) => NumberKind::Unsigned,
            ('f', 4 | 8) => NumberKind::Float,
            _ => return None,
        };
        Some(ElementType::Number { kind, size, big_endian })
    }

    /// Numpy's short code without the byte order.
    pub(super) fn code(&self) -> String {
        match self {
            ElementType::Number { kind, size, .. } => {
                let letter = match kind {
                    NumberKind::Boolean => 'b',
                    NumberKind::Signed => 'i',
                    NumberKind::Unsigned => 'u',
                    NumberKind::Float => 'f',
                };
                format!("{letter}{size}")
            }
            ElementType::Text { characters, .. } => format!("U{characters}"),
            ElementType::Object => "O8".to_owned(),
            ElementType::Record { size, .. } => format!("V{size}"),
        }
    }

    /// Numpy's sign of the byte order.
    pub(super) fn byte_order(&self) -> &'static str {
        match self {
            ElementType::Number { size: 1, .. } | ElementType::Object | ElementType::Record { .. } => "|",
            ElementType::Number { big_endian: true, .. } | ElementType::Text { big_endian: true, .. } => ">",
            ElementType::Number { .. } | ElementType::Text { .. } => "<",
        }
    }

    /// Bytes an element takes.
    pub(super) fn size(&self) -> usize {
        match self {
            ElementType::Number { size, .. } | ElementType::Record { size, .. } => *size,
            ElementType::Text { characters, .. } => 4 * characters,
            ElementType::Object => 8,
        }
    }

    /// The field of a record.
    pub(super) fn field(&self, name: &str) -> Option<&RecordField> {
        match self {
            ElementType::Record { fields, .. } => fields.iter().find(|field| field.name == name),
            _ => None,
        }
    }
}

/// An array: its bytes as numpy holds them, or references for arrays of objects.
#[derive(Clone, Debug)]
pub(super) struct Array<'a> {
    pub(super) element: ElementType,
    pub(super) shape: Vec<usize>,
    pub(super) data: Cow<'a, [u8]>,
    /// The elements where `element` is [`ElementType::Object`].
    pub(super) objects: Vec<Id>,
}

/// What stands column by column, row by row: in the order of all other arrays.
fn row_major(data: &[u8], shape: &[usize], size: usize) -> Vec<u8> {
    let mut ordered = Vec::with_capacity(data.len());
    let mut place = vec![0usize; shape.len()];
    for _ in 0..data.len() / size.max(1) {
        // The first index runs fastest there, the last one here.
        let element = place.iter().zip(shape).rev().fold(0, |offset, (index, length)| offset * length + index);
        ordered.extend_from_slice(&data[element * size..(element + 1) * size]);
        for (index, length) in place.iter_mut().zip(shape).rev() {
            *index += 1;
            if *index < *length {
                break;
            }
            *index = 0;
        }
    }
    ordered
}

impl<'a> Array<'a> {
    /// An array of fixed-size elements. `None` when shape and bytes do not agree, or where the
    /// order of a matrix is not row by row.
    pub(super) fn new(element: ElementType, shape: Vec<usize>, fortran_order: bool, data: Cow<'a, [u8]>) -> Option<Self> {
        let bytes = product(&shape)?.checked_mul(element.size())?;
        let is_vector = shape.iter().filter(|&&length| length != 1).count() <= 1;
        if bytes != data.len() || element == ElementType::Object {
            return None;
        }
        let data = if fortran_order && !is_vector { Cow::Owned(row_major(&data, &shape, element.size())) } else { data };
        Some(Array { element, shape, data, objects: Vec::new() })
    }

    /// An array of objects. `None` when shape and elements do not agree.
    pub(super) fn of_objects(shape: Vec<usize>, objects: Vec<Id>) -> Option<Self> {
        (product(&shape)? == objects.len()).then_some(Array { element: ElementType::Object, shape, data: Cow::Borrowed(&[]), objects })
    }

    /// Number of elements.
    pub(super) fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// All numbers in order; `None` when the elements are not numbers.
    pub(super) fn numbers(&self) -> Option<Vec<f64>> {
        let number = NumberField::new(&self.element, 0, self.element.size())?;
        Some(self.records().map(|record| number.read(record)).collect())
    }

    /// All whole numbers in order, to the last digit; `None` when the elements are no whole numbers, or beyond 63 bits.
    pub(super) fn integers(&self) -> Option<Vec<i64>> {
        let ElementType::Number { kind, size, big_endian } = self.element else { return None };
        if !matches!(kind, NumberKind::Signed | NumberKind::Unsigned) {
            return None;
        }
        let whole = |record: &[u8]| {
            let unsigned = unsigned(record, big_endian);
            match kind {
                NumberKind::Signed => Some(signed(unsigned, size)),
                _ => i64::try_from(unsigned).ok(),
            }
        };
        self.records().map(whole).collect()
    }

    /// Whether the elements are truth values.
    pub(super) fn is_boolean(&self) -> bool {
        matches!(self.element, ElementType::Number { kind: NumberKind::Boolean, .. })
    }

    /// How to read one field of a record; `None` when there is no such field of numbers.
    pub(super) fn field(&self, name: &str) -> Option<NumberField> {
        let field = self.element.field(name)?;
        NumberField::new(&field.element, field.offset, self.element.size())
    }

    /// One field of all records; `None` when there is no such field of numbers.
    pub(super) fn column(&self, name: &str) -> Option<Vec<f64>> {
        let field = self.field(name)?;
        Some(self.records().map(|record| field.read(record)).collect())
    }

    /// The bytes of each element.
    pub(super) fn records(&self) -> std::slice::ChunksExact<'_, u8> {
        self.data.chunks_exact(self.element.size().max(1))
    }

    /// The texts of an array of fixed-width text; `None` when it is not such an array, or not Unicode.
    pub(super) fn texts(&self) -> Option<Vec<String>> {
        let ElementType::Text { characters, big_endian } = self.element else { return None };
        let letter = |bytes: &[u8]| {
            let bytes = [bytes[0], bytes[1], bytes[2], bytes[3]];
            char::from_u32(if big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
        };
        let text =
            |bytes: &[u8]| bytes.chunks_exact(4).map(letter).collect::<Option<String>>().map(|text| text.trim_end_matches('\0').to_owned());
        self.data.chunks_exact(4 * characters).map(text).collect()
    }
}

fn product(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1usize, |product, &length| product.checked_mul(length))
}

/// Where a number stands in a record, and what it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct NumberField {
    kind: NumberKind,
    offset: usize,
    size: usize,
    big_endian: bool,
}

impl NumberField {
    fn new(element: &ElementType, offset: usize, record_size: usize) -> Option<NumberField> {
        let &ElementType::Number { kind, size, big_endian } = element else { return None };
        (offset.checked_add(size)? <= record_size).then_some(NumberField { kind, offset, size, big_endian })
    }

    /// The number in a record of the array that this field is of.
    #[inline]
    pub(super) fn read(self, record: &[u8]) -> f64 {
        let bytes = &record[self.offset..self.offset + self.size];
        match (self.kind, bytes.first_chunk::<8>(), self.big_endian) {
            (NumberKind::Float, Some(bytes), false) => f64::from_le_bytes(*bytes),
            (NumberKind::Signed, Some(bytes), false) => i64::from_le_bytes(*bytes) as f64,
            _ => number(self.kind, bytes, self.big_endian),
        }
    }
}

/// The bits of up to 8 bytes.
fn unsigned(bytes: &[u8], big_endian: bool) -> u64 {
    let mut wide = [0u8; 8];
    wide[..bytes.len()].copy_from_slice(bytes);
    if big_endian {
        wide[..bytes.len()].reverse();
    }
    u64::from_le_bytes(wide)
}

/// The number in two's complement of so many bytes.
fn signed(bits: u64, bytes: usize) -> i64 {
    let unused_bits = 64 - 8 * bytes as u32;
    (bits << unused_bits) as i64 >> unused_bits
}

fn number(kind: NumberKind, bytes: &[u8], big_endian: bool) -> f64 {
    let unsigned = unsigned(bytes, big_endian);
    match (kind, bytes.len()) {
        (NumberKind::Float, 4) => f64::from(f32::from_bits(unsigned as u32)),
        (NumberKind::Float, _) => f64::from_bits(unsigned),
        (NumberKind::Signed, size) => signed(unsigned, size) as f64,
        (NumberKind::Unsigned, _) => unsigned as f64,
        (NumberKind::Boolean, _) => f64::from(u8::from(unsigned != 0)),
    }
}

impl<'v, 'a> ObjectView<'v, 'a> {
    /// The array this is, however it was written: rebuilt, from a buffer, by joblib, or a scalar.
    pub(super) fn array(&self) -> Result<Cow<'v, Array<'a>>> {
        match self.object() {
            Object::Array(array) => Ok(Cow::Borrowed(array)),
            Object::Instance { constructor: Global::Reconstruct, .. } => self.reconstructed().map(Cow::Owned),
            Object::Instance { constructor: Global::FromBuffer, .. } => {
                let parts = self.arguments()?;
                let [data, element, shape, order] = parts.as_slice() else { return Err(self.fail("an array of four parts was expected")) };
                self.assembled(shape.shape()?, element.element_type()?, order.text()? == "F", data.bytes()?).map(Cow::Owned)
            }
            Object::Instance { constructor: Global::Scalar, .. } => {
                let parts = self.arguments()?;
                let [element, data] = parts.as_slice() else { return Err(self.fail("a scalar of two parts was expected")) };
                self.assembled(vec![1], element.element_type()?, false, data.bytes()?).map(Cow::Owned)
            }
            _ => Err(self.fail("an array was expected")),
        }
    }

    /// `_reconstruct(ndarray, (0,), b"b")` with the state `(1, shape, dtype, fortran order, data)`.
    fn reconstructed(&self) -> Result<Array<'a>> {
        let state = self.state()?.items()?;
        let [_, shape, element, fortran_order, data] = state.as_slice() else {
            return Err(self.fail("an array state of five parts was expected"));
        };
        let (shape, element) = (shape.shape()?, element.element_type()?);
        if element == ElementType::Object {
            let objects = match data.object() {
                Object::List(objects) => objects.clone(),
                _ => return Err(data.fail("a list was expected")),
            };
            return Array::of_objects(shape, objects).ok_or_else(|| self.fail("the shape of the array is not the number of its elements"));
        }
        self.assembled(shape, element, fortran_order.boolean()?, data.bytes()?)
    }

    fn assembled(&self, shape: Vec<usize>, element: ElementType, fortran_order: bool, data: Cow<'a, [u8]>) -> Result<Array<'a>> {
        let (code, bytes) = (element.code(), data.len());
        Array::new(element, shape.clone(), fortran_order, data)
            .ok_or_else(|| self.fail(format_args!("{bytes} bytes do not make an array of shape {shape:?} and type {code}")))
    }

    /// The bytes of a bytes object or a bytearray, borrowed from the file where they are.
    pub(super) fn bytes(&self) -> Result<Cow<'a, [u8]>> {
        match self.object() {
            Object::Bytes(bytes) => Ok(bytes.clone()),
            Object::Instance { constructor: Global::ByteArray | Global::Bytes, .. } => match self.arguments()?.as_slice() {
                [] => Ok(Cow::Borrowed(&[])),
                [bytes] if !matches!(bytes.object(), Object::Instance { .. }) => bytes.bytes(),
                // Up to protocol 2.
                [text, code] if code.text().is_ok_and(|code| code == "latin-1") => {
                    let bytes = text.text()?.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect::<Option<Vec<u8>>>();
                    bytes.map(Cow::Owned).ok_or_else(|| self.fail("a text of latin-1 letters was expected"))
                }
                _ => Err(self.fail("bytes were expected")),
            },
            _ => Err(self.fail("bytes were expected")),
        }
    }

    fn shape(&self) -> Result<Vec<usize>> {
        match self.object() {
            Object::Integer(_) => Ok(vec![self.count()?]),
            _ => self.items()?.iter().map(ObjectView::count).collect(),
        }
    }

    /// A numpy dtype: `dtype(code, False, True)` with the state
    /// `(3, byte order, None, names, fields, size, alignment, flags)`.
    pub(super) fn element_type(&self) -> Result<ElementType> {
        if self.class()? != Global::NumpyType {
            return Err(self.fail("a numpy dtype was expected"));
        }
        let arguments = self.arguments()?;
        let code = arguments.first().ok_or_else(|| self.fail("a dtype without a code"))?.text()?;
        let state = match self.object() {
            Object::Instance { state: Some(_), .. } => self.state()?.items()?,
            _ => Vec::new(),
        };
        let order = match state.get(1) {
            Some(order) => order.text()?,
            None => "",
        };
        match ElementType::parse(&format!("{order}{code}")) {
            Some(ElementType::Record { size, .. }) => {
                let [_, _, _, names, fields, ..] = state.as_slice() else { return Err(self.fail("a record without fields")) };
                Ok(ElementType::Record {
                    fields: names.items()?.iter().map(|name| fields.record_field(name.text()?)).collect::<Result<_>>()?,
                    size,
                })
            }
            Some(element) => Ok(element),
            None => Err(self.fail(format_args!("'{order}{code}' is no element type of a model"))),
        }
    }

    fn record_field(&self, name: &str) -> Result<RecordField> {
        let place = self.attribute(name)?;
        match place.items()?.as_slice() {
            [element, offset, ..] => match element.element_type()? {
                ElementType::Record { .. } => Err(element.fail("a record inside a record")),
                element => Ok(RecordField { name: name.to_owned(), offset: offset.count()?, element }),
            },
            _ => Err(place.fail("a field of two parts was expected")),
        }
    }
}
