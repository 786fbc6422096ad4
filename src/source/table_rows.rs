//! Tables of any columns, for models that look at columns of their own: CSV, Parquet, JSON lines, a JSON array, and the
//! documents that MLflow's scoring servers take.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use arrow_array::RecordBatch;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::reader::ChunkReader;
use serde::Deserialize;
use serde::de::{Deserializer, Visitor};
use serde_json::Value;

use crate::error::{Error, ErrorKind, Result};

use super::arrow_cell::ArrowCell;
use super::compression::{Compression, decompress, peek, read_failure, readable};
use super::parquet_rows::guarded;
use super::plain_json::{PlainJson, TABLES};
use super::position::SourcePosition;
use super::unique_keys::UniqueKeys;

/// Rows handed out at a time.
const ROWS_IN_A_BATCH: usize = 4096;
/// How much of the content decides what it is.
const HEAD_BYTES: usize = 4096;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Texts that stand for no value in CSV, as pandas reads them.
const MISSING: [&str; 18] = [
    "", "NaN", "nan", "-NaN", "-nan", "NA", "N/A", "n/a", "<NA>", "#N/A", "#NA", "#N/A N/A", "NULL", "null", "None", "\\N", "1.#QNAN",
    "1.#IND",
];

/// Whether a cell of CSV stands for no value.
pub(super) fn is_missing(cell: &str) -> bool {
    // Nearly every cell is told by its first letter.
    let cell = cell.trim();
    !matches!(cell.as_bytes().first(), Some(b'0'..=b'9' | b'a'..=b'm' | b'o'..=b'z' | b'A'..=b'M' | b'O'..=b'Z')) && MISSING.contains(&cell)
        || cell.starts_with("1.#") && MISSING.contains(&cell)
}

/// What stands in a row and column.
///
/// ```
/// use hivectl::source::table_rows::Cell;
///
/// assert_eq!(Cell::of_text("NA"), Cell::Missing);
/// assert_eq!((Cell::of_text(" 1.5 ").number(), Cell::of_text("red").number()), (Some(1.5), None));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Missing,
    /// Truth values are 1 and 0.
    Number(f64),
    Text(String),
}

impl Cell {
    /// A cell of CSV, which holds no types: what pandas takes for missing is, all else stays the text that it is.
    pub fn of_text(text: &str) -> Cell {
        if is_missing(text) { Cell::Missing } else { Cell::Text(text.trim().to_owned()) }
    }

    /// The number, also one that stands as a text, and NaN for a missing one; `None` for another text.
    pub fn number(&self) -> Option<f64> {
        match self {
            Cell::Missing => Some(f64::NAN),
            Cell::Number(number) => Some(*number),
            Cell::Text(text) => match text.as_str() {
                "true" | "True" | "TRUE" => Some(1.0),
                "false" | "False" | "FALSE" => Some(0.0),
                text => text.parse().ok(),
            },
        }
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Cell, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a number, a text, true, false or null")
    }

    fn visit_unit<E>(self) -> std::result::Result<Cell, E> {
        Ok(Cell::Missing)
    }

    fn visit_none<E>(self) -> std::result::Result<Cell, E> {
        Ok(Cell::Missing)
    }

    fn visit_bool<E>(self, value: bool) -> std::result::Result<Cell, E> {
        Ok(Cell::Number(f64::from(u8::from(value))))
    }

    // What 64-bit floats do not hold keeps its digits, for who compares labels.
    fn visit_i64<E>(self, value: i64) -> std::result::Result<Cell, E> {
        let number = value as f64;
        Ok(if number as i128 == i128::from(value) { Cell::Number(number) } else { Cell::Text(value.to_string()) })
    }

    fn visit_u64<E>(self, value: u64) -> std::result::Result<Cell, E> {
        let number = value as f64;
        Ok(if number as i128 == i128::from(value) { Cell::Number(number) } else { Cell::Text(value.to_string()) })
    }

