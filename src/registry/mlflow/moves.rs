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
use crate::lifecycle::{ModelVersion, Stage};

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
    /// In Production before the move.
    pub(super) before: Option<ProductionVersion>,
    /// In Production after it.
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
        Record {
            sequence: self.number,
            previous: String::new(),
            at: self.at.clone(),
            phase: Phase::Outcome,
            intent: None,
            action: self.action,
            model: model.to_owned(),
            version: Some(version),
            before: RecordedState { production: self.before, stage: Some(self.from.as_str().to_owned()), ..RecordedState::default() },
            after: RecordedState { production: self.after, stage: Some(self.to.as_str().to_owned()), ..RecordedState::default() },
            reason: self.reason.clone(),
            evidence: json!({ "forced": self.forced, "plan_digest": self.plan }),
            actor: Actor { user: self.user.clone(), host: self.host.clone(), ..Actor::default() },
            success: Some(Success::Done),
            failure: None,
            duration_ms: None,
            tool: String::new(),
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

    /// The begun move, where the server did what it meant: only its record is missing.
    pub(super) fn unrecorded(&self) -> Option<&Move> {
        let begun = self.begun.as_ref().filter(|begun| begun.to == self.version.stage)?;
        self.moves.iter().all(|done| done.number != begun.number).then_some(begun)
    }

    /// The value of the tag with one more move, the oldest left out where they would be too many.
    pub(super) fn with(&self, done: &Move) -> String {
        let mut moves: Vec<&Move> = self.moves.iter().chain([done]).collect();
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
        .flat_map(|moved| moved.moves.iter().chain(moved.unrecorded()).map(move |one| (one.number, (of(moved), one))))
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
        version.moves = vec![one(3)];
        assert!(version.unrecorded().is_none());
    }
}
