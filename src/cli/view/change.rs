//! Plans and changes as people and scripts read them.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::number::{bytes, count, metric};
use super::table::{Column, folded_text, table};
use super::{Screen, train};
use crate::cli::report::Report;
use crate::cli::sanitize;
use crate::error::ErrorKind;
use crate::lifecycle::{
    AliasChanged, Changed, HistoryEntry, MetricComparison, ModelVersion, Plan, PlanAction, Stage, TagsChanged, Verification,
};

const SCHEMA: &str = "hivectl.ml.models.change/v1";

fn value(serializable: &impl serde::Serialize) -> Value {
    serde_json::to_value(serializable).unwrap_or(Value::Null)
}

/// The plan as it is shown before the question, folded to the screen.
pub fn plan_text(plan: &Plan, place: &str, screen: &Screen) -> String {
    let verb = match plan.action {
        PlanAction::Promote => "promote",
        PlanAction::Rollback => "roll back to",
    };
    let mut text = format!(
        "{}\nplan: {verb} {}@{}, {} → {}\n",
        sanitize::line(place),
        sanitize::line(&plan.model),
        plan.version,
        plan.from_stage.name(),
        plan.to_stage.name()
    );
    let _ = writeln!(text, "  registry {}, revision {} of this model", sanitize::line(&plan.registry.id), plan.revision);
    let champion = plan.champion.map_or("none".into(), |champion| format!("version {champion}"));
    let _ = writeln!(text, "  in Production now: {champion}");
    for archived in &plan.archives {
        let _ = writeln!(text, "  will be archived: {}@{archived}", sanitize::line(&plan.model));
    }
    if let Some(gate) = &plan.gate {
        for line in train::gate_table(gate, &screen.set_in(2)).lines() {
            let _ = writeln!(text, "  {line}");
        }
    }
    if let Some(tickets) = &plan.measured_on {
        let _ = writeln!(text, "  the metrics were claimed, and measured since on {}", sanitize::line(tickets));
    }
    evidence(&mut text, plan, screen);
    if plan.forced {
        let _ = writeln!(text, "  FORCED past what would refuse it; marked for ever");
    }
    if let Some(reason) = &plan.reason {
        let _ = writeln!(text, "  reason: {}", sanitize::line(reason));
    }
    let _ = writeln!(
        text,
        "  by {}@{}, may be applied until {} UTC, digest {}",
        sanitize::line(&plan.author.user),
        sanitize::line(&plan.author.host),
        plan.expires_at.get(..19).unwrap_or(&plan.expires_at).replace('T', " "),
        &plan.digest()[..12]
    );
    folded_text(&text, screen)
}

/// How the version does beside the champion.
fn evidence(text: &mut String, plan: &Plan, screen: &Screen) {
    let Some(verdict) = &plan.verdict else { return };
    if !plan.comparison.is_empty() {
        const COLUMNS: [Column; 4] =
            [Column::Text("METRIC"), Column::Number("CHAMPION"), Column::Number("THIS VERSION"), Column::Text("GAIN")];
        let row = |row: &MetricComparison| {
            let gain = row.difference.map_or_else(String::new, |[gain, low, high]| {
                format!("{} (95 % {} to {})", metric(Some(gain)), metric(Some(low)), metric(Some(high)))
            });
            vec![row.metric.clone(), metric(row.champion), metric(row.version), gain]
        };
        let _ = writeln!(text, "  both on the same {} tickets:", count(verdict.ticket_count));
        for line in table(&COLUMNS, &plan.comparison.iter().map(row).collect::<Vec<_>>(), &screen.set_in(2)).lines() {
            let _ = writeln!(text, "  {line}");
        }
    }
    let made_up = if verdict.synthetic { " (the tickets say of themselves that they were made up)" } else { "" };
    let _ = writeln!(text, "  evidence: {}: {}{made_up}", verdict.advice, sanitize::line(&verdict.reason));
}

/// A plan that was shown or kept, and not applied.
pub fn plan(plan: Plan, place: String, kept: Option<&Path>) -> Report {
    let data = json!({
        "model": plan.model,
        "version": plan.version,
        "from_stage": plan.from_stage,
        "to_stage": plan.to_stage,
        "previous_champion": plan.champion,
        "archived": plan.archives,
        "changed": false,
        "plan_digest": plan.digest(),
        "audit_id": null,
        "plan": value(&plan),
        "file": kept,
    });
    let next = match kept {
        Some(path) => format!("hivectl ml apply {}", path.display()),
        None => "the same command without --dry-run".into(),
    };
    let mut report = Report::new(SCHEMA, data, move |screen| format!("{}nothing was changed\n", plan_text(&plan, &place, screen)));
    report.next.push(next);
    report
}

