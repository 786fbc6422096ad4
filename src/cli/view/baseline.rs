//! Baselines, as people and scripts read them.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::number::{bytes, count, metric};
use super::table::{Column, table};
use super::{Screen, time};
use crate::base::commands;
use crate::cli::report::Report;
use crate::cli::sanitize;
use crate::drift::Baseline;
use crate::drift::baseline::FEWEST_DAYS;
use crate::lifecycle::ModelVersion;
use crate::ops::drift::Chosen;
use crate::ops::drift::baseline::{Listed, SaveReport};
use crate::source::PublishedBaseline;

/// The report of `baseline save`.
pub fn saved(report: SaveReport) -> Report {
    let (saved, baseline) = (&report.saved, &report.baseline);
    let label = format!("{}@{}", saved.model, saved.version);
    let mut data = summary(baseline);
    data["model"] = json!(saved.model);
    data["version"] = json!(saved.version);
    data["number"] = json!(saved.number);
    data["sha256"] = json!(saved.sha256);
    data["size_bytes"] = json!(saved.size_bytes);
    let text = format!(
        "saved baseline {} of {label}: {} tickets over {:.1} days; checks compare with it from now on\n",
        saved.number,
        count(baseline.tickets as i64),
        baseline.days()
    );
    let mut warnings = Vec::new();
    if baseline.days() < FEWEST_DAYS - 0.5 {
        warnings.push(format!("the baseline spans {:.1} days; checks need {FEWEST_DAYS}", baseline.days()));
    }
    if baseline.error.is_none() {
        warnings.push("no ticket of the window can judge the version, so checks have no error ratio".into());
    }
    let next = vec![commands::drift_check_of(&label).into()];
    Report {
        names: vec![saved.number.to_string()],
        warnings,
        next,
        ..Report::new("hivectl.ml.drift.baseline.save/v1", data, move |_| text.clone())
    }
}

/// `report` with the baselines that were also written beside the tickets; `published_baselines` is there only then.
pub fn below(mut report: Report, published: &[PublishedBaseline]) -> Report {
    if published.is_empty() {
        return report;
    }
    let before = report.text;
    let item = |one: &PublishedBaseline| json!({ "model": one.model, "version": one.version, "collection": one.namespace, "size_bytes": one.size_bytes });
    report.data["published_baselines"] = published.iter().map(item).collect::<Value>();
    let line = |one: &PublishedBaseline| {
        format!("baseline of {}@{} written into {} ({})\n", one.model, one.version, one.namespace, bytes(one.size_bytes))
    };
    let lines: String = published.iter().map(line).collect();
    report.text = Box::new(move |screen| format!("{}{lines}", before(screen)));
    report
}

/// The report of `baseline list`.
pub fn list(listed: Vec<Listed>) -> Report {
    let item = |listed: &Listed| {
        json!({
            "model": listed.model, "version": listed.version, "number": listed.number, "from_training": listed.number.is_none(),
            "is_current": listed.is_current, "made_at": time::rfc3339(listed.made_at), "size_bytes": listed.size_bytes,
            "by": listed.by, "reason": listed.reason,
        })
    };
    let data = json!({ "items": listed.iter().map(item).collect::<Vec<_>>() });
    let names = listed.iter().map(|listed| format!("{}@{} {}", listed.model, listed.version, name(listed))).collect();
    let next = if listed.is_empty() { vec![commands::train_on("FILE").into()] } else { Vec::new() };
    Report { names, next, ..Report::new("hivectl.ml.drift.baseline.list/v1", data, move |screen| list_text(&listed, screen)) }
}

fn name(listed: &Listed) -> String {
    listed.number.map_or("training".into(), |number| number.to_string())
}

fn list_text(listed: &[Listed], screen: &Screen) -> String {
    let columns = [
        Column::Text("MODEL"),
        Column::Number("VERSION"),
        Column::Text("BASELINE"),
        Column::Text("CURRENT"),
        Column::Text("MADE"),
        Column::Number("SIZE"),
    ];
    let row = |listed: &Listed| {
        let current = if listed.is_current { "yes" } else { "" };
        let (made, size) = (time::minute(listed.made_at), bytes(listed.size_bytes));
        vec![listed.model.clone(), listed.version.to_string(), name(listed), current.into(), made, size]
    };
    table(&columns, &listed.iter().map(row).collect::<Vec<_>>(), screen)
}

