//! Features of tickets as they come, one after another, with the outcomes among them.

use std::collections::BTreeMap;

use super::build::row_of;
use super::encoded::{EncodedTicket, NEVER, NO_TIME};
use super::history::History;
use super::schema::FeatureSchema;
use crate::ticket::{Ticket, TicketOutcome};

/// A model's history in service: its statistics stand still, the last durations run on with every
/// outcome, each from the moment it is known. Tickets come in the order of creation; one that comes
/// late still sees nothing from after its creation only if that was not learned yet.
#[derive(Clone, Debug)]
pub struct LiveHistory {
    history: History,
    /// Outcomes by the time they become known, and their number.
    waiting: BTreeMap<(i64, u32), EncodedTicket>,
    learned_until: i64,
    read: u32,
}

impl LiveHistory {
    /// Goes on from the history that came with a model.
    pub fn new(history: History) -> Self {
        let learned_until = history.known_until.unwrap_or(NO_TIME);
        LiveHistory { history, waiting: BTreeMap::new(), learned_until, read: 0 }
    }

    /// The features of the next ticket; its outcome, if it has one, teaches later ones from the moment
    /// it is known. Outcomes that the model's history already holds are not learned twice.
    pub fn next(&mut self, schema: &FeatureSchema, ticket: &Ticket, outcome: Option<&TicketOutcome>) -> Vec<f32> {
        let encoded = EncodedTicket::learn(ticket, outcome, self.read, self.history.vocabulary_mut());
        self.read = self.read.wrapping_add(1);
        while let Some(entry) = self.waiting.first_entry().filter(|entry| entry.key().0 <= encoded.created_at) {
            let earlier = entry.remove();
            self.history.learn_recency(&earlier);
        }
        if encoded.known_at != NEVER && encoded.known_at > self.learned_until {
            self.waiting.insert((encoded.known_at, encoded.source_row), encoded);
        }
        row_of(schema, &self.history, &encoded)
    }
}