/// A change that was made.
pub fn changed(changed: Changed, when: &str) -> Report {
    if !changed.changed {
        return already_so(changed);
    }
    let named = format!("{}@{}", changed.model, changed.version);
    let mut text = format!("{named}: {} → {}\n", changed.from_stage.name(), changed.to_stage.name());
    if changed.to_stage == Stage::Production {
        let former = changed.previous_champion.map_or("none".into(), |former| format!("version {former}"));
        let _ = writeln!(text, "in Production: {former} → version {}", changed.version);
    }
    for archived in &changed.archived {
        let _ = writeln!(text, "{}@{archived} was archived", changed.model);
    }
    let serves = [changed.from_stage, changed.to_stage].contains(&Stage::Production);
    if serves {
        let _ = writeln!(text, "{when}");
    }
    let mut report = Report::plain(SCHEMA, text).with_data(value(&changed));
    report.names = vec![named.clone()];
    if !serves {
        report.next.push(format!("hivectl ml models show {named}"));
        return report;
    }
    report.next.push(format!("hivectl ml models show {}#production", changed.model));
    if let Some(former) = changed.previous_champion.filter(|former| *former != changed.version) {
        report.next.push(format!("to put version {former} back: hivectl ml models rollback {} --to {former}", changed.model));
    }
    report
}

/// Everything was as wanted already.
pub fn already_so(changed: Changed) -> Report {
    let named = format!("{}@{}", changed.model, changed.version);
    let text = format!("{named} is in {} already; nothing was changed\n", changed.to_stage.name());
    Report { names: vec![named], ..Report::plain(SCHEMA, text).with_data(value(&changed)) }
}

/// A version that came from outside.
pub fn taken_in(schema: &'static str, version: &ModelVersion, is_new: bool) -> Report {
    let named = format!("{}@{}", version.name, version.version);
    let data =
        json!({ "model": version.name, "version": version.version, "stage": version.stage, "changed": is_new, "run_id": version.run_id });
    let text = match is_new {
        true => format!("registered as {named}, in no stage\n"),
        false => format!("these bytes are {named} already; nothing was changed\n"),
    };
    let next = vec![format!("hivectl ml models show {named}")];
    Report { names: vec![named], next, ..Report::plain(schema, text).with_data(data) }
}

/// A version that was copied from one registry into another.
pub fn copied(schema: &'static str, version: &ModelVersion, copy: &ModelVersion, is_new: bool, place: &str) -> Report {
    let named = format!("{}@{}", copy.name, copy.version);
    let data = json!({
        "from": { "model": version.name, "version": version.version },
        "model": copy.name,
        "version": copy.version,
        "registry": place,
        "files": copy.artifacts.len(),
        "package_digest": copy.package_digest(),
        "changed": is_new,
    });
    let what = if is_new { "is" } else { "was already" };
    let files = copy.artifacts.len();
    let text = format!("{}@{} {what} {named} in {place}; {files} files compared with their digests\n", version.name, version.version);
    let next = vec![format!("hivectl ml models show {named} --registry {place}")];
    Report { names: vec![named], next, ..Report::plain(schema, text).with_data(data) }
}

/// Versions that were written into files.
pub fn exported(written: &[(ModelVersion, std::path::PathBuf, u64)]) -> Report {
    let items: Vec<Value> = written
        .iter()
        .map(|(version, file, size)| json!({ "model": version.name, "version": version.version, "file": file, "size_bytes": size }))
        .collect();
    let line = |(version, file, size): &(ModelVersion, std::path::PathBuf, u64)| {
        format!("wrote {}@{} to {} ({})\n", version.name, version.version, file.display(), bytes(*size))
    };
    let text: String = written.iter().map(line).collect();
    Report::plain("hivectl.ml.models.export/v1", text).with_data(json!({ "items": items }))
}

/// What `archive --older` did.
pub fn archived(changes: Vec<Changed>) -> Report {
    let text: String = changes.iter().map(|changed| format!("{}@{} was archived\n", changed.model, changed.version)).collect();
    let names = changes.iter().map(|changed| format!("{}@{}", changed.model, changed.version)).collect();
    Report { names, ..Report::plain("hivectl.ml.models.archive/v1", text).with_data(json!({ "items": value(&changes) })) }
}

/// What archiving one version would do, in the form of the change itself.
pub fn would_archive_one(version: &ModelVersion, champion: Option<u32>, place: &str) -> Report {
    let changed = Changed {
        to_stage: Stage::Archived,
        previous_champion: champion,
        archived: vec![version.version],
        ..Changed::nothing(version, None)
    };
    let text = format!(
        "{}\nwould archive {}@{} ({})\nnothing was changed\n",
        sanitize::line(place),
        version.name,
        version.version,
        version.stage.name()
    );
    Report::plain(SCHEMA, text).with_data(value(&changed))
}

