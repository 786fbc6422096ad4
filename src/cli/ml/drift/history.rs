//! `hivectl ml drift history`.

use std::fmt::Write as _;

use clap::Args;

use crate::api::Timestamp;
use crate::api::drift_history::{DriftHistoryReport, DriftHistoryRequest, KeptCheck};
use crate::base::{Hint, commands};
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::cli::view;
use crate::cli::view::number::metric;
use crate::cli::view::table::{Column, table};
use crate::cli::view::{Screen, View, time};
use crate::cli::{complete, sanitize};
use crate::error::Result;

/// Show the checks that were made, and what happened to the model between them
///
/// Names what recurs with the calendar: drift that comes on the same weekday or at the same hour is a season, and
/// training does not end it.
#[derive(Debug, Args)]
pub struct DriftHistoryArgs {
    /// Model whose checks are shown [default: every model]
    #[arg(long, value_name = "NAME", add = complete::references())]
    pub model: Option<String>,

    /// Checks of windows that ended since this moment, such as 2026-01-31 or 30d
    #[arg(long, value_name = "TIME", value_parser = view::time::parse_since)]
    pub since: Option<i64>,
}

impl VerbArgs for DriftHistoryArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml drift history",
        examples: &[
            ("Every check", "hivectl ml drift history"),
            ("Of one model, this year", "hivectl ml drift history --model duration --since 2026-01-01"),
            ("For a script", "hivectl ml drift history -o json"),
        ],
        exit_codes: &[4, 9, 10, 11],
        has_rows: true,
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        let request = DriftHistoryRequest { model: self.model.clone(), since: self.since.map(Timestamp) };
        session.answer(&request)
    }
}

/// Checks that a sparkline shows, the latest.
const SPARKS: usize = 60;

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
