//! Which tickets get a prediction, and which.

use std::collections::BTreeMap;

use super::errors::{ErrorAccumulator, ErrorSummary};
use super::first_pass::{FirstPass, FirstPassCounts};
use super::pending::PendingPrediction;
use super::request::BackfillSettings;
use super::slices::Slices;
use crate::base::commands;
use crate::base::number::counted;
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::{AnswerForm, Catalogue, LoadedModel, USUAL_MODEL};
use crate::ops::{Progress, Resolved, load};
use crate::registry::ModelStore;
use crate::source::{Selection, TicketQuery, TicketSource};
use crate::ticket::Window;

/// What is to be done, and what is known of the tickets that need nothing.
pub struct BackfillPlan<'s> {
    pub model: Resolved,
    pub window: Window,
    pub as_of: Option<i64>,
    eligible: u64,
    /// Whose predictions are written over, and how many.
    pub replaces: BTreeMap<String, u64>,
    /// Why other tickets of the window get none.
    pub skipped: BTreeMap<String, u64>,
    pub read: u64,
    pub sentence: String,
    /// What is to be told beside the result.
    pub notes: Vec<String>,
    loaded: LoadedModel,
    /// Of the tickets that have this version's prediction already.
    present: ErrorAccumulator,
    pending: Pending<'s>,
}

/// The tickets that get a prediction.
enum Pending<'s> {
    Held(Vec<PendingPrediction>),
    /// To be read again.
    Slices(Box<Slices<'s>>),
}

impl BackfillPlan<'_> {
    /// How many tickets get a prediction.
    pub fn eligible(&self) -> u64 {
        self.eligible
    }

    /// Gives every pending prediction to `visit`, some at a time.
    ///
    /// Errors: `visit`'s, and those of reading where the tickets are not held.
    pub(super) fn each(&self, visit: &mut dyn FnMut(&[PendingPrediction]) -> Result<()>) -> Result<()> {
        match &self.pending {
            Pending::Held(items) => visit(items),
            Pending::Slices(slices) => slices.each(&self.loaded, &self.model.version, &self.window, visit),
        }
    }

    /// The errors of the predictions that are there already, to which those of the pending ones are added.
    pub(super) fn errors_before(&self) -> ErrorAccumulator {
        self.present.clone()
    }

    /// The errors of this version on every labelled ticket of the window.
    ///
    /// Errors: those of reading where the tickets are not held.
    pub fn all_errors(&self, progress: &dyn Progress) -> Result<ErrorSummary> {
        let (mut errors, mut done) = (self.errors_before(), 0);
        let read_again = matches!(self.pending, Pending::Slices(_));
        if read_again {
            progress.begin("predicting", Some(self.eligible));
        }
        self.each(&mut |items| {
            items.iter().for_each(|item| errors.add(&item.ticket_id, item.prediction.duration_ms, item.actual_ms));
            done += items.len() as u64;
            progress.advance_to(done);
            Ok(())
        })?;
        if read_again {
            progress.finish(&format!("{} predicted", counted(done, "ticket")));
        }
        Ok(errors.summary())
    }
}

/// Reads the labelled tickets and says how many of the window would get a prediction. Nothing is written.
///
/// Older tickets back to the version's training are read too: their outcomes are what was known.
///
/// Errors: those of the registry and the source; [`ErrorKind::Usage`] for a model that predicts no durations.
pub fn prepare<'s>(
    registry: &dyn ModelStore,
    kinds: &Catalogue,
    model: Resolved,
    request: &BackfillSettings,
    source: &'s dyn TicketSource,
    progress: &dyn Progress,
) -> Result<BackfillPlan<'s>> {
    let loaded = load::model(registry, kinds, &model.version)?;
    if loaded.info().kind.answer_form() != AnswerForm::DurationMs {
        return Err(Error::new(ErrorKind::Usage, format!("{} predicts no durations, so it can fill in none", model.version.name)).hint((
            "name a duration model: `",
            commands::backfill_with(USUAL_MODEL),
            "`",
        )));
    }
    let planned = request.window.map(|window| window.to_ms);
    let moment = planned.or(request.as_of).map_or_else(|| source.newest(), |as_of| Ok(Some(as_of)))?;
    let back_from = |moment: i64| request.window.unwrap_or_else(|| Window::back_from(moment, request.window_days));
    let reach = |window: Window| Window { from_ms: window.from_ms.min(loaded.learned_from().unwrap_or(window.from_ms)), ..window };
    let query = TicketQuery::of(Selection::created(moment.map(|moment| reach(back_from(moment))))).with_predictions();
    // Only what has to be written into is read again, slice by slice.
    let store = source.predictions();
    let held = if store.is_some() { request.held_tickets } else { usize::MAX };
    let mut first_pass = FirstPass::new(request, &model.version, moment.map(back_from), held, source.ids_are_unique());
    progress.begin("reading tickets", progress.is_shown().then(|| source.expected(&query)).flatten());
    match store {
        Some(store) => store.for_each_revision(&query, &mut |ticket, revision| first_pass.take(&ticket, Some(revision), progress))?,
        None => source.for_each(&query, &mut |ticket, _| first_pass.take(&ticket, None, progress))?,
    }
    let window = back_from(moment.or(first_pass.newest()).unwrap_or(0));
    let FirstPassCounts { gathered, present, mut skipped, mut eligible, mut replaces, slots, refused, read, sentence } =
        first_pass.count(&window);
    let pending = match (gathered, store) {
        (None, Some(store)) => Pending::Slices(Box::new(Slices::new(store, request, &slots, refused, &reach(window)))),
        (gathered, _) => {
            let predicted = gathered.unwrap_or_default().predict(&loaded.chunks(), &window, request)?;
            eligible = predicted.items.len() as u64;
            replaces.clear();
            for whose in predicted.items.iter().filter_map(|item| item.replaces.clone()) {
                *replaces.entry(whose).or_default() += 1;
            }
            skipped.insert("outside_window".into(), skipped.get("outside_window").unwrap_or(&0) + predicted.outside_window);
            skipped.insert("not_yet_known".into(), skipped.get("not_yet_known").unwrap_or(&0) + predicted.not_yet_known);
            Pending::Held(predicted.items)
        }
    };
    skipped.retain(|_, count| *count > 0);
    progress.finish(&sentence);
    Ok(BackfillPlan {
        model,
        window,
        as_of: request.as_of,
        eligible,
        replaces,
        skipped,
        read,
        sentence,
        notes: request.notes.clone(),
        loaded,
        present,
        pending,
    })
}
