//! `hivectl ml models cache`.

use clap::{Args, Subcommand};

use crate::api::transfer::{ClearCacheRequest, WarmCacheRequest};
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::VerbSpec;
use crate::error::Result;
use crate::lifecycle::ModelRef;

#[derive(Debug, Subcommand)]
pub enum CacheCommand {
    /// List the copies
    List(ListCacheArgs),

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
pub struct ListCacheArgs {}

pub const LIST_SPEC: VerbSpec = VerbSpec {
    words: "ml models cache list",
    examples: &[
        ("What is here, and how old", "hivectl ml models cache list"),
        ("For a script", "hivectl ml models cache list -o json"),
        ("With all columns", "hivectl ml models cache list -o wide"),
    ],
    exit_codes: &[4, 10, 11],
    has_rows: true,
    ..VerbSpec::READING
};

/// Fetch all files of a version, so that it can be used while the server is away
///
/// Files that are here already are not asked for again. A registry on this machine needs no copies.
#[derive(Debug, Args)]
pub struct WarmArgs {
    /// Version to fetch: NAME, NAME@7, NAME#production or NAME:alias
    #[arg(value_name = "REF")]
    pub model: ModelRef,
}

pub const WARM_SPEC: VerbSpec = VerbSpec {
    words: "ml models cache warm",
    examples: &[
        ("Be ready for the server's absence", "hivectl ml models cache warm duration"),
        ("One version", "hivectl ml models cache warm ticket-duration-predictor@1"),
        ("For a script", "hivectl ml models cache warm duration -o json"),
    ],
    exit_codes: &[4, 9, 10, 11, 13],
    changes: "Copies of models on this machine, below the folder for caches; nothing in the registry.",
    ..VerbSpec::READING
};

/// Remove copies
///
/// Nothing is lost: what is needed again is asked for again.
#[derive(Debug, Args)]
pub struct ClearArgs {
    /// Model whose copies are removed; all without a name
    #[arg(add = complete::models())]
    pub name: Option<String>,
}

pub const CLEAR_SPEC: VerbSpec = VerbSpec {
    words: "ml models cache clear",
    examples: &[
        ("Everything", "hivectl ml models cache clear"),
        ("One model", "hivectl ml models cache clear ticket-duration-predictor"),
        ("For a script", "hivectl ml models cache clear -o json"),
    ],
    exit_codes: &[4, 10, 11],
    changes: "Copies of models on this machine, below the folder for caches; nothing in the registry.",
    ..VerbSpec::READING
};

impl CacheCommand {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let operations = session.operations();
        match self {
            CacheCommand::List(ListCacheArgs {}) => Report::of(operations.list_cache()?),
            CacheCommand::Warm(WarmArgs { model }) => Report::of(operations.warm_cache(&WarmCacheRequest { reference: model.clone() })?),
            CacheCommand::Clear(ClearArgs { name }) => Report::of(operations.clear_cache(&ClearCacheRequest { name: name.clone() })?),
        }
    }
}