    fn visit_f64<E>(self, value: f64) -> std::result::Result<Cell, E> {
        Ok(Cell::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> std::result::Result<Cell, E> {
        Ok(Cell::Text(value.to_owned()))
    }
}

/// Rows of a table, column by column.
#[derive(Clone, Debug, PartialEq)]
pub struct TableBatch {
    /// One a column, the same in every batch; empty where the table names none.
    pub names: Arc<[String]>,
    /// One list a column, all of the same length.
    pub columns: Vec<Vec<Cell>>,
    /// Where each row stands: a line of CSV or JSON lines, else its number, from 1.
    pub lines: Vec<u64>,
}

impl TableBatch {
    fn new(names: &Arc<[String]>, width: usize) -> Self {
        TableBatch { names: Arc::clone(names), columns: vec![Vec::new(); width], lines: Vec::new() }
    }

    fn push(&mut self, line: u64, cells: impl Iterator<Item = Cell>) {
        self.columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
        self.lines.push(line);
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.lines.len()
    }
}

/// Takes batches of rows.
pub type VisitBatch<'v> = dyn FnMut(&TableBatch) -> Result<()> + 'v;

/// Calls `visit` with the rows of a table in batches, in their order; `-` is standard input.
///
/// Memory holds a batch, but for one JSON document, and for Parquet that is compressed once more or comes from standard
/// input.
///
/// What it is is told by its content: CSV (`,`, `;` or a tab between cells) and JSON lines are read as a stream, Parquet
/// group by group; one JSON document is held as a whole: an array of objects or of arrays, pandas' `split` form, or
/// MLflow's `dataframe_split`, `dataframe_records`, `instances` and `inputs`. The columns of JSON lines are those of the
/// first rows; what a row leaves out is missing. gzip and zstd are taken off. A table without rows has no batch.
///
/// Errors: `visit`'s; [`crate::error::ErrorKind::BadInput`] with file and line or row; those of opening a file.
pub fn read(file: &str, visit: &mut VisitBatch<'_>) -> Result<()> {
    let file: Arc<str> = Arc::from(file);
    let start = SourcePosition { file: Arc::clone(&file), line: 1 };
    let raw: Box<dyn Read + Send> = match &*file {
        "-" => Box::new(io::stdin()),
        path => Box::new(File::open(path).map_err(|source| Error::file("read", Path::new(path), &source))?),
    };
    let plain = readable(decompress(raw), &start, Compression::None)?;
    let compression = plain.compression;
    let (head, mut reader) = readable(peek(plain.reader, HEAD_BYTES), &start, compression)?;
    if head.starts_with(BYTE_ORDER_MARK) {
        readable(reader.read_exact(&mut [0; BYTE_ORDER_MARK.len()]), &start, compression)?;
    }
    let text = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&head).trim_ascii_start();
    match text.first() {
        None => Ok(()),
        Some(b'{' | b'[') => read_json(reader, compression, &start, visit),
        Some(_) if text.starts_with(b"PAR1") && compression == Compression::None && &*file != "-" => {
            let source = File::open(&*file).map_err(|source| Error::file("read", Path::new(&*file), &source))?;
            read_parquet(source, &start, visit)
        }
        Some(_) if text.starts_with(b"PAR1") => {
            let mut whole = Vec::new();
            readable(reader.read_to_end(&mut whole), &start, compression)?;
            read_parquet(bytes::Bytes::from(whole), &start, visit)
        }
        Some(_) if text.contains(&0) => Err(start
            .bad_input("the content is neither CSV, Parquet nor JSON")
            .hint("give the rows as CSV, Parquet or JSON lines, plain or compressed with gzip or zstd, in UTF-8")),
        Some(_) => read_csv(reader, separator(text), compression, &start, visit),
    }
}

/// The character between the cells: the most frequent of the usual ones in the first line, outside of quotes.
pub(super) fn separator(head: &[u8]) -> u8 {
    let mut quoted = false;
    let line: Vec<u8> = head
        .iter()
        .copied()
        .take_while(|byte| *byte != b'\n')
        .filter(|byte| {
            quoted ^= *byte == b'"';
            !quoted
        })
        .collect();
    let count = |separator: u8| line.iter().filter(|byte| **byte == separator).count();
    // Of equals the first: a comma where there is none at all.
    [b';', b'\t', b','].into_iter().max_by_key(|&separator| count(separator)).unwrap_or(b',')
}

fn read_csv(reader: impl Read, separator: u8, compression: Compression, start: &SourcePosition, visit: &mut VisitBatch<'_>) -> Result<()> {
    let failed = |error: &csv::Error| {
        let place = SourcePosition { line: error.position().map_or(1, csv::Position::line), ..start.clone() };
        match error.kind() {
            csv::ErrorKind::Io(source) => read_failure(&place, compression, source),
            _ => place.bad_input("this is no row of the table").because(error).hint(place.look()),
        }
    };
    let mut rows = csv::ReaderBuilder::new().delimiter(separator).from_reader(reader);
    let names: Arc<[String]> = rows.headers().map_err(|error| failed(&error))?.iter().map(|name| name.trim().to_owned()).collect();
    let mut batch = TableBatch::new(&names, names.len());
    for row in rows.records() {
        let row = row.map_err(|error| failed(&error))?;
        batch.push(row.position().map_or(0, csv::Position::line), row.iter().map(Cell::of_text));
        if batch.rows() == ROWS_IN_A_BATCH {
            visit(&batch)?;
            batch = TableBatch::new(&names, names.len());
        }
    }
    if batch.rows() > 0 { visit(&batch) } else { Ok(()) }
}

fn read_parquet<R: ChunkReader + 'static>(source: R, start: &SourcePosition, visit: &mut VisitBatch<'_>) -> Result<()> {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = guarded(start, || ParquetRecordBatchReaderBuilder::try_new_with_options(source, options))?;
    // What pandas keeps of its index is no column of the data.
    let is_index = |name: &str| name.starts_with("__index_level_") && name.ends_with("__");
    let fields: Vec<(usize, String)> =
        builder.schema().fields().iter().map(|field| field.name().clone()).enumerate().filter(|(_, name)| !is_index(name)).collect();
    let names: Arc<[String]> = fields.iter().map(|(_, name)| name.clone()).collect();
    let mut batches = guarded(start, || builder.with_batch_size(ROWS_IN_A_BATCH).build())?;
    let mut line = 1;
    loop {
        let place = SourcePosition { line, ..start.clone() };
        let Some(found) = guarded(&place, || batches.next().transpose())? else { return Ok(()) };
        let columns = fields.iter().map(|&(index, ref name)| arrow_column(&found, index, name, &place)).collect::<Result<_>>()?;
        let rows = found.num_rows() as u64;
        visit(&TableBatch { names: Arc::clone(&names), columns, lines: (line..line + rows).collect() })?;
        line += rows;
    }
}

