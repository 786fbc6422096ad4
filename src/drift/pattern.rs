//! Does drift come back with the calendar, and does a warning last?

use super::verdict::DriftStatus;
use crate::base::time::MS_PER_HOUR;

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/// Fewest checks in a part of the calendar, and in the rest of it.
const FEWEST_CHECKS: usize = 3;
/// Share of checks with drift that makes a part of the calendar recur, and that the rest stays below.
const OFTEN: f64 = 0.8;
const SELDOM: f64 = 0.2;

/// A part of the calendar whose checks show drift while the others do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// `Mondays`, `14:00 to 15:00 UTC`.
    pub name: String,
    pub checks: usize,
    pub drifted: usize,
}

/// Finds weekdays and hours of the day (UTC) at whose windows' ends drift recurs: at least three checks, four of
/// five with drift, and at most one of five elsewhere. Checks without enough data do not count.
pub fn recurring(checks: &[(i64, DriftStatus)]) -> Vec<Pattern> {
    let hours = |at: i64| at.div_euclid(MS_PER_HOUR);
    // 1 January 1970 was a Thursday; Monday is 0.
    let weekday = |at: i64| (hours(at).div_euclid(24) + 3).rem_euclid(7) as usize;
    let hour = |at: i64| hours(at).rem_euclid(24) as usize;
    let mut found = parts(checks, 7, weekday, |day| format!("{}s", WEEKDAYS[day]));
    found.extend(parts(checks, 24, hour, |hour| format!("{hour:02}:00 to {:02}:00 UTC", (hour + 1) % 24)));
    found
}

fn parts(checks: &[(i64, DriftStatus)], count: usize, part: impl Fn(i64) -> usize, name: impl Fn(usize) -> String) -> Vec<Pattern> {
    let mut counted = vec![(0usize, 0usize); count];
    for &(at, status) in checks.iter().filter(|(_, status)| *status != DriftStatus::NotEnoughData) {
        let cell = &mut counted[part(at)];
        *cell = (cell.0 + 1, cell.1 + usize::from(status.reaches(DriftStatus::Warning)));
    }
    let all = counted.iter().fold((0, 0), |sum, cell| (sum.0 + cell.0, sum.1 + cell.1));
    let recurs = |&(checks, drifted): &(usize, usize)| {
        let (others, other_drifted) = (all.0 - checks, all.1 - drifted);
        checks >= FEWEST_CHECKS
            && others >= FEWEST_CHECKS
            && drifted as f64 >= OFTEN * checks as f64
            && other_drifted as f64 <= SELDOM * others as f64
    };
    let places = counted.iter().enumerate().filter(|(_, cell)| recurs(cell));
    places.map(|(place, &(checks, drifted))| Pattern { name: name(place), checks, drifted }).collect()
}

/// A warning that stays for `patience` checks in a row is critical. `earlier` are the statuses before, oldest
/// first; checks without enough data neither break nor lengthen the row.
pub fn escalated(earlier: &[DriftStatus], now: DriftStatus, patience: usize) -> DriftStatus {
    let row = earlier
        .iter()
        .rev()
        .filter(|status| **status != DriftStatus::NotEnoughData)
        .take_while(|status| status.reaches(DriftStatus::Warning));
    if now == DriftStatus::Warning && row.count() + 1 >= patience { DriftStatus::Critical } else { now }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * MS_PER_HOUR;

    #[test]
    fn mondays_recur_and_noise_does_not() {
        // The fourth day after 1970-01-01 is a Monday; windows end at noon.
        let monday = |day: i64| day % 7 == 4;
        let checks: Vec<(i64, DriftStatus)> =
            (0..28).map(|day| (day * DAY + 12 * MS_PER_HOUR, if monday(day) { DriftStatus::Warning } else { DriftStatus::Ok })).collect();
        let found = recurring(&checks);
        assert_eq!(found, [Pattern { name: "Mondays".into(), checks: 4, drifted: 4 }]);
        let all: Vec<(i64, DriftStatus)> = checks.iter().map(|&(at, _)| (at, DriftStatus::Critical)).collect();
        assert!(recurring(&all).is_empty(), "what is always there does not recur");
        assert!(recurring(&checks[..10]).is_empty());
        let evenings: Vec<(i64, DriftStatus)> =
            (0..40).map(|turn| (turn * DAY / 2, if turn % 2 == 1 { DriftStatus::Critical } else { DriftStatus::Ok })).collect();
        assert_eq!(recurring(&evenings)[0].name, "12:00 to 13:00 UTC");
    }

    #[test]
    fn a_warning_that_stays_is_critical() {
        use DriftStatus::{Critical, NotEnoughData, Ok, Warning};
        assert_eq!(escalated(&[Ok, Warning], Warning, 3), Warning);
        assert_eq!(escalated(&[Warning, NotEnoughData, Warning], Warning, 3), Critical);
        assert_eq!(escalated(&[Warning, Warning, Ok], Warning, 3), Warning);
        assert_eq!(escalated(&[Warning, Warning], Ok, 3), Ok);
        assert_eq!(escalated(&[], Warning, 1), Critical);
    }
}
