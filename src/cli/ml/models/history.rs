//! `hivectl ml models history`.

use clap::Args;

use crate::api::change::HistoryRequest;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::error::Result;

/// Show what happened to a model, newest first
///
/// Made from the audit log; where that does not reach back, from the registry's own times, which are
/// marked as such. Changes nothing.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// Model whose history to show
    pub name: String,
}

impl HistoryArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        Report::of(session.operations().history(&HistoryRequest { name: self.name.clone() })?)
    }
}
