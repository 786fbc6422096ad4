//! `hivectl ml apply`.

use std::path::PathBuf;

use clap::Args;

use crate::api::change::ApplyRequest;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::error::Result;

/// Apply a plan that `promote` or `rollback` kept in a file
///
/// Naming the file is the approval, so nothing is asked. Applied once, and only while what the plan saw
/// still is; otherwise it ends with exit code 6 and says who moved what.
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// File that --plan-out wrote
    pub plan: PathBuf,
}

impl ApplyArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        Report::of(session.operations().apply_plan(&ApplyRequest { plan: self.plan.clone() })?)
    }
}
