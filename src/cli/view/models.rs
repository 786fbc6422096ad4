//! Models and versions as people and scripts read them.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::bar::bar;
use super::number::{bytes, count, metric, milliseconds};
use super::table::{Column, table};
use super::time::{minute, rfc3339};
use super::{Screen, train};
use crate::cli::report::Report;
use crate::cli::sanitize;
use crate::kinds::ModelCard;
use crate::lifecycle::{FORCED_TAG, ModelSummary, ModelVersion, Stage};
use crate::ops::models::Shown;
use crate::statistics::errors::RegressionErrors;

/// The list of models.
pub fn list(models: Vec<ModelSummary>, location: &str) -> Report {
    let items: Vec<Value> = models
        .iter()
        .map(|model| {
            json!({
                "name": model.name,
                "production": model.production.as_ref().map(version_brief),
                "staging": model.staging.as_ref().map(version_brief),
                "latest": model.latest.as_ref().map(version_brief),
                "version_count": model.version_count,
            })
        })
        .collect();
    let names = models.iter().map(|model| model.name.clone()).collect();
    let (empty, next) = (models.is_empty(), worth_a_look(&models));
    let mut report = Report::new("hivectl.ml.models.list/v1", json!({ "items": items, "registry": location }), move |screen| {
        list_table(&models, screen)
    });
    report.names = names;
    if empty {
        report.warnings.push(format!("no models match in {location}"));
        report.next.push("hivectl ml train --tickets FILE".into());
    }
    report.next.extend(next);
    report
}

/// What to look at next: a version that waits in Staging, else the first model.
fn worth_a_look(models: &[ModelSummary]) -> Option<String> {
    let waiting = models.iter().find_map(|model| model.staging.as_ref());
    match waiting {
        Some(version) => Some(format!("hivectl ml models promote {}@{} --dry-run", version.name, version.version)),
        None => models.first().map(|model| format!("hivectl ml models show {}", model.name)),
    }
}

pub(super) fn list_table(models: &[ModelSummary], screen: &Screen) -> String {
    const COLUMNS: [Column; 7] = [
        Column::Text("NAME"),
        Column::Number("PRODUCTION"),
        Column::Number("STAGING"),
        Column::Number("LATEST"),
        Column::Text("QUALITY"),
        Column::Text("CREATED"),
        Column::Number("VERSIONS"),
    ];
    let number = |version: &Option<ModelVersion>| version.as_ref().map_or("-".into(), |version| version.version.to_string());
    let rows: Vec<Vec<String>> = models
        .iter()
        .map(|model| {
            let best = model.production.as_ref().or(model.staging.as_ref()).or(model.latest.as_ref());
            vec![
                model.name.clone(),
                number(&model.production),
                number(&model.staging),
                number(&model.latest),
                best.map_or("-".into(), quality),
                model.latest.as_ref().map_or("-".into(), |version| minute(version.created_at)),
                count(model.version_count),
            ]
        })
        .collect();
    let shown = if screen.all_columns || screen.width.is_none_or(|width| width >= 100) { 7 } else { 5 };
    let rows: Vec<Vec<String>> = rows.into_iter().map(|row| row[..shown].to_vec()).collect();
    table(&COLUMNS[..shown], &rows, screen)
}

/// The versions of one model, newest first.
pub fn versions(versions: Vec<ModelVersion>) -> Report {
    let items: Vec<Value> = versions.iter().map(version_brief).collect();
    let names: Vec<String> = versions.iter().map(|version| format!("{}@{}", version.name, version.version)).collect();
    let mut report = Report::new("hivectl.ml.models.versions/v1", json!({ "items": items }), move |screen| {
        const COLUMNS: [Column; 5] =
            [Column::Number("VERSION"), Column::Text("STAGE"), Column::Text("ALIASES"), Column::Text("QUALITY"), Column::Text("CREATED")];
        let row = |version: &ModelVersion| {
            let aliases = if version.aliases.is_empty() { "-".into() } else { version.aliases.join(" ") };
            vec![version.version.to_string(), version.stage.name().into(), aliases, quality(version), minute(version.created_at)]
        };
        table(&COLUMNS, &versions.iter().map(row).collect::<Vec<_>>(), screen)
    });
    report.next.extend(names.first().map(|newest| format!("hivectl ml models show {newest}")));
    report.names = names;
    report
}

