//! Runbooks inside the binary: what to type when something is wrong, in English and Brazilian Portuguese.
//!
//! One Markdown file a runbook and language beside this one; [`index`] lists them, [`words`] knows their other names, [`text`] reads their form,
//! [`transcript`] keeps what a run did, so that it can be left and resumed. Nothing here runs anything.

mod index;
mod text;
mod transcript;
mod words;

pub use index::{IDS, Language, alerts, for_alert, for_code, read};
pub use text::{Expected, Runbook, Step, StepKind, filled};
pub use transcript::{Behind, Entry, Outcome, Transcript, TranscriptPlace};
pub use words::for_text;
