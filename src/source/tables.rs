//! Tables out: matrices, predictions and tickets as Parquet, CSV or JSON lines.
//!
//! A table is written in batches of columns, so that any number of rows needs the memory of one batch.
//! A file appears when it is finished, as a whole ([`super::output`]).

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, BooleanArray, Float32Array, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMillisecondArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression as PageCompression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::base::time::rfc3339_milliseconds;
use crate::error::{Error, ErrorKind, Result};
use crate::trees::Columns;

use super::output::{Output, TableFormat, table_format};

const ROWS_IN_A_GROUP: usize = 131_072;

/// A batch of one column, a value a row. Absent are `None`, an empty text, and a number that is not
/// finite: NaN never leaves.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    Text(Vec<String>),
    /// Lists; in CSV the texts with "; " between.
    Texts(Vec<Vec<String>>),
    Integer(Vec<Option<i64>>),
    Number(Vec<Option<f64>>),
    /// Numbers of 32 bits.
    Single(Vec<f32>),
    Flag(Vec<bool>),
    /// Milliseconds since the epoch; RFC 3339 in UTC where the form has no type for it.
    Time(Vec<i64>),
}

/// A table being written. Dropped before [`finish`](TableWriter::finish) it leaves no file.
///
/// The first batch names the columns; a table without a batch has none and is empty.
pub struct TableWriter {
    names: Vec<String>,
    writer: Writer,
}

enum Writer {
    JsonLines(Box<Output>),
    Csv(Box<csv::Writer<Output>>),
    Parquet(Box<LateParquet>),
}

/// A Parquet file waits for the first batch, which gives the types.
enum LateParquet {
    Waiting(Option<Box<Output>>),
    Begun(Box<ParquetTable>),
}

impl TableWriter {
    /// Begins a table at `path`, in the form and compression that its suffix names: `.parquet`, `.csv`,
    /// `.ndjson` or `.jsonl`, with `.gz` or `.zst` behind it.
    ///
    /// Errors: [`ErrorKind::Usage`] for another suffix, and those of making a file.
    pub fn create(path: &Path) -> Result<Self> {
        let (form, compression) = table_format(path, &[TableFormat::Parquet, TableFormat::Csv, TableFormat::JsonLines])?;
        let output = Output::create(path, compression)?;
        let writer = match form {
            TableFormat::Parquet => Writer::Parquet(Box::new(LateParquet::Waiting(Some(Box::new(output))))),
            TableFormat::Csv => Writer::Csv(Box::new(csv::Writer::from_writer(output))),
            TableFormat::JsonLines => Writer::JsonLines(Box::new(output)),
        };
        Ok(TableWriter { names: Vec::new(), writer })
    }

    /// Writes a batch of named columns of the same length; every batch has the columns of the first.
    ///
    /// Errors: [`ErrorKind::FileAccess`] such as a full disk; [`ErrorKind::Internal`] when the columns
    /// do not fit.
    pub fn write(&mut self, columns: &[(&str, Cells)]) -> Result<()> {
        let rows = columns.first().map_or(0, |(_, cells)| cells.len());
        let first = self.names.is_empty();
        if first {
            self.names = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        }
        let same_names = columns.iter().map(|(name, _)| name).eq(&self.names);
        if !same_names || columns.iter().any(|(_, cells)| cells.len() != rows) {
            return Err(Error::new(ErrorKind::Internal, "a batch does not have the columns of its table"));
        }
        match &mut self.writer {
            Writer::JsonLines(output) => {
                (0..rows).try_for_each(|row| json_row(output, columns, row)).map_err(|source| output.failure(&source))
            }
            Writer::Csv(writer) => csv_rows(writer, first, columns, rows),
            Writer::Parquet(late) => late.write(columns),
        }
    }

    /// Whether rows are JSON documents, which may hold more than columns can.
    pub fn takes_documents(&self) -> bool {
        matches!(self.writer, Writer::JsonLines(_))
    }

    /// Writes rows that are documents already, one a line.
    ///
    /// Errors: as [`write`](Self::write); [`ErrorKind::Internal`] unless the table takes documents.
    pub fn write_documents(&mut self, documents: impl IntoIterator<Item = serde_json::Value>) -> Result<()> {
        let Writer::JsonLines(output) = &mut self.writer else { return Err(failure("it has columns, not documents")) };
        documents.into_iter().try_for_each(|document| writeln!(output, "{document}")).map_err(|source| output.failure(&source))
    }

