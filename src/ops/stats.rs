//! What was predicted lately, and what came of it.

use std::collections::BTreeMap;

use compact_str::CompactString;

use super::Progress;
use super::no_ticket::why_none;
use super::reading::TELL_EVERY;
use super::workspace::{Workspace, note};
use crate::api::stats::{
    HourlyPredictionCounts, ModelPredictionCounts, PredictionCounts, StatsReport, StatsRequest, TaskTypePredictionCounts,
};
use crate::api::{Operations, Timestamp};
use crate::base::time::MS_PER_HOUR;
use crate::error::{Error, ErrorKind, Result};
use crate::source::{Selection, TicketQuery, TicketSource};
use crate::ticket::{LabelRule, StoredPrediction, Ticket, TicketFilter, Window};

impl Operations<StatsRequest> for Workspace<'_> {
    fn run(&self, request: &StatsRequest) -> Result<StatsReport> {
        let mut flags = self.flags();
        note(&request.tickets, &mut flags);
        let settings = self.settings(&flags)?;
        let source = self.tickets(&settings, &request.tickets)?;
        run(request, source.as_ref(), self.progress())
    }
}

/// How many days the request looks back.
pub(super) fn window_days(request: &StatsRequest) -> f64 {
    request.window.as_secs_f64() / 86_400.0
}

/// Counts and errors of one group of predictions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct PredictionTally {
    predictions: u64,
    /// Predicted durations whose ticket has ended with a known duration.
    with_outcome: u64,
    /// Predictions that say whether the ticket is an anomaly, and those that say yes.
    judged: u64,
    anomalies: u64,
    error_sum_ms: f64,
    actual_sum_ms: f64,
}

impl PredictionTally {
    fn add(&mut self, prediction: &StoredPrediction, actual_ms: Option<f64>) {
        self.predictions += 1;
        self.judged += u64::from(prediction.is_anomaly.is_some());
        self.anomalies += u64::from(prediction.is_anomaly == Some(true));
        if let (Some(predicted), Some(actual)) = (prediction.duration_ms, actual_ms) {
            self.with_outcome += 1;
            self.error_sum_ms += (actual - predicted).abs();
            self.actual_sum_ms += actual;
        }
    }

    /// Mean absolute error in ms; `None` without an outcome.
    fn mae_ms(&self) -> Option<f64> {
        (self.with_outcome > 0).then(|| self.error_sum_ms / self.with_outcome as f64)
    }

    /// The mean absolute error in percent of the mean actual duration; `None` without an outcome.
    fn mae_pct(&self) -> Option<f64> {
        (self.actual_sum_ms > 0.0).then(|| 100.0 * self.error_sum_ms / self.actual_sum_ms)
    }

    /// Share of the judged that are anomalies, 0 to 1; `None` where none was judged.
    fn anomaly_rate(&self) -> Option<f64> {
        (self.judged > 0).then(|| self.anomalies as f64 / self.judged as f64)
    }

    /// What a report says of it.
    fn counts(&self) -> PredictionCounts {
        PredictionCounts {
            predictions: self.predictions,
            with_outcome: self.with_outcome,
            mae: self.mae_ms(),
            mae_pct: self.mae_pct(),
            anomalies_judged: self.judged,
            anomalies: self.anomalies,
            anomaly_rate: self.anomaly_rate(),
        }
    }
}

/// The predictions of a window.
struct Tallies {
    window: Window,
    total: PredictionTally,
    /// By name and version of the model; both empty for predictions that do not name one.
    by_model: BTreeMap<(String, String), PredictionTally>,
    by_task_type: BTreeMap<String, PredictionTally>,
    /// By the hour in which the prediction was made, its beginning in milliseconds since the epoch.
    by_hour: BTreeMap<i64, PredictionTally>,
}

/// Reads the tickets and counts their predictions. One was made at `predictions.predicted_at`, and where that is
/// absent when the ticket was created, as the running system does it.
///
/// Errors: the source's own; [`ErrorKind::NotEnoughData`] when no prediction was made in the window.
pub fn run(request: &StatsRequest, source: &dyn TicketSource, progress: &dyn Progress) -> Result<StatsReport> {
    // A server is asked what it predicts, and a backfill predicts later than its newest ticket was created.
    let now = || Ok(source.newest()?.map(|newest| newest.max(jiff::Timestamp::now().as_millisecond())));
    let moment = request.as_of.map_or_else(now, |as_of| Ok::<_, Error>(Some(as_of.0)))?;
    let back_from = |moment: i64| Window::back_from(moment, window_days(request));
    let selection = moment.map_or(Selection::All, |moment| Selection::CreatedOrPredicted(back_from(moment)));
    let query = TicketQuery::of(selection).with_predictions();
    progress.begin("reading predictions", progress.is_shown().then(|| source.expected(&query)).flatten());
    let mut filter = TicketFilter::new(request.labels.clone(), None).trusting_ids(source.ids_are_unique()).needing_predictions(true);
    let mut newest = None;
    let mut waiting: Vec<TimedPrediction> = Vec::new();
    let mut tallies = Tallies::empty(moment.map(back_from));
    source.for_each(&query, &mut |ticket, _| {
        newest = newest.max(ticket.created_at);
        let admitted = filter.admit_unlabelled(&ticket).is_ok();
        if let Some(made) = TimedPrediction::of(ticket, &request.labels).filter(|_| admitted) {
            match moment {
                Some(_) => tallies.count(&made),
                // The window hangs on the newest ticket, which of a file is known only at its end.
                None => waiting.push(made),
            }
        }
        if filter.quality().read().is_multiple_of(TELL_EVERY) {
            progress.advance_to(filter.quality().read());
        }
        Ok(())
    })?;
    if moment.is_none() {
        tallies.window = back_from(newest.unwrap_or(0));
        waiting.iter().for_each(|made| tallies.count(made));
    }
    let (read, ticket_summary) = (filter.quality().read(), filter.quality().sentence());
    progress.finish(&ticket_summary);
    match tallies.total.predictions {
        0 => Err(why_none(filter.quality()).into_iter().fold(nothing(&tallies.window, &ticket_summary, source)?, Error::hint)),
        _ => Ok(tallies.told(read, ticket_summary)),
    }
}

