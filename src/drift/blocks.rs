//! Bursts as units: shares and means whose variance is counted over blocks of tickets.
//!
//! A block is what one requester asked for in one week, or what one day brought. Both are tried and the
//! larger p-value holds, because a block shorter than the real dependence raises false alarms.

use std::hash::Hash;
use std::sync::OnceLock;

use foldhash::{HashMap, HashMapExt as _};
use statrs::distribution::{ContinuousCDF, FisherSnedecor, StudentsT};

use super::observations::Observations;
use super::season::{self, CELLS};
use crate::base::time::MS_PER_DAY;

/// With more tickets than this without a requester, days alone are blocks.
const MOST_UNKNOWN: f64 = 0.5;
/// A variance below this counts as zero.
const NO_VARIANCE: f64 = 1e-12;

/// Which tickets belong together, by row.
///
/// ```
/// use hivectl::drift::blocks::Blocking;
///
/// let weeks = Blocking::by(["ana", "bo", "ana", "ana"].iter());
/// assert_eq!((weeks.block.clone(), weeks.count), (vec![0, 1, 0, 0], 2));
/// // One block holds three quarters of the weight: two blocks carry as much as 1.6 of equal size.
/// assert!((weeks.effective(&[0.25; 4]) - 1.6).abs() < 1e-12);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Blocking {
    pub block: Vec<u32>,
    pub count: usize,
}

impl Blocking {
    /// Gives equal keys the same number, in the order of first appearance.
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

