//! `hivectl ml models alias`.

use clap::{Args, Subcommand};

use crate::cli::prompt;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::view;
use crate::error::Result;
use crate::ops::change;

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
        let settings = session.settings(&session.flags())?;
        let mut registry = session.registry_to_change(&settings)?;
        let (name, alias, version) = match self {
            AliasCommand::Set(SetArgs { name, alias, version }) => (name, alias, Some(*version)),
            AliasCommand::Unset(UnsetArgs { name, alias }) => (name, alias, None),
        };
        let name = change::exact_name(registry.as_ref(), name)?;
        let what = match version {
            Some(version) => format!("set the alias {alias} of {name} to version {version}"),
            None => format!("remove the alias {alias} of {name}"),
        };
        prompt::where_protected(session, &settings, &name, &what)?;
        Ok(view::change::alias(registry.set_alias(&name, alias, version, session.global.reason.as_deref())?))
    }
}
