//! `hivectl config list`, `get` and `path`.

use clap::Args;

use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::error::Result;

/// Show every setting, its value and where it comes from
///
/// A flag wins over the environment, the environment over the context, the context over the files.
/// Changes nothing.
#[derive(Debug, Args)]
pub struct ListArgs {}

/// Show one setting, its value and where it comes from
///
/// The password of a URL is masked; of a secret only its place is shown. Changes nothing.
#[derive(Debug, Args)]
pub struct GetArgs {
    /// Name of the setting
    pub key: String,
}

/// Show which files are read
///
/// The project's file wins over the user's. Changes nothing.
#[derive(Debug, Args)]
pub struct PathArgs {}

impl GetArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        Report::of(session.operations().get_setting(&self.key)?)
    }
}

impl PathArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        Report::of(session.operations().list_setting_files()?)
    }
}

impl ListArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        Report::of(session.operations().list_settings()?)
    }
}
