//! What a job asks of whoever started it, while it runs.

use serde::{Deserialize, Serialize};

use super::backfill::BackfillReport;
use super::{Place, Progress, SettingLine};
use crate::error::Result;
use crate::lifecycle::{Approval, Plan};

/// Who started a job: a person at a terminal, a script, or a client of a server. A job never prints and never prompts; it
/// tells and asks this.
pub trait Interaction {
    /// Where the steps of long work are told.
    fn progress(&self) -> &dyn Progress;

    /// The settings of the job are known now, and with them where it looks.
    fn resolved(&self, place: &Place, settings: &[SettingLine]);

    /// The job is about this context, whether it is in force or not.
    fn enter(&self, context: &str);

    /// A sentence that is told at once.
    fn note(&self, note: &str);

    /// Shows what would be done, before the question about it.
    fn propose(&self, proposal: &Proposal);

    /// Refuses a question that nobody could answer, before long work begins for it.
    ///
    /// Errors: [`crate::error::ErrorKind::NotConfirmed`] with what to type instead.
    fn can_answer(&self, question: &Question) -> Result<()>;

    /// Asks, and comes back with how it was agreed.
    ///
    /// Errors: [`crate::error::ErrorKind::NotConfirmed`] for a no, for no answer, and where nobody can be asked.
    fn ask(&self, question: &Question) -> Result<Approval>;
}

/// A question before a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Question {
    /// Yes or no.
    YesNo {
        /// What is asked.
        text: String,
    },
    /// A word has to be typed, so that no habit answers it.
    Name {
        /// The word to type.
        name: String,
        /// What may be typed or given by a script instead; the first is the one to recommend.
        accepted: Vec<String>,
    },
}

/// What would be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "proposal", rename_all = "snake_case")]
pub enum Proposal {
    /// One sentence says all.
    Change {
        /// Where.
        place: Place,
        /// Such as `remove the alias blue of m`.
        what: String,
    },
    /// A promotion or a rollback.
    Plan {
        /// Where.
        place: Place,
        /// What it will do, and what speaks for it.
        plan: Box<Plan>,
    },
    /// Predictions that would be written into tickets.
    Backfill {
        /// What it will do; no error is measured yet.
        plan: Box<BackfillReport>,
    },
}
