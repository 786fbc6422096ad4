//! The simple rules that every forecast has to beat.

use super::series::{Cycle, Series};

/// Weeks whose mean is taken.
const WEEKS: usize = 4;

/// The value of the same time last week (of yesterday, or the newest, where there is no week so far). NaN where nothing is
/// known.
pub fn last_week(history: &Series, steps: usize) -> Vec<f64> {
    let cycle = history.cycle();
    let count = history.values.len();
    let period = [cycle.week, cycle.day].into_iter().flatten().find(|&period| period <= count).unwrap_or(1);
    (0..steps).map(|step| same_time(&history.values, count + step, period)).collect()
}

/// The newest known value that is a whole number of `period` before `index`.
pub fn same_time(values: &[f64], index: usize, period: usize) -> f64 {
    let mut at = index;
    while at >= period {
        at -= period;
        if values.get(at).is_some_and(|value| value.is_finite()) {
            return values[at];
        }
    }
    f64::NAN
}

/// The mean of that time of the week over the last four weeks; the mean of all where it never was.
pub fn hour_of_week(history: &Series, steps: usize) -> Vec<f64> {
    let cycle = history.cycle();
    let count = history.values.len();
    let from = count.saturating_sub(WEEKS * cycle.week.unwrap_or(count));
    let means = slot_means(&history.values, from, &cycle);
    let known: Vec<f64> = history.values[from..].iter().copied().filter(|value| value.is_finite()).collect();
    let all = if known.is_empty() { f64::NAN } else { known.iter().sum::<f64>() / known.len() as f64 };
    (0..steps).map(|step| means[cycle.slot(count + step)]).map(|mean| if mean.is_nan() { all } else { mean }).collect()
}

fn slot_means(values: &[f64], from: usize, cycle: &Cycle) -> Vec<f64> {
    let mut sums = vec![(0.0, 0usize); cycle.slots()];
    for (index, &value) in values.iter().enumerate().skip(from).filter(|(_, value)| value.is_finite()) {
        let (sum, count) = &mut sums[cycle.slot(index)];
        *sum += value;
        *count += 1;
    }
    sums.into_iter().map(|(sum, count)| if count > 0 { sum / count as f64 } else { f64::NAN }).collect()
}
