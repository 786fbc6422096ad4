//! The face: the words typed, the tables shown, the one place where processes end.
//!
//! Each command is a file with its arguments and a `run` that resolves, acts through [`crate::ops`]
//! and returns a [`report::Report`]; [`printer`] writes it in the form that was asked for.

mod arguments;
mod audit;
mod complete;
mod completions;
mod config;
mod doctor;
mod duration;
mod explain;
mod failure;
mod help;
mod interrupt;
mod man;
mod ml;
mod printer;
mod progress;
mod prompt;
mod report;
mod rows;
mod run;
mod runbook;
mod session;
mod signal;
mod suggestion;
mod terminal;
mod verb_spec;
mod version;
mod view;

use crate::base::sanitize;

pub use arguments::Cli;
pub use help::EXIT_CODES;
pub use man::pages as manual_pages;
pub use run::{command, run};
pub use verb_spec::{VERBS, VerbSpec};
