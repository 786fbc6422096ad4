//! `hivectl ml models cache`.

use clap::{Args, Subcommand};

use crate::cli::report::Report;
use crate::cli::session::{Session, model_cache};
use crate::cli::view;
use crate::error::Result;
use crate::lifecycle::ModelRef;
use crate::ops::resolve;

#[derive(Debug, Subcommand)]
pub enum CacheCommand {
    /// List the copies
    List(ListArgs),

    /// Fetch all files of a version, so that it can be used while the server is away
    Warm(WarmArgs),

    /// Remove copies
    Clear(ClearArgs),
}

/// List the copies
///
/// Copies of files are checked against their digest each time they are used. How old what the server said of a
/// model may be while the server is away is ML_MODEL_CACHE_TTL_SECONDS.
#[derive(Debug, Args)]
pub struct ListArgs {}

/// Fetch all files of a version, so that it can be used while the server is away
///
/// Files that are here already are not asked for again. A registry on this machine needs no copies.
#[derive(Debug, Args)]
pub struct WarmArgs {
    /// Version to fetch: NAME, NAME@7, NAME#production or NAME:alias
    #[arg(value_name = "REF")]
    pub model: ModelRef,
}

/// Remove copies
///
/// Nothing is lost: what is needed again is asked for again.
#[derive(Debug, Args)]
pub struct ClearArgs {
    /// Model whose copies are removed; all without a name
    pub name: Option<String>,
}

impl CacheCommand {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let settings = session.settings(&session.flags())?;
        match self {
            CacheCommand::List(_) => {
                let cache = model_cache(&settings)?;
                Ok(view::cache::list(&cache, &cache.list()?))
            }
            CacheCommand::Warm(arguments) => {
                let registry = session.registry_to_load(&settings)?;
                let version = resolve(registry.as_ref(), &arguments.model)?.version;
                if !registry.is_shared() {
                    return Ok(view::cache::local(&version, &registry.location()));
                }
                let (mut files, mut bytes) = (0, 0);
                for path in registry.file_paths(&version)? {
                    bytes += registry.read_artifact(&version, &path)?.len() as u64;
                    files += 1;
                }
                Ok(view::cache::warmed(&version, files, bytes))
            }
            CacheCommand::Clear(arguments) => Ok(view::cache::cleared(model_cache(&settings)?.clear(arguments.name.as_deref())?)),
        }
    }
}