fn arrow_column(batch: &RecordBatch, index: usize, name: &str, first: &SourcePosition) -> Result<Vec<Cell>> {
    let array = batch.column(index).as_ref();
    let cell = |row: usize| {
        Cell::deserialize(ArrowCell::new(name, array, row)).map_err(|error| {
            let place = SourcePosition { line: first.line + row as u64, ..first.clone() };
            place.bad_input(format!("the column '{name}': {error}")).hint("write the column as numbers or texts")
        })
    };
    (0..batch.num_rows()).map(cell).collect()
}

fn read_json(reader: impl Read, compression: Compression, start: &SourcePosition, visit: &mut VisitBatch<'_>) -> Result<()> {
    let failed = |error: &serde_json::Error| {
        let place = SourcePosition { line: error.line() as u64, ..start.clone() };
        match error.io_error_kind() {
            Some(kind) => read_failure(&place, compression, &io::Error::from(kind)),
            None if error.is_data() => Error::new(ErrorKind::Usage, format!("{place}: {error}")).hint(place.look()),
            None => place.bad_input("this is no JSON").because(error).hint(place.look()),
        }
    };
    let plain = BufReader::new(PlainJson::new(BufReader::new(reader), TABLES));
    let mut values = serde_json::Deserializer::from_reader(plain).into_iter::<UniqueKeys>();
    let mut rows = JsonRows { start, batch: Vec::new(), names: None, next: 1 };
    let mut first = true;
    while let Some(value) = values.next() {
        let UniqueKeys(value) = value.map_err(|error| failed(&error))?;
        let table = if first { whole_table(&value, start)? } else { None };
        match table {
            Some(table) => rows.take_table(table, visit)?,
            None => rows.take(value, visit)?,
        }
        first = false;
    }
    rows.flush(visit)
}

/// A table that is one document.
enum WholeTable<'v> {
    Rows(&'v [Value]),
    /// Names, and a list a row.
    Split(&'v Value, &'v Value),
    /// A list a column.
    Columns(&'v serde_json::Map<String, Value>),
}

/// The table that a document is, where it is more than a row.
///
/// Errors: [`ErrorKind::Usage`] for a document that holds two.
fn whole_table<'v>(document: &'v Value, start: &SourcePosition) -> Result<Option<WholeTable<'v>>> {
    let entries = match document {
        Value::Array(rows) => return Ok(Some(WholeTable::Rows(rows))),
        Value::Object(entries) => entries,
        _ => return Ok(None),
    };
    let split = |entries: &'v serde_json::Map<String, Value>| {
        let columns = entries.get("columns").filter(|columns| columns.is_array())?;
        Some(WholeTable::Split(columns, entries.get("data")?))
    };
    let named = ["dataframe_split", "dataframe_records", "instances", "inputs"].into_iter().filter_map(|key| {
        let table = match entries.get(key)? {
            Value::Array(rows) => WholeTable::Rows(rows),
            Value::Object(inner) => split(inner).unwrap_or(WholeTable::Columns(inner)),
            _ => return None,
        };
        Some((key, table))
    });
    let mut tables: Vec<(&str, WholeTable<'v>)> = split(entries).map(|table| ("columns", table)).into_iter().chain(named).collect();
    match tables.as_slice() {
        [] | [_] => Ok(tables.pop().map(|(_, table)| table)),
        [(one, _), (other, _), ..] => {
            Err(Error::new(ErrorKind::Usage, format!("{} holds two tables, '{one}' and '{other}'", start.file)).hint("leave one of them"))
        }
    }
}

