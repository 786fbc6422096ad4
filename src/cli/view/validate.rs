//! What was checked and found, as people read it.

use std::fmt::Write as _;

use super::table::{Column, table};
use super::{Screen, View};
use crate::api::validate::{CheckResult, ValidateFilesReport, ValidateReport, ValidatedFile};
use crate::api::{CheckState, Document as _};
use crate::base::{Hint, commands};
use crate::cli::sanitize;
use crate::error::ErrorKind;

impl View for ValidateReport {
    fn text(&self, screen: &Screen) -> String {
        let mut text = format!("registry  {}\n", sanitize::line(&self.registry));
        let _ = writeln!(text, "tickets   {}", sanitize::line(self.tickets.as_deref().unwrap_or("none")));
        for model in &self.models {
            let _ = writeln!(text, "\n{} ({})", sanitize::line(&model.id().to_string()), model.stage.as_str());
            text.push_str(&checks_table(&model.checks, screen));
        }
        text.push('\n');
        text + &tally(self.models.iter().flat_map(|model| &model.checks))
    }

    fn names(&self) -> Vec<String> {
        self.models.iter().map(|model| model.id().to_string()).collect()
    }

    fn warnings(&self) -> Vec<String> {
        let synthetic = self.synthetic.then(|| "the tickets say of themselves that they were made up".into());
        self.notes.iter().cloned().chain(synthetic).collect()
    }

    fn next(&self) -> Vec<Hint> {
        match self.tickets {
            None if self.exit_code() == ErrorKind::NotEnoughData.exit_code() => {
                vec![commands::validate_on_tickets().into(), commands::validate_without_metrics().into()]
            }
            _ => Vec::new(),
        }
    }
}

impl View for ValidateFilesReport {
    fn text(&self, screen: &Screen) -> String {
        let mut text = String::new();
        for ValidatedFile { name, passed, checks, .. } in &self.models {
            let _ = writeln!(text, "{} ({})", sanitize::line(name), if *passed { "passed" } else { "FAILED" });
            text.push_str(&checks_table(checks, screen));
            text.push('\n');
        }
        text + &tally(self.models.iter().flat_map(|file| &file.checks))
    }

    fn names(&self) -> Vec<String> {
        self.models.iter().map(|file| file.name.clone()).collect()
    }
}

/// Checks for people, one a line.
fn checks_table(checks: &[CheckResult], screen: &Screen) -> String {
    let row = |check: &CheckResult| {
        let state = if check.state == CheckState::Fail { "FAIL" } else { check.state.as_str() };
        vec![check.id.replace('_', " "), state.into(), check.evidence.clone()]
    };
    let rows: Vec<Vec<String>> = checks.iter().map(row).collect();
    table(&[Column::Text("CHECK"), Column::Text("STATE"), Column::Text("EVIDENCE")], &rows, screen)
}

/// How many checks ended how, as the last line.
fn tally<'a>(checks: impl Iterator<Item = &'a CheckResult>) -> String {
    let mut counts = [0usize; 4];
    for check in checks {
        counts[match check.state {
            CheckState::Pass => 0,
            CheckState::Warn => 1,
            CheckState::Fail => 2,
            CheckState::Skipped => 3,
        }] += 1;
    }
    let [passed, warned, failed, skipped] = counts;
    format!("{passed} passed, {warned} warned, {failed} failed, {skipped} skipped\n")
}
