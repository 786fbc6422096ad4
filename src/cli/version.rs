//! `hivectl version`.

use clap::Args;

use super::report::Report;
use super::session::Session;
use crate::cli::verb_spec::VerbSpec;
use crate::error::Result;

/// Print the version of hivectl and of its formats
///
/// Tells how and from which commit it was built (unknown where the sources came without git), the schema that the embedded registry is written in and the newest that is, and the forms of
/// model packages, plans and exports. Reads nothing and changes nothing.
#[derive(Debug, Args)]
pub struct VersionArgs {}

pub const SPEC: VerbSpec = VerbSpec {
    words: "version",
    examples: &[
        ("What is installed", "hivectl version"),
        ("For a script", "hivectl version -o json"),
        ("The number alone", "hivectl --version"),
    ],
    exit_codes: &[],
    ..VerbSpec::READING
};

impl VersionArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        Report::of(session.operations().version()?)
    }
}
