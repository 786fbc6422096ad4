//! The series that a table with a time and a value a row says.

use std::collections::BTreeMap;

use super::{Input, Span};
use crate::api::forecast::ValuesTable;
use crate::error::{Error, ErrorKind, Result};
use crate::forecast::Series;
use crate::source::table_rows::{self, Cell, TableBatch};
use crate::ticket::time::Instant;

/// What columns of times and of values are called, the likelier first.
const TIMES: [&str; 7] = ["ds", "time", "timestamp", "date_time", "datetime", "date", "created_at"];
const VALUES: [&str; 6] = ["y", "value", "values", "count", "users", "load"];
/// More buckets than this are no series that anybody forecasts.
const MOST_BUCKETS: i64 = 5_000_000;

/// Reads the table; the smallest distance of two rows is the length of a bucket, and a bucket without a row is not known.
///
/// Errors: those of reading a table; [`ErrorKind::Usage`] for a column that is not there; [`ErrorKind::BadInput`] with the line
/// for a row that says no time or no value, says a time again, or a value below zero; [`ErrorKind::NotEnoughData`] for fewer
/// than two rows.
pub fn read(table: &ValuesTable, span: &Span) -> Result<Input> {
    let mut rows: Vec<(i64, f64, u64)> = Vec::new();
    let mut name = String::new();
    table_rows::read(&table.path, &mut |batch| {
        let time = column(batch, table.time_column.as_deref(), &TIMES, "--time-column", &table.path)?;
        let value = column(batch, table.value_column.as_deref(), &VALUES, "--value-column", &table.path)?;
        batch.names[value].clone_into(&mut name);
        for (row, line) in batch.lines.iter().enumerate() {
            let at = |why: String| Error::new(ErrorKind::BadInput, format!("{}:{line}: {why}", table.path));
            let moment = moment(&batch.columns[time][row]).ok_or_else(|| {
                at(format!(
                    "{} in {} is no time; write 2026-01-31T12:00:00Z, or seconds or milliseconds",
                    told(&batch.columns[time][row]),
                    batch.names[time]
                ))
            })?;
            let number = batch.columns[value][row].number().filter(|number| !number.is_infinite());
            let number = number.ok_or_else(|| at(format!("{} in {name} is no number", told(&batch.columns[value][row]))))?;
            if number < 0.0 {
                return Err(at(format!("{name} is {number}, and load is never below zero")));
            }
            rows.push((moment, number, *line));
        }
        Ok(())
    })?;
    rows.sort_by_key(|row| row.0);
    if let Some(pair) = rows.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        let message = format!("{}:{}: the time of line {} is there again", table.path, pair[1].2, pair[0].2);
        return Err(
            Error::new(ErrorKind::BadInput, message).hint("one row a time: sum them up, or forecast each series from a file of its own")
        );
    }
    let read = rows.len();
    let end = span.as_of.or(rows.last().map(|row| row.0 + 1)).unwrap_or(0);
    rows.retain(|row| row.0 < end && row.0 >= end.saturating_sub(span.window_ms));
    let step_ms = rows.windows(2).map(|pair| pair[1].0 - pair[0].0).min();
    let (Some(step_ms), Some(first), Some(last)) = (step_ms, rows.first(), rows.last()) else {
        let message = format!("{} has {} rows in the window, of {read} in all: at least two are needed", table.path, rows.len());
        return Err(Error::new(ErrorKind::NotEnoughData, message).hint("look further back: `--window 540d`"));
    };
    let count = (last.0 - first.0) / step_ms + 1;
    if count > MOST_BUCKETS {
        let message = format!("{}: rows {step_ms} ms apart make {count} buckets, more than {MOST_BUCKETS}", table.path);
        return Err(Error::new(ErrorKind::BadInput, message).hint("sum the rows up to buckets of one length"));
    }
    let mut values = vec![f64::NAN; count as usize];
    for &(moment, value, line) in &rows {
        if (moment - first.0) % step_ms != 0 {
            let message = format!(
                "{}:{line}: the rows are not evenly spaced: {} ms is their smallest distance, and this one stands between",
                table.path, step_ms
            );
            return Err(Error::new(ErrorKind::BadInput, message).hint("sum the rows up to buckets of one length"));
        }
        values[((moment - first.0) / step_ms) as usize] = value;
    }
    let summary = format!("{} rows of {}, {} of them in the window", read, table.path, rows.len());
    let series = Series { start_ms: first.0, step_ms, values };
    Ok(Input { series, unit: name.clone(), name, counted: rows.len() as u64, counts_events: false, summary, notes: Vec::new() })
}

/// Calls `visit` with the time of each row and these columns of it; a missing cell is not there.
///
/// Errors: those of reading a table; [`ErrorKind::Usage`] for a column that is not there; [`ErrorKind::BadInput`] for a cell that
/// is no time or no number.
pub fn read_moments(path: &str, columns: &[&str], visit: &mut dyn FnMut(i64, BTreeMap<String, f64>)) -> Result<()> {
    table_rows::read(path, &mut |batch| {
        let time = column(batch, None, &TIMES, "a time column, such as ds,", path)?;
        let places =
            columns.iter().map(|name| Ok((*name, column(batch, Some(name), &[], "the column", path)?))).collect::<Result<Vec<_>>>()?;
        for (row, line) in batch.lines.iter().enumerate() {
            let at = |cell: &Cell, what: &str| Error::new(ErrorKind::BadInput, format!("{path}:{line}: {} is no {what}", told(cell)));
            let moment = moment(&batch.columns[time][row]).ok_or_else(|| at(&batch.columns[time][row], "time"))?;
            let mut values = BTreeMap::new();
            for (name, place) in &places {
                let cell = &batch.columns[*place][row];
                let number = cell.number().ok_or_else(|| at(cell, "number"))?;
                if number.is_finite() {
                    values.insert((*name).to_owned(), number);
                }
            }
            visit(moment, values);
        }
        Ok(())
    })
}

/// The place of the column that was named, else of the first that is called as such columns are.
fn column(batch: &TableBatch, named: Option<&str>, usual: &[&str], flag: &str, path: &str) -> Result<usize> {
    let place = |name: &str| batch.names.iter().position(|column| column == name);
    let found = match named {
        Some(name) => place(name),
        None => usual.iter().find_map(|name| place(name)),
    };
    found.ok_or_else(|| {
        let what = named.map_or_else(
            || format!("none of the columns of {path} is called {}", usual.join(", ")),
            |name| format!("{path} has no column '{name}'"),
        );
        Error::new(ErrorKind::Usage, what)
            .because(format!("it has {}", batch.names.join(", ")))
            .hint(format!("name the column: `{flag} NAME`"))
    })
}

fn moment(cell: &Cell) -> Option<i64> {
    let instant = match cell {
        Cell::Missing => return None,
        Cell::Number(number) => Instant::from_number(*number),
        Cell::Text(text) => Instant::from_text(text).or_else(|problem| text.parse().map_err(|_| problem).and_then(Instant::from_number)),
    };
    instant.ok().map(|instant| instant.epoch_ms)
}

fn told(cell: &Cell) -> String {
    match cell {
        Cell::Missing => "nothing".into(),
        Cell::Number(number) => number.to_string(),
        Cell::Text(text) => format!("'{text}'"),
    }
}
