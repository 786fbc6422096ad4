//! `hivectl ml models push` and `pull`.

use clap::Args;

use crate::api::transfer::CopyRequest;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::error::Result;
use crate::lifecycle::{ModelRef, check_name};

/// Copy a version into another registry
///
/// Artifacts, metrics, parameters, tags and lineage go along; every file is read back and compared with its
/// digest. The copy gets a new number, in no stage. Interrupted and repeated, it goes on; done and repeated, it
/// finds the copy. In a protected context, and into the registry of one, it asks to type a name. Where both registries
/// are servers, the credentials of the destination are in
/// HIVECTL_OTHER_TRACKING_USERNAME, _PASSWORD and _TOKEN.
#[derive(Debug, Args)]
pub struct PushArgs {
    /// Version to copy: NAME@7, NAME@latest or NAME#production
    pub reference: ModelRef,

    /// Registry to copy into: a path that ends in .db, or the URL of an MLflow server
    #[arg(long, value_name = "REGISTRY")]
    pub destination: String,

    /// Another name to register under
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub name: Option<String>,
}

/// Copy a version from another registry
///
/// The opposite of push: from --source into the registry in use. Where both are servers, the credentials of the
/// source are in HIVECTL_OTHER_TRACKING_USERNAME, _PASSWORD and _TOKEN.
#[derive(Debug, Args)]
pub struct PullArgs {
    /// Version to copy: NAME@7, NAME@latest or NAME#production
    pub reference: ModelRef,

    /// Registry to copy from: a path that ends in .db, or the URL of an MLflow server
    #[arg(long, value_name = "REGISTRY")]
    pub source: String,

    /// Another name to register under
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub name: Option<String>,
}

impl PushArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let request = CopyRequest { reference: self.reference.clone(), other: self.destination.clone(), name: self.name.clone() };
        Report::of(session.operations().push(&request)?)
    }
}

impl PullArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let request = CopyRequest { reference: self.reference.clone(), other: self.source.clone(), name: self.name.clone() };
        Report::of(session.operations().pull(&request)?)
    }
}

fn name(word: &str) -> Result<String, String> {
    check_name(word).map(|()| word.to_owned())
}
