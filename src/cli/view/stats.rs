//! Predictions counted, as people and scripts read them.

use serde_json::{Value, json};

use super::Screen;
use super::number::{count, metric, milliseconds};
use super::table::{Column, table};
use super::time::{minute, rfc3339};
use crate::cli::report::Report;
use crate::ops::durations::DurationsReport;
use crate::ops::stats::{PredictionTally, StatsReport};

/// The report of `stats`.
pub fn report(stats: StatsReport) -> Report {
    let group = |name: &'static str, tallies: Vec<(Value, &PredictionTally)>| -> Value {
        let items = tallies.into_iter().map(|(key, tally)| {
            let mut item = document(tally);
            item[name] = key;
            item
        });
        items.collect()
    };
    let models = stats.by_model.iter().map(|((name, version), tally)| {
        let mut item = document(tally);
        item["model_name"] = some(name);
        item["model_version"] = some(version);
        item
    });
    let mut data = document(&stats.total);
    data["window"] = json!({ "from": rfc3339(stats.window.from_ms), "to": rfc3339(stats.window.to_ms) });
    data["read"] = stats.read.into();
    data["by_model"] = models.collect();
    data["by_task_type"] = group("task_type", stats.by_task_type.iter().map(|(name, tally)| (some(name), tally)).collect());
    data["by_hour"] = group("hour", stats.by_hour.iter().map(|(hour, tally)| (rfc3339(*hour).into(), tally)).collect());
    Report::new("hivectl.ml.stats/v1", data, move |screen| text(&stats, screen))
}

/// How long tickets took.
pub fn durations(report: DurationsReport) -> Report {
    let items: Vec<Value> = report
        .groups
        .iter()
        .map(|group| {
            json!({
                "task_type": some(&group.task_type),
                "risk_band": some(&group.risk_band),
                "count": group.count,
                "mean_ms": group.mean_ms,
                "standard_deviation_ms": group.deviation_ms,
            })
        })
        .collect();
    let window = json!({ "from": rfc3339(report.window.from_ms), "to": rfc3339(report.window.to_ms) });
    let data = json!({ "window": window, "by_server": report.by_server, "items": items });
    Report::new("hivectl.ml.stats.durations/v1", data, move |screen| {
        let rows: Vec<Vec<String>> = report
            .groups
            .iter()
            .map(|group| {
                let (mean, deviation) = (milliseconds(group.mean_ms), milliseconds(group.deviation_ms));
                vec![group.task_type.clone(), group.risk_band.clone(), count(group.count), mean, deviation]
            })
            .collect();
        let columns = [
            Column::Text("TASK TYPE"),
            Column::Text("RISK"),
            Column::Number("TICKETS"),
            Column::Number("MEAN"),
            Column::Number("DEVIATION"),
        ];
        let window = format!("window  {} to {} UTC\n\n", minute(report.window.from_ms), minute(report.window.to_ms));
        format!("{window}{}", table(&columns, &rows, screen))
    })
}

/// Absent is null, not an empty text.
fn some(word: &str) -> Value {
    if word.is_empty() { Value::Null } else { word.into() }
}

fn document(tally: &PredictionTally) -> Value {
    json!({
        "predictions": tally.predictions,
        "with_outcome": tally.with_outcome,
        "mae": tally.mae_ms(),
        "mae_pct": tally.mae_pct(),
        "anomalies_judged": tally.judged,
        "anomalies": tally.anomalies,
        "anomaly_rate": tally.anomaly_rate(),
    })
}

fn text(stats: &StatsReport, screen: &Screen) -> String {
    let total = &stats.total;
    let mut text = format!(
        "window       {} to {} UTC\ntickets      {}\npredictions  {}, {} with an outcome\n",
        minute(stats.window.from_ms),
        minute(stats.window.to_ms),
        stats.sentence,
        count(total.predictions),
        count(total.with_outcome)
    );
    if let (Some(mae), Some(percent)) = (total.mae_ms(), total.mae_pct()) {
        text.push_str(&format!("error        {} on average, {} % of the mean duration\n", milliseconds(mae), metric(Some(percent))));
    }
    if let Some(rate) = total.anomaly_rate() {
        text.push_str(&format!("anomalies    {} of {} ({} %)\n", count(total.anomalies), count(total.judged), metric(Some(100.0 * rate))));
    }
    let models = stats.by_model.iter().map(|((name, version), tally)| {
        let name = match (name.is_empty(), version.is_empty()) {
            (true, true) => "(not named)".into(),
            (true, false) => format!("(not named)@{version}"),
            (false, true) => name.clone(),
            (false, false) => format!("{name}@{version}"),
        };
        row(name, tally)
    });
    text.push_str(&section("MODEL", models.collect(), screen));
    let types = stats.by_task_type.iter().map(|(name, tally)| row(if name.is_empty() { "(none)".into() } else { name.clone() }, tally));
    text.push_str(&section("TASK TYPE", types.collect(), screen));
    text.push_str(&section("HOUR (UTC)", stats.by_hour.iter().map(|(hour, tally)| row(minute(*hour), tally)).collect(), screen));
    text
}

fn row(name: String, tally: &PredictionTally) -> Vec<String> {
    let percent = |value: Option<f64>| value.map_or_else(|| "-".into(), |value| format!("{} %", metric(Some(value))));
    vec![
        name,
        count(tally.predictions),
        count(tally.with_outcome),
        percent(tally.mae_pct()),
        percent(tally.anomaly_rate().map(|rate| 100.0 * rate)),
    ]
}

fn section(name: &'static str, rows: Vec<Vec<String>>, screen: &Screen) -> String {
    let columns =
        [Column::Text(name), Column::Number("PREDICTIONS"), Column::Number("ENDED"), Column::Number("MAE"), Column::Number("ANOMALIES")];
    format!("\n{}", table(&columns, &rows, screen))
}
