//! Who moved which version to which stage: MLflow keeps nothing of it, so each version carries its own moves.
//!
//! They are numbered through the model, under the lease, and stand in a tag of the version that was moved; all
//! versions together tell the model's history to every machine. A move that was begun stands in another tag until
//! it is done, so that whoever comes after a crash finishes it as it was meant.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::own_tags::{LONGEST_VALUE, MOVES, MOVING};
use crate::audit::{Action, Actor, Phase, ProductionVersion, Record, RecordedState, Success};
use crate::lifecycle::{ModelVersion, Pointer, Stage};

/// The longest part of a reason that is kept here; the whole reason has a tag of its own.
const LONGEST_REASON: usize = 400;

/// One move of one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Move {
    /// 1 for the model's first move; 0 for a version that was registered and not moved.
    pub(super) number: u64,
    /// RFC 3339.
    pub(super) at: String,
    pub(super) action: Action,
    /// When the version was made: another version of the same number is another one.
    pub(super) created_at: i64,
    pub(super) from: Stage,
    pub(super) to: Stage,
    /// What moves.
    #[serde(default, skip_serializing_if = "Pointer::is_default")]
    pub(super) pointer: Pointer,
    /// The version that the alias named before, where it moves alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) alias_from: Option<u32>,
    /// What served before the move.
    pub(super) before: Option<ProductionVersion>,
    /// What serves after it.
    pub(super) after: Option<ProductionVersion>,
    pub(super) user: String,
    pub(super) host: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) forced: bool,
    /// Digest of the plan that was applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) plan: Option<String>,
}

fn is_false(value: &bool) -> bool {
    !value
}

impl Move {
    /// As the audit log would tell it.
    pub(super) fn record(&self, model: &str, version: u32) -> Record {
        let alias = self.pointer.alias_without_stage(self.from, self.to);
        let aliases = |named: Option<u32>| alias.map(|alias| (alias.to_owned(), named)).into_iter().collect();
        let state = |production, stage: Stage, named| RecordedState {
            production,
            stage: Some(stage.as_str().to_owned()),
            aliases: aliases(named),
            ..RecordedState::default()
        };
        Record {
            sequence: self.number,
            previous: String::new(),
            at: self.at.clone(),
            phase: Phase::Outcome,
            intent: None,
            action: self.action,
            model: model.to_owned(),
            version: Some(version),
            before: state(self.before, self.from, self.alias_from),
            after: state(self.after, self.to, Some(version).filter(|_| !self.ends_service())),
            reason: self.reason.clone(),
            evidence: json!({ "forced": self.forced, "plan_digest": self.plan }),
            actor: Actor { user: self.user.clone(), host: self.host.clone(), ..Actor::default() },
            success: Some(Success::Done),
            failure: None,
            duration_ms: None,
            tool: String::new(),
        }
    }

    /// Whether the version is taken out of service.
    pub(super) fn ends_service(&self) -> bool {
        self.action == Action::Archive
    }

    /// Whether the server has done the step that counts: the rest is records.
    fn has_happened(&self, version: &ModelVersion) -> bool {
        match self.pointer.alias_alone() {
            Some(alias) => version.has_alias(alias) != self.ends_service(),
            None => version.stage == self.to,
        }
    }

    /// Shortens what is kept elsewhere in full.
    #[must_use]
    pub(super) fn fitting(mut self) -> Move {
        self.reason = self.reason.map(|reason| reason.chars().take(LONGEST_REASON).collect());
        self
    }
}

/// A version with its moves.
#[derive(Clone, Debug)]
pub(super) struct Moved {
    pub(super) version: ModelVersion,
    /// Oldest first.
    pub(super) moves: Vec<Move>,
    /// A move that was begun and not ended.
    pub(super) begun: Option<Move>,
}

