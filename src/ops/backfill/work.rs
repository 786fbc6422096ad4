//! Which tickets get a prediction, and which.

use std::collections::BTreeMap;

use super::census::{Census, Counted};
use super::errors::{Errors, ErrorsSoFar};
use super::items::Item;
use super::slices::Slices;
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::{AnswerForm, Catalogue, LoadedModel, USUAL_MODEL};
use crate::ops::{Progress, Resolved, load};
use crate::registry::ModelStore;
use crate::source::{MongoTickets, TicketSource, Wanted};
use crate::ticket::{LabelRule, Window};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct BackfillRequest {
    pub labels: LabelRule,
    pub window_days: f64,
    /// Milliseconds since the epoch; `None` is the newest `created_at`, with every outcome known.
    pub as_of: Option<i64>,
    /// The window of a plan that was made before, in place of the one that days and moment make.
    pub window: Option<Window>,
    pub threads: usize,
    /// More labelled tickets than this are not held in memory: they are counted in a first reading and predicted in
    /// a second, slice of time by slice of time.
    pub held_tickets: usize,
}

/// Tickets held in memory, at most, unless another number is asked for; about 150 MB.
pub const HELD_TICKETS: usize = 250_000;

/// Where the tickets are.
#[derive(Clone, Copy)]
pub enum Tickets<'s> {
    /// On a server that predictions can be written to.
    Server(&'s MongoTickets),
    /// Anywhere: errors alone.
    Anywhere(&'s dyn TicketSource),
}

impl<'s> Tickets<'s> {
    /// The tickets, wherever they are.
    pub fn source(self) -> &'s dyn TicketSource {
        match self {
            Tickets::Server(source) => source,
            Tickets::Anywhere(source) => source,
        }
    }
}

/// What is to be done, and what is known of the tickets that need nothing.
pub struct Work {
    pub model: Resolved,
    pub window: Window,
    pub as_of: Option<i64>,
    eligible: u64,
    /// Why other tickets of the window get none.
    pub skipped: BTreeMap<String, u64>,
    pub read: u64,
    pub sentence: String,
    loaded: LoadedModel,
    /// Of the tickets that have this version's prediction already.
    present: ErrorsSoFar,
    items: Items,
}

/// The tickets that get a prediction.
enum Items {
    Held(Vec<Item>),
    /// To be read again.
    Slices(Box<Slices>),
}

impl Work {
    /// How many tickets get a prediction.
    pub fn eligible(&self) -> u64 {
        self.eligible
    }

    /// Gives every item to `visit`, some at a time.
    ///
    /// Errors: `visit`'s, and those of reading where the tickets are not held.
    pub(super) fn each(&self, visit: &mut dyn FnMut(&[Item]) -> Result<()>) -> Result<()> {
        match &self.items {
            Items::Held(items) => visit(items),
            Items::Slices(slices) => slices.each(&self.loaded, &self.model.version, &self.window, visit),
        }
    }

    /// The errors of the predictions that are there already, to which those of items are added.
    pub(super) fn errors_so_far(&self) -> ErrorsSoFar {
        self.present.clone()
    }

    /// The errors of this version on every labelled ticket of the window.
    ///
    /// Errors: those of reading where the tickets are not held.
    pub fn all_errors(&self, progress: &dyn Progress) -> Result<Errors> {
        let (mut errors, mut done) = (self.errors_so_far(), 0);
        let read_again = matches!(self.items, Items::Slices(_));
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
            progress.finish(&format!("{done} tickets predicted"));
        }
        Ok(errors.summary())
    }
}

/// Reads the labelled tickets and says how many of the window would get a prediction. Nothing is written.
///
/// Older tickets back to the version's training are read too: their outcomes are what was known.
///
/// Errors: those of the registry and the source; [`ErrorKind::Usage`] for a model that predicts no durations.
pub fn prepare(
    registry: &dyn ModelStore,
    kinds: &Catalogue,
    model: Resolved,
    request: &BackfillRequest,
    tickets: Tickets<'_>,
    progress: &dyn Progress,
) -> Result<Work> {
    let loaded = load::model(registry, kinds, &model.version)?;
    if loaded.info().kind.answer_form() != AnswerForm::DurationMs {
        return Err(Error::new(ErrorKind::Usage, format!("{} predicts no durations, so it can fill in none", model.version.name)).hint((
            "name a duration model: `",
            commands::backfill_with(USUAL_MODEL),
            "`",
        )));
    }
    let source = tickets.source();
    let planned = request.window.map(|window| window.to_ms);
    let moment = planned.or(request.as_of).map_or_else(|| source.newest(), |as_of| Ok(Some(as_of)))?;
    let back_from = |moment: i64| request.window.unwrap_or_else(|| Window::back_from(moment, request.window_days));
    let reach = |window: Window| Window { from_ms: window.from_ms.min(loaded.learned_from().unwrap_or(window.from_ms)), ..window };
    let wanted = Wanted { window: moment.map(|moment| reach(back_from(moment))), predictions: true, ..Wanted::default() };
    // Only a server can be read again, slice by slice.
    let server = match tickets {
        Tickets::Server(source) => Some(source),
        Tickets::Anywhere(_) => None,
    };
    let held = if server.is_some() { request.held_tickets } else { usize::MAX };
    let mut census = Census::new(request, &model.version, moment.map(back_from), held, source.ids_are_unique());
    progress.begin("reading tickets", progress.is_shown().then(|| source.expected(&wanted)).flatten());
    match server {
        Some(source) => source.for_each_seen(&wanted, |ticket, seen| census.take(&ticket, Some(seen), progress))?,
        None => source.for_each(&wanted, &mut |ticket, _| census.take(&ticket, None, progress))?,
    }
    let window = back_from(moment.or(census.newest()).unwrap_or(0));
    let Counted { gathered, present, mut skipped, mut eligible, slots, refused, read, sentence } = census.count(&window);
    let items = match (gathered, server) {
        (None, Some(source)) => Items::Slices(Box::new(Slices::new(source.clone(), request, &slots, refused, &reach(window)))),
        (gathered, _) => {
            let predicted = gathered.unwrap_or_default().predict(&loaded.chunks(), &window, request)?;
            eligible = predicted.items.len() as u64;
            skipped.insert("outside_window".into(), skipped.get("outside_window").unwrap_or(&0) + predicted.outside_window);
            skipped.insert("not_yet_known".into(), skipped.get("not_yet_known").unwrap_or(&0) + predicted.not_yet_known);
            Items::Held(predicted.items)
        }
    };
    skipped.retain(|_, count| *count > 0);
    progress.finish(&sentence);
    Ok(Work { model, window, as_of: request.as_of, eligible, skipped, read, sentence, loaded, present, items })
}
