//! One value of an Arrow column as a serde deserializer, so that a Parquet row is read by the same
//! code as a document.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal128Type, Decimal256Type, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_schema::{DataType, TimeUnit};
use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use uuid::Uuid;

use crate::base::time::MS_PER_DAY;

/// One value of a column.
#[derive(Clone, Copy)]
pub(super) struct ArrowCell<'a> {
    /// The column of the file, for messages.
    pub(super) column: &'a str,
    /// The member of a struct, else the column again.
    pub(super) name: &'a str,
    pub(super) array: &'a dyn Array,
    pub(super) row: usize,
}

impl<'a> ArrowCell<'a> {
    /// A value of a file's column.
    pub(super) fn new(column: &'a str, array: &'a dyn Array, row: usize) -> ArrowCell<'a> {
        ArrowCell { column, name: column, array, row }
    }

    /// A value below this one.
    fn inner<'i>(self, name: &'i str, array: &'i dyn Array, row: usize) -> ArrowCell<'i>
    where
        'a: 'i,
    {
        ArrowCell { column: self.column, name, array, row }
    }

    /// Whether a struct in it has members that are null in this row, of which it cannot be known whether they were written.
    pub(super) fn leaves_out(self) -> bool {
        if self.array.is_null(self.row) {
            return false;
        }
        if let DataType::Struct(_) = self.array.data_type() {
            let columns = self.array.as_struct().columns();
            return columns.iter().any(|column| column.is_null(self.row) || self.inner(self.name, column.as_ref(), self.row).leaves_out());
        }
        let items = match self.array.data_type() {
            DataType::Map(_, _) => Some(Arc::clone(self.array.as_map().value(self.row).column(1))),
            _ => self.items(),
        };
        items.is_some_and(|items| (0..items.len()).any(|row| self.inner(self.name, items.as_ref(), row).leaves_out()))
    }

    fn integer(self) -> Option<i64> {
        Some(match self.array.data_type() {
            DataType::Int8 => self.array.as_primitive::<Int8Type>().value(self.row).into(),
            DataType::Int16 => self.array.as_primitive::<Int16Type>().value(self.row).into(),
            DataType::Int32 => self.array.as_primitive::<Int32Type>().value(self.row).into(),
            DataType::Int64 => self.array.as_primitive::<Int64Type>().value(self.row),
            DataType::UInt8 => self.array.as_primitive::<UInt8Type>().value(self.row).into(),
            DataType::UInt16 => self.array.as_primitive::<UInt16Type>().value(self.row).into(),
            DataType::UInt32 => self.array.as_primitive::<UInt32Type>().value(self.row).into(),
            _ => return None,
        })
    }

    fn real(self) -> Option<f64> {
        Some(match self.array.data_type() {
            DataType::Float16 => self.array.as_primitive::<Float16Type>().value(self.row).to_f64(),
            DataType::Float32 => self.array.as_primitive::<Float32Type>().value(self.row).into(),
            DataType::Float64 => self.array.as_primitive::<Float64Type>().value(self.row),
            DataType::UInt64 => self.array.as_primitive::<UInt64Type>().value(self.row) as f64,
            DataType::Decimal128(_, scale) => {
                self.array.as_primitive::<Decimal128Type>().value(self.row) as f64 / 10_f64.powi(i32::from(*scale))
            }
            // Wider than any number of Rust; its text is exact.
            DataType::Decimal256(_, _) => self.array.as_primitive::<Decimal256Type>().value_as_string(self.row).parse().ok()?,
            _ => return None,
        })
    }

    fn text(self) -> Option<Cow<'a, str>> {
        Some(Cow::Borrowed(match self.array.data_type() {
            DataType::Utf8 => self.array.as_string::<i32>().value(self.row),
            DataType::LargeUtf8 => self.array.as_string::<i64>().value(self.row),
            DataType::Utf8View => self.array.as_string_view().value(self.row),
            // Some writers leave out the note that bytes are text.
            DataType::Binary => str::from_utf8(self.array.as_binary::<i32>().value(self.row)).ok()?,
            DataType::FixedSizeBinary(_) => {
                let bytes = self.array.as_fixed_size_binary().value(self.row);
                return match Uuid::from_slice(bytes) {
                    Ok(uuid) => Some(Cow::Owned(uuid.to_string())),
                    Err(_) => str::from_utf8(bytes).ok().map(Cow::Borrowed),
                };
            }
            _ => return None,
        }))
    }

    /// Milliseconds since the epoch.
    fn date(self) -> Option<i64> {
        Some(match self.array.data_type() {
            DataType::Timestamp(TimeUnit::Second, _) => {
                self.array.as_primitive::<TimestampSecondType>().value(self.row).saturating_mul(1000)
            }
            DataType::Timestamp(TimeUnit::Millisecond, _) => self.array.as_primitive::<TimestampMillisecondType>().value(self.row),
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                self.array.as_primitive::<TimestampMicrosecondType>().value(self.row).div_euclid(1000)
            }
            DataType::Timestamp(TimeUnit::Nanosecond, _) => {
                self.array.as_primitive::<TimestampNanosecondType>().value(self.row).div_euclid(1_000_000)
            }
            DataType::Date32 => i64::from(self.array.as_primitive::<Date32Type>().value(self.row)) * MS_PER_DAY,
            DataType::Date64 => self.array.as_primitive::<Date64Type>().value(self.row),
            _ => return None,
        })
    }

    /// The items of a list.
    fn items(self) -> Option<arrow_array::ArrayRef> {
        Some(match self.array.data_type() {
            DataType::List(_) => self.array.as_list::<i32>().value(self.row),
            DataType::LargeList(_) => self.array.as_list::<i64>().value(self.row),
            DataType::FixedSizeList(_, _) => self.array.as_fixed_size_list().value(self.row),
            _ => return None,
        })
    }

    /// The members of a struct. A struct column gives every row every member, so one that is null was
    /// not written for this row.
    fn visit_struct<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let structs = self.array.as_struct();
        let members = structs.fields().iter().zip(structs.columns()).filter(|(_, column)| column.is_valid(self.row));
        visitor.visit_map(MapDeserializer::new(
            members.map(|(field, column)| (field.name().as_str(), self.inner(field.name(), column.as_ref(), self.row))),
        ))
    }

    fn visit_map_entries<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let entries = self.array.as_map().value(self.row);
        let (keys, values) = (entries.column(0), entries.column(1));
        visitor.visit_map(MapDeserializer::new(
            (0..entries.len()).map(|row| (self.inner(self.name, keys.as_ref(), row), self.inner(self.name, values.as_ref(), row))),
        ))
    }
}

