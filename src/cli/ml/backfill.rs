//! `hivectl ml backfill`.

use clap::Args;

use super::labels::LabelArgs;
use super::tickets::TicketArgs;
use super::train::number;
use crate::base::commands;
use crate::cli::prompt;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::view;
use crate::cli::view::backfill::Told;
use crate::config::Settings;
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::USUAL_MODEL;
use crate::lifecycle::{ModelRef, Selector};
use crate::ops::Resolved;
use crate::ops::backfill::{self, BackfillRequest, Orders, Tickets, Work};
use crate::source::MongoTickets;
use crate::source::mongodb::{BackfillHistory, BackfillRecord, MongoPlace};

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
    #[arg(long, value_name = "REF", default_value = USUAL_MODEL)]
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
        let server = self.source.server(&settings)?;
        if self.errors_only {
            let resolved = crate::ops::resolve(registry.store(), session.kinds(), &self.model)?;
            return errors(session, &settings, &self.source, resolved, &self.request(&settings, None)?);
        }
        let Some(place) = server else { return Err(only_servers()) };
        let source = MongoTickets::new(place.clone(), TicketArgs::paths(&settings)?);
        let left = match self.resume {
            true => BackfillHistory::open(&place)?.unfinished()?,
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
        let work = backfill::prepare(registry.store(), session.kinds(), resolved, &request, Tickets::Server(&source), &session.progress())?;
        nothing_found(&source, &work)?;
        let told = Told { place: place.to_string(), registry: session.place_line(&settings, registry.store()), resumed: left.is_some() };
        if self.dry_run {
            let errors = work.all_errors(&session.progress())?;
            return Ok(view::backfill::planned(&work, &errors, told));
        }
        if changes && left.is_none() && work.eligible() > 0 {
            self.agree(session, &settings, &work, &told)?;
        }
        self.carry_out(session, &place, &work, left, told)
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
            window_days: number(settings, "window_days")?,
            as_of: left.map_or(self.as_of, |left| left.as_of),
            window: left.map(|left| left.window),
            threads: crate::ops::threads(self.threads),
            held_tickets: backfill::HELD_TICKETS,
        })
    }

    fn agree(&self, session: &Session<'_>, settings: &Settings, work: &Work, told: &Told) -> Result<()> {
        if !session.global.quiet {
            session.printer.note_block(&session.printer.folded(view::backfill::plan_text(work, told).trim_end()));
        }
        if settings.protected() {
            return prompt::typed(
                session.terminal,
                &prompt::BACKFILL_BY_NAME,
                &prompt::by_name(session.terminal, &work.model.version.name),
            )
            .map(drop);
        }
        if self.resume {
            return Ok(());
        }
        let version = &work.model.version;
        let text = format!("Write {} predictions of {}@{}?", view::number::count(work.eligible()), version.name, version.version);
        prompt::yes(session.terminal, &prompt::BACKFILL, &text).map(drop)
    }

    fn carry_out(
        &self,
        session: &Session<'_>,
        place: &MongoPlace,
        work: &Work,
        left: Option<BackfillRecord>,
        told: Told,
    ) -> Result<Report> {
        let orders = orders(session, self.rate, false, left);
        let applied = backfill::apply(work, place, &orders, &session.progress())?;
        Ok(view::backfill::done(work, applied, told, false))
    }
}

/// Files cannot be written into, so they only tell errors.
fn only_servers() -> Error {
    Error::new(ErrorKind::Usage, "predictions are written into tickets on a server, and files were named")
        .hint(("name the server: `", commands::backfill_on("mongodb://HOST:PORT"), "`, or set MONGODB_URI"))
        .hint(("for the errors of the tickets in a file: `", commands::backfill_errors_on("FILE"), "`"))
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
    match tickets.server(settings)? {
        None => {
            let source = tickets.open(settings)?;
            let work = backfill::prepare(
                registry.store(),
                session.kinds(),
                version,
                request,
                Tickets::Anywhere(source.as_ref()),
                &session.progress(),
            )?;
            let errors = work.all_errors(&session.progress())?;
            Ok(view::backfill::errors_of_files(&work, &errors, told("files".into())))
        }
        Some(place) => {
            let source = MongoTickets::new(place.clone(), TicketArgs::paths(settings)?);
            let work =
                backfill::prepare(registry.store(), session.kinds(), version, request, Tickets::Server(&source), &session.progress())?;
            nothing_found(&source, &work)?;
            let applied = backfill::apply(&work, &place, &orders(session, None, true, None), &session.progress())?;
            Ok(view::backfill::done(&work, applied, told(place.to_string()), true))
        }
    }
}

fn orders(session: &Session<'_>, rate: Option<f64>, errors_only: bool, resumed: Option<BackfillRecord>) -> Orders {
    let actor = crate::ops::actor_of_process();
    Orders {
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
fn nothing_found(source: &MongoTickets, work: &Work) -> Result<()> {
    use crate::source::TicketSource;
    if work.read > 0 {
        return Ok(());
    }
    let window = format!("{} to {}", view::time::minute(work.window.from_ms), view::time::minute(work.window.to_ms));
    let error = Error::new(ErrorKind::NotEnoughData, format!("no ticket was created from {window} UTC in {}", source.place()));
    let error = source.survey()?.into_iter().fold(error, Error::because);
    Err(error.hint("look further back: `--window-days 365`, or at another moment: `--as-of 2026-01-31`"))
}
