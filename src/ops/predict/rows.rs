//! Where predictions go while they are made.

use crate::api::predict::{PredictReport, PredictRequest, PredictionReason, PredictionRow, PredictionSink};
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::{PredictedValue, Prediction, PredictionColumn, Reason, ValueForm, marks};
use crate::ops::Resolved;
use crate::source::tables::{Cells, TableWriter};

/// Takes predictions to where the request and the sink want them.
pub(super) enum RowWriter<'s> {
    /// The first so many, for the report.
    Collected(Vec<PredictionRow>, usize),
    /// A file, or a stream, row by row.
    Table(TableWriter),
    /// Whoever asked.
    Given(&'s mut dyn FnMut(&[PredictionRow]) -> Result<()>),
}

impl<'s> RowWriter<'s> {
    /// Errors: those of making a file.
    pub(super) fn new(request: &PredictRequest, sink: PredictionSink<'s>) -> Result<RowWriter<'s>> {
        if let Some(path) = &request.out {
            return Ok(RowWriter::Table(TableWriter::create(path)?));
        }
        Ok(match sink {
            PredictionSink::First(count) => RowWriter::Collected(Vec::new(), count),
            PredictionSink::All => RowWriter::Collected(Vec::new(), usize::MAX),
            PredictionSink::Csv(stream) => RowWriter::Table(TableWriter::csv(stream)),
            PredictionSink::Rows(take) => RowWriter::Given(take),
        })
    }

    pub(super) fn take(&mut self, model: &Resolved, columns: &'static [PredictionColumn], answers: &[Prediction]) -> Result<()> {
        let rows = || answers.iter().map(|answer| row(model, columns, answer));
        match self {
            RowWriter::Collected(kept, most) => kept.extend(rows().take(most.saturating_sub(kept.len()))),
            RowWriter::Table(writer) if writer.takes_documents() => {
                let documents = rows().map(serde_json::to_value).collect::<std::result::Result<Vec<_>, _>>();
                let unwritten = |error| Error::new(ErrorKind::Internal, "a prediction cannot be written").because(error);
                writer.write_documents(documents.map_err(unwritten)?)?;
            }
            RowWriter::Table(writer) => writer.write(&cells(model, columns, answers))?,
            RowWriter::Given(take) => take(&rows().collect::<Vec<_>>())?,
        }
        Ok(())
    }

    /// Completes a table, and gives the report the rows that it keeps.
    ///
    /// Errors: those of writing.
    pub(super) fn finish(self, report: PredictReport) -> Result<PredictReport> {
        match self {
            RowWriter::Collected(kept, _) => Ok(PredictReport { items: Some(kept), ..report }),
            RowWriter::Table(writer) => writer.finish().map(|()| report),
            RowWriter::Given(_) => Ok(report),
        }
    }
}

/// One prediction as the contract for scripts states it.
fn row(model: &Resolved, columns: &[PredictionColumn], prediction: &Prediction) -> PredictionRow {
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
fn cells(model: &Resolved, columns: &'static [PredictionColumn], answers: &[Prediction]) -> Vec<(&'static str, Cells)> {
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
