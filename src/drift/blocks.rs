//! Bursts as units: shares and means whose variance is counted over blocks of tickets.
//!
//! A block is what one requester asked for in one week, or what one day brought. Both are tried and the
//! larger p-value holds, because a block shorter than the real dependence alarms for nothing.

use std::collections::HashMap;
use std::hash::Hash;

use statrs::distribution::{ContinuousCDF, FisherSnedecor, StudentsT};

use super::observations::Observations;
use super::season::{self, CELLS};

const MS_PER_DAY: i64 = 86_400_000;
/// With more tickets than this without a requester, days alone are blocks.
const MOST_UNKNOWN: f64 = 0.5;
/// A variance below this is none.
const NO_VARIANCE: f64 = 1e-12;

/// Which tickets belong together, by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocking {
    pub block: Vec<u32>,
    pub count: usize,
}

impl Blocking {
    /// Numbers equal keys alike, in the order of their first row.
    pub fn by<K: Hash + Eq>(keys: impl Iterator<Item = K>) -> Blocking {
        let mut numbers: HashMap<K, u32> = HashMap::new();
        let block = keys
            .map(|key| {
                let next = numbers.len() as u32;
                *numbers.entry(key).or_insert(next)
            })
            .collect();
        Blocking { block, count: numbers.len() }
    }

    /// How many blocks of equal size would carry as much: `1 / Σ s²` over the blocks' shares of the weight.
    pub fn effective(&self, weights: &[f64]) -> f64 {
        let mut shares = vec![0.0; self.count];
        self.block.iter().zip(weights).for_each(|(&block, weight)| shares[block as usize] += weight);
        let total: f64 = shares.iter().sum();
        let squares: f64 = shares.iter().map(|share| (share / total).powi(2)).sum();
        if squares > 0.0 { 1.0 / squares } else { 0.0 }
    }
}

/// One side of a comparison: weights, blocks and calendar cells of its tickets.
#[derive(Clone, Debug)]
pub struct Side {
    /// Sum 1.
    pub weights: Vec<f64>,
    pub cells: Vec<usize>,
    /// A requester's week; days where most tickets name no requester.
    pub by_requester: Blocking,
    pub by_day: Blocking,
}

impl Side {
    /// Blocks of the tickets; weeks are counted back from `end_ms`, so that a window of seven days is one.
    pub fn new(tickets: &Observations, end_ms: i64, weights: Vec<f64>) -> Side {
        let day = |&at: &i64| at.div_euclid(MS_PER_DAY);
        let week = |&at: &i64| end_ms.saturating_sub(at).div_euclid(7 * MS_PER_DAY);
        let by_day = Blocking::by(tickets.completed_at.iter().map(day));
        let by_requester = if tickets.requester.unknown_share() > MOST_UNKNOWN {
            by_day.clone()
        } else {
            Blocking::by(tickets.requester.codes.iter().zip(tickets.completed_at.iter().map(week)))
        };
        Side { weights, cells: tickets.completed_at.iter().map(|&at| season::cell(at)).collect(), by_requester, by_day }
    }

    /// The same tickets, each with the same weight.
    pub fn unweighted(&self) -> Side {
        Side { weights: season::even(self.weights.len()), ..self.clone() }
    }

    /// Tickets of equal weight that would carry as much: `1 / Σ w²`.
    pub fn effective_rows(&self) -> f64 {
        let squares: f64 = self.weights.iter().map(|weight| weight * weight).sum();
        if squares > 0.0 { 1.0 / squares } else { 0.0 }
    }

    fn blockings(&self) -> [&Blocking; 2] {
        [&self.by_requester, &self.by_day]
    }

    /// These rows alone, their weights scaled to sum 1.
    pub fn select(&self, rows: &[usize]) -> Side {
        let total: f64 = rows.iter().map(|&row| self.weights[row]).sum();
        let blocking = |blocking: &Blocking| Blocking::by(rows.iter().map(|&row| blocking.block[row]));
        Side {
            weights: rows.iter().map(|&row| if total > 0.0 { self.weights[row] / total } else { 0.0 }).collect(),
            cells: rows.iter().map(|&row| self.cells[row]).collect(),
            by_requester: blocking(&self.by_requester),
            by_day: blocking(&self.by_day),
        }
    }
}

