//! The job: plan, show, ask, write, and tell what became of it.

use std::collections::BTreeMap;

use super::errors::{ErrorSummary, ExtremeError};
use super::plan::{BackfillPlan, prepare};
use super::request::{BackfillOptions, BackfillSettings, HELD_TICKETS};
use super::{BackfillOutcome, apply};
use crate::api::backfill::{
    BackfillReport, BackfillRequest, ErrorSizes, ExtremePrediction, REFUSED_BY_SERVER, UndoBackfillReport, UndoBackfillRequest,
};
use crate::api::{Operations, Place, Proposal, Question};
use crate::base::number::counted;
use crate::base::time::minute;
use crate::config::Settings;
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::Catalogue;
use crate::lifecycle::{ModelRef, Selector};
use crate::ops::workspace::{Intent, Workspace, location, note, number, place_of};
use crate::ops::{Progress, Resolved, resolve};
use crate::registry::ModelStore;
use crate::source::{BackfillRecord, Capability, PREDICTION_KEYS, TicketSource, UndoOutcome};
use crate::ticket::quality::thousands;

/// How long the running system keeps the note of a backfill.
const RETENTION_DAYS: i64 = 90;

impl Operations<BackfillRequest> for Workspace<'_> {
    fn run(&self, request: &BackfillRequest) -> Result<BackfillReport> {
        let mut flags = self.flags();
        note(&request.tickets, &mut flags);
        flags.set("window_days", "--window-days", request.window_days);
        let settings = self.settings(&flags)?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let (kinds, progress, interaction) = (self.kinds(), self.progress(), self.interaction());
        let location = location(&settings, &request.tickets)?;
        let place = || place_of(&settings, registry.store().location());
        if request.errors_only {
            let resolved = resolve(registry.store(), kinds, &request.model)?;
            // Nothing is written, so that the errors are those of every ticket.
            let backfill = BackfillSettings { replace: true, ..backfill_settings(&settings, request, None)? };
            let source = self.tickets(&settings, &request.tickets)?;
            return measure((registry.store(), kinds), place(), source, resolved, &backfill, self.reason(), progress);
        }
        location.require(Capability::Predictions)?;
        let source = self.tickets(&settings, &request.tickets)?;
        let store = source.require_predictions()?;
        let left = if request.resume { store.unfinished()? } else { None };
        let changes = !request.dry_run;
        if changes && !request.resume && !settings.protected() {
            interaction.can_answer(&Question::YesNo { text: "Write predictions?".into() })?;
        }
        let reference = left.as_ref().map_or_else(|| Ok(request.model.clone()), version_of)?;
        let resolved = resolve(registry.store(), kinds, &reference)?;
        let serving = self.told_serving(registry.store(), &resolved.version.name)?;
        if changes && reference.selector == Selector::Default {
            serving.certain(&resolved.version.name)?;
        }
        let by_name = Question::Name {
            name: resolved.version.name.clone(),
            accepted: vec![resolved.version.name.clone(), resolved.version.id().to_string()],
        };
        if changes && left.is_none() && settings.protected() {
            interaction.can_answer(&by_name)?;
        }
        let backfill = backfill_settings(&settings, request, left.as_ref())?;
        let (backfill, told_source) = backfill.settled(registry.store(), &resolved.version, source.as_ref())?;
        let source = told_source.as_deref().unwrap_or(source.as_ref());
        let plan = prepare(registry.store(), kinds, resolved, &backfill, source, progress)?;
        nothing_found(source, &plan)?;
        let planned = BackfillReport { resumed: left.is_some(), ..report_of(&plan, source.name(), &place()) };
        if request.dry_run {
            return Ok(BackfillReport { dry_run: true, ..planned }.with_errors(plan.all_errors(progress)?));
        }
        if left.is_none() && plan.eligible() > 0 {
            interaction.propose(&Proposal::Backfill { plan: Box::new(planned.clone()) });
            if settings.protected() {
                interaction.ask(&by_name)?;
            } else if !request.resume {
                let text = format!("Write {} predictions of {}?", thousands(plan.eligible()), plan.model.version.id());
                interaction.ask(&Question::YesNo { text })?;
            }
        }
        let options = options(request.rate, false, left, self.reason());
        Ok(planned.with_outcome(apply(&plan, store, &options, progress)?))
    }
}

/// Measures a version on the tickets of the window and writes nothing into them; on a server the run is noted.
///
/// Errors: those of reading, and [`ErrorKind::NotEnoughData`] where a server has no ticket in the window.
pub fn measure(
    (registry, kinds): (&dyn ModelStore, &Catalogue),
    place: Place,
    source: Box<dyn TicketSource>,
    version: Resolved,
    settings: &BackfillSettings,
    reason: Option<String>,
    progress: &dyn Progress,
) -> Result<BackfillReport> {
    let (settings, told_source) = settings.settled(registry, &version.version, source.as_ref())?;
    let source = told_source.unwrap_or(source);
    let plan = prepare(registry, kinds, version, &settings, source.as_ref(), progress)?;
    let report = || BackfillReport { errors_only: true, replaces: BTreeMap::new(), ..report_of(&plan, source.name(), &place) };
    match source.predictions() {
        None => Ok(report().with_errors(plan.all_errors(progress)?)),
        Some(store) => {
            nothing_found(source.as_ref(), &plan)?;
            Ok(report().with_outcome(apply(&plan, store, &options(None, true, None, reason), progress)?))
        }
    }
}

