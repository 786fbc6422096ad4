//! A series as the clocks of a place count it, where days repeat by these and not by UTC.

use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::Series;
use crate::error::{Error, ErrorKind, Result};

/// The clocks of a place, by its name in the database of time zones that is built in.
///
/// ```
/// use hivectl::forecast::LocalTime;
///
/// let place = LocalTime::named("America/Sao_Paulo")?;
/// // 2018-02-17 at 23:30 came twice, three hours behind UTC the second time.
/// let twice = place.local_ms(1_518_917_400_000);
/// assert_eq!(twice, place.local_ms(1_518_921_000_000));
/// assert_eq!(place.moments(twice), [1_518_917_400_000, 1_518_921_000_000]);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct LocalTime {
    zone: TimeZone,
}

impl LocalTime {
    /// The zone of a name, such as `America/Sao_Paulo`.
    ///
    /// Errors: [`ErrorKind::Usage`] for a name that the database does not have.
    pub fn named(name: &str) -> Result<LocalTime> {
        let zone = TimeZone::get(name).map_err(|_| {
            Error::new(ErrorKind::Usage, format!("'{name}' is no time zone"))
                .hint("zones are called by continent and town, such as America/Sao_Paulo, Europe/Lisbon or UTC")
        })?;
        Ok(LocalTime { zone })
    }

    /// What the clocks show at a moment, as milliseconds since their own 1970-01-01; the moment itself where it is out of range.
    pub fn local_ms(&self, utc_ms: i64) -> i64 {
        let offset = Timestamp::from_millisecond(utc_ms).map_or(0, |moment| self.zone.to_offset(moment).seconds());
        utc_ms.saturating_add(i64::from(offset) * 1_000)
    }

    /// When the clocks show this: once; twice where they were put back, the earlier first; never where they were put forward.
    pub fn moments(&self, local_ms: i64) -> Vec<i64> {
        let at = |seconds: i32| local_ms.saturating_sub(i64::from(seconds) * 1_000);
        match self.offset(local_ms) {
            None => vec![local_ms],
            Some(AmbiguousOffset::Unambiguous { offset }) => vec![at(offset.seconds())],
            Some(AmbiguousOffset::Gap { .. }) => Vec::new(),
            Some(AmbiguousOffset::Fold { before, after }) => vec![at(before.seconds()), at(after.seconds())],
        }
    }

    /// The moment at which the clocks show this, the earlier of two; where they never do, that of as much time later.
    pub fn utc_ms(&self, local_ms: i64) -> i64 {
        match self.offset(local_ms) {
            None => local_ms,
            Some(
                AmbiguousOffset::Unambiguous { offset: before }
                | AmbiguousOffset::Gap { before, .. }
                | AmbiguousOffset::Fold { before, .. },
            ) => local_ms.saturating_sub(i64::from(before.seconds()) * 1_000),
        }
    }

    fn offset(&self, local_ms: i64) -> Option<AmbiguousOffset> {
        let shown = Timestamp::from_millisecond(local_ms).ok()?.to_zoned_datetime(TimeZone::UTC).datetime();
        Some(self.zone.to_ambiguous_timestamp(shown).offset())
    }

    /// The series in buckets of `count` of its own, by the clocks: its times are [`LocalTime::local_ms`].
    ///
    /// A bucket whose hour came twice holds the mean of both, and one whose hour never came is not known, so that a pattern by
    /// the hour stays one; in a longer bucket the hours that are missing count as the others do. One that is not known within
    /// makes the whole bucket not known. A level (`is_level`) is that at the beginning of a bucket, anything else a sum.
    ///
    /// ```
    /// use hivectl::forecast::{LocalTime, Series};
    ///
    /// // From two hours before the clocks of Lisbon are put forward, at 01:00 on 2026-03-29.
    /// let hours = Series { start_ms: 1_774_738_800_000, step_ms: 3_600_000, values: vec![1.0, 2.0, 3.0, 4.0] };
    /// let local = LocalTime::named("Europe/Lisbon")?.series(&hours, 1, false);
    /// assert_eq!(local.values.iter().map(|value| value.is_nan()).collect::<Vec<_>>(), [false, false, true, false, false]);
    /// # Ok::<(), hivectl::error::Error>(())
    /// ```
    pub fn series(&self, series: &Series, count: usize, is_level: bool) -> Series {
        let (start, step) = (self.local_ms(series.start_ms), series.step_ms);
        let mut shown: Vec<(f64, u32)> = Vec::with_capacity(series.values.len() + 8);
        for (index, value) in series.values.iter().enumerate() {
            let place = (self.local_ms(series.time_ms(index)) - start).div_euclid(step);
            let Ok(place) = usize::try_from(place) else { continue };
            if place >= shown.len() {
                shown.resize(place + 1, (0.0, 0));
            }
            let (sum, times) = &mut shown[place];
            *sum += value;
            *times += 1;
        }
        let bucket = step * count as i64;
        let into = start.rem_euclid(bucket);
        let skipped = if into == 0 || count == 1 { 0 } else { ((bucket - into) / step) as usize };
        let value = |parts: &[(f64, u32)]| {
            let mut came = parts.iter().filter(|(_, times)| *times > 0).map(|(sum, times)| sum / f64::from(*times));
            if is_level {
                return came.next().unwrap_or(f64::NAN);
            }
            let (sum, known) = came.fold((0.0, 0u32), |(sum, known), value| (sum + value, known + 1));
            if known == 0 { f64::NAN } else { sum * parts.len() as f64 / f64::from(known) }
        };
        let values = shown.get(skipped..).unwrap_or_default().chunks_exact(count.max(1)).map(value).collect();
        Series { start_ms: start + step * skipped as i64, step_ms: bucket, values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn an_hour_that_comes_twice_is_a_mean_and_a_day_stays_a_day() {
        let place = LocalTime::named("America/New_York").expect("a zone");
        // 2026-11-01 05:00 UTC is one hour before the clocks are put back; the day has 25 hours.
        let start_ms = 1_793_505_600_000;
        let hours = Series { start_ms, step_ms: HOUR, values: (0..30).map(f64::from).collect() };
        let local = place.series(&hours, 1, false);
        assert_eq!(local.start_ms, start_ms - 4 * HOUR);
        // 05:00 and 06:00 UTC are both 01:00 there.
        assert_eq!(local.values[..4], [0.0, 1.5, 3.0, 4.0]);
        let hours = Series { start_ms, step_ms: HOUR, values: vec![2.0; 25] };
        assert_eq!(place.series(&hours, 24, false).values, [48.0]);
        assert_eq!(place.series(&hours, 24, true).values, [2.0]);
        // A day of 23 hours counts as one of 24, and an hour that is not known makes the day not known.
        let spring = Series { start_ms: 1_772_946_000_000, step_ms: HOUR, values: vec![2.0; 23] };
        assert_eq!(place.series(&spring, 24, false).values, [48.0]);
        let mut outage = spring;
        outage.values[7] = f64::NAN;
        assert!(place.series(&outage, 24, false).values[0].is_nan());
    }

    #[test]
    fn moments_of_local_times_are_found_again() {
        for name in ["America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"] {
            let place = LocalTime::named(name).expect("a zone");
            for day in 0..400 {
                let moment = 1_767_225_600_000 + day * 24 * HOUR + 1_234;
                assert!(place.moments(place.local_ms(moment)).contains(&moment), "{name} {moment}");
            }
        }
        assert!(LocalTime::named("Sao_Paulo").is_err());
    }
}
