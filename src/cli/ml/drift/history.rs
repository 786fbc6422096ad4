//! `hivectl ml drift history`.

use clap::Args;

use crate::api::Timestamp;
use crate::api::drift_history::DriftHistoryRequest;
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::VerbSpec;
use crate::cli::view;
use crate::error::Result;

/// Show the checks that were made, and what happened to the model between them
///
/// Names what recurs with the calendar: drift that comes on the same weekday or at the same hour is a season, and
/// training does not end it.
#[derive(Debug, Args)]
pub struct DriftHistoryArgs {
    /// Model whose checks are shown [default: every model]
    #[arg(long, value_name = "NAME", add = complete::references())]
    pub model: Option<String>,

    /// Checks of windows that ended since this moment, such as 2026-01-31
    #[arg(long, value_name = "TIME", value_parser = view::time::parse)]
    pub since: Option<i64>,
}

pub const SPEC: VerbSpec = VerbSpec {
    words: "ml drift history",
    examples: &[
        ("Every check", "hivectl ml drift history"),
        ("Of one model, this year", "hivectl ml drift history --model duration --since 2026-01-01"),
        ("For a script", "hivectl ml drift history -o json"),
    ],
    exit_codes: &[4, 9, 10, 11],
    has_rows: true,
    ..VerbSpec::READING
};

impl DriftHistoryArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let request = DriftHistoryRequest { model: self.model.clone(), since: self.since.map(Timestamp) };
        Report::of(session.operations().drift_history(&request)?)
    }
}
