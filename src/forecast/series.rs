//! A series: a value a bucket, evenly spaced.

use super::Scale;
use crate::base::time::{MS_PER_DAY, MS_PER_HOUR};

/// Values at `start_ms`, `start_ms + step_ms`, …; NaN where nothing was recorded.
///
/// ```
/// use hivectl::forecast::Series;
///
/// let series = Series { start_ms: 0, step_ms: 3_600_000, values: vec![1.0, f64::NAN, 3.0] };
/// assert_eq!(series.time_ms(2), 7_200_000);
/// assert_eq!(series.known(), 2);
/// assert_eq!(series.cycle().week, Some(168));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Milliseconds since the epoch at which the first bucket begins.
    pub start_ms: i64,
    /// Length of a bucket, at least 1.
    pub step_ms: i64,
    pub values: Vec<f64>,
}

/// How many buckets a day and a week have; `None` where they hold no whole number of at least two.
///
/// ```
/// use hivectl::forecast::Series;
///
/// let cycle = Series { start_ms: 0, step_ms: 3_600_000, values: Vec::new() }.cycle();
/// assert_eq!((cycle.day, cycle.slots(), cycle.slot(0)), (Some(24), 168, 3 * 24));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cycle {
    pub day: Option<usize>,
    pub week: Option<usize>,
    /// Where in its week the first bucket is.
    offset: usize,
}

impl Cycle {
    /// The place in the week, 0 on a Monday at midnight UTC; the place in the day, and 0, where there is no week or day.
    pub fn slot(&self, index: usize) -> usize {
        self.week.map_or(0, |week| (self.offset + index) % week)
    }

    /// How many slots there are.
    pub fn slots(&self) -> usize {
        self.week.unwrap_or(1)
    }

    /// The place in the day, kept apart for weekdays, Saturdays and Sundays.
    pub fn slot_of_day(&self, index: usize) -> usize {
        let (Some(day), slot) = (self.day, self.slot(index)) else { return 0 };
        slot % day + day * (slot / day).saturating_sub(4)
    }
}

impl Series {
    /// When a bucket begins, also one after the last.
    pub fn time_ms(&self, index: usize) -> i64 {
        self.start_ms + self.step_ms * index as i64
    }

    /// When the bucket after the last begins.
    pub fn end_ms(&self) -> i64 {
        self.time_ms(self.values.len())
    }

    /// How many values there are that are known.
    pub fn known(&self) -> usize {
        self.values.iter().filter(|value| value.is_finite()).count()
    }

    /// Makes the buckets that begin from a moment on and before another not known; how many they are.
    pub fn forget(&mut self, from_ms: i64, to_ms: i64) -> usize {
        let begins: Vec<usize> = (0..self.values.len()).filter(|index| (from_ms..to_ms).contains(&self.time_ms(*index))).collect();
        begins.iter().for_each(|index| self.values[*index] = f64::NAN);
        begins.len()
    }

    /// The first `count` buckets, of which the last `most` are kept.
    pub fn before(&self, count: usize, most: usize) -> Series {
        let from = count.saturating_sub(most);
        Series { start_ms: self.time_ms(from), step_ms: self.step_ms, values: self.values[from..count].to_vec() }
    }

    /// Sums of `count` buckets, from the first whole one since the epoch to the last; one of them that is not known makes the sum
    /// not known.
    ///
    /// ```
    /// use hivectl::forecast::Series;
    ///
    /// let fine = Series { start_ms: 1_000, step_ms: 1_000, values: vec![1.0, 2.0, 3.0, f64::NAN, 5.0, 6.0] };
    /// let sums = fine.summed(2);
    /// assert_eq!((sums.start_ms, sums.step_ms, sums.values[0]), (2_000, 2_000, 5.0));
    /// assert!(sums.values.len() == 2 && sums.values[1].is_nan());
    /// ```
    pub fn summed(&self, count: usize) -> Series {
        let step_ms = self.step_ms * count as i64;
        let into = self.start_ms.rem_euclid(step_ms);
        let skipped = if into == 0 { 0 } else { ((step_ms - into) / self.step_ms) as usize };
        let values: Vec<f64> =
            self.values.get(skipped..).unwrap_or_default().chunks_exact(count).map(|values| values.iter().sum()).collect();
        Series { start_ms: self.time_ms(skipped), step_ms, values }
    }

    /// The same on another scale.
    pub fn on(&self, scale: Scale) -> Series {
        Series { values: self.values.iter().map(|&value| scale.of(value)).collect(), ..*self }
    }

    /// Its day and week.
    pub fn cycle(&self) -> Cycle {
        let whole = |span: i64| (span % self.step_ms == 0 && span / self.step_ms >= 2).then(|| (span / self.step_ms) as usize);
        let (day, week) = (whole(MS_PER_DAY), whole(7 * MS_PER_DAY));
        // The epoch was a Thursday.
        let into_week = (self.start_ms + 3 * MS_PER_DAY).rem_euclid(7 * MS_PER_DAY);
        Cycle { day, week, offset: (into_week / self.step_ms) as usize }
    }

    /// Buckets of an hour, rounded, at least one.
    pub fn buckets_of_hours(&self, hours: i64) -> usize {
        ((hours * MS_PER_HOUR) as f64 / self.step_ms as f64).round().max(1.0) as usize
    }
}