/// How the shares of bins differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SharesTest {
    /// Rao & Scott's test of equal shares with Satterthwaite's correction, the larger of both blockings.
    pub p_value: f64,
    /// What the stability index would be on average without any change, `trace A`: the larger of both blockings.
    pub expected_index: f64,
    /// Variance of the shares over that of as many single tickets; NaN where nothing varies.
    pub design_effect: f64,
}

/// Compares the shares of `bins` bins.
///
/// Block totals `z = Σ w (e_bin - p_cell)` give `V = G/(G-1) Σ z zᵀ` on each side; the variance of the difference is
/// the one of `V_b + V_c` and the pooled `(m² V_b + n² V_c)/(m + n) · (1/n + 1/m)` with the larger trace.
/// With `π` the common shares, `T = Σ d²/π` and `A = V/√(π πᵀ)`, `T / tr A` follows F with `(tr A)²/tr A²` and
/// `G - 1` degrees of freedom (Rao & Scott, 1981; Satterthwaite, 1946).
pub fn compare_shares(baseline: (&Side, &[u8]), now: (&Side, &[u8]), bins: usize) -> SharesTest {
    let (before, after) = (Centred::new(baseline.0, baseline.1, bins), Centred::new(now.0, now.1, bins));
    let (m, n) = (baseline.0.effective_rows(), now.0.effective_rows());
    let floor = 0.5 / m.min(n);
    let difference: Vec<f64> = after.shares.iter().zip(&before.shares).map(|(now, then)| now - then).collect();
    let common: Vec<f64> = after.shares.iter().zip(&before.shares).map(|(now, then)| ((n * now + m * then) / (n + m)).max(floor)).collect();
    let statistic: f64 = difference.iter().zip(&common).map(|(difference, common)| difference * difference / common).sum();
    let single: f64 = before.shares.iter().map(|share| 1.0 - share).sum::<f64>() * (1.0 / n + 1.0 / m);
    let mut worst = SharesTest { p_value: 0.0, expected_index: 0.0, design_effect: f64::NAN };
    for (blocks_before, blocks_after) in baseline.0.blockings().into_iter().zip(now.0.blockings()) {
        let spread = Spread::new(&before.covariance(blocks_before), &after.covariance(blocks_after), (m, n), &common);
        let groups = blocks_before.effective(&baseline.0.weights) + blocks_after.effective(&now.0.weights);
        let p_value = spread.p_value(statistic, groups);
        if p_value >= worst.p_value {
            worst.p_value = p_value;
        }
        if spread.trace >= worst.expected_index {
            worst.expected_index = spread.trace;
            worst.design_effect = if single > 0.0 { spread.trace / single } else { f64::NAN };
        }
    }
    worst
}

/// Bins of one side, with the shares that each calendar cell expects.
struct Centred<'a> {
    side: &'a Side,
    bins: &'a [u8],
    shares: Vec<f64>,
    by_cell: Vec<f64>,
}

impl<'a> Centred<'a> {
    fn new(side: &'a Side, bins: &'a [u8], count: usize) -> Self {
        let (mut shares, mut by_cell, mut totals) = (vec![0.0; count], vec![0.0; CELLS * count], [0.0; CELLS]);
        for ((&bin, &cell), &weight) in bins.iter().zip(&side.cells).zip(&side.weights) {
            shares[bin as usize] += weight;
            by_cell[cell * count + bin as usize] += weight;
            totals[cell] += weight;
        }
        for (place, share) in by_cell.iter_mut().enumerate() {
            let total: f64 = totals[place / count];
            *share /= if total > 0.0 { total } else { 1.0 };
        }
        Centred { side, bins, shares, by_cell }
    }

