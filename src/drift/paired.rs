//! The same requester with the same kind of work, then and now.
//!
//! What one requester runs changes little; who runs how much changes all the time. Pairs take the second away.

use foldhash::{HashMap, HashMapExt as _};

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use super::observations::Observations;
use super::verdict::{DriftStatus, Threshold, adjusted, judge};

/// Tickets that a pair needs on each side.
const FEWEST_ROWS: u32 = 3;
/// Fewest effective pairs that a conclusion is drawn from.
const FEWEST_PAIRS: f64 = 6.0;
/// Fewest differing pairs that the rank test needs.
const FEWEST_RANKS: usize = 12;
/// A pair's weight grows up to this many tickets.
const SATURATION: f64 = 10.0;

/// How the mean of a logarithm moved within pairs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    /// Weighted mean (or median) difference of the logarithms: `exp` of it is a factor.
    pub difference: f64,
    pub statistic: f64,
    /// Two-sided, Student's t with one degree of freedom less than effective pairs (or the normal one of ranks).
    pub p_value: f64,
    /// `(Σ w)² / Σ w²` of the pairs' weights.
    pub effective_pairs: f64,
}

/// A pair's key, weight, and mean logarithm now less the one then.
type Pair = ((u32, u32), f64, f64);

/// Pairs of three tickets a side, in the order of their keys. With `h = n m/(n + m)` a pair weighs `h / (1 + h/10)`.
/// Values that are not finite are left out.
fn pairs(then: impl Iterator<Item = ((u32, u32), f64)>, now: impl Iterator<Item = ((u32, u32), f64)>) -> Vec<Pair> {
    let mut pairs: HashMap<(u32, u32), [(u32, f64); 2]> = HashMap::new();
    let rows = then.map(|row| (0, row)).chain(now.map(|row| (1, row)));
    for (side, (pair, value)) in rows.filter(|(_, (_, value))| value.is_finite()) {
        let cell = &mut pairs.entry(pair).or_default()[side];
        *cell = (cell.0 + 1, cell.1 + value);
    }
    let mut kept: Vec<Pair> = pairs
        .into_iter()
        .filter(|(_, sides)| sides.iter().all(|(count, _)| *count >= FEWEST_ROWS))
        .map(|(pair, [(before, sum_before), (after, sum_after)])| {
            let (before, after) = (f64::from(before), f64::from(after));
            let harmonic = before * after / (before + after);
            (pair, harmonic / (1.0 + harmonic / SATURATION), sum_after / after - sum_before / before)
        })
        .collect();
    // Sums of floats depend on their order, and a map has none.
    kept.sort_unstable_by_key(|(pair, ..)| *pair);
    kept
}

/// Compares `then` and `now`, rows of pair and value, by the weighted mean `δ̄` of the pairs; its variance is
/// `Σ w² (δ - δ̄)² / (Σ w)²`. `None` below six effective pairs of three tickets a side, or without any variance.
pub fn shift(then: impl Iterator<Item = ((u32, u32), f64)>, now: impl Iterator<Item = ((u32, u32), f64)>) -> Option<Shift> {
    by_mean(&pairs(then, now))
}

fn by_mean(kept: &[Pair]) -> Option<Shift> {
    let total: f64 = kept.iter().map(|(_, weight, _)| weight).sum();
    let squares: f64 = kept.iter().map(|(_, weight, _)| weight * weight).sum();
    let effective_pairs = if squares > 0.0 { total * total / squares } else { 0.0 };
    if effective_pairs < FEWEST_PAIRS {
        return None;
    }
    let difference = kept.iter().map(|(_, weight, delta)| weight * delta).sum::<f64>() / total;
    let variance = kept.iter().map(|(_, weight, delta)| (weight * (delta - difference)).powi(2)).sum::<f64>() / (total * total);
    if variance <= 1e-24 {
        return None;
    }
    let statistic = difference / variance.sqrt();
    let p_value = 2.0 * StudentsT::new(0.0, 1.0, effective_pairs - 1.0).ok()?.sf(statistic.abs());
    Some(Shift { difference, statistic, p_value, effective_pairs })
}

/// Compares by the ranks of the pairs' differences (Wilcoxon's signed-rank test, normal limit with ties): a shift that
/// all share is found also where a few requesters turned to other work. The difference is the median. `None` below
/// twelve pairs that differ at all.
fn by_rank(kept: &[Pair]) -> Option<Shift> {
    let mut deltas: Vec<f64> = kept.iter().map(|(_, _, delta)| *delta).collect();
    deltas.sort_unstable_by(f64::total_cmp);
    let middle = deltas.len() / 2;
    let median = if deltas.len() % 2 == 1 { deltas[middle] } else { (deltas[middle.checked_sub(1)?] + deltas[middle]) / 2.0 };
    // Logarithms of the same number differ in their last digits.
    deltas.retain(|delta| delta.abs() > 1e-9);
    if deltas.len() < FEWEST_RANKS {
        return None;
    }
    deltas.sort_unstable_by(|left, right| left.abs().total_cmp(&right.abs()));
    let (mut positive, mut ties, mut passed) = (0.0, 0.0, 0usize);
    for equal in deltas.chunk_by(|left, right| right.abs() - left.abs() <= 1e-9) {
        let rank = passed as f64 + (equal.len() as f64 + 1.0) / 2.0;
        positive += rank * equal.iter().filter(|delta| **delta > 0.0).count() as f64;
        ties += (equal.len() as f64).powi(3) - equal.len() as f64;
        passed += equal.len();
    }
    let count = deltas.len() as f64;
    let variance = count * (count + 1.0) * (2.0 * count + 1.0) / 24.0 - ties / 48.0;
    let statistic = (positive - count * (count + 1.0) / 4.0) / variance.sqrt();
    let p_value = 2.0 * Normal::standard().sf(statistic.abs());
    Some(Shift { difference: median, statistic, p_value, effective_pairs: kept.len() as f64 })
}