/// One prediction and what came of it.
struct TimedPrediction {
    /// Milliseconds since the epoch.
    at: i64,
    prediction: StoredPrediction,
    task_type: CompactString,
    actual_ms: Option<f64>,
}

impl TimedPrediction {
    fn of(ticket: Ticket, labels: &LabelRule) -> Option<TimedPrediction> {
        let actual_ms = labels.outcome(&ticket).ok().map(|outcome| outcome.duration_ms);
        let prediction = ticket.prediction.filter(|prediction| prediction.duration_ms.is_some() || prediction.is_anomaly.is_some())?;
        Some(TimedPrediction { at: prediction.predicted_at.or(ticket.created_at)?, prediction, task_type: ticket.task_type, actual_ms })
    }
}

impl Tallies {
    fn empty(window: Option<Window>) -> Tallies {
        Tallies {
            window: window.unwrap_or(Window { from_ms: 0, to_ms: 0 }),
            total: PredictionTally::default(),
            by_model: BTreeMap::new(),
            by_task_type: BTreeMap::new(),
            by_hour: BTreeMap::new(),
        }
    }

    /// What a report says of them.
    fn told(self, read: u64, ticket_summary: String) -> StatsReport {
        let named = |word: String| Some(word).filter(|word| !word.is_empty());
        let models = self.by_model.into_iter().map(|((name, version), tally)| ModelPredictionCounts {
            model_name: named(name),
            model_version: named(version),
            counts: tally.counts(),
        });
        let types = self.by_task_type.into_iter();
        let hours = self.by_hour.into_iter();
        StatsReport {
            total: self.total.counts(),
            window: self.window.into(),
            read,
            ticket_summary,
            by_model: models.collect(),
            by_task_type: types.map(|(word, tally)| TaskTypePredictionCounts { task_type: named(word), counts: tally.counts() }).collect(),
            by_hour: hours.map(|(hour, tally)| HourlyPredictionCounts { hour: Timestamp(hour), counts: tally.counts() }).collect(),
        }
    }

    fn count(&mut self, made: &TimedPrediction) {
        if !self.window.contains(made.at) {
            return;
        }
        let TimedPrediction { at, prediction, task_type, actual_ms } = made;
        let model = (prediction.model_name.to_string(), prediction.model_version.to_string());
        self.total.add(prediction, *actual_ms);
        self.by_model.entry(model).or_default().add(prediction, *actual_ms);
        self.by_task_type.entry(task_type.to_string()).or_default().add(prediction, *actual_ms);
        self.by_hour.entry(at.div_euclid(MS_PER_HOUR) * MS_PER_HOUR).or_default().add(prediction, *actual_ms);
    }
}

fn nothing(window: &Window, ticket_summary: &str, source: &dyn TicketSource) -> Result<Error> {
    let instant = |ms: i64| jiff::Timestamp::from_millisecond(ms).map(|instant| instant.to_string()).unwrap_or_default();
    let Window { from_ms, to_ms } = *window;
    let error = Error::new(ErrorKind::NotEnoughData, format!("no prediction was made from {} to {}", instant(from_ms), instant(to_ms)))
        .because(ticket_summary);
    let error = source.survey()?.into_iter().fold(error, Error::because);
    Ok(error.hint("look further back: `--window 30d`, or at another moment: `--as-of 2026-01-31`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_measures_what_has_ended_and_leaves_the_rest_out() {
        let prediction = |duration_ms, is_anomaly| StoredPrediction { duration_ms, is_anomaly, ..StoredPrediction::default() };
        let mut tally = PredictionTally::default();
        assert_eq!((tally.mae_ms(), tally.mae_pct(), tally.anomaly_rate()), (None, None, None));
        tally.add(&prediction(Some(80.0), Some(true)), Some(100.0));
        tally.add(&prediction(Some(330.0), Some(false)), Some(300.0));
        tally.add(&prediction(Some(5.0), None), None);
        tally.add(&prediction(None, Some(false)), Some(7.0));
        assert_eq!((tally.predictions, tally.with_outcome, tally.judged, tally.anomalies), (4, 2, 3, 1));
        assert_eq!((tally.mae_ms(), tally.mae_pct(), tally.anomaly_rate()), (Some(25.0), Some(12.5), Some(1.0 / 3.0)));
    }
}
