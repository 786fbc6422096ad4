//! Checks over time, as people and scripts read them.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::number::metric;
use super::table::{Column, table};
use super::{Screen, time};
use crate::base::commands;
use crate::cli::report::Report;
use crate::cli::sanitize;
use crate::drift::DriftStatus;
use crate::lifecycle::DriftRecord;
use crate::ops::drift::history::HistoryReport;
use crate::ops::drift::watch::Look;

/// Checks that a sparkline shows, the latest.
const SPARKS: usize = 60;

/// One look on one line.
pub fn line(look: &Look) -> String {
    let report = &look.report;
    let version = &report.model.version;
    let ratio = report.ratio.as_ref().map_or(String::new(), |ratio| format!(", error {:.2} times", ratio.ratio));
    let name = sanitize::line(&version.name);
    let stayed = if look.status == report.status { "" } else { " (the warning stays)" };
    format!(
        "{}  {name}@{}  {}{stayed}{ratio}, {} tickets\n",
        time::minute(report.window.1),
        version.version,
        loud(look.status),
        report.rows
    )
}

fn loud(status: DriftStatus) -> String {
    if status.reaches(DriftStatus::Warning) { status.word().to_uppercase() } else { status.word().replace('_', " ") }
}

/// One look for scripts.
pub fn document(look: &Look) -> Value {
    let version = &look.report.model.version;
    json!({
        "model": version.name, "version": version.version, "window_end": time::rfc3339(look.report.window.1),
        "status": look.status.word(), "check_status": look.report.status.word(), "ticket_count": look.report.rows,
        "drift_ratio": look.report.ratio.as_ref().map(|ratio| ratio.ratio),
    })
}

/// The report of `drift history`.
pub fn history(report: HistoryReport) -> Report {
    let check = |record: &DriftRecord| {
        json!({
            "model": record.model, "version": record.version, "method": record.method, "status": record.status,
            "window_end": time::rfc3339(record.window_end), "checked_at": time::rfc3339(record.checked_at), "numbers": record.data,
        })
    };
    let marks = report
        .marks
        .iter()
        .map(|mark| json!({ "model": mark.model, "at": time::rfc3339(mark.at), "event": mark.event, "version": mark.version }));
    let patterns = report.patterns.iter().map(
        |(model, pattern)| json!({ "model": model, "when": pattern.name, "check_count": pattern.checks, "drifted_count": pattern.drifted }),
    );
    let data = json!({
        "items": report.checks.iter().map(check).collect::<Vec<_>>(),
        "events": marks.collect::<Vec<_>>(),
        "patterns": patterns.collect::<Vec<_>>(),
    });
    let next = if report.checks.is_empty() { vec![commands::drift_check().into()] } else { Vec::new() };
    let names = report.checks.iter().map(|record| format!("{} {}", time::rfc3339(record.window_end), record.status)).collect();
    Report { names, next, ..Report::new("hivectl.ml.drift.history/v1", data, move |screen| text(&report, screen)) }
}

fn text(report: &HistoryReport, screen: &Screen) -> String {
    let columns = [
        Column::Text("WINDOW END"),
        Column::Text("MODEL"),
        Column::Text("STATUS"),
        Column::Number("ERROR"),
        Column::Number("PSI"),
        Column::Number("D"),
    ];
    let number = |record: &DriftRecord, key: &str| metric(record.data[key].as_f64());
    // Events stand between the checks, where they happened.
    let mut rows: Vec<(i64, Vec<String>)> = report
        .checks
        .iter()
        .map(|record| {
            let model = format!("{}@{}", record.model, record.version);
            let status = record.status.replace('_', " ");
            let numbers = ["drift_ratio", "max_psi", "ks_statistic"].map(|key| number(record, key));
            (record.checked_at, [vec![time::minute(record.window_end), model, status], numbers.to_vec()].concat())
        })
        .collect();
    rows.extend(report.marks.iter().map(|mark| {
        let model = mark.version.map_or(mark.model.clone(), |version| format!("{}@{version}", mark.model));
        let blank = vec![String::new(); 3];
        (mark.at, [vec![String::new(), model, format!("- {}", mark.event)], blank].concat())
    }));
    rows.sort_by_key(|row| row.0);
    let mut text = table(&columns, &rows.into_iter().map(|(_, row)| row).collect::<Vec<_>>(), screen);
    sparklines(&mut text, report, screen);
    for (model, pattern) in &report.patterns {
        let (name, drifted, all) = (&pattern.name, pattern.drifted, pattern.checks);
        let _ = writeln!(text, "{}: recurs on {name}: {drifted} of {all} checks, seasonal", sanitize::line(model));
    }
    text
}

/// A line a metric for each model that was checked more than once.
fn sparklines(text: &mut String, report: &HistoryReport, screen: &Screen) {
    let mut names: Vec<&String> = report.checks.iter().map(|record| &record.model).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let own: Vec<&DriftRecord> = report.checks.iter().filter(|record| record.model == *name).collect();
        if own.len() < 2 {
            continue;
        }
        let _ = writeln!(text, "\n{}, oldest first", sanitize::line(name));
        for (metric, key) in [("error", "drift_ratio"), ("psi", "max_psi"), ("distance", "ks_statistic")] {
            let values: Vec<f64> = own.iter().map(|record| record.data[key].as_f64().unwrap_or(f64::NAN)).collect();
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
