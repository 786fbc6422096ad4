//! One record of the log.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Actor;

/// What was done; its text is for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Action {
    Register,
    Promote,
    Rollback,
    Archive,
    #[strum(to_string = "alias set")]
    SetAlias,
    #[strum(to_string = "alias unset")]
    RemoveAlias,
    Tag,
    Import,
    #[strum(to_string = "drift baseline")]
    Baseline,
    /// Claimed metrics were replaced by measured ones.
    Measure,
    /// What tells what serves was changed, and not what serves.
    Migrate,
}

/// Before the change or after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Intent,
    Outcome,
}

/// How a change ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Success {
    Done,
    /// It was taken back; the registry is as before.
    Failed,
    /// The process died in it; a later change took it back.
    Interrupted,
}

/// A version that served. The time tells it from another version of the same number, made after the model
/// was deleted and begun anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductionVersion {
    pub version: u32,
    /// When the version was made, in milliseconds since the epoch.
    pub created_at: i64,
}

/// What a change touches, before it or after it. Parts that it does not touch are absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordedState {
    /// The version that serves; present in records about stages and of the aliases that move in their place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub production: Option<ProductionVersion>,
    /// The stage of the version that the record is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// Where aliases point; `None` for one that is not there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub aliases: BTreeMap<String, Option<u32>>,
    /// Tags; `None` for one that is not there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, Option<String>>,
}

/// One record of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// 1 for the first, without gaps.
    pub sequence: u64,
    /// Digest of the record before this one; 64 zeros in the first.
    pub previous: String,
    /// RFC 3339 in UTC, with milliseconds.
    pub at: String,
    pub phase: Phase,
    /// In an outcome: the sequence of its intent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<u64>,
    pub action: Action,
    pub model: String,
    /// Absent in the intent to register, whose number is not known yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    pub before: RecordedState,
    /// In an intent: what is to be.
    pub after: RecordedState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the decision rested on: plan, gate, comparison, digests.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub evidence: Value,
    pub actor: Actor,
    /// In an outcome: how it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success: Option<Success>,
    /// In an outcome that failed: why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// In an outcome: milliseconds since the intent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// The version of hivectl that wrote this.
    pub tool: String,
}

impl Record {
    /// Whether this says that a change of stages happened.
    pub fn moved_stages(&self) -> bool {
        let is_about_stages = match self.action {
            Action::Promote | Action::Rollback | Action::Archive => true,
            Action::Register => self.before.production != self.after.production,
            Action::SetAlias
            | Action::RemoveAlias
            | Action::Tag
            | Action::Import
            | Action::Measure
            | Action::Baseline
            | Action::Migrate => false,
        };
        is_about_stages && self.phase == Phase::Outcome && self.success == Some(Success::Done)
    }

    /// The alias that moved in the place of a stage.
    pub fn alias_alone(&self) -> Option<&str> {
        let is_move = matches!(self.action, Action::Promote | Action::Rollback | Action::Archive | Action::Register | Action::Import);
        let alone = is_move && (self.before.stage == self.after.stage || self.before.stage.is_none());
        self.after.aliases.keys().next().filter(|_| alone).map(String::as_str)
    }

    /// A move in one sentence: who, when, what.
    pub fn sentence(&self) -> String {
        let word =
            |served: Option<ProductionVersion>| served.map_or_else(|| "none".to_owned(), |served| format!("version {}", served.version));
        let number = |state: &RecordedState| {
            let named = state.aliases.values().next().copied().flatten();
            named.map_or_else(|| "no version".to_owned(), |version| format!("version {version}"))
        };
        let what = if let Some(alias) = self.alias_alone() {
            format!("the alias {alias} went from {} to {}", number(&self.before), number(&self.after))
        } else if self.before.production == self.after.production {
            let stage = |state: &RecordedState| state.stage.clone().unwrap_or_else(|| "None".to_owned());
            let (from, to) = (stage(&self.before), stage(&self.after));
            format!("version {} went from {from} to {to}", self.version.unwrap_or_default())
        } else {
            format!("Production went from {} to {}", word(self.before.production), word(self.after.production))
        };
        format!("{}@{} at {} ({}): {what}", self.actor.user, self.actor.host, self.at, self.action)
    }
}
