//! `hivectl version`.

use clap::Args;

use super::report::Report;
use super::session::Session;
use crate::error::Result;

/// Print the version of hivectl and of its formats
///
/// Tells how and from which commit it was built (unknown where the sources came without git), the schema that the embedded registry is written in and the newest that is, and the forms of
/// model packages, plans and exports. Reads nothing and changes nothing.
#[derive(Debug, Args)]
pub struct VersionArgs {}

impl VersionArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        Report::of(session.operations().version()?)
    }
}
