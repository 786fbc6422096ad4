//! Using a registered model, whichever tool made it, on the rows of a table of its own columns.

use super::rows::RowWriter;
use crate::api::predict::{PredictedRows, ReportedColumn};
use crate::api::predict_table::{PredictTableReport, PredictTableRequest, TableRow};
use crate::api::{Listener, StreamingOperations};
use crate::error::{Error, ErrorKind, Result};
use crate::formats::ReadModel;
use crate::kinds::table_model::{TableAnswers, answers, as_written, columns_of};
use crate::kinds::{PredictedValue, ValueForm};
use crate::ops::load;
use crate::ops::resolve::resolve;
use crate::ops::table_values::{narrowed_note, narrowed_values, value};
use crate::ops::workspace::{Intent, Workspace};
use crate::source::table_rows::{self, TableBatch};
use crate::source::tables::Cells;
use crate::statistics::ClassLabel;
use crate::trees::EnsembleTask;

impl StreamingOperations<PredictTableRequest> for Workspace<'_> {
    fn stream(&self, request: &PredictTableRequest, listener: &mut dyn Listener<PredictedRows<TableRow>>) -> Result<PredictTableReport> {
        if let Some(out) = request.out.as_deref()
            && let (Ok(table), Ok(out)) = (std::fs::canonicalize(&request.table), std::fs::canonicalize(out))
            && table == out
        {
            return Err(Error::new(ErrorKind::Usage, format!("{} would be written over with what it is asked about", request.table))
                .hint("name another file with `--out FILE`"));
        }
        let settings = self.settings(&self.flags())?;
        let registry = self.registry(&settings, Intent::Load)?;
        let model = resolve(registry.store(), self.kinds(), &request.model)?;
        let (_, read) = load::trees(registry.store(), &model.version, request.rounds)?;
        let mut rows = RowWriter::new(request.out.as_deref(), request.rows, listener)?;
        let probabilities = request.probabilities || read.tells_probabilities;
        let columns = columns(&read, probabilities);
        let (mut row_count, mut narrowed) = (0, 0u64);
        let threads = crate::ops::threads(request.threads);
        table_rows::read(&request.table, &mut |batch| {
            let given = given(&read, batch, &request.table)?;
            narrowed += narrowed_values(&read, &given);
            let said = values(&read, answers(&read, &given, threads)?, probabilities);
            let first = row_count + 1;
            let documents = (0..batch.rows()).map(|row| TableRow {
                row: first + row as u64,
                values: columns.iter().zip(&said).map(|(column, values)| (column.name.clone(), values[row].clone())).collect(),
            });
            rows.take(documents, || cells(&columns, &said, first))?;
            row_count += batch.rows() as u64;
            Ok(())
        })?;
        if row_count == 0 {
            return Err(Error::new(ErrorKind::NotEnoughData, format!("{} has no rows", request.table)));
        }
        let declared = (read.tells_probabilities && !request.probabilities)
            .then(|| "its package answers by 'predict_proba' (predict_fn in MLmodel), so the probabilities are told too".to_owned());
        let notes = narrowed_note(narrowed).into_iter().chain(declared).chain(read.place.clone()).chain(read.note.clone());
        Ok(PredictTableReport {
            model_name: model.version.name,
            model_version: model.version.version,
            chosen_as: model.chosen_as,
            rounds_summary: read.rounds.map(|rounds| rounds.to_string()),
            row_count,
            columns,
            file: request.out.clone(),
            items: rows.finish()?,
            notes: notes.collect(),
        })
    }
}

/// The values of the columns that the model looks at, in its order.
fn given(read: &ReadModel, batch: &TableBatch, table: &str) -> Result<Vec<Vec<f64>>> {
    let places = columns_of(&read.ensemble.feature_names, &as_written(read.format, &batch.names), batch.columns.len())?;
    let column = |(feature, place): (usize, usize)| {
        let name = batch.names.get(place).map_or_else(|| format!("number {}", place + 1), String::clone);
        let numbers = batch.columns[place].iter().zip(&batch.lines).map(|(cell, line)| {
            value(read, feature, cell, &name).map_err(|what| Error::new(ErrorKind::BadInput, format!("{table}:{line}: {what}")))
        });
        numbers.collect::<Result<Vec<f64>>>()
    };
    places.into_iter().enumerate().map(column).collect()
}

/// Which columns of probabilities a model has.
fn told_labels(read: &ReadModel, probabilities: bool) -> Option<&[ClassLabel]> {
    match &read.ensemble.task {
        // A booster answers by one probability where there are two classes.
        EnsembleTask::Classification { classes, .. } if probabilities || (read.is_booster && classes.len() > 2) => Some(classes),
        _ => None,
    }
}

