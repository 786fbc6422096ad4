//! `hivectl ml models verify`.

use clap::Args;

use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::view;
use crate::error::Result;
use crate::ops::change;

/// Compare the stored bytes with their digests, and the registry with its rules
///
/// Reads every recorded file. Ends with exit code 13 when something is not as it was registered. Changes
/// nothing.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Model to verify; all without a name
    pub name: Option<String>,
}

impl VerifyArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let settings = session.settings(&session.flags())?;
        let registry = session.registry_to_change(&settings)?;
        let name = self.name.as_ref().map(|name| change::exact_name(registry.as_ref(), name)).transpose()?;
        Ok(view::change::verification(registry.verify(name.as_deref())?))
    }
}
