//! Model files that were judged, as people and scripts read them, on the screen and as reports.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::Screen;
use super::train;
use super::validate::{check, checks_table, tally};
use crate::cli::report::Report;
use crate::cli::sanitize;
use crate::ops::validate::files::{FilesReport, ValidatedFile};
use crate::ops::validate::worst;
use crate::statistics::{ClassScores, Classification};

/// The report of `validate --models-dir`; ends with the code of the worst check.
pub fn report(validated: FilesReport) -> Report {
    let checks = || validated.files.iter().flat_map(|file| &file.checks);
    let exit_code = worst(checks()).map_or(0, |kind| kind.exit_code());
    let data = json!({
        "models_dir": validated.models,
        "test_data": validated.tests,
        "models": validated.files.iter().map(document).collect::<Vec<_>>(),
    });
    let names = validated.files.iter().map(|file| file.name.clone()).collect();
    let text = move |screen: &Screen| {
        let mut text = String::new();
        for file in &validated.files {
            let _ = writeln!(text, "{} ({})", sanitize::line(&file.name), if file.passed() { "passed" } else { "FAILED" });
            text.push_str(&checks_table(&file.checks, screen));
            text.push('\n');
        }
        text + &tally(validated.files.iter().flat_map(|file| &file.checks))
    };
    Report { exit_code, names, ..Report::new("hivectl.ml.validate.files/v1", data, text) }
}

fn document(file: &ValidatedFile) -> Value {
    json!({
        "name": file.name,
        "model": file.model,
        "test_data": file.test,
        "kind": file.kind.map(|kind| kind.word()),
        "sha256": file.sha256,
        "row_count": file.rows,
        "metrics": file.metrics,
        "gate": file.gate.as_ref().map(train::gate),
        "classes": file.classification.as_ref().map(|judged| judged.classes.iter().map(class).collect::<Vec<_>>()),
        "confusion_matrix": file.classification.as_ref().map(|judged| &judged.confusion),
        "passed": file.passed(),
        "checks": file.checks.iter().map(check).collect::<Vec<_>>(),
    })
}

fn class(class: &ClassScores) -> Value {
    json!({ "class": class.class, "support_count": class.support, "precision": class.precision, "recall": class.recall, "f1": class.f1 })
}

/// The report of one file as JSON: under `validation_report` the keys of the running system's script, beside it all
/// checks.
pub fn as_json(file: &ValidatedFile, at: &str) -> Value {
    let per_class = |of: fn(&ClassScores) -> Option<f64>| {
        let classes = file.classification.as_ref().map(|judged| &judged.classes);
        classes.map(|classes| classes.iter().map(|class| (class.class.to_string(), json!(of(class)))).collect::<Map<String, Value>>())
    };
    let metric = |name: &str| file.metrics.get(name);
    json!({
        "validation_report": {
            "specialist_type": file.name,
            "model_version": file.sha256,
            "timestamp": at,
            "test_samples": file.rows,
            "accuracy": metric("accuracy"),
            "precision_macro": metric("precision_macro"),
            "recall_macro": metric("recall_macro"),
            "f1_macro": metric("f1_macro"),
            "confidence_mean": metric("confidence_mean"),
            "confidence_std": metric("confidence_std"),
            "precision_per_class": per_class(|class| class.precision),
            "recall_per_class": per_class(|class| class.recall),
            "f1_per_class": per_class(|class| class.f1),
            "confusion_matrix": file.classification.as_ref().map(|judged| &judged.confusion),
            "passed": file.passed(),
        },
        "baseline_comparison": null,
        "details": document(file),
    })
}

/// The report of one file as Markdown.
pub fn as_markdown(file: &ValidatedFile, at: &str) -> String {
    let cell = |text: &str| sanitize::line(text).replace('|', "\\|");
    let mut text = format!("# {}: {}\n\n", cell(&file.name), if file.passed() { "passed" } else { "FAILED" });
    let _ = writeln!(text, "At {at}, on {} labelled rows. Model SHA-256 `{}`.\n", file.rows, file.sha256.as_deref().unwrap_or("unknown"));
    text.push_str("| check | state | evidence |\n|---|---|---|\n");
    for check in &file.checks {
        let _ = writeln!(text, "| {} | {} | {} |", check.id, check.state.word(), cell(&check.evidence));
    }
    if !file.metrics.is_empty() {
        text.push_str("\n| metric | value |\n|---|---|\n");
        for (metric, value) in &file.metrics {
            let _ = writeln!(text, "| {metric} | {value:.4} |");
        }
    }
    if let Some(judged) = &file.classification {
        text.push_str(&confusion(judged));
    }
    text
}

fn confusion(judged: &Classification) -> String {
    let told: Vec<String> = judged.classes.iter().map(|class| format!("told {}", class.class)).collect();
    let mut text = format!("\n| | {} |\n|---|{}\n", told.join(" | "), "---|".repeat(told.len()));
    for (class, row) in judged.classes.iter().zip(&judged.confusion) {
        let counts: Vec<String> = row.iter().map(u64::to_string).collect();
        let _ = writeln!(text, "| is {} | {} |", class.class, counts.join(" | "));
    }
    text
}
