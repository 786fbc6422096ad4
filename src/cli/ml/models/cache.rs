//! `hivectl ml models cache`.

use clap::Args;

use crate::api::transfer::{CacheList, CachedVersion, ClearCacheRequest, ClearedCache, ListCacheRequest, WarmCacheRequest, WarmedVersion};
use crate::base::number::counted;
use crate::base::{Hint, commands};
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec, group};
use crate::cli::view::number::{bytes, count};
use crate::cli::view::table::{Column, table};
use crate::cli::view::time::minute;
use crate::cli::view::{Screen, View};
use crate::error::Result;
use crate::lifecycle::ModelRef;

group! {
    /// Look after the copies of a server's models on this machine
    pub enum CacheCommand {
        List(ListCacheArgs),
        Warm(WarmArgs),
        Clear(ClearArgs),
    }
}

/// List the copies
///
/// Copies of files are checked against their digest each time they are used. How old what the server said of a
/// model may be while the server is away is ML_MODEL_CACHE_TTL_SECONDS.
#[derive(Debug, Args)]
pub struct ListCacheArgs {}

impl VerbArgs for ListCacheArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
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

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&ListCacheRequest {})
    }
}

/// Fetch all files of a version, so that it can be used while the server is away
///
/// Files that are here already are not asked for again. A registry on this machine needs no copies.
#[derive(Debug, Args)]
pub struct WarmArgs {
    /// Version to fetch: NAME, NAME@7, NAME#production or NAME:alias
    #[arg(value_name = "REF")]
    pub model: ModelRef,
}

impl VerbArgs for WarmArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
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

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&WarmCacheRequest { reference: self.model.clone() })
    }
}

/// Remove copies
///
/// Nothing is lost: what is needed again is asked for again.
#[derive(Debug, Args)]
pub struct ClearArgs {
    /// Model whose copies are removed; all without a name
    #[arg(add = complete::models())]
    pub name: Option<String>,
}

impl VerbArgs for ClearArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
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

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&ClearCacheRequest { name: self.name.clone() })
    }
}

impl View for CacheList {
    fn text(&self, screen: &Screen) -> String {
        if self.items.is_empty() {
            return "no copies of models are on this machine\n".to_owned();
        }
        const COLUMNS: [Column; 7] = [
            Column::Text("VERSION"),
            Column::Text("STAGE"),
            Column::Number("FILES"),
            Column::Number("SIZE"),
            Column::Text("SAID AT"),
            Column::Text("COUNTS"),
            Column::Text("SERVER"),
        ];
        let row = |copy: &CachedVersion| {
            vec![
                format!("{}@{}", copy.model, copy.version),
                copy.stage.as_str().to_owned(),
                format!("{}/{}", copy.files, copy.recorded_files),
                bytes(copy.size_bytes),
                minute(copy.said_at.0),
                if copy.fresh { "yes" } else { "no" }.to_owned(),
                copy.server.clone(),
            ]
        };
        let rows: Vec<Vec<String>> = self.items.iter().map(row).collect();
        format!("{}what a server said counts for {} s while it is away\n", table(&COLUMNS, &rows, screen), count(self.ttl_seconds))
    }

    fn next(&self) -> Vec<Hint> {
        if self.items.is_empty() { vec![commands::models_cache_warm("NAME#production").into()] } else { Vec::new() }
    }
}

impl View for WarmedVersion {
    fn text(&self, _: &Screen) -> String {
        let label = format!("{}@{}", self.model, self.version);
        match &self.local_registry {
            Some(location) => format!("{label} needs no copy: {location} is on this machine\n"),
            None => format!("{label} is on this machine: {}, {}\n", counted(self.files, "file"), bytes(self.size_bytes)),
        }
    }

    fn names(&self) -> Vec<String> {
        vec![format!("{}@{}", self.model, self.version)]
    }

    fn next(&self) -> Vec<Hint> {
        if self.local_registry.is_none() { vec![commands::models_cache_list().into()] } else { Vec::new() }
    }
}

impl View for ClearedCache {
    fn text(&self, _: &Screen) -> String {
        format!("{} removed, {}\n", counted(self.files, "file"), bytes(self.bytes))
    }
}
