//! Whether a variable's distribution has another shape: shares of bins, corrected for their own noise.

use super::blocks::{Side, compare_shares};
use super::verdict::{Status, Threshold, adjusted, judge};
use crate::statistics::psi::Bins;

/// A column on both sides, in the bins of the baseline.
#[derive(Clone, Debug)]
pub struct Variable {
    pub name: String,
    pub bins: Bins,
    pub baseline: Vec<f64>,
    pub now: Vec<f64>,
    pub(super) baseline_bins: Vec<u8>,
    pub(super) now_bins: Vec<u8>,
}

impl Variable {
    /// `None` where the baseline holds no number.
    pub fn new(name: impl Into<String>, baseline: Vec<f64>, now: Vec<f64>) -> Option<Variable> {
        let bins = Bins::learn(&baseline)?;
        let places = |values: &[f64]| values.iter().map(|&value| bins.place(value) as u8).collect();
        Some(Variable { name: name.into(), baseline_bins: places(&baseline), now_bins: places(&now), bins, baseline, now })
    }

    /// Whether one value is all there is on both sides.
    pub fn is_constant(&self) -> bool {
        let first = self.baseline.first();
        self.baseline.iter().chain(&self.now).all(|value| Some(value) == first)
    }
}

/// How a variable's shape compares.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    pub name: String,
    /// Stability index with half a ticket added to each bin.
    pub index: f64,
    /// The index less what it would be without any change; can be negative.
    pub index_adjusted: f64,
    /// Largest distance of the weighted distribution functions, where it was asked for.
    pub distance: Option<f64>,
    pub p_value: f64,
    /// The p-value after correction for the number of variables.
    pub adjusted_p: f64,
    /// Tickets now that carry as much as they would one by one.
    pub effective_rows: f64,
    /// Shares by bin, then and now.
    pub then: Vec<f64>,
    pub now: Vec<f64>,
    pub status: Status,
}

/// Compares variables; a place in `with_distance` asks for the distance too, which counts like the index.
pub fn compare(variables: &[Variable], baseline: &Side, now: &Side, with_distance: &[bool], limits: Threshold) -> Vec<Shape> {
    let mut shapes: Vec<Shape> =
        variables.iter().zip(with_distance).map(|(variable, &with_distance)| one(variable, baseline, now, with_distance)).collect();
    let corrected = adjusted(&shapes.iter().map(|shape| shape.p_value).collect::<Vec<_>>());
    for (shape, adjusted_p) in shapes.iter_mut().zip(corrected) {
        let effect = limits.reached(shape.index_adjusted).max(Threshold::DISTANCE.reached(shape.distance.unwrap_or(0.0)));
        shape.adjusted_p = adjusted_p;
        shape.status = judge(adjusted_p, effect);
    }
    shapes
}

fn one(variable: &Variable, baseline: &Side, now: &Side, with_distance: bool) -> Shape {
    let bins = variable.bins.count();
    let test = compare_shares((baseline, &variable.baseline_bins), (now, &variable.now_bins), bins);
    let shares = |side: &Side, places: &[u8]| {
        let mut shares = vec![0.0; bins];
        places.iter().zip(&side.weights).for_each(|(&bin, weight)| shares[bin as usize] += weight);
        shares
    };
    let (then, after) = (shares(baseline, &variable.baseline_bins), shares(now, &variable.now_bins));
    let index = smoothed_index(&then, baseline.effective_rows(), &after, now.effective_rows());
    Shape {
        name: variable.name.clone(),
        index,
        index_adjusted: index - test.expected_index,
        distance: with_distance.then(|| weighted_distance((&variable.baseline, &baseline.weights), (&variable.now, &now.weights))),
        p_value: test.p_value,
        adjusted_p: test.p_value,
        effective_rows: now.effective_rows() / test.design_effect.max(1.0),
        then,
        now: after,
        status: Status::Ok,
    }
}

/// The stability index with half a ticket in each bin that one side uses, so that an empty one is not infinite.
fn smoothed_index(then: &[f64], rows_then: f64, now: &[f64], rows_now: f64) -> f64 {
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

/// The largest distance of two weighted distribution functions, 0–1; values that are not numbers are left out.
pub fn weighted_distance(first: (&[f64], &[f64]), second: (&[f64], &[f64])) -> f64 {
    let signed = |(values, weights): (&[f64], &[f64]), sign: f64| {
        let kept = || values.iter().zip(weights).filter(|(value, _)| !value.is_nan());
        let total: f64 = kept().map(|(_, weight)| weight).sum();
        kept().map(|(&value, weight)| (value, sign * weight / total)).collect::<Vec<(f64, f64)>>()
    };
    let mut steps = signed(first, 1.0);
    steps.extend(signed(second, -1.0));
    steps.sort_unstable_by(|left, right| left.0.total_cmp(&right.0));
    let (mut gap, mut largest) = (0.0f64, 0.0f64);
    for equal in steps.chunk_by(|left, right| left.0 == right.0) {
        gap += equal.iter().map(|step| step.1).sum::<f64>();
        largest = largest.max(gap.abs());
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

    fn side(rows: usize) -> Side {
        let single = Blocking::by(0..rows);
        Side { weights: season::even(rows), cells: vec![0; rows], by_requester: single.clone(), by_day: single }
    }

    fn draw(random: &mut SplitMix64, rows: usize, shift: f64) -> Vec<f64> {
        (0..rows).map(|_| (0..6).map(|_| random.unit()).sum::<f64>() + shift).collect()
    }

    #[test]
    fn a_shift_is_critical_and_none_is_not() {
        let mut random = SplitMix64::new(3);
        let (baseline, now) = (side(5_000), side(1_000));
        let moved = Variable::new("moved", draw(&mut random, 5_000, 0.0), draw(&mut random, 1_000, 1.0)).unwrap();
        let same = Variable::new("same", draw(&mut random, 5_000, 0.0), draw(&mut random, 1_000, 0.0)).unwrap();
        let shapes = compare(&[moved, same], &baseline, &now, &[true, true], Threshold::INDEX);
        assert_eq!((shapes[0].status, shapes[1].status), (Status::Critical, Status::Ok), "{shapes:?}");
        assert!(shapes[1].index_adjusted.abs() < 0.02 && shapes[0].index_adjusted > 0.25);
        assert!((shapes[1].then.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_weighted_distance_is_that_of_kolmogorov_and_smirnov() {
        let mut random = SplitMix64::new(4);
        let (first, second) = (draw(&mut random, 300, 0.0), draw(&mut random, 200, 0.3));
        let expected = two_sample(&first, &second, PValue::Auto).unwrap().statistic;
        let even = (season::even(300), season::even(200));
        assert!((weighted_distance((&first, &even.0), (&second, &even.1)) - expected).abs() < 1e-9);
        // A value of double weight counts as two.
        let weights = [0.5, 0.25, 0.25];
        let doubled = weighted_distance((&[1.0, 2.0, 3.0], &weights), (&[1.0, 1.0, 2.0, 3.0], &[0.25; 4]));
        assert!(doubled < 1e-12, "{doubled}");
    }

    #[test]
    fn constants_are_told_and_a_baseline_of_nothing_has_no_bins() {
        assert!(Variable::new("a", vec![1.0; 3], vec![1.0; 2]).unwrap().is_constant());
        assert!(!Variable::new("a", vec![1.0; 3], vec![2.0; 2]).unwrap().is_constant());
        assert!(Variable::new("a", vec![f64::NAN; 3], vec![2.0]).is_none());
    }
}
