//! Which versions served, one after the other, as the audit log tells it.

use crate::audit::{Action, ProductionVersion, Record};

/// What was in Production for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Version(ProductionVersion),
    Nobody,
    /// Another tool moved versions here, so what served is not known.
    Unknown,
}

/// The line of versions that served, as far as a rollback can step back along it.
///
/// A promotion adds to the end; a rollback takes away what stood behind its target, so that stepping back
/// twice goes two versions back and not to and fro.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductionHistory {
    line: Vec<Slot>,
    served: Vec<ProductionVersion>,
}

/// What a rollback finds behind the version that serves now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Previous {
    Version(ProductionVersion),
    /// Nothing served before: the log reaches back to the first promotion.
    Nobody,
    /// The log does not reach back so far.
    Unknown,
}

impl ProductionHistory {
    /// Reads the line from a model's records, oldest first. Records that moved no stages are passed over.
    pub fn from_records<'a>(records: impl IntoIterator<Item = &'a Record>) -> ProductionHistory {
        let mut serving = ProductionHistory::default();
        for record in records.into_iter().filter(|record| record.moved_stages()) {
            serving.add(record);
        }
        serving
    }

    fn add(&mut self, record: &Record) {
        let slot = |served: Option<ProductionVersion>| served.map_or(Slot::Nobody, Slot::Version);
        let (before, after) = (slot(record.before.production), slot(record.after.production));
        match self.line.last() {
            Some(last) if *last == before => {}
            None if before == Slot::Nobody => self.line.push(before),
            _ => self.line.extend([Slot::Unknown, before]),
        }
        self.served.extend([record.before.production, record.after.production].into_iter().flatten());
        if after == before {
            return;
        }
        let earlier = self.line.iter().rposition(|slot| *slot == after);
        match earlier {
            Some(at) if record.action == Action::Rollback => self.line.truncate(at + 1),
            _ => self.line.push(after),
        }
    }

    /// Whether no move is recorded at all.
    pub fn is_empty(&self) -> bool {
        self.line.is_empty()
    }

    /// What served before `now`, the version in Production.
    pub fn previous(&self, now: Option<ProductionVersion>) -> Previous {
        let now = now.map_or(Slot::Nobody, Slot::Version);
        match self.line.split_last() {
            Some((last, earlier)) if *last == now => {
                let found = earlier.iter().rev().find(|slot| **slot != Slot::Nobody);
                match found {
                    Some(Slot::Version(served)) => Previous::Version(*served),
                    Some(Slot::Unknown) => Previous::Unknown,
                    Some(Slot::Nobody) | None => Previous::Nobody,
                }
            }
            _ => Previous::Unknown,
        }
    }

    /// Whether the log says that this version served once.
    pub fn has_served(&self, version: ProductionVersion) -> bool {
        self.served.contains(&version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{Actor, Phase, RecordedState, Success};

    fn served(version: u32) -> ProductionVersion {
        ProductionVersion { version, created_at: 0 }
    }

    /// A move of Production from one version to another; 0 is nobody.
    fn moved(action: Action, from: u32, to: u32) -> Record {
        let standing = |version: u32| RecordedState { production: (version > 0).then(|| served(version)), ..RecordedState::default() };
        Record {
            sequence: 1,
            previous: String::new(),
            at: String::new(),
            phase: Phase::Outcome,
            intent: None,
            action,
            model: "m".into(),
            version: None,
            before: standing(from),
            after: standing(to),
            reason: None,
            evidence: serde_json::Value::Null,
            actor: Actor::default(),
            success: Some(Success::Done),
            failure: None,
            duration_ms: None,
            tool: String::new(),
        }
    }

    fn serving(moves: &[(Action, u32, u32)]) -> ProductionHistory {
        let records: Vec<Record> = moves.iter().map(|&(action, from, to)| moved(action, from, to)).collect();
        ProductionHistory::from_records(&records)
    }

    use Action::{Archive, Promote, Rollback};

    #[test]
    fn a_rollback_steps_back_and_not_to_and_fro() {
        let three = serving(&[(Promote, 0, 1), (Promote, 1, 2), (Promote, 2, 3)]);
        assert_eq!(three.previous(Some(served(3))), Previous::Version(served(2)));
        let back = serving(&[(Promote, 0, 1), (Promote, 1, 2), (Promote, 2, 3), (Rollback, 3, 2)]);
        assert_eq!(back.previous(Some(served(2))), Previous::Version(served(1)));
        assert!(back.has_served(served(3)) && !back.has_served(served(4)));
        let twice = serving(&[(Promote, 0, 1), (Promote, 1, 2), (Rollback, 2, 1)]);
        assert_eq!(twice.previous(Some(served(1))), Previous::Nobody);
    }

    #[test]
    fn after_an_archive_the_version_that_served_last_is_the_one_before() {
        let archived = serving(&[(Promote, 0, 1), (Archive, 1, 0)]);
        assert_eq!(archived.previous(None), Previous::Version(served(1)));
        let again = serving(&[(Promote, 0, 1), (Archive, 1, 0), (Promote, 0, 2)]);
        assert_eq!(again.previous(Some(served(2))), Previous::Version(served(1)));
    }

    #[test]
    fn moves_by_other_tools_leave_a_gap_that_is_not_stepped_over() {
        let adopted = serving(&[(Promote, 4, 5)]);
        assert_eq!(adopted.previous(Some(served(5))), Previous::Version(served(4)));
        let back = serving(&[(Promote, 4, 5), (Rollback, 5, 4)]);
        assert_eq!(back.previous(Some(served(4))), Previous::Unknown);
        let gap = serving(&[(Promote, 0, 1), (Promote, 7, 8)]);
        assert_eq!(gap.previous(Some(served(8))), Previous::Version(served(7)));
        assert_eq!(gap.previous(Some(served(9))), Previous::Unknown, "somebody else put 9 there");
        assert_eq!(ProductionHistory::default().previous(Some(served(1))), Previous::Unknown);
    }

    #[test]
    fn a_version_of_the_same_number_made_later_has_not_served() {
        let serving = serving(&[(Promote, 0, 1)]);
        assert!(!serving.has_served(ProductionVersion { version: 1, created_at: 99 }));
    }
}
