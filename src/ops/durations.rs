//! How long tickets took, by task type and risk band: the statistics that a scheduler looks up.

use std::collections::BTreeMap;

use super::Progress;
use crate::error::{Error, ErrorKind, Result};
use crate::source::{DurationGroup, Selection, TicketQuery, TicketSource};
use crate::statistics::RunningMoments;
use crate::ticket::{LabelRule, LabelWanted, TicketFilter, Window};

/// Which tickets count.
#[derive(Clone, Debug)]
pub struct DurationsRequest {
    pub window_days: f64,
    /// Milliseconds since the epoch: exactly what was known then. `None` is the newest `created_at`, with every
    /// outcome there is.
    pub as_of: Option<i64>,
    pub labels: LabelRule,
}

/// Durations by group.
#[derive(Clone, Debug)]
pub struct DurationsReport {
    pub window: Window,
    pub groups: Vec<DurationGroup>,
    /// The server counted; no ticket was read.
    pub by_server: bool,
}

/// Counts where the tickets are where that says the same, else ticket by ticket.
///
/// Errors: the source's own; [`ErrorKind::NotEnoughData`] when no ticket of the window says how long it took.
pub fn run(request: &DurationsRequest, source: &dyn TicketSource, progress: &dyn Progress) -> Result<DurationsReport> {
    let report = match aggregated(request, source)? {
        Some(report) => report,
        None => streamed(request, source, progress)?,
    };
    if report.groups.is_empty() {
        let error = Error::new(ErrorKind::NotEnoughData, "no ticket of the window says how long it took");
        let error = source.survey()?.into_iter().fold(error, Error::because);
        return Err(error.hint("look further back: `--window 365d`"));
    }
    Ok(report)
}

/// The source's own count, where it counts at all and says the same.
fn aggregated(request: &DurationsRequest, source: &dyn TicketSource) -> Result<Option<DurationsReport>> {
    let Some(aggregations) = source.aggregations() else { return Ok(None) };
    if request.as_of.is_some() || request.labels.wanted != LabelWanted::Auto {
        return Ok(None);
    }
    let window = Window::back_from(source.newest()?.unwrap_or(0), request.window_days);
    let groups = aggregations.durations(&window, &request.labels.statuses)?;
    Ok(groups.map(|groups| DurationsReport { window, groups, by_server: true }))
}

fn streamed(request: &DurationsRequest, source: &dyn TicketSource, progress: &dyn Progress) -> Result<DurationsReport> {
    let moment = request.as_of.map_or_else(|| source.newest(), |as_of| Ok(Some(as_of)))?;
    let back_from = |moment: i64| Window::back_from(moment, request.window_days);
    let query = TicketQuery::of(Selection::created(moment.map(back_from)));
    progress.begin("reading tickets", progress.is_shown().then(|| source.expected(&query)).flatten());
    let mut filter = TicketFilter::new(request.labels.clone(), None).trusting_ids(source.ids_are_unique());
    let mut newest = None;
    let mut groups: BTreeMap<(String, String), RunningMoments> = BTreeMap::new();
    let mut learn = |key: (String, String), duration_ms: f64| groups.entry(key).or_default().learn(duration_ms);
    let window = moment.map(back_from);
    // A file's window is known at its end.
    let mut waiting: Vec<(i64, (String, String), f64)> = Vec::new();
    source.for_each(&query, &mut |ticket, _| {
        newest = newest.max(ticket.created_at);
        if let Ok(outcome) = filter.admit(&ticket)
            && request.as_of.is_none_or(|as_of| outcome.known_at <= as_of)
            && let Some(created_at) = ticket.created_at
        {
            let key = (ticket.task_type.to_string(), ticket.risk_band.to_string());
            match window {
                Some(window) if window.contains(created_at) => learn(key, outcome.duration_ms),
                Some(_) => {}
                None => waiting.push((created_at, key, outcome.duration_ms)),
            }
        }
        Ok(())
    })?;
    progress.finish(&filter.quality().sentence());
    let window = window.unwrap_or_else(|| back_from(newest.unwrap_or(0)));
    let within = waiting.into_iter().filter(|(created_at, ..)| window.contains(*created_at));
    within.for_each(|(_, key, duration_ms)| learn(key, duration_ms));
    let groups = groups.into_iter().map(|((task_type, risk_band), durations_ms)| DurationGroup {
        task_type,
        risk_band,
        count: durations_ms.count,
        mean_ms: durations_ms.mean,
        deviation_ms: durations_ms.population_deviation().unwrap_or(0.0),
    });
    Ok(DurationsReport { window, groups: groups.collect(), by_server: false })
}
