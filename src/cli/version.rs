//! `hivectl version`.

use clap::Args;
use serde_json::json;

use super::report::Report;
use crate::error::Result;

/// Print the version of hivectl and of its formats
///
/// Reads nothing and changes nothing.
#[derive(Debug, Args)]
pub struct VersionArgs {}

impl VersionArgs {
    pub fn run(&self) -> Result<Report> {
        let version = env!("CARGO_PKG_VERSION");
        let registry = crate::registry::embedded::WRITTEN_REVISION;
        let package = crate::models::PACKAGE_FORMAT;
        let data = json!({ "version": version, "registry_schema": registry, "package_format": package, "rust_version": env!("CARGO_PKG_RUST_VERSION") });
        Ok(Report::new("hivectl.version/v1", data, move |_| {
            format!("hivectl {version}\nembedded registry: MLflow schema {registry}\nmodel package: format {package}\n")
        }))
    }
}
