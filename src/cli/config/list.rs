//! `hivectl config list`, `get` and `path`.

use clap::Args;

use crate::api::settings::{GetSettingRequest, ListSettingFilesRequest, ListSettingsRequest};
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::error::Result;

/// Show every setting, its value and where it comes from
///
/// A flag wins over the environment, the environment over the context, the context over the files.
/// Changes nothing.
#[derive(Debug, Args)]
pub struct ListSettingsArgs {}

/// Show one setting, its value and where it comes from
///
/// The password of a URL is masked; of a secret only its place is shown. Changes nothing.
#[derive(Debug, Args)]
pub struct GetArgs {
    /// Name of the setting
    #[arg(add = complete::settings())]
    pub key: String,
}

/// Show which files are read
///
/// The project's file wins over the user's. Changes nothing.
#[derive(Debug, Args)]
pub struct PathArgs {}

impl VerbArgs for GetArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "config get",
        examples: &[
            ("One value and its origin", "hivectl config get registry"),
            ("In another context", "hivectl config get registry --context team"),
            ("For a script", "hivectl config get window_days -o json"),
        ],
        exit_codes: &[4, 11],
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&GetSettingRequest { key: self.key.clone() })
    }
}

impl VerbArgs for PathArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "config path",
        examples: &[
            ("Which files are read", "hivectl config path"),
            ("Their names alone", "hivectl config path -o name"),
            ("For a script", "hivectl config path -o json"),
        ],
        exit_codes: &[4, 11],
        has_rows: true,
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&ListSettingFilesRequest {})
    }
}

impl VerbArgs for ListSettingsArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "config list",
        examples: &[
            ("Every setting and where it comes from", "hivectl config list"),
            ("As JSON", "hivectl config list -o json"),
            ("What a flag would change", "hivectl config list --registry team.db"),
        ],
        exit_codes: &[4, 11],
        has_rows: true,
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&ListSettingsRequest {})
    }
}
