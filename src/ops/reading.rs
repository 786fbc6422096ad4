//! From a source to the tickets a job may learn from: labels, window, counts of what was refused.

use crate::error::{Error, ErrorKind, Result};
use crate::features::{TicketTable, Timeline};
use crate::source::{Selection, TicketQuery, TicketSource};
use crate::ticket::{LabelRule, LabelSource, Quality, Refusal, Ticket, TicketFilter, Window};

use super::no_ticket::why_none;
use super::{AgeLimit, Progress, TicketAge};

/// How often a progress bar hears of the tickets read.
pub(super) const TELL_EVERY: u64 = 8_192;

/// Which tickets may be used.
#[derive(Clone, Debug)]
pub struct ReadRequest {
    pub labels: LabelRule,
    pub window_days: f64,
    /// Milliseconds since the epoch; `None` is the newest `created_at`.
    pub as_of: Option<i64>,
    pub min_samples: usize,
    /// From which age on the newest ticket is too old; `None` where that is nobody's matter.
    pub max_age: Option<AgeLimit>,
}

/// What was read.
pub struct Reading {
    /// The usable tickets by creation; all of them are labelled.
    pub timeline: Timeline,
    /// Where they are, without secrets.
    pub places: Vec<String>,
    pub quality: Quality,
    pub window: Window,
    /// Outcomes up to this moment are known, milliseconds since the epoch.
    pub known_until: i64,
    /// Of the newest usable ticket, at `as_of` or now; `None` without one.
    pub age: Option<TicketAge>,
    /// What is to be told of tickets that are old.
    pub stale: Option<String>,
}

impl Reading {
    /// Whether some of the usable tickets say of themselves that they were made up.
    pub fn synthetic(&self) -> bool {
        self.quality.synthetic() > 0
    }
}

/// Reads every ticket, keeps the labelled ones of the window and counts the rest by reason.
///
/// Errors: the source's own; [`ErrorKind::NoLabels`] when there are tickets but no outcome;
/// [`ErrorKind::NotEnoughData`] when fewer than `min_samples` can be used, and when the newest of a running system's is
/// older than `max_age`.
pub fn read(request: &ReadRequest, source: &dyn TicketSource, progress: &dyn Progress) -> Result<Reading> {
    read_with(request, source, progress, None)
}

/// Sees every labelled ticket, with its number in the order of reading ([`crate::features::EncodedTicket::source_row`]).
pub type Observer<'a> = &'a mut dyn FnMut(u32, &Ticket);

/// As [`read`]; `observer` also learns of what was once predicted, which is read for it alone.
///
/// Errors: as [`read`].
pub fn read_with(
    request: &ReadRequest,
    source: &dyn TicketSource,
    progress: &dyn Progress,
    mut observer: Option<Observer<'_>>,
) -> Result<Reading> {
    // Without --as-of the window hangs on the newest ticket, which of a file is known only at its end.
    let moment = request.as_of.map_or_else(|| source.newest(), |as_of| Ok(Some(as_of)))?;
    let selection = Selection::created(moment.map(|moment| Window::back_from(moment, request.window_days)));
    let query = TicketQuery { selection, predictions: observer.is_some() };
    progress.begin("reading tickets", progress.is_shown().then(|| source.expected(&query)).flatten());
    let mut filter =
        TicketFilter::new(request.labels.clone(), None).trusting_ids(source.ids_are_unique()).needing_predictions(query.predictions);
    let mut table = TicketTable::default();
    let mut labels: Vec<(LabelSource, bool)> = Vec::new();
    let mut newest: Option<i64> = None;
    source.for_each(&query, &mut |ticket, _| {
        newest = newest.max(ticket.created_at);
        if let Ok(outcome) = filter.admit(&ticket) {
            if let Some(observer) = &mut observer {
                observer(labels.len() as u32, &ticket);
            }
            table.push(&ticket, Some(&outcome));
            labels.push((outcome.source, ticket.synthetic));
        }
        let read = filter.quality().read();
        if read.is_multiple_of(TELL_EVERY) {
            progress.advance_to(read);
        }
        Ok(())
    })?;
    let mut quality = filter.into_quality();
    let window = Window::back_from(moment.or(newest).unwrap_or(0), request.window_days);
    table.retain(|encoded| {
        let refusal = match encoded {
            encoded if !window.contains(encoded.created_at) => Refusal::OutsideWindow,
            // Without --as-of the file itself is the moment: what stands in it is known.
            encoded if request.as_of.is_some_and(|as_of| encoded.known_at > as_of) => Refusal::NotYetKnown,
            _ => return true,
        };
        let (source, synthetic) = labels[encoded.source_row as usize];
        quality.refuse_after_all(Some(source), synthetic, refusal);
        false
    });
    progress.finish(&quality.sentence());
    enough(request, &quality, moment.map(|_| window), source)?;
    let timeline = table.into_timeline();
    let latest = timeline.completions().last().map(|&row| timeline.tickets()[row as usize].known_at);
    let known_until = request.as_of.or(latest).unwrap_or(window.to_ms);
    let usable = timeline.tickets().iter().map(|encoded| (encoded.created_at, labels[encoded.source_row as usize].1));
    let age = TicketAge::of(usable, request.as_of.unwrap_or_else(|| jiff::Timestamp::now().as_millisecond()));
    let live = source.is_live().then(|| source.name());
    let stale = match age.zip(request.max_age) {
        Some((age, limit)) => age.judge(limit, live.as_deref())?,
        None => None,
    };
    Ok(Reading { timeline, places: source.places(), quality, window, known_until, age, stale })
}

