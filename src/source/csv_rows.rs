//! Tickets as CSV: a header names the fields, nested ones by dot or underscore; lists and objects are JSON in a cell, or
//! what Python prints.

use std::io::Read;
use std::sync::Arc;

use csv::StringRecord;
use serde::de::value::MapDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::error::{Error, Result};
use crate::ticket::{FieldKind, FieldPaths, TextMeaning, Ticket, known_field};

use super::compression::{Compression, read_failure};
use super::contract::Visit;
use super::files::visit_all;
use super::pipeline::in_order;
use super::position::SourcePosition;
use super::row;
use super::seeds::Seeds;
use super::table_rows::is_missing;

const ROWS_IN_A_BATCH: usize = 2048;

/// The columns that are looked at: where they stand and what they are called.
struct Columns {
    wanted: Vec<(usize, String)>,
    /// Which of the wanted must hold numbers.
    numeric: Vec<bool>,
}

/// Rows as tickets, and what was seen in the columns that must hold numbers.
struct Batch {
    tickets: Vec<(u64, Ticket)>,
    checks: Vec<Check>,
}

/// What a column of numbers held.
#[derive(Clone, Debug, Default)]
struct Check {
    numbers: u64,
    first_word: Option<(u64, String)>,
}

/// Reads a CSV file.
///
/// Errors: `visit`'s; [`crate::error::ErrorKind::BadInput`] with `file:line` when a row does not fit the header, the
/// text is not UTF-8, no column belongs to a ticket, or a column of numbers holds words only.
pub(super) fn read(
    (reader, separator): (Box<dyn Read + Send>, u8),
    compression: Compression,
    file: &Arc<str>,
    seeds: &Arc<Seeds>,
    threads: usize,
    visit: &mut Visit<'_>,
) -> Result<()> {
    let mut rows = csv::ReaderBuilder::new().delimiter(separator).buffer_capacity(256 * 1024).from_reader(reader);
    let header = rows.headers().map_err(|source| failure(&source, file, compression))?;
    let columns = Arc::new(Columns::choose(header, file, &seeds.paths)?);
    let mut checks = vec![Check::default(); columns.wanted.len()];
    let (chosen, seeds) = (Arc::clone(&columns), Arc::clone(seeds));
    let (named, converted) = (Arc::clone(file), Arc::clone(file));
    let produce = move |give: &mut super::pipeline::Give<'_, Result<Vec<StringRecord>>>| loop {
        let batch: Result<Vec<StringRecord>> =
            rows.records().take(ROWS_IN_A_BATCH).map(|row| row.map_err(|source| failure(&source, &named, compression))).collect();
        let last = batch.as_ref().map_or(true, |batch| batch.len() < ROWS_IN_A_BATCH);
        if !give(batch) || last {
            break;
        }
    };
    in_order(
        threads,
        produce,
        move |rows: Result<Vec<StringRecord>>| convert(&rows?, &chosen, &converted, &seeds),
        |batch| {
            let batch = batch?;
            checks.iter_mut().zip(batch.checks).for_each(|(check, more)| check.add(more));
            visit_all(batch.tickets, file, visit)
        },
    )?;
    columns.judge(&checks, file)
}

impl Columns {
    fn choose(header: &StringRecord, file: &Arc<str>, paths: &FieldPaths) -> Result<Columns> {
        let wanted: Vec<(usize, String)> = header
            .iter()
            .map(str::trim)
            .enumerate()
            .filter(|(_, name)| row::is_wanted(name, paths))
            .map(|(index, name)| (index, name.to_owned()))
            .collect();
        let place = SourcePosition { file: Arc::clone(file), line: 1 };
        row::require_ticket_columns(wanted.iter().map(|(_, name)| name.as_str()), header.iter(), &place)?;
        let numeric = wanted.iter().map(|(_, name)| is_numeric(name)).collect();
        Ok(Columns { wanted, numeric })
    }

    /// A word among numbers is one ticket's fault; a column without a single number is the file's, where every job needs it.
    fn judge(&self, checks: &[Check], file: &Arc<str>) -> Result<()> {
        for ((_, name), check) in self.wanted.iter().zip(checks) {
            if let (0, Some((line, word))) = (check.numbers, &check.first_word) {
                let place = SourcePosition { file: Arc::clone(file), line: *line };
                let word: String = word.chars().take(40).collect();
                return Err(place
                    .bad_input(format!("column {name} holds {word:?} and not a single number in the whole file"))
                    .hint(format!("check which column belongs under {name} with `head -3 '{file}'`")));
            }
        }
        Ok(())
    }
}

fn is_numeric(column: &str) -> bool {
    known_field(column).is_some_and(|field| field.is_needed_by_all() && matches!(field.kind(), FieldKind::Number | FieldKind::Count))
}

impl Check {
    fn see(&mut self, cell: &str, line: u64) {
        match cell.trim() {
            cell if is_missing(cell) => {}
            number if number.parse::<f64>().is_ok_and(f64::is_finite) => self.numbers += 1,
            word => {
                self.first_word.get_or_insert_with(|| (line, word.to_owned()));
            }
        }
    }

    fn add(&mut self, more: Check) {
        self.numbers += more.numbers;
        if self.first_word.is_none() {
            self.first_word = more.first_word;
        }
    }
}

fn convert(rows: &[StringRecord], columns: &Columns, file: &Arc<str>, seeds: &Seeds) -> Result<Batch> {
    let mut batch = Batch { tickets: Vec::with_capacity(rows.len()), checks: vec![Check::default(); columns.wanted.len()] };
    for row in rows {
        let line = row.position().map_or(0, csv::Position::line);
        for ((&(index, _), check), _) in columns.wanted.iter().zip(&mut batch.checks).zip(&columns.numeric).filter(|(_, numeric)| **numeric)
        {
            check.see(row.get(index).unwrap_or_default(), line);
        }
        let cells = columns.wanted.iter().map(|(index, name)| (name.as_str(), Cell(row.get(*index).unwrap_or_default())));
        let ticket = seeds.of(TextMeaning::Cells).deserialize(MapDeserializer::new(cells)).map_err(|source: serde::de::value::Error| {
            let place = SourcePosition { file: Arc::clone(file), line };
            place.bad_input(source).hint(place.look())
        })?;
        batch.tickets.push((line, ticket));
    }
    Ok(batch)
}

fn failure(source: &csv::Error, file: &Arc<str>, compression: Compression) -> Error {
    let line = source.position().map_or(1, csv::Position::line);
    let place = SourcePosition { file: Arc::clone(file), line };
    match source.kind() {
        csv::ErrorKind::Io(source) => read_failure(&place, compression, source),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            place.bad_input(format!("the row has {len} cells, the header has {expected_len}")).hint(place.look())
        }
        csv::ErrorKind::Utf8 { .. } => place.bad_input("the text is not UTF-8").hint(place.look()),
        _ => place.bad_input("the row is no CSV").because(source).hint(place.look()),
    }
}

/// A cell of text; an empty one is absent, and so is what stands for none.
#[derive(Clone, Copy)]
struct Cell<'c>(&'c str);

impl<'de> IntoDeserializer<'de, serde::de::value::Error> for Cell<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Cell<'de> {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Self::Error> {
        if is_missing(self.0) { visitor.visit_none() } else { visitor.visit_borrowed_str(self.0) }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
