//! Do two samples come from the same distribution? The two-sample Kolmogorov–Smirnov test.

use super::gap::largest_gap;
use super::kolmogorov;

/// Largest sample for which [`PValue::Auto`] counts paths instead of using the limit, as SciPy.
const LARGEST_EXACT: usize = 10_000;

/// How the p-value is found.
///
/// ```
/// use hivectl::statistics::ks::{PValue, two_sample};
///
/// let test = two_sample(&[1.0, 2.0, 3.0], &[11.0, 12.0, 13.0], PValue::Exact).expect("two samples");
/// // Two of the 20 orders of six values set the samples so far apart.
/// assert!(test.exact && (test.p_value - 0.1).abs() < 1e-12);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PValue {
    /// Exact up to 10,000 values in the larger sample, else asymptotic.
    #[default]
    Auto,
    Exact,
    Asymptotic,
}

/// What the test found.
///
/// ```
/// use hivectl::statistics::ks::{PValue, two_sample};
///
/// let test = two_sample(&[1.0, 2.0, 3.0], &[11.0, 12.0, 13.0], PValue::Auto).expect("two samples");
/// assert_eq!((test.statistic, test.location, test.first_is_larger), (1.0, 3.0, true));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KsTest {
    /// Largest distance of the two distribution functions, 0–1.
    pub statistic: f64,
    /// A value at which the distance is reached.
    pub location: f64,
    /// Whether the first sample's distribution function is the larger one there (its values are smaller).
    pub first_is_larger: bool,
    /// Chance of such a distance, or a larger one, between samples of one continuous distribution.
    pub p_value: f64,
    /// Whether the p-value is exact.
    pub exact: bool,
}

/// Tests two samples, in any order, two-sided; `None` when one is empty or holds NaN.
///
/// Reads each sample three times and needs no copy of it. Agrees with `scipy.stats.ks_2samp`.
pub fn two_sample(first: &[f64], second: &[f64], method: PValue) -> Option<KsTest> {
    let gap = largest_gap(first, second)?;
    let sizes = (first.len() as u64, second.len() as u64);
    let steps = gap.products / greatest_common_divisor(sizes.0, sizes.1);
    let exact = match method {
        PValue::Auto => first.len().max(second.len()) <= LARGEST_EXACT,
        PValue::Exact => true,
        PValue::Asymptotic => false,
    };
    let statistic = gap.products as f64 / (sizes.0 as f64 * sizes.1 as f64);
    let counted = if exact { exact_p_value(sizes.0, sizes.1, steps) } else { None };
    Some(KsTest {
        statistic,
        location: gap.location,
        first_is_larger: gap.first_is_larger,
        p_value: counted.unwrap_or_else(|| asymptotic_p_value(sizes.0, sizes.1, statistic)),
        exact: counted.is_some(),
    })
}

/// `P(D ≥ steps / lcm(n₁, n₂))`: the share of lattice paths from (0, 0) to (n₁, n₂) that touch or
/// leave the band of that half-width; `None` when rounding took the result out of [0, 1].
///
/// Equal sizes: the reflection series of Gnedenko & Korolyuk (1951). Otherwise the recursion of
/// Viehmann (arXiv 2102.08037, 2021) on the shares of outside paths, which adds only positive numbers.
pub fn exact_p_value(first: u64, second: u64, steps: u64) -> Option<f64> {
    if steps == 0 {
        return Some(1.0);
    }
    let probability = if first == second { reflections(first, steps) } else { outside_share(first.max(second), first.min(second), steps) };
    // Certainty may come out a few units of the last digit too large.
    (0.0..=1.0 + 1e-12).contains(&probability).then_some(probability.min(1.0))
}

/// `2 Σ (-1)^(k+1) C(2n, n - k·steps) / C(2n, n)`, nested so that each quotient is a product of
/// numbers near 1.
fn reflections(size: u64, steps: u64) -> f64 {
    let mut sum = 0.0;
    for reflection in (0..=size / steps).rev() {
        let reached = reflection * steps;
        let ratio: f64 = (0..steps).map(|step| size.saturating_sub(reached + step) as f64 / (size + reached + step + 1) as f64).product();
        sum = ratio * (1.0 - sum);
    }
    2.0 * sum
}

fn outside_share(larger: u64, smaller: u64, steps: u64) -> f64 {
    let divisor = greatest_common_divisor(larger, smaller);
    let (along, across) = ((larger / divisor) as i64, (smaller / divisor) as i64);
    let (steps, smaller, larger) = (steps as i64, smaller as i64, larger as i64);
    // Row i holds the points (i, j) with |across · i - along · j| < steps; all others are outside, share 1.
    let first_inside = |i: i64| ((across * i - steps).div_euclid(along) + 1).max(0);
    let end_inside = |i: i64| ((across * i + steps - 1).div_euclid(along) + 1).min(smaller + 1);
    let mut begin = 0;
    let mut row = vec![0.0; end_inside(0) as usize];
    for i in 1..=larger {
        let (from, to) = (first_inside(i), end_inside(i));
        if to <= from {
            return 1.0;
        }
        let mut left = if from == 0 { 0.0 } else { 1.0 };
        let mut next = Vec::with_capacity((to - from) as usize);
        for j in from..to {
            let below = row.get((j - begin) as usize).copied().unwrap_or(1.0);
            left = (below * i as f64 + left * j as f64) / (i + j) as f64;
            next.push(left);
        }
        (begin, row) = (from, next);
    }
    row.last().copied().unwrap_or(1.0)
}

