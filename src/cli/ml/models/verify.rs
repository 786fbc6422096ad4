//! `hivectl ml models verify`.

use clap::Args;

use crate::api::change::VerifyRequest;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::error::Result;

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
        Report::of(session.operations().verify(&VerifyRequest { name: self.name.clone() })?)
    }
}
