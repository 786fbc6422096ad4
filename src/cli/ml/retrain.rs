//! `hivectl ml retrain`.

use std::fmt::Write as _;
use std::time::Duration;

use clap::Args;

use super::train::TrainArgs;
use crate::api::Listener;
use crate::api::retrain::{RetrainOutcome, RetrainReport, RetrainRequest, RetrainStep, RetrainedModel};
use crate::base::{Hint, commands};
use crate::cli::arguments::OutputFormat;
use crate::cli::report::Report;
use crate::cli::sanitize;
use crate::cli::session::Session;
use crate::cli::signal::ShutdownSignal;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::cli::view::table::{Column, table};
use crate::cli::view::{Screen, View, age};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::Stage;

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
    #[arg(long, value_name = "TIME", value_parser = crate::base::duration::parse, requires = "watch")]
    pub interval: Option<Duration>,

    /// After a training the next one waits so long
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = crate::base::duration::parse)]
    pub cool_down: Duration,
}

impl VerbArgs for RetrainArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml retrain",
        examples: &[
            (
                "In a CronJob: only where the work has changed",
                "hivectl ml retrain --model duration --if-drift --threshold 0.5 --tickets later.ndjson.gz",
            ),
            ("What would it do?", "hivectl ml retrain --model duration --dry-run --cool-down 0s --tickets tickets.parquet"),
            (
                "At once, whatever the check says",
                "hivectl ml retrain --model duration --emergency --reason outage --tickets tickets.parquet",
            ),
        ],
        exit_codes: &[3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14],
        changes: "As ml train, where the work has changed. With --dry-run nothing.",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        if self.watch && matches!(session.printer.form, OutputFormat::Json | OutputFormat::Yaml) {
            return Err(Error::new(ErrorKind::Usage, "--watch makes a report each time, and this form is a single document").hint((
                "take a line for each: `",
                commands::retrain_watching(),
                "`",
            )));
        }
        let mut watch = Watch { session, ending: None };
        let report = Report::of(session.stream(&self.request(), &mut watch)?)?;
        let Some(exit_code) = watch.ending.and_then(|ending| ending.exit_code()) else { return Ok(report) };
        session.printer.note("asked to end; nothing is being trained");
        Ok(Report { exit_code, streamed: true, warnings: Vec::new(), next: Vec::new(), ..report })
    }
}

impl RetrainArgs {
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

impl Listener<RetrainReport> for Watch<'_> {
    fn begin(&mut self) -> Result<()> {
        self.ending = Some(ShutdownSignal::listen()?);
        Ok(())
    }

    fn tell(&mut self, report: &RetrainReport) -> Result<()> {
        self.session.printer.report(&Report::of(report.clone())?, self.session.context().as_deref());
        Ok(())
    }

    fn pause(&mut self, length: Duration) -> bool {
        let Some(ending) = &self.ending else { return true };
        ending.pause(length);
        ending.exit_code().is_some()
    }
}

impl View for RetrainReport {
    fn text(&self, screen: &Screen) -> String {
        let mut text = self.place.as_ref().map(|place| format!("{}\n", sanitize::line(&place.to_string()))).unwrap_or_default();
        for model in &self.models {
            let _ = writeln!(text, "{}: {}", sanitize::line(&model.name), sentence(model));
            text.push_str(&age::line(model.newest_ticket_age_seconds));
            let row = |step: &RetrainStep| vec![step.name.clone(), format!("{:.1} s", step.duration_seconds), step.result.clone()];
            let rows: Vec<Vec<String>> = model.steps.iter().map(row).collect();
            text.push_str(&table(&[Column::Text("STEP"), Column::Number("TIME"), Column::Text("RESULT")], &rows, screen));
        }
        text
    }

    fn names(&self) -> Vec<String> {
        self.models.iter().map(|model| format!("{} {}", model.name, model.outcome)).collect()
    }

    fn warnings(&self) -> Vec<String> {
        self.ignored_settings.clone()
    }

    fn next(&self) -> Vec<Hint> {
        let staged = self.models.iter().filter(|model| model.outcome == RetrainOutcome::Staged);
        staged.filter_map(next_of).collect()
    }
}

/// What to do with a version that waits: only one that is better than the champion is to be promoted.
fn next_of(model: &RetrainedModel) -> Option<Hint> {
    let version = format!("{}@{}", model.name, model.version?);
    Some(match &model.champion {
        Some(champion) if !champion.better => {
            commands::models_compare_on_tickets(format!("{}@{}", model.name, champion.version), version).into()
        }
        _ => commands::models_promote(version).into(),
    })
}

fn sentence(model: &RetrainedModel) -> String {
    let version = model.version.map_or(String::new(), |version| format!("version {version}"));
    // Where aliases alone tell what serves.
    let waits = if model.stage == Some(Stage::None) { "is the challenger" } else { "is in Staging" };
    match model.outcome {
        RetrainOutcome::Skipped => "skipped: drift checks are switched off".into(),
        RetrainOutcome::NoDrift => "no drift that asks for training".into(),
        RetrainOutcome::NotEnoughData => "too few tickets to tell".into(),
        RetrainOutcome::CoolingDown => "cooling down; nothing was trained".into(),
        RetrainOutcome::Staged => match &model.champion {
            Some(champion) if !champion.better => {
                format!("{version} {waits}, and is not shown to be better than the champion, version {}", champion.version)
            }
            _ => format!("{version} {waits}"),
        },
        RetrainOutcome::Promoted if model.stage == Some(Stage::None) => format!("{version} serves"),
        RetrainOutcome::Promoted => format!("{version} is in Production"),
        RetrainOutcome::NotBetter => format!("nothing better found: {version} {waits}, the champion stays"),
        RetrainOutcome::GateFailed => "nothing better found: the gate failed, the champion stays".into(),
        RetrainOutcome::WouldRegister => "would be registered (dry run, nothing was written)".into(),
        RetrainOutcome::Failed => "was not retrained".into(),
    }
}
