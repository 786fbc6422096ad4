//! `hivectl ml stats`.

use clap::Args;

use super::labels::LabelArgs;
use super::tickets::TicketArgs;
use crate::api::Timestamp;
use crate::api::stats::StatsRequest;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::VerbSpec;
use crate::cli::view;
use crate::error::Result;

/// Count the predictions that were made, and how far they were off
///
/// By model version, task type and hour: how many predictions, how many of their tickets have ended, the mean
/// absolute error in percent of the mean duration, and the share of anomalies. Understands both shapes of
/// predictions that the platform writes. A prediction without predicted_at was made when its ticket was created.
/// Changes nothing.
#[derive(Debug, Args)]
pub struct StatsArgs {
    /// Instead: how long tickets took, by task type and risk band; counted by the server, and with --as-of ticket by
    /// ticket, exactly as it was known then
    #[arg(long)]
    pub durations: bool,

    #[command(flatten)]
    pub source: TicketArgs,

    /// How far to look back from --as-of, such as 24h or 7d
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = crate::cli::duration::parse)]
    pub window: std::time::Duration,

    /// The moment to look back from, such as 2026-01-31T12:00:00Z [default: now; the newest created_at for files and --durations]
    #[arg(long, value_name = "TIME", value_parser = view::time::parse)]
    pub as_of: Option<i64>,

    #[command(flatten)]
    pub labels: LabelArgs,
}

pub const SPEC: VerbSpec = VerbSpec {
    words: "ml stats",
    examples: &[
        ("The last day", "hivectl ml stats --tickets mongodb://db.example:27017"),
        ("A week, for a script", "hivectl ml stats --window 7d --as-of 2026-01-31 -o json"),
        ("Of the tickets in a file", "hivectl ml stats --window 30d --tickets examples/tickets.ndjson.gz"),
    ],
    exit_codes: &[4, 9, 10, 11, 14],
    has_rows: true,
    ..VerbSpec::READING
};

impl StatsArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let request = StatsRequest {
            tickets: self.source.tickets(),
            window: self.window,
            as_of: self.as_of.map(Timestamp),
            labels: self.labels.rule(),
        };
        match self.durations {
            true => Report::of(session.operations().duration_stats(&request)?),
            false => Report::of(session.operations().prediction_stats(&request)?),
        }
    }
}
