//! What training did, as people and scripts read it.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Screen;
use super::number::{count, metric, milliseconds};
use super::table::{Column, table};
use super::time::{minute, rfc3339};
use crate::api::models::ModelListItem;
use crate::base::{Hint, commands};
use crate::cli::report::Report;
use crate::error::ErrorKind;
use crate::kinds::{NumberFormat, Samples};
use crate::lifecycle::{Gate, ModelSummary, Stage};
use crate::ops::Comparison;
use crate::ops::train::{TrainReport, TrainedModel};

/// The report of `train`; `models` is what the registry holds afterwards.
pub fn report(trained: TrainReport, models: Vec<ModelSummary>, require_gate: bool) -> Report {
    let data = json!({
        "models": trained.models.iter().map(model).collect::<Vec<_>>(),
        "failures": trained.failures.iter().map(|(kind, error)| json!({ "model": kind.word(), "code": error.kind().code(), "message": error.to_string(), "hints": error.hints() })).collect::<Vec<_>>(),
        "window": { "from": rfc3339(trained.window.from_ms), "to": rfc3339(trained.window.to_ms) },
        "registry": trained.registry,
        "dry_run": trained.dry_run,
    });
    let gate_failed = trained.models.iter().any(|model| !model.card.gate.passed);
    let exit_code = match () {
        () if !trained.failures.is_empty() => ErrorKind::PartlyDone.exit_code(),
        () if require_gate && gate_failed => ErrorKind::GateFailed.exit_code(),
        () => 0,
    };
    let names = trained.models.iter().map(name_and_version).collect();
    let warnings = trained.failures.iter().map(|(kind, error)| format!("the {} model was not trained: {error}", kind.word())).collect();
    let next = next(&trained);
    let text = move |screen: &Screen| text(&trained, &models, screen);
    Report { names, warnings, next, exit_code, ..Report::new("hivectl.ml.train/v1", data, text) }
}

fn name_and_version(model: &TrainedModel) -> String {
    match &model.registered {
        Some(version) => version.id().to_string(),
        None => model.name.clone(),
    }
}

fn next(trained: &TrainReport) -> Vec<Hint> {
    let Some(model) = trained.models.first() else { return Vec::new() };
    match &model.registered {
        None => vec!["the same command without --dry-run registers the models".into()],
        Some(version) => {
            vec![commands::models_show(version.id()).into(), commands::predict(version.id()).into()]
        }
    }
}

fn model(model: &TrainedModel) -> Value {
    json!({
        "name": model.name,
        "kind": model.card.kind,
        "learner": model.card.own.get("learner"),
        "version": model.registered.as_ref().map(|version| version.version),
        "stage": model.registered.as_ref().map(|version| version.stage.name()),
        "run_id": model.registered.as_ref().and_then(|version| version.run_id.clone()),
        "metrics": model.card.metrics,
        "by_task_type": model.card.own.get("by_task_type").cloned().unwrap_or_else(|| json!({})),
        "gate": gate(&model.card.gate),
        "samples": samples(&model.card.training.samples),
        "schema": { "name": model.card.schema.name, "fingerprint": model.card.schema_fingerprint },
        "training_window": { "from": rfc3339(model.card.training.from), "to": rfc3339(model.card.training.to) },
        "synthetic": model.card.training.synthetic,
        "champion": model.comparison.as_ref().map(comparison),
        "promoted": model.promoted,
        "held_back": model.held_back,
        "fit_seconds": model.fit_seconds,
        "permutation_importances": model.permutation.iter().map(|(feature, cost)| json!({ "feature": feature, "mean_ms": cost.mean, "standard_deviation_ms": cost.standard_deviation })).collect::<Vec<_>>(),
        "tuning": model.tuning.as_ref().map(super::tune::document),
    })
}

fn comparison(comparison: &Comparison) -> Value {
    json!({
        "version": comparison.champion,
        "metric": comparison.metric,
        "samples": comparison.rows,
        "difference": comparison.difference.as_ref().map(|difference| json!({
            "estimate": difference.estimate,
            "low": difference.low,
            "high": difference.high,
            "confidence": difference.confidence,
        })),
        "better": comparison.challenger_is_better(),
        "obstacle": comparison.obstacle,
    })
}

