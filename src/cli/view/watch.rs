//! Checks over time, as people and scripts read them.

use std::fmt::Write as _;

use super::number::metric;
use super::table::{Column, table};
use super::{Screen, View, time};
use crate::api::drift::DriftStatus;
use crate::api::drift_history::{DriftHistoryReport, DriftLook, DriftWatchReport, KeptCheck};
use crate::base::{Hint, commands};
use crate::cli::sanitize;
use crate::error::{Error, ErrorKind, Result};

/// Checks that a sparkline shows, the latest.
const SPARKS: usize = 60;

/// One look on one line.
pub fn line(look: &DriftLook) -> String {
    let ratio = look.drift_ratio.map_or(String::new(), |ratio| format!(", error {ratio:.2} times"));
    let name = sanitize::line(&look.model);
    let stayed = if look.status == look.check_status { "" } else { " (the warning stays)" };
    format!(
        "{}  {name}@{}  {}{stayed}{ratio}, {} tickets\n",
        time::minute(look.window_end.0),
        look.version,
        loud(look.status),
        look.ticket_count
    )
}

/// One look as a line of JSON.
pub fn json_line(look: &DriftLook) -> Result<String> {
    let unwritten = |error| Error::new(ErrorKind::Internal, "a look cannot be written").because(error);
    serde_json::to_value(look).map(|value| value.to_string()).map_err(unwritten)
}

fn loud(status: DriftStatus) -> String {
    if status.reaches(DriftStatus::Warning) { status.as_str().to_uppercase() } else { status.as_str().replace('_', " ") }
}

impl View for DriftWatchReport {
    /// Each look was printed when it was made.
    fn text(&self, _: &Screen) -> String {
        String::new()
    }

    fn names(&self) -> Vec<String> {
        vec![self.overall_status.to_string()]
    }
}

impl View for DriftHistoryReport {
    fn text(&self, screen: &Screen) -> String {
        history_text(self, screen)
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(|check| format!("{} {}", time::rfc3339(check.window_end.0), check.status)).collect()
    }

    fn next(&self) -> Vec<Hint> {
        if self.items.is_empty() { vec![commands::drift_check().into()] } else { Vec::new() }
    }
}

fn history_text(report: &DriftHistoryReport, screen: &Screen) -> String {
    let columns = [
        Column::Text("WINDOW END"),
        Column::Text("MODEL"),
        Column::Text("STATUS"),
        Column::Number("ERROR"),
        Column::Number("PSI"),
        Column::Number("D"),
    ];
    let number = |record: &KeptCheck, key: &str| metric(record.numbers[key].as_f64());
    // Events stand between the checks, where they happened.
    let mut rows: Vec<(i64, Vec<String>)> = report
        .items
        .iter()
        .map(|record| {
            let model = format!("{}@{}", record.model, record.version);
            let status = record.status.replace('_', " ");
            let numbers = ["drift_ratio", "max_psi", "ks_statistic"].map(|key| number(record, key));
            (record.checked_at.0, [vec![time::minute(record.window_end.0), model, status], numbers.to_vec()].concat())
        })
        .collect();
    rows.extend(report.events.iter().map(|event| {
        let model = event.version.map_or(event.model.clone(), |version| format!("{}@{version}", event.model));
        let blank = vec![String::new(); 3];
        (event.at.0, [vec![String::new(), model, format!("- {}", event.event)], blank].concat())
    }));
    rows.sort_by_key(|row| row.0);
    let mut text = table(&columns, &rows.into_iter().map(|(_, row)| row).collect::<Vec<_>>(), screen);
    sparklines(&mut text, report, screen);
    for pattern in &report.patterns {
        let (when, drifted, all) = (&pattern.when, pattern.drifted_count, pattern.check_count);
        let _ = writeln!(text, "{}: recurs on {when}: {drifted} of {all} checks, seasonal", sanitize::line(&pattern.model));
    }
    text
}

/// A line a metric for each model that was checked more than once.
fn sparklines(text: &mut String, report: &DriftHistoryReport, screen: &Screen) {
    let mut names: Vec<&String> = report.items.iter().map(|record| &record.model).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let own: Vec<&KeptCheck> = report.items.iter().filter(|record| record.model == *name).collect();
        if own.len() < 2 {
            continue;
        }
        let _ = writeln!(text, "\n{}, oldest first", sanitize::line(name));
        for (metric, key) in [("error", "drift_ratio"), ("psi", "max_psi"), ("distance", "ks_statistic")] {
            let values: Vec<f64> = own.iter().map(|record| record.numbers[key].as_f64().unwrap_or(f64::NAN)).collect();
            let _ = writeln!(text, "{metric:<9} {}", sparkline(&values[values.len().saturating_sub(SPARKS)..], screen));
        }
    }
}

/// Values as one line of cells from the smallest to the largest; `.` where there is none.
fn sparkline(values: &[f64], screen: &Screen) -> String {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let (low, high) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    let cell = |&value: &f64| {
        if !value.is_finite() {
            return '.';
        }
        let step = if high > low { ((value - low) / (high - low) * 7.0).round() as usize } else { 0 };
        if screen.plain {
            char::from_digit(step as u32, 10).unwrap_or('7')
        } else {
            ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'][step.min(7)]
        }
    };
    values.iter().map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sparkline_runs_from_the_smallest_to_the_largest() {
        let screen = Screen { width: None, plain: false, all_columns: false };
        assert_eq!(sparkline(&[1.0, 1.5, 2.0, f64::NAN], &screen), "▁▅█.");
        assert_eq!(sparkline(&[3.0, 3.0], &Screen { plain: true, ..screen }), "00");
    }
}
