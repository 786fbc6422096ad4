//! Which tickets taught a model, told by a digest that travels with it.

use crate::base::sha256_hex;
use crate::features::Timeline;

/// A digest of the tickets that ended and were created from `from` until before `until`, milliseconds since the epoch:
/// their creation and duration in the order of the timeline. The same tickets read again have the same one; one ticket
/// more or less has another.
pub fn digest(timeline: &Timeline, from: i64, until: i64) -> String {
    let tickets = timeline.labelled().into_iter().map(|row| &timeline.tickets()[row as usize]);
    let within = tickets.filter(|ticket| (from..until).contains(&ticket.created_at));
    let words = within.flat_map(|ticket| [ticket.created_at.to_le_bytes(), ticket.duration_ms.to_bits().to_le_bytes()]);
    sha256_hex(&words.flatten().collect::<Vec<u8>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::TicketTable;
    use crate::ticket::{LabelSource, Ticket, TicketOutcome};

    fn timeline(durations: &[f64]) -> Timeline {
        let mut table = TicketTable::default();
        for (second, &duration_ms) in (1..).zip(durations) {
            let ticket = Ticket { created_at: Some(second * 1_000), ..Ticket::default() };
            let outcome = TicketOutcome { duration_ms, source: LabelSource::Actual, known_at: second * 1_000 + 900 };
            table.push(&ticket, Some(&outcome));
        }
        table.into_timeline()
    }

    #[test]
    fn the_same_tickets_are_known_and_others_of_that_time_are_not() {
        let known = digest(&timeline(&[500.0, 600.0, 700.0]), 1_000, 3_000);
        assert_eq!(digest(&timeline(&[500.0, 600.0]), 1_000, 3_000), known, "later ones do not count");
        assert_ne!(digest(&timeline(&[500.0, 601.0, 700.0]), 1_000, 3_000), known);
        assert_ne!(digest(&timeline(&[500.0]), 1_000, 3_000), known);
    }
}
