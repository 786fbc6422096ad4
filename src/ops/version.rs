//! The version of hivectl and of its formats.

use super::workspace::Workspace;
use crate::api::Operations;
use crate::api::pages::{BuildReport, VersionReport, VersionRequest};
use crate::error::Result;
use crate::kinds::PACKAGE_FORMAT;
use crate::registry::embedded::{NEWEST_REVISION, WRITTEN_REVISION};

impl Operations<VersionRequest> for Workspace<'_> {
    fn run(&self, _: &VersionRequest) -> Result<VersionReport> {
        Ok(VersionReport {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            build: BuildReport {
                commit: env!("HIVECTL_BUILT_FROM").to_owned(),
                profile: if cfg!(debug_assertions) { "debug" } else { "release" }.to_owned(),
                system: std::env::consts::OS.to_owned(),
                processor: std::env::consts::ARCH.to_owned(),
            },
            rust_version: env!("CARGO_PKG_RUST_VERSION").to_owned(),
            registry_schema: WRITTEN_REVISION.to_owned(),
            registry_schema_newest: NEWEST_REVISION.to_owned(),
            package_format: PACKAGE_FORMAT,
            document_version: "v1".to_owned(),
        })
    }
}
