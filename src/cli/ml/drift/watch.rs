//! `hivectl ml drift watch`.

use std::time::Duration;

use clap::Args;

use super::comparison::ComparisonArgs;
use super::status_parser;
use crate::api::Listener;
use crate::api::drift::DriftStatus;
use crate::api::drift_history::{DriftLook, DriftWatchAnswer, WatchDriftRequest};
use crate::base::Hint;
use crate::cli::arguments::OutputFormat;
use crate::cli::printer::Printer;
use crate::cli::report::Report;
use crate::cli::sanitize;
use crate::cli::session::Session;
use crate::cli::signal::ShutdownSignal;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::cli::view::{Screen, View, time};
use crate::error::{Error, ErrorKind, Result};

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
    #[arg(long, value_name = "TIME", default_value = "6h", value_parser = crate::base::duration::parse)]
    pub interval: Duration,

    /// End when this is the status
    #[arg(long, value_name = "STATUS", value_parser = status_parser(&[DriftStatus::Ok, DriftStatus::Warning, DriftStatus::Critical]))]
    pub until: Option<DriftStatus>,

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

impl VerbArgs for WatchArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml drift watch",
        examples: &[
            ("In a CronJob", "hivectl ml drift watch --once --tickets later.ndjson.gz"),
            ("See how it speaks: two seconds", "hivectl ml drift watch --interval 1s --timeout 2s --tickets later.ndjson.gz"),
            (
                "For a dashboard, through the node exporter",
                "hivectl ml drift watch --once --metrics-file drift.prom --tickets later.ndjson.gz",
            ),
        ],
        exit_codes: &[4, 7, 9, 10, 11, 13, 14, 20],
        changes: "Adds each check to the history.",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        let request = WatchDriftRequest {
            comparison: self.comparison.comparison(),
            interval: self.interval,
            until: self.until,
            patience: self.patience,
            once: self.once,
            fail_on: self.exit_code.then_some(DriftStatus::Warning),
        };
        let mut watcher = TerminalWatcher { printer: session.printer, ending: None };
        let seen = session.stream(&request, &mut watcher)?;
        let asked_to_end = watcher.exit_code();
        if let (Some(_), DriftWatchAnswer::Watched(seen)) = (asked_to_end, &seen) {
            session.printer.note(&format!("asked to end; the last status is {}", seen.overall_status.as_str().replace('_', " ")));
        }
        let was_told = matches!(session.printer.form, OutputFormat::Jsonl | OutputFormat::Table | OutputFormat::Wide);
        let streamed = was_told && matches!(seen, DriftWatchAnswer::Watched(_));
        let report = Report::of(seen)?;
        Ok(Report { exit_code: asked_to_end.unwrap_or(report.exit_code), streamed, ..report })
    }
}

/// Prints each look at once, and ends for a signal.
struct TerminalWatcher<'a> {
    printer: &'a Printer,
    /// Listens once the first look is about to be made.
    ending: Option<ShutdownSignal>,
}

impl TerminalWatcher<'_> {
    /// The exit code of the signal that asked for the end.
    fn exit_code(&self) -> Option<u8> {
        self.ending.as_ref().and_then(ShutdownSignal::exit_code)
    }
}

impl Listener<DriftLook> for TerminalWatcher<'_> {
    fn begin(&mut self) -> Result<()> {
        self.ending = Some(ShutdownSignal::listen()?);
        Ok(())
    }

    fn tell(&mut self, look: &DriftLook) -> Result<()> {
        let printed = match self.printer.form {
            OutputFormat::Jsonl => self.printer.write_stdout(&format!("{}\n", json_line(look)?)),
            OutputFormat::Table | OutputFormat::Wide => self.printer.write_stdout(&line(look)),
            _ => true,
        };
        if printed { Ok(()) } else { Err(Error::new(ErrorKind::FileAccess, "cannot write to stdout")) }
    }

    fn pause(&mut self, length: Duration) -> bool {
        if let Some(ending) = &self.ending {
            ending.pause(length);
        }
        self.exit_code().is_some()
    }
}

/// One look on one line.
fn line(look: &DriftLook) -> String {
    let ratio = look.drift_ratio.map_or(String::new(), |ratio| format!(", error {ratio:.2} times"));
    let name = sanitize::line(&look.model);
    let stayed = if look.status == look.check_status { "" } else { " (the warning stays)" };
    format!(
        "{}  {name}@{}  {}{stayed}{ratio}, {} tickets\n",
        time::minute(look.window_end.0),
        look.version,
        loud(look.status),
        look.ticket_count
    )
}

/// One look as a line of JSON.
fn json_line(look: &DriftLook) -> Result<String> {
    let unwritten = |error| Error::new(ErrorKind::Internal, "a look cannot be written").because(error);
    serde_json::to_value(look).map(|value| value.to_string()).map_err(unwritten)
}

fn loud(status: DriftStatus) -> String {
    if status.reaches(DriftStatus::Warning) { status.as_str().to_uppercase() } else { status.as_str().replace('_', " ") }
}

impl View for DriftWatchAnswer {
    /// Each look was printed when it was made.
    fn text(&self, _: &Screen) -> String {
        match self {
            DriftWatchAnswer::Watched(_) => String::new(),
            DriftWatchAnswer::Skipped(skipped) => skipped.text(),
        }
    }

    fn names(&self) -> Vec<String> {
        match self {
            DriftWatchAnswer::Watched(report) => vec![report.overall_status.to_string()],
            DriftWatchAnswer::Skipped(skipped) => vec![skipped.overall_status.to_string()],
        }
    }

    fn next(&self) -> Vec<Hint> {
        match self {
            DriftWatchAnswer::Watched(_) => Vec::new(),
            DriftWatchAnswer::Skipped(skipped) => skipped.next(),
        }
    }
}
