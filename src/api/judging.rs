//! The words that say which tickets judge a version.

use serde::{Deserialize, Serialize};

use super::{Tickets, Timestamp};
use crate::kinds::TypedInstructions;
use crate::ticket::LabelRule;

/// Which tickets judge. A field that is `None` is what the settings say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Judging {
    /// Where they come from.
    pub tickets: Tickets,
    /// Days of tickets, counted back from `as_of` over `created_at`.
    pub window_days: Option<f64>,
    /// The moment to judge at; `None` is the newest `created_at`.
    pub as_of: Option<Timestamp>,
    /// Whose duration is known, and from where.
    pub labels: LabelRule,
    /// What of labels and fields was typed; a version's own instructions hold otherwise.
    pub typed: TypedInstructions,
    /// File with the gates.
    pub policy: Option<String>,
    /// Threads to use; 0 is one a core.
    pub threads: usize,
}
