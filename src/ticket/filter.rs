//! Asks of each ticket, in this order, everything that can refuse it: seen before, unusable, without
//! a creation time, outside the window, not labelled, not yet known.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};

use super::{LabelRule, Quality, Refusal, Ticket, TicketOutcome, Window};

/// The ids seen so far, eight bytes each: two ids in a million share a digest once in ten million runs.
#[derive(Clone, Debug, Default)]
pub struct SeenIds {
    digests: HashSet<u64, BuildHasherDefault<DigestHasher>>,
}

impl SeenIds {
    /// Whether this id is seen for the first time. An empty id identifies nothing and is always new.
    pub fn is_new(&mut self, id: &str) -> bool {
        if id.is_empty() {
            return true;
        }
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        self.digests.insert(hasher.finish())
    }
}

/// Passes a digest through: it is already evenly spread.
#[derive(Clone, Debug, Default)]
struct DigestHasher(u64);

impl Hasher for DigestHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u64(&mut self, digest: u64) {
        self.0 = digest;
    }
}

/// Admits or refuses tickets one after the other and keeps the count.
///
/// Without a window every creation time passes; the end of the window is also the moment after which
/// an outcome is not yet known. Where the window hangs on the newest ticket, admit everything first and
/// take back what is outside with [`Quality::refuse_after_all`].
///
/// ```
/// use hivectl::ticket::{Refusal, Ticket, TicketFilter};
///
/// let mut filter = TicketFilter::default();
/// let ticket = Ticket { ticket_id: "t-1".into(), ..Ticket::default() };
/// assert_eq!(filter.admit_unlabelled(&ticket), Ok(()));
/// assert_eq!(filter.admit_unlabelled(&ticket), Err(Refusal::DuplicateId));
/// assert_eq!((filter.quality().read(), filter.quality().used()), (2, 1));
/// ```
#[derive(Clone, Debug, Default)]
pub struct TicketFilter {
    rule: LabelRule,
    window: Option<Window>,
    ids_are_unique: bool,
    needs_predictions: bool,
    seen: SeenIds,
    quality: Quality,
}

impl TicketFilter {
    /// An intake that has seen nothing.
    pub fn new(rule: LabelRule, window: Option<Window>) -> Self {
        TicketFilter { rule, window, ..TicketFilter::default() }
    }

    /// Takes the source's word that no id comes twice, and so remembers none: memory then does not grow with the
    /// number of tickets.
    pub fn trusting_ids(self, ids_are_unique: bool) -> Self {
        TicketFilter { ids_are_unique, ..self }
    }

    /// Refuses tickets whose prediction cannot be used, for who asks for predictions.
    #[must_use]
    pub fn needing_predictions(self, needs_predictions: bool) -> Self {
        TicketFilter { needs_predictions, ..self }
    }

    /// Takes a ticket to learn from and counts it.
    ///
    /// Errors: why it is refused.
    pub fn admit(&mut self, ticket: &Ticket) -> Result<TicketOutcome, Refusal> {
        let judged = self.judge(ticket);
        match &judged {
            Ok(outcome) => self.quality.count_used(Some(outcome.source), ticket.synthetic),
            Err(reason) => self.quality.count_refused_ticket(*reason, ticket),
        }
        judged
    }

    /// Takes a ticket to say something about, for which no outcome is needed, and counts it.
    ///
    /// Errors: why it is refused.
    pub fn admit_unlabelled(&mut self, ticket: &Ticket) -> Result<(), Refusal> {
        let judged = self.judge_itself(ticket);
        match judged {
            Ok(()) => self.quality.count_used(None, ticket.synthetic),
            Err(reason) => self.quality.count_refused_ticket(reason, ticket),
        }
        judged
    }

    /// The count so far.
    pub fn quality(&self) -> &Quality {
        &self.quality
    }

    /// The count, to be corrected by what shows later.
    pub fn quality_mut(&mut self) -> &mut Quality {
        &mut self.quality
    }

    /// The count, for good.
    pub fn into_quality(self) -> Quality {
        self.quality
    }