/// What a row holds.
fn columns(read: &ReadModel, probabilities: bool) -> Vec<ReportedColumn> {
    let column = |name: String, heading: String, form| ReportedColumn { name, heading, form };
    let prediction = |form| column("prediction".into(), "PREDICTION".into(), form);
    let mut columns = match &read.ensemble.task {
        EnsembleTask::Regression | EnsembleTask::Transformed(_) if read.ensemble.outputs > 1 => {
            let target = |place: usize| column(format!("prediction_{place}"), format!("PREDICTION {place}"), ValueForm::Number);
            (0..read.ensemble.outputs).map(target).collect()
        }
        EnsembleTask::Regression | EnsembleTask::Transformed(_) => vec![prediction(ValueForm::Number)],
        EnsembleTask::Isolation(_) => vec![prediction(ValueForm::Number), column("score".into(), "SCORE".into(), ValueForm::Number)],
        EnsembleTask::Classification { classes, .. } => {
            let all = |is: fn(&ClassLabel) -> bool| classes.iter().all(is);
            vec![prediction(match () {
                () if read.is_booster && classes.len() == 2 => ValueForm::Number,
                () if all(|class| matches!(class, ClassLabel::Flag(_))) => ValueForm::Flag,
                () if all(|class| matches!(class, ClassLabel::Number(_) | ClassLabel::Whole(_))) => ValueForm::Number,
                () => ValueForm::Word,
            })]
        }
    };
    let labels = told_labels(read, probabilities).unwrap_or_default();
    columns.extend(labels.iter().map(|label| column(format!("probability_{label}"), format!("P({label})"), ValueForm::Number)));
    columns
}

/// From here on not every whole number is a 64-bit float.
const LONGEST_WHOLE: f64 = 9_007_199_254_740_992.0;

/// What the model says, one list a column of [`columns`].
fn values(read: &ReadModel, said: TableAnswers, probabilities: bool) -> Vec<Vec<PredictedValue>> {
    let number = |value: f64| PredictedValue::Number(Some(value));
    match said {
        TableAnswers::Numbers(numbers) => vec![numbers.into_iter().map(number).collect()],
        TableAnswers::Targets { count, numbers } => {
            (0..count).map(|place| numbers.iter().skip(place).step_by(count).copied().map(number).collect()).collect()
        }
        // scikit-learn's words for it: -1 is unusual.
        TableAnswers::Marks { marked, scores } => vec![
            marked.into_iter().map(|marked| number(if marked { -1.0 } else { 1.0 })).collect(),
            scores.into_iter().map(number).collect(),
        ],
        TableAnswers::Classes { labels, chosen, probabilities: shares } => {
            let share = |place: usize| shares.iter().skip(place).step_by(labels.len()).copied().map(number).collect::<Vec<_>>();
            // Of one column, so that all are whole where one must be, as the library's are where all can be.
            let is_whole = |label: &ClassLabel| match label {
                ClassLabel::Number(label) => label.fract() == 0.0 && label.abs() < LONGEST_WHOLE,
                other => matches!(other, ClassLabel::Whole(_)),
            };
            let are_whole = labels.iter().all(is_whole) || labels.iter().any(|label| matches!(label, ClassLabel::Whole(_)));
            let label = |place: usize| match &labels[place] {
                ClassLabel::Number(label) if are_whole && label.fract() == 0.0 => PredictedValue::Whole(*label as i64),
                ClassLabel::Flag(flag) => PredictedValue::Flag(*flag),
                ClassLabel::Number(label) => number(*label),
                ClassLabel::Whole(label) => PredictedValue::Whole(*label),
                ClassLabel::Text(label) => PredictedValue::Word(Some(label.clone())),
            };
            let prediction = if read.is_booster && labels.len() == 2 { share(1) } else { chosen.into_iter().map(label).collect() };
            let mut columns = vec![prediction];
            columns.extend((0..told_labels(read, probabilities).map_or(0, <[ClassLabel]>::len)).map(share));
            columns
        }
    }
}

/// The same as columns of a file, below the number of the row.
fn cells<'c>(columns: &'c [ReportedColumn], said: &[Vec<PredictedValue>], first: u64) -> Vec<(&'c str, Cells)> {
    let rows = said.first().map_or(0, Vec::len);
    let mut cells = vec![("row", Cells::Integer((first..).take(rows).map(|row| Some(row as i64)).collect()))];
    for (column, values) in columns.iter().zip(said) {
        let word = |value: &PredictedValue| match value {
            PredictedValue::Word(Some(word)) => word.clone(),
            PredictedValue::Word(None) | PredictedValue::Number(None) => String::new(),
            PredictedValue::Number(Some(number)) => number.to_string(),
            PredictedValue::Whole(whole) => whole.to_string(),
            PredictedValue::Flag(flag) => flag.to_string(),
        };
        let number = |value: &PredictedValue| if let PredictedValue::Number(number) = value { *number } else { None };
        let whole = |value: &PredictedValue| if let PredictedValue::Whole(whole) = value { Some(*whole) } else { None };
        let has_whole = values.iter().any(|value| matches!(value, PredictedValue::Whole(_)));
        cells.push((
            column.name.as_str(),
            match column.form {
                ValueForm::Word => Cells::Text(values.iter().map(word).collect()),
                ValueForm::Flag => Cells::Flag(values.iter().map(|value| *value == PredictedValue::Flag(true)).collect()),
                _ if has_whole => Cells::Integer(values.iter().map(whole).collect()),
                _ => Cells::Number(values.iter().map(number).collect()),
            },
        ));
    }
    cells
}