    /// `G/(G-1) Σ z zᵀ`, row by row; zeros for a single block.
    fn covariance(&self, blocking: &Blocking) -> Vec<f64> {
        let count = self.shares.len();
        let (mut counted, mut expected) = (vec![0.0; blocking.count * count], vec![0.0; blocking.count * CELLS]);
        for (row, &block) in blocking.block.iter().enumerate() {
            counted[block as usize * count + self.bins[row] as usize] += self.side.weights[row];
            expected[block as usize * CELLS + self.side.cells[row]] += self.side.weights[row];
        }
        let mut covariance = vec![0.0; count * count];
        for (total, cells) in counted.chunks_exact_mut(count).zip(expected.chunks_exact(CELLS)) {
            for (cell, &weight) in cells.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
                let shares = &self.by_cell[cell * count..(cell + 1) * count];
                total.iter_mut().zip(shares).for_each(|(total, share)| *total -= weight * share);
            }
            for (row, &left) in total.iter().enumerate().filter(|(_, left)| **left != 0.0) {
                let line = &mut covariance[row * count..(row + 1) * count];
                line.iter_mut().zip(total.iter()).for_each(|(sum, right)| *sum += left * right);
            }
        }
        let groups = blocking.count as f64;
        let correction = if blocking.count > 1 { groups / (groups - 1.0) } else { 0.0 };
        covariance.iter_mut().for_each(|sum| *sum *= correction);
        covariance
    }
}

/// The variance of a difference of shares, relative to the shares themselves.
struct Spread {
    trace: f64,
    trace_of_square: f64,
}

impl Spread {
    fn new(before: &[f64], after: &[f64], (m, n): (f64, f64), common: &[f64]) -> Spread {
        let count = common.len();
        let pool = (1.0 / n + 1.0 / m) / (m + n);
        let plain = |place: usize| before[place] + after[place];
        let pooled = |place: usize| (m * m * before[place] + n * n * after[place]) * pool;
        let trace = |value: &dyn Fn(usize) -> f64| (0..count).map(|row| value(row * count + row)).sum::<f64>();
        let chosen: &dyn Fn(usize) -> f64 = if trace(&plain) >= trace(&pooled) { &plain } else { &pooled };
        let mut spread = Spread { trace: 0.0, trace_of_square: 0.0 };
        for row in 0..count {
            spread.trace += chosen(row * count + row) / common[row];
            for column in 0..count {
                spread.trace_of_square += chosen(row * count + column).powi(2) / (common[row] * common[column]);
            }
        }
        spread
    }

    fn p_value(&self, statistic: f64, groups: f64) -> f64 {
        if self.trace <= NO_VARIANCE || groups <= 2.0 {
            return 1.0;
        }
        let freedom = self.trace * self.trace / self.trace_of_square;
        FisherSnedecor::new(freedom, groups - 1.0).map_or(1.0, |distribution| distribution.sf(statistic / self.trace))
    }
}

/// How two means differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeansTest {
    /// Mean now minus mean before.
    pub difference: f64,
    /// The larger standard error of both blockings.
    pub standard_error: f64,
    /// Two-sided, Student's t with one degree of freedom less than effective blocks.
    pub p_value: f64,
}

/// Compares weighted means with the variance of block totals, as [`compare_shares`]; `None` for no rows or no
/// variance.
pub fn compare_means(baseline: (&Side, &[f64]), now: (&Side, &[f64])) -> Option<MeansTest> {
    let mean = |side: &Side, values: &[f64]| side.weights.iter().zip(values).map(|(weight, value)| weight * value).sum::<f64>();
    let (before, after) = (mean(baseline.0, baseline.1), mean(now.0, now.1));
    let (m, n) = (baseline.0.effective_rows(), now.0.effective_rows());
    let mut worst: Option<MeansTest> = None;
    for (blocks_before, blocks_after) in baseline.0.blockings().into_iter().zip(now.0.blockings()) {
        let variances = (mean_variance(baseline.0, blocks_before, baseline.1, before), mean_variance(now.0, blocks_after, now.1, after));
        let pooled = (m * m * variances.0 + n * n * variances.1) / (m + n) * (1.0 / n + 1.0 / m);
        let standard_error = (variances.0 + variances.1).max(pooled).sqrt();
        let groups = blocks_before.effective(&baseline.0.weights) + blocks_after.effective(&now.0.weights);
        if !standard_error.is_finite() || standard_error <= NO_VARIANCE || groups <= 2.0 {
            return None;
        }
        let statistic = ((after - before) / standard_error).abs();
        let p_value = 2.0 * StudentsT::new(0.0, 1.0, groups - 1.0).ok()?.sf(statistic);
        if worst.is_none_or(|worst| p_value > worst.p_value) {
            worst = Some(MeansTest { difference: after - before, standard_error, p_value });
        }
    }
    worst
}

