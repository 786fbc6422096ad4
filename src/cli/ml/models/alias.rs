//! `hivectl ml models alias`.

use clap::Args;

use crate::api::change::AliasRequest;
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec, group};
use crate::error::Result;

group! {
    /// Point an alias at a version, or remove it
    pub enum AliasCommand {
        Set(SetAliasArgs),
        #[command(visible_alias = "delete")]
        Unset(UnsetAliasArgs),
    }
}

/// Point an alias at a version
///
/// An alias names one version at a time; pointing it again moves it. The serving alias (the setting serving_alias, usually
/// champion) tells what services use: to move it is a promotion, with its plan, gate, confirmation and record.
#[derive(Debug, Args)]
pub struct SetAliasArgs {
    /// Model the alias belongs to
    #[arg(add = complete::models())]
    pub name: String,

    /// The alias
    #[arg(add = complete::aliases())]
    pub alias: String,

    /// Version it shall point at
    pub version: u32,

    /// Show what would change and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// The serving alias, although the gate does not pass; needs --reason and is marked for ever
    #[arg(long)]
    pub force_gate: bool,
}

impl VerbArgs for SetAliasArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml models alias set",
        examples: &[
            ("Name a version", "hivectl ml models alias set ticket-duration-predictor stable 1"),
            ("Move the name", "hivectl ml models alias set ticket-duration-predictor stable 2"),
            ("Use it", "hivectl ml models show ticket-duration-predictor:stable"),
        ],
        exit_codes: &[3, 4, 5, 6, 7, 9, 10, 11, 13],
        changes: "One alias of one model; with the serving alias what a promotion changes. With --dry-run nothing.",
        questions: &[("--confirm", "ml models alias set ticket-duration-predictor champion 2")],
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&AliasRequest {
            name: self.name.clone(),
            alias: self.alias.clone(),
            version: Some(self.version),
            dry_run: self.dry_run,
            force_gate: self.force_gate,
        })
    }
}

/// Remove an alias
///
/// An alias that is not there is no failure. To remove the serving alias takes its version out of service, as archive
/// does.
#[derive(Debug, Args)]
pub struct UnsetAliasArgs {
    /// Model the alias belongs to
    #[arg(add = complete::models())]
    pub name: String,

    /// The alias
    #[arg(add = complete::aliases())]
    pub alias: String,

    /// Remove the alias that serves although nothing would serve after it; needs --reason
    #[arg(long)]
    pub force: bool,

    /// Show what would change and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

impl VerbArgs for UnsetAliasArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml models alias unset",
        examples: &[
            ("Remove an alias", "hivectl ml models alias unset ticket-duration-predictor stable"),
            ("That it is gone already is no failure", "hivectl ml models alias unset ticket-duration-predictor stable"),
            ("As JSON", "hivectl ml models alias unset ticket-duration-predictor stable -o json"),
        ],
        exit_codes: &[4, 5, 6, 7, 9, 10, 11, 13],
        changes: "One alias of one model; with the serving alias what archive changes. With --dry-run nothing.",
        questions: &[("--confirm", "ml models alias unset ticket-duration-predictor champion --force --reason retired")],
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&AliasRequest {
            name: self.name.clone(),
            alias: self.alias.clone(),
            version: None,
            dry_run: self.dry_run,
            force_gate: self.force,
        })
    }
}
