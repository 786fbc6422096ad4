//! `hivectl ml models show`.

use clap::Args;

use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::view;
use crate::error::Result;
use crate::lifecycle::ModelRef;
use crate::ops::models;

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
        let settings = session.settings(&session.flags())?;
        let registry = session.registry(&settings)?;
        Ok(view::models::show(models::show(registry.as_ref(), &self.reference)?))
    }
}
