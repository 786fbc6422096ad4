//! Many encoded tickets, in the order of their creation.

use super::encoded::{Dictionary, EncodedTicket, NEVER, Vocabulary, WordCode};
use super::history::History;
use crate::statistics::random::SplitMix64;
use crate::ticket::{Ticket, TicketOutcome};

/// Tickets as they are read, 88 bytes each and one copy of every word.
///
/// ```
/// use hivectl::features::TicketTable;
/// use hivectl::ticket::Ticket;
///
/// let mut table = TicketTable::default();
/// table.push(&Ticket { created_at: Some(2_000), ..Ticket::default() }, None);
/// table.push(&Ticket { created_at: Some(1_000), ..Ticket::default() }, None);
/// let created: Vec<i64> = table.into_timeline().tickets().iter().map(|ticket| ticket.created_at).collect();
/// assert_eq!(created, [1_000, 2_000]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct TicketTable {
    tickets: Vec<EncodedTicket>,
    vocabulary: Vocabulary,
}

impl TicketTable {
    /// An empty table whose codes go on from those of `history`, for [`super::build_from`].
    pub fn continuing(history: &History) -> Self {
        TicketTable { tickets: Vec::new(), vocabulary: history.vocabulary().clone() }
    }

    /// Adds a ticket. Without an outcome it still counts as asked for and, if its status says so, as failed.
    pub fn push(&mut self, ticket: &Ticket, outcome: Option<&TicketOutcome>) {
        let encoded = EncodedTicket::learn(ticket, outcome, self.tickets.len() as u32, &mut self.vocabulary);
        self.tickets.push(encoded);
    }

    /// Number of tickets.
    pub fn len(&self) -> usize {
        self.tickets.len()
    }

    /// Whether no ticket was pushed.
    pub fn is_empty(&self) -> bool {
        self.tickets.is_empty()
    }

    /// Keeps the tickets that `keep` says yes to, in the order they were pushed.
    pub fn retain(&mut self, keep: impl FnMut(&EncodedTicket) -> bool) {
        self.tickets.retain(keep);
    }

    /// Puts the tickets in the order of creation (equal times in the order they were read).
    pub fn into_timeline(mut self) -> Timeline {
        self.tickets.sort_unstable_by_key(|encoded| (encoded.created_at, encoded.source_row));
        let mut completions: Vec<u32> =
            (0..self.tickets.len() as u32).filter(|&row| self.tickets[row as usize].known_at != NEVER).collect();
        completions.sort_unstable_by_key(|&row| (self.tickets[row as usize].known_at, row));
        Timeline { tickets: self.tickets, completions, vocabulary: self.vocabulary }
    }
}

/// Tickets in the order of creation, and the order in which their outcomes became known.
#[derive(Clone, Debug)]
pub struct Timeline {
    tickets: Vec<EncodedTicket>,
    completions: Vec<u32>,
    vocabulary: Vocabulary,
}

impl Timeline {
    /// The tickets by creation time.
    pub fn tickets(&self) -> &[EncodedTicket] {
        &self.tickets
    }

    /// Rows whose outcome becomes known, by the time that happens.
    pub fn completions(&self) -> &[u32] {
        &self.completions
    }

    /// The words behind the codes.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The same tickets with codes that go on from those of `history`, for [`super::build_from`]: one reading
    /// serves many models.
    pub fn continuing(&self, history: &History) -> Timeline {
        let mut vocabulary = history.vocabulary().clone();
        let own = &self.vocabulary;
        let task_types = recoded(&own.task_types, &mut vocabulary.task_types);
        let risk_bands = recoded(&own.risk_bands, &mut vocabulary.risk_bands);
        let requesters = recoded(&own.requesters, &mut vocabulary.requesters);
        let executables = recoded(&own.executables, &mut vocabulary.executables);
        let code = |codes: &[WordCode], code: WordCode| codes.get(code as usize).copied().unwrap_or(code);
        let mut tickets = self.tickets.clone();
        for encoded in &mut tickets {
            encoded.task_type = code(&task_types, encoded.task_type);
            encoded.risk_band = code(&risk_bands, encoded.risk_band);
            encoded.requester = code(&requesters, encoded.requester);
            encoded.executable = code(&executables, encoded.executable);
        }
        Timeline { tickets, completions: self.completions.clone(), vocabulary }
    }

    /// The table that the next period starts from: the outcomes that are known after `until` only
    /// (milliseconds since the epoch), and every word so far.
    pub fn into_following(self, until: i64) -> TicketTable {
        let mut tickets = self.tickets;
        tickets.retain(|encoded| encoded.known_at > until && encoded.known_at != NEVER);
        tickets.iter_mut().enumerate().for_each(|(row, encoded)| encoded.source_row = row as u32);
        TicketTable { tickets, vocabulary: self.vocabulary }
    }

    /// Rows with a label, by creation time.
    pub fn labelled(&self) -> Vec<u32> {
        (0..self.tickets.len() as u32).filter(|&row| self.tickets[row as usize].is_labelled()).collect()
    }

    /// Durations in ms of `rows`, the target of learning; NaN where a row has no label.
    pub fn durations_ms(&self, rows: &[u32]) -> Vec<f64> {
        rows.iter().map(|&row| self.tickets[row as usize].duration_ms).collect()
    }
}

