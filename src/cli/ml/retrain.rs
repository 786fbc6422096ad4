//! `hivectl ml retrain`.

use std::time::Duration;

use clap::Args;

use super::train::{TrainArgs, number};
use crate::base::commands;
use crate::cli::arguments::OutputForm;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::signal::Ending;
use crate::cli::verb_spec::VerbSpec;
use crate::cli::view;
use crate::config::Settings;
use crate::error::{Error, ErrorKind, Result};
use crate::ops::drift::DriftSettings;
use crate::ops::retrain::{self, RetrainRequest};
use crate::ops::train;

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
        if self.emergency && session.global.reason.is_none() {
            return Err(Error::new(ErrorKind::Usage, "--emergency needs a reason")
                .hint("add `--reason TEXT`; it is kept with the version and in the audit log"));
        }
        if self.watch && matches!(session.printer.form, OutputForm::Json | OutputForm::Yaml) {
            return Err(Error::new(ErrorKind::Usage, "--watch makes a report each time, and this form is a single document").hint((
                "take a line for each: `",
                commands::retrain_watching(),
                "`",
            )));
        }
        if self.train.source.tickets.iter().any(|place| place == "-") {
            return Err(Error::new(ErrorKind::Usage, "stdin can be read once only, and retraining reads the tickets for each step")
                .hint("name a file with `--tickets FILE`"));
        }
        if self.train.backfill_errors || self.train.baseline_to_mongodb {
            let message = format!("--backfill-errors and --baseline-to-mongodb belong to `{}`", commands::train());
            let save = commands::baseline_save_to_mongodb("REF");
            return Err(Error::new(ErrorKind::Usage, message).hint((
                "afterwards run `",
                commands::backfill_errors(),
                "`, or `",
                save,
                "`",
            )));
        }
        let settings = self.train.settings(session)?;
        let mut request = RetrainRequest {
            train: self.train.request(session, &settings)?,
            if_drift: self.if_drift || self.check_once || self.watch,
            threshold: self.threshold.map_or_else(|| settings.parse("drift_threshold").map(Option::unwrap_or_default), Ok)?,
            emergency: self.emergency,
            typed: self.train.source.typed(self.train.labels.typed()),
            cool_down: self.cool_down,
            limits: DriftSettings::of(&settings)?.limits,
            drift_window_days: number(&settings, "drift_window_days")?,
            now_ms: 0,
        };
        train::check(&request.train)?;
        self.train.check_approval(session, &settings, &request.train)?;
        let interval = match self.interval {
            Some(interval) => interval,
            None => Duration::from_secs_f64(60.0 * number(&settings, "drift_check_interval_minutes")?),
        };
        let registry = session.registry(&settings)?;
        let ending = self.watch.then(Ending::listen).transpose()?;
        let open = || self.train.source.open(&settings);
        loop {
            request.now_ms = jiff::Timestamp::now().as_millisecond();
            let models = retrain::run(&registry, &request, &open, &session.progress())?;
            let mut report = view::retrain::report(models);
            if self.train.dry_run {
                report = report.headed(session.place_line(&settings, registry.store()));
            }
            report.warnings.extend(left_out(&settings));
            let Some(ending) = &ending else { return Ok(report) };
            session.printer.report(&report, session.context().as_deref());
            ending.pause(interval);
            if let Some(exit_code) = ending.exit_code() {
                session.printer.note("asked to end; nothing is being trained");
                return Ok(Report { exit_code, streamed: true, warnings: Vec::new(), next: Vec::new(), ..report });
            }
        }
    }
}

/// What the environment or a configuration file asks of training and retraining does not do.
fn left_out(settings: &Settings) -> Vec<String> {
    let instead = [("backfill_errors", commands::backfill_errors()), ("baseline_to_mongodb", commands::baseline_save_to_mongodb("REF"))];
    let asked = instead.into_iter().filter(|(key, _)| settings.is_on(key));
    let train = commands::train();
    asked.map(|(key, instead)| format!("the setting {key} holds for `{train}` and not here; afterwards run `{instead}`")).collect()
}
