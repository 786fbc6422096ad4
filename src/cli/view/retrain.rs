//! What retraining did, step by step.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Screen;
use super::table::{Column, table};
use crate::base::commands;
use crate::cli::report::Report;
use crate::cli::sanitize;
use crate::error::ErrorKind;
use crate::ops::drift::CheckReport;
use crate::ops::retrain::{Outcome, Retrained};

/// The report of `retrain`; ends with the worst outcome's code, or as partly done where some models failed.
pub fn report(models: Vec<Retrained>) -> Report {
    let failed = models.iter().filter(|model| matches!(model.outcome, Outcome::Failed(_))).count();
    let exit_code = match failed {
        0 => models.iter().map(|model| model.outcome.exit_code()).max().unwrap_or(0),
        all if all == models.len() => models.first().map_or(0, |model| model.outcome.exit_code()),
        _ => ErrorKind::PartlyDone.exit_code(),
    };
    let data = json!({ "models": models.iter().map(model).collect::<Vec<_>>() });
    let names = models.iter().map(|model| format!("{} {}", model.name, model.outcome.word())).collect();
    let next = models.iter().filter(|model| model.outcome == Outcome::Staged).filter_map(|model| {
        let version = model.trained.as_ref()?.registered.as_ref()?.version;
        Some(commands::models_promote(format!("{}@{version}", model.name)).into())
    });
    let next = next.collect();
    Report { exit_code, names, next, ..Report::new("hivectl.ml.retrain/v1", data, move |screen| text(&models, screen)) }
}

fn model(model: &Retrained) -> Value {
    let drift = |report: &CheckReport| json!({ "overall_status": report.status.word(), "drift_ratio": report.ratio.as_ref().map(|ratio| ratio.ratio), "baseline": report.baseline.origin });
    let trained = model.trained.as_ref();
    json!({
        "name": model.name,
        "outcome": model.outcome.word(),
        "exit_code": model.outcome.exit_code(),
        "steps": model.steps.iter().map(|step| json!({ "name": step.name, "duration_seconds": step.seconds, "result": step.result })).collect::<Vec<_>>(),
        "attempt": model.attempts,
        "window_days": model.window_days,
        "version": trained.and_then(|trained| trained.registered.as_ref()).map(|version| version.version),
        "stage": trained.and_then(|trained| trained.registered.as_ref()).map(|version| version.stage.name()),
        "promoted": trained.is_some_and(|trained| trained.promoted),
        "metrics": trained.map(|trained| &trained.card.metrics),
        "drift_before": model.before.as_ref().map(drift),
        "drift_after": model.after.as_ref().map(drift),
    })
}

fn text(models: &[Retrained], screen: &Screen) -> String {
    let mut text = String::new();
    for model in models {
        let _ = writeln!(text, "{}: {}", sanitize::line(&model.name), sentence(model));
        let row = |step: &crate::ops::retrain::Step| vec![step.name.to_owned(), format!("{:.1} s", step.seconds), step.result.clone()];
        let rows: Vec<Vec<String>> = model.steps.iter().map(row).collect();
        text.push_str(&table(&[Column::Text("STEP"), Column::Number("TIME"), Column::Text("RESULT")], &rows, screen));
    }
    text
}

fn sentence(model: &Retrained) -> String {
    let version = model
        .trained
        .as_ref()
        .and_then(|trained| trained.registered.as_ref())
        .map_or(String::new(), |version| format!("version {}", version.version));
    match model.outcome {
        Outcome::NoDrift => "no drift that asks for training".into(),
        Outcome::NotEnoughData => "too few tickets to tell".into(),
        Outcome::CoolingDown => "cooling down; nothing was trained".into(),
        Outcome::Staged => format!("{version} is in Staging"),
        Outcome::Promoted => format!("{version} is in Production"),
        Outcome::NotBetter => format!("nothing better found: {version} is in Staging, the champion stays"),
        Outcome::GateFailed => "nothing better found: the gate failed, the champion stays".into(),
        Outcome::WouldRegister => "would be registered (dry run, nothing was written)".into(),
        Outcome::Failed(_) => "was not retrained".into(),
    }
}
