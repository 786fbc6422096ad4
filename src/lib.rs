//! hivectl: machine-learning operations from the terminal.
//!
//! # The map of the house
//! Data goes one way through the rooms, from top to bottom; no room calls back up.
//!
//! Knowledge, pure and deterministic, without input or output:
//! [`ticket`] what a ticket is · [`features`] what a model sees of it · [`trees`] the tree engine ·
//! [`formats`] model files in and out · [`statistics`] errors, intervals, tests ·
//! [`kinds`] the catalogue: what each kind needs, how it is trained, judged, gated and packaged ·
//! [`drift`] whether the work has changed, and for whom · [`lifecycle`] versions, plans, agreement, history ·
//! [`audit`] the record of a change and its hash chain.
//!
//! Doors, everything that touches the outside:
//! [`source`] tickets from files · [`registry`] where versions live · [`config`] settings and their origin · [`telemetry`] numbers for a Prometheus.
//!
//! Work: [`ops`] one file per operator's job, joins knowledge and doors, returns a typed report.
//! [`runbook`] what to type when something is wrong; pure text.
//!
//! The face: [`cli`] the words typed, the tables, prompts and progress. [`error`] is the one table of
//! failures that all rooms share.
//!
//! # The rules, kept by `tests/house.rs`
//! Knowledge imports no door, no work and no face, and neither clock nor environment nor files: time,
//! randomness and thread count come in as arguments. Doors import knowledge only. Nothing imports the
//! face.

pub mod base;
pub mod error;

pub mod audit;
pub mod drift;
pub mod features;
pub mod formats;
pub mod kinds;
pub mod lifecycle;
pub mod statistics;
pub mod ticket;
pub mod trees;

pub mod config;
pub mod registry;
pub mod source;
pub mod telemetry;

pub mod api;
pub mod ops;

pub mod runbook;

pub mod cli;
