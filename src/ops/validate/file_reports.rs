//! A report about each model file that was judged, as JSON and as Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use crate::api::validate::ValidatedFile;
use crate::base::{sanitize, write_whole};
use crate::error::{Error, ErrorKind, Result};
use crate::statistics::ClassScores;

/// Under `validation_report` the keys of the running system's script, beside it all checks.
#[derive(Serialize)]
struct FileReport<'f> {
    validation_report: ScriptReport<'f>,
    /// The script's own; hivectl compares with no baseline.
    baseline_comparison: (),
    details: &'f ValidatedFile,
}

/// What the running system's script reports, under its names.
#[derive(Serialize)]
struct ScriptReport<'f> {
    specialist_type: &'f str,
    model_version: Option<&'f str>,
    timestamp: &'f str,
    test_samples: usize,
    accuracy: Option<f64>,
    precision_macro: Option<f64>,
    recall_macro: Option<f64>,
    f1_macro: Option<f64>,
    confidence_mean: Option<f64>,
    confidence_std: Option<f64>,
    precision_per_class: Option<BTreeMap<String, Option<f64>>>,
    recall_per_class: Option<BTreeMap<String, Option<f64>>>,
    f1_per_class: Option<BTreeMap<String, Option<f64>>>,
    confusion_matrix: Option<&'f [Vec<u64>]>,
    passed: bool,
}

/// Writes `NAME_validation_report.json` and `.md` of every file into `folder`, which is made where it is absent.
///
/// Errors: [`ErrorKind::FileAccess`].
pub(super) fn write(folder: &Path, files: &[ValidatedFile]) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|error| Error::file("make the folder", folder, &error))?;
    let at = jiff::Timestamp::now().to_string();
    for file in files {
        let path = |ending: &str| folder.join(format!("{}_validation_report.{ending}", file.name));
        let unwritten = |error| Error::new(ErrorKind::Internal, "the report of a file cannot be written").because(error);
        let document = serde_json::to_value(as_json(file, &at)).map_err(unwritten)?;
        write_whole(&path("json"), format!("{document:#}\n").as_bytes())?;
        write_whole(&path("md"), as_markdown(file, &at).as_bytes())?;
    }
    Ok(())
}

fn as_json<'f>(file: &'f ValidatedFile, at: &'f str) -> FileReport<'f> {
    let per_class = |of: fn(&ClassScores) -> Option<f64>| {
        let classes = file.classes.as_ref();
        classes.map(|classes| classes.iter().map(|class| (class.class.to_string(), of(class))).collect())
    };
    let metric = |name: &str| file.metrics.get(name).copied();
    FileReport {
        validation_report: ScriptReport {
            specialist_type: &file.name,
            model_version: file.sha256.as_deref(),
            timestamp: at,
            test_samples: file.row_count,
            accuracy: metric("accuracy"),
            precision_macro: metric("precision_macro"),
            recall_macro: metric("recall_macro"),
            f1_macro: metric("f1_macro"),
            confidence_mean: metric("confidence_mean"),
            confidence_std: metric("confidence_std"),
            precision_per_class: per_class(|class| class.precision),
            recall_per_class: per_class(|class| class.recall),
            f1_per_class: per_class(|class| class.f1),
            confusion_matrix: file.confusion_matrix.as_deref(),
            passed: file.passed,
        },
        baseline_comparison: (),
        details: file,
    }
}

fn as_markdown(file: &ValidatedFile, at: &str) -> String {
    let cell = |text: &str| sanitize::line(text).replace('|', "\\|");
    let mut text = format!("# {}: {}\n\n", cell(&file.name), if file.passed { "passed" } else { "FAILED" });
    let sha256 = file.sha256.as_deref().unwrap_or("unknown");
    let _ = writeln!(text, "At {at}, on {} labelled rows. Model SHA-256 `{sha256}`.\n", file.row_count);
    text.push_str("| check | state | evidence |\n|---|---|---|\n");
    for check in &file.checks {
        let _ = writeln!(text, "| {} | {} | {} |", check.id, check.state, cell(&check.evidence));
    }
    if !file.metrics.is_empty() {
        text.push_str("\n| metric | value |\n|---|---|\n");
        for (metric, value) in &file.metrics {
            let _ = writeln!(text, "| {metric} | {value:.4} |");
        }
    }
    if let (Some(classes), Some(confusion)) = (&file.classes, &file.confusion_matrix) {
        text.push_str(&confusion_table(classes, confusion));
    }
    text
}

fn confusion_table(classes: &[ClassScores], confusion: &[Vec<u64>]) -> String {
    let told: Vec<String> = classes.iter().map(|class| format!("told {}", class.class)).collect();
    let mut text = format!("\n| | {} |\n|---|{}\n", told.join(" | "), "---|".repeat(told.len()));
    for (class, row) in classes.iter().zip(confusion) {
        let counts: Vec<String> = row.iter().map(u64::to_string).collect();
        let _ = writeln!(text, "| is {} | {} |", class.class, counts.join(" | "));
    }
    text
}
