//! How long tickets wait now: the queue of each worker, and how long its newest tickets took.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::time::Duration;

use compact_str::CompactString;

use crate::api::Operations;
use crate::api::Timestamp;
use crate::api::forecast::{QueueItem, QueueMethod, QueueReport, QueueRequest};
use crate::base::number;
use crate::base::time::{MS_PER_HOUR, rfc3339};
use crate::error::{Error, ErrorKind, Result};
use crate::ops::reading::TELL_EVERY;
use crate::ops::workspace::{Workspace, location, note};
use crate::ops::{AgeLimit, TicketAge};
use crate::source::{Selection, TicketQuery};
use crate::ticket::{FieldPaths, LabelRule, Ticket, TicketFilter, TicketStatus, Window};

/// Where the running system writes who works on a ticket.
const WORKER_FIELD: &str = "allocated_worker_id";

/// Tickets that nobody was given.
const NOBODY: &str = "(none)";

/// Completions that say how long a ticket takes.
const COMPLETIONS: usize = 10;

/// The running system looks at so many of the newest, and takes the oldest of them.
const REFERENCE_LOOKS_AT: usize = 50;
/// What it says without any completion, and at most, in ms.
const REFERENCE_WITHOUT_MS: f64 = 1_000.0;
const REFERENCE_MOST_MS: f64 = 60_000.0;

/// Tickets at which a worker is wholly loaded, where nobody says otherwise.
const USUAL_CAPACITY: u32 = 10;

/// A ticket that was created earlier is in nobody's queue any more.
const OLDEST_DAYS: f64 = 30.0;

/// From when on tickets are too old to say what waits now.
const FRESH_DAYS: f64 = 2.0;

/// What is known of one worker.
#[derive(Default)]
struct Worker {
    pending: u64,
    running: u64,
    /// When the newest tickets ended and how long they took, the earliest on top; at most [`REFERENCE_LOOKS_AT`].
    ended: BinaryHeap<Reverse<(i64, u64)>>,
}

impl Worker {
    fn ended(&mut self, at: i64, duration_ms: f64) {
        // The bits of numbers that are not negative are ordered as they are.
        self.ended.push(Reverse((at, duration_ms.to_bits())));
        if self.ended.len() > REFERENCE_LOOKS_AT {
            self.ended.pop();
        }
    }

    /// What is told of it: completions since `since` alone.
    fn item(self, name: CompactString, method: QueueMethod, since: i64, capacity: u32) -> QueueItem {
        let mut ended: Vec<(i64, u64)> = self.ended.into_iter().map(|Reverse(one)| one).filter(|(at, _)| *at >= since).collect();
        ended.sort_unstable_by_key(|one| Reverse(*one));
        let taken = match method {
            QueueMethod::Usual => &ended[..ended.len().min(COMPLETIONS)],
            QueueMethod::Reference => &ended[ended.len().saturating_sub(COMPLETIONS)..],
        };
        let mean = taken.iter().map(|(_, bits)| f64::from_bits(*bits)).sum::<f64>() / taken.len() as f64;
        let mean = Some(mean).filter(|mean| mean.is_finite());
        // The running system asks for a status that no ticket has instead of the running ones.
        let (depth, queue_ms) = match method {
            QueueMethod::Usual => {
                let depth = self.pending + self.running;
                (depth, mean.map(|mean| depth as f64 * mean).or((depth == 0).then_some(0.0)))
            }
            QueueMethod::Reference => {
                let queue_ms = self.pending as f64 * mean.unwrap_or(REFERENCE_WITHOUT_MS);
                (self.pending, Some(queue_ms.clamp(0.0, REFERENCE_MOST_MS)))
            }
        };
        QueueItem {
            worker: if name.is_empty() { NOBODY.to_owned() } else { name.into() },
            queue_depth: depth,
            running: self.running,
            completions: taken.len() as u64,
            mean_duration_ms: mean,
            queue_ms,
            load: (depth as f64 / f64::from(capacity)).min(1.0),
        }
    }
}

