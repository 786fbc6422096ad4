//! `hivectl ml retrain`.

use std::time::Duration;

use clap::Args;

use super::train::TrainArgs;
use crate::api::retrain::{RetrainReport, RetrainRequest, RetrainWatch};
use crate::base::commands;
use crate::cli::arguments::OutputFormat;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::signal::ShutdownSignal;
use crate::cli::verb_spec::VerbSpec;
use crate::error::{Error, ErrorKind, Result};

/// Train again where the work has changed, and put the better version into service
///
/// Checks drift, chooses the window (what came after the change, where that suffices), trains, judges by the gate,
/// compares with the champion on the newest tickets, registers in Staging or, with --promote-if-better, in
/// Production, and checks again against the new baseline. Where nothing better is found the champion stays: exit
/// code 3. One process at a time retrains a model, and after a training the next waits (--cool-down).
#[derive(Debug, Args)]
pub struct RetrainArgs {
    #[command(flatten)]
    pub train: TrainArgs,

    /// Train only where there is drift above --threshold
    #[arg(long)]
    pub if_drift: bool,

    /// Drift score above which is trained: error ratio minus 1, or the largest PSI [default: 0.2]
    #[arg(long, value_name = "SCORE")]
    pub threshold: Option<f64>,

    /// Train whatever the check says, also while cooling down; needs --reason
    #[arg(long, conflicts_with_all = ["if_drift", "watch"])]
    pub emergency: bool,

    /// As --if-drift, once
    #[arg(long, conflicts_with = "watch")]
    pub check_once: bool,

    /// As --if-drift, again and again
    #[arg(long)]
    pub watch: bool,

    /// Time between two looks of --watch, such as 1h [default: 60m]
    #[arg(long, value_name = "TIME", value_parser = crate::cli::duration::parse, requires = "watch")]
    pub interval: Option<Duration>,

    /// After a training the next one waits so long
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = crate::cli::duration::parse)]
    pub cool_down: Duration,
}

pub const SPEC: VerbSpec = VerbSpec {
    words: "ml retrain",
    examples: &[
        (
            "In a CronJob: only where the work has changed",
            "hivectl ml retrain --model duration --if-drift --threshold 0.5 --tickets later.ndjson.gz",
        ),
        ("What would it do?", "hivectl ml retrain --model duration --dry-run --cool-down 0s --tickets tickets.parquet"),
        ("At once, whatever the check says", "hivectl ml retrain --model duration --emergency --reason outage --tickets tickets.parquet"),
    ],
    exit_codes: &[3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14],
    changes: "As ml train, where the work has changed. With --dry-run nothing.",
    ..VerbSpec::READING
};

impl RetrainArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        if self.watch && matches!(session.printer.form, OutputFormat::Json | OutputFormat::Yaml) {
            return Err(Error::new(ErrorKind::Usage, "--watch makes a report each time, and this form is a single document").hint((
                "take a line for each: `",
                commands::retrain_watching(),
                "`",
            )));
        }
        let mut watch = Watch { session, ending: None };
        let report = Report::of(session.operations().retrain(&self.request(), &mut watch)?)?;
        let Some(exit_code) = watch.ending.and_then(|ending| ending.exit_code()) else { return Ok(report) };
        session.printer.note("asked to end; nothing is being trained");
        Ok(Report { exit_code, streamed: true, warnings: Vec::new(), next: Vec::new(), ..report })
    }

    fn request(&self) -> RetrainRequest {
        RetrainRequest {
            train: self.train.request(),
            if_drift: self.if_drift || self.check_once,
            threshold: self.threshold,
            emergency: self.emergency,
            watch: self.watch,
            interval: self.interval,
            cool_down: self.cool_down,
        }
    }
}

/// Prints every look, until a signal asks to end.
struct Watch<'a> {
    session: &'a Session<'a>,
    ending: Option<ShutdownSignal>,
}

impl RetrainWatch for Watch<'_> {
    fn begin(&mut self) -> Result<()> {
        self.ending = Some(ShutdownSignal::listen()?);
        Ok(())
    }

    fn tell(&mut self, report: &RetrainReport) -> Result<()> {
        self.session.printer.report(&Report::of(report.clone())?, self.session.context().as_deref());
        Ok(())
    }

    fn goes_on_after(&mut self, pause: Duration) -> bool {
        let Some(ending) = &self.ending else { return false };
        ending.pause(pause);
        ending.exit_code().is_none()
    }
}
