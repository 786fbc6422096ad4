//! `hivectl config set` and `unset`.

use clap::Args;

use crate::api::settings::ChangeSettingRequest;
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::error::Result;

/// Set a setting in the user's file
///
/// With --context the setting belongs to that context, which is made where there is none of that name. One line
/// changes; comments and order stay. A secret is set by its place: '{file: PATH}', '{command: COMMAND}' or
/// '{env: NAME}'; a command runs for 10 seconds at most. A context is protected as soon as one file protects it, and every
/// change of it, in whichever file, asks to type its name; so does one that takes its protection or its registry away.
#[derive(Debug, Args)]
pub struct SetArgs {
    /// Name of the setting
    #[arg(add = complete::settings())]
    pub key: String,

    /// Its new value
    pub value: String,

    #[command(flatten)]
    pub place: PlaceArgs,
}

/// Remove a setting from the user's file
///
/// What is not there is no failure. A context is protected as soon as one file protects it, and every change of it, in
/// whichever file, asks to type its name.
#[derive(Debug, Args)]
pub struct UnsetArgs {
    /// Name of the setting, current_context, or contexts.NAME for a whole context, contexts.NAME.KEY for one of its settings
    #[arg(add = complete::settings())]
    pub key: String,

    #[command(flatten)]
    pub place: PlaceArgs,
}

#[derive(Debug, Args)]
pub struct PlaceArgs {
    /// Change the project's file (.hivectl.yaml in the working folder) instead of the user's
    #[arg(long)]
    pub project: bool,

    /// Show what would be changed and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

impl VerbArgs for SetArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "config set",
        examples: &[
            ("Make a context with its registry", "hivectl config set registry team.db --context team"),
            ("Tell where a secret is kept", "hivectl config set tickets '{env: MONGODB_URI}' --context team --dry-run"),
            ("Protect it", "hivectl config set protected yes --context team"),
        ],
        exit_codes: &[2, 5, 6, 7, 10, 11],
        changes: "One line of a file of settings. With --dry-run nothing. A context is protected as soon as one file protects it; every change of it, in whichever file, and one that takes its protection or its registry away, asks to type its name (--confirm NAME).",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        self.place.change(session, &self.key, Some(&self.value))
    }
}

impl VerbArgs for UnsetArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "config unset",
        examples: &[
            ("No context any more", "hivectl config unset current_context"),
            ("Remove a setting", "hivectl config unset window_days"),
            ("Remove a whole context", "hivectl config unset contexts.team --confirm team"),
        ],
        exit_codes: &[2, 5, 6, 7, 10, 11],
        changes: "Removes lines of a file of settings. With --dry-run nothing. A context is protected as soon as one file protects it; every change of it, in whichever file, and one that takes its protection or its registry away, asks to type its name (--confirm NAME).",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        self.place.change(session, &self.key, None)
    }
}

impl PlaceArgs {
    fn change(&self, session: &Session<'_>, key: &str, value: Option<&str>) -> Result<Report> {
        session.answer(&ChangeSettingRequest {
            key: key.to_owned(),
            value: value.map(str::to_owned),
            project: self.project,
            dry_run: self.dry_run,
        })
    }
}
