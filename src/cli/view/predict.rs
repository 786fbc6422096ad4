//! Predictions as people and scripts read them.

use serde_json::{Value, json};

use super::Screen;
use super::number::{count, metric, milliseconds};
use super::table::{Column, table};
use crate::kinds::ModelKind;
use crate::ops::Resolved;
use crate::ops::predict::{Answer, PredictReport, Prediction, Reason};

/// One prediction as the contract for scripts states it.
pub fn document(model: &Resolved, prediction: &Prediction) -> Value {
    let mut document = match &prediction.answer {
        Answer::Duration { duration_ms, low_ms, high_ms, sla_breach_probability } => json!({
            "ticket_id": prediction.ticket_id,
            "duration_ms": duration_ms,
            "duration_low_ms": low_ms,
            "duration_high_ms": high_ms,
            "sla_breach_probability": sla_breach_probability,
        }),
        Answer::Anomaly { score, is_anomaly, anomaly_type } => json!({
            "ticket_id": prediction.ticket_id,
            "anomaly_score": score,
            "is_anomaly": is_anomaly,
            "anomaly_type": anomaly_type.map(|kind| kind.word()),
        }),
    };
    if let Some(fields) = document.as_object_mut() {
        if matches!(prediction.answer, Answer::Anomaly { .. }) || !prediction.reasons.is_empty() {
            fields.insert("reasons".into(), prediction.reasons.iter().map(reason).collect());
        }
        fields.insert("model_name".into(), model.version.name.clone().into());
        fields.insert("model_version".into(), model.version.version.into());
    }
    document
}

fn reason(reason: &Reason) -> Value {
    json!({ "feature": reason.feature, "value": reason.value.is_finite().then_some(reason.value), "effect": reason.effect })
}

/// The first rows and the sum.
pub fn text(report: &PredictReport, first: &[Prediction], screen: &Screen) -> String {
    let version = &report.model.version;
    let mut text = format!("model    {} ({})\ntickets  {}\n", version.id(), report.model.chosen_as, report.sentence);
    if report.kind == ModelKind::Anomaly {
        text.push_str(&format!("marked   {} of {}\n", count(report.anomalies as i64), count(report.predicted as i64)));
    }
    text.push('\n');
    text.push_str(&rows(report.kind, first, screen));
    if report.predicted > first.len() as u64 {
        text.push_str(&format!(
            "… and {} more: -o jsonl prints all, --out FILE writes them\n",
            count((report.predicted - first.len() as u64) as i64)
        ));
    }
    text
}

fn rows(kind: ModelKind, predictions: &[Prediction], screen: &Screen) -> String {
    let why = |prediction: &Prediction| prediction.reasons.iter().map(|reason| reason.feature.as_str()).collect::<Vec<_>>().join(", ");
    let explained = predictions.iter().any(|prediction| !prediction.reasons.is_empty());
    let mut columns = match kind {
        ModelKind::Duration | ModelKind::Scheduling => vec![
            Column::Text("TICKET"),
            Column::Number("DURATION"),
            Column::Number("LOW"),
            Column::Number("HIGH"),
            Column::Number("SLA-BREACH"),
        ],
        ModelKind::Anomaly => vec![Column::Text("TICKET"), Column::Number("SCORE"), Column::Text("ANOMALY"), Column::Text("TYPE")],
    };
    if explained {
        columns.push(Column::Text("WHY"));
    }
    let optional = |value: &Option<f64>| value.map_or("-".into(), milliseconds);
    let cells: Vec<Vec<String>> = predictions
        .iter()
        .map(|prediction| {
            let mut cells = match &prediction.answer {
                Answer::Duration { duration_ms, low_ms, high_ms, sla_breach_probability } => vec![
                    prediction.ticket_id.clone(),
                    milliseconds(*duration_ms),
                    optional(low_ms),
                    optional(high_ms),
                    sla_breach_probability.map_or("-".into(), |chance| format!("{:.0} %", chance * 100.0)),
                ],
                Answer::Anomaly { score, is_anomaly, anomaly_type } => vec![
                    prediction.ticket_id.clone(),
                    metric(Some(*score)),
                    if *is_anomaly { "yes" } else { "no" }.into(),
                    anomaly_type.map_or("-", |kind| kind.word()).into(),
                ],
            };
            if explained {
                cells.push(why(prediction));
            }
            cells
        })
        .collect();
    table(&columns, &cells, screen)
}
