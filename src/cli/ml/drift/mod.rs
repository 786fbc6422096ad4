//! `hivectl ml drift`.

mod baseline;
mod check;
mod comparison;
mod history;
mod watch;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::labels::{LabelArgs, LabelWords as _};
use super::tickets::TicketArgs;
use crate::api::drift::{DriftStatus, Method};
use crate::api::{Judging, Timestamp};
use crate::cli::verb_spec::group;
use crate::cli::view;

group! {
    /// Tell whether the work has changed since a version was trained, and for whom
    pub enum DriftCommand {
        Check(check::CheckArgs),
        Watch(watch::WatchArgs),
        History(history::DriftHistoryArgs),
        #[command(subcommand)]
        Baseline(baseline::BaselineCommand),
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
    /// What was typed, over so many days; `None` for as many as the settings say.
    fn judging(&self, window_days: Option<f64>) -> Judging {
        Judging {
            tickets: self.source.tickets(),
            window_days,
            as_of: self.as_of.map(Timestamp),
            labels: self.labels.rule(),
            typed: self.source.typed(self.labels.typed()),
            policy: None,
            threads: self.threads,
        }
    }
}

/// Reads the word of one of these statuses.
fn status_parser(accepted: &'static [DriftStatus]) -> impl TypedValueParser<Value = DriftStatus> {
    PossibleValuesParser::new(accepted.iter().map(|status| status.as_str())).try_map(|word| word.parse::<DriftStatus>())
}

/// Reads the word of a method.
fn method_parser() -> impl TypedValueParser<Value = Method> {
    let methods = Method::ALL.map(|method| PossibleValue::new(method.as_str()).help(method.summary()));
    PossibleValuesParser::new(methods).try_map(|word| word.parse::<Method>())
}