    /// Completes the table; a file appears in its place now.
    ///
    /// Errors: as [`write`](Self::write).
    pub fn finish(self) -> Result<()> {
        match self.writer {
            Writer::JsonLines(output) => output.commit(),
            Writer::Csv(writer) => writer.into_inner().map_err(|failed| failure(failed.error()))?.commit(),
            Writer::Parquet(late) => match *late {
                LateParquet::Begun(table) => table.finish(),
                LateParquet::Waiting(Some(output)) => ParquetTable::new(*output, std::iter::empty())?.finish(),
                LateParquet::Waiting(None) => Err(failure("it failed before")),
            },
        }
    }
}

impl LateParquet {
    fn write(&mut self, columns: &[(&str, Cells)]) -> Result<()> {
        let table = match self {
            LateParquet::Begun(table) => table,
            LateParquet::Waiting(output) => {
                let output = output.take().ok_or_else(|| failure("it failed before"))?;
                let table = ParquetTable::new(*output, columns.iter().map(|(name, cells)| (*name, cells.data_type())))?;
                *self = LateParquet::Begun(Box::new(table));
                return self.write(columns);
            }
        };
        table.write(columns.iter().map(|(_, cells)| cells.to_array()).collect())
    }
}

/// Writes a matrix as training sees it: `created_at`, a 32-bit column a feature, and the target
/// `actual_duration_ms`; missing values are null. `created_at` and `actual_duration_ms` have a value a row.
///
/// Errors: [`ErrorKind::Internal`] when the lengths differ, and those of writing a file.
pub fn write_matrix(path: &Path, names: &[String], matrix: Columns<'_>, created_at: &[i64], actual_duration_ms: &[f64]) -> Result<()> {
    let rows = matrix.rows();
    if names.len() != matrix.features() || created_at.len() != rows || actual_duration_ms.len() != rows {
        return Err(Error::new(ErrorKind::Internal, "the parts of a matrix have different lengths"));
    }
    let (_, compression) = table_format(path, &[TableFormat::Parquet])?;
    let created = ("created_at", data_type_of_time());
    let features = names.iter().map(|name| (name.as_str(), DataType::Float32));
    let target = ("actual_duration_ms", DataType::Float64);
    let mut table = ParquetTable::new(Output::create(path, compression)?, std::iter::once(created).chain(features).chain([target]))?;
    for begin in (0..rows).step_by(ROWS_IN_A_GROUP) {
        let range = begin..(begin + ROWS_IN_A_GROUP).min(rows);
        let mut arrays = vec![times(&created_at[range.clone()])];
        arrays.extend((0..matrix.features()).map(|feature| singles(&matrix.column(feature)[range.clone()])));
        arrays.push(numbers(actual_duration_ms[range].iter().map(|&duration| Some(duration))));
        table.write(arrays)?;
    }
    table.finish()
}

/// A Parquet file being written.
struct ParquetTable {
    writer: ArrowWriter<Output>,
    schema: SchemaRef,
}

impl ParquetTable {
    fn new<'c>(output: Output, columns: impl Iterator<Item = (&'c str, DataType)>) -> Result<Self> {
        let fields: Vec<Field> = columns.map(|(name, data_type)| Field::new(name, data_type, true)).collect();
        let schema = Arc::new(Schema::new(fields));
        let properties = WriterProperties::builder()
            .set_compression(PageCompression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(ROWS_IN_A_GROUP))
            .set_created_by("hivectl".to_owned())
            .build();
        let writer = ArrowWriter::try_new(output, Arc::clone(&schema), Some(properties)).map_err(failure)?;
        Ok(ParquetTable { writer, schema })
    }

    fn write(&mut self, arrays: Vec<ArrayRef>) -> Result<()> {
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays)
            .map_err(|source| Error::new(ErrorKind::Internal, "a batch does not fit its table").because(source))?;
        self.writer.write(&batch).map_err(failure)
    }

    fn finish(self) -> Result<()> {
        self.writer.into_inner().map_err(failure)?.commit()
    }
}

impl Cells {
    fn len(&self) -> usize {
        match self {
            Cells::Text(values) => values.len(),
            Cells::Texts(values) => values.len(),
            Cells::Integer(values) => values.len(),
            Cells::Number(values) => values.len(),
            Cells::Single(values) => values.len(),
            Cells::Flag(values) => values.len(),
            Cells::Time(values) => values.len(),
        }
    }