fn backfill_settings(settings: &Settings, request: &BackfillRequest, left: Option<&BackfillRecord>) -> Result<BackfillSettings> {
    Ok(BackfillSettings {
        labels: request.labels.clone(),
        typed: request.typed.clone(),
        notes: Vec::new(),
        window_days: number(settings, "window_days")?,
        as_of: left.map_or(request.as_of.map(|time| time.0), |left| left.as_of),
        window: left.map(|left| left.window),
        threads: crate::ops::threads(request.threads),
        replace: left.map_or(request.replace, |left| left.replace),
        held_tickets: HELD_TICKETS,
    })
}

fn options(rate: Option<f64>, errors_only: bool, resumed: Option<BackfillRecord>, reason: Option<String>) -> BackfillOptions {
    let actor = crate::ops::actor_of_process();
    BackfillOptions { rate, errors_only, resumed, actor: format!("{}@{}", actor.user, actor.host), reason, retention_days: RETENTION_DAYS }
}

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
    let window = format!("{} to {}", minute(plan.window.from_ms), minute(plan.window.to_ms));
    let error = Error::new(ErrorKind::NotEnoughData, format!("no ticket was created from {window} UTC in {}", source.name()));
    let error = source.survey()?.into_iter().fold(error, Error::because);
    Err(error.hint("look further back: `--window-days 365`, or at another moment: `--as-of 2026-01-31`"))
}

/// What is planned; no error is measured yet.
fn report_of(plan: &BackfillPlan<'_>, tickets: String, place: &Place) -> BackfillReport {
    let place = place.to_string();
    BackfillReport {
        model_name: plan.model.version.name.clone(),
        model_version: plan.model.version.version,
        chosen_as: plan.model.chosen_as.clone(),
        tickets,
        registry: place.strip_prefix("registry ").unwrap_or(&place).to_owned(),
        window: plan.window.into(),
        fields: PREDICTION_KEYS.map(|key| format!("predictions.{key}")).into(),
        read: plan.read,
        ticket_summary: plan.sentence.clone(),
        eligible: plan.eligible(),
        skipped: plan.skipped.clone(),
        replaces: plan.replaces.clone(),
        notes: plan.notes.clone(),
        ..BackfillReport::default()
    }
}

impl Operations<UndoBackfillRequest> for Workspace<'_> {
    fn run(&self, request: &UndoBackfillRequest) -> Result<UndoBackfillReport> {
        let mut flags = self.flags();
        note(&request.tickets, &mut flags);
        let settings = self.settings(&flags)?;
        let location = location(&settings, &request.tickets)?;
        location.require(Capability::Predictions)?;
        let source = self.tickets(&settings, &request.tickets)?;
        let store = source.require_predictions()?;
        let run = request.run.as_str();
        let (protected, interaction) = (settings.protected(), self.interaction());
        let named =
            || Question::Name { name: run.to_owned(), accepted: [run.to_owned()].into_iter().chain(settings.context.clone()).collect() };
        let asked = |count: u64| match protected {
            true => named(),
            false => Question::YesNo { text: format!("Put {} back that the backfill {run} replaced?", counted(count, "prediction")) },
        };
        if !request.dry_run {
            interaction.can_answer(&asked(0))?;
        }
        let planned = store.undo(run, false)?;
        let outcome = if request.dry_run || planned.restored == 0 {
            planned
        } else {
            interaction.ask(&asked(planned.restored))?;
            store.undo(run, true)?
        };
        let UndoOutcome { kept, restored, conflicts } = outcome;
        Ok(UndoBackfillReport { run: request.run.clone(), tickets: source.name(), kept, restored, conflicts, dry_run: request.dry_run })
    }
}

impl BackfillReport {
    /// The same with what was measured.
    fn with_errors(mut self, errors: ErrorSummary) -> BackfillReport {
        self.measured = errors.count;
        if let Some(sizes) = errors.sizes_ms {
            let [mean, p50, p95, p99] = sizes.map(Some);
            self.error_ms = ErrorSizes { mean, p50, p95, p99 };
        }
        self.extreme_count = errors.extreme_count;
        self.extreme = errors.extreme.into_iter().map(extreme).collect();
        self
    }

    /// The same with what was done.
    fn with_outcome(self, outcome: BackfillOutcome) -> BackfillReport {
        let mut report = self.with_errors(outcome.errors);
        (report.predicted, report.conflicts, report.history_id) = (outcome.predicted, outcome.conflicts, outcome.history_id);
        if outcome.refused > 0 {
            report.skipped.insert(REFUSED_BY_SERVER.to_owned(), outcome.refused);
        }
        report
    }
}

fn extreme(extreme: ExtremeError) -> ExtremePrediction {
    ExtremePrediction {
        error_ms: extreme.error_ms(),
        error_ratio: Some(extreme.ratio()).filter(|ratio| ratio.is_finite()),
        ticket_id: extreme.ticket_id,
        predicted_ms: extreme.predicted_ms,
        actual_ms: extreme.actual_ms,
    }
}
