//! Checks again and again, and speaks when something changes.

use std::time::{Duration, Instant};

use super::check::CheckReport;
use super::history::{self, status_of};
use crate::drift::DriftStatus;
use crate::drift::pattern::escalated;
use crate::error::{Error, ErrorKind, Result};
use crate::registry::Registry;

/// How often is looked, and until when.
#[derive(Clone, Debug)]
pub struct WatchRequest {
    pub interval: Duration,
    /// Ends when this is the status.
    pub until: Option<DriftStatus>,
    /// Ends after so long.
    pub timeout: Option<Duration>,
    /// Warnings in a row that make a critical.
    pub patience: usize,
    /// Looks once.
    pub once: bool,
}

/// One look.
#[derive(Clone, Debug)]
pub struct Look {
    pub report: CheckReport,
    /// The status of the check, or critical for a warning that has stayed.
    pub status: DriftStatus,
    /// Whether it differs from the look before.
    pub changed: bool,
}

/// While there is drift the next look comes after this part of the interval.
const HURRY: u32 = 2;

/// How watching is connected with the world.
pub struct Connections<'a> {
    pub check: &'a mut dyn FnMut(&Registry) -> Result<CheckReport>,
    pub tell: &'a mut dyn FnMut(&Look) -> Result<()>,
    /// Waits so long; `true` when somebody asked for the end meanwhile.
    pub pause: &'a dyn Fn(Duration) -> bool,
}

/// Looks, keeps each check, and tells those that changed. What was kept before counts, so that a job that looks
/// once and ends is as patient as a loop, and two watchers of one window count it once. Whoever asks for the end gets
/// the last look.
///
/// Errors: those of `check`; [`ErrorKind::TimedOut`] when `until` was not met in time.
pub fn run(registry: &Registry, request: &WatchRequest, world: &mut Connections<'_>) -> Result<Look> {
    let started = Instant::now();
    let mut last: Option<DriftStatus> = None;
    loop {
        let report = (world.check)(registry)?;
        let (model, end) = (report.model.version.name.clone(), report.window.1);
        let earlier = registry.drift_store()?.checks(Some(&model), i64::MIN)?;
        let before = earlier.iter().filter(|record| record.method == report.method.word() && record.window_end < end);
        let status = escalated(&before.map(status_of).collect::<Vec<_>>(), report.status, request.patience);
        history::record(registry.drift_store()?, &report, jiff::Timestamp::now().as_millisecond())?;
        let look = Look { report, status, changed: last != Some(status) };
        if look.changed {
            (world.tell)(&look)?;
        }
        last = Some(status);
        if request.once || request.until == Some(status) {
            return Ok(look);
        }
        let pause = if status.reaches(DriftStatus::Warning) { request.interval / HURRY } else { request.interval };
        if let Some(timeout) = request.timeout {
            let left = timeout.saturating_sub(started.elapsed());
            if left <= pause {
                if (world.pause)(left) {
                    return Ok(look);
                }
                return match request.until {
                    None => Ok(look),
                    Some(wanted) => Err(timed_out(wanted, status, timeout)),
                };
            }
        }
        if (world.pause)(pause) {
            return Ok(look);
        }
    }
}

fn timed_out(wanted: DriftStatus, status: DriftStatus, timeout: Duration) -> Error {
    let message = format!("after {} s the status is {}, not {}", timeout.as_secs(), status.word(), wanted.word());
    Error::new(ErrorKind::TimedOut, message).hint("wait longer: `--timeout 12h`")
}
