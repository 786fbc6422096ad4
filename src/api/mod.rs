//! The application's own language: what can be asked for and what is answered, as plain data.
//!
//! Every job of an operator is one [`Request`] and its report, both serialisable in both directions. The terminal, a server
//! and a remote client are faces of [`Operations`]: none of them opens a registry or reads a policy. A report is a
//! [`Document`]: `-o json` prints it, and the text of a screen is rendered from the same value.

mod check_state;
mod document;
mod envelope;
mod interaction;
mod judging;
mod operations;
mod place;
mod progress;
#[cfg(test)]
mod round_trip;
mod scope;
mod setting_line;
mod tickets;
mod time_window;
mod timestamp;

pub mod audit;
pub mod backfill;
pub mod baseline;
pub mod change;
pub mod compare;
pub mod dataset;
pub mod doctor;
pub mod drift;
pub mod drift_history;
pub mod forecast;
pub mod jobs;
pub mod migrate;
pub mod models;
pub mod pages;
pub mod predict;
pub mod predict_table;
pub mod retrain;
pub mod runbook;
pub mod settings;
pub mod stats;
pub mod train;
pub mod transfer;
pub mod validate;
pub mod words;

pub use check_state::CheckState;
pub use document::Document;
pub use envelope::{Envelope, ErrorDocument, ErrorReport};
pub use interaction::{Interaction, Proposal, Question};
pub use judging::Judging;
pub use operations::{Listener, Operations, Request, StreamingOperations, StreamingRequest};
pub use place::Place;
pub use progress::Progress;
pub use scope::Scope;
pub use setting_line::SettingLine;
pub use tickets::Tickets;
pub use time_window::TimeWindow;
pub use timestamp::Timestamp;
