//! `hivectl ml models history`.

use clap::Args;

use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::view;
use crate::error::Result;
use crate::ops::change;

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
        let settings = session.settings(&session.flags())?;
        let registry = session.registry_to_change(&settings)?;
        let name = change::exact_name(registry.as_ref(), &self.name)?;
        Ok(view::change::history(&name, registry.history(&name)?))
    }
}
