//! How long tickets took, by task type and risk band: the statistics that a scheduler looks up.

use crate::api::Operations;
use std::collections::BTreeMap;

use super::Progress;
use super::stats::window_days;
use super::workspace::{Workspace, note};
use crate::api::stats::{DurationsReport, DurationsRequest, GroupDurations, StatsRequest};
use crate::error::{Error, ErrorKind, Result};
use crate::source::{DurationGroup, Selection, TicketQuery, TicketSource};
use crate::statistics::RunningMoments;
use crate::ticket::{LabelWanted, TicketFilter, Window, ZeroDurations};

impl Operations<DurationsRequest> for Workspace<'_> {
    fn run(&self, request: &DurationsRequest) -> Result<DurationsReport> {
        let DurationsRequest(request) = request;
        let mut flags = self.flags();
        note(&request.tickets, &mut flags);
        let settings = self.settings(&flags)?;
        let source = self.tickets(&settings, &request.tickets)?;
        run(request, source.as_ref(), self.progress())
    }
}

/// Counts where the tickets are where that says the same, else ticket by ticket.
///
/// Errors: the source's own; [`ErrorKind::NotEnoughData`] when no ticket of the window says how long it took.
pub fn run(request: &StatsRequest, source: &dyn TicketSource, progress: &dyn Progress) -> Result<DurationsReport> {
    let report = match aggregated(request, source)? {
        Some(report) => report,
        None => streamed(request, source, progress)?,
    };
    if report.items.is_empty() {
        let error = Error::new(ErrorKind::NotEnoughData, "no ticket of the window says how long it took");
        let error = source.survey()?.into_iter().fold(error, Error::because);
        return Err(error.hint("look further back: `--window 365d`"));
    }
    Ok(report)
}

/// The source's own count, where it counts at all and says the same.
fn aggregated(request: &StatsRequest, source: &dyn TicketSource) -> Result<Option<DurationsReport>> {
    let Some(aggregations) = source.aggregations() else { return Ok(None) };
    if request.as_of.is_some() || request.labels.wanted != LabelWanted::Auto || request.labels.zero_durations == ZeroDurations::Keep {
        return Ok(None);
    }
    let window = Window::back_from(source.newest()?.unwrap_or(0), window_days(request));
    let groups = aggregations.durations(&window, &request.labels.statuses)?;
    Ok(groups.map(|groups| told(&window, groups, true)))
}

fn streamed(request: &StatsRequest, source: &dyn TicketSource, progress: &dyn Progress) -> Result<DurationsReport> {
    let moment = request.as_of.map_or_else(|| source.newest(), |as_of| Ok(Some(as_of.0)))?;
    let back_from = |moment: i64| Window::back_from(moment, window_days(request));
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
            && request.as_of.is_none_or(|as_of| outcome.known_at <= as_of.0)
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
    Ok(told(&window, groups, false))
}

fn told(window: &Window, groups: impl IntoIterator<Item = DurationGroup>, by_server: bool) -> DurationsReport {
    let items = groups.into_iter().map(|group| GroupDurations {
        task_type: Some(group.task_type).filter(|word| !word.is_empty()),
        risk_band: Some(group.risk_band).filter(|word| !word.is_empty()),
        count: group.count,
        mean_ms: group.mean_ms,
        standard_deviation_ms: group.deviation_ms,
    });
    DurationsReport { window: (*window).into(), by_server, items: items.collect() }
}
