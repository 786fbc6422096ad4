//! `hivectl ml models show`.

use clap::Args;

use crate::api::models::ShowModelRequest;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::error::Result;
use crate::lifecycle::ModelRef;

/// Show everything known about one version
///
/// Metrics, gate with numbers, training window, features, artifacts with digests, and what the model
/// looks at. A bare name is the version in Production, else the newest in Staging, else the latest.
/// Changes nothing.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Version to show: NAME, NAME@7, NAME@latest, NAME#production or NAME:alias
    pub reference: ModelRef,
}

impl ShowArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        Report::of(session.operations().show_model(&ShowModelRequest { reference: self.reference.clone() })?)
    }
}
