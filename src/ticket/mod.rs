//! What an execution ticket is.
//!
//! [`Ticket`] is one ticket after normalisation: whatever shape it had in a file or a database,
//! times are milliseconds since the epoch, words are kept as written beside their meaning, and an
//! absent number is `None`, never a default. [`normalize`] turns the shapes found in the wild into
//! it, [`outcome`] derives its label, [`window`] which days count, [`quality`] counts what could
//! not be used and why, and [`filter`] asks them in turn, one ticket after the other.

mod aside;
mod assign;
mod field;
pub mod field_paths;
pub mod filter;
pub mod normalize;
pub mod outcome;
pub mod python_repr;
mod python_text;
pub mod quality;
pub mod time;
pub mod time_format;
pub mod window;

use compact_str::CompactString;

pub use aside::{Aside, EpochTexts, EpochUnit};
pub use assign::TextMeaning;
pub use field::ANOMALY;
pub use field::{FieldKind, known_field};
pub use field_paths::{FieldPath, FieldPaths};
pub use filter::TicketFilter;
pub use normalize::TicketSeed;
pub use outcome::{LabelRule, LabelSource, LabelWanted, TicketOutcome, ZeroDurations};
pub use quality::{MainReason, Quality, Refusal};
pub use time_format::TimeFormat;
pub use window::Window;

/// One execution ticket.
///
/// Words (`task_type`, `risk_band`, the quality-of-service modes) keep the spelling of the source;
/// an absent word is the empty string. Numbers are finite when present.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ticket {
    /// `ticket_id`, else `_id`; empty when the source has neither.
    pub ticket_id: CompactString,
    pub task_type: CompactString,
    pub risk_band: CompactString,
    pub status: TicketStatus,
    pub delivery_mode: CompactString,
    pub consistency: CompactString,
    pub durability: CompactString,
    /// Length of `required_capabilities`; 0 when it is absent or no list.
    pub capabilities_count: u32,
    /// Length in code points of what Python's `repr` prints for `parameters`; 0 when empty or absent.
    pub parameters_size: u32,
    pub estimated_duration_ms: Option<f64>,
    pub sla_timeout_ms: Option<f64>,
    pub retry_count: Option<u32>,
    /// Milliseconds since the epoch.
    pub created_at: Option<i64>,
    /// Hour 0–23 of `created_at` in the offset it was written with (UTC for numbers and dates).
    pub created_hour: Option<u8>,
    /// Milliseconds since the epoch.
    pub started_at: Option<i64>,
    /// Milliseconds since the epoch.
    pub completed_at: Option<i64>,
    pub actual_duration_ms: Option<f64>,
    pub prediction: Option<StoredPrediction>,
    /// Values of the configured fields ([`FieldPaths`]); empty when absent.
    pub requester: CompactString,
    pub executable: CompactString,
    pub size: Option<f64>,
    /// The ticket says of itself that it was made up (`metadata.synthetic`).
    pub synthetic: bool,
    /// The first value that was present but not usable, of those that every job needs. Such a ticket is refused, never
    /// filled with a default.
    pub unusable: Option<Unusable>,
    /// The same of what only some jobs need, and what is to be told of the ticket.
    pub aside: Aside,
}

/// A value that was present but says nothing: which field, and what is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Unusable {
    /// The field's dotted name, `"sla.timeout_ms"`.
    pub field: &'static str,
    pub problem: Problem,
}

/// What can be wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Problem {
    /// A word, a list, an object, true or false where a number belongs, or a number that is not finite.
    NotANumber,
    /// A negative count, duration or time-out.
    Negative,
    /// A count with a fraction, or one beyond 32 bits.
    NotACount,
    /// No date in any of the understood forms.
    NotATime,
    /// A date outside 1970 to 2199, such as one in microseconds or one scaled twice.
    TimeOutOfRange,
    /// A list or an object where a word belongs, or anything but an object where an object belongs.
    WrongShape,
}

/// Where a ticket is in its life, whatever the case it was written in.
///
/// ```
/// use hivectl::ticket::TicketStatus;
///
/// assert_eq!(TicketStatus::from("COMPLETED"), TicketStatus::Completed);
/// assert_eq!(TicketStatus::from("timeout"), TicketStatus::Failed);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, strum::Display, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum TicketStatus {
    Pending,
    Running,
    Completed,
    Failed,
    Compensating,
    Compensated,
    Rejected,
    /// Absent, or a word this list does not know.
    #[default]
    Unknown,
}

impl TicketStatus {
    const WORDS: [(&str, TicketStatus); 11] = [
        ("completed", TicketStatus::Completed),
        ("failed", TicketStatus::Failed),
        ("pending", TicketStatus::Pending),
        ("running", TicketStatus::Running),
        ("executing", TicketStatus::Running),
        ("compensating", TicketStatus::Compensating),
        ("compensated", TicketStatus::Compensated),
        ("rejected", TicketStatus::Rejected),
        ("success", TicketStatus::Completed),
        ("error", TicketStatus::Failed),
        ("timeout", TicketStatus::Failed),
    ];

    /// Every word that means this status, in lower case.
    pub fn spellings(self) -> impl Iterator<Item = &'static str> {
        TicketStatus::WORDS.iter().filter(move |(_, status)| *status == self).map(|(word, _)| *word)
    }

    /// The lower-case word.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl From<&str> for TicketStatus {
    /// Reads a status in any case; also the event log's `success`, `error` and `timeout`. Any other word is
    /// [`TicketStatus::Unknown`].
    fn from(word: &str) -> TicketStatus {
        TicketStatus::WORDS.iter().find(|(known, _)| word.eq_ignore_ascii_case(known)).map_or(TicketStatus::Unknown, |&(_, status)| status)
    }
}

/// What a model once said about the ticket, in either of the two shapes the platform writes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StoredPrediction {
    pub duration_ms: Option<f64>,
    pub duration_confidence: Option<f64>,
    pub model_name: CompactString,
    pub model_version: CompactString,
    /// Milliseconds since the epoch.
    pub predicted_at: Option<i64>,
    pub is_anomaly: Option<bool>,
    pub anomaly_score: Option<f64>,
}
