//! One ticket reduced to numbers and codes: everything the features need, without its words.

use std::collections::HashMap;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use super::reference::{CONSISTENCY, DELIVERY, DURABILITY, RISK, TASK, level};
use crate::ticket::{Ticket, TicketOutcome, TicketStatus};

/// A word's number in a [`Dictionary`]; [`UNKNOWN`] for a word that is absent or was never seen.
pub type WordCode = u32;

/// The code of a word that is absent or was never seen.
pub const UNKNOWN: WordCode = WordCode::MAX;

/// Creation time of a ticket that has none: before everything, so it sees no history.
pub const NO_TIME: i64 = i64::MIN;

/// When an outcome is known that never comes.
pub const NEVER: i64 = i64::MAX;

/// Words in the order in which they were first seen, and their numbers.
///
/// ```
/// use hivectl::features::encoded::{Dictionary, UNKNOWN};
///
/// let mut task_types = Dictionary::default();
/// assert_eq!((task_types.learn("BUILD"), task_types.learn("TEST"), task_types.learn("BUILD")), (0, 1, 0));
/// assert_eq!(task_types.code("DEPLOY"), UNKNOWN);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<CompactString>", into = "Vec<CompactString>")]
pub struct Dictionary {
    codes: HashMap<CompactString, WordCode>,
    words: Vec<CompactString>,
}

impl Dictionary {
    /// The code of `word`, a new one when it was not seen before.
    pub fn learn(&mut self, word: &str) -> WordCode {
        if let Some(&code) = self.codes.get(word) {
            return code;
        }
        let code = self.words.len() as WordCode;
        self.words.push(word.into());
        self.codes.insert(word.into(), code);
        code
    }

    /// The code of `word`, [`UNKNOWN`] when it was never learned.
    pub fn code(&self, word: &str) -> WordCode {
        self.codes.get(word).copied().unwrap_or(UNKNOWN)
    }

    /// The words by code.
    pub fn words(&self) -> &[CompactString] {
        &self.words
    }
}

impl Vocabulary {
    /// Whether every code of `earlier` means the same word here.
    pub fn extends(&self, earlier: &Vocabulary) -> bool {
        let pairs = [
            (&self.task_types, &earlier.task_types),
            (&self.risk_bands, &earlier.risk_bands),
            (&self.requesters, &earlier.requesters),
            (&self.executables, &earlier.executables),
        ];
        pairs.iter().all(|(now, before)| now.words.starts_with(&before.words))
    }
}

impl From<Vec<CompactString>> for Dictionary {
    fn from(words: Vec<CompactString>) -> Self {
        let mut dictionary = Dictionary::default();
        words.iter().for_each(|word| {
            dictionary.learn(word);
        });
        dictionary
    }
}

impl From<Dictionary> for Vec<CompactString> {
    fn from(dictionary: Dictionary) -> Self {
        dictionary.words
    }
}

/// The words behind the codes of [`EncodedTicket`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Vocabulary {
    pub task_types: Dictionary,
    pub risk_bands: Dictionary,
    pub requesters: Dictionary,
    pub executables: Dictionary,
}

/// What the features, the history and the labels need of one ticket; 88 bytes.
///
/// Numbers are as in [`Ticket`]: an absent one is NaN, an absent time [`NO_TIME`] or [`NEVER`].
///
/// ```
/// use hivectl::features::{EncodedTicket, Vocabulary};
/// use hivectl::ticket::Ticket;
///
/// let mut vocabulary = Vocabulary::default();
/// let encoded = EncodedTicket::learn(&Ticket { task_type: "BUILD".into(), ..Ticket::default() }, None, 0, &mut vocabulary);
/// assert_eq!(vocabulary.task_types.words()[encoded.task_type as usize], "BUILD");
/// assert!(!encoded.is_labelled());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct EncodedTicket {
    /// Milliseconds since the epoch; [`NO_TIME`] when absent.
    pub created_at: i64,
    /// From when on the outcome may be used, milliseconds since the epoch; [`NEVER`] without outcome.
    /// Always later than `created_at`, so that no ticket can know its own outcome.
    pub known_at: i64,
    /// The label; NaN when the ticket has none.
    pub duration_ms: f64,
    pub estimated_duration_ms: f64,
    pub sla_timeout_ms: f64,
    pub size: f32,
    pub task_type: WordCode,
    pub risk_band: WordCode,
    /// [`UNKNOWN`] when the ticket names none.
    pub requester: WordCode,
    /// [`UNKNOWN`] when the ticket names none.
    pub executable: WordCode,
    pub capabilities_count: u32,
    pub parameters_size: u32,
    /// `None` is [`u32::MAX`].
    pub(super) retries: u32,
    /// Number of the ticket in the order it was read.
    pub source_row: u32,
    pub(super) hour: u8,
    pub(super) risk_level: u8,
    pub(super) task_level: u8,
    pub(super) delivery_level: u8,
    pub(super) consistency_level: u8,
    pub(super) durability_level: u8,
    pub status: TicketStatus,
}

