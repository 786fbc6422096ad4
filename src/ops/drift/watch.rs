//! Checks again and again, and speaks when something changes.

use std::time::{Duration, Instant};

use super::check::DriftCheck;
use super::comparison::{DeliveredCheck, PreparedCheck, switched_off};
use super::history::{self, status_of};
use crate::api::drift::{DriftCheckSkipped, DriftStatus, exit_code_of};
use crate::api::drift_history::{DriftLook, DriftWatchAnswer, DriftWatchReport, WatchDriftRequest};
use crate::api::{CheckState, Listener, StreamingOperations, Timestamp};
use crate::drift::pattern::escalated;
use crate::error::{Error, ErrorKind, Result};
use crate::ops::workspace::{Intent, Workspace};
use crate::registry::Registry;

/// While there is drift the next look comes after this part of the interval.
const HURRY: u32 = 2;

/// What was kept before counts, so that a job that looks once and ends is as patient as a loop, and two watchers of one
/// window count it once. Whoever asks for the end gets the last look.
impl StreamingOperations<WatchDriftRequest> for Workspace<'_> {
    fn stream(&self, request: &WatchDriftRequest, listener: &mut dyn Listener<DriftLook>) -> Result<DriftWatchAnswer> {
        check_words(request)?;
        let comparison = PreparedCheck::resolve(self, &request.comparison)?;
        if let Some(reason) = switched_off(&comparison.settings)? {
            return Ok(DriftWatchAnswer::Skipped(DriftCheckSkipped { overall_status: CheckState::Skipped, reason }));
        }
        let registry = self.registry(&comparison.settings, Intent::Existing)?;
        listener.begin()?;
        let started = Instant::now();
        let (mut items, mut last) = (Vec::new(), None);
        let status = loop {
            let DeliveredCheck { report, undelivered } = comparison.check(self, &registry)?;
            // The next look pushes again; a watch that ends for that would see nothing any more.
            let undelivered = undelivered.iter().map(|error| format!("warning: the metrics were not delivered: {error}"));
            undelivered.for_each(|note| self.interaction().note(&note));
            let status = status_with_the_past(&registry, &report, request.patience)?;
            history::record(registry.drift_store()?, &report, jiff::Timestamp::now().as_millisecond())?;
            if last != Some(status) {
                let look = look(&report, status);
                listener.tell(&look)?;
                items.push(look);
            }
            last = Some(status);
            if request.once || request.until == Some(status) {
                break status;
            }
            let pause = if status.reaches(DriftStatus::Warning) { request.interval / HURRY } else { request.interval };
            if let Some(timeout) = request.comparison.judging.tickets.timeout {
                let left = timeout.saturating_sub(started.elapsed());
                if left <= pause {
                    match (listener.pause(left), request.until) {
                        (false, Some(wanted)) => return Err(timed_out(wanted, status, timeout)),
                        _ => break status,
                    }
                }
            }
            if listener.pause(pause) {
                break status;
            }
        };
        let exit_code = exit_code_of(status, request.fail_on);
        Ok(DriftWatchAnswer::Watched(DriftWatchReport { overall_status: status, items, exit_code }))
    }
}

/// Refuses a watch that could not go on.
fn check_words(request: &WatchDriftRequest) -> Result<()> {
    let problem = if request.patience == 0 {
        "--patience is 0, expected a whole number above 0"
    } else if request.interval.is_zero() {
        "--interval is 0, expected a length of time"
    } else if !request.once && request.comparison.judging.tickets.places.iter().any(|place| place == "-") {
        "stdin can be read once only; add `--once`, or name a file with `--tickets FILE`"
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::Usage, problem))
}

/// The status of the check, or critical for a warning that has stayed.
fn status_with_the_past(registry: &Registry, report: &DriftCheck, patience: usize) -> Result<DriftStatus> {
    let earlier = registry.drift_store()?.checks(Some(&report.model.version.name), i64::MIN)?;
    let before = earlier.iter().filter(|record| record.method == report.method.as_str() && record.window_end < report.window.1);
    Ok(escalated(&before.map(status_of).collect::<Vec<_>>(), report.status, patience))
}

fn look(report: &DriftCheck, status: DriftStatus) -> DriftLook {
    DriftLook {
        model: report.model.version.name.clone(),
        version: report.model.version.version,
        window_end: Timestamp(report.window.1),
        status,
        check_status: report.status,
        ticket_count: report.rows,
        drift_ratio: report.ratio.as_ref().map(|ratio| ratio.ratio),
    }
}

fn timed_out(wanted: DriftStatus, status: DriftStatus, timeout: Duration) -> Error {
    let message = format!("after {} s the status is {}, not {}", timeout.as_secs(), status, wanted);
    Error::new(ErrorKind::TimedOut, message).hint("wait longer: `--timeout 12h`")
}
