//! `hivectl ml backfill`.

use clap::Args;

use super::labels::LabelArgs;
use super::tickets::TicketArgs;
use super::train::number;
use crate::cli::complete;
use crate::cli::prompt;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::VerbSpec;
use crate::cli::view;
use crate::cli::view::backfill::Told;
use crate::config::Settings;
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::USUAL_MODEL;
use crate::lifecycle::{ModelRef, Selector};
use crate::ops::Resolved;
use crate::ops::backfill::{self, BackfillOptions, BackfillPlan, BackfillRequest};
use crate::source::{BackfillRecord, Capability, PredictionStore, TicketSource};

/// Write predictions into tickets that have ended without one, and show how far they are off
///
/// Every labelled ticket of the window that has no prediction of this version gets one, made from its features as
/// they were when it was created: predictions.duration_ms, duration_confidence, model_name, model_version,
/// predicted_at, error_ms and error_pct, and nothing else. A ticket that changed since it was read is left alone and
/// counted. An estimate is no prediction. Shows the plan and asks; a run that died is gone on with by any later one,
/// and --resume does so without asking again. Every run is noted in ml_backfill_history.
#[derive(Debug, Args)]
pub struct BackfillArgs {
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

pub const SPEC: VerbSpec = VerbSpec {
    words: "ml backfill",
    examples: &[
        ("See what would be written", "hivectl ml backfill --dry-run --tickets mongodb://db.example:27017"),
        ("In a cron job, gently, going on where the last run ended", "hivectl ml backfill --resume --yes --rate 500"),
        ("How far the model is off on the tickets of a file", "hivectl ml backfill --errors-only --tickets later.ndjson.gz"),
    ],
    exit_codes: &[4, 5, 9, 10, 11, 12, 13, 14],
    changes: "Writes predictions into tickets that have ended without one. With --dry-run nothing, with --errors-only the note of the run alone.",
    questions: &[("--yes", "ml backfill --tickets mongodb://127.0.0.1:9")],
    ..VerbSpec::READING
};

fn rate(word: &str) -> Result<f64, String> {
    match word.parse::<f64>() {
        Ok(rate) if rate.is_finite() && rate > 0.0 => Ok(rate),
        _ => Err(format!("'{word}' is no number of tickets above 0")),
    }
}

impl BackfillArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let settings = self.settings(session)?;
        let registry = session.registry(&settings)?;
        let location = self.source.location(&settings)?;
        if self.errors_only {
            let resolved = crate::ops::resolve(registry.store(), session.kinds(), &self.model)?;
            return errors(session, &settings, &self.source, resolved, &self.request(&settings, None)?);
        }
        location.require(Capability::Predictions)?;
        let source = location.open(TicketArgs::paths(&settings)?)?;
        let store = source.require_predictions()?;
        let left = match self.resume {
            true => store.unfinished()?,
            false => None,
        };
        let changes = !self.dry_run;
        if changes && !self.resume && !settings.protected() {
            prompt::can_say_yes(session.terminal, &prompt::BACKFILL)?;
        }
        let reference = left.as_ref().map_or_else(|| Ok(self.model.clone()), version_of)?;
        let resolved = crate::ops::resolve(registry.store(), session.kinds(), &reference)?;
        if changes && left.is_none() && settings.protected() {
            prompt::can_be_answered(
                session.terminal,
                &prompt::BACKFILL_BY_NAME,
                &prompt::by_name(session.terminal, &resolved.version.name),
            )?;
        }
        let request = self.request(&settings, left.as_ref())?;
        let (request, told_source) = request.settled(registry.store(), &resolved.version, source.as_ref())?;
        let source = told_source.as_deref().unwrap_or(source.as_ref());
        let plan = backfill::prepare(registry.store(), session.kinds(), resolved, &request, source, &session.progress())?;
        nothing_found(source, &plan)?;
        let told = Told { place: source.name(), registry: session.place_line(&settings, registry.store()), resumed: left.is_some() };
        if self.dry_run {
            let errors = plan.all_errors(&session.progress())?;
            return Ok(view::backfill::planned(&plan, &errors, told));
        }
        if changes && left.is_none() && plan.eligible() > 0 {
            self.agree(session, &settings, &plan, &told)?;
        }
        self.carry_out(session, store, &plan, left, told)
    }

    fn settings(&self, session: &Session<'_>) -> Result<Settings> {
        let mut flags = session.flags();
        self.source.note(&mut flags);
        flags.set("window_days", "--window-days", self.window_days);
        session.settings(&flags)
    }

    fn request(&self, settings: &Settings, left: Option<&BackfillRecord>) -> Result<BackfillRequest> {
        Ok(BackfillRequest {
            labels: self.labels.rule(),
            typed: self.source.typed(self.labels.typed()),
            notes: Vec::new(),
            window_days: number(settings, "window_days")?,
            as_of: left.map_or(self.as_of, |left| left.as_of),
            window: left.map(|left| left.window),
            threads: crate::ops::threads(self.threads),
            held_tickets: backfill::HELD_TICKETS,
        })
    }

    fn agree(&self, session: &Session<'_>, settings: &Settings, plan: &BackfillPlan<'_>, told: &Told) -> Result<()> {
        if !session.global.quiet {
            session.printer.note_block(&session.printer.folded(view::backfill::plan_text(plan, told).trim_end()));
        }
        if settings.protected() {
            return prompt::typed(
                session.terminal,
                &prompt::BACKFILL_BY_NAME,
                &prompt::by_name(session.terminal, &plan.model.version.name),
            )
            .map(drop);
        }
        if self.resume {
            return Ok(());
        }
        let version = &plan.model.version;
        let text = format!("Write {} predictions of {}@{}?", view::number::count(plan.eligible()), version.name, version.version);
        prompt::yes(session.terminal, &prompt::BACKFILL, &text).map(drop)
    }

    fn carry_out(
        &self,
        session: &Session<'_>,
        store: &dyn PredictionStore,
        plan: &BackfillPlan<'_>,
        left: Option<BackfillRecord>,
        told: Told,
    ) -> Result<Report> {
        let options = options(session, self.rate, false, left);
        let outcome = backfill::apply(plan, store, &options, &session.progress())?;
        Ok(view::backfill::done(plan, outcome, told, false))
    }
}