impl Operations<QueueRequest> for Workspace<'_> {
    fn run(&self, request: &QueueRequest) -> Result<QueueReport> {
        let mut flags = self.flags();
        note(&request.tickets, &mut flags);
        let settings = self.settings(&flags)?;
        let location = location(&settings, &request.tickets)?;
        let field = request.worker_field.as_deref().unwrap_or(WORKER_FIELD);
        let source = location.open(FieldPaths::new(Some(field), None, None)?)?;
        let now = jiff::Timestamp::now().as_millisecond();
        let end = request.as_of.map(|moment| moment.0).or(source.is_live().then_some(now));
        let window = request.window.unwrap_or(Duration::from_millis(MS_PER_HOUR.unsigned_abs()));
        let window_ms = i64::try_from(window.as_millis()).unwrap_or(i64::MAX);
        let capacity = request.capacity.unwrap_or(USUAL_CAPACITY).max(1);
        let selection = end.map_or(Selection::All, |end| Selection::Dated(Window::back_from(end, OLDEST_DAYS)));
        let query = TicketQuery::of(selection);
        let progress = self.progress();
        progress.begin("reading tickets", progress.is_shown().then(|| source.expected(&query)).flatten());
        let mut filter = TicketFilter::new(LabelRule::default(), None).trusting_ids(source.ids_are_unique());
        let mut workers: HashMap<CompactString, Worker> = HashMap::new();
        let (mut newest, mut latest) = (None, None);
        source.for_each(&query, &mut |ticket, _| {
            if filter.admit_unlabelled(&ticket).is_ok() {
                let moments = [ticket.created_at, ticket.started_at, ticket.completed_at].into_iter().flatten();
                latest = latest.max(moments.filter(|moment| *moment <= end.unwrap_or(now)).max());
                let created = ticket.created_at.filter(|created| *created <= end.unwrap_or(now));
                newest = newest.max(created.map(|created| (created, ticket.synthetic)));
                count(workers.entry(ticket.requester.clone()).or_default(), &ticket, end);
            }
            if filter.quality().read().is_multiple_of(TELL_EVERY) {
                progress.advance_to(filter.quality().read());
            }
            Ok(())
        })?;
        let summary = filter.quality().sentence();
        progress.finish(&summary);
        let Some(as_of) = end.or(latest) else {
            let error = Error::new(ErrorKind::NotEnoughData, "no ticket says when it was created or ended").because(summary);
            return Err(source.survey()?.into_iter().fold(error, Error::because));
        };
        let limit = AgeLimit::of(&settings, FRESH_DAYS)?;
        let live = source.is_live().then(|| source.name());
        let age = TicketAge::of(newest, request.as_of.map_or(now, |moment| moment.0));
        if age.is_none() {
            let error = Error::new(ErrorKind::NotEnoughData, format!("no ticket was created by {}", rfc3339(as_of))).because(summary);
            return Err(error.hint("look at another moment: `--as-of 2026-01-31`"));
        }
        let stale = age.map(|age| age.judge(limit, live.as_deref())).transpose()?.flatten();
        let mut notes: Vec<String> = stale.into_iter().collect();
        if workers.keys().all(|name| name.is_empty()) {
            notes.push(format!("no ticket has the field {field}: all of them count as one queue; --worker-field names another"));
        }
        let since = as_of.saturating_sub(window_ms);
        let names: Vec<CompactString> = workers.keys().cloned().collect();
        let wanted = |name: &str| request.worker.as_deref().is_none_or(|wanted| wanted == name || (wanted == NOBODY && name.is_empty()));
        let mut items: Vec<QueueItem> = workers
            .into_iter()
            .filter(|(name, _)| wanted(name))
            .map(|(name, worker)| worker.item(name, request.method, since, capacity))
            .collect();
        if let (Some(worker), true) = (&request.worker, items.is_empty()) {
            return Err(no_worker(worker, field, &names, &summary));
        }
        items.sort_by(|left, right| right.queue_depth.cmp(&left.queue_depth).then_with(|| left.worker.cmp(&right.worker)));
        let silent = items.iter().filter(|item| item.queue_ms.is_none()).count();
        if silent > 0 {
            notes.push(format!(
                "{} ended nothing since {}, so how long their queues take is not known: look further back with --window",
                number::counted(silent, "worker"),
                rfc3339(since)
            ));
        }
        Ok(QueueReport {
            as_of: Timestamp(as_of),
            since: Timestamp(since),
            method: request.method,
            capacity,
            input_summary: summary,
            items,
            notes,
        })
    }
}

/// Counts a ticket at its worker, as things stood at `end`.
fn count(worker: &mut Worker, ticket: &Ticket, end: Option<i64>) {
    let by_then = |moment: Option<i64>| moment.is_some_and(|moment| end.is_none_or(|end| moment <= end));
    if !by_then(ticket.created_at) {
        return;
    }
    let has_ended = ticket.completed_at.filter(|_| by_then(ticket.completed_at));
    match (has_ended, ticket.status) {
        (Some(at), _) => {
            let duration = ticket.actual_duration_ms.or_else(|| Some((at - ticket.started_at?) as f64));
            if let Some(duration) = duration.filter(|length| length.is_finite() && *length >= 0.0) {
                worker.ended(at, duration.abs());
            }
        }
        // It ended after the moment that is told.
        (None, _) if ticket.completed_at.is_some() && by_then(ticket.started_at) => worker.running += 1,
        (None, _) if ticket.completed_at.is_some() => worker.pending += 1,
        (None, TicketStatus::Running) if ticket.started_at.is_none() || by_then(ticket.started_at) => worker.running += 1,
        (None, TicketStatus::Running | TicketStatus::Pending) => worker.pending += 1,
        (None, _) => {}
    }
}

fn no_worker(worker: &str, field: &str, names: &[CompactString], summary: &str) -> Error {
    let mut known: Vec<&str> = names.iter().map(CompactString::as_str).filter(|name| !name.is_empty()).collect();
    known.sort_unstable();
    let error = Error::new(ErrorKind::ModelNotFound, format!("no ticket names the worker '{worker}' in {field}")).because(summary);
    match known.as_slice() {
        [] => error.hint("no ticket names any: `--worker-field` says where they do"),
        names => error.hint(format!("workers there: {}", names.iter().take(10).copied().collect::<Vec<_>>().join(", "))),
    }
}
