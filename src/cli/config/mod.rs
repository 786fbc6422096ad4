//! `hivectl config`: settings and contexts, shown, checked and changed.

pub(super) mod change;
pub(super) mod contexts;
pub(super) mod list;

use clap::Subcommand;

use super::report::Report;
use super::session::Session;
use crate::error::Result;

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Show every setting, its value and where it comes from
    List(list::ListSettingsArgs),

    /// Show one setting, its value and where it comes from
    Get(list::GetArgs),

    /// Set a setting in the user's file
    Set(change::SetArgs),

    /// Remove a setting from the user's file
    Unset(change::UnsetArgs),

    /// Show which files are read
    Path(list::PathArgs),

    /// List the contexts
    Contexts(contexts::ContextsArgs),

    /// Make a context the current one
    Use(contexts::UseArgs),

    /// Check the files, every value in force, and that each secret can be read
    Check(contexts::CheckSettingsArgs),
}

impl ConfigCommand {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        match self {
            ConfigCommand::List(arguments) => arguments.run(session),
            ConfigCommand::Get(arguments) => arguments.run(session),
            ConfigCommand::Set(arguments) => arguments.run(session),
            ConfigCommand::Unset(arguments) => arguments.run(session),
            ConfigCommand::Path(arguments) => arguments.run(session),
            ConfigCommand::Contexts(arguments) => arguments.run(session),
            ConfigCommand::Use(arguments) => arguments.run(session),
            ConfigCommand::Check(arguments) => arguments.run(session),
        }
    }
}