    fn data_type(&self) -> DataType {
        match self {
            Cells::Text(_) => DataType::Utf8,
            Cells::Texts(_) => DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))),
            Cells::Integer(_) => DataType::Int64,
            Cells::Number(_) => DataType::Float64,
            Cells::Single(_) => DataType::Float32,
            Cells::Flag(_) => DataType::Boolean,
            Cells::Time(_) => data_type_of_time(),
        }
    }

    fn to_array(&self) -> ArrayRef {
        match self {
            Cells::Text(values) => Arc::new(values.iter().map(|text| some_text(text)).collect::<StringArray>()),
            Cells::Texts(values) => {
                let mut builder = ListBuilder::new(StringBuilder::new());
                values.iter().for_each(|texts| builder.append_value(texts.iter().map(Some)));
                Arc::new(builder.finish())
            }
            Cells::Integer(values) => Arc::new(values.iter().copied().collect::<Int64Array>()),
            Cells::Number(values) => numbers(values.iter().copied()),
            Cells::Single(values) => singles(values),
            Cells::Flag(values) => Arc::new(BooleanArray::from(values.clone())),
            Cells::Time(values) => times(values),
        }
    }

    /// The cell's text in CSV; empty when absent.
    fn text(&self, row: usize) -> String {
        match self {
            Cells::Text(values) => values[row].clone(),
            Cells::Texts(values) => values[row].join("; "),
            Cells::Integer(values) => values[row].map_or_else(String::new, |value| value.to_string()),
            Cells::Number(values) => values[row].filter(|value| value.is_finite()).map_or_else(String::new, |value| value.to_string()),
            Cells::Single(values) => {
                Some(values[row]).filter(|value| value.is_finite()).map_or_else(String::new, |value| value.to_string())
            }
            Cells::Flag(values) => values[row].to_string(),
            Cells::Time(values) => rfc3339_milliseconds(values[row]).unwrap_or_default(),
        }
    }

    /// The cell in JSON, which knows no number that is not finite and has `null` for it.
    fn write_json(&self, row: usize, output: &mut Output) -> serde_json::Result<()> {
        match self {
            Cells::Text(values) => serde_json::to_writer(output, &some_text(&values[row])),
            Cells::Texts(values) => serde_json::to_writer(output, &values[row]),
            Cells::Integer(values) => serde_json::to_writer(output, &values[row]),
            Cells::Number(values) => serde_json::to_writer(output, &values[row]),
            Cells::Single(values) => serde_json::to_writer(output, &values[row]),
            Cells::Flag(values) => serde_json::to_writer(output, &values[row]),
            Cells::Time(values) => serde_json::to_writer(output, &rfc3339_milliseconds(values[row])),
        }
    }
}

fn some_text(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn data_type_of_time() -> DataType {
    DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()))
}

fn times(epoch_ms: &[i64]) -> ArrayRef {
    Arc::new(TimestampMillisecondArray::from(epoch_ms.to_vec()).with_timezone("UTC"))
}

fn singles(values: &[f32]) -> ArrayRef {
    Arc::new(values.iter().map(|&value| value.is_finite().then_some(value)).collect::<Float32Array>())
}

fn numbers(values: impl Iterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(values.map(|value| value.filter(|value| value.is_finite())).collect::<Float64Array>())
}

fn json_row(output: &mut Output, columns: &[(&str, Cells)], row: usize) -> io::Result<()> {
    for (index, (name, cells)) in columns.iter().enumerate() {
        output.write_all(if index == 0 { b"{" } else { b"," })?;
        serde_json::to_writer(&mut *output, name)?;
        output.write_all(b":")?;
        cells.write_json(row, output)?;
    }
    output.write_all(b"}\n")
}

/// A batch of named columns of the same length as lines of CSV, below a line of headers where that is asked for.
///
/// Errors: none that a writer into memory meets.
pub fn csv_text(columns: &[(&str, Cells)], with_headers: bool) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    csv_rows(&mut writer, with_headers, columns, columns.first().map_or(0, |(_, cells)| cells.len()))?;
    let bytes = writer.into_inner().map_err(|failed| failure(failed.error()))?;
    String::from_utf8(bytes).map_err(failure)
}

fn csv_rows<W: Write>(writer: &mut csv::Writer<W>, first: bool, columns: &[(&str, Cells)], rows: usize) -> Result<()> {
    if first {
        writer.write_record(columns.iter().map(|(name, _)| name)).map_err(failure)?;
    }
    (0..rows).try_for_each(|row| writer.write_record(columns.iter().map(|(_, cells)| cells.text(row)))).map_err(failure)
}

fn failure(source: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::FileAccess, "cannot write the table").because(source).hint("check the free space with `df -h`")
}
