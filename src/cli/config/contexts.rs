//! `hivectl config contexts`, `use` and `check`.

use clap::Args;

use crate::api::settings::{CheckSettingsRequest, ListContextsRequest, UseContextRequest};
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
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
    #[arg(add = complete::contexts())]
    pub name: String,
}

/// Check the files, every value in force, and that each secret can be read
///
/// Every context is checked. Nothing is contacted but the places of secrets. Changes nothing.
#[derive(Debug, Args)]
pub struct CheckSettingsArgs {}

impl VerbArgs for ContextsArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "config contexts",
        examples: &[
            ("Every context, the current one with a star", "hivectl config contexts"),
            ("Names for a script", "hivectl config contexts -o name"),
            ("Everything that they say", "hivectl config contexts -o json"),
        ],
        exit_codes: &[4, 11],
        has_rows: true,
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&ListContextsRequest {})
    }
}

impl VerbArgs for UseArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "config use",
        examples: &[
            ("From now on", "hivectl config use team"),
            ("For a script", "hivectl config use team -o json"),
            ("That it is so already is no failure", "hivectl config use team"),
        ],
        exit_codes: &[4, 6, 7, 10, 11],
        changes: "The line current_context of the user's file of settings.",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&UseContextRequest { name: self.name.clone() })
    }
}

impl VerbArgs for CheckSettingsArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "config check",
        examples: &[
            ("Are the files right?", "hivectl config check"),
            ("With another registry", "hivectl config check --registry other.db"),
            ("For a script", "hivectl config check -o json"),
        ],
        exit_codes: &[4, 11],
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&CheckSettingsRequest {})
    }
}
