//! Runbooks inside the binary: what to type when something is wrong, in English and Brazilian Portuguese.
//!
//! One Markdown file a runbook and language beside this one; [`index`] lists them, [`text`] reads their form,
//! [`transcript`] keeps what a run did, so that it can be left and resumed. Nothing here runs anything.

mod index;
mod text;
mod transcript;

pub use index::{IDS, Language, for_alert, for_code, read};
pub use text::{Expected, Runbook, Step, StepKind, filled};
pub use transcript::{Behind, Entry, Outcome, Transcript, TranscriptPlace};
