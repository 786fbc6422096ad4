//! The life of a model, told from records of changes and the registry's own times.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ModelVersion, Stage};
use crate::audit::{Action, Record};
use crate::base::time::rfc3339_or_number;

/// One event in the life of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// RFC 3339.
    pub at: String,
    /// The word for what happened: `promote`, `registered`, …
    pub event: String,
    pub version: Option<u32>,
    /// The alias that moved, in the place of a stage or by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// The version that it named before; absent where it named none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias_from: Option<u32>,
    /// The version that it names since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias_to: Option<u32>,
    pub from_stage: Option<String>,
    pub to_stage: Option<String>,
    pub previous_champion: Option<u32>,
    pub champion: Option<u32>,
    /// `user@host`, where it is known.
    pub by: Option<String>,
    pub reason: Option<String>,
    pub forced: bool,
    pub audit_id: Option<String>,
    /// `audit` for the log, `registry` for the registry's own times, which tell less.
    pub source: String,
}

/// The events that records of changes (oldest first, each with its name in the log) and the registry's own times
/// of the versions (newest first) tell, newest first.
pub(crate) fn life(versions: &[ModelVersion], records: &[(&Record, Option<String>)]) -> Vec<HistoryEntry> {
    let mut entries: Vec<HistoryEntry> = records.iter().map(|(record, audit_id)| from_record(record, audit_id.clone())).collect();
    let known = known_stages(records.iter().map(|(record, _)| *record));
    let is_made = |record: &Record| matches!(record.action, Action::Register | Action::Import);
    let made: Vec<u32> = records.iter().filter(|(record, _)| is_made(record)).filter_map(|(record, _)| record.version).collect();
    for version in versions.iter().rev() {
        let known = known.get(&version.version).map(String::as_str);
        entries.extend(not_recorded(version, known, made.contains(&version.version)));
    }
    // The log's own order breaks ties; both are turned to newest first.
    entries.sort_by_key(instant);
    entries.reverse();
    entries
}

fn instant(entry: &HistoryEntry) -> Option<jiff::Timestamp> {
    entry.at.parse().ok()
}

fn from_record(record: &Record, audit_id: Option<String>) -> HistoryEntry {
    let moved = record.moved_stages() || record.action == Action::Register;
    let by_itself = || record.after.aliases.keys().next().filter(|_| matches!(record.action, Action::SetAlias | Action::RemoveAlias));
    let alias = record.alias_alone().or_else(|| by_itself().map(String::as_str));
    HistoryEntry {
        at: record.at.clone(),
        event: record.action.to_string(),
        version: record.version,
        alias_from: alias.and_then(|alias| record.before.aliases.get(alias).copied().flatten()),
        alias_to: alias.and_then(|alias| record.after.aliases.get(alias).copied().flatten()),
        alias: alias.map(str::to_owned),
        from_stage: record.before.stage.clone(),
        to_stage: record.after.stage.clone(),
        previous_champion: record.before.production.filter(|_| moved).map(|served| served.version),
        champion: record.after.production.filter(|_| moved).map(|served| served.version),
        by: Some(format!("{}@{}", record.actor.user, record.actor.host)),
        reason: record.reason.clone(),
        forced: record.evidence["forced"] == true,
        audit_id,
        source: "audit".into(),
    }
}

/// The stage that the log left each version in.
fn known_stages<'a>(outcomes: impl Iterator<Item = &'a Record>) -> BTreeMap<u32, String> {
    let mut known = BTreeMap::new();
    for record in outcomes {
        if let (Some(version), Some(stage)) = (record.version, &record.after.stage) {
            known.insert(version, stage.clone());
        }
        let moved = record.moved_stages() && record.alias_alone().is_none();
        if let Some(former) = record.before.production.filter(|former| moved && record.after.production != Some(*former)) {
            known.insert(former.version, Stage::Archived.as_str().to_owned());
        }
    }
    known
}

/// What the registry's own times say of a version beyond the log: that it was made, and that another tool
/// moved it.
fn not_recorded(version: &ModelVersion, known: Option<&str>, is_made: bool) -> Vec<HistoryEntry> {
    let event = |at: i64, event: &str, from: Option<&str>, to: Option<&str>| HistoryEntry {
        at: rfc3339_or_number(at),
        event: event.to_owned(),
        version: Some(version.version),
        alias: None,
        alias_from: None,
        alias_to: None,
        from_stage: from.map(str::to_owned),
        to_stage: to.map(str::to_owned),
        previous_champion: None,
        champion: None,
        by: None,
        reason: None,
        forced: false,
        audit_id: None,
        source: "registry".into(),
    };
    let stage = version.stage.as_str();
    let in_no_stage = known.is_none() && version.stage == Stage::None;
    let registered = event(version.created_at, "registered", None, Some(stage).filter(|_| in_no_stage));
    let moved = event(version.updated_at, "moved", known, Some(stage));
    let has_moved = known != Some(stage) && !in_no_stage;
    [(!is_made).then_some(registered), has_moved.then_some(moved)].into_iter().flatten().collect()
}
