//! The first reading: what there is, how many tickets get a prediction, and the tickets themselves while they are few.

use std::collections::{BTreeMap, HashSet};

use super::errors::ErrorAccumulator;
use super::pending::{DueState, Eligibility, Gathered};
use super::request::BackfillSettings;
use crate::error::Result;
use crate::lifecycle::ModelVersion;
use crate::ops::Progress;
use crate::ops::reading::TELL_EVERY;
use crate::source::TicketRevision;
use crate::ticket::{Refusal, Ticket, TicketFilter, TicketOutcome, Window};

/// Labelled tickets are counted by spans of ten minutes, so that slices of time can be cut with as many in each.
pub(super) const SLOT_MS: i64 = 600_000;

/// Labelled tickets by the span in which they were created: its number, and how many.
pub(super) type Slots = BTreeMap<i64, u32>;

/// Takes tickets in one by one.
pub(super) struct FirstPass<'r> {
    request: &'r BackfillSettings,
    version: &'r ModelVersion,
    /// `None` while it hangs on the newest ticket.
    window: Option<Window>,
    held: usize,
    filter: TicketFilter,
    /// `None` once there are too many to be held.
    gathered: Option<Gathered>,
    slots: Slots,
    /// By the digest of their `_id`, tickets whose id came before.
    refused: HashSet<u64>,
    present: ErrorAccumulator,
    already: u64,
    /// Those of a window that is not known yet: created, id, predicted and actual ms.
    waiting: Vec<(i64, String, f64, f64)>,
    not_writable: u64,
    of_others: u64,
    /// Whose predictions are written over, and how many; while they are not held.
    replaces: BTreeMap<String, u64>,
    eligible: u64,
    outside_window: u64,
    not_yet_known: u64,
    newest: Option<i64>,
}

/// What there is.
pub(super) struct FirstPassCounts {
    /// The labelled tickets; `None` where there are too many to be held.
    pub gathered: Option<Gathered>,
    pub present: ErrorAccumulator,
    pub skipped: BTreeMap<String, u64>,
    /// Only where the tickets are not held.
    pub eligible: u64,
    /// Whose predictions are written over, and how many; only where the tickets are not held.
    pub replaces: BTreeMap<String, u64>,
    pub slots: Slots,
    pub refused: HashSet<u64>,
    pub read: u64,
    pub sentence: String,
}

impl<'r> FirstPass<'r> {
    pub(super) fn new(
        request: &'r BackfillSettings,
        version: &'r ModelVersion,
        window: Option<Window>,
        held: usize,
        ids_are_unique: bool,
    ) -> Self {
        FirstPass {
            request,
            version,
            window,
            held,
            filter: TicketFilter::new(request.labels.clone(), None).trusting_ids(ids_are_unique).needing_predictions(true),
            gathered: Some(Gathered::default()),
            slots: Slots::new(),
            refused: HashSet::new(),
            present: ErrorAccumulator::default(),
            already: 0,
            waiting: Vec::new(),
            not_writable: 0,
            of_others: 0,
            replaces: BTreeMap::new(),
            eligible: 0,
            outside_window: 0,
            not_yet_known: 0,
            newest: None,
        }
    }

    pub(super) fn take(&mut self, ticket: &Ticket, revision: Option<TicketRevision>, progress: &dyn Progress) -> Result<()> {
        self.newest = self.newest.max(ticket.created_at);
        match self.filter.admit(ticket) {
            Ok(outcome) => self.count_in(ticket, &outcome, revision),
            Err(Refusal::DuplicateId) => self.refused.extend(revision.map(|revision| revision.digest())),
            Err(_) => {}
        }
        let read = self.filter.quality().read();
        if read.is_multiple_of(TELL_EVERY) {
            progress.advance_to(read);
        }
        Ok(())
    }

    fn count_in(&mut self, ticket: &Ticket, outcome: &TicketOutcome, revision: Option<TicketRevision>) {
        let created_at = ticket.created_at.unwrap_or(0);
        let mut candidate = None;
        match Eligibility::of(ticket, revision.as_ref(), self.version, self.request.replace) {
            Eligibility::Present(predicted_ms) => match self.window {
                Some(window) => self.count_present(&window, created_at, &ticket.ticket_id, predicted_ms, outcome.duration_ms),
                None => self.waiting.push((created_at, ticket.ticket_id.to_string(), predicted_ms, outcome.duration_ms)),
            },
            Eligibility::NotWritable => self.not_writable += 1,
            Eligibility::OfOthers => self.of_others += u64::from(self.window.is_none_or(|window| window.contains(created_at))),
            Eligibility::Candidate(replaces) => {
                candidate = Some((revision, replaces.clone()));
                let known_at = outcome.known_at.max(created_at.saturating_add(1));
                match self.window.map(|window| DueState::of(created_at, known_at, &window, self.request.as_of)) {
                    Some(DueState::Due) => {
                        self.eligible += 1;
                        replaces.into_iter().for_each(|whose| *self.replaces.entry(whose).or_default() += 1);
                    }
                    Some(DueState::OutsideWindow) => self.outside_window += 1,
                    Some(DueState::NotYetKnown) => self.not_yet_known += 1,
                    None => {}
                }
            }
        }
        if let Some(gathered) = &mut self.gathered {
            gathered.push(ticket, outcome, candidate);
        }
        *self.slots.entry(created_at.div_euclid(SLOT_MS)).or_default() += 1;
        if self.window.is_some() && self.gathered.as_ref().is_some_and(|gathered| gathered.len() > self.held) {
            self.gathered = None;
        }
    }

    fn count_present(&mut self, window: &Window, created_at: i64, ticket_id: &str, predicted_ms: f64, actual_ms: f64) {
        if window.contains(created_at) {
            self.present.add(ticket_id, predicted_ms, actual_ms);
            self.already += 1;
        }
    }

    /// The largest `created_at` so far, milliseconds since the epoch.
    pub(super) fn newest(&self) -> Option<i64> {
        self.newest
    }

    /// What there is in `window`. Where the tickets are held, their candidates tell how many are due, outside and not
    /// yet known.
    pub(super) fn count(mut self, window: &Window) -> FirstPassCounts {
        for (created_at, ticket_id, predicted_ms, actual_ms) in std::mem::take(&mut self.waiting) {
            self.count_present(window, created_at, &ticket_id, predicted_ms, actual_ms);
        }
        let quality = self.filter.quality();
        let mut skipped: BTreeMap<String, u64> = quality.refused().map(|(reason, count)| (reason.to_owned(), count)).collect();
        let mut more = vec![
            ("already_predicted", self.already),
            ("predictions_no_object", self.not_writable),
            ("predicted_by_others", self.of_others),
        ];
        if self.gathered.is_none() {
            more.extend([("outside_window", self.outside_window), ("not_yet_known", self.not_yet_known)]);
        }
        for (reason, count) in more {
            *skipped.entry(reason.to_owned()).or_default() += count;
        }
        let (read, sentence) = (quality.read(), quality.sentence());
        let FirstPass { gathered, present, eligible, replaces, slots, refused, .. } = self;
        FirstPassCounts { gathered, present, skipped, eligible, replaces, slots, refused, read, sentence }
    }
}
