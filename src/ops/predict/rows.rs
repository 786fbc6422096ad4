//! Where predictions go while they are made.

use std::path::Path;

use serde::Serialize;

use crate::api::Listener;
use crate::api::predict::{PredictedRows, PredictionReason, PredictionRow, RowsWanted};
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::{PredictedValue, Prediction, PredictionColumn, Reason, ValueForm, marks};
use crate::ops::Resolved;
use crate::source::tables::{Cells, TableWriter, csv_text};

/// Takes rows of predictions to where a request wants them; `R` is a row as the contract for scripts states it.
pub(super) enum RowWriter<'s, R> {
    /// The first so many, for the report.
    Collected(Vec<R>, usize),
    /// A file.
    Table(TableWriter),
    /// The listener.
    Told(&'s mut dyn Listener<PredictedRows<R>>),
    /// The same, as CSV; whether the headers were told.
    ToldAsCsv(&'s mut dyn Listener<PredictedRows<R>>, bool),
}

impl<'s, R: Serialize> RowWriter<'s, R> {
    /// Errors: those of making a file.
    pub(super) fn new(
        out: Option<&Path>,
        wanted: RowsWanted,
        listener: &'s mut dyn Listener<PredictedRows<R>>,
    ) -> Result<RowWriter<'s, R>> {
        if let Some(path) = out {
            return Ok(RowWriter::Table(TableWriter::create(path)?));
        }
        Ok(match wanted {
            RowsWanted::First(count) => RowWriter::Collected(Vec::new(), count),
            RowsWanted::All => RowWriter::Collected(Vec::new(), usize::MAX),
            RowsWanted::Told => RowWriter::Told(listener),
            RowsWanted::ToldAsCsv => RowWriter::ToldAsCsv(listener, false),
        })
    }

    /// Takes a batch: `rows` as documents, `cells` as columns, of which only one is asked for.
    pub(super) fn take<'c>(&mut self, rows: impl Iterator<Item = R>, cells: impl FnOnce() -> Vec<(&'c str, Cells)>) -> Result<()> {
        match self {
            RowWriter::Collected(kept, most) => kept.extend(rows.take(most.saturating_sub(kept.len()))),
            RowWriter::Table(writer) if writer.takes_documents() => {
                let documents = rows.map(serde_json::to_value).collect::<std::result::Result<Vec<_>, _>>();
                let unwritten = |error| Error::new(ErrorKind::Internal, "a prediction cannot be written").because(error);
                writer.write_documents(documents.map_err(unwritten)?)?;
            }
            RowWriter::Table(writer) => writer.write(&cells())?,
            RowWriter::Told(listener) => listener.tell(&PredictedRows::Rows(rows.collect()))?,
            RowWriter::ToldAsCsv(listener, has_headers) => {
                let text = csv_text(&cells(), !*has_headers)?;
                *has_headers = true;
                listener.tell(&PredictedRows::Csv(text))?;
            }
        }
        Ok(())
    }

    /// Completes a table, and gives the rows that were kept for the report.
    ///
    /// Errors: those of writing.
    pub(super) fn finish(self) -> Result<Option<Vec<R>>> {
        match self {
            RowWriter::Collected(kept, _) => Ok(Some(kept)),
            RowWriter::Table(writer) => writer.finish().map(|()| None),
            RowWriter::Told(_) | RowWriter::ToldAsCsv(..) => Ok(None),
        }
    }
}

/// One prediction as the contract for scripts states it.
pub(super) fn row(model: &Resolved, columns: &[PredictionColumn], prediction: &Prediction) -> PredictionRow {
    let values = columns.iter().zip(&prediction.values).map(|(column, value)| (column.name.to_owned(), value.clone()));
    let told = marks(columns) || !prediction.reasons.is_empty();
    PredictionRow {
        ticket_id: prediction.ticket_id.clone(),
        values: values.collect(),
        reasons: told.then(|| prediction.reasons.iter().map(reason).collect()),
        model_name: model.version.name.clone(),
        model_version: model.version.version,
    }
}

fn reason(reason: &Reason) -> PredictionReason {
    let value = Some(f64::from(reason.value)).filter(|value| value.is_finite());
    PredictionReason { feature: reason.feature.clone(), value, effect: reason.effect }
}

/// A batch as columns, in the order and under the names of the JSON form.
pub(super) fn cells(model: &Resolved, columns: &'static [PredictionColumn], answers: &[Prediction]) -> Vec<(&'static str, Cells)> {
    let mut cells = vec![("ticket_id", Cells::Text(answers.iter().map(|answer| answer.ticket_id.clone()).collect()))];
    for (place, column) in columns.iter().enumerate() {
        let values = answers.iter().map(|answer| answer.values.get(place));
        let column_cells = match column.form {
            ValueForm::Flag => Cells::Flag(values.map(|value| value == Some(&PredictedValue::Flag(true))).collect()),
            ValueForm::Word => {
                let word = |value: Option<&PredictedValue>| {
                    if let Some(PredictedValue::Word(Some(word))) = value { word.clone() } else { String::new() }
                };
                Cells::Text(values.map(word).collect())
            }
            ValueForm::Milliseconds | ValueForm::Chance | ValueForm::Number => {
                Cells::Number(values.map(|value| if let Some(PredictedValue::Number(number)) = value { *number } else { None }).collect())
            }
        };
        cells.push((column.name, column_cells));
    }
    let names = |answer: &Prediction| answer.reasons.iter().map(|reason| reason.feature.clone()).collect();
    cells.push(("reasons", Cells::Texts(answers.iter().map(names).collect())));
    cells.push(("model_name", Cells::Text(vec![model.version.name.clone(); answers.len()])));
    cells.push(("model_version", Cells::Integer(vec![Some(i64::from(model.version.version)); answers.len()])));
    cells
}