    fn judge_itself(&mut self, ticket: &Ticket) -> Result<(), Refusal> {
        if !self.ids_are_unique && !self.seen.is_new(&ticket.ticket_id) {
            return Err(Refusal::DuplicateId);
        }
        self.quality.notice(ticket);
        let prediction = ticket.aside.prediction.filter(|_| self.needs_predictions);
        ticket.unusable.or(prediction).map_or(Ok(()), |unusable| Err(Refusal::Unusable(unusable)))
    }

    fn judge(&mut self, ticket: &Ticket) -> Result<TicketOutcome, Refusal> {
        self.judge_itself(ticket)?;
        let created_at = ticket.created_at.ok_or(Refusal::WithoutCreatedAt)?;
        if self.window.is_some_and(|window| !window.contains(created_at)) {
            return Err(Refusal::OutsideWindow);
        }
        let outcome = self.rule.outcome(ticket)?;
        if self.window.is_some_and(|window| outcome.known_at > window.to_ms) {
            return Err(Refusal::NotYetKnown);
        }
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::{Problem, TicketStatus, Unusable};

    fn ticket(id: &str, created_at: i64, duration_ms: i64) -> Ticket {
        Ticket {
            ticket_id: id.into(),
            status: TicketStatus::Completed,
            created_at: Some(created_at),
            started_at: Some(created_at),
            completed_at: Some(created_at + duration_ms),
            ..Ticket::default()
        }
    }

    #[test]
    fn each_ticket_is_refused_for_the_first_reason_or_used() {
        let mut filter = TicketFilter::new(LabelRule::default(), Some(Window { from_ms: 100, to_ms: 200 }));
        let unusable = Unusable { field: "created_at", problem: Problem::NotATime };
        assert!(filter.admit(&ticket("a", 100, 50)).is_ok());
        assert_eq!(filter.admit(&ticket("a", 150, 5)), Err(Refusal::DuplicateId));
        assert_eq!(filter.admit(&ticket("b", 99, 5)), Err(Refusal::OutsideWindow));
        assert_eq!(filter.admit(&ticket("c", 201, 5)), Err(Refusal::OutsideWindow));
        assert_eq!(filter.admit(&ticket("d", 190, 11)), Err(Refusal::NotYetKnown));
        assert_eq!(filter.admit(&Ticket { unusable: Some(unusable), ..ticket("e", 1, 0) }), Err(Refusal::Unusable(unusable)));
        assert_eq!(filter.admit(&Ticket { created_at: None, ..ticket("f", 1, 1) }), Err(Refusal::WithoutCreatedAt));
        assert_eq!(filter.admit(&Ticket { status: TicketStatus::Running, ..ticket("g", 150, 1) }), Err(Refusal::NotFinished));
        assert!(filter.admit(&ticket("", 150, 1)).is_ok() && filter.admit(&ticket("", 150, 1)).is_ok(), "no id is no duplicate");
        assert_eq!((filter.quality().read(), filter.quality().used()), (10, 3));
    }

    #[test]
    fn ids_are_remembered_only_where_the_source_does_not_vouch_for_them() {
        for (trusted, second) in [(false, Err(Refusal::DuplicateId)), (true, Ok(()))] {
            let mut filter = TicketFilter::default().trusting_ids(trusted);
            assert_eq!(filter.admit_unlabelled(&ticket("a", 1, 1)), Ok(()));
            assert_eq!(filter.admit_unlabelled(&ticket("a", 1, 1)), second);
            assert_eq!(filter.seen.digests.len(), usize::from(!trusted));
        }
    }

    #[test]
    fn what_is_only_asked_about_needs_no_outcome() {
        let mut filter = TicketFilter::default();
        assert_eq!(filter.admit_unlabelled(&Ticket { ticket_id: "a".into(), ..Ticket::default() }), Ok(()));
        assert_eq!(filter.admit_unlabelled(&Ticket { ticket_id: "a".into(), ..Ticket::default() }), Err(Refusal::DuplicateId));
        assert_eq!((filter.quality().read(), filter.quality().labels(crate::ticket::LabelSource::Derived)), (2, 0));
    }
}
