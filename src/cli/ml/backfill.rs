//! `hivectl ml backfill`.

use clap::Args;

use super::labels::{LabelArgs, LabelWords as _};
use super::tickets::TicketArgs;
use crate::api::Timestamp;
use crate::api::backfill::BackfillRequest;
use crate::api::words::USUAL_MODEL;
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::cli::view;
use crate::error::Result;
use crate::lifecycle::ModelRef;

/// Write predictions into tickets that have ended without one, and show how far they are off
///
/// Every labelled ticket of the window that has no prediction of this version gets one, made from its features as
/// they were when it was created: predictions.duration_ms, duration_confidence, model_name, model_version,
/// predicted_at, error_ms and error_pct, and nothing else. A ticket that changed since it was read is left alone and
/// counted. An estimate is no prediction. Shows the plan and asks; a run that died is gone on with by any later one,
/// and --resume does so without asking again. Every run is noted in ml_backfill_history.
#[derive(Debug, Args)]
pub struct BackfillArgs {
    /// Model that predicts: NAME, NAME@7, NAME#production or a kind
    #[arg(long, value_name = "REF", default_value = USUAL_MODEL, add = complete::references())]
    pub model: ModelRef,

    #[command(flatten)]
    pub source: TicketArgs,

    /// Days of tickets, counted back from --as-of over created_at [default: 30]
    #[arg(long, value_name = "DAYS")]
    pub window_days: Option<f64>,

    /// The moment to predict at, such as 2026-01-31T12:00:00Z [default: the newest created_at]
    #[arg(long, value_name = "TIME", value_parser = view::time::parse)]
    pub as_of: Option<i64>,

    #[command(flatten)]
    pub labels: LabelArgs,

    /// Write at most so many predictions a second
    #[arg(long, value_name = "COUNT", value_parser = rate)]
    pub rate: Option<f64>,

    /// Go on with the plan that an earlier run left, without asking again; start where there is none
    #[arg(long, conflicts_with_all = ["dry_run", "errors_only"])]
    pub resume: bool,

    /// Compute the errors, write nothing into tickets
    #[arg(long)]
    pub errors_only: bool,

    /// Show the plan and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Threads to use; 0 is one a core
    #[arg(long, default_value_t = 0, value_name = "COUNT")]
    pub threads: usize,
}

fn rate(word: &str) -> Result<f64, String> {
    match word.parse::<f64>() {
        Ok(rate) if rate.is_finite() && rate > 0.0 => Ok(rate),
        _ => Err(format!("'{word}' is no number of tickets above 0")),
    }
}

impl VerbArgs for BackfillArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml backfill",
        examples: &[
            ("See what would be written", "hivectl ml backfill --dry-run --tickets mongodb://db.example:27017"),
            ("In a cron job, gently, going on where the last run ended", "hivectl ml backfill --resume --yes --rate 500"),
            ("How far the model is off on the tickets of a file", "hivectl ml backfill --errors-only --tickets later.ndjson.gz"),
        ],
        exit_codes: &[4, 5, 9, 10, 11, 12, 13, 14],
        changes: "Writes predictions into tickets that have ended without one. With --dry-run nothing, with --errors-only the note of the run alone.",
        questions: &[("--yes", "ml backfill --tickets mongodb://127.0.0.1:9")],
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&BackfillRequest {
            model: self.model.clone(),
            tickets: self.source.tickets(),
            window_days: self.window_days,
            as_of: self.as_of.map(Timestamp),
            labels: self.labels.rule(),
            typed: self.source.typed(self.labels.typed()),
            rate: self.rate,
            resume: self.resume,
            errors_only: self.errors_only,
            dry_run: self.dry_run,
            threads: self.threads,
        })
    }
}
