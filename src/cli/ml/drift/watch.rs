//! `hivectl ml drift watch`.

use std::time::Duration;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::comparison::{Checked, ComparisonArgs};
use crate::cli::arguments::OutputForm;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::signal::Ending;
use crate::cli::verb_spec::VerbSpec;
use crate::cli::view;
use crate::drift::DriftStatus;
use crate::error::{Error, ErrorKind, Result};
use crate::ops::drift::watch::{self, Connections, Look, WatchRequest};

/// Check again and again, and print a line when something changes
///
/// Keeps every check. A warning that stays for --patience checks becomes critical, and while there is drift the
/// next look comes after half the interval. With --once it looks once, for a CronJob: what was kept before counts,
/// so both are equally patient, and the same window is counted once. A signal to end lets the look under way finish:
/// exit code 143 after SIGTERM, 130 after SIGINT.
#[derive(Debug, Args)]
pub struct WatchArgs {
    #[command(flatten)]
    pub comparison: ComparisonArgs,

    /// Time between two looks, such as 30m or 6h
    #[arg(long, value_name = "TIME", default_value = "6h", value_parser = crate::cli::duration::parse)]
    pub interval: Duration,

    /// End when this is the status
    #[arg(long, value_enum, value_name = "STATUS")]
    pub until: Option<UntilWord>,

    /// Warnings in a row that make a critical
    #[arg(long, value_name = "COUNT", default_value_t = 3)]
    pub patience: usize,

    /// Look once and end
    #[arg(long)]
    pub once: bool,

    /// End with exit code 20 where the last look shows drift
    #[arg(long)]
    pub exit_code: bool,
}

pub const SPEC: VerbSpec = VerbSpec {
    words: "ml drift watch",
    examples: &[
        ("In a CronJob", "hivectl ml drift watch --once --tickets later.ndjson.gz"),
        ("See how it speaks: two seconds", "hivectl ml drift watch --interval 1s --timeout 2s --tickets later.ndjson.gz"),
        ("For a dashboard, through the node exporter", "hivectl ml drift watch --once --metrics-file drift.prom --tickets later.ndjson.gz"),
    ],
    exit_codes: &[4, 7, 9, 10, 11, 13, 14, 20],
    changes: "Adds each check to the history.",
    ..VerbSpec::READING
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum UntilWord {
    Ok,
    Warning,
    Critical,
}

impl UntilWord {
    fn status(self) -> DriftStatus {
        match self {
            UntilWord::Ok => DriftStatus::Ok,
            UntilWord::Warning => DriftStatus::Warning,
            UntilWord::Critical => DriftStatus::Critical,
        }
    }
}

impl WatchArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        self.check_words()?;
        let comparison = self.comparison.resolve(session)?;
        let registry = session.registry(&comparison.settings)?;
        let request = WatchRequest {
            interval: self.interval,
            until: self.until.map(UntilWord::status),
            timeout: self.comparison.window.source.timeout,
            patience: self.patience,
            once: self.once,
        };
        let mut told = Vec::new();
        let mut tell = |look: &Look| {
            let printed = match session.printer.form {
                OutputForm::Jsonl => session.printer.write_stdout(&format!("{}\n", view::watch::document(look))),
                OutputForm::Table | OutputForm::Wide => session.printer.write_stdout(&view::watch::line(look)),
                _ => true,
            };
            told.push(view::watch::document(look));
            if printed { Ok(()) } else { Err(Error::new(ErrorKind::FileAccess, "cannot write to stdout")) }
        };
        let mut check = |registry: &crate::registry::Registry| {
            let Checked { report, undelivered } = self.comparison.check(&comparison, registry, session)?;
            // The next look pushes again; a watch that ends for that would see nothing any more.
            undelivered.iter().for_each(|error| session.printer.note(&format!("warning: the metrics were not delivered: {error}")));
            Ok(report)
        };
        let ending = Ending::listen()?;
        let pause = |length| {
            ending.pause(length);
            ending.exit_code().is_some()
        };
        let last = watch::run(&registry, &request, &mut Connections { check: &mut check, tell: &mut tell, pause: &pause })?;
        if ending.exit_code().is_some() {
            session.printer.note(&format!("asked to end; the last status is {}", last.status.word().replace('_', " ")));
        }
        let exit_code = match (ending.exit_code(), last.status) {
            (Some(code), _) => code,
            (None, DriftStatus::NotEnoughData) => 14,
            (None, status) if self.exit_code && status.reaches(DriftStatus::Warning) => 20,
            _ => 0,
        };
        let streamed = matches!(session.printer.form, OutputForm::Jsonl | OutputForm::Table | OutputForm::Wide);
        let names = vec![last.status.word().to_owned()];
        let data = json!({ "overall_status": last.status.word(), "items": told });
        Ok(Report { exit_code, names, streamed, ..Report::new("hivectl.ml.drift.watch/v1", data, |_| String::new()) })
    }

    fn check_words(&self) -> Result<()> {
        let problem = if self.patience == 0 {
            "--patience is 0, expected a whole number above 0"
        } else if self.interval.is_zero() {
            "--interval is 0, expected a length of time"
        } else if !self.once && self.comparison.window.source.tickets.iter().any(|place| place == "-") {
            "stdin can be read once only; add `--once`, or name a file with `--tickets FILE`"
        } else {
            return Ok(());
        };
        Err(Error::new(ErrorKind::Usage, problem))
    }
}
