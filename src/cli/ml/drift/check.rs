//! `hivectl ml drift check`.

use clap::Args;

use super::comparison::ComparisonArgs;
use super::status_parser;
use crate::api::drift::{CheckDriftRequest, DriftStatus};
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::suggestion::CommandPlace;
use crate::cli::verb_spec::VerbSpec;
use crate::error::Result;

/// Compare recent tickets with a version's baseline
///
/// The error of the version now over the one of its baseline is the alarm; which features, requesters and kinds of
/// work changed is the diagnosis. Tickets come in bursts, so bursts are counted and not tickets, and the baseline
/// is weighted to the calendar of the window. Too little data ends with exit code 14, never as ok. The result is
/// kept for `drift history`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    pub comparison: ComparisonArgs,

    /// End with exit code 20 where there is drift
    #[arg(long)]
    pub exit_code: bool,

    /// As --exit-code, from this status on
    #[arg(long, value_name = "STATUS", value_parser = status_parser(&[DriftStatus::Warning, DriftStatus::Critical]))]
    pub fail_on: Option<DriftStatus>,

    /// Keep nothing for `drift history`
    #[arg(long)]
    pub no_record: bool,
}

pub const SPEC: VerbSpec = VerbSpec {
    words: "ml drift check",
    examples: &[
        ("Has the work changed since the duration model was trained?", "hivectl ml drift check --tickets later.ndjson.gz"),
        ("The running system's rule, for a script", "hivectl ml drift check --method reference --tickets later.ndjson.gz -o json"),
        (
            "Against the weeks before, without a stored baseline",
            "hivectl ml drift check --window-days 2 --against-days 28 --tickets examples/tickets.ndjson.gz",
        ),
    ],
    exit_codes: &[4, 9, 10, 11, 13, 14, 20],
    changes: "Adds the check to the history. With --no-record nothing.",
    ..VerbSpec::READING
};

impl CheckArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let request = CheckDriftRequest {
            comparison: self.comparison.comparison(),
            fail_on: self.fail_on.or(self.exit_code.then_some(DriftStatus::Warning)),
            record: !self.no_record,
        };
        let place = CommandPlace::typed(session.global);
        Report::of(session.operations().check_drift(&request)?.map_command(|command| place.command(command)))
    }
}