/// The p-value of one sample of `n₁n₂ / (n₁ + n₂)` values, rounded, as SciPy takes it.
pub fn asymptotic_p_value(first: u64, second: u64, statistic: f64) -> f64 {
    let (first, second) = (first as f64, second as f64);
    let effective = (first * second / (first + second)).round_ties_even().max(1.0);
    kolmogorov::survival(effective as u64, statistic)
}

fn greatest_common_divisor(left: u64, right: u64) -> u64 {
    if right == 0 { left } else { greatest_common_divisor(right, left % right) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::random::SplitMix64;

    /// Distance by its definition, and the p-value by walking every path.
    fn by_definition(first: &[f64], second: &[f64]) -> f64 {
        let share = |sample: &[f64], at: f64| sample.iter().filter(|&&value| value <= at).count() as f64 / sample.len() as f64;
        first.iter().chain(second).map(|&at| (share(first, at) - share(second, at)).abs()).fold(0.0, f64::max)
    }

    #[test]
    fn the_distance_is_the_one_of_the_definition() {
        let mut random = SplitMix64::new(11);
        for round in 0..300 {
            let values = 1 + random.below(12);
            let draw = |count: usize, random: &mut SplitMix64| (0..count).map(|_| random.below(values) as f64 - 3.0).collect::<Vec<f64>>();
            let (left, right) = (1 + random.below(30), 1 + random.below(30));
            let (first, second) = (draw(left, &mut random), draw(right, &mut random));
            let test = two_sample(&first, &second, PValue::Auto).unwrap();
            assert!((test.statistic - by_definition(&first, &second)).abs() < 1e-12, "round {round}");
            let swapped = two_sample(&second, &first, PValue::Auto).unwrap();
            assert!((swapped.p_value - test.p_value).abs() < 1e-12 && swapped.statistic == test.statistic);
        }
    }

    #[test]
    fn exact_shares_are_those_of_all_paths() {
        fn touching(at: (i64, i64), sizes: (i64, i64), steps: i64) -> (u64, u64) {
            let lcm = sizes.0 * sizes.1 / greatest_common_divisor(sizes.0 as u64, sizes.1 as u64) as i64;
            fn walk(at: (i64, i64), sizes: (i64, i64), lcm: i64, steps: i64, touched: bool) -> (u64, u64) {
                let touched = touched || (at.0 * lcm / sizes.0 - at.1 * lcm / sizes.1).abs() >= steps;
                if at == sizes {
                    return (u64::from(touched), 1);
                }
                let mut sum = (0, 0);
                for next in [(at.0 + 1, at.1), (at.0, at.1 + 1)] {
                    if next.0 <= sizes.0 && next.1 <= sizes.1 {
                        let part = walk(next, sizes, lcm, steps, touched);
                        sum = (sum.0 + part.0, sum.1 + part.1);
                    }
                }
                sum
            }
            walk(at, sizes, lcm, steps, false)
        }
        for (first, second) in [(4, 4), (5, 3), (6, 4), (2, 7), (6, 6)] {
            for steps in 1..=first * second {
                let (outside, all) = touching((0, 0), (first, second), steps);
                let share = exact_p_value(first as u64, second as u64, steps as u64).unwrap();
                assert!((share - outside as f64 / all as f64).abs() < 1e-12, "{first} {second} {steps}");
            }
        }
    }

    #[test]
    fn where_and_which_way() {
        let test = two_sample(&[1.0, 2.0, 2.0, 3.0], &[2.5, 4.0, 5.0, 6.0], PValue::Auto).unwrap();
        assert_eq!((test.statistic, test.location, test.first_is_larger, test.exact), (0.75, 2.0, true, true));
        let test = two_sample(&[9.0, 8.0], &[-0.0, 0.0, 1.0], PValue::Asymptotic).unwrap();
        assert_eq!((test.statistic, test.location, test.first_is_larger, test.exact), (1.0, 1.0, false, false));
        assert_eq!(two_sample(&[], &[1.0], PValue::Auto), None);
        assert_eq!(two_sample(&[f64::NAN], &[1.0], PValue::Auto), None);
        assert_eq!(two_sample(&[f64::INFINITY], &[f64::INFINITY], PValue::Auto).unwrap().p_value, 1.0);
    }
}
