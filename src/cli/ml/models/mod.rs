//! `hivectl ml models`: one file a verb.

mod alias;
mod archive;
mod cache;
mod compare;
mod copy;
mod export;
mod history;
mod inspect;
mod list;
mod migrate;
mod promote;
mod register;
mod rollback;
mod show;
mod tag;
mod verify;

use crate::cli::verb_spec::group;
use crate::error::Result;

group! {
    /// List, show and change what is registered
    pub enum ModelsCommand {
        List(list::ListArgs),
        Show(show::ShowArgs),
        Compare(compare::CompareArgs),
        History(history::HistoryArgs),
        Promote(promote::PromoteArgs),
        Rollback(rollback::RollbackArgs),
        #[command(subcommand)]
        Alias(alias::AliasCommand),
        Tag(tag::TagArgs),
        Archive(archive::ArchiveArgs),
        Migrate(migrate::MigrateArgs),
        Register(register::RegisterArgs),
        Export(export::ExportArgs),
        Import(export::ImportArgs),
        Push(copy::PushArgs),
        Pull(copy::PullArgs),
        #[command(subcommand)]
        Cache(cache::CacheCommand),
        Inspect(inspect::InspectArgs),
        Verify(verify::VerifyArgs),
    }
}

/// Reads a stage for clap.
fn stage(word: &str) -> Result<crate::lifecycle::Stage, String> {
    word.parse().map_err(|error: crate::error::Error| error.to_string())
}
