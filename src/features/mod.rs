//! What a model sees of a ticket.
//!
//! [`feature`] lists the numbers a column can hold, [`schema`] names the columns, their order, units and
//! what stands for a missing value, and gives the whole a fingerprint. [`encoded`] is one ticket reduced
//! to numbers and codes, [`table`] many of them. [`reference`] holds the running system's encodings,
//! [`extended`] the columns we add. [`history`] keeps what was known when, [`recent`] the last durations;
//! [`mod@build`] sweeps a table in the order of creation and makes a [`frame`], and the same arithmetic
//! makes one row at a time for predictions, from a history that stands still or runs on ([`learn_until`]).
//!
//! What is known: without a moment to train at, a file is its own moment and every outcome in it is known; with one,
//! what was completed later is not. A ticket sees only outcomes that were known when it was created, and the outcomes
//! of the holdout teach no statistic. Recency runs on through the holdout, as it does in service.

pub mod build;
pub mod encoded;
pub mod extended;
pub mod feature;
pub mod frame;
pub mod history;
pub mod recent;
pub mod reference;
pub mod schema;
pub mod table;

pub use build::{Advance, HistoryPolicy, TrainingMask, build, build_from, features_at, learn_all, learn_until, row_of};
pub use encoded::{EncodedTicket, Vocabulary};
pub use frame::FeatureFrame;
pub use history::History;
pub use schema::{Configuration, FeatureSchema, FeatureSpec};
pub use table::{HoldoutSplit, TicketTable, Timeline};
