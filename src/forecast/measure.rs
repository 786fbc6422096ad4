//! What of tickets is counted over time.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};

use super::Series;

/// What is counted in each bucket.
///
/// ```
/// use hivectl::forecast::Measure;
///
/// assert_eq!("running".parse(), Ok(Measure::Running));
/// assert_eq!(Measure::Work.unit(), "ms of work");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Display, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Measure {
    /// Tickets that were created in it.
    #[default]
    Arrivals,
    /// Tickets that ended in it.
    Completions,
    /// Tickets in progress when it begins.
    Running,
    /// Sum of the durations of the tickets that ended in it, in ms.
    Work,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Measure; 4] = [Measure::Arrivals, Measure::Completions, Measure::Running, Measure::Work];

    /// What a value counts.
    pub fn unit(self) -> &'static str {
        match self {
            Measure::Arrivals | Measure::Completions => "tickets",
            Measure::Running => "tickets in progress",
            Measure::Work => "ms of work",
        }
    }
}

/// The moments of a ticket, milliseconds since the epoch.
///
/// ```
/// use hivectl::forecast::Moments;
///
/// assert_eq!(Moments { created: Some(5), ..Moments::default() }.completed, None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    pub created: Option<i64>,
    pub started: Option<i64>,
    pub completed: Option<i64>,
    /// Its duration in ms, where it is known.
    pub duration_ms: Option<f64>,
    /// It is in progress still.
    pub is_running: bool,
}

/// Counts tickets into buckets in one pass, in any order; memory holds a number a bucket.
///
/// ```
/// use hivectl::forecast::{Collector, Measure, Moments};
///
/// let mut collector = Collector::new(Measure::Running, 1_000);
/// collector.add(&Moments { started: Some(500), completed: Some(2_500), ..Moments::default() });
/// collector.add(&Moments { started: Some(1_000), is_running: true, ..Moments::default() });
/// let series = collector.finish(0, 4_000).expect("tickets");
/// assert_eq!((series.start_ms, series.values), (1_000, vec![2.0, 2.0, 1.0]));
/// ```
#[derive(Clone, Debug)]
pub struct Collector {
    measure: Measure,
    step_ms: i64,
    /// By number of the bucket since the epoch; of what is in progress, the change at its beginning.
    buckets: HashMap<i64, f64>,
    counted: u64,
}

impl Collector {
    /// Of buckets of `step_ms`, at least 1, which begin at whole multiples of it since the epoch.
    pub fn new(measure: Measure, step_ms: i64) -> Collector {
        Collector { measure, step_ms, buckets: HashMap::new(), counted: 0 }
    }

    /// Counts a ticket. One that lacks the moments of the measure counts nowhere; returns whether it did.
    pub fn add(&mut self, ticket: &Moments) -> bool {
        let ended = ticket.completed.or_else(|| Some(ticket.started? + ticket.duration_ms? as i64));
        let counted = match self.measure {
            Measure::Arrivals => ticket.created.map(|moment| self.put(moment.div_euclid(self.step_ms), 1.0)),
            Measure::Completions => ended.map(|moment| self.put(moment.div_euclid(self.step_ms), 1.0)),
            Measure::Work => {
                let duration = ticket.duration_ms.or_else(|| Some((ticket.completed? - ticket.started?) as f64));
                ended
                    .zip(duration.filter(|length| *length >= 0.0))
                    .map(|(moment, length)| self.put(moment.div_euclid(self.step_ms), length))
            }
            Measure::Running => match (ticket.started, ended) {
                (Some(started), Some(ended)) if ended >= started => {
                    self.put(self.boundary(started), 1.0);
                    Some(self.put(self.boundary(ended), -1.0))
                }
                (Some(started), None) if ticket.is_running => Some(self.put(self.boundary(started), 1.0)),
                _ => None,
            },
        };
        self.counted += u64::from(counted.is_some());
        counted.is_some()
    }

    /// Adds what another collector of the same measure and buckets has counted.
    pub fn merge(&mut self, other: Collector) {
        self.counted += other.counted;
        other.buckets.into_iter().for_each(|(bucket, amount)| self.put(bucket, amount));
    }

    /// How many tickets counted.
    pub fn counted(&self) -> u64 {
        self.counted
    }

    /// The first bucket that begins at or after a moment.
    fn boundary(&self, moment: i64) -> i64 {
        moment.div_euclid(self.step_ms) + i64::from(moment.rem_euclid(self.step_ms) != 0)
    }

    fn put(&mut self, bucket: i64, amount: f64) {
        *self.buckets.entry(bucket).or_default() += amount;
    }

    /// The whole buckets between two moments, from the first in which something was counted on; a bucket in which nothing was
    /// is zero. `None` where nothing was counted between them.
    pub fn finish(self, from_ms: i64, to_ms: i64) -> Option<Series> {
        let first = self.first(from_ms, to_ms)?;
        Some(self.series(first, from_ms, to_ms))
    }

    /// The same from `from_ms` on, also where nothing was counted at first: zeros.
    pub fn finish_from(self, from_ms: i64, to_ms: i64) -> Option<Series> {
        self.first(from_ms, to_ms)?;
        let first = self.boundary(from_ms);
        Some(self.series(first, from_ms, to_ms))
    }

    /// The first bucket between two moments in which something was counted.
    fn first(&self, from_ms: i64, to_ms: i64) -> Option<i64> {
        let (from, to) = (self.boundary(from_ms), to_ms.div_euclid(self.step_ms));
        let counted = self.buckets.iter().filter(|(bucket, amount)| (from..to).contains(bucket) && **amount != 0.0);
        counted.map(|(bucket, _)| *bucket).min()
    }

    fn series(self, first: i64, from_ms: i64, to_ms: i64) -> Series {
        let (from, to) = (self.boundary(from_ms), to_ms.div_euclid(self.step_ms));
        let is_state = self.measure == Measure::Running;
        let before: f64 =
            if is_state { self.buckets.iter().filter(|(bucket, _)| **bucket < first).map(|(_, amount)| amount).sum() } else { 0.0 };
        let first = if before > 0.0 { from } else { first };
        let mut level = before;
        let values = (first..to).map(|bucket| {
            let amount = self.buckets.get(&bucket).copied().unwrap_or(0.0);
            level += amount;
            if is_state { level } else { amount }
        });
        let values = values.collect();
        Series { start_ms: first * self.step_ms, step_ms: self.step_ms, values }
    }
}
