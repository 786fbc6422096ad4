//! `hivectl ml models history`.

use clap::Args;

use crate::api::change::HistoryRequest;
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::error::Result;

/// Show what happened to a model, newest first
///
/// Made from the audit log; where that does not reach back, from the registry's own times, which are
/// marked as such. Changes nothing.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// Model whose history to show
    #[arg(add = complete::models())]
    pub name: String,
}

impl VerbArgs for HistoryArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml models history",
        examples: &[
            ("What happened to a model", "hivectl ml models history ticket-duration-predictor"),
            ("As JSON", "hivectl ml models history ticket-duration-predictor -o json"),
            ("By its kind", "hivectl ml models history duration"),
        ],
        exit_codes: &[4, 9, 10, 11],
        has_rows: true,
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&HistoryRequest { name: self.name.clone() })
    }
}
