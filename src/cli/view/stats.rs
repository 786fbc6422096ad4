//! Predictions counted, as people read them.

use super::number::{count, metric, milliseconds};
use super::table::{Column, table};
use super::time::minute;
use super::{Screen, View};
use crate::api::stats::{DurationsReport, ModelPredictionCounts, PredictionCounts, StatsReport};

impl View for StatsReport {
    fn text(&self, screen: &Screen) -> String {
        let total = &self.total;
        let mut text = format!(
            "window       {} to {} UTC\ntickets      {}\npredictions  {}, {} with an outcome\n",
            minute(self.window.from.0),
            minute(self.window.to.0),
            self.ticket_summary,
            count(total.predictions),
            count(total.with_outcome)
        );
        if let (Some(mae), Some(percent)) = (total.mae, total.mae_pct) {
            text.push_str(&format!("error        {} on average, {} % of the mean duration\n", milliseconds(mae), metric(Some(percent))));
        }
        if let Some(rate) = total.anomaly_rate {
            let (anomalies, judged) = (count(total.anomalies), count(total.anomalies_judged));
            text.push_str(&format!("anomalies    {anomalies} of {judged} ({} %)\n", metric(Some(100.0 * rate))));
        }
        let models = self.by_model.iter().map(|model| row(name_of(model), &model.counts));
        text.push_str(&section("MODEL", models.collect(), screen));
        let types = self.by_task_type.iter().map(|group| row(group.task_type.clone().unwrap_or_else(|| "(none)".into()), &group.counts));
        text.push_str(&section("TASK TYPE", types.collect(), screen));
        let hours = self.by_hour.iter().map(|group| row(minute(group.hour.0), &group.counts));
        text.push_str(&section("HOUR (UTC)", hours.collect(), screen));
        text
    }
}

impl View for DurationsReport {
    fn text(&self, screen: &Screen) -> String {
        let rows = self.items.iter().map(|group| {
            let (task_type, risk_band) = (group.task_type.clone().unwrap_or_default(), group.risk_band.clone().unwrap_or_default());
            let (mean, deviation) = (milliseconds(group.mean_ms), milliseconds(group.standard_deviation_ms));
            vec![task_type, risk_band, count(group.count), mean, deviation]
        });
        let columns = [
            Column::Text("TASK TYPE"),
            Column::Text("RISK"),
            Column::Number("TICKETS"),
            Column::Number("MEAN"),
            Column::Number("DEVIATION"),
        ];
        let window = format!("window  {} to {} UTC\n\n", minute(self.window.from.0), minute(self.window.to.0));
        format!("{window}{}", table(&columns, &rows.collect::<Vec<_>>(), screen))
    }
}

fn name_of(model: &ModelPredictionCounts) -> String {
    match (&model.model_name, &model.model_version) {
        (None, None) => "(not named)".into(),
        (None, Some(version)) => format!("(not named)@{version}"),
        (Some(name), None) => name.clone(),
        (Some(name), Some(version)) => format!("{name}@{version}"),
    }
}

fn row(name: String, counts: &PredictionCounts) -> Vec<String> {
    let percent = |value: Option<f64>| value.map_or_else(|| "-".into(), |value| format!("{} %", metric(Some(value))));
    vec![
        name,
        count(counts.predictions),
        count(counts.with_outcome),
        percent(counts.mae_pct),
        percent(counts.anomaly_rate.map(|rate| 100.0 * rate)),
    ]
}

fn section(name: &'static str, rows: Vec<Vec<String>>, screen: &Screen) -> String {
    let columns =
        [Column::Text(name), Column::Number("PREDICTIONS"), Column::Number("ENDED"), Column::Number("MAE"), Column::Number("ANOMALIES")];
    format!("\n{}", table(&columns, &rows, screen))
}
