//! The second reading, where there are more tickets than memory is to hold: slice of time by slice of time, the next
//! one read and predicted while the one before is written.

use std::collections::HashSet;
use std::sync::mpsc::sync_channel;

use super::first_pass::{SLOT_MS, Slots};
use super::pending::{Eligibility, Gathered, PendingPrediction};
use super::request::BackfillSettings;
use crate::error::Result;
use crate::features::TicketTable;
use crate::kinds::LoadedModel;
use crate::kinds::chunks::Chunks;
use crate::lifecycle::ModelVersion;
use crate::source::{PredictionStore, Selection, TicketQuery};
use crate::ticket::{TicketFilter, Window};

/// Slices that are in memory at a time: one is written, one is given on, one is read.
const AT_A_TIME: usize = 3;

/// Tickets that are read slice by slice.
pub(super) struct Slices<'s> {
    store: &'s dyn PredictionStore,
    request: BackfillSettings,
    /// Ascending, and together the whole.
    slices: Vec<Window>,
    /// By the digest of their `_id`, tickets whose id another has.
    refused: HashSet<u64>,
}

impl<'s> Slices<'s> {
    /// Cuts `reach` where `slots` say how many tickets there are.
    pub(super) fn new(
        store: &'s dyn PredictionStore,
        request: &BackfillSettings,
        slots: &Slots,
        refused: HashSet<u64>,
        reach: &Window,
    ) -> Slices<'s> {
        Slices { store, request: request.clone(), slices: cut(slots, request.held_tickets / AT_A_TIME, reach), refused }
    }

    /// Gives the pending predictions of every slice to `visit`, in the order of creation.
    pub(super) fn each(
        &self,
        loaded: &LoadedModel,
        version: &ModelVersion,
        window: &Window,
        visit: &mut dyn FnMut(&[PendingPrediction]) -> Result<()>,
    ) -> Result<()> {
        std::thread::scope(|scope| {
            let (give, given) = sync_channel::<Result<Vec<PendingPrediction>>>(0);
            scope.spawn(move || {
                let (mut chunks, mut table) = (loaded.chunks(), TicketTable::default());
                for slice in &self.slices {
                    let items = self.read(slice, version, window, &mut chunks, &mut table);
                    let failed = items.is_err();
                    // Who writes may have failed, and wants no more.
                    if give.send(items).is_err() || failed {
                        return;
                    }
                }
            });
            given.into_iter().try_for_each(|items| visit(&items?))
        })
    }

    fn read(
        &self,
        slice: &Window,
        version: &ModelVersion,
        window: &Window,
        chunks: &mut Chunks<'_>,
        table: &mut TicketTable,
    ) -> Result<Vec<PendingPrediction>> {
        let query = TicketQuery::of(Selection::Dated(*slice)).with_predictions();
        // Who came first was found out before.
        let mut filter = TicketFilter::new(self.request.labels.clone(), None).trusting_ids(true).needing_predictions(true);
        let mut gathered = Gathered::following(std::mem::take(table));
        self.store.for_each_revision(&query, &mut |ticket, revision| {
            let within = ticket.created_at.is_some_and(|created_at| slice.contains(created_at));
            let duplicate = !self.refused.is_empty() && self.refused.contains(&revision.digest());
            if within
                && !duplicate
                && let Ok(outcome) = filter.admit(&ticket)
            {
                let candidate = match Eligibility::of(&ticket, Some(&revision), version, self.request.replace) {
                    Eligibility::Candidate(replaces) => Some((Some(revision), replaces)),
                    _ => None,
                };
                gathered.push(&ticket, &outcome, candidate);
            }
            Ok(())
        })?;
        let predicted = gathered.predict(chunks, window, &self.request)?;
        *table = chunks.pass(predicted.timeline, slice.to_ms.saturating_add(1));
        Ok(predicted.items)
    }
}

/// Slices of `reach` with so many tickets each, at most, where ten minutes have no more.
fn cut(slots: &Slots, tickets: usize, reach: &Window) -> Vec<Window> {
    let mut slices = Vec::new();
    let (mut from_ms, mut within) = (reach.from_ms, 0);
    for (slot, &count) in slots {
        let begins = slot.saturating_mul(SLOT_MS);
        if within > 0 && within + count as usize > tickets && begins > from_ms && begins <= reach.to_ms {
            slices.push(Window { from_ms, to_ms: begins - 1 });
            (from_ms, within) = (begins, 0);
        }
        within += count as usize;
    }
    slices.push(Window { from_ms, to_ms: reach.to_ms });
    slices
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_hold_as_many_tickets_as_asked_and_leave_no_moment_out() {
        let slots: Slots = [(10, 5), (11, 5), (13, 9), (14, 1), (20, 30), (21, 2)].into();
        let reach = Window { from_ms: 10 * SLOT_MS + 7, to_ms: 21 * SLOT_MS + 9 };
        let slices = cut(&slots, 10, &reach);
        let begins = |slice: &Window| slice.from_ms / SLOT_MS;
        assert_eq!(slices.iter().map(begins).collect::<Vec<_>>(), [10, 13, 20, 21]);
        assert!(slices.windows(2).all(|pair| pair[0].to_ms + 1 == pair[1].from_ms));
        assert_eq!((slices[0].from_ms, slices[3].to_ms), (reach.from_ms, reach.to_ms));
        assert_eq!(cut(&slots, 1_000, &reach), [reach]);
    }
}
