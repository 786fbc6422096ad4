//! When tickets come: more by day than by night, more on workdays, always in ascending order.

use crate::base::time::MS_PER_HOUR;
use crate::statistics::random::SplitMix64;

const HOURS_PER_DAY: i64 = 24;
/// 1 January 1970 was a Thursday; weeks begin on Monday.
const FIRST_WEEKDAY: i64 = 3;
const HOUR_WEIGHTS: [u128; 24] = [7, 5, 4, 4, 4, 6, 11, 18, 28, 36, 38, 36, 30, 32, 37, 38, 36, 30, 22, 18, 15, 13, 11, 9];
const WEEKDAY_WEIGHTS: [u128; 7] = [20, 21, 21, 20, 19, 7, 6];

/// The creation times of `rows` tickets over `days` days, ascending, milliseconds since the epoch.
pub(super) struct Calendar {
    rows: u128,
    start_ms: i64,
    hours: i64,
    total_weight: u128,
    /// The hour under way, the weight of all hours before it, and the tickets given in it and due in it.
    hour: i64,
    weight_before: u128,
    given: u128,
    due: u128,
}

impl Calendar {
    pub(super) fn new(rows: u64, start_ms: i64, days: u32) -> Calendar {
        let hours = i64::from(days.max(1)) * HOURS_PER_DAY;
        let total_weight = (0..hours).map(|hour| weight(start_ms, hour)).sum();
        let mut calendar = Calendar { rows: rows.into(), start_ms, hours, total_weight, hour: 0, weight_before: 0, given: 0, due: 0 };
        calendar.due = calendar.due_now();
        calendar
    }

    /// The moment after the last hour.
    pub(super) fn end_ms(&self) -> i64 {
        self.start_ms + self.hours * MS_PER_HOUR
    }

    /// The next creation time; `None` after the last row.
    pub(super) fn next(&mut self, random: &mut SplitMix64) -> Option<i64> {
        while self.given == self.due {
            self.weight_before += weight(self.start_ms, self.hour);
            self.hour += 1;
            if self.hour >= self.hours {
                return None;
            }
            (self.given, self.due) = (0, self.due_now());
        }
        let part = (self.given as f64 + random.unit()) / self.due as f64;
        self.given += 1;
        Some(self.start_ms + self.hour * MS_PER_HOUR + (part * MS_PER_HOUR as f64) as i64)
    }

    /// How many tickets the hour under way gets, so that all hours together get exactly `rows`.
    fn due_now(&self) -> u128 {
        let share = |weight: u128| self.rows * weight / self.total_weight;
        share(self.weight_before + weight(self.start_ms, self.hour)) - share(self.weight_before)
    }
}

/// Hour of the day, UTC.
pub(super) fn hour_of_day(epoch_ms: i64) -> usize {
    epoch_ms.div_euclid(MS_PER_HOUR).rem_euclid(HOURS_PER_DAY) as usize
}

fn weight(start_ms: i64, hour: i64) -> u128 {
    let begin = start_ms + hour * MS_PER_HOUR;
    let weekday = (begin.div_euclid(MS_PER_HOUR * HOURS_PER_DAY) + FIRST_WEEKDAY).rem_euclid(7) as usize;
    HOUR_WEIGHTS[hour_of_day(begin)] * WEEKDAY_WEIGHTS[weekday]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::MS_PER_DAY;

    #[test]
    fn every_row_comes_once_and_in_order() {
        for (rows, days) in [(0, 1), (1, 1), (7_001, 30), (100_000, 3)] {
            let mut calendar = Calendar::new(rows, 1_767_225_600_000, days);
            let mut random = SplitMix64::new(1);
            let times: Vec<i64> = std::iter::from_fn(|| calendar.next(&mut random)).collect();
            assert_eq!(times.len() as u64, rows);
            assert!(times.is_sorted());
            assert!(times.iter().all(|time| (1_767_225_600_000..calendar.end_ms()).contains(time)));
        }
    }

    #[test]
    fn workdays_and_office_hours_are_busier() {
        let mut calendar = Calendar::new(100_000, 1_767_225_600_000, 28);
        let mut random = SplitMix64::new(1);
        let (mut morning, mut night, mut sunday) = (0, 0, 0);
        while let Some(time) = calendar.next(&mut random) {
            morning += i32::from(hour_of_day(time) == 10);
            night += i32::from(hour_of_day(time) == 3);
            // 4 January 2026 is a Sunday.
            sunday += i32::from((time - 1_767_484_800_000).rem_euclid(7 * MS_PER_DAY) < MS_PER_DAY);
        }
        assert!(morning > 5 * night, "{morning} {night}");
        assert!((4_000..7_000).contains(&sunday), "{sunday}");
    }
}
