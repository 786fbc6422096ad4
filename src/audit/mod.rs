//! The audit log: who changed what, when and why, in a chain that cannot be altered unseen.
//!
//! A [`Record`] is written before a change (its intent) and after it (its outcome). Each carries the digest
//! of the one before it, so [`chain::verify`] finds the first that was altered, removed or put in. Where the
//! records are kept is the registry's matter; nothing in here touches a file.

mod actor;
pub mod chain;
mod record;

pub use actor::Actor;
pub use record::{Action, Phase, ProductionVersion, Record, RecordedState, Success};