    /// The blocks of these rows alone, numbered anew.
    fn select(&self, rows: &[usize]) -> Blocking {
        // A table of all blocks is cheaper than looking each up, but for few rows of many blocks.
        if rows.len() < self.count / 8 {
            return Blocking::by(rows.iter().map(|&row| self.block[row]));
        }
        let mut numbers = vec![u32::MAX; self.count];
        let mut count = 0;
        let block = rows.iter().map(|&row| {
            let number = &mut numbers[self.block[row] as usize];
            if *number == u32::MAX {
                *number = count;
                count += 1;
            }
            *number
        });
        let block = block.collect();
        Blocking { block, count: count as usize }
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
pub struct WeightedSample {
    /// Sum 1.
    pub weights: Vec<f64>,
    pub cells: Vec<u8>,
    /// A requester's week; days where most tickets name no requester.
    pub by_requester: Blocking,
    pub by_day: Blocking,
    /// Weight by block and cell, of each blocking: the same for every variable.
    expected: OnceLock<[Vec<f64>; 2]>,
}

impl WeightedSample {
    /// Puts a side together from columns of equal length.
    pub fn of(weights: Vec<f64>, cells: Vec<u8>, by_requester: Blocking, by_day: Blocking) -> WeightedSample {
        WeightedSample { weights, cells, by_requester, by_day, expected: OnceLock::new() }
    }

    /// Blocks of the tickets; weeks are counted back from `end_ms`, so that a window of seven days is one week.
    pub fn new(tickets: &Observations, end_ms: i64, weights: Vec<f64>) -> WeightedSample {
        let day = |&at: &i64| at.div_euclid(MS_PER_DAY);
        let week = |&at: &i64| end_ms.saturating_sub(at).div_euclid(7 * MS_PER_DAY);
        let by_day = Blocking::by(tickets.completed_at.iter().map(day));
        let by_requester = if tickets.requester.unknown_share() > MOST_UNKNOWN {
            by_day.clone()
        } else {
            Blocking::by(tickets.requester.codes.iter().zip(tickets.completed_at.iter().map(week)))
        };
        WeightedSample::of(weights, tickets.completed_at.iter().map(|&at| season::cell(at) as u8).collect(), by_requester, by_day)
    }

    /// The same tickets, each with the same weight.
    pub fn unweighted(&self) -> WeightedSample {
        let even = season::even(self.weights.len());
        WeightedSample::of(even, self.cells.clone(), self.by_requester.clone(), self.by_day.clone())
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
    pub fn select(&self, rows: &[usize]) -> WeightedSample {
        let total: f64 = rows.iter().map(|&row| self.weights[row]).sum();
        let weights = rows.iter().map(|&row| if total > 0.0 { self.weights[row] / total } else { 0.0 }).collect();
        let cells = rows.iter().map(|&row| self.cells[row]).collect();
        WeightedSample::of(weights, cells, self.by_requester.select(rows), self.by_day.select(rows))
    }

    fn expected(&self) -> &[Vec<f64>; 2] {
        self.expected.get_or_init(|| {
            self.blockings().map(|blocking| {
                let mut expected = vec![0.0; blocking.count * CELLS];
                for ((&block, &cell), weight) in blocking.block.iter().zip(&self.cells).zip(&self.weights) {
                    expected[block as usize * CELLS + usize::from(cell)] += weight;
                }
                expected
            })
        })
    }

    /// Counts the bins of a variable, one of each ticket, in a single pass.
    pub fn tally(&self, bins: &[u8], count: usize) -> BinWeights {
        let (mut by_cell, mut totals) = (vec![0.0; CELLS * count], [0.0; CELLS]);
        let mut counted = self.blockings().map(|blocking| vec![0.0; blocking.count * count]);
        let [by_requester, by_day] = &mut counted;
        let blocks = self.by_requester.block.iter().zip(&self.by_day.block);
        for (((&bin, &cell), &weight), (&requester, &day)) in bins.iter().zip(&self.cells).zip(&self.weights).zip(blocks) {
            let bin = usize::from(bin);
            by_cell[usize::from(cell) * count + bin] += weight;
            by_requester[requester as usize * count + bin] += weight;
            by_day[day as usize * count + bin] += weight;
        }
        let mut shares = vec![0.0; count];
        for (cell, weights) in by_cell.chunks_exact_mut(count).enumerate() {
            totals[cell] = weights.iter().sum();
            shares.iter_mut().zip(weights.iter()).for_each(|(share, weight)| *share += weight);
            weights.iter_mut().for_each(|weight| *weight /= if totals[cell] > 0.0 { totals[cell] } else { 1.0 });
        }
        BinWeights { count, shares, by_cell, counted }
    }
}

/// What a comparison needs of a variable: weights of its bins.
#[derive(Clone, Debug)]
pub struct BinWeights {
    count: usize,
    /// Of all tickets; they sum to 1.
    pub shares: Vec<f64>,
    /// Of the tickets of each part of the calendar; each part's sum to 1, or to 0 where it has none.
    by_cell: Vec<f64>,
    /// Of each block, both blockings.
    counted: [Vec<f64>; 2],
}

impl BinWeights {
    /// How many requester-weeks hold a ticket in one of the bins that `holds` says yes to.
    pub fn blocks_with(&self, holds: impl Fn(usize) -> bool) -> usize {
        let any = |block: &&[f64]| block.iter().enumerate().any(|(bin, &weight)| weight > 0.0 && holds(bin));
        self.counted[0].chunks_exact(self.count).filter(any).count()
    }

    /// The shares that each part of the calendar would have by the other side, so that a block that is most of the
    /// window is not measured against itself. Parts that the other side does not have keep their own.
    fn by_cell_of(&self, other: &BinWeights) -> Vec<f64> {
        let mut shares = self.by_cell.clone();
        let cells = shares.chunks_exact_mut(self.count).zip(other.by_cell.chunks_exact(self.count));
        cells.filter(|(_, theirs)| theirs.iter().any(|share| *share > 0.0)).for_each(|(own, theirs)| own.copy_from_slice(theirs));
        shares
    }

    /// `G/(G-1) Σ z zᵀ` of one blocking, row by row, around these shares of the calendar's parts; zeros for a single
    /// block.
    fn covariance(&self, side: &WeightedSample, blocking: usize, by_cell: &[f64]) -> Vec<f64> {
        let count = self.count;
        let mut covariance = vec![0.0; count * count];
        let mut total = vec![0.0; count];
        for (counted, cells) in self.counted[blocking].chunks_exact(count).zip(side.expected()[blocking].chunks_exact(CELLS)) {
            total.copy_from_slice(counted);
            for (cell, &weight) in cells.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
                let shares = &by_cell[cell * count..(cell + 1) * count];
                total.iter_mut().zip(shares).for_each(|(total, share)| *total -= weight * share);
            }
            for (row, &left) in total.iter().enumerate().filter(|(_, left)| **left != 0.0) {
                let line = &mut covariance[row * count..(row + 1) * count];
                line.iter_mut().zip(&total).for_each(|(sum, right)| *sum += left * right);
            }
        }
        let groups = side.blockings()[blocking].count as f64;
        let correction = if groups > 1.0 { groups / (groups - 1.0) } else { 0.0 };
        covariance.iter_mut().for_each(|sum| *sum *= correction);
        covariance
    }
}

/// How the shares of bins differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SharesTest {
    /// Rao & Scott's test of equal shares with Satterthwaite's correction, the larger of both blockings.
    pub p_value: f64,
    /// What the PSI would be on average without any change, `trace A`: the larger of both blockings.
    pub expected_psi: f64,
    /// Variance of the shares over that of as many single tickets; NaN where nothing varies.
    pub design_effect: f64,
}

/// Compares the shares of the bins of a variable.
///
/// Block totals `z = Σ w (e_bin - p_cell)`, of requesters' weeks now around the baseline's shares of the cell, give
/// `V = G/(G-1) Σ z zᵀ` on each side; the variance of the difference is the one of `V_b + V_c` and the pooled
/// `(m² V_b + n² V_c)/(m + n) · (1/n + 1/m)` with the larger trace.
/// With `π` the common shares, `T = Σ d²/π` and `A = V/√(π πᵀ)`, `T / tr A` follows F with `(tr A)²/tr A²` and
/// `G - 1` degrees of freedom (Rao & Scott, 1981; Satterthwaite, 1946).
pub fn compare_shares(baseline: (&WeightedSample, &BinWeights), now: (&WeightedSample, &BinWeights)) -> SharesTest {
    let (before, after) = (baseline.1, now.1);
    // A requester's week may be most of a window; a day is never that much.
    let as_before = after.by_cell_of(before);
    let (m, n) = (baseline.0.effective_rows(), now.0.effective_rows());
    let floor = 0.5 / m.min(n);
    let difference: Vec<f64> = after.shares.iter().zip(&before.shares).map(|(now, then)| now - then).collect();
    let common: Vec<f64> = after.shares.iter().zip(&before.shares).map(|(now, then)| ((n * now + m * then) / (n + m)).max(floor)).collect();
    let statistic: f64 = difference.iter().zip(&common).map(|(difference, common)| difference * difference / common).sum();
    let single: f64 = before.shares.iter().map(|share| 1.0 - share).sum::<f64>() * (1.0 / n + 1.0 / m);
    let mut worst = SharesTest { p_value: 0.0, expected_psi: 0.0, design_effect: f64::NAN };
    for (blocking, centre) in [&as_before, &after.by_cell].into_iter().enumerate() {
        let covariances = (before.covariance(baseline.0, blocking, &before.by_cell), after.covariance(now.0, blocking, centre));
        let spread = Spread::new(&covariances.0, &covariances.1, (m, n), &common);
        let effective = |side: &WeightedSample| side.blockings()[blocking].effective(&side.weights);
        let p_value = spread.p_value(statistic, effective(baseline.0) + effective(now.0));
        if p_value >= worst.p_value {
            worst.p_value = p_value;
        }
        if spread.trace >= worst.expected_psi {
            worst.expected_psi = spread.trace;
            worst.design_effect = if single > 0.0 { spread.trace / single } else { f64::NAN };
        }
    }
    worst
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
pub fn compare_means(baseline: (&WeightedSample, &[f64]), now: (&WeightedSample, &[f64])) -> Option<MeansTest> {
    let mean = |side: &WeightedSample, values: &[f64]| side.weights.iter().zip(values).map(|(weight, value)| weight * value).sum::<f64>();
    let (before, after) = (mean(baseline.0, baseline.1), mean(now.0, now.1));
    let (m, n) = (baseline.0.effective_rows(), now.0.effective_rows());
    let mut worst: Option<MeansTest> = None;
    let blockings = baseline.0.blockings().into_iter().zip(now.0.blockings()).zip([before, after]);
    for ((blocks_before, blocks_after), centre) in blockings {
        let variances = (mean_variance(baseline.0, blocks_before, baseline.1, before), mean_variance(now.0, blocks_after, now.1, centre));
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
pub fn mean_variance(side: &WeightedSample, blocking: &Blocking, values: &[f64], mean: f64) -> f64 {
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

    fn side(blocks: &[u32]) -> WeightedSample {
        let blocking = Blocking::by(blocks.iter());
        WeightedSample::of(season::even(blocks.len()), vec![0; blocks.len()], blocking.clone(), blocking)
    }

    /// Rows in blocks of `size` that share their bin and their value.
    fn draw(random: &mut SplitMix64, rows: usize, size: usize) -> (WeightedSample, Vec<u8>, Vec<f64>) {
        let drawn: Vec<u8> = (0..rows / size).map(|_| random.below(4) as u8).collect();
        let bins: Vec<u8> = (0..rows).map(|row| drawn[row / size]).collect();
        let blocks: Vec<u32> = (0..rows).map(|row| (row / size) as u32).collect();
        let values = bins.iter().map(|&bin| f64::from(bin)).collect();
        (side(&blocks), bins, values)
    }

    fn shares(before: (&WeightedSample, &[u8]), after: (&WeightedSample, &[u8])) -> SharesTest {
        let tally = |(side, bins): (&WeightedSample, &[u8])| side.tally(bins, 4);
        compare_shares((before.0, &tally(before)), (after.0, &tally(after)))
    }

    #[test]
    fn bursts_alarm_as_rarely_as_single_tickets() {
        for size in [1, 20] {
            let mut random = SplitMix64::new(5);
            let (mut by_shares, mut by_means) = (0, 0);
            for _ in 0..400 {
                let (before, after) = (draw(&mut random, 4_000, size), draw(&mut random, 1_000, size));
                by_shares += usize::from(shares((&before.0, &before.1), (&after.0, &after.1)).p_value < 0.05);
                by_means += usize::from(compare_means((&before.0, &before.2), (&after.0, &after.2)).unwrap().p_value < 0.05);
            }
            assert!((4..=36).contains(&by_shares) && (4..=36).contains(&by_means), "{size}: {by_shares} and {by_means} of 400");
        }
    }

    #[test]
    fn the_expected_psi_and_the_design_effect_are_those_of_the_bursts() {
        let mut random = SplitMix64::new(6);
        let (before, after) = (draw(&mut random, 8_000, 20), draw(&mut random, 2_000, 20));
        let test = shares((&before.0, &before.1), (&after.0, &after.1));
        assert!((test.design_effect / 20.0 - 1.0).abs() < 0.3, "{test:?}");
        assert!((test.expected_psi / (3.0 * 20.0 * (1.0 / 8_000.0 + 1.0 / 2_000.0)) - 1.0).abs() < 0.3, "{test:?}");
    }

    #[test]
    fn a_change_of_half_the_blocks_is_found_and_equal_constants_are_not() {
        let mut random = SplitMix64::new(7);
        let (before, mut after) = (draw(&mut random, 8_000, 20), draw(&mut random, 2_000, 20));
        after.1.iter_mut().take(1_000).for_each(|bin| *bin = 3);
        assert!(shares((&before.0, &before.1), (&after.0, &after.1)).p_value < 1e-4);
        let constant = vec![1; 8_000];
        assert_eq!(shares((&before.0, &constant), (&after.0, &constant[..2_000])).p_value, 1.0);
        assert_eq!(compare_means((&before.0, &[1.0; 8_000]), (&after.0, &[1.0; 2_000])), None);
    }
}