fn version_brief(version: &ModelVersion) -> Value {
    json!({
        "name": version.name,
        "version": version.version,
        "stage": version.stage.name(),
        "aliases": version.aliases,
        "created_at": rfc3339(version.created_at),
        "updated_at": rfc3339(version.updated_at),
        "run_id": version.run_id,
        "metrics": version.metrics,
    })
}

/// The one number that says how good a version is, by what it has.
fn quality(version: &ModelVersion) -> String {
    let has = |name: &str| version.metrics.get(name).copied();
    match (has("mae_pct").or(has("mae_percentage")), has("precision")) {
        (Some(percent), _) => format!("MAE {} %", metric(Some(percent))),
        (None, Some(precision)) => format!("precision {}", metric(Some(precision))),
        (None, None) => "-".into(),
    }
}

/// Everything about one version.
pub fn show(shown: Shown) -> Report {
    let version = &shown.resolved.version;
    let data = json!({
        "name": version.name,
        "version": version.version,
        "stage": version.stage.name(),
        "chosen_as": shown.resolved.chosen_as,
        "aliases": version.aliases,
        "description": version.description,
        "created_at": rfc3339(version.created_at),
        "updated_at": rfc3339(version.updated_at),
        "run_id": version.run_id,
        "source": version.source,
        "metrics": version.metrics,
        "metrics_claimed": version.metrics_are_claimed(),
        "measured_on": version.measured_on(),
        "params": version.params,
        "tags": version.tags,
        "gate": shown.card.as_ref().map(|card| train::gate(&card.gate)),
        "artifacts": version.artifacts.iter().map(|artifact| json!({ "path": artifact.path, "size_bytes": artifact.size_bytes, "sha256": artifact.sha256 })).collect::<Vec<_>>(),
        "schema": shown.card.as_ref().map(|card| json!({ "name": card.schema.name, "fingerprint": card.schema_fingerprint, "features": card.schema.names() })),
        "importances": shown.card.as_ref().map_or_else(Vec::new, |card| card.importances.iter().map(|importance| json!({ "feature": importance.feature, "value": importance.value })).collect()),
        "training_window": shown.card.as_ref().map(|card| json!({ "from": rfc3339(card.training.from), "to": rfc3339(card.training.to) })),
        "samples": shown.card.as_ref().map(|card| train::samples(&card.training.samples)),
        "flavors": shown.described.as_ref().map(|described| &described.flavors),
        "inputs": shown.described.as_ref().map(|described| &described.inputs),
        "outputs": shown.described.as_ref().map(|described| &described.outputs),
        "synthetic": shown.card.as_ref().map(|card| card.training.synthetic),
    });
    let mut report = Report::new("hivectl.ml.models.show/v1", data, {
        let shown = shown.clone();
        move |screen| show_text(&shown, screen)
    });
    report.names = vec![format!("{}@{}", version.name, version.version)];
    report
}

fn show_text(shown: &Shown, screen: &Screen) -> String {
    let version = &shown.resolved.version;
    let mut text = format!("{}@{} ({})\n\n", sanitize::line(&version.name), version.version, shown.resolved.chosen_as);
    let mut facts: Vec<(&str, String)> = vec![
        ("stage", version.stage.name().into()),
        ("aliases", if version.aliases.is_empty() { "-".into() } else { version.aliases.join(" ") }),
        ("created", format!("{} UTC", minute(version.created_at))),
        ("run", version.run_id.clone().unwrap_or_else(|| "-".into())),
    ];
    if version.metrics_are_claimed() {
        facts.push(("metrics", "claimed at register, measured by nobody; `hivectl ml validate` measures them".into()));
    } else if let Some(on) = version.measured_on() {
        facts.push(("metrics", format!("measured on {on}")));
    }
    if let Some(reason) = version.tags.get(FORCED_TAG) {
        facts.push(("forced", format!("past what would have refused it: {reason}")));
    }
    if let Some(card) = &shown.card {
        let training = &card.training;
        facts.push((
            "trained on",
            format!("{} tickets from {} to {} UTC", count(training.samples.train), minute(training.from), minute(training.holdout_from)),
        ));
        facts.push((
            "judged on",
            format!("{} tickets from {} to {} UTC", count(training.samples.holdout), minute(training.holdout_from), minute(training.to)),
        ));
        facts.push(("features", format!("{} ({}), {}", card.schema.name, card.schema.len(), &card.schema_fingerprint[..12])));
        if training.synthetic {
            facts.push(("data", "synthetic".into()));
        }
    }
    if let Some(described) = &shown.described {
        let joined = |words: &[String]| if words.is_empty() { "not recorded".into() } else { words.join(", ") };
        facts.push(("flavor", joined(&described.flavors)));
        facts.push(("takes", joined(&described.inputs)));
        facts.push(("gives", joined(&described.outputs)));
    }
    for (name, value) in facts {
        let _ = writeln!(text, "{name:<11} {}", sanitize::line(&value));
    }
    text.push_str(&metrics_text(version, shown.card.as_ref(), screen));
    if let Some(card) = &shown.card {
        text.push_str(&by_task_type(card, screen));
        text.push_str(&importances(card, screen));
    }
    text.push_str(&artifacts_text(version, screen));
    if version.stage != Stage::Production {
        let place = if version.stage == Stage::None { "no stage" } else { version.stage.name() };
        let _ = writeln!(text, "\nServices do not use this version: it is in {place}.");
    }
    text
}

