//! `hivectl ml models alias`.

use clap::{Args, Subcommand};

use crate::api::change::AliasRequest;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::error::Result;

#[derive(Debug, Subcommand)]
pub enum AliasCommand {
    /// Point an alias at a version
    Set(SetArgs),

    /// Remove an alias
    Unset(UnsetArgs),
}

/// Point an alias at a version
///
/// An alias names one version at a time; pointing it again moves it. The alias champion moves with
/// Production and is not set by hand.
#[derive(Debug, Args)]
pub struct SetArgs {
    /// Model the alias belongs to
    pub name: String,

    /// The alias
    pub alias: String,

    /// Version it shall point at
    pub version: u32,
}

/// Remove an alias
///
/// An alias that is not there is no failure.
#[derive(Debug, Args)]
pub struct UnsetArgs {
    /// Model the alias belongs to
    pub name: String,

    /// The alias
    pub alias: String,
}

impl AliasCommand {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let (name, alias, version) = match self {
            AliasCommand::Set(SetArgs { name, alias, version }) => (name, alias, Some(*version)),
            AliasCommand::Unset(UnsetArgs { name, alias }) => (name, alias, None),
        };
        Report::of(session.operations().set_alias(&AliasRequest { name: name.clone(), alias: alias.clone(), version })?)
    }
}
