//! `hivectl ml backfill`.

use clap::Args;

use super::labels::{LabelArgs, LabelWords as _};
use super::tickets::TicketArgs;
use crate::api::Timestamp;
use crate::api::backfill::{BackfillRequest, UndoBackfillReport, UndoBackfillRequest};
use crate::api::words::USUAL_MODEL;
use crate::base::number::plural;
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::sanitize;
use crate::cli::session::Session;
use crate::cli::verb_spec::{Runnable, VerbArgs, VerbSpec, group};
use crate::cli::view::{self, Screen, View};
use crate::error::Result;
use crate::lifecycle::ModelRef;

/// Write predictions into tickets that have ended without one, and show how far they are off
///
/// Every labelled ticket of the window that has no prediction gets one, made from its features as
/// they were when it was created: predictions.duration_ms, duration_confidence, model_name, model_version,
/// predicted_at, error_ms and error_pct, and nothing else. A ticket that changed since it was read is left alone and
/// counted, and so is one with a prediction of another version, but for --replace: that writes over it, keeps what was
/// there for 90 days, and `undo` puts it back. An estimate is no prediction. Shows the plan and asks; a run that died is gone on with by any later one,
/// and --resume does so without asking again. Every run is noted in ml_backfill_history.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct BackfillArgs {
    #[command(subcommand)]
    pub below: Option<BackfillCommand>,

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

    /// Also write over predictions of other versions; the plan says how many of whose
    #[arg(long, conflicts_with = "errors_only")]
    pub replace: bool,

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

group! {
    /// Put back what a backfill replaced
    pub enum BackfillCommand {
        Undo(UndoArgs),
    }
}

/// Put the predictions back that a backfill with --replace wrote over
///
/// Each ticket that still holds what the run wrote gets the prediction that it had before; others are left alone and
/// counted (exit code 12). What was kept is kept for 90 days. What the run wrote into tickets without a prediction stays.
#[derive(Debug, Args)]
pub struct UndoArgs {
    /// The run: history_id of its report
    #[arg(value_name = "RUN")]
    pub run: String,

    #[command(flatten)]
    pub source: TicketArgs,

    /// Count what would be put back and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

impl VerbArgs for UndoArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml backfill undo",
        examples: &[
            ("See what would be put back", "hivectl ml backfill undo 6931f0 --dry-run --tickets mongodb://db.example:27017"),
            ("Put it back", "hivectl ml backfill undo 6931f0 --yes"),
            ("For a script", "hivectl ml backfill undo 6931f0 --yes -o json"),
        ],
        exit_codes: &[4, 5, 9, 10, 11, 12],
        changes: "The predictions that a run wrote over. With --dry-run nothing.",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&UndoBackfillRequest { run: self.run.clone(), tickets: self.source.tickets(), dry_run: self.dry_run })
    }
}

impl View for UndoBackfillReport {
    fn text(&self, _: &Screen) -> String {
        let UndoBackfillReport { run, tickets, kept, restored, conflicts, dry_run } = self;
        let verb = if *dry_run { "would be put back" } else { "put back" };
        let left = conflicts.len();
        format!(
            "tickets   {}\nrun       {}\nkept      {kept}\ndone      {restored} {verb}, {left} left alone\n",
            sanitize::line(tickets),
            sanitize::line(run)
        )
    }

    fn names(&self) -> Vec<String> {
        self.conflicts.clone()
    }

    fn warnings(&self) -> Vec<String> {
        let left = self.conflicts.len();
        let told = (left > 0).then(|| {
            format!(
                "{} by now something else than the run wrote and {} left alone",
                plural(left, "1 ticket holds", &format!("{left} tickets hold")),
                plural(left, "was", "were")
            )
        });
        told.into_iter().collect()
    }
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
        changes: "Writes predictions into tickets that have ended without one; with --replace also over those of other versions. With --dry-run nothing, with --errors-only the note of the run alone.",
        questions: &[("--yes", "ml backfill --tickets mongodb://127.0.0.1:9")],
        ..VerbSpec::READING
    };

    fn below() -> Vec<&'static VerbSpec> {
        BackfillCommand::specs()
    }

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        if let Some(below) = &self.below {
            return Runnable::run(below, session);
        }
        session.answer(&BackfillRequest {
            model: self.model.clone(),
            tickets: self.source.tickets(),
            window_days: self.window_days,
            as_of: self.as_of.map(Timestamp),
            labels: self.labels.rule(),
            typed: self.source.typed(self.labels.typed()),
            rate: self.rate,
            resume: self.resume,
            replace: self.replace,
            errors_only: self.errors_only,
            dry_run: self.dry_run,
            threads: self.threads,
        })
    }
}
