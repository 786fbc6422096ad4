//! What a backfill would do or did, as people and scripts read it.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::Screen;
use super::number::{count, milliseconds};
use super::table::{Column, table};
use super::time::{minute, rfc3339};
use crate::cli::report::Report;
use crate::error::ErrorKind;
use crate::ops::backfill::{BackfillOutcome, BackfillPlan, ErrorSummary, ExtremeError, REFUSED};
use crate::source::PREDICTION_KEYS;

const SCHEMA: &str = "hivectl.ml.backfill/v1";

/// Where it happens.
pub struct Told {
    pub place: String,
    pub registry: String,
    pub resumed: bool,
}

/// What would be done; nothing was.
pub fn planned(plan: &BackfillPlan<'_>, errors: &ErrorSummary, told: Told) -> Report {
    let mut data = document(plan, &told, errors);
    data.insert("dry_run".into(), true.into());
    let text = format!("{}{}", plan_text(plan, &told), errors_text(errors, "the predictions would be"));
    let extremes = extremes_table(errors);
    let mut report = Report::new(SCHEMA, data.into(), move |screen| format!("{text}{}", extremes(screen)));
    report.warnings.extend(plan.notes.iter().cloned());
    if plan.eligible() > 0 {
        report.next.push("the same command without --dry-run writes the predictions".into());
    }
    report
}

/// The errors of the tickets in files.
pub fn errors_of_files(plan: &BackfillPlan<'_>, errors: &ErrorSummary, told: Told) -> Report {
    let mut data = document(plan, &told, errors);
    data.insert("errors_only".into(), true.into());
    let text = format!("{}{}", head(plan, &told), errors_text(errors, "the predictions are"));
    let extremes = extremes_table(errors);
    let report = Report::new(SCHEMA, data.into(), move |screen| format!("{text}{}", extremes(screen)));
    Report { warnings: plan.notes.clone(), ..report }
}

/// What was done.
pub fn done(plan: &BackfillPlan<'_>, outcome: BackfillOutcome, told: Told, errors_only: bool) -> Report {
    let mut data = document(plan, &told, &outcome.errors);
    data.insert("predicted".into(), outcome.predicted.into());
    data.insert("conflicts".into(), outcome.conflicts.into());
    data.insert("history_id".into(), json!(outcome.history_id));
    if outcome.refused > 0 {
        data["skipped"][REFUSED] = outcome.refused.into();
    }
    data.insert("errors_only".into(), errors_only.into());
    let mut text = head(plan, &told);
    let _ = match (errors_only, outcome.eligible) {
        (true, _) => writeln!(text, "done      nothing was written into tickets"),
        (false, 0) => writeln!(text, "done      every labelled ticket of the window has its prediction already"),
        (false, _) => {
            writeln!(text, "done      {} predictions written, {} tickets had changed", count(outcome.predicted), count(outcome.conflicts))
        }
    };
    text.push_str(&errors_text(&outcome.errors, "the predictions are"));
    let extremes = extremes_table(&outcome.errors);
    let mut report = Report::new(SCHEMA, data.into(), move |screen| format!("{text}{}", extremes(screen)));
    report.warnings.extend(plan.notes.iter().cloned());
    if outcome.refused > 0 {
        report.exit_code = ErrorKind::PartlyDone.exit_code();
        report.warnings.push(format!(
            "{} tickets cannot be stored with a prediction: they would pass 16 MB or break a rule of the collection",
            outcome.refused
        ));
    }
    if outcome.conflicts > 0 {
        report.exit_code = ErrorKind::PartlyDone.exit_code();
        report.warnings.push(format!(
            "{} tickets changed while this ran and were left alone; the same command again looks at them anew",
            outcome.conflicts
        ));
    }
    report
}

/// `report` with what was measured after it.
pub fn below(mut report: Report, measured: Report) -> Report {
    report.data["backfill_errors"] = measured.data;
    let (before, after) = (report.text, measured.text);
    report.text = Box::new(move |screen| {
        format!("{}\nerrors of the new duration model, on tickets that it may have learned from\n{}", before(screen), after(screen))
    });
    report
}