/// Measures a version on the tickets of the window and writes nothing into them; on a server the run is noted.
pub(super) fn errors(
    session: &Session<'_>,
    settings: &Settings,
    tickets: &TicketArgs,
    version: Resolved,
    request: &BackfillRequest,
) -> Result<Report> {
    let registry = session.registry(settings)?;
    let told = |place: String| Told { place, registry: session.place_line(settings, registry.store()), resumed: false };
    let source = tickets.open(settings)?;
    let (request, told_source) = request.settled(registry.store(), &version.version, source.as_ref())?;
    let source = told_source.unwrap_or(source);
    let plan = backfill::prepare(registry.store(), session.kinds(), version, &request, source.as_ref(), &session.progress())?;
    match source.predictions() {
        None => {
            let errors = plan.all_errors(&session.progress())?;
            Ok(view::backfill::errors_of_files(&plan, &errors, told(source.name())))
        }
        Some(store) => {
            nothing_found(source.as_ref(), &plan)?;
            let outcome = backfill::apply(&plan, store, &options(session, None, true, None), &session.progress())?;
            Ok(view::backfill::done(&plan, outcome, told(source.name()), true))
        }
    }
}

fn options(session: &Session<'_>, rate: Option<f64>, errors_only: bool, resumed: Option<BackfillRecord>) -> BackfillOptions {
    let actor = crate::ops::actor_of_process();
    BackfillOptions {
        rate,
        errors_only,
        resumed,
        actor: format!("{}@{}", actor.user, actor.host),
        reason: session.global.reason.clone(),
        retention_days: RETENTION_DAYS,
    }
}

/// How long the running system keeps the note of a backfill.
const RETENTION_DAYS: i64 = 90;

/// The version that an earlier run wrote.
fn version_of(left: &BackfillRecord) -> Result<ModelRef> {
    let version = left.model_version.parse().map_err(|_| {
        Error::new(ErrorKind::BadInput, format!("the backfill that was begun names the version '{}', which is none", left.model_version))
            .hint("start anew without `--resume`")
    })?;
    Ok(ModelRef { name: left.model_name.clone(), selector: Selector::Version(version) })
}

/// An empty window over a collection that is not empty is told with what there is.
fn nothing_found(source: &dyn TicketSource, plan: &BackfillPlan<'_>) -> Result<()> {
    if plan.read > 0 {
        return Ok(());
    }
    let window = format!("{} to {}", view::time::minute(plan.window.from_ms), view::time::minute(plan.window.to_ms));
    let error = Error::new(ErrorKind::NotEnoughData, format!("no ticket was created from {window} UTC in {}", source.name()));
    let error = source.survey()?.into_iter().fold(error, Error::because);
    Err(error.hint("look further back: `--window-days 365`, or at another moment: `--as-of 2026-01-31`"))
}
