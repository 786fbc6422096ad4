//! `hivectl ml drift`.

pub(in crate::cli) mod baseline;
pub(in crate::cli) mod check;
mod comparison;
pub(in crate::cli) mod history;
pub(in crate::cli) mod watch;

pub(super) use comparison::limits;

use clap::{Args, Subcommand};

use super::labels::LabelArgs;
use super::tickets::TicketArgs;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::view;
use crate::error::{Error, ErrorKind, Result};
use crate::ops::judging::JudgeRequest;

#[derive(Debug, Subcommand)]
pub enum DriftCommand {
    /// Compare recent tickets with a version's baseline
    Check(Box<check::CheckArgs>),

    /// Check again and again, and print a line when something changes
    Watch(Box<watch::WatchArgs>),

    /// Show the checks that were made, and what happened to the model between them
    History(history::HistoryArgs),

    /// Make, list, show and choose baselines
    #[command(subcommand, arg_required_else_help = true)]
    Baseline(baseline::BaselineCommand),
}

impl DriftCommand {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        match self {
            DriftCommand::Check(arguments) => arguments.run(session),
            DriftCommand::Watch(arguments) => arguments.run(session),
            DriftCommand::History(arguments) => arguments.run(session),
            DriftCommand::Baseline(command) => command.run(session),
        }
    }
}

/// Which tickets are looked at.
#[derive(Debug, Args)]
pub struct WindowArgs {
    #[command(flatten)]
    pub source: TicketArgs,

    /// End of the window, such as 2026-01-31T12:00:00Z [default: the newest completed_at]
    #[arg(long, value_name = "TIME", value_parser = view::time::parse)]
    pub as_of: Option<i64>,

    #[command(flatten)]
    pub labels: LabelArgs,

    /// Threads to use; 0 is one a core
    #[arg(long, default_value_t = 0, value_name = "COUNT")]
    pub threads: usize,
}

impl WindowArgs {
    /// How the tickets of a window of `days` are read.
    pub fn request(&self, days: f64) -> JudgeRequest {
        JudgeRequest {
            labels: self.labels.rule(),
            typed: self.source.typed(self.labels.typed()),
            window_days: days,
            as_of: self.as_of,
            threads: crate::ops::threads(self.threads),
        }
    }
}

/// Refuses days that are no length of time.
fn days(flag: &str, days: f64) -> Result<f64> {
    if days.is_finite() && days > 0.0 {
        return Ok(days);
    }
    Err(Error::new(ErrorKind::Usage, format!("{flag} is {days}, expected a number above 0")))
}