/// `G/(G-1) Σ z²` of the block totals `z = Σ w (value - mean)`; 0 for a single block.
pub fn mean_variance(side: &Side, blocking: &Blocking, values: &[f64], mean: f64) -> f64 {
    let mut totals = vec![0.0; blocking.count];
    for ((&block, weight), value) in blocking.block.iter().zip(&side.weights).zip(values) {
        totals[block as usize] += weight * (value - mean);
    }
    let groups = blocking.count as f64;
    let correction = if blocking.count > 1 { groups / (groups - 1.0) } else { 0.0 };
    correction * totals.iter().map(|total| total * total).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::random::SplitMix64;

    fn side(blocks: &[u32]) -> Side {
        let blocking = Blocking::by(blocks.iter());
        Side { weights: season::even(blocks.len()), cells: vec![0; blocks.len()], by_requester: blocking.clone(), by_day: blocking }
    }

    /// Rows in blocks of `size` that share their bin and their value.
    fn draw(random: &mut SplitMix64, rows: usize, size: usize) -> (Side, Vec<u8>, Vec<f64>) {
        let drawn: Vec<u8> = (0..rows / size).map(|_| random.below(4) as u8).collect();
        let bins: Vec<u8> = (0..rows).map(|row| drawn[row / size]).collect();
        let blocks: Vec<u32> = (0..rows).map(|row| (row / size) as u32).collect();
        let values = bins.iter().map(|&bin| f64::from(bin)).collect();
        (side(&blocks), bins, values)
    }

    #[test]
    fn bursts_alarm_as_rarely_as_single_tickets() {
        for size in [1, 20] {
            let mut random = SplitMix64::new(5);
            let (mut by_shares, mut by_means) = (0, 0);
            for _ in 0..400 {
                let (before, after) = (draw(&mut random, 4_000, size), draw(&mut random, 1_000, size));
                by_shares += usize::from(compare_shares((&before.0, &before.1), (&after.0, &after.1), 4).p_value < 0.05);
                by_means += usize::from(compare_means((&before.0, &before.2), (&after.0, &after.2)).unwrap().p_value < 0.05);
            }
            assert!((4..=36).contains(&by_shares) && (4..=36).contains(&by_means), "{size}: {by_shares} and {by_means} of 400");
        }
    }

    #[test]
    fn the_expected_index_and_the_design_effect_are_those_of_the_bursts() {
        let mut random = SplitMix64::new(6);
        let (before, after) = (draw(&mut random, 8_000, 20), draw(&mut random, 2_000, 20));
        let test = compare_shares((&before.0, &before.1), (&after.0, &after.1), 4);
        assert!((test.design_effect / 20.0 - 1.0).abs() < 0.3, "{test:?}");
        assert!((test.expected_index / (3.0 * 20.0 * (1.0 / 8_000.0 + 1.0 / 2_000.0)) - 1.0).abs() < 0.3, "{test:?}");
    }

    #[test]
    fn a_change_of_half_the_blocks_is_found_and_equal_constants_are_not() {
        let mut random = SplitMix64::new(7);
        let (before, mut after) = (draw(&mut random, 8_000, 20), draw(&mut random, 2_000, 20));
        after.1.iter_mut().take(1_000).for_each(|bin| *bin = 3);
        assert!(compare_shares((&before.0, &before.1), (&after.0, &after.1), 4).p_value < 1e-4);
        let constant = vec![1; 8_000];
        assert_eq!(compare_shares((&before.0, &constant), (&after.0, &constant[..2_000]), 4).p_value, 1.0);
        assert_eq!(compare_means((&before.0, &[1.0; 8_000]), (&after.0, &[1.0; 2_000])), None);
    }
}
