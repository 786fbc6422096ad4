//! `hivectl version`.

use clap::Args;

use super::report::Report;
use super::session::Session;
use crate::api::pages::{VersionReport, VersionRequest};
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::cli::view::{Screen, View};
use crate::error::Result;

/// Print the version of hivectl and of its formats
///
/// Tells how and from which commit it was built (unknown where the sources came without git), the schema that the embedded registry is written in and the newest that is, and the forms of
/// model packages, plans and exports. Reads nothing and changes nothing.
#[derive(Debug, Args)]
pub struct VersionArgs {}

impl VerbArgs for VersionArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "version",
        examples: &[
            ("What is installed", "hivectl version"),
            ("For a script", "hivectl version -o json"),
            ("The number alone", "hivectl --version"),
        ],
        exit_codes: &[],
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&VersionRequest {})
    }
}

impl View for VersionReport {
    fn text(&self, _: &Screen) -> String {
        let VersionReport { version, build, registry_schema, registry_schema_newest, package_format, .. } = self;
        format!(
            "hivectl {version} ({}, {} {}, commit {})\nembedded registry: MLflow schema {registry_schema}, up to {registry_schema_newest}\nmodel package: format {package_format}\n",
            build.profile, build.system, build.processor, build.commit
        )
    }
}
