//! Stretches of a series in which nothing was recorded though much was to be expected.

use super::Series;

/// Zeros at which so many were to be expected are no chance: of a Poisson count e⁻³⁰.
const EXPECTED: f64 = 30.0;

/// From a bucket to before another, and how many were to be expected between them.
///
/// ```
/// use hivectl::forecast::Outage;
///
/// let outage = Outage { from_ms: 0, to_ms: 3_600_000, expected: 40.0 };
/// assert_eq!((outage.to_ms - outage.from_ms) / 60_000, 60);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outage {
    pub from_ms: i64,
    pub to_ms: i64,
    pub expected: f64,
}

/// Runs of zeros where the mean of that time of the week, over the whole series, says at least thirty; in their order.
///
/// ```
/// use hivectl::forecast::{Series, outages};
///
/// let mut values = vec![4.0; 24 * 28];
/// values[300..320].fill(0.0);
/// let found = outages(&Series { start_ms: 0, step_ms: 3_600_000, values });
/// assert_eq!((found.len(), found[0].from_ms / 3_600_000, found[0].to_ms / 3_600_000), (1, 300, 320));
/// ```
pub fn outages(series: &Series) -> Vec<Outage> {
    let cycle = series.cycle();
    let mut sums = vec![(0.0, 0u32); cycle.slots()];
    for (index, &value) in series.values.iter().enumerate().filter(|(_, value)| value.is_finite()) {
        let (sum, count) = &mut sums[cycle.slot(index)];
        *sum += value;
        *count += 1;
    }
    let usual = |index: usize| match sums[cycle.slot(index)] {
        (sum, count) if count > 0 => sum / f64::from(count),
        _ => 0.0,
    };
    let mut found = Vec::new();
    let mut run: Option<(usize, f64)> = None;
    for index in 0..=series.values.len() {
        let is_zero = series.values.get(index).is_some_and(|value| *value == 0.0);
        match (is_zero, run) {
            (true, None) => run = Some((index, usual(index))),
            (true, Some((from, expected))) => run = Some((from, expected + usual(index))),
            (false, Some((from, expected))) => {
                if expected >= EXPECTED {
                    found.push(Outage { from_ms: series.time_ms(from), to_ms: series.time_ms(index), expected });
                }
                run = None;
            }
            (false, None) => {}
        }
    }
    found
}