fn enough(request: &ReadRequest, quality: &Quality, window: Option<Window>, source: &dyn TicketSource) -> Result<()> {
    let used = quality.used();
    if used as usize >= request.min_samples {
        return Ok(());
    }
    let found = source.survey()?;
    let explained = |error: Error| found.iter().fold(error.because(quality.sentence()), |error, fact| error.because(fact));
    if quality.read() == 0
        && let Some(window) = window
    {
        return Err(explained(empty_window(&window)));
    }
    let without_outcome =
        [Refusal::NotFinished, Refusal::WithoutDuration, Refusal::DurationZero, Refusal::DurationNotPositive].map(|reason| reason.name());
    let unlabelled: u64 =
        quality.refused().filter(|(name, _)| without_outcome.iter().any(|reason| reason == name)).map(|(_, count)| count).sum();
    if quality.read() > 0 && unlabelled == quality.read() {
        let error = Error::new(ErrorKind::NoLabels, format!("none of the {} tickets says how long it took", quality.read()));
        let error = why_none(quality).into_iter().fold(explained(error), Error::hint);
        return Err(error
            .hint("if other statuses count as ended, name them: `--status completed,failed`")
            .hint("if durations stand in started_at and completed_at alone, take them: `--label derived`"));
    }
    let few = explained(Error::new(ErrorKind::NotEnoughData, format!("Samples: {used}, required: {}", request.min_samples)));
    if quality.read() == 0 {
        return Err(few.hint("no ticket was read: check what `--tickets` names, and what writes it"));
    }
    // Of one ticket nothing is left for the holdout.
    let weaker = |error: Error| if used > 1 { error.hint(format!("or accept a weaker model: `--min-samples {used}`")) } else { error };
    let reasons = why_none(quality);
    if !reasons.is_empty() {
        return Err(weaker(reasons.into_iter().fold(few, Error::hint)));
    }
    let few = few.hint(format!("look further back: `--window-days {}`", (request.window_days * 4.0).ceil()));
    Err(weaker(few))
}

fn empty_window(window: &Window) -> Error {
    let instant = |ms: i64| jiff::Timestamp::from_millisecond(ms).map(|instant| instant.to_string()).unwrap_or_else(|_| "ever".into());
    Error::new(ErrorKind::NotEnoughData, format!("no ticket was created from {} to {}", instant(window.from_ms), instant(window.to_ms)))
        .hint("look further back: `--window-days 365`")
        .hint("or at another moment, such as `--as-of 2026-01-31`")
}
