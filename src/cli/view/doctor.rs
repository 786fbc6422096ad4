//! What the doctor found, as people and scripts read it.

use serde_json::{Value, json};

use super::Screen;
use super::table::{Column, table};
use crate::base::Hint;
use crate::base::redact::without_passwords;
use crate::cli::report::Report;
use crate::config::{SETTINGS, Setting, Settings};
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
                "evidence": without_passwords(&finding.evidence),
                "remedy": finding.remedy,
                "duration_ms": finding.duration_ms,
            })
        })
        .collect();
    let failed = findings.iter().find(|finding| finding.state == State::Fail);
    let exit_code = failed.and_then(|finding| finding.failure).map_or(0, |kind| kind.exit_code());
    let names = findings.iter().map(|finding| finding.id.to_owned()).collect();
    let next = findings
        .iter()
        .filter(|finding| matches!(finding.state, State::Fail | State::Warn))
        .filter_map(|finding| finding.remedy.clone().map(|remedy| Hint::from((finding.id, ": ", remedy))))
        .collect();
    let lines = Some(checks.clone());
    let data = json!({ "checks": checks, "indexes_made": made });
    Report { names, next, lines, exit_code, ..Report::new("hivectl.doctor/v1", data, move |screen| text(&findings, screen)) }
}

fn text(findings: &[Finding], screen: &Screen) -> String {
    let rows: Vec<Vec<String>> = findings
        .iter()
        .map(|finding| {
            // As wide as the longest that the budget lets be.
            let took = format!("{:>4.0} ms", finding.duration_ms);
            vec![finding.id.into(), finding.state.word().into(), took, without_passwords(&finding.evidence)]
        })
        .collect();
    let columns = [Column::Text("CHECK"), Column::Text("STATE"), Column::Number("TOOK"), Column::Text("EVIDENCE")];
    let mut text = table(&columns, &rows, screen);
    let count = |state| findings.iter().filter(|finding| finding.state == state).count();
    text.push_str(&format!(
        "{} pass, {} warn, {} fail, {} skipped\n",
        count(State::Pass),
        count(State::Warn),
        count(State::Fail),
        count(State::Skipped)
    ));
    text
}

/// Everything somebody else needs to help, as one JSON document: no secret, no folder of the user, no host's name.
pub fn bundle(found: &Value, settings: Option<&Settings>) -> String {
    let values: Vec<Value> = SETTINGS
        .iter()
        .filter_map(|spec| {
            let setting = settings?.get(spec.key)?;
            Some(json!({ "key": spec.key, "value": Setting::shown(setting), "origin": setting.origin.to_string() }))
        })
        .collect();
    let document = json!({
        "schema": "hivectl.doctor.bundle/v1",
        "generated_at": super::time::now(),
        "version": env!("CARGO_PKG_VERSION"),
        "system": format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        "found": found,
        "settings": values,
        "context": settings.and_then(|settings| settings.context.clone()),
    });
    let mut text = without_passwords(&format!("{document:#}\n"));
    if let Some(home) = std::env::var("HOME").ok().filter(|home| home.len() > 1) {
        text = text.replace(&home, "~");
    }
    text
}
