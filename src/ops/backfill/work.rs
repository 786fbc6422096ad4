//! Which tickets get a prediction, and which.

use std::collections::BTreeMap;

use super::errors::{Errors, ErrorsSoFar};
use crate::error::{Error, ErrorKind, Result};
use crate::features::TicketTable;
use crate::models::ModelKind;
use crate::ops::judging::{AsOfCreation, Runner};
use crate::ops::reading::TELL_EVERY;
use crate::ops::{Progress, Resolved};
use crate::registry::Changes;
use crate::source::mongodb::{NewPrediction, Seen};
use crate::source::{MongoTickets, TicketSource, Wanted};
use crate::ticket::{Intake, LabelRule, Outcome, Ticket, Window};

/// Confidence of a prediction at the mean of its like, and of one that nothing is known about.
const HIGHEST_CONFIDENCE: f64 = 0.7;
const LOWEST_CONFIDENCE: f64 = 0.1;
const UNKNOWN_SPREAD_FACTOR: f64 = 0.8;
const UNKNOWN_CONFIDENCE: f64 = 0.5;

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
}

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

/// One ticket that gets a prediction.
pub(super) struct Item {
    pub ticket_id: String,
    /// `None` where tickets cannot be written to.
    pub seen: Option<Seen>,
    pub prediction: NewPrediction,
    pub actual_ms: f64,
}

/// What is to be done, and what is known of the tickets that need nothing.
pub struct Work {
    pub model: Resolved,
    pub window: Window,
    pub as_of: Option<i64>,
    /// Tickets that get a prediction.
    pub(super) items: Vec<Item>,
    /// Ticket, predicted and actual ms of those that have this version's prediction already.
    present: Vec<(String, f64, f64)>,
    /// Why other tickets of the window get none.
    pub skipped: BTreeMap<String, u64>,
    pub read: u64,
    pub sentence: String,
}

impl Work {
    /// How many tickets get a prediction.
    pub fn eligible(&self) -> u64 {
        self.items.len() as u64
    }

    /// The errors of this version's predictions once `done` of the items have theirs, and of all items when
    /// `done` is `None`.
    pub(super) fn errors(&self, done: Option<&[bool]>) -> Errors {
        let mut errors = ErrorsSoFar::default();
        for (ticket_id, predicted_ms, actual_ms) in &self.present {
            errors.add(ticket_id, *predicted_ms, *actual_ms);
        }
        for (place, item) in self.items.iter().enumerate() {
            if done.is_none_or(|done| done[place]) {
                errors.add(&item.ticket_id, item.prediction.duration_ms, item.actual_ms);
            }
        }
        errors.summary()
    }

    /// The errors of this version on every labelled ticket of the window.
    pub fn all_errors(&self) -> Errors {
        self.errors(None)
    }
}

/// A ticket of the window while its prediction is not made yet.
struct Candidate {
    source_row: u32,
    ticket_id: String,
    seen: Option<Seen>,
}

/// Reads the labelled tickets and says what each of the window would get. Nothing is written.
///
/// Older tickets back to the version's training are read too: their outcomes are what was known.
///
/// Errors: those of the registry and the source; [`ErrorKind::Usage`] for a model that predicts no durations.
pub fn prepare(
    registry: &dyn Changes,
    model: Resolved,
    request: &BackfillRequest,
    tickets: Tickets<'_>,
    progress: &dyn Progress,
) -> Result<Work> {
    let runner = Runner::load(registry, &model.version)?;
    if runner.kind != ModelKind::Duration {
        return Err(Error::new(ErrorKind::Usage, format!("{} predicts no durations, so it can fill in none", model.version.name))
            .hint("name a duration model: `hivectl ml backfill --model duration`"));
    }
    let source = tickets.source();
    let planned = request.window.map(|window| window.to_ms);
    let moment = planned.or(request.as_of).map_or_else(|| source.newest(), |as_of| Ok(Some(as_of)))?;
    let back_from = |moment: i64| request.window.unwrap_or_else(|| Window::back_from(moment, request.window_days));
    let reach = |window: Window| Window { from_ms: window.from_ms.min(runner.learned_from().unwrap_or(window.from_ms)), ..window };
    let wanted = Wanted { window: moment.map(|moment| reach(back_from(moment))), predictions: true, ..Wanted::default() };
    let mut reader = Reader::new(request, &model, source.ids_are_unique());
    progress.begin("reading tickets", source.expected(&wanted));
    match tickets {
        Tickets::Server(source) => source.for_each_seen(&wanted, |ticket, seen| reader.take(&ticket, Some(seen), progress))?,
        Tickets::Anywhere(source) => source.for_each(&wanted, &mut |ticket, _| reader.take(&ticket, None, progress))?,
    }
    let window = back_from(moment.or(reader.newest).unwrap_or(0));
    let work = reader.into_work(&runner, model, window, request)?;
    progress.finish(&work.sentence);
    Ok(work)
}

/// Takes tickets in one by one.
struct Reader<'r> {
    intake: Intake,
    table: TicketTable,
    candidates: Vec<Candidate>,
    present: Vec<(i64, String, f64, f64)>,
    not_writable: u64,
    newest: Option<i64>,
    name: String,
    version: String,
    request: &'r BackfillRequest,
}

impl<'r> Reader<'r> {
    fn new(request: &'r BackfillRequest, model: &Resolved, ids_are_unique: bool) -> Self {
        Reader {
            intake: Intake::new(request.labels.clone(), None).trusting_ids(ids_are_unique),
            table: TicketTable::default(),
            candidates: Vec::new(),
            present: Vec::new(),
            not_writable: 0,
            newest: None,
            name: model.version.name.clone(),
            version: model.version.version.to_string(),
            request,
        }
    }