/// The codes of `words` among `known`, which learns those it has not.
fn recoded(words: &Dictionary, known: &mut Dictionary) -> Vec<WordCode> {
    words.words().iter().map(|word| known.learn(word)).collect()
}

/// Which positions of a list of rows are trained on and which are held out; both ascending, together all of them.
///
/// ```
/// use hivectl::features::HoldoutSplit;
///
/// let split = HoldoutSplit::by_time(10, 0.2);
/// assert_eq!((split.train.len(), split.holdout), (8, vec![8, 9]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldoutSplit {
    pub train: Vec<u32>,
    pub holdout: Vec<u32>,
    by_time: bool,
}

impl HoldoutSplit {
    /// Holds out the latest `holdout_share` (0–1) of `count` positions, rounded up as scikit-learn does.
    pub fn by_time(count: usize, holdout_share: f64) -> Self {
        let cut = (count - held_out(count, holdout_share)) as u32;
        HoldoutSplit { train: (0..cut).collect(), holdout: (cut..count as u32).collect(), by_time: true }
    }

    /// Holds out as many positions, drawn without replacement.
    pub fn random(count: usize, holdout_share: f64, seed: u64) -> Self {
        let mut positions: Vec<u32> = (0..count as u32).collect();
        SplitMix64::new(seed).shuffle(&mut positions);
        let mut train = positions.split_off(held_out(count, holdout_share));
        train.sort_unstable();
        positions.sort_unstable();
        HoldoutSplit { train, holdout: positions, by_time: false }
    }

    /// Whether every held-out row is later than every training row.
    pub fn is_by_time(&self) -> bool {
        self.by_time
    }
}

fn held_out(count: usize, share: f64) -> usize {
    // The small subtraction keeps 0.2 × 5 at 1 where the product rounds up.
    ((count as f64 * share - 1e-9).ceil().max(0.0) as usize).min(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn created(at: i64, id: &str) -> Ticket {
        Ticket { created_at: Some(at), requester: id.into(), ..Ticket::default() }
    }

    #[test]
    fn the_timeline_is_ordered_by_creation_then_reading() {
        let mut table = TicketTable::default();
        for (at, id) in [(30, "c"), (10, "a"), (30, "d"), (20, "b")] {
            table.push(&created(at, id), None);
        }
        let timeline = table.into_timeline();
        assert_eq!(timeline.tickets().iter().map(|encoded| encoded.source_row).collect::<Vec<_>>(), [1, 3, 0, 2]);
        assert!(timeline.labelled().is_empty() && timeline.completions().is_empty());
    }

    #[test]
    fn one_reading_goes_on_from_the_words_of_any_history() {
        let ticket = |kind: &str, requester: &str| Ticket { task_type: kind.into(), ..created(1, requester) };
        let earlier = table_of(&[ticket("TEST", "x"), ticket("BUILD", "")]).into_timeline();
        let history = super::super::learn_all(&crate::features::FeatureSchema::reference(), &earlier, 100);
        let later = [ticket("DEPLOY", "y"), ticket("BUILD", "x"), ticket("TEST", "")];
        let recoded = table_of(&later).into_timeline().continuing(&history);
        let mut expected = TicketTable::continuing(&history);
        later.iter().for_each(|ticket| expected.push(ticket, None));
        let expected = expected.into_timeline();
        let codes = |timeline: &Timeline| {
            timeline
                .tickets()
                .iter()
                .map(|encoded| (encoded.task_type, encoded.risk_band, encoded.requester, encoded.executable))
                .collect::<Vec<_>>()
        };
        assert_eq!(codes(&recoded), codes(&expected));
        assert_eq!(recoded.tickets().iter().map(|encoded| encoded.task_type).collect::<Vec<_>>(), [2, 1, 0]);
        assert!(recoded.vocabulary().extends(history.vocabulary()));
    }

    fn table_of(tickets: &[Ticket]) -> TicketTable {
        let mut table = TicketTable::default();
        tickets.iter().for_each(|ticket| table.push(ticket, None));
        table
    }

    #[test]
    fn splits_take_the_same_share_and_lose_nothing() {
        let split = HoldoutSplit::by_time(10, 0.2);
        assert_eq!((split.train.len(), split.holdout.as_slice()), (8, [8, 9].as_slice()));
        assert_eq!(HoldoutSplit::by_time(11, 0.2).holdout.len(), 3);
        assert_eq!(HoldoutSplit::by_time(5, 0.2).holdout.len(), 1);
        assert_eq!(HoldoutSplit::by_time(0, 0.2).train.len(), 0);
        let random = HoldoutSplit::random(1_000, 0.2, 42);
        assert_eq!(random.holdout.len(), 200);
        let mut all = [random.train.clone(), random.holdout.clone()].concat();
        all.sort_unstable();
        assert_eq!(all, (0..1_000).collect::<Vec<u32>>());
        assert_ne!(random.holdout, (800..1_000).collect::<Vec<u32>>());
        assert_eq!(HoldoutSplit::random(1_000, 0.2, 42), random);
        assert_ne!(HoldoutSplit::random(1_000, 0.2, 43), random);
    }
}
