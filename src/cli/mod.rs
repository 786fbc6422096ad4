//! The face: the words typed, the tables shown, the one place where processes end.
//!
//! Each verb is a file with its arguments, what is known of it ([`VerbSpec`]), a `run` that asks [`crate::ops`] for its job,
//! and the text of the report ([`view::View`]); the group that it belongs to lists it. [`printer`] writes the report in the
//! form that was asked for.

mod arguments;
mod audit;
mod complete;
mod completions;
mod config;
mod doctor;
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
use verb_spec::group;

pub use arguments::Cli;
pub use help::EXIT_CODES;
pub use man::pages as manual_pages;
pub use run::{command, run};
pub use verb_spec::{VerbSpec, verbs};

// The words behind `hivectl`. No doc comment: it would be the program's own.
group! {
    pub enum Command {
        #[command(subcommand)]
        Ml(ml::MlCommand),
        #[command(subcommand)]
        Audit(audit::AuditCommand),
        #[command(subcommand)]
        Config(config::ConfigCommand),
        Doctor(doctor::DoctorArgs),
        #[command(subcommand)]
        Runbook(runbook::RunbookCommand),
        Completions(completions::CompletionsArgs),
        Man(man::ManArgs),
        Explain(explain::ExplainArgs),
        Version(version::VersionArgs),
    }
}
