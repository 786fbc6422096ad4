//! Plans and changes as people and scripts read them.

use std::fmt::Write as _;

use super::number::{bytes, count, metric};
use super::table::{Column, folded_text, table};
use super::{Screen, View, train};
use crate::api::Place;
use crate::api::change::{
    AliasReport, ArchiveOlderReport, ArchivedVersion, ChangeReport, HistoryReport, PlannedChange, RefusedPlan, TagReport,
};
use crate::base::{Hint, commands};
use crate::cli::sanitize;
use crate::lifecycle::{
    AliasChanged, CHALLENGER, Changed, HistoryEntry, MetricComparison, Plan, PlanAction, Pointer, Serving, ServingBy, Stage, TagsChanged,
    Verification, VerificationFinding,
};

/// The plan as it is shown before the question, folded to the screen.
pub fn plan_text(plan: &Plan, place: &Place, screen: &Screen) -> String {
    let verb = match plan.action {
        PlanAction::Promote => "promote",
        PlanAction::Rollback => "roll back to",
    };
    let moved = match plan.pointer.alias_alone() {
        Some(alias) => format!("alias {}", sanitize::line(alias)),
        None => format!("{} → {}", plan.from_stage.as_str(), plan.to_stage.as_str()),
    };
    let mut text =
        format!("{}\nplan: {verb} {}@{}, {moved}\n", sanitize::line(&place.to_string()), sanitize::line(&plan.model), plan.version);
    let _ = writeln!(text, "  registry {}, revision {} of this model", sanitize::line(&plan.registry.id), plan.revision);
    let is_by_stage = |serving: &Serving| serving.by() != Some(ServingBy::Alias) && serving.disagreement().is_none();
    let told = plan.serving.as_ref().filter(|serving| plan.pointer.alias_alone().is_some() || !is_by_stage(serving));
    let _ = match told {
        Some(serving) => writeln!(text, "  serves now: {}", sanitize::line(&serving.to_string())),
        None => writeln!(text, "  in Production now: {}", plan.champion.map_or("none".into(), |champion| format!("version {champion}"))),
    };
    let leaves = plan.serving.as_ref().and_then(|serving| serving.disagreement().and(serving.production));
    for archived in &plan.archives {
        let whom = if leaves == Some(*archived) { ", which services that go by the stage use now" } else { "" };
        let _ = writeln!(text, "  will be archived: {}@{archived}{whom}", sanitize::line(&plan.model));
    }
    if let Some((alias, serving)) = alias_beside_stage(plan).zip(plan.serving.as_ref()) {
        let alias = sanitize::line(alias);
        let _ = match serving.aliased {
            // Where both name the former version the alias goes with the stage, as everybody expects.
            Some(former) if serving.production == Some(former) => Ok(()),
            Some(former) if former == plan.version => Ok(()),
            Some(former) => {
                let model = sanitize::line(&plan.model);
                writeln!(text, "  will lose the alias {alias}: {model}@{former}, which services that go by the alias use now")
            }
            None => writeln!(text, "  will get the alias {alias}, which names no version now"),
        };
    }
    text.push_str(&left_behind(plan).unwrap_or_default());
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

/// What the pointer that the plan does not move goes on naming, and to whom that matters.
fn left_behind(plan: &Plan) -> Option<String> {
    let serving = plan.serving.as_ref().filter(|_| plan.makes_serving())?;
    let model = sanitize::line(&plan.model);
    match &plan.pointer {
        Pointer::Both { .. } => None,
        Pointer::Stage => serving.aliased.filter(|aliased| *aliased != plan.version).map(|aliased| {
            let alias = sanitize::line(&serving.alias);
            format!("  the alias {alias} stays at {model}@{aliased}: services that go by the alias go on using it\n")
        }),
        Pointer::Alias { .. } => serving
            .production
            .filter(|production| *production != plan.version)
            .map(|production| format!("  {model}@{production} stays in Production: services that go by the stage go on using it\n")),
    }
}

/// The alias that goes with the stage of a version which will serve.
fn alias_beside_stage(plan: &Plan) -> Option<&str> {
    match &plan.pointer {
        Pointer::Both { alias } if plan.makes_serving() => Some(alias),
        Pointer::Both { .. } | Pointer::Stage | Pointer::Alias { .. } => None,
    }
}

/// How the version does beside the champion.
fn evidence(text: &mut String, plan: &Plan, screen: &Screen) {
    let Some(verdict) = &plan.verdict else { return };
    if !plan.comparison.is_empty() {
        const COLUMNS: [Column; 3] = [Column::Text("METRIC"), Column::Number("CHAMPION"), Column::Number("THIS VERSION")];
        let row = |row: &MetricComparison| vec![row.metric.clone(), metric(row.champion), metric(row.version)];
        let _ = writeln!(text, "  both on the same {} tickets:", count(verdict.ticket_count));
        for line in table(&COLUMNS, &plan.comparison.iter().map(row).collect::<Vec<_>>(), &screen.set_in(2)).lines() {
            let _ = writeln!(text, "  {line}");
        }
    }
    let made_up = if verdict.synthetic { " (the tickets say of themselves that they were made up)" } else { "" };
    let _ = writeln!(text, "  evidence: {}: {}{made_up}", verdict.advice, sanitize::line(&verdict.reason));
}

impl View for ChangeReport {
    fn text(&self, screen: &Screen) -> String {
        let Changed { model, version, from_stage, to_stage, .. } = &self.change;
        if let Some(planned) = &self.planned {
            let refused = planned.refused.as_ref().map(refused).unwrap_or_default();
            return format!("{}{refused}nothing was changed\n", plan_text(&planned.plan, &planned.registry, screen));
        }
        if let Some(place) = &self.place {
            let place = sanitize::line(&place.to_string());
            let would = match self.change.pointer.alias_alone() {
                Some(alias) => format!("would take the alias {alias} from {model}@{version}"),
                None => format!("would archive {model}@{version} ({})", from_stage.as_str()),
            };
            return format!("{place}\n{would}\n{}nothing was changed\n", serves_then(&self.change, "would serve then"));
        }
        if let Some(alias) = self.change.pointer.alias_alone() {
            return alias_moved(&self.change, alias, self.cache_ttl_seconds);
        }
        if !self.change.changed {
            return format!("{model}@{version} is in {} already; nothing was changed\n", to_stage.as_str());
        }
        if let Some(alias) = self.change.alias_that_joined() {
            let former = former(&self.change);
            let moved =
                format!("{model}@{version}: alias {}: {former} → version {version}; it stays in Production\n", sanitize::line(alias));
            return moved + &picked_up(self.cache_ttl_seconds);
        }
        let mut text = format!("{model}@{version}: {} → {}\n", from_stage.as_str(), to_stage.as_str());
        if *to_stage == Stage::Production {
            let former = self.change.previous_champion.map_or("none".into(), |former| format!("version {former}"));
            let _ = writeln!(text, "in Production: {former} → version {version}");
        }
        for archived in &self.change.archived {
            let _ = writeln!(text, "{model}@{archived} was archived");
        }
        text.push_str(&serves_then(&self.change, "serves now"));
        text.push_str(&picked_up(self.cache_ttl_seconds));
        text
    }

    fn names(&self) -> Vec<String> {
        match (&self.planned, &self.place) {
            (None, None) => vec![format!("{}@{}", self.change.model, self.change.version)],
            _ => Vec::new(),
        }
    }

    fn next(&self) -> Vec<Hint> {
        let Changed { model, version, previous_champion, .. } = &self.change;
        match &self.planned {
            Some(PlannedChange { refused: Some(refused), .. }) => return refused.hints.clone(),
            Some(PlannedChange { file: Some(path), .. }) => return vec![commands::apply(path.display()).into()],
            Some(_) => return vec!["the same command without --dry-run".into()],
            None if !self.change.changed => return Vec::new(),
            // Taken out of service: what serves now, or that nothing does.
            None if self.change.ends_service() => {
                return vec![match self.change.serves {
                    Some(serves) => commands::models_show(format!("{model}@{serves}")).into(),
                    None => commands::models_list_of(model).into(),
                }];
            }
            None if self.cache_ttl_seconds.is_none() => return vec![commands::models_show(format!("{model}@{version}")).into()],
            None => {}
        }
        let serves = match self.change.pointer.alias_alone() {
            Some(alias) => format!("{model}:{alias}"),
            None => format!("{model}#production"),
        };
        let mut next = vec![commands::models_show(serves).into()];
        if let Some(former) = previous_champion.filter(|former| former != version) {
            next.push((format!("to put version {former} back: "), commands::models_rollback_to(model, former)).into());
        }
        next
    }
}

/// What serves after a version was taken out of service.
fn serves_then(change: &Changed, words: &str) -> String {
    match change.serves {
        _ if !change.ends_service() => String::new(),
        Some(serves) => format!("{}@{serves} {words}\n", change.model),
        None => format!("no version of {} {words}\n", change.model),
    }
}

/// The version that an alias named before; none where it came to the one that serves.
fn former(change: &Changed) -> String {
    let former = change.previous_champion.filter(|former| *former != change.version);
    former.map_or("none".into(), |former| format!("version {former}"))
}

/// Why a plan would be refused, in a line.
fn refused(refused: &RefusedPlan) -> String {
    let because: String = refused.causes.iter().map(|cause| format!("; {cause}")).collect();
    sanitize::line(&format!("would be refused: {}{because}", refused.message)) + "\n"
}

/// What an alias that moves alone came to.
fn alias_moved(change: &Changed, alias: &str, cache_ttl_seconds: Option<u64>) -> String {
    let Changed { model, version, previous_champion, .. } = change;
    let alias = sanitize::line(alias);
    let former = former(change);
    let is_archived = change.archived.contains(version);
    match (change.changed, is_archived) {
        (false, _) if change.changes_service() && *previous_champion != Some(*version) => {
            format!("{model}@{version} serves nobody: it has neither the alias {alias} nor {CHALLENGER}; nothing was changed\n")
        }
        (false, _) => format!("{model}@{version}: the alias {alias} is as wanted already; nothing was changed\n"),
        (true, true) => format!(
            "{model}@{version}: the alias {alias} was taken away\n{}{}",
            serves_then(change, "serves now"),
            picked_up(cache_ttl_seconds)
        ),
        (true, false) if change.changes_service() && *previous_champion == Some(*version) => {
            format!("{model}@{version}: alias {alias}, beside the stage by which it serves\n")
        }
        (true, false) if change.changes_service() => format!(
            "{model}@{version}: alias {alias}\nin Production: {former} → version {version}, by the alias {alias}; no stage was changed\n{}",
            picked_up(cache_ttl_seconds)
        ),
        (true, false) => format!("{model}@{version}: alias {alias}; no stage was changed\n"),
    }
}

fn picked_up(cache_ttl_seconds: Option<u64>) -> String {
    cache_ttl_seconds.map_or_else(String::new, |seconds| format!("services pick it up within {seconds} s (ML_MODEL_CACHE_TTL_SECONDS)\n"))
}

impl View for ArchiveOlderReport {
    fn text(&self, _: &Screen) -> String {
        let mut text = self.place.as_ref().map(|place| format!("{place}\n")).unwrap_or_default();
        for item in &self.items {
            let _ = match item {
                ArchivedVersion::Done(changed) => writeln!(text, "{}@{} was archived", changed.model, changed.version),
                ArchivedVersion::Planned { model, version, from_stage, .. } => {
                    writeln!(text, "would archive {model}@{version} ({})", from_stage.as_str())
                }
            };
        }
        if self.place.is_some() && self.items.is_empty() {
            text.push_str("there is nothing to archive\n");
        }
        text
    }

    fn names(&self) -> Vec<String> {
        let done = |item: &ArchivedVersion| match item {
            ArchivedVersion::Done(changed) => Some(format!("{}@{}", changed.model, changed.version)),
            ArchivedVersion::Planned { .. } => None,
        };
        self.items.iter().filter_map(done).collect()
    }
}

impl AliasReport {
    /// Where the alias went.
    fn moved(&self) -> String {
        let version = |version: Option<u32>| version.map_or("no version".to_owned(), |version| format!("version {version}"));
        let AliasChanged { model, alias, from_version, to_version, .. } = &self.alias;
        format!("{model}:{alias} pointed at {}, now at {}\n", version(*from_version), version(*to_version))
    }
}

impl View for AliasReport {
    fn text(&self, screen: &Screen) -> String {
        if let Some(change) = &self.change {
            let is_beside = change.change.changed && change.change.pointer.moves_stage() && change.change.alias_that_joined().is_none();
            let moved = if is_beside { self.moved() } else { String::new() };
            return change.text(screen) + &moved;
        }
        let version = |version: Option<u32>| version.map_or("no version".to_owned(), |version| format!("version {version}"));
        let AliasChanged { model, alias, from_version, to_version, .. } = &self.alias;
        let to = version(*to_version);
        if let Some(place) = self.place.as_ref().filter(|_| from_version != to_version) {
            let place = sanitize::line(&place.to_string());
            return format!(
                "{place}\n{model}:{alias} points at {}, and would point at {to}\nnothing was changed\n",
                version(*from_version)
            );
        }
        match self.alias.changed {
            true => self.moved(),
            false => format!("{model}:{alias} points at {to} already; nothing was changed\n"),
        }
    }

    fn next(&self) -> Vec<Hint> {
        self.change.as_ref().map(|change| change.next()).unwrap_or_default()
    }
}

impl View for TagReport {
    fn text(&self, _: &Screen) -> String {
        let TagsChanged { model, version, after, changed, .. } = &self.tags;
        let place = self.place.as_ref().map(|place| format!("{}\n", sanitize::line(&place.to_string()))).unwrap_or_default();
        let would = self.place.is_some() && !after.is_empty();
        let state = if *changed || would { "" } else { ": the tags are so already" };
        let mut text = format!("{place}{model}@{version}{state}\n");
        for (key, after) in after {
            let _ = writeln!(text, "{}: {}", sanitize::line(key), after.as_deref().map_or("removed".into(), sanitize::line));
        }
        if self.place.is_some() {
            text.push_str("nothing was changed\n");
        }
        text
    }
}

impl View for HistoryReport {
    fn text(&self, screen: &Screen) -> String {
        const COLUMNS: [Column; 7] = [
            Column::Text("AT"),
            Column::Text("EVENT"),
            Column::Number("VERSION"),
            Column::Text("STAGE"),
            Column::Text("BY"),
            Column::Text("SOURCE"),
            Column::Text("REASON"),
        ];
        table(&COLUMNS, &self.items.iter().map(event).collect::<Vec<_>>(), screen)
    }
}

fn event(entry: &HistoryEntry) -> Vec<String> {
    let stage = match (&entry.from_stage, &entry.to_stage) {
        _ if entry.alias.is_some() => alias_moves(entry),
        (Some(from), Some(to)) if from != to => format!("{from} → {to}"),
        (_, Some(to)) => to.clone(),
        (Some(from), None) => from.clone(),
        (None, None) => "-".into(),
    };
    let event = if entry.forced { format!("{} (forced)", entry.event) } else { entry.event.clone() };
    let number = entry.version.map_or("-".into(), |version| version.to_string());
    let at = entry.at.get(..19).unwrap_or(&entry.at).replace('T', " ");
    let by = entry.by.clone().unwrap_or_else(|| "-".into());
    vec![at, event, number, stage, by, entry.source.clone(), entry.reason.clone().unwrap_or_default()]
}

/// Where an alias went: `champion 1 → 2`.
fn alias_moves(entry: &HistoryEntry) -> String {
    let alias = sanitize::line(entry.alias.as_deref().unwrap_or_default());
    let number = |version: Option<u32>| version.map_or("none".into(), |version| version.to_string());
    format!("{alias} {} → {}", number(entry.alias_from), number(entry.alias_to))
}

impl View for Verification {
    fn text(&self, screen: &Screen) -> String {
        let many = |number: u32, noun: &str| if number == 1 { format!("1 {noun}") } else { format!("{} {noun}s", count(number)) };
        let mut text = format!(
            "{}, {}, {}, {} compared with their digests\n",
            many(self.models, "model"),
            many(self.versions, "version"),
            many(self.files, "file"),
            bytes(self.bytes)
        );
        if !self.unrecorded.is_empty() {
            let _ = writeln!(text, "made by another tool, so nothing to compare with: {}", self.unrecorded.join(", "));
        }
        if !self.forgotten.is_empty() {
            let forgotten = self.forgotten.join(", ");
            let _ = writeln!(text, "MLflow has deleted the run or the logged model, and what tells of it is the files alone: {forgotten}");
        }
        if self.findings.is_empty() {
            let what = if self.forgotten.is_empty() { "everything" } else { "every file" };
            let _ = writeln!(text, "{what} is as it was registered");
            return text;
        }
        let row = |finding: &VerificationFinding| {
            let named = finding.version.map_or(finding.model.clone(), |version| format!("{}@{version}", finding.model));
            vec![named, finding.problem.clone(), finding.detail.clone()]
        };
        let rows: Vec<Vec<String>> = self.findings.iter().map(row).collect();
        text.push_str(&table(&[Column::Text("WHAT"), Column::Text("PROBLEM"), Column::Text("DETAIL")], &rows, screen));
        text
    }

    /// Of files that are not what was registered: what mends it.
    fn next(&self) -> Vec<Hint> {
        let of_files = ["files_not_found", "file_missing", "digest_mismatch"];
        let broken = self.findings.iter().find(|finding| of_files.contains(&finding.problem.as_str()));
        let Some(model) = broken.map(|finding| &finding.model) else { return Vec::new() };
        vec![
            ("to register it anew from an export: ", commands::models_import("FILE")).into(),
            ("to see what would serve in its place: ", commands::models_rollback_dry_run(model)).into(),
        ]
    }
}
