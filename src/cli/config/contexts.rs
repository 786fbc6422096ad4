//! `hivectl config contexts`, `use` and `check`.

use clap::Args;

use crate::api::settings::UseContextRequest;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::error::Result;

/// List the contexts
///
/// A context names a registry, a source of tickets, Prometheus, a Kubernetes namespace, and whether it is protected.
/// Changes nothing.
#[derive(Debug, Args)]
pub struct ContextsArgs {}

/// Make a context the current one
///
/// The user's file names it; `--context` and HIVECTL_CONTEXT win over it for one command or shell.
#[derive(Debug, Args)]
pub struct UseArgs {
    /// Name of the context
    pub name: String,
}

/// Check the files, every value in force, and that each secret can be read
///
/// Every context is checked. Nothing is contacted but the places of secrets. Changes nothing.
#[derive(Debug, Args)]
pub struct CheckArgs {}

impl ContextsArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        Report::of(session.operations().list_contexts()?)
    }
}

impl UseArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        Report::of(session.operations().use_context(&UseContextRequest { name: self.name.clone() })?)
    }
}

impl CheckArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        Report::of(session.operations().check_settings()?)
    }
}
