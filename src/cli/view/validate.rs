//! What was checked and found, as people and scripts read it.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::Screen;
use super::table::{Column, table};
use crate::base::commands;
use crate::cli::report::Report;
use crate::cli::sanitize;
use crate::ops::validate::{Check, State, ValidateReport, Validated};

/// The report of `validate`; ends with the code of the worst check.
pub fn report(validated: ValidateReport) -> Report {
    let exit_code = validated.worst().map_or(0, |kind| kind.exit_code());
    let data = json!({
        "registry": validated.registry,
        "tickets": validated.tickets,
        "models": validated.models.iter().map(model).collect::<Vec<_>>(),
    });
    let names = validated.models.iter().map(label).collect();
    let mut warnings = validated.notes.clone();
    if validated.synthetic {
        warnings.push("the tickets say of themselves that they were made up".into());
    }
    let next = match validated.tickets {
        None if exit_code == 14 => vec![commands::validate_on_tickets().into(), commands::validate_without_metrics().into()],
        _ => Vec::new(),
    };
    Report { exit_code, names, warnings, next, ..Report::new("hivectl.ml.validate/v1", data, move |screen| text(&validated, screen)) }
}

fn label(model: &Validated) -> String {
    model.resolved.version.id().to_string()
}

fn model(model: &Validated) -> Value {
    json!({
        "name": model.resolved.version.name,
        "version": model.resolved.version.version,
        "stage": model.resolved.version.stage.name(),
        "chosen_as": model.resolved.chosen_as,
        "checks": model.checks.iter().map(check).collect::<Vec<_>>(),
    })
}

/// A check for scripts.
pub(super) fn check(check: &Check) -> Value {
    let numbers: Map<String, Value> = check.numbers.iter().map(|(name, number)| ((*name).to_owned(), json!(number))).collect();
    json!({ "id": check.id, "state": check.state.word(), "evidence": check.evidence, "numbers": numbers })
}

fn text(validated: &ValidateReport, screen: &Screen) -> String {
    let mut text = format!("registry  {}\n", sanitize::line(&validated.registry));
    let _ = writeln!(text, "tickets   {}", sanitize::line(validated.tickets.as_deref().unwrap_or("none")));
    for model in &validated.models {
        let _ = writeln!(text, "\n{} ({})", sanitize::line(&label(model)), model.resolved.version.stage.name());
        text.push_str(&checks_table(&model.checks, screen));
    }
    text.push('\n');
    text + &tally(validated.models.iter().flat_map(|model| &model.checks))
}

/// Checks for people, one a line.
pub(super) fn checks_table(checks: &[Check], screen: &Screen) -> String {
    let row = |check: &Check| {
        let state = if check.state == State::Fail { "FAIL" } else { check.state.word() };
        vec![check.id.replace('_', " "), state.into(), check.evidence.clone()]
    };
    let rows: Vec<Vec<String>> = checks.iter().map(row).collect();
    table(&[Column::Text("CHECK"), Column::Text("STATE"), Column::Text("EVIDENCE")], &rows, screen)
}

/// How many checks ended how, as the last line.
pub(super) fn tally<'a>(checks: impl Iterator<Item = &'a Check>) -> String {
    let mut counts = [0usize; 4];
    for check in checks {
        counts[match check.state {
            State::Pass => 0,
            State::Warn => 1,
            State::Fail => 2,
            State::Skipped => 3,
        }] += 1;
    }
    let [passed, warned, failed, skipped] = counts;
    format!("{passed} passed, {warned} warned, {failed} failed, {skipped} skipped\n")
}