/// Rows of JSON on their way into batches.
struct JsonRows<'s> {
    start: &'s SourcePosition,
    batch: Vec<Value>,
    /// Told by the first batch; empty for rows that are lists.
    names: Option<Arc<[String]>>,
    /// The number of the batch's first row.
    next: u64,
}

impl JsonRows<'_> {
    fn take(&mut self, row: Value, visit: &mut VisitBatch<'_>) -> Result<()> {
        self.batch.push(row);
        if self.batch.len() == ROWS_IN_A_BATCH { self.flush(visit) } else { Ok(()) }
    }

    fn take_table(&mut self, table: WholeTable<'_>, visit: &mut VisitBatch<'_>) -> Result<()> {
        match table {
            WholeTable::Rows(rows) => rows.iter().try_for_each(|row| self.take(row.clone(), visit)),
            WholeTable::Split(columns, data) => {
                let names: Option<Vec<String>> =
                    columns.as_array().into_iter().flatten().map(|name| name.as_str().map(str::to_owned)).collect();
                let names = names.ok_or_else(|| self.start.bad_input("a name in 'columns' is no text"))?;
                let rows = data.as_array().ok_or_else(|| self.start.bad_input("'data' is no list of rows"))?;
                self.names = Some(names.into());
                rows.iter().try_for_each(|row| self.take(row.clone(), visit))
            }
            WholeTable::Columns(columns) => {
                let rows = columns.values().filter_map(Value::as_array).map(Vec::len).max().unwrap_or(0);
                if columns.values().any(|column| column.as_array().is_none_or(|column| column.len() != rows)) {
                    return Err(self.start.bad_input("the columns are no lists of one length"));
                }
                let row = |row: usize| columns.iter().map(|(name, column)| (name.clone(), column[row].clone())).collect();
                (0..rows).try_for_each(|number| self.take(Value::Object(row(number)), visit))
            }
        }
    }

    fn flush(&mut self, visit: &mut VisitBatch<'_>) -> Result<()> {
        let rows = std::mem::take(&mut self.batch);
        let Some(first) = rows.first() else { return Ok(()) };
        let width = first.as_array().map_or(0, Vec::len);
        let names = self.names.get_or_insert_with(|| names_of(&rows)).clone();
        let mut batch = TableBatch::new(&names, if names.is_empty() { width } else { names.len() });
        for (row, line) in rows.into_iter().zip(self.next..) {
            let place = SourcePosition { line, ..self.start.clone() };
            let bad = |error: serde_json::Error| place.bad_input(error).hint("a row holds numbers, texts, true, false and null");
            let cells: Vec<Cell> = match row {
                Value::Array(cells) if cells.len() == batch.columns.len() => {
                    cells.into_iter().map(|cell| Cell::deserialize(cell).map_err(bad)).collect::<Result<_>>()?
                }
                Value::Array(cells) => {
                    return Err(place.bad_input(format!("{} cells in a table of {} columns", cells.len(), batch.columns.len())));
                }
                Value::Object(mut entries) if !names.is_empty() => {
                    let cell = |name: &String| entries.remove(name).map_or(Ok(Cell::Missing), |cell| Cell::deserialize(cell).map_err(bad));
                    names.iter().map(cell).collect::<Result<_>>()?
                }
                _ => return Err(place.bad_input("a row is an object, or a list as long as the others")),
            };
            batch.push(line, cells.into_iter());
        }
        self.next += batch.rows() as u64;
        visit(&batch)
    }
}

