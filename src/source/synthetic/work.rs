//! What a ticket asks for and how it goes: durations that follow from what is known at scheduling, and
//! anomalies that show both at scheduling and in the outcome.

use crate::statistics::random::SplitMix64;

use super::calendar::hour_of_day;
use super::write::SyntheticRequest;

/// One kind of task.
#[derive(Debug)]
pub(super) struct TaskProfile {
    pub(super) name: &'static str,
    pub(super) verb: &'static str,
    /// Share of all tickets, in percent, without and with full drift.
    share: f64,
    share_drifted: f64,
    /// Duration of ordinary work, milliseconds.
    base_ms: f64,
    /// What planners say, as a multiple of the truth.
    estimate_bias: f64,
    /// How many more capabilities than one it needs, at most.
    more_capabilities: usize,
    /// How much longer it takes at full drift.
    slowdown: f64,
}

const TASKS: [TaskProfile; 7] = [
    TaskProfile {
        name: "BUILD",
        verb: "build",
        share: 22.0,
        share_drifted: 14.0,
        base_ms: 140_000.0,
        estimate_bias: 1.30,
        more_capabilities: 3,
        slowdown: 0.6,
    },
    TaskProfile {
        name: "DEPLOY",
        verb: "deploy",
        share: 12.0,
        share_drifted: 19.0,
        base_ms: 110_000.0,
        estimate_bias: 1.20,
        more_capabilities: 3,
        slowdown: 0.3,
    },
    TaskProfile {
        name: "TEST",
        verb: "test",
        share: 24.0,
        share_drifted: 16.0,
        base_ms: 85_000.0,
        estimate_bias: 0.90,
        more_capabilities: 2,
        slowdown: 0.4,
    },
    TaskProfile {
        name: "VALIDATE",
        verb: "validate",
        share: 13.0,
        share_drifted: 10.0,
        base_ms: 60_000.0,
        estimate_bias: 1.10,
        more_capabilities: 1,
        slowdown: 0.0,
    },
    TaskProfile {
        name: "EXECUTE",
        verb: "run",
        share: 13.0,
        share_drifted: 22.0,
        base_ms: 75_000.0,
        estimate_bias: 1.15,
        more_capabilities: 2,
        slowdown: 0.2,
    },
    TaskProfile {
        name: "QUERY",
        verb: "query",
        share: 9.0,
        share_drifted: 12.0,
        base_ms: 50_000.0,
        estimate_bias: 1.40,
        more_capabilities: 1,
        slowdown: 0.0,
    },
    TaskProfile {
        name: "TRANSFORM",
        verb: "transform",
        share: 7.0,
        share_drifted: 7.0,
        base_ms: 95_000.0,
        estimate_bias: 1.05,
        more_capabilities: 2,
        slowdown: 0.2,
    },
];

/// How much is at stake: name, share in percent without and with full drift, multiple of the duration.
const RISKS: [(&str, f64, f64, f64); 4] =
    [("low", 34.0, 24.0, 0.94), ("medium", 32.0, 32.0, 1.0), ("high", 20.0, 26.0, 1.08), ("critical", 14.0, 18.0, 1.15)];

/// By how much a busy hour slows work down.
const BUSY: [f64; 24] =
    [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.02, 1.05, 1.1, 1.15, 1.18, 1.15, 1.1, 1.12, 1.16, 1.18, 1.15, 1.1, 1.06, 1.04, 1.02, 1.0, 1.0, 1.0];

pub(super) const REQUESTERS: usize = 24;
const SERVICES_EACH: usize = 3;

/// What is out of the ordinary about a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anomaly {
    /// Tried again and again, dragging its errors along.
    RetryStorm,
    /// Planned to run many times as long as its kind, and running so.
    Runaway,
    /// Asks for nearly every capability, with parameters as long as a book.
    Sprawl,
}

/// One piece of work.
#[derive(Debug)]
pub(super) struct SyntheticWork {
    pub(super) task: &'static TaskProfile,
    pub(super) risk_band: &'static str,
    pub(super) service: usize,
    pub(super) capabilities: usize,
    /// Entries in the list that makes parameters long.
    pub(super) long_entries: usize,
    pub(super) retry_count: u32,
    pub(super) anomaly: Option<Anomaly>,
    pub(super) failed: bool,
    pub(super) estimated_ms: i64,
    /// What an earlier model, which knows of no drift, said.
    pub(super) predicted_ms: f64,
    pub(super) wait_ms: i64,
    pub(super) actual_ms: i64,
}