impl<'de> IntoDeserializer<'de, Error> for ArrowCell<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for ArrowCell<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.array.is_null(self.row) || self.array.data_type().is_null() {
            return visitor.visit_none();
        }
        if let Some(integer) = self.integer() {
            return visitor.visit_i64(integer);
        }
        if let Some(text) = self.text() {
            return visitor.visit_str(&text);
        }
        if let Some(real) = self.real() {
            return visitor.visit_f64(real);
        }
        if let Some(epoch_ms) = self.date() {
            return visitor.visit_map(MapDeserializer::new(std::iter::once(("$date", epoch_ms))));
        }
        if let Some(items) = self.items() {
            let cells = (0..items.len()).map(|row| self.inner(self.name, items.as_ref(), row));
            return visitor.visit_seq(SeqDeserializer::new(cells));
        }
        match self.array.data_type() {
            DataType::Boolean => visitor.visit_bool(self.array.as_boolean().value(self.row)),
            DataType::Struct(_) => self.visit_struct(visitor),
            DataType::Map(_, _) => self.visit_map_entries(visitor),
            other if self.name == self.column => Err(Error::custom(format!("column {} holds a value of the type {other}", self.column))),
            other => Err(Error::custom(format!("column {} holds a value of the type {other} in {}", self.column, self.name))),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
