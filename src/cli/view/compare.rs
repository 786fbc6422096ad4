//! Two versions side by side, as people and scripts read them.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::number::{count, metric};
use super::table::{Column, table};
use super::time::{minute, rfc3339};
use super::{Screen, train};
use crate::base::commands;
use crate::cli::report::Report;
use crate::cli::sanitize;
use crate::error::ErrorKind;
use crate::ops::compare::{Advice, Better, CompareReport, Group, ImportanceRow, MetricRow, Side, Trial, metric_rows};
use crate::ops::judging::Latency;
use crate::statistics::Difference;

/// Importances that a table for people shows.
const SHOWN: usize = 10;

/// The report of `compare`; tickets that could not compare end with the code for too little data.
pub fn report(compared: CompareReport) -> Report {
    let (first, second) = (compared.first.label(), compared.second.label());
    let trial = compared.trial.as_ref();
    let data = json!({
        "first": side(&compared.first),
        "second": side(&compared.second),
        "metrics": compared.metrics.iter().map(metric_row).collect::<Vec<_>>(),
        "parameters": compared.parameters.iter().map(|row| json!({ "parameter": row.parameter, "first": row.first, "second": row.second })).collect::<Vec<_>>(),
        "schema": compared.schema.as_ref().map(|schema| json!({ "same": schema.same, "only_first": schema.only_first, "only_second": schema.only_second })),
        "importances": compared.importances.iter().map(|row| json!({ "feature": row.feature, "first": row.first, "second": row.second })).collect::<Vec<_>>(),
        "tickets": trial.map(trial_document),
        "recommendation": { "advice": compared.recommendation.advice.word(), "reason": compared.recommendation.reason },
    });
    let exit_code = if trial.is_some_and(|trial| trial.obstacle.is_some()) { ErrorKind::NotEnoughData.exit_code() } else { 0 };
    let next = match (compared.recommendation.advice, trial) {
        (Advice::Promote, _) => vec![commands::models_promote(&second).into()],
        (Advice::Undecided, None) if compared.first.kind == compared.second.kind => {
            vec![commands::models_compare_on_tickets(&first, &second).into()]
        }
        _ => Vec::new(),
    };
    let mut warnings: Vec<String> = [&compared.first, &compared.second]
        .into_iter()
        .filter(|side| side.card.is_none())
        .map(|side| format!("{} was made by another tool: what it learned from is not recorded", side.label()))
        .collect();
    warnings.extend(compared.notes.iter().cloned());
    warnings.extend(trial.filter(|trial| trial.synthetic).map(|_| "the tickets say of themselves that they were made up".into()));
    let names = vec![first, second];
    Report { exit_code, next, warnings, names, ..Report::new("hivectl.ml.models.compare/v1", data, move |screen| text(&compared, screen)) }
}

fn side(side: &Side) -> Value {
    let version = &side.resolved.version;
    let card = side.card.as_ref();
    json!({
        "name": version.name,
        "version": version.version,
        "stage": version.stage.name(),
        "chosen_as": side.resolved.chosen_as,
        "created_at": rfc3339(version.created_at),
        "kind": side.kind.as_ref().map(|kind| kind.word()),
        "has_card": card.is_some(),
        "gate": card.map(|card| train::gate(&card.gate)),
        "schema": card.map(|card| json!({ "name": card.schema.name, "fingerprint": card.schema_fingerprint, "feature_count": card.schema.len() })),
        "training_window": card.map(|card| json!({ "from": rfc3339(card.training.from), "to": rfc3339(card.training.to), "holdout_from": rfc3339(card.training.holdout_from) })),
        "samples": card.map(|card| train::samples(&card.training.samples)),
        "synthetic": card.map(|card| card.training.synthetic),
    })
}

fn metric_row(row: &MetricRow) -> Value {
    json!({
        "metric": row.metric,
        "first": row.first,
        "second": row.second,
        "difference": row.difference,
        "better": row.better.word(),
        "improved": row.improved,
    })
}

fn difference(difference: &Difference) -> Value {
    json!({
        "estimate": difference.estimate,
        "low": difference.low,
        "high": difference.high,
        "standard_error": difference.standard_error,
        "confidence": difference.confidence,
    })
}

fn latency(latency: &Latency) -> Value {
    json!({ "p50_us": latency.p50_us, "p95_us": latency.p95_us, "p99_us": latency.p99_us, "rows": latency.rows })
}