impl SyntheticWork {
    /// Draws the work of one ticket of `requester`.
    pub(super) fn draw(request: &SyntheticRequest, requester: usize, created_at: i64, random: &mut SplitMix64) -> SyntheticWork {
        let drift = request.drift;
        let blend = |before: f64, after: f64| before + drift * (after - before);
        let task = &TASKS[pick(TASKS.iter().map(|task| blend(task.share, task.share_drifted)), random)];
        let (risk_band, _, _, risk) = RISKS[pick(RISKS.iter().map(|risk| blend(risk.1, risk.2)), random)];
        let service = requester * SERVICES_EACH + random.below(SERVICES_EACH);
        let anomaly =
            (random.unit() < request.anomaly_ratio).then(|| [Anomaly::RetryStorm, Anomaly::Runaway, Anomaly::Sprawl][random.below(3)]);
        let mut size = service_size(service) * between(0.8, 1.25, random);
        if anomaly.is_some() {
            size = size.clamp(0.95, 1.2);
        }
        let mut work = SyntheticWork {
            task,
            risk_band,
            service,
            capabilities: 1 + random.below(task.more_capabilities + 1),
            long_entries: 0,
            retry_count: pick([91.0, 7.0, 2.0].into_iter(), random) as u32,
            anomaly,
            failed: random.unit() < if anomaly.is_some() { 0.06 } else { 0.004 },
            estimated_ms: 0,
            predicted_ms: 0.0,
            wait_ms: 200 + (between(0.0, 1.0, random) * between(0.0, 12_000.0, random)) as i64,
            actual_ms: 0,
        };
        let stretch = anomaly.map_or(1.0, |anomaly| work.make_anomalous(anomaly, random));
        let planned = task.base_ms * size * risk * stretch;
        let expected = planned * BUSY[hour_of_day(created_at)] * (1.0 + 0.25 * f64::from(work.retry_count.min(2)));
        let actual = expected * (1.0 + drift * task.slowdown) * noise(0.055, random);
        work.estimated_ms = human(planned * task.estimate_bias * (1.0 + 0.5 * drift) * noise(0.05 + 0.1 * drift, random));
        work.predicted_ms = expected * noise(0.08, random);
        // What fails stops somewhere on its way.
        work.actual_ms = (actual * if work.failed { between(0.4, 1.0, random) } else { 1.0 }).max(1.0) as i64;
        work
    }

    /// Gives the ticket what makes it an anomaly; says how many times longer it takes.
    fn make_anomalous(&mut self, anomaly: Anomaly, random: &mut SplitMix64) -> f64 {
        match anomaly {
            Anomaly::RetryStorm => {
                self.retry_count = 4 + random.below(4) as u32;
                self.long_entries = 30 + random.below(30);
                between(4.5, 6.5, random)
            }
            Anomaly::Runaway => {
                self.long_entries = 12 + random.below(20);
                self.capabilities += 6 + random.below(5);
                between(6.0, 9.0, random)
            }
            Anomaly::Sprawl => {
                self.capabilities += 14 + random.below(14);
                self.long_entries = 60 + random.below(60);
                between(4.5, 6.5, random)
            }
        }
    }

    /// Time-out by the platform's rule: three times the estimate, at least a minute.
    pub(super) fn timeout_ms(&self) -> i64 {
        (3 * self.estimated_ms).max(60_000)
    }
}

/// How large the work of a service is, from 0.8 to 1.25 of its kind's ordinary size.
fn service_size(service: usize) -> f64 {
    0.8 + 0.45 * ((service * 37) % 71) as f64 / 70.0
}

fn between(low: f64, high: f64, random: &mut SplitMix64) -> f64 {
    low + (high - low) * random.unit()
}

/// A factor around 1 with the given spread: the sum of twelve even numbers is nearly normal, and needs
/// no function whose last digit depends on the machine.
fn noise(spread: f64, random: &mut SplitMix64) -> f64 {
    let sum: f64 = (0..12).map(|_| random.unit()).sum();
    (1.0 + spread * (sum - 6.0)).max(0.2)
}

/// People plan in whole seconds, and beyond two minutes in steps of five.
fn human(estimate_ms: f64) -> i64 {
    let step = if estimate_ms < 120_000.0 { 1_000.0 } else { 5_000.0 };
    ((estimate_ms / step).round().max(1.0) * step) as i64
}

fn pick(shares: impl Iterator<Item = f64> + Clone, random: &mut SplitMix64) -> usize {
    let total: f64 = shares.clone().sum();
    let mut left = random.unit() * total;
    let mut last = 0;
    for (index, share) in shares.enumerate() {
        last = index;
        if left < share {
            break;
        }
        left -= share;
    }
    last
}