impl EncodedTicket {
    /// Reads a ticket, learning new words.
    pub fn learn(ticket: &Ticket, outcome: Option<&TicketOutcome>, source_row: u32, vocabulary: &mut Vocabulary) -> Self {
        let mut encoded = EncodedTicket::without_words(ticket);
        encoded.source_row = source_row;
        encoded.task_type = vocabulary.task_types.learn(&ticket.task_type);
        encoded.risk_band = vocabulary.risk_bands.learn(&ticket.risk_band);
        encoded.requester = present(&ticket.requester).map_or(UNKNOWN, |word| vocabulary.requesters.learn(word));
        encoded.executable = present(&ticket.executable).map_or(UNKNOWN, |word| vocabulary.executables.learn(word));
        encoded.duration_ms = outcome.map_or(f64::NAN, |outcome| outcome.duration_ms);
        encoded.known_at = known_at(ticket, outcome);
        encoded
    }

    /// Reads a ticket whose outcome is not known, with the words of `vocabulary` only.
    pub fn look_up(ticket: &Ticket, vocabulary: &Vocabulary) -> Self {
        let mut encoded = EncodedTicket::without_words(ticket);
        encoded.task_type = vocabulary.task_types.code(&ticket.task_type);
        encoded.risk_band = vocabulary.risk_bands.code(&ticket.risk_band);
        encoded.requester = present(&ticket.requester).map_or(UNKNOWN, |word| vocabulary.requesters.code(word));
        encoded.executable = present(&ticket.executable).map_or(UNKNOWN, |word| vocabulary.executables.code(word));
        encoded
    }

    /// Attempts after the first; `None` when the ticket does not say.
    pub fn retry_count(&self) -> Option<u32> {
        (self.retries != u32::MAX).then_some(self.retries)
    }

    /// Whether the ticket has a label.
    pub fn is_labelled(&self) -> bool {
        !self.duration_ms.is_nan()
    }

    fn without_words(ticket: &Ticket) -> Self {
        EncodedTicket {
            created_at: ticket.created_at.unwrap_or(NO_TIME),
            known_at: NEVER,
            duration_ms: f64::NAN,
            estimated_duration_ms: ticket.estimated_duration_ms.unwrap_or(f64::NAN),
            sla_timeout_ms: ticket.sla_timeout_ms.unwrap_or(f64::NAN),
            size: ticket.size.map_or(f32::NAN, |size| size as f32),
            task_type: UNKNOWN,
            risk_band: UNKNOWN,
            requester: UNKNOWN,
            executable: UNKNOWN,
            capabilities_count: ticket.capabilities_count,
            parameters_size: ticket.parameters_size,
            retries: ticket.retry_count.unwrap_or(u32::MAX),
            source_row: 0,
            hour: ticket.created_hour.unwrap_or(u8::MAX),
            risk_level: level(RISK, &ticket.risk_band),
            task_level: level(TASK, &ticket.task_type),
            delivery_level: level(DELIVERY, &ticket.delivery_mode),
            consistency_level: level(CONSISTENCY, &ticket.consistency),
            durability_level: level(DURABILITY, &ticket.durability),
            status: ticket.status,
        }
    }
}

fn present(word: &CompactString) -> Option<&str> {
    (!word.is_empty()).then_some(word.as_str())
}

/// When the ticket's end became known. Without a completion time the earliest possible one is taken:
/// start, else creation, plus duration. A ticket that failed without a usable duration is an outcome
/// too: it counts in the success rate.
fn known_at(ticket: &Ticket, outcome: Option<&TicketOutcome>) -> i64 {
    let ended = outcome.is_some() || matches!(ticket.status, TicketStatus::Completed | TicketStatus::Failed);
    if !ended {
        return NEVER;
    }
    let duration_ms = outcome.map(|outcome| outcome.duration_ms.ceil() as i64);
    let computed = duration_ms.and_then(|duration| Some(ticket.started_at.or(ticket.created_at)?.saturating_add(duration)));
    let known = outcome.map(|outcome| outcome.known_at).or(ticket.completed_at).or(computed).unwrap_or(NEVER);
    known.max(ticket.created_at.unwrap_or(NO_TIME).saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_takes_no_more_than_88_bytes() {
        assert!(size_of::<EncodedTicket>() <= 88, "{}", size_of::<EncodedTicket>());
    }

    #[test]
    fn no_outcome_is_known_at_its_own_creation() {
        let backwards = Ticket { created_at: Some(1_000), completed_at: Some(400), status: TicketStatus::Completed, ..Ticket::default() };
        assert_eq!(EncodedTicket::learn(&backwards, None, 0, &mut Vocabulary::default()).known_at, 1_001);
        let pending = Ticket { created_at: Some(1_000), completed_at: Some(4_000), status: TicketStatus::Pending, ..Ticket::default() };
        assert_eq!(EncodedTicket::learn(&pending, None, 0, &mut Vocabulary::default()).known_at, NEVER);
    }

    #[test]
    fn absent_words_have_no_code_and_dictionaries_survive_serialising() {
        let mut vocabulary = Vocabulary::default();
        let ticket = Ticket { requester: "ana".into(), task_type: "BUILD".into(), ..Ticket::default() };
        let encoded = EncodedTicket::learn(&ticket, None, 0, &mut vocabulary);
        assert_eq!((encoded.requester, encoded.executable), (0, UNKNOWN));
        let text = serde_json::to_string(&vocabulary).unwrap();
        assert_eq!(serde_json::from_str::<Vocabulary>(&text).unwrap(), vocabulary);
    }
}
