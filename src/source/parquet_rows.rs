//! Tickets as Parquet: flat columns or nested structs and lists, as other tools write them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_array::{Array, RecordBatch};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::reader::ChunkReader;
use serde::de::DeserializeSeed;
use serde::de::value::{Error as RowError, MapDeserializer};

use crate::error::Result;
use crate::ticket::{FieldKind, TextMeaning, Ticket, known_field};

use super::arrow_cell::ArrowCell;
use super::contract::Visit;
use super::files::visit_all;
use super::pipeline::{Give, in_order};
use super::position::SourcePosition;
use super::row;
use super::seeds::Seeds;

const ROWS_IN_A_BATCH: usize = 4096;

/// Reads a Parquet file; the line of a place is the row, counted from 1.
///
/// Errors: `visit`'s; [`crate::error::ErrorKind::BadInput`] when the file is damaged, no column belongs
/// to a ticket, or a column that must hold numbers has another type.
pub(super) fn read<R: ChunkReader + 'static>(
    source: R,
    file: &Arc<str>,
    seeds: &Arc<Seeds>,
    threads: usize,
    visit: &mut Visit<'_>,
) -> Result<()> {
    let start = SourcePosition { file: Arc::clone(file), line: 1 };
    // The types as Parquet stores them: what pandas or Polars noted beside them adds only variety.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = guarded(&start, || ParquetRecordBatchReaderBuilder::try_new_with_options(source, options))?;
    let schema = Arc::clone(builder.schema());
    let names = || schema.fields().iter().map(|field| field.name().as_str());
    let wanted: Vec<usize> = names().enumerate().filter(|(_, name)| row::is_wanted(name, &seeds.paths)).map(|(index, _)| index).collect();
    row::require_ticket_columns(wanted.iter().map(|&index| schema.field(index).name().as_str()), names(), &start)?;
    wanted.iter().try_for_each(|&index| require_numbers(schema.field(index), &start))?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), wanted);
    let mut batches = guarded(&start, || builder.with_projection(mask).with_batch_size(ROWS_IN_A_BATCH).build())?;

    let (cutting, converting, seeds) = (Arc::clone(file), Arc::clone(file), Arc::clone(seeds));
    let produce = move |give: &mut Give<'_, Result<(u64, RecordBatch)>>| {
        let mut line = 1;
        loop {
            let place = SourcePosition { file: Arc::clone(&cutting), line };
            let piece = match guarded(&place, || batches.next().transpose()) {
                Ok(None) => break,
                Ok(Some(batch)) => Ok((line, batch)),
                Err(error) => Err(error),
            };
            line += piece.as_ref().map_or(0, |(_, batch)| batch.num_rows() as u64);
            let failed = piece.is_err();
            if !give(piece) || failed {
                break;
            }
        }
    };
    in_order(
        threads,
        produce,
        move |batch: Result<(u64, RecordBatch)>| batch.and_then(|(line, batch)| convert(line, &batch, &converting, &seeds)),
        |tickets| visit_all(tickets?, file, visit),
    )
}

/// Runs a step of the Parquet reader, which panics on some damaged files. What it was working on is
/// thrown away then, so nothing half-made is seen.
pub(super) fn guarded<T, E: std::fmt::Display>(place: &SourcePosition, step: impl FnOnce() -> std::result::Result<T, E>) -> Result<T> {
    let damaged = |cause: &dyn std::fmt::Display| {
        place
            .bad_input("the Parquet data is damaged or of an unknown kind")
            .because(cause)
            .hint(format!("copy {} again from its source", place.file))
    };
    match catch_unwind(AssertUnwindSafe(step)) {
        Ok(result) => result.map_err(|source| damaged(&source)),
        Err(_) => Err(damaged(&"its parts contradict each other")),
    }
}

/// Whether a column whose field is a number can hold one; a wrong type is the file's fault, not a row's.
fn require_numbers(field: &arrow_schema::Field, start: &SourcePosition) -> Result<()> {
    let is_number = |kind| matches!(kind, FieldKind::Number | FieldKind::Count);
    let needs_number = known_field(field.name()).is_some_and(|known| known.is_needed_by_all() && is_number(known.kind()));
    let holds_number = field.data_type().is_numeric() || field.data_type().is_null();
    if needs_number && !holds_number {
        return Err(start
            .bad_input(format!("column {} holds {}, expected numbers", field.name(), field.data_type()))
            .hint(format!("write {} as an integer or floating-point column", field.name())));
    }
    Ok(())
}

fn convert(first_line: u64, batch: &RecordBatch, file: &Arc<str>, seeds: &Seeds) -> Result<Vec<(u64, Ticket)>> {
    let schema = batch.schema_ref();
    let columns: Vec<(&str, &dyn Array)> =
        schema.fields().iter().zip(batch.columns()).map(|(field, column)| (field.name().as_str(), column.as_ref())).collect();
    let parameters = columns.iter().find(|(name, _)| *name == "parameters").map(|(_, column)| *column);
    let mut tickets = Vec::with_capacity(batch.num_rows());
    for row in 0..batch.num_rows() {
        let line = first_line + row as u64;
        let cells = columns.iter().map(|&(name, array)| (name, ArrowCell::new(name, array, row)));
        let read = seeds.of(TextMeaning::Json).deserialize(MapDeserializer::new(cells));
        let mut ticket = read.map_err(|source: RowError| {
            SourcePosition { file: Arc::clone(file), line }
                .bad_input(source)
                .hint("write the column with a plainer type: text, number, time, list or struct")
        })?;
        ticket.aside.parameters_without_nulls = parameters.is_some_and(|array| ArrowCell::new("parameters", array, row).leaves_out());
        tickets.push((line, ticket));
    }
    Ok(tickets)
}