/// What `archive --older` would do.
pub fn would_archive(versions: &[ModelVersion], place: &str) -> Report {
    let mut text = format!("{place}\n");
    for version in versions {
        let _ = writeln!(text, "would archive {}@{} ({})", version.name, version.version, version.stage.name());
    }
    if versions.is_empty() {
        text.push_str("there is nothing to archive\n");
    }
    let items: Vec<Value> = versions
        .iter()
        .map(|version| json!({ "model": version.name, "version": version.version, "from_stage": version.stage, "changed": false }))
        .collect();
    Report::plain("hivectl.ml.models.archive/v1", text).with_data(json!({ "items": items }))
}

/// An alias that was set or removed.
pub fn alias(changed: AliasChanged) -> Report {
    let version = |version: Option<u32>| version.map_or("no version".to_owned(), |version| format!("version {version}"));
    let text = match changed.changed {
        true => format!(
            "{}:{} pointed at {}, now at {}\n",
            changed.model,
            changed.alias,
            version(changed.from_version),
            version(changed.to_version)
        ),
        false => format!("{}:{} points at {} already; nothing was changed\n", changed.model, changed.alias, version(changed.to_version)),
    };
    Report::plain("hivectl.ml.models.alias/v1", text).with_data(value(&changed))
}

/// Tags that were set or removed.
pub fn tags(changed: TagsChanged) -> Report {
    let mut text = format!("{}@{}{}\n", changed.model, changed.version, if changed.changed { "" } else { ": the tags are so already" });
    for (key, after) in &changed.after {
        let _ = writeln!(text, "{}: {}", sanitize::line(key), after.as_deref().map_or("removed".into(), sanitize::line));
    }
    Report::plain("hivectl.ml.models.tag/v1", text).with_data(value(&changed))
}

/// The life of a model, newest first.
pub fn history(name: &str, entries: Vec<HistoryEntry>) -> Report {
    let data = json!({ "name": name, "items": value(&entries) });
    Report::new("hivectl.ml.models.history/v1", data, move |screen| {
        const COLUMNS: [Column; 7] = [
            Column::Text("AT"),
            Column::Text("EVENT"),
            Column::Number("VERSION"),
            Column::Text("STAGE"),
            Column::Text("BY"),
            Column::Text("SOURCE"),
            Column::Text("REASON"),
        ];
        let rows: Vec<Vec<String>> = entries
            .iter()
            .map(|entry| {
                let stage = match (&entry.from_stage, &entry.to_stage) {
                    (Some(from), Some(to)) if from != to => format!("{from} → {to}"),
                    (_, Some(to)) => to.clone(),
                    (Some(from), None) => from.clone(),
                    (None, None) => "-".into(),
                };
                let event = if entry.forced { format!("{} (forced)", entry.event) } else { entry.event.clone() };
                let number = entry.version.map_or("-".into(), |version| version.to_string());
                let at = entry.at.get(..19).unwrap_or(&entry.at).replace('T', " ");
                vec![
                    at,
                    event,
                    number,
                    stage,
                    entry.by.clone().unwrap_or_else(|| "-".into()),
                    entry.source.into(),
                    entry.reason.clone().unwrap_or_default(),
                ]
            })
            .collect();
        table(&COLUMNS, &rows, screen)
    })
}

/// What `verify` found.
pub fn verification(found: Verification) -> Report {
    let exit_code = if found.findings.is_empty() { 0 } else { ErrorKind::InvariantBroken.exit_code() };
    let data = value(&found);
    let many = |number: u32, noun: &str| if number == 1 { format!("1 {noun}") } else { format!("{} {noun}s", count(number)) };
    let text = move |screen: &Screen| {
        let mut text = format!(
            "{}, {}, {}, {} compared with their digests\n",
            many(found.models, "model"),
            many(found.versions, "version"),
            many(found.files, "file"),
            bytes(found.bytes)
        );
        if !found.unrecorded.is_empty() {
            let _ = writeln!(text, "made by another tool, so nothing to compare with: {}", found.unrecorded.join(", "));
        }
        if found.findings.is_empty() {
            text.push_str("everything is as it was registered\n");
            return text;
        }
        let rows: Vec<Vec<String>> = found
            .findings
            .iter()
            .map(|finding| {
                let named = finding.version.map_or(finding.model.clone(), |version| format!("{}@{version}", finding.model));
                vec![named, finding.problem.into(), finding.detail.clone()]
            })
            .collect();
        text.push_str(&table(&[Column::Text("WHAT"), Column::Text("PROBLEM"), Column::Text("DETAIL")], &rows, screen));
        text
    };
    Report { exit_code, ..Report::new("hivectl.ml.models.verify/v1", data, text) }
}