/// A gate as the contract for scripts states it.
pub fn gate(gate: &Gate) -> Value {
    let criteria: Vec<Value> = gate
        .criteria
        .iter()
        .map(|criterion| {
            json!({
                "metric": criterion.metric,
                "operator": criterion.operator.sign(),
                "threshold": criterion.threshold,
                "value": criterion.value,
                "passed": criterion.passed,
                "required": criterion.required,
            })
        })
        .collect();
    json!({ "passed": gate.passed, "criteria": criteria })
}

/// Where the tickets went, as the contract for scripts states it.
pub fn samples(samples: &Samples) -> Value {
    json!({
        "read": samples.read,
        "used": samples.used,
        "train": samples.train,
        "holdout": samples.holdout,
        "refused": samples.refused,
        "labels": samples.labels,
    })
}

/// A gate as a table.
pub fn gate_table(gate: &Gate, screen: &Screen) -> String {
    let rows: Vec<Vec<String>> = gate
        .criteria
        .iter()
        .map(|criterion| {
            let verdict = match (criterion.passed, criterion.required) {
                (true, _) => "pass",
                (false, true) => "FAIL",
                (false, false) => "missed",
            };
            let demand = format!("{} {}", criterion.operator.sign(), criterion.threshold);
            let need = if criterion.required { "required" } else { "desired" };
            vec![criterion.metric.clone(), metric(criterion.value), demand, need.into(), verdict.into()]
        })
        .collect();
    table(
        &[Column::Text("CRITERION"), Column::Number("VALUE"), Column::Text("DEMAND"), Column::Text("NEED"), Column::Text("VERDICT")],
        &rows,
        screen,
    )
}

fn text(trained: &TrainReport, models: &[ModelSummary], screen: &Screen) -> String {
    // A plan has its registry in the line above.
    let mut text = if trained.dry_run { String::new() } else { format!("registry  {}\n", trained.registry) };
    let _ = write!(
        text,
        "window    {} to {} UTC\ntickets   {}\n",
        minute(trained.window.from_ms),
        minute(trained.window.to_ms),
        trained.sentence
    );
    for model in &trained.models {
        text.push('\n');
        text.push_str(&model_text(model, screen));
    }
    if !trained.dry_run {
        text.push('\n');
        let models: Vec<ModelListItem> = models.iter().map(ModelListItem::from).collect();
        text.push_str(&super::models::list_table(&models, screen));
    }
    text
}

/// Features told to people; scripts get all.
const PERMUTATIONS_SHOWN: usize = 5;

fn model_text(model: &TrainedModel, screen: &Screen) -> String {
    let mut text = format!("{}: {}\n", name_and_version(model), fate(model));
    let metrics = &model.card.metrics;
    for line in model.kind.sentences(metrics, &NumberFormat { milliseconds, metric }) {
        let _ = writeln!(text, "  {line}");
    }
    let samples = &model.card.training.samples;
    let _ = writeln!(text, "  trained on {} tickets, judged on the {} later ones", count(samples.train), count(samples.holdout));
    if let Some(comparison) = &model.comparison {
        let _ = writeln!(text, "  {}", comparison.sentence());
    }
    for (feature, cost) in model.permutation.iter().take(PERMUTATIONS_SHOWN) {
        let (mean, deviation) = (metric(Some(cost.mean / 1000.0)), metric(Some(cost.standard_deviation / 1000.0)));
        let _ = writeln!(text, "  without {feature} the error grows by {mean} s (± {deviation})");
    }
    if let Some(tuning) = &model.tuning {
        super::tune::text(tuning, screen).lines().for_each(|line| {
            let _ = writeln!(text, "  {line}");
        });
    }
    for line in gate_table(&model.card.gate, &screen.set_in(2)).lines() {
        let _ = writeln!(text, "  {line}");
    }
    text
}

fn fate(model: &TrainedModel) -> String {
    let held_back = model.held_back.as_ref().map(|why| format!(", not Production: {why}")).unwrap_or_default();
    match model.registered.as_ref().map(|version| version.stage) {
        None if model.card.gate.passed => format!("would pass its gate{held_back}"),
        None => format!("would fail its gate{held_back}"),
        Some(Stage::Production) => "passed its gate and is in Production now".into(),
        Some(Stage::Staging) => format!("passed its gate and is in Staging now{held_back}"),
        Some(_) => "FAILED its gate; registered, in no stage".into(),
    }
}
