//! `hivectl ml models`: one file a verb.

pub(in crate::cli) mod alias;
pub(in crate::cli) mod archive;
pub(in crate::cli) mod cache;
pub(in crate::cli) mod compare;
pub(in crate::cli) mod copy;
pub(in crate::cli) mod export;
pub(in crate::cli) mod history;
pub(in crate::cli) mod inspect;
pub(in crate::cli) mod list;
pub(in crate::cli) mod promote;
pub(in crate::cli) mod register;
pub(in crate::cli) mod rollback;
pub(in crate::cli) mod show;
pub(in crate::cli) mod tag;
pub(in crate::cli) mod verify;

use clap::Subcommand;

use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::error::Result;

#[derive(Debug, Subcommand)]
pub enum ModelsCommand {
    /// List models, or the versions of one
    List(list::ListArgs),

    /// Show everything known about one version
    Show(show::ShowArgs),

    /// Set two versions side by side, and run both on the same tickets
    Compare(Box<compare::CompareArgs>),

    /// Show what happened to a model, newest first
    History(history::HistoryArgs),

    /// Put a version into Production or Staging
    Promote(Box<promote::PromoteArgs>),

    /// Put the version back into Production that served before
    Rollback(Box<rollback::RollbackArgs>),

    /// Point an alias at a version, or remove it
    #[command(subcommand, arg_required_else_help = true)]
    Alias(alias::AliasCommand),

    /// Set and remove tags of a version
    Tag(tag::TagArgs),

    /// Take versions out of service
    Archive(archive::ArchiveArgs),

    /// Register a model that another tool made
    Register(register::RegisterArgs),

    /// Write a version into one file
    Export(export::ExportArgs),

    /// Register an exported version
    Import(export::ImportArgs),

    /// Copy a version into another registry
    Push(copy::PushArgs),

    /// Copy a version from another registry
    Pull(copy::PullArgs),

    /// Look after the copies of a server's models on this machine
    #[command(subcommand, arg_required_else_help = true)]
    Cache(cache::CacheCommand),

    /// Tell what a model file is
    Inspect(inspect::InspectArgs),

    /// Compare the stored bytes with their digests, and the registry with its rules
    Verify(verify::VerifyArgs),
}

impl ModelsCommand {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        match self {
            ModelsCommand::List(arguments) => arguments.run(session),
            ModelsCommand::Show(arguments) => arguments.run(session),
            ModelsCommand::Compare(arguments) => arguments.run(session),
            ModelsCommand::History(arguments) => arguments.run(session),
            ModelsCommand::Promote(arguments) => arguments.run(session),
            ModelsCommand::Rollback(arguments) => arguments.run(session),
            ModelsCommand::Alias(command) => command.run(session),
            ModelsCommand::Tag(arguments) => arguments.run(session),
            ModelsCommand::Archive(arguments) => arguments.run(session),
            ModelsCommand::Register(arguments) => arguments.run(session),
            ModelsCommand::Export(arguments) => arguments.run(session),
            ModelsCommand::Import(arguments) => arguments.run(session),
            ModelsCommand::Push(arguments) => arguments.run(session),
            ModelsCommand::Pull(arguments) => arguments.run(session),
            ModelsCommand::Cache(command) => command.run(session),
            ModelsCommand::Inspect(arguments) => arguments.run(session),
            ModelsCommand::Verify(arguments) => arguments.run(session),
        }
    }
}

/// Reads a stage for clap.
fn stage(word: &str) -> Result<crate::lifecycle::Stage, String> {
    word.parse().map_err(|error: crate::error::Error| error.to_string())
}