/// The report of `baseline show`.
pub fn show(version: &ModelVersion, chosen: Chosen) -> Report {
    let mut data = summary(&chosen.baseline);
    data["model"] = json!(version.name);
    data["version"] = json!(version.version);
    data["origin"] = json!(chosen.origin);
    data["variables"] = json!(chosen.baseline.variables);
    data["calendar_cells"] = json!(cells(&chosen.baseline));
    data["slices"] = slices(&chosen.baseline);
    let warnings = chosen.warnings.clone();
    Report { warnings, ..Report::new("hivectl.ml.drift.baseline.show/v1", data, move |screen| show_text(&chosen, screen)) }
}

fn summary(baseline: &Baseline) -> Value {
    json!({
        "window": { "from": time::rfc3339(baseline.from), "to": time::rfc3339(baseline.to), "days": baseline.days() },
        "ticket_count": baseline.tickets,
        "kept_ticket_count": baseline.observations.len(),
        "schema_fingerprint": baseline.origin.schema_fingerprint,
        "error": baseline.error.map(|error| json!({ "mae": error.mae, "standard_error": error.standard_error, "ticket_count": error.rows })),
        "synthetic": baseline.origin.synthetic,
    })
}

/// Kept tickets by cell of the week.
fn cells(baseline: &Baseline) -> Vec<u64> {
    let mut cells = vec![0; crate::drift::season::CELLS];
    baseline.observations.completed_at.iter().for_each(|&at| cells[crate::drift::season::cell(at)] += 1);
    cells
}

fn slices(baseline: &Baseline) -> Value {
    let counted = |words: &crate::drift::observations::CategoricalColumn| {
        let mut counts = vec![0u64; words.names.len()];
        words.codes.iter().filter_map(|&code| counts.get_mut(code as usize).map(|count| *count += 1)).for_each(drop);
        words.names.iter().zip(counts).map(|(name, count)| (name.clone(), json!(count))).collect::<serde_json::Map<_, _>>()
    };
    let tickets = &baseline.observations;
    json!({ "task_type": counted(&tickets.task_type), "risk_band": counted(&tickets.risk_band), "requester_count": tickets.requester.names.len(), "workload": groups(baseline) })
}

/// Share of each group of alike tickets, by its name.
fn groups(baseline: &Baseline) -> Value {
    let groups = baseline.workloads.iter().flat_map(|workloads| &workloads.groups);
    groups.map(|group| (group.name.clone(), json!(group.share))).collect::<serde_json::Map<_, _>>().into()
}

fn show_text(chosen: &Chosen, screen: &Screen) -> String {
    let baseline = &chosen.baseline;
    let mut text = format!("baseline  {}\n", sanitize::line(&chosen.origin));
    let (from, to) = (time::minute(baseline.from), time::minute(baseline.to));
    let _ = writeln!(text, "window    {from} to {to}, {:.1} days, {} tickets", baseline.days(), count(baseline.tickets as i64));
    match &baseline.error {
        Some(error) => {
            let _ = writeln!(
                text,
                "error     {:.0} ms (standard error {:.0}) on {} tickets",
                error.mae,
                error.standard_error,
                count(error.rows as i64)
            );
        }
        None => text.push_str("error     -\n"),
    }
    let columns = [
        Column::Text("VARIABLE"),
        Column::Number("MEAN"),
        Column::Number("MIN"),
        Column::Number("P5"),
        Column::Number("MEDIAN"),
        Column::Number("P95"),
        Column::Number("MAX"),
    ];
    let row = |(name, variable): (&String, &crate::drift::baseline::VariableSummary)| {
        let quantile = |place: usize| metric(variable.quantiles.get(place).copied());
        vec![name.clone(), metric(Some(variable.mean)), quantile(0), quantile(2), quantile(4), quantile(6), quantile(8)]
    };
    text.push('\n');
    text.push_str(&table(&columns, &baseline.variables.iter().map(row).collect::<Vec<_>>(), screen));
    let groups = baseline.workloads.iter().flat_map(|workloads| &workloads.groups);
    let groups: Vec<Vec<String>> = groups.map(|group| vec![sanitize::line(&group.name), format!("{:.0} %", group.share * 100.0)]).collect();
    if !groups.is_empty() {
        text.push('\n');
        text.push_str(&table(&[Column::Text("KIND OF WORK"), Column::Number("SHARE")], &groups, screen));
    }
    text
}

/// The report of `baseline set`.
pub fn set(version: &ModelVersion, number: Option<u32>) -> Report {
    let which = number.map_or("the baseline from training".to_owned(), |number| format!("saved baseline {number}"));
    let data = json!({ "model": version.name, "version": version.version, "number": number });
    let text = format!("checks of {} compare with {which} from now on\n", version.id());
    Report::new("hivectl.ml.drift.baseline.set/v1", data, move |_| text.clone())
}