impl Moved {
    /// Takes the moves out of the version's tags.
    pub(super) fn from_version(mut version: ModelVersion) -> Moved {
        let read = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
        let moves: Vec<Move> = version.tags.remove(MOVES).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let begun: Option<Move> = read(version.tags.remove(MOVING));
        let is_own = |one: &Move| one.created_at == version.created_at || one.created_at == 0;
        let moves: Vec<Move> = moves.into_iter().filter(is_own).collect();
        let begun = begun.filter(is_own);
        Moved { moves, begun, version }
    }

    /// The begun move, where the server did what it meant: what follows may be missing.
    pub(super) fn unfinished(&self) -> Option<&Move> {
        self.begun.as_ref().filter(|begun| begun.has_happened(&self.version))
    }

    /// The alias that an unfinished move of a stage has not moved yet.
    pub(super) fn alias_on_its_way(&self) -> Option<&str> {
        let begun = self.unfinished().filter(|begun| begun.pointer.moves_stage())?;
        let alias = begun.pointer.alias_to_move(Stage::Production)?;
        // One that nobody takes over is still there, and the same command takes it away.
        let moves = (begun.ends_service() && begun.after.is_some()) || begun.to == Stage::Production;
        (moves && self.version.has_alias(alias) == begun.ends_service()).then_some(alias)
    }

    /// The value of the tag with one more move, the oldest left out where they would be too many.
    pub(super) fn with(&self, done: &Move) -> String {
        // A move that is finished once more is not told twice.
        let mut moves: Vec<&Move> = self.moves.iter().filter(|known| known.number != done.number).chain([done]).collect();
        loop {
            let text = serde_json::to_string(&moves).unwrap_or_default();
            if text.len() <= LONGEST_VALUE || moves.len() == 1 {
                return text;
            }
            moves.remove(0);
        }
    }
}

/// The model's moves by number, each with the version that was moved.
pub(super) fn all(versions: &[Moved]) -> BTreeMap<u64, (u32, &Move)> {
    let of = |moved: &'_ Moved| moved.version.version;
    versions
        .iter()
        .flat_map(|moved| moved.moves.iter().chain(moved.unfinished()).map(move |one| (one.number, (of(moved), one))))
        .filter(|(number, _)| *number > 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::fixtures::version;

    fn moved(stage: Stage) -> Moved {
        Moved::from_version(ModelVersion { stage, created_at: 5, ..version(1) })
    }

    fn one(number: u64) -> Move {
        Move {
            number,
            at: "2026-01-01T00:00:00Z".into(),
            action: Action::Promote,
            created_at: 5,
            from: Stage::Staging,
            to: Stage::Production,
            pointer: Pointer::default(),
            alias_from: None,
            before: None,
            after: Some(ProductionVersion { version: 1, created_at: 5 }),
            user: "u".into(),
            host: "h".into(),
            reason: Some("ä".repeat(5000)),
            forced: false,
            plan: None,
        }
        .fitting()
    }

    #[test]
    fn the_newest_moves_are_kept_when_they_are_too_many() {
        let mut version = moved(Stage::Production);
        for number in 1..=50 {
            let text = version.with(&one(number));
            assert!(text.len() <= LONGEST_VALUE);
            version.moves = serde_json::from_str(&text).expect("read");
            assert_eq!(version.moves.last().map(|last| last.number), Some(number));
        }
        assert!(version.moves.len() < 50);
    }

    #[test]
    fn a_begun_move_counts_once_the_server_has_done_it() {
        let mut version = moved(Stage::Staging);
        version.begun = Some(one(3));
        assert!(all(&[version.clone()]).is_empty());
        version.version.stage = Stage::Production;
        assert_eq!(all(&[version.clone()]).keys().copied().collect::<Vec<_>>(), [3]);
        assert_eq!(version.alias_on_its_way(), Some("champion"));
        version.version.aliases.push("champion".into());
        assert_eq!(version.alias_on_its_way(), None);
        version.moves = serde_json::from_str(&version.with(&one(3))).expect("read");
        version.moves = serde_json::from_str(&version.with(&one(3))).expect("read");
        assert_eq!(version.moves.len(), 1, "finished twice and told once");
    }
}