/// The surer of both looks; its p-value counts both.
fn surer(kept: &[Pair]) -> Option<Shift> {
    let looks = [by_mean(kept), by_rank(kept)].into_iter().flatten();
    let best = looks.min_by(|left, right| left.p_value.total_cmp(&right.p_value))?;
    Some(Shift { p_value: (2.0 * best.p_value).min(1.0), ..best })
}

/// Pair of a ticket: requester and task type.
pub fn pair_of(tickets: &Observations, row: usize) -> (u32, u32) {
    (tickets.requester.codes[row], tickets.task_type.codes[row])
}

/// A shift of one measured column.
#[derive(Clone, Debug, PartialEq)]
pub struct PairedShift {
    pub name: &'static str,
    pub shift: Shift,
    pub adjusted_p: f64,
    pub status: DriftStatus,
}

/// Durations and estimates of the same requesters, then and now; empty where there are too few pairs.
pub fn compare(baseline: &Observations, now: &Observations) -> Vec<PairedShift> {
    fn logarithms<'a>(tickets: &'a Observations, column: &'a [f64]) -> impl Iterator<Item = ((u32, u32), f64)> + 'a {
        column.iter().enumerate().map(move |(row, value)| (pair_of(tickets, row), value.ln()))
    }
    let columns = [
        ("duration_ms", &baseline.duration_ms, &now.duration_ms, Threshold::LOG_DURATION),
        ("estimated_duration_ms", &baseline.estimated_duration_ms, &now.estimated_duration_ms, Threshold::LOG_ESTIMATE),
    ];
    let mut found: Vec<(PairedShift, Threshold)> = columns
        .into_iter()
        .filter_map(|(name, then, after, limits)| {
            let shift = surer(&pairs(logarithms(baseline, then), logarithms(now, after)))?;
            Some((PairedShift { name, shift, adjusted_p: shift.p_value, status: DriftStatus::Ok }, limits))
        })
        .collect();
    let corrected = adjusted(&found.iter().map(|(paired, _)| paired.shift.p_value).collect::<Vec<_>>());
    for ((paired, limits), adjusted_p) in found.iter_mut().zip(corrected) {
        paired.adjusted_p = adjusted_p;
        paired.status = judge(adjusted_p, limits.reached(paired.shift.difference.abs()));
    }
    found.into_iter().map(|(paired, _)| paired).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::random::SplitMix64;

    fn rows(random: &mut SplitMix64, requesters: u32, each: u32, shift: f64) -> Vec<((u32, u32), f64)> {
        let noise = |random: &mut SplitMix64| (0..4).map(|_| random.unit()).sum::<f64>() - 2.0;
        (0..requesters * each).map(|row| ((row % requesters, 0), f64::from(row % requesters) + shift + noise(random))).collect()
    }

    #[test]
    fn a_shift_of_all_is_found_whatever_the_mix() {
        let mut random = SplitMix64::new(9);
        let (then, now) = (rows(&mut random, 30, 40, 0.0), rows(&mut random, 20, 10, 0.5));
        let found = shift(then.iter().copied(), now.into_iter()).unwrap();
        assert!((found.difference - 0.5).abs() < 0.15 && found.p_value < 1e-6 && found.effective_pairs > 19.0, "{found:?}");
        let same = shift(then.iter().copied(), rows(&mut random, 20, 10, 0.0).into_iter()).unwrap();
        assert!(same.difference.abs() < 0.15 && same.p_value > 0.01, "{same:?}");
    }

    #[test]
    fn few_pairs_say_nothing() {
        let mut random = SplitMix64::new(10);
        let then = rows(&mut random, 5, 40, 0.0);
        assert_eq!(shift(then.iter().copied(), rows(&mut random, 5, 40, 1.0).into_iter()), None);
        assert_eq!(shift(then.into_iter(), std::iter::empty()), None);
    }

    #[test]
    fn ranks_agree_with_scipy_and_see_a_shift_behind_a_few_who_changed() {
        // scipy.stats.wilcoxon(x, method="asymptotic", correction=False)
        let x = [0.5, -0.2, 0.9, 1.4, -0.7, 0.3, 0.3, 2.1, -0.1, 0.8, 1.1, 0.6, -0.3, 0.4];
        let kept: Vec<Pair> = x.iter().map(|&delta| ((0, 0), 1.0, delta)).collect();
        let found = by_rank(&kept).unwrap();
        assert!((found.p_value - 0.02181334648752117).abs() < 1e-9 && (found.difference - 0.45).abs() < 1e-12, "{found:?}");
        // Thirty requesters' estimates rise by 30 %, five turned to other work.
        let shifted = (0..30).map(|_| 0.262).chain([-4.0, 3.0, -5.0, 4.5, -3.5]);
        let kept: Vec<Pair> = shifted.map(|delta| ((0, 0), 1.0, delta)).collect();
        assert!(by_mean(&kept).unwrap().p_value > 0.5 && surer(&kept).unwrap().p_value < 1e-3);
        assert!(by_mean(&[((0, 0), 1.0, 0.3); 20]).is_none() && surer(&[((0, 0), 1.0, 0.3); 20]).is_some());
        assert_eq!(by_rank(&[((0, 0), 1.0, 0.0); 50]), None);
    }
}
