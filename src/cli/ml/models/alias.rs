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
        Unset(UnsetAliasArgs),
    }
}

/// Point an alias at a version
///
/// An alias names one version at a time; pointing it again moves it. The alias champion moves with
/// Production and is not set by hand.
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
}

impl VerbArgs for SetAliasArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml models alias set",
        examples: &[
            ("Name a version", "hivectl ml models alias set ticket-duration-predictor stable 1"),
            ("Move the name", "hivectl ml models alias set ticket-duration-predictor stable 2"),
            ("Use it", "hivectl ml models show ticket-duration-predictor:stable"),
        ],
        exit_codes: &[4, 7, 9, 10, 11],
        changes: "One alias of one model.",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&AliasRequest { name: self.name.clone(), alias: self.alias.clone(), version: Some(self.version) })
    }
}

/// Remove an alias
///
/// An alias that is not there is no failure.
#[derive(Debug, Args)]
pub struct UnsetAliasArgs {
    /// Model the alias belongs to
    #[arg(add = complete::models())]
    pub name: String,

    /// The alias
    #[arg(add = complete::aliases())]
    pub alias: String,
}

impl VerbArgs for UnsetAliasArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml models alias unset",
        examples: &[
            ("Remove an alias", "hivectl ml models alias unset ticket-duration-predictor stable"),
            ("That it is gone already is no failure", "hivectl ml models alias unset ticket-duration-predictor stable"),
            ("As JSON", "hivectl ml models alias unset ticket-duration-predictor stable -o json"),
        ],
        exit_codes: &[4, 7, 9, 10, 11],
        changes: "One alias of one model.",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&AliasRequest { name: self.name.clone(), alias: self.alias.clone(), version: None })
    }
}
