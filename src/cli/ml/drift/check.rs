//! `hivectl ml drift check`.

use clap::{Args, ValueEnum};

use super::comparison::{Checked, ComparisonArgs};
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::VerbSpec;
use crate::cli::view;
use crate::drift::DriftStatus;
use crate::error::{ErrorKind, Result};
use crate::ops::drift::history;

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
    #[arg(long, value_enum, value_name = "STATUS")]
    pub fail_on: Option<FailOn>,

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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    Warning,
    Critical,
}

impl CheckArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let comparison = self.comparison.resolve(session)?;
        let registry = session.registry(&comparison.settings)?;
        let Checked { mut report, undelivered } = self.comparison.check(&comparison, &registry, session)?;
        if !self.no_record {
            // A registry that cannot be written still tells what was found.
            let kept = history::record(registry.drift_store()?, &report, jiff::Timestamp::now().as_millisecond());
            report.warnings.extend(kept.err().map(|error| format!("the check was not kept for `drift history`: {error}")));
        }
        report.warnings.extend(undelivered.as_ref().map(|error| format!("the metrics were not delivered: {error}")));
        let report = view::drift::report(report, self.least());
        let exit_code = if undelivered.is_some() && report.exit_code == 0 { ErrorKind::PartlyDone.exit_code() } else { report.exit_code };
        Ok(Report { exit_code, ..report })
    }

    fn least(&self) -> Option<DriftStatus> {
        match (self.fail_on, self.exit_code) {
            (Some(FailOn::Critical), _) => Some(DriftStatus::Critical),
            (Some(FailOn::Warning), _) | (None, true) => Some(DriftStatus::Warning),
            (None, false) => None,
        }
    }
}
