//! `hivectl version`.

use clap::Args;
use serde_json::json;

use super::report::Report;
use crate::error::Result;

/// Print the version of hivectl and of its formats
///
/// Tells how and from which commit it was built (unknown where the sources came without git), the schema that the embedded registry is written in and the newest that is, and the forms of
/// model packages, plans and exports. Reads nothing and changes nothing.
#[derive(Debug, Args)]
pub struct VersionArgs {}

impl VersionArgs {
    pub fn run(&self) -> Result<Report> {
        let version = env!("CARGO_PKG_VERSION");
        let registry = crate::registry::embedded::WRITTEN_REVISION;
        let newest = crate::registry::embedded::NEWEST_REVISION;
        let package = crate::kinds::PACKAGE_FORMAT;
        let profile = if cfg!(debug_assertions) { "debug" } else { "release" };
        let commit = env!("HIVECTL_BUILT_FROM");
        let (system, processor) = (std::env::consts::OS, std::env::consts::ARCH);
        let data = json!({
            "version": version,
            "build": { "commit": commit, "profile": profile, "system": system, "processor": processor },
            "rust_version": env!("CARGO_PKG_RUST_VERSION"),
            "registry_schema": registry,
            "registry_schema_newest": newest,
            "package_format": package,
            "document_version": "v1",
        });
        Ok(Report::new("hivectl.version/v1", data, move |_| {
            format!(
                "hivectl {version} ({profile}, {system} {processor}, commit {commit})\nembedded registry: MLflow schema {registry}, up to {newest}\nmodel package: format {package}\n"
            )
        }))
    }
}
