//! `hivectl ml stats`.

use clap::Args;

use super::labels::{LabelArgs, LabelWords as _};
use super::tickets::TicketArgs;
use crate::api::Timestamp;
use crate::api::stats::{DurationsReport, DurationsRequest, ModelPredictionCounts, PredictionCounts, StatsReport, StatsRequest};
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::cli::view;
use crate::cli::view::number::{count, metric, milliseconds};
use crate::cli::view::table::{Column, table};
use crate::cli::view::time::minute;
use crate::cli::view::{Screen, View};
use crate::error::Result;

/// Count the predictions that were made, and how far they were off
///
/// By model version, task type and hour: how many predictions, how many of their tickets have ended, the mean
/// absolute error in percent of the mean duration, and the share of anomalies. Understands both shapes of
/// predictions that the platform writes. A prediction without predicted_at was made when its ticket was created.
/// Changes nothing.
#[derive(Debug, Args)]
pub struct StatsArgs {
    /// Instead: how long tickets took, by task type and risk band; counted by the server, and with --as-of ticket by
    /// ticket, exactly as it was known then
    #[arg(long)]
    pub durations: bool,

    #[command(flatten)]
    pub source: TicketArgs,

    /// How far to look back from --as-of, such as 24h or 7d
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = crate::base::duration::parse)]
    pub window: std::time::Duration,

    /// The moment to look back from, such as 2026-01-31T12:00:00Z [default: now; the newest created_at for files and --durations]
    #[arg(long, value_name = "TIME", value_parser = view::time::parse)]
    pub as_of: Option<i64>,

    #[command(flatten)]
    pub labels: LabelArgs,
}

impl VerbArgs for StatsArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml stats",
        examples: &[
            ("The last day", "hivectl ml stats --tickets mongodb://db.example:27017"),
            ("A week, for a script", "hivectl ml stats --window 7d --as-of 2026-01-31 -o json"),
            ("Of the tickets in a file", "hivectl ml stats --window 30d --tickets examples/tickets.ndjson.gz"),
        ],
        exit_codes: &[4, 9, 10, 11, 14],
        has_rows: true,
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        let request = StatsRequest {
            tickets: self.source.tickets(),
            window: self.window,
            as_of: self.as_of.map(Timestamp),
            labels: self.labels.rule(),
        };
        match self.durations {
            true => session.answer(&DurationsRequest(request)),
            false => session.answer(&request),
        }
    }
}

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
