//! The series that tickets make.

use std::collections::HashMap;

use compact_str::CompactString;

use super::{Input, Span};
use crate::api::Progress;
use crate::api::forecast::Grouping;
use crate::base::duration::in_words;
use crate::base::number;
use crate::error::{Error, ErrorKind, Result};
use crate::forecast::{Collector, Measure, Moments, Series};
use crate::ops::reading::TELL_EVERY;
use crate::ops::{AgeLimit, TicketAge};
use crate::source::{Selection, TicketQuery, TicketSource};
use crate::ticket::{LabelRule, Quality, Ticket, TicketFilter, TicketStatus, Window};

/// What ended or began before the window may still count in it; a ticket that took longer does not.
const LONGEST_TICKET_DAYS: f64 = 30.0;

/// Groups that are forecast each by itself; the others together.
const MOST_GROUPS: usize = 20;

/// Tickets that do not say their group.
const NOT_SAID: &str = "(none)";

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
    read_by(measure, span, None, (limit, source, progress)).map(|(whole, _)| whole)
}

/// The tickets of one group alone, in the buckets of the whole.
pub(in crate::ops) struct Group {
    pub name: String,
    pub counted: u64,
    /// `None` where the group has nothing in the window.
    pub series: Option<Series>,
}

/// The same, and beside the whole each group that `by` makes, the largest first; empty without it.
///
/// Errors: those of [`read`].
pub(in crate::ops) fn read_by(
    measure: Measure,
    span: &Span,
    by: Option<Grouping>,
    (limit, source, progress): (AgeLimit, &dyn TicketSource, &dyn Progress),
) -> Result<(CountedTickets, Vec<Group>)> {
    let now = jiff::Timestamp::now().as_millisecond();
    let end = span.as_of.or(source.is_live().then_some(now));
    let selection = end.map_or(Selection::All, |end| Selection::Dated(Window::back_from(end, span.days() + LONGEST_TICKET_DAYS)));
    let query = TicketQuery::of(selection);
    progress.begin("reading tickets", progress.is_shown().then(|| source.expected(&query)).flatten());
    let mut filter = TicketFilter::new(LabelRule::default(), None).trusting_ids(source.ids_are_unique());
    let mut collector = Collector::new(measure, span.bucket_ms);
    let mut groups: HashMap<CompactString, Collector> = HashMap::new();
    let mut newest: Option<(i64, bool)> = None;
    let mut latest = None;
    source.for_each(&query, &mut |ticket, _| {
        if filter.admit_unlabelled(&ticket).is_ok() {
            let moments = moments(&ticket);
            if collector.add(&moments) {
                if let Some(by) = by {
                    let group = groups.entry(group_of(by, &ticket).clone());
                    group.or_insert_with(|| Collector::new(measure, span.bucket_ms)).add(&moments);
                }
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
    let from = |end: i64| last(end).saturating_sub(span.window_ms);
    let series = end.and_then(|end| collector.finish(from(end), end));
    let Some((series, end)) = series.zip(end) else {
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
    let groups = largest(groups, measure, span.bucket_ms).into_iter().map(|(name, collector)| Group {
        name,
        counted: collector.counted(),
        // A group that began later had nothing before.
        series: collector.finish_from(input.series.start_ms.max(from(end)), end),
    });
    let groups = groups.collect();
    Ok((CountedTickets { input, quality: filter.into_quality(), places: source.places(), age }, groups))
}

fn group_of(by: Grouping, ticket: &Ticket) -> &CompactString {
    match by {
        Grouping::TaskType => &ticket.task_type,
        Grouping::RiskBand => &ticket.risk_band,
        Grouping::Requester => &ticket.requester,
    }
}

/// The groups with the most tickets, and all others as one.
fn largest(groups: HashMap<CompactString, Collector>, measure: Measure, step_ms: i64) -> Vec<(String, Collector)> {
    let mut groups: Vec<(CompactString, Collector)> = groups.into_iter().collect();
    groups.sort_by(|left, right| right.1.counted().cmp(&left.1.counted()).then_with(|| left.0.cmp(&right.0)));
    let others = groups.split_off(groups.len().min(MOST_GROUPS));
    let named = groups.into_iter().map(|(name, collector)| (if name.is_empty() { NOT_SAID.to_owned() } else { name.into() }, collector));
    let mut named: Vec<(String, Collector)> = named.collect();
    if !others.is_empty() {
        let name = format!("({} others)", others.len());
        let mut together = Collector::new(measure, step_ms);
        others.into_iter().for_each(|(_, collector)| together.merge(collector));
        named.push((name, together));
    }
    named
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
