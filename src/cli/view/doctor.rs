//! What the doctor found, as people and scripts read it.

use serde_json::json;

use super::Screen;
use super::table::{Column, table};
use crate::cli::report::Report;
use crate::ops::doctor::Finding;
use crate::ops::validate::State;

/// The report of `doctor`; `made` are the fields whose indexes were made.
pub fn report(findings: Vec<Finding>, made: &[&'static str]) -> Report {
    let checks: Vec<_> = findings
        .iter()
        .map(|finding| {
            json!({
                "id": finding.id,
                "state": finding.state.word(),
                "evidence": finding.evidence,
                "remedy": finding.remedy,
                "duration_ms": finding.duration_ms,
            })
        })
        .collect();
    let failed = findings.iter().find(|finding| finding.state == State::Fail);
    let exit_code = failed.and_then(|finding| finding.failure).map_or(0, |kind| kind.exit_code());
    let names = findings.iter().map(|finding| finding.id.to_owned()).collect();
    let next = findings.iter().filter(|finding| finding.state != State::Pass).filter_map(|finding| finding.remedy.clone()).collect();
    let data = json!({ "checks": checks, "indexes_made": made });
    Report { names, next, exit_code, ..Report::new("hivectl.doctor/v1", data, move |screen| text(&findings, screen)) }
}

fn text(findings: &[Finding], screen: &Screen) -> String {
    let rows: Vec<Vec<String>> =
        findings.iter().map(|finding| vec![finding.id.into(), finding.state.word().into(), finding.evidence.clone()]).collect();
    table(&[Column::Text("CHECK"), Column::Text("STATE"), Column::Text("EVIDENCE")], &rows, screen)
}