    fn take(&mut self, ticket: &Ticket, seen: Option<Seen>, progress: &dyn Progress) -> Result<()> {
        self.newest = self.newest.max(ticket.created_at);
        if let Ok(outcome) = self.intake.admit(ticket) {
            self.keep(ticket, &outcome, seen);
        }
        let read = self.intake.quality().read();
        if read.is_multiple_of(TELL_EVERY) {
            progress.advance_to(read);
        }
        Ok(())
    }

    fn keep(&mut self, ticket: &Ticket, outcome: &Outcome, seen: Option<Seen>) {
        let source_row = self.table.len() as u32;
        self.table.push(ticket, Some(outcome));
        let ticket_id = ticket.ticket_id.to_string();
        let stored = ticket.prediction.as_ref().filter(|stored| stored.model_name == self.name && stored.model_version == self.version);
        match (stored.and_then(|stored| stored.duration_ms), &seen) {
            (Some(predicted_ms), _) => {
                self.present.push((ticket.created_at.unwrap_or(0), ticket_id, predicted_ms, outcome.duration_ms));
            }
            (None, Some(seen)) if !seen.is_writable() => self.not_writable += 1,
            (None, _) => self.candidates.push(Candidate { source_row, ticket_id, seen }),
        }
    }

    fn into_work(self, runner: &Runner, model: Resolved, window: Window, request: &BackfillRequest) -> Result<Work> {
        let timeline = self.table.into_timeline();
        let known = |known_at: i64| self.request.as_of.is_none_or(|as_of| known_at <= as_of);
        let mut by_source: Vec<Option<Candidate>> = (0..timeline.facts().len()).map(|_| None).collect();
        for candidate in self.candidates {
            let place = candidate.source_row as usize;
            by_source[place] = Some(candidate);
        }
        let mut rows = Vec::new();
        let mut chosen = Vec::new();
        let (mut outside, mut not_yet) = (0_u64, 0_u64);
        for (row, facts) in timeline.facts().iter().enumerate() {
            let Some(candidate) = by_source[facts.source_row as usize].take() else { continue };
            match () {
                () if !window.contains(facts.created_at) => outside += 1,
                () if !known(facts.known_at) => not_yet += 1,
                () => {
                    rows.push(row as u32);
                    chosen.push(candidate);
                }
            }
        }
        let answers = runner.as_of_creation(&timeline, &rows, request.threads)?;
        let actual = timeline.durations_ms(&rows);
        let items = chosen.into_iter().zip(answers).zip(actual).map(|((candidate, answer), actual_ms)| item(candidate, &answer, actual_ms));
        let present: Vec<(String, f64, f64)> = self
            .present
            .into_iter()
            .filter(|(at, ..)| window.contains(*at))
            .map(|(_, id, predicted, actual)| (id, predicted, actual))
            .collect();
        let quality = self.intake.quality();
        let mut skipped: BTreeMap<String, u64> = quality.refused().map(|(reason, count)| (reason.to_owned(), count)).collect();
        let more = [
            ("outside_window", outside),
            ("not_yet_known", not_yet),
            ("already_predicted", present.len() as u64),
            ("predictions_no_object", self.not_writable),
        ];
        for (reason, count) in more {
            if count > 0 {
                *skipped.entry(reason.to_owned()).or_default() += count;
            }
        }
        let (read, sentence) = (quality.read(), quality.sentence());
        Ok(Work { model, window, as_of: request.as_of, items: items.collect(), present, skipped, read, sentence })
    }
}

fn item(candidate: Candidate, answer: &AsOfCreation, actual_ms: f64) -> Item {
    let error_ms = actual_ms - answer.duration_ms;
    let prediction = NewPrediction {
        duration_ms: answer.duration_ms,
        confidence: confidence(answer),
        error_ms,
        error_pct: 100.0 * error_ms.abs() / actual_ms,
    };
    Item { ticket_id: candidate.ticket_id, seen: candidate.seen, prediction, actual_ms }
}

/// The running system's confidence: `0.7 · (1 - |predicted - mean| / (3 · spread))`, from 0.1 up, with 0.8 for the
/// bracket where durations do not spread.
fn confidence(answer: &AsOfCreation) -> f64 {
    let (Some(average), Some(spread)) = (answer.average_ms, answer.spread_ms) else { return UNKNOWN_CONFIDENCE };
    if !(average.is_finite() && spread.is_finite()) {
        return UNKNOWN_CONFIDENCE;
    }
    let closeness = match spread > 0.0 {
        true => (1.0 - (answer.duration_ms - average).abs() / (3.0 * spread)).max(0.0),
        false => UNKNOWN_SPREAD_FACTOR,
    };
    (HIGHEST_CONFIDENCE * closeness).clamp(LOWEST_CONFIDENCE, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidence_falls_with_the_distance_from_what_was_known() {
        let of = |duration_ms: f64, spread_ms: f64| {
            confidence(&AsOfCreation { duration_ms, average_ms: Some(100.0), spread_ms: Some(spread_ms) })
        };
        assert_eq!((of(100.0, 10.0), of(115.0, 10.0), of(1_000.0, 10.0)), (0.7, 0.35, 0.1));
        assert!((of(500.0, 0.0) - 0.56).abs() < 1e-12);
        assert_eq!(confidence(&AsOfCreation { duration_ms: 1.0, average_ms: None, spread_ms: None }), 0.5);
    }
}
