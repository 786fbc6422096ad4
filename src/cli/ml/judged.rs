//! The words that say which tickets judge a version.

use clap::Args;

use super::labels::{LabelArgs, LabelWords};
use super::tickets::TicketArgs;
use crate::api::{Judging, Timestamp};
use crate::cli::complete;
use crate::cli::view;

/// Which tickets judge.
#[derive(Debug, Args)]
pub struct JudgeArgs<L: Args = LabelArgs> {
    #[command(flatten)]
    pub source: TicketArgs,

    /// Days of tickets that judge, counted back from --as-of over created_at [default: 30]
    #[arg(long, value_name = "DAYS")]
    pub window_days: Option<f64>,

    /// The moment to judge at, such as 2026-01-31T12:00:00Z [default: the newest created_at]
    #[arg(long, value_name = "TIME", value_parser = view::time::parse)]
    pub as_of: Option<i64>,

    #[command(flatten)]
    pub labels: L,

    /// File with the gates
    #[arg(long, value_name = "FILE", add = complete::files(&["yaml", "yml"]))]
    pub policy: Option<String>,

    /// Threads to use; 0 is one a core
    #[arg(long, default_value_t = 0, value_name = "COUNT")]
    pub threads: usize,
}

impl<L: Args + LabelWords> JudgeArgs<L> {
    /// What was typed.
    pub fn judging(&self) -> Judging {
        Judging {
            tickets: self.source.tickets(),
            window_days: self.window_days,
            as_of: self.as_of.map(Timestamp),
            labels: self.labels.rule(),
            typed: self.source.typed(self.labels.typed()),
            policy: self.policy.clone(),
            threads: self.threads,
        }
    }
}
