//! Predictions as people and scripts read them.

use serde_json::{Map, Value, json};

use super::Screen;
use super::number::{count, metric, milliseconds};
use super::table::{Column, table};
use crate::kinds::{PredictedValue, Prediction, PredictionColumn, Reason, ValueForm, marks};
use crate::ops::Resolved;
use crate::ops::predict::PredictReport;

/// One prediction as the contract for scripts states it.
pub fn document(model: &Resolved, columns: &[PredictionColumn], prediction: &Prediction) -> Value {
    let mut fields = Map::from_iter([("ticket_id".to_owned(), Value::from(prediction.ticket_id.clone()))]);
    for (column, value) in columns.iter().zip(&prediction.values) {
        let value = match value {
            PredictedValue::Number(number) => (*number).into(),
            PredictedValue::Flag(flag) => (*flag).into(),
            PredictedValue::Word(word) => word.clone().into(),
        };
        fields.insert(column.name.into(), value);
    }
    if marks(columns) || !prediction.reasons.is_empty() {
        fields.insert("reasons".into(), prediction.reasons.iter().map(reason).collect());
    }
    fields.insert("model_name".into(), model.version.name.clone().into());
    fields.insert("model_version".into(), model.version.version.into());
    Value::Object(fields)
}

fn reason(reason: &Reason) -> Value {
    json!({ "feature": reason.feature, "value": reason.value.is_finite().then_some(reason.value), "effect": reason.effect })
}

/// The first rows and the sum.
pub fn text(report: &PredictReport, first: &[Prediction], screen: &Screen) -> String {
    let version = &report.model.version;
    let mut text = format!("model    {} ({})\ntickets  {}\n", version.id(), report.model.chosen_as, report.sentence);
    if marks(report.columns) {
        text.push_str(&format!("marked   {} of {}\n", count(report.anomalies as i64), count(report.predicted as i64)));
    }
    text.push('\n');
    text.push_str(&rows(report.columns, first, screen));
    if report.predicted > first.len() as u64 {
        text.push_str(&format!(
            "… and {} more: -o jsonl prints all, --out FILE writes them\n",
            count((report.predicted - first.len() as u64) as i64)
        ));
    }
    text
}

fn rows(held: &[PredictionColumn], predictions: &[Prediction], screen: &Screen) -> String {
    let why = |prediction: &Prediction| prediction.reasons.iter().map(|reason| reason.feature.as_str()).collect::<Vec<_>>().join(", ");
    let explained = predictions.iter().any(|prediction| !prediction.reasons.is_empty());
    let mut columns = vec![Column::Text("TICKET")];
    columns.extend(held.iter().map(|column| match column.form {
        ValueForm::Milliseconds | ValueForm::Chance | ValueForm::Number => Column::Number(column.heading),
        ValueForm::Flag | ValueForm::Word => Column::Text(column.heading),
    }));
    if explained {
        columns.push(Column::Text("WHY"));
    }
    let cell = |(column, value): (&PredictionColumn, &PredictedValue)| match (value, column.form) {
        (PredictedValue::Number(None), _) => "-".into(),
        (PredictedValue::Number(Some(value)), ValueForm::Milliseconds) => milliseconds(*value),
        (PredictedValue::Number(Some(value)), ValueForm::Chance) => format!("{:.0} %", value * 100.0),
        (PredictedValue::Number(value), _) => metric(*value),
        (PredictedValue::Flag(flag), _) => if *flag { "yes" } else { "no" }.into(),
        (PredictedValue::Word(word), _) => word.clone().unwrap_or_else(|| "-".into()),
    };
    let row = |prediction: &Prediction| {
        let mut cells = vec![prediction.ticket_id.clone()];
        cells.extend(held.iter().zip(&prediction.values).map(cell));
        if explained {
            cells.push(why(prediction));
        }
        cells
    };
    table(&columns, &predictions.iter().map(row).collect::<Vec<_>>(), screen)
}