fn artifacts_text(version: &ModelVersion, screen: &Screen) -> String {
    if version.artifacts.is_empty() {
        return "\nits files were not recorded when it was registered; `hivectl ml models verify` looks at them\n".into();
    }
    let digest = |sha256: &str| if screen.all_columns { sha256.to_owned() } else { sha256.chars().take(12).collect() };
    let rows: Vec<Vec<String>> = version
        .artifacts
        .iter()
        .map(|artifact| vec![artifact.path.clone(), bytes(artifact.size_bytes), digest(&artifact.sha256)])
        .collect();
    format!("\nArtifacts\n{}", table(&[Column::Text("PATH"), Column::Number("SIZE"), Column::Text("SHA256")], &rows, screen))
}

fn metrics_text(version: &ModelVersion, card: Option<&ModelCard>, screen: &Screen) -> String {
    let mut text = String::new();
    if let Some(card) = card {
        text.push_str("\nGate\n");
        text.push_str(&train::gate_table(&card.gate, screen));
    }
    if version.metrics.is_empty() {
        return text + "\nno metrics are recorded; `hivectl ml validate` measures them\n";
    }
    text.push_str("\nMetrics\n");
    let rows: Vec<Vec<String>> = version.metrics.iter().map(|(name, value)| vec![name.clone(), metric(Some(*value))]).collect();
    text.push_str(&table(&[Column::Text("METRIC"), Column::Number("VALUE")], &rows, screen));
    text
}

fn by_task_type(card: &ModelCard, screen: &Screen) -> String {
    if card.by_task_type.is_empty() {
        return String::new();
    }
    const COLUMNS: [Column; 5] =
        [Column::Text("TASK-TYPE"), Column::Number("TICKETS"), Column::Number("MAE"), Column::Number("MAE-%"), Column::Number("BIAS")];
    let row = |(name, errors): (&String, &RegressionErrors)| {
        let name = if name.is_empty() { "-".to_owned() } else { name.clone() };
        vec![name, count(errors.count as i64), milliseconds(errors.mae), metric(errors.mae_pct), milliseconds(errors.bias)]
    };
    let rows: Vec<Vec<String>> = card.by_task_type.iter().map(row).collect();
    format!("\nOn the tickets that judge, by task type\n{}", table(&COLUMNS, &rows, screen))
}

fn importances(card: &ModelCard, screen: &Screen) -> String {
    if card.importances.is_empty() {
        return String::new();
    }
    let largest = card.importances.iter().map(|importance| importance.value).fold(f64::MIN_POSITIVE, f64::max);
    let shown = if screen.all_columns { card.importances.len() } else { 10 };
    let mut text = String::from("\nWhat the model looks at (share of the gain)\n");
    for importance in card.importances.iter().take(shown) {
        let _ = writeln!(
            text,
            "{:<28} {:>5.1} %{}",
            importance.feature,
            importance.value * 100.0,
            // A narrow screen has room for the numbers alone.
            match screen.width.is_none_or(|width| width >= 64) {
                true => format!(" {}", bar(importance.value / largest, 24, screen)),
                false => String::new(),
            }
        );
    }
    text
}