fn document(plan: &BackfillPlan<'_>, told: &Told, errors: &ErrorSummary) -> Map<String, Value> {
    let sizes = errors.sizes_ms;
    let size = |place: usize| sizes.map(|sizes| sizes[place]);
    let data = json!({
        "model_name": plan.model.version.name,
        "model_version": plan.model.version.version,
        "chosen_as": plan.model.chosen_as,
        "tickets": told.place,
        "registry": told.registry.strip_prefix("registry ").unwrap_or(&told.registry),
        "window": { "from": rfc3339(plan.window.from_ms), "to": rfc3339(plan.window.to_ms) },
        "fields": PREDICTION_KEYS.map(|key| format!("predictions.{key}")),
        "resumed": told.resumed,
        "read": plan.read,
        "eligible": plan.eligible(),
        "predicted": 0,
        "skipped": plan.skipped,
        "conflicts": 0,
        "measured": errors.count,
        "error_ms": { "mean": size(0), "p50": size(1), "p95": size(2), "p99": size(3) },
        "extreme_count": errors.extreme_count,
        "extreme": errors.extreme.iter().map(extreme).collect::<Vec<_>>(),
        "dry_run": false,
        "errors_only": false,
        "history_id": null,
    });
    data.as_object().cloned().unwrap_or_default()
}

fn extreme(extreme: &ExtremeError) -> Value {
    json!({
        "ticket_id": extreme.ticket_id,
        "predicted_ms": extreme.predicted_ms,
        "actual_ms": extreme.actual_ms,
        "error_ms": extreme.error_ms(),
        "error_ratio": Some(extreme.ratio()).filter(|ratio| ratio.is_finite()),
    })
}

fn head(plan: &BackfillPlan<'_>, told: &Told) -> String {
    let version = &plan.model.version;
    format!(
        "{}\ntickets   {}\nmodel     {} ({})\nwindow    {} to {} UTC\nread      {}\n",
        told.registry,
        told.place,
        version.id(),
        plan.model.chosen_as,
        minute(plan.window.from_ms),
        minute(plan.window.to_ms),
        plan.sentence
    )
}

/// The plan, as shown before the question.
pub fn plan_text(plan: &BackfillPlan<'_>, told: &Told) -> String {
    let mut text = head(plan, told);
    let _ = writeln!(text, "plan      {} tickets get predictions.{}", count(plan.eligible()), PREDICTION_KEYS.join(", "));
    for (reason, tickets) in &plan.skipped {
        let _ = writeln!(text, "skipped   {} {}", count(*tickets), reason.replace('_', " "));
    }
    text
}

fn errors_text(errors: &ErrorSummary, subject: &str) -> String {
    match errors.sizes_ms {
        None => "errors    none: no ticket of the window has a prediction of this version\n".into(),
        Some([mean, median, p95, p99]) => format!(
            "errors    {subject} off by {} on average, half by {}, 95 % by {}, 99 % by {} at most ({} tickets)\nextreme   {} are off by more than three times the prediction\n",
            milliseconds(mean),
            milliseconds(median),
            milliseconds(p95),
            milliseconds(p99),
            count(errors.count),
            count(errors.extreme_count)
        ),
    }
}

fn extremes_table(errors: &ErrorSummary) -> impl Fn(&Screen) -> String + use<> {
    let rows: Vec<Vec<String>> = errors
        .extreme
        .iter()
        .map(|extreme| {
            vec![
                extreme.ticket_id.clone(),
                milliseconds(extreme.predicted_ms),
                milliseconds(extreme.actual_ms),
                format!("{:.1}", extreme.ratio()),
            ]
        })
        .collect();
    move |screen| match rows.is_empty() {
        true => String::new(),
        false => {
            let columns = [Column::Text("TICKET"), Column::Number("PREDICTED"), Column::Number("ACTUAL"), Column::Number("TIMES")];
            format!("\n{}", table(&columns, &rows, screen))
        }
    }
}