/// The columns of objects, those that any of them has.
fn names_of(rows: &[Value]) -> Arc<[String]> {
    let names: BTreeSet<&String> = rows.iter().filter_map(Value::as_object).flat_map(serde_json::Map::keys).collect();
    names.into_iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Result<Vec<TableBatch>> {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("rows");
        std::fs::write(&path, text).expect("written");
        let mut found = Vec::new();
        read(path.to_str().expect("a path"), &mut |batch| {
            found.push(batch.clone());
            Ok(())
        })?;
        Ok(found)
    }

    #[test]
    fn every_form_of_the_same_table_is_the_same_table() {
        let wanted = vec![vec![Cell::Number(1.0), Cell::Missing], vec![Cell::Text("red".into()), Cell::Number(2.5)]];
        for text in [
            "a,b\n1,red\n,2.5\n",
            "a;b\n1;red\nNA;2.5\n",
            "\u{feff}a\tb\r\n1\tred\r\nNULL\t2.5\r\n",
            "{\"a\": 1, \"b\": \"red\"}\n{\"b\": 2.5}\n",
            "[{\"a\": true, \"b\": \"red\"}, {\"a\": null, \"b\": 2.5}]",
            "{\"columns\": [\"a\", \"b\"], \"data\": [[1, \"red\"], [null, 2.5]]}",
            "{\"dataframe_split\": {\"columns\": [\"a\", \"b\"], \"index\": [0, 1], \"data\": [[1, \"red\"], [null, 2.5]]}}",
            "{\"dataframe_records\": [{\"a\": 1, \"b\": \"red\"}, {\"a\": null, \"b\": 2.5}]}",
            "{\"inputs\": {\"a\": [1, null], \"b\": [\"red\", 2.5]}}",
        ] {
            let found = table(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].names.as_ref(), ["a", "b"], "{text}");
            let numbers = |columns: &[Vec<Cell>]| format!("{:?}", columns.iter().flatten().map(Cell::number).collect::<Vec<_>>());
            assert_eq!(numbers(&found[0].columns), numbers(&wanted), "{text}");
        }
        let unnamed = table("{\"instances\": [[1, \"red\"], [null, 2.5]]}").expect("read");
        assert_eq!((unnamed[0].names.len(), &unnamed[0].columns), (0, &wanted));
        assert_eq!(table(" \n").expect("read"), []);
    }

    #[test]
    fn what_is_no_table_is_told_with_its_place() {
        for (text, told) in [
            ("a,b\n1\n", "rows:2"),
            ("{\"a\": 1}\n{\"a\": [1]}\n", "rows:2"),
            ("{\"a\": 1}\n{\"a\": \n", "rows:3"),
            ("[[1, 2], [3]]", "1 cells in a table of 2 columns"),
            ("[1, 2]", "a row is an object"),
            ("{\"inputs\": {\"a\": [1], \"b\": [1, 2]}}", "no lists of one length"),
            ("a\0b", "neither CSV, Parquet nor JSON"),
        ] {
            let error = table(text).expect_err(text);
            assert_eq!(error.kind(), ErrorKind::BadInput, "{text}");
            assert!(error.to_string().contains(told), "{text}: {error}");
        }
    }

    #[test]
    fn json_as_python_writes_it_is_read_and_what_stands_twice_is_refused() {
        let found = table("{\"a\": NaN, \"b\": -Infinity}\n{\"a\": 9007199254740993, \"b\": Infinity}\n").expect("read");
        assert_eq!(found[0].columns[0], [Cell::Missing, Cell::Text("9007199254740993".into())]);
        assert_eq!(found[0].columns[1].iter().map(Cell::number).collect::<Vec<_>>(), [Some(f64::NEG_INFINITY), Some(f64::INFINITY)]);
        for (text, told) in [
            ("{\"instances\": [[1]], \"dataframe_split\": {\"columns\": [\"a\"], \"data\": [[1]]}}", "'dataframe_split' and 'instances'"),
            ("{\"columns\": [\"a\"], \"data\": [[1]], \"inputs\": [[1]]}", "'columns' and 'inputs'"),
            ("{\"a\": 1}\n{\"a\": 1, \"b\": 2, \"a\": 3}\n", "'a' stands twice"),
        ] {
            let error = table(text).expect_err(text);
            assert!(error.kind() == ErrorKind::Usage && error.to_string().contains(told), "{text}: {error}");
        }
    }

    #[test]
    fn long_tables_come_in_batches() {
        let text: String = std::iter::once("a\n".to_owned()).chain((0..10_000).map(|row| format!("{row}\n"))).collect();
        let found = table(&text).expect("read");
        assert_eq!(found.iter().map(TableBatch::rows).collect::<Vec<_>>(), [4096, 4096, 1808]);
        assert_eq!((found[2].lines[1807], &found[2].columns[0][1807]), (10_001, &Cell::Text("9999".into())));
    }
}
