//! Whether a variable's distribution has another shape: shares of bins, corrected for their own noise.

use rayon::prelude::*;

use super::blocks::{BinWeights, WeightedSample, compare_shares};
use super::verdict::{DriftStatus, Threshold, adjusted, judge};
use crate::statistics::psi::Bins;

/// A column on both sides, in the bins of the baseline.
#[derive(Clone, Debug)]
pub struct Variable {
    pub name: String,
    pub bins: Bins,
    pub baseline: Vec<f64>,
    pub now: Vec<f64>,
    /// One value is all there is on both sides.
    pub is_constant: bool,
    baseline_bins: Vec<u8>,
    now_bins: Vec<u8>,
    ordered: Option<Ordered>,
}

/// Values in ascending order, for the distance of their distribution functions.
#[derive(Clone, Debug)]
struct Ordered {
    /// Rows of the baseline; those without a number are left out.
    baseline: Vec<u32>,
    now: Vec<f64>,
}

impl Variable {
    /// `bins` are those that the baseline learned, where it has kept them. `None` where the baseline holds no number.
    pub fn new(name: impl Into<String>, bins: Option<Bins>, baseline: Vec<f64>, now: Vec<f64>) -> Option<Variable> {
        let bins = bins.or_else(|| Bins::learn(&baseline))?;
        let first = baseline.first().copied();
        let is_constant = baseline.iter().copied().chain(now.iter().copied()).all(|value| Some(value) == first);
        let places = (bins.places(baseline.iter().copied()), bins.places(now.iter().copied()));
        Some(Variable { name: name.into(), bins, is_constant, baseline_bins: places.0, now_bins: places.1, baseline, now, ordered: None })
    }

    /// The same with what the distance needs.
    pub fn with_distance(name: impl Into<String>, bins: Option<Bins>, baseline: Vec<f64>, now: Vec<f64>) -> Option<Variable> {
        let numbers = (0u32..).zip(&baseline).filter(|(_, value)| !value.is_nan());
        let mut rows: Vec<(u64, u32)> = numbers.map(|(row, &value)| (key(value), row)).collect();
        rows.sort_unstable();
        let ordered = Some(Ordered { baseline: rows.into_iter().map(|(_, row)| row).collect(), now: ascending(&now) });
        Some(Variable { ordered, ..Variable::new(name, bins, baseline, now)? })
    }

    /// Weights of the bins of the baseline.
    pub fn tally_then(&self, side: &WeightedSample) -> BinWeights {
        side.tally(&self.baseline_bins, self.bins.count())
    }

    /// Weights of the bins now.
    pub fn tally_now(&self, side: &WeightedSample) -> BinWeights {
        side.tally(&self.now_bins, self.bins.count())
    }

    /// The largest distance of the distribution functions, the baseline's weighted; `None` where it was not asked for.
    pub fn distance(&self, weights: &[f64]) -> Option<f64> {
        let ordered = self.ordered.as_ref()?;
        let rows = ordered.baseline.iter().map(|&row| (self.baseline[row as usize], weights[row as usize]));
        Some(weighted_distance(rows, &ordered.now))
    }
}

/// A whole number that sorts as the value does: they are sorted several times as fast.
fn key(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

/// The numbers among the values, ascending.
fn ascending(values: &[f64]) -> Vec<f64> {
    let mut keys: Vec<u64> = values.iter().filter(|value| !value.is_nan()).map(|&value| key(value)).collect();
    keys.sort_unstable();
    keys.into_iter().map(|key| f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })).collect()
}

/// How a variable's shape compares.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    pub name: String,
    /// PSI with half a ticket added to each bin.
    pub psi: f64,
    /// The PSI less what it would be without any change; can be negative.
    pub psi_adjusted: f64,
    /// Largest distance of the weighted distribution functions, where it was asked for.
    pub distance: Option<f64>,
    pub p_value: f64,
    /// The p-value after correction for the number of variables.
    pub adjusted_p: f64,
    /// Tickets now that carry as much as they would one by one.
    pub effective_rows: f64,
    /// Means of the numbers, the one of then weighted; NaN for none.
    pub mean_then: f64,
    pub mean_now: f64,
    /// Shares by bin, then and now.
    pub then: Vec<f64>,
    pub now: Vec<f64>,
    pub status: DriftStatus,
}

/// Compares variables, whose `tallies` are those of now; where a variable has a distance it counts like the PSI.
pub fn compare(
    variables: &[Variable],
    tallies: &[BinWeights],
    baseline: &WeightedSample,
    now: &WeightedSample,
    limits: Threshold,
) -> Vec<Shape> {
    let pairs = variables.par_iter().zip(tallies);
    let mut shapes: Vec<Shape> = pairs.map(|(variable, tally)| one(variable, tally, baseline, now)).collect();
    let corrected = adjusted(&shapes.iter().map(|shape| shape.p_value).collect::<Vec<_>>());
    for (shape, adjusted_p) in shapes.iter_mut().zip(corrected) {
        let effect = limits.reached(shape.psi_adjusted).max(Threshold::DISTANCE.reached(shape.distance.unwrap_or(0.0)));
        shape.adjusted_p = adjusted_p;
        shape.status = judge(adjusted_p, effect);
    }
    shapes
}

fn one(variable: &Variable, after: &BinWeights, baseline: &WeightedSample, now: &WeightedSample) -> Shape {
    let then = variable.tally_then(baseline);
    let test = compare_shares((baseline, &then), (now, after));
    let psi = smoothed_psi(&then.shares, baseline.effective_rows(), &after.shares, now.effective_rows());
    Shape {
        name: variable.name.clone(),
        psi,
        psi_adjusted: psi - test.expected_psi,
        distance: variable.distance(&baseline.weights),
        p_value: test.p_value,
        adjusted_p: test.p_value,
        effective_rows: now.effective_rows() / test.design_effect.max(1.0),
        mean_then: mean(&variable.baseline, &baseline.weights),
        mean_now: mean(&variable.now, &now.weights),
        then: then.shares,
        now: after.shares.clone(),
        status: DriftStatus::Ok,
    }
}