fn trial_document(trial: &Trial) -> Value {
    let [first, second] = match &trial.measured {
        Some(measured) => [0, 1].map(|place| {
            let measured = &measured[place];
            json!({ "metrics": measured.metrics, "gate": train::gate(&measured.gate), "latency": measured.latency.as_ref().map(latency) })
        }),
        None => [Value::Null, Value::Null],
    };
    json!({
        "window": { "from": rfc3339(trial.window.from_ms), "to": rfc3339(trial.window.to_ms) },
        "synthetic": trial.synthetic,
        "judged_count": trial.tickets,
        "left_out": trial.left_out.iter().map(|left| json!({ "reason": left.reason, "model": left.model, "count": left.tickets })).collect::<Vec<_>>(),
        "doubtful": trial.doubtful.iter().map(|(model, tickets)| json!({ "model": model, "count": tickets })).collect::<Vec<_>>(),
        "metric": trial.metric,
        "labelled_by": trial.labelled_by,
        "first": first,
        "second": second,
        "difference": trial.difference.as_ref().map(difference),
        "mcnemar": trial.mcnemar.map(|test| json!({ "only_first_right": test.only_first_right, "only_second_right": test.only_second_right, "p_value": test.p_value })),
        "groups": trial.groups.iter().map(|group| json!({
            "by": group.by,
            "value": group.value,
            "count": group.tickets,
            "first": group.values[0],
            "second": group.values[1],
            "difference": group.difference.as_ref().map(difference),
        })).collect::<Vec<_>>(),
        "obstacle": trial.obstacle,
    })
}

fn text(compared: &CompareReport, screen: &Screen) -> String {
    let mut text = String::new();
    for (letter, side) in [("A", &compared.first), ("B", &compared.second)] {
        let _ = writeln!(text, "{letter}  {}", sanitize::line(&side_line(side)));
    }
    text.push_str("\nRecorded metrics\n");
    text.push_str(&metrics_table(&compared.metrics, screen));
    if !compared.parameters.is_empty() {
        text.push_str("\nParameters that differ\n");
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".into());
        let rows: Vec<Vec<String>> =
            compared.parameters.iter().map(|row| vec![row.parameter.clone(), value(&row.first), value(&row.second)]).collect();
        text.push_str(&table(&[Column::Text("PARAMETER"), Column::Number("A"), Column::Number("B")], &rows, screen));
    }
    match &compared.schema {
        Some(schema) if schema.same => text.push_str("\nBoth see the same features.\n"),
        Some(schema) => {
            let all = |names: &[String]| if names.is_empty() { "none".into() } else { names.join(", ") };
            let _ = writeln!(text, "\nFeatures of A alone: {}\nFeatures of B alone: {}", all(&schema.only_first), all(&schema.only_second));
        }
        None => text.push_str("\nFeatures, data and importances are known only of versions that hivectl made.\n"),
    }
    text.push_str(&importances(&compared.importances, screen));
    if let Some(trial) = &compared.trial {
        text.push_str(&trial_text(trial, screen));
    }
    let advice = match compared.recommendation.advice {
        Advice::Promote => "promote B",
        Advice::Keep => "keep A",
        Advice::Undecided => "undecided",
    };
    let _ = writeln!(text, "\nRecommendation: {advice}. {}", sanitize::line(&sentence(&compared.recommendation.reason)));
    text
}

fn sentence(fragment: &str) -> String {
    let mut letters = fragment.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    // A model's name keeps its spelling.
    if fragment.split(' ').next().is_some_and(|word| word.contains('@')) {
        format!("{fragment}.")
    } else {
        format!("{first}{}.", letters.as_str())
    }
}

fn side_line(side: &Side) -> String {
    let version = &side.resolved.version;
    let trained = side.card.as_ref().map_or("made by another tool".into(), |card| {
        let training = &card.training;
        format!("{} tickets {} to {} UTC", count(training.samples.used), minute(training.from), minute(training.to))
    });
    format!("{} ({}), created {} UTC, {trained}", side.label(), version.stage.name(), minute(version.created_at))
}

fn metrics_table(rows: &[MetricRow], screen: &Screen) -> String {
    let verdict = |row: &MetricRow| match (row.better, row.improved) {
        (Better::Neither, _) => "",
        (_, Some(true)) => "B better",
        (_, Some(false)) => "A better",
        (_, None) if row.difference.is_some() => "equal",
        (_, None) => "-",
    };
    let signed = |value: Option<f64>| match value {
        Some(value) if value > 0.0 => format!("+{}", metric(Some(value))),
        value => metric(value),
    };
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| vec![row.metric.clone(), metric(row.first), metric(row.second), signed(row.difference), verdict(row).into()])
        .collect();
    let columns = [Column::Text("METRIC"), Column::Number("A"), Column::Number("B"), Column::Number("DIFFERENCE"), Column::Text("VERDICT")];
    table(&columns, &cells, screen)
}

