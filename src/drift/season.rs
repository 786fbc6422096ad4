//! The calendar as a weight: a Tuesday is compared with Tuesdays.
//!
//! Baseline tickets are weighted so that each cell of the week has the share that it has now. Eighteen cells:
//! finer ones over-fit (measured on simulated sessions and on bike rentals).

use crate::base::time::MS_PER_HOUR;

const HOURS_PER_CELL: i64 = 4;

/// Cells of the week: weekday, Saturday, Sunday, times six parts of the day (UTC).
pub const CELLS: usize = 18;

/// The cell of a moment, milliseconds since the epoch.
pub fn cell(at_ms: i64) -> usize {
    let hours = at_ms.div_euclid(MS_PER_HOUR);
    // 1 January 1970 was a Thursday; Monday is 0.
    let day = (hours.div_euclid(24) + 3).rem_euclid(7);
    let kind = (day - 4).max(0);
    (kind * (24 / HOURS_PER_CELL) + hours.rem_euclid(24) / HOURS_PER_CELL) as usize
}

/// How the calendar mix of two windows is evened out.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Of each baseline ticket; they sum to 1. Tickets of cells that are absent now weigh nothing.
    pub baseline: Vec<f64>,
    /// Share of the current tickets (0–1) in cells that the baseline has no ticket of.
    pub uncovered: f64,
}

/// Weights that give the baseline the calendar mix of now, `n_cell / m_cell`, scaled to sum 1. Where no cell is
/// common, all tickets weigh the same.
pub fn weights(baseline: &[usize], now: &[usize]) -> Weights {
    let counts = |cells: &[usize]| {
        let mut counts = [0.0f64; CELLS];
        cells.iter().for_each(|&cell| counts[cell] += 1.0);
        counts
    };
    let (before, after) = (counts(baseline), counts(now));
    let covered: f64 = (0..CELLS).filter(|&cell| before[cell] > 0.0).map(|cell| after[cell]).sum();
    if covered == 0.0 {
        return Weights { baseline: even(baseline.len()), uncovered: if now.is_empty() { 0.0 } else { 1.0 } };
    }
    let weights = baseline.iter().map(|&cell| after[cell] / before[cell] / covered).collect();
    Weights { baseline: weights, uncovered: 1.0 - covered / now.len() as f64 }
}

/// The same weight for every ticket, sum 1.
pub fn even(count: usize) -> Vec<f64> {
    vec![1.0 / count.max(1) as f64; count]
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * MS_PER_HOUR;

    #[test]
    fn weekdays_saturday_and_sunday_have_six_cells_each() {
        // 1970-01-01 is a Thursday, so the fourth day after it is a Monday.
        assert_eq!((cell(0), cell(5 * MS_PER_HOUR), cell(4 * DAY - 1)), (0, 1, 17));
        assert_eq!((cell(2 * DAY), cell(3 * DAY), cell(4 * DAY)), (6, 12, 0));
        assert_eq!(cell(-1), 5, "the evening of a Wednesday");
    }

    #[test]
    fn the_weighted_baseline_has_the_mix_of_now() {
        let (baseline, now) = ([0, 0, 0, 6, 12], [0, 6, 6, 6, 9]);
        let found = weights(&baseline, &now);
        assert!((found.uncovered - 0.2).abs() < 1e-12);
        assert!((found.baseline.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((found.baseline[0] - 0.25 / 3.0).abs() < 1e-12 && (found.baseline[3] - 0.75).abs() < 1e-12);
        assert_eq!(found.baseline[4], 0.0);
    }

    #[test]
    fn windows_without_a_common_cell_are_not_weighted() {
        let found = weights(&[0, 0], &[6]);
        assert_eq!((found.baseline, found.uncovered), (vec![0.5, 0.5], 1.0));
        assert_eq!(weights(&[0], &[]).uncovered, 0.0);
    }
}
