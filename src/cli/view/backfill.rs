//! What a backfill would do or did, as people read it.

use std::fmt::Write as _;

use super::number::{count, milliseconds, plural};
use super::table::{Column, table};
use super::time::minute;
use super::{Screen, View};
use crate::api::backfill::{BackfillReport, ErrorSizes, ExtremePrediction};
use crate::base::{Hint, commands};

impl View for BackfillReport {
    fn text(&self, screen: &Screen) -> String {
        let mut text = if self.dry_run { plan_text(self) } else { head(self) };
        let of_files = self.errors_only && self.history_id.is_none();
        if !self.dry_run && !of_files {
            text.push_str(&done(self));
        }
        text.push_str(&errors_text(self, if self.dry_run { "the predictions would be" } else { "the predictions are" }));
        text + &extremes_table(&self.extreme, screen)
    }

    fn warnings(&self) -> Vec<String> {
        let mut warnings = self.notes.clone();
        if self.refused() > 0 {
            warnings.push(format!(
                "{} tickets cannot be stored with a prediction: they would pass 16 MB or break a rule of the collection",
                self.refused()
            ));
        }
        if self.conflicts > 0 {
            warnings.push(format!(
                "{} tickets changed while this ran and were left alone; the same command again looks at them anew",
                self.conflicts
            ));
        }
        warnings
    }

    fn next(&self) -> Vec<Hint> {
        if let Some(run) = self.history_id.as_ref().filter(|_| !self.replaces.is_empty() && !self.errors_only) {
            return vec![commands::backfill_undo(run).into()];
        }
        Vec::from_iter((self.dry_run && self.eligible > 0).then(|| "the same command without --dry-run writes the predictions".into()))
    }
}

fn head(report: &BackfillReport) -> String {
    format!(
        "registry {}\ntickets   {}\nmodel     {} ({})\nwindow    {} to {} UTC\nread      {}\n",
        report.registry,
        report.tickets,
        report.version(),
        report.chosen_as,
        minute(report.window.from.0),
        minute(report.window.to.0),
        report.ticket_summary
    )
}

/// The plan, as shown before the question.
pub fn plan_text(report: &BackfillReport) -> String {
    let mut text = head(report);
    let keys: Vec<&str> = report.fields.iter().map(|field| field.strip_prefix("predictions.").unwrap_or(field)).collect();
    let _ = writeln!(text, "plan      {} tickets get predictions.{}", count(report.eligible), keys.join(", "));
    for (whose, tickets) in &report.replaces {
        let _ = writeln!(text, "replaced  {} of {}; kept for 90 days", count(*tickets), crate::cli::sanitize::line(whose));
    }
    for (reason, tickets) in &report.skipped {
        let _ = writeln!(text, "skipped   {} {}", count(*tickets), reason.replace('_', " "));
    }
    text
}

fn done(report: &BackfillReport) -> String {
    match (report.errors_only, report.eligible) {
        (true, _) => "done      nothing was written into tickets\n".into(),
        (false, 0) => "done      every labelled ticket of the window has its prediction already\n".into(),
        (false, _) => {
            format!(
                "done      {} {} written, {} {} changed\n",
                count(report.predicted),
                plural(report.predicted, "prediction", "predictions"),
                count(report.conflicts),
                plural(report.conflicts, "ticket had", "tickets had")
            )
        }
    }
}

fn errors_text(report: &BackfillReport, subject: &str) -> String {
    match report.error_ms {
        ErrorSizes { mean: Some(mean), p50: Some(median), p95: Some(p95), p99: Some(p99) } => format!(
            "errors    {subject} off by {} on average, half by {}, 95 % by {}, 99 % by {} at most ({} tickets)\nextreme   {} are off by more than three times the prediction\n",
            milliseconds(mean),
            milliseconds(median),
            milliseconds(p95),
            milliseconds(p99),
            count(report.measured),
            count(report.extreme_count)
        ),
        _ => "errors    none: no ticket of the window has a prediction of this version\n".into(),
    }
}

fn extremes_table(extremes: &[ExtremePrediction], screen: &Screen) -> String {
    if extremes.is_empty() {
        return String::new();
    }
    let row = |extreme: &ExtremePrediction| {
        vec![
            extreme.ticket_id.clone(),
            milliseconds(extreme.predicted_ms),
            milliseconds(extreme.actual_ms),
            // Infinitely many times nothing.
            format!("{:.1}", extreme.error_ratio.unwrap_or(f64::INFINITY)),
        ]
    };
    let columns = [Column::Text("TICKET"), Column::Number("PREDICTED"), Column::Number("ACTUAL"), Column::Number("TIMES")];
    format!("\n{}", table(&columns, &extremes.iter().map(row).collect::<Vec<_>>(), screen))
}