fn importances(rows: &[ImportanceRow], screen: &Screen) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let percent = |value: Option<f64>| value.map_or("-".into(), |value| format!("{:.1} %", value * 100.0));
    let shown = if screen.all_columns { rows.len() } else { SHOWN };
    let cells: Vec<Vec<String>> =
        rows.iter().take(shown).map(|row| vec![row.feature.clone(), percent(row.first), percent(row.second)]).collect();
    format!("\nWhat they look at\n{}", table(&[Column::Text("FEATURE"), Column::Number("A"), Column::Number("B")], &cells, screen))
}

fn trial_text(trial: &Trial, screen: &Screen) -> String {
    let mut text = format!(
        "\nOn the same tickets: {} of {} to {} UTC\n",
        count(trial.tickets as u64),
        minute(trial.window.from_ms),
        minute(trial.window.to_ms)
    );
    for left in &trial.left_out {
        let _ = writeln!(text, "  {}", sanitize::line(&left_out(left.reason, left.model.as_deref(), left.tickets)));
    }
    for (model, tickets) in &trial.doubtful {
        let _ = writeln!(text, "  {} may have learned from {} of them", sanitize::line(model), count(*tickets as u64));
    }
    let Some(measured) = &trial.measured else { return text };
    if let Some(referee) = &trial.labelled_by {
        let _ = writeln!(text, "  anomalies by the rules of {}", sanitize::line(referee));
    }
    text.push_str(&metrics_table(&metric_rows(&measured[0].metrics, &measured[1].metrics), screen));
    if let Some(evidence) = trial.evidence() {
        let _ = writeln!(text, "\nFrom A to B {evidence}");
    }
    text.push_str(&latency_table([measured[0].latency, measured[1].latency], screen));
    if let Some(test) = &trial.mcnemar {
        let _ = writeln!(
            text,
            "\nMcNemar: {} tickets only A gets right, {} only B; p = {}",
            count(test.only_first_right),
            count(test.only_second_right),
            probability(test.p_value)
        );
    }
    text.push_str(&groups_table(trial, screen));
    text
}

/// Why tickets do not judge, for people.
pub(super) fn left_out(reason: &str, model: Option<&str>, tickets: usize) -> String {
    let who = model.unwrap_or("the model");
    let why = match reason {
        "outside_window" => "are older than the window".into(),
        "learned_from" => format!("taught {who}"),
        _ => format!("are in the history of {who}, whose training tickets are not all here"),
    };
    format!("left out: {} {why}", count(tickets as u64))
}

fn probability(value: f64) -> String {
    if value < 0.0001 { "less than 0.0001".into() } else { format!("{value:.4}") }
}

fn latency_table(latencies: [Option<Latency>; 2], screen: &Screen) -> String {
    let [Some(first), Some(second)] = latencies else { return String::new() };
    let row = |name: &str, of: fn(&Latency) -> f64| vec![name.to_owned(), metric(Some(of(&first))), metric(Some(of(&second)))];
    let rows = vec![row("p50", |latency| latency.p50_us), row("p95", |latency| latency.p95_us), row("p99", |latency| latency.p99_us)];
    let columns = [Column::Text("ONE SCORE (µs)"), Column::Number("A"), Column::Number("B")];
    format!("\n{}", table(&columns, &rows, screen))
}

fn groups_table(trial: &Trial, screen: &Screen) -> String {
    if trial.groups.is_empty() {
        return String::new();
    }
    let verdict = |group: &Group| match &group.difference {
        Some(difference) if difference.is_positive() => "B better",
        Some(difference) if difference.is_negative() => "A better",
        Some(_) => "not clear",
        None if group.values.contains(&None) => "-",
        None => "too few",
    };
    let rows: Vec<Vec<String>> = trial
        .groups
        .iter()
        .map(|group| {
            let [first, second] = group.values;
            vec![
                group.by.replace('_', " "),
                group.value.clone(),
                count(group.tickets as u64),
                metric(first),
                metric(second),
                verdict(group).into(),
            ]
        })
        .collect();
    let columns = [
        Column::Text("PART"),
        Column::Text("VALUE"),
        Column::Number("TICKETS"),
        Column::Number("A"),
        Column::Number("B"),
        Column::Text("VERDICT"),
    ];
    format!("\n{} by part of the work\n{}", trial.metric, table(&columns, &rows, screen))
}
