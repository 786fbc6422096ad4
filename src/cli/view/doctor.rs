//! What the doctor found, as people and scripts read it.

use serde_json::Value;

use super::table::{Column, table};
use super::{Screen, View};
use crate::api::CheckState;
use crate::api::doctor::{CheckReport, DoctorReport};
use crate::base::Hint;

impl View for DoctorReport {
    fn text(&self, screen: &Screen) -> String {
        let row = |check: &CheckReport| {
            // As wide as the longest that the budget lets be.
            let took = format!("{:>4.0} ms", check.duration_ms);
            vec![check.id.clone(), check.state.to_string(), took, check.evidence.clone()]
        };
        let columns = [Column::Text("CHECK"), Column::Text("STATE"), Column::Number("TOOK"), Column::Text("EVIDENCE")];
        let mut text = table(&columns, &self.checks.iter().map(row).collect::<Vec<_>>(), screen);
        let count = |state| self.checks.iter().filter(|check| check.state == state).count();
        text.push_str(&format!(
            "{} pass, {} warn, {} fail, {} skipped\n",
            count(CheckState::Pass),
            count(CheckState::Warn),
            count(CheckState::Fail),
            count(CheckState::Skipped)
        ));
        text
    }

    fn names(&self) -> Vec<String> {
        self.checks.iter().map(|check| check.id.clone()).collect()
    }

    fn lines(&self) -> Option<Vec<Value>> {
        // Text and numbers can be written.
        Some(self.checks.iter().filter_map(|check| serde_json::to_value(check).ok()).collect())
    }

    fn next(&self) -> Vec<Hint> {
        let wrong = self.checks.iter().filter(|check| matches!(check.state, CheckState::Fail | CheckState::Warn));
        wrong.filter_map(|check| check.remedy.clone().map(|remedy| Hint::from((check.id.as_str(), ": ", remedy)))).collect()
    }
}