/// Weighted, of what is a number; NaN for none.
fn mean(values: &[f64], weights: &[f64]) -> f64 {
    let numbers = values.iter().zip(weights).filter(|(value, _)| value.is_finite());
    let (sum, total) = numbers.fold((0.0, 0.0), |(sum, total), (value, weight)| (sum + value * weight, total + weight));
    sum / total
}

/// The PSI with half a ticket in each bin that one side uses, so that an empty one is not infinite.
fn smoothed_psi(then: &[f64], rows_then: f64, now: &[f64], rows_now: f64) -> f64 {
    let used = || then.iter().zip(now).filter(|(then, now)| **then + **now > 0.0);
    let half = 0.5 * used().count() as f64;
    let smooth = |share: f64, rows: f64| (share * rows + 0.5) / (rows + half);
    used()
        .map(|(&then, &now)| {
            let (then, now) = (smooth(then, rows_then), smooth(now, rows_now));
            (now - then) * (now / then).ln()
        })
        .sum()
}

/// The largest distance, 0–1, of two distribution functions: of weighted values and of values that weigh the same, both
/// ascending and without NaN. 0 where either has no weight.
fn weighted_distance(first: impl Iterator<Item = (f64, f64)> + Clone, second: &[f64]) -> f64 {
    let total: f64 = first.clone().map(|(_, weight)| weight).sum();
    if total <= 0.0 || second.is_empty() {
        return 0.0;
    }
    let (mut first, mut passed) = (first.peekable(), 0);
    let (mut share, mut largest) = (0.0f64, 0.0f64);
    while let Some(&(value, _)) = first.peek() {
        // Between two values of the first the gap is largest at the ends of what the second has there.
        passed += second[passed..].iter().take_while(|other| **other < value).count();
        largest = largest.max((share / total - passed as f64 / second.len() as f64).abs());
        while let Some((_, weight)) = first.next_if(|next| next.0 == value) {
            share += weight;
        }
        passed += second[passed..].iter().take_while(|other| **other == value).count();
        largest = largest.max((share / total - passed as f64 / second.len() as f64).abs());
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::blocks::Blocking;
    use crate::drift::season;
    use crate::statistics::ks::{PValue, two_sample};
    use crate::statistics::random::SplitMix64;

    fn side(rows: usize) -> WeightedSample {
        let single = Blocking::by(0..rows);
        WeightedSample::of(season::even(rows), vec![0; rows], single.clone(), single)
    }

    fn draw(random: &mut SplitMix64, rows: usize, shift: f64) -> Vec<f64> {
        (0..rows).map(|_| (0..6).map(|_| random.unit()).sum::<f64>() + shift).collect()
    }

    #[test]
    fn a_shift_is_critical_and_none_is_not() {
        let mut random = SplitMix64::new(3);
        let (baseline, now) = (side(5_000), side(1_000));
        let moved = Variable::with_distance("moved", None, draw(&mut random, 5_000, 0.0), draw(&mut random, 1_000, 1.0)).unwrap();
        let same = Variable::with_distance("same", None, draw(&mut random, 5_000, 0.0), draw(&mut random, 1_000, 0.0)).unwrap();
        let variables = [moved, same];
        let tallies: Vec<BinWeights> = variables.iter().map(|variable| variable.tally_now(&now)).collect();
        let shapes = compare(&variables, &tallies, &baseline, &now, Threshold::PSI);
        assert_eq!((shapes[0].status, shapes[1].status), (DriftStatus::Critical, DriftStatus::Ok), "{shapes:?}");
        assert!(shapes[1].psi_adjusted.abs() < 0.02 && shapes[0].psi_adjusted > 0.25);
        assert!((shapes[1].then.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_weighted_distance_is_that_of_kolmogorov_and_smirnov() {
        let mut random = SplitMix64::new(4);
        let (first, second) = (draw(&mut random, 300, 0.0), draw(&mut random, 200, 0.3));
        let expected = two_sample(&first, &second, PValue::Auto).unwrap().statistic;
        let variable = Variable::with_distance("a", None, first, second).unwrap();
        assert!((variable.distance(&season::even(300)).unwrap() - expected).abs() < 1e-9);
        // A value of double weight counts as two.
        let weighted = Variable::with_distance("a", None, vec![1.0, 2.0, 3.0], vec![1.0, 1.0, 2.0, 3.0]).unwrap();
        assert!(weighted.distance(&[0.5, 0.25, 0.25]).unwrap() < 1e-12);
        let ends = Variable::with_distance("a", None, vec![-2.0, f64::NAN, -0.0], vec![5.0, 7.0, f64::NAN]).unwrap();
        assert_eq!(ends.distance(&[0.25; 3]), Some(1.0));
        assert_eq!(ascending(&[2.0, -3.0, 0.0, -1.0, f64::NAN]), [-3.0, -1.0, 0.0, 2.0]);
    }

    #[test]
    fn constants_are_told_and_a_baseline_of_nothing_has_no_bins() {
        let variable = |then: f64, now: f64| Variable::new("a", None, vec![then; 3], vec![now; 2]);
        assert!(variable(1.0, 1.0).unwrap().is_constant && !variable(1.0, 2.0).unwrap().is_constant);
        assert!(variable(f64::NAN, 2.0).is_none());
    }
}
