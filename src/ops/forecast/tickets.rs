//! The series that tickets make.

use super::{Input, Span};
use crate::api::Progress;
use crate::base::duration::in_words;
use crate::base::number;
use crate::error::{Error, ErrorKind, Result};
use crate::forecast::{Collector, Measure, Moments};
use crate::ops::reading::TELL_EVERY;
use crate::ops::{AgeLimit, TicketAge};
use crate::source::{Selection, TicketQuery, TicketSource};
use crate::ticket::{LabelRule, Quality, Ticket, TicketFilter, TicketStatus, Window};

/// What ended or began before the window may still count in it; a ticket that took longer does not.
const LONGEST_TICKET_DAYS: f64 = 30.0;

/// What tickets make, and what is known of them.
pub(in crate::ops) struct CountedTickets {
    pub input: Input,
    pub quality: Quality,
    /// Where they are, without secrets.
    pub places: Vec<String>,
    /// Of the newest that counts.
    pub age: Option<TicketAge>,
}

/// Reads every ticket once and counts it into its buckets.
///
/// Errors: the source's own; [`ErrorKind::NotEnoughData`] where none counts, and where the newest of a running system's is
/// too old.
pub(in crate::ops) fn read(
    measure: Measure,
    span: &Span,
    limit: AgeLimit,
    source: &dyn TicketSource,
    progress: &dyn Progress,
) -> Result<CountedTickets> {
    let now = jiff::Timestamp::now().as_millisecond();
    let end = span.as_of.or(source.is_live().then_some(now));
    let selection = end.map_or(Selection::All, |end| Selection::Dated(Window::back_from(end, span.days() + LONGEST_TICKET_DAYS)));
    let query = TicketQuery::of(selection);
    progress.begin("reading tickets", progress.is_shown().then(|| source.expected(&query)).flatten());
    let mut filter = TicketFilter::new(LabelRule::default(), None).trusting_ids(source.ids_are_unique());
    let mut collector = Collector::new(measure, span.bucket_ms);
    let mut newest: Option<(i64, bool)> = None;
    let mut latest = None;
    source.for_each(&query, &mut |ticket, _| {
        if filter.admit_unlabelled(&ticket).is_ok() {
            let moments = moments(&ticket);
            if collector.add(&moments) {
                // What lies in the future is nobody's newest ticket.
                latest = latest.max(happened(measure, &moments).filter(|moment| *moment <= now));
                newest = newest
                    .max(ticket.created_at.filter(|created| *created <= end.unwrap_or(now)).map(|created| (created, ticket.synthetic)));
            }
        }
        if filter.quality().read().is_multiple_of(TELL_EVERY) {
            progress.advance_to(filter.quality().read());
        }
        Ok(())
    })?;
    let summary = format!("{}; {} counted as {measure}", filter.quality().sentence(), number::count(collector.counted()));
    progress.finish(&summary);
    let counted = collector.counted();
    let end = end.or(latest);
    // The window hangs on the last whole bucket, so that the same window has the same buckets at every moment of one.
    let last = |end: i64| end.div_euclid(span.bucket_ms).saturating_mul(span.bucket_ms);
    let series = end.and_then(|end| collector.finish(last(end).saturating_sub(span.window_ms), end));
    let Some(series) = series else {
        let error =
            Error::new(ErrorKind::NotEnoughData, format!("no ticket counts as {measure} in the {} before", in_words(span.window())));
        let error = source.survey()?.into_iter().fold(error.because(summary), Error::because);
        return Err(error.hint("look further back: `--window 540d`, or from another moment: `--as-of 2026-01-31`"));
    };
    let live = source.is_live().then(|| source.name());
    let age = TicketAge::of(newest, span.as_of.unwrap_or(now));
    let stale = age.map(|age| age.judge(limit, live.as_deref())).transpose()?.flatten();
    let input = Input {
        series,
        name: measure.to_string(),
        unit: measure.unit().to_owned(),
        counted,
        counts_events: matches!(measure, Measure::Arrivals | Measure::Completions),
        summary,
        notes: stale.into_iter().collect(),
    };
    Ok(CountedTickets { input, quality: filter.into_quality(), places: source.places(), age })
}

fn moments(ticket: &Ticket) -> Moments {
    Moments {
        created: ticket.created_at,
        started: ticket.started_at,
        completed: ticket.completed_at,
        duration_ms: ticket.actual_duration_ms,
        is_running: ticket.status == TicketStatus::Running,
    }
}

/// When a ticket counted last.
fn happened(measure: Measure, moments: &Moments) -> Option<i64> {
    match measure {
        Measure::Arrivals => moments.created,
        Measure::Completions | Measure::Running | Measure::Work => moments.completed.or(moments.started),
    }
}
