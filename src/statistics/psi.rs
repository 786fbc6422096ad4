//! How far a distribution moved: the population stability index, `Σ (c - b) · ln(c / b)` over the
//! shares b of the baseline and c of the current values in bins of the baseline.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// Bins of the running system's rule.
const REFERENCE_BINS: usize = 10;
/// Share that it gives an empty bin.
const REFERENCE_FLOOR: f64 = 1e-4;
/// So many distinct values or fewer are levels, not a range.
const MOST_LEVELS: usize = 12;
/// Quantile bins of a range.
const QUANTILES: usize = 10;

/// Ten equal bins over a baseline's range, as the running system keeps them: enough to compute the PSI later.
///
/// ```
/// use hivectl::statistics::psi::EqualBins;
///
/// let baseline: Vec<f64> = (0..10).map(f64::from).collect();
/// let bins = EqualBins::learn(&baseline).expect("finite values");
/// assert_eq!(bins.counts, [1; 10]);
/// assert_eq!(bins.psi(&baseline), Some(0.0));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EqualBins {
    /// Ends of the range; half a unit around a constant.
    pub low: f64,
    pub high: f64,
    /// Baseline values by bin.
    pub counts: [u64; REFERENCE_BINS],
}

impl EqualBins {
    /// Learns from the baseline; `None` when it is empty or holds a value that is not finite.
    pub fn learn(baseline: &[f64]) -> Option<EqualBins> {
        if baseline.is_empty() || !baseline.iter().all(|value| value.is_finite()) {
            return None;
        }
        let bounds = baseline.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| (low.min(value), high.max(value)));
        let (low, high) = if bounds.0 == bounds.1 { (bounds.0 - 0.5, bounds.1 + 0.5) } else { bounds };
        let bins = EqualBins { low, high, counts: [0; REFERENCE_BINS] };
        Some(EqualBins { counts: bins.count(baseline), ..bins })
    }

    /// PSI of `current`; `None` when it is empty or holds a value that is not finite.
    pub fn psi(&self, current: &[f64]) -> Option<f64> {
        if current.is_empty() || !current.iter().all(|value| value.is_finite()) {
            return None;
        }
        let shares = |counts: [u64; REFERENCE_BINS], total: u64| {
            counts.map(|count| (count as f64 / total as f64).max(if count == 0 { REFERENCE_FLOOR } else { 0.0 }))
        };
        // Every baseline value lies in a bin, so their counts are the total.
        let baseline = shares(self.counts, self.counts.iter().sum());
        Some(psi_of_shares(baseline.into_iter().zip(shares(self.count(current), current.len() as u64))))
    }

    fn count(&self, values: &[f64]) -> [u64; REFERENCE_BINS] {
        let step = (self.high - self.low) / REFERENCE_BINS as f64;
        let mut edges: Vec<f64> = (0..=REFERENCE_BINS).map(|edge| edge as f64 * step + self.low).collect();
        edges[REFERENCE_BINS] = self.high;
        let mut counts = [0u64; REFERENCE_BINS];
        for &value in values.iter().filter(|&&value| value >= self.low && value <= self.high) {
            counts[edges.partition_point(|&edge| edge <= value).clamp(1, REFERENCE_BINS) - 1] += 1;
        }
        counts
    }
}

/// PSI as the running system computes it: ten equal bins over the baseline's range, the last one
/// closed; current values outside the range fall into no bin but count in the total; a share of 0
/// becomes 0.0001. `None` when a list is empty or holds a value that is not finite.
///
/// It alarms above 0.25. Values that leave the range *lower* it; [`Bins`] does not lose them.
pub fn reference_psi(baseline: &[f64], current: &[f64]) -> Option<f64> {
    EqualBins::learn(baseline)?.psi(current)
}

fn psi_of_shares(shares: impl Iterator<Item = (f64, f64)>) -> f64 {
    shares.map(|(baseline, current)| (current - baseline) * (current / baseline).ln()).sum()
}

/// Bins of a baseline that hold every value to come.
///
/// ```
/// use hivectl::statistics::psi::Bins;
///
/// let bins = Bins::learn(&[1.0, 1.0, 2.0, 3.0]).expect("values");
/// assert_eq!(bins, Bins::Levels(vec![1.0, 2.0, 3.0]));
/// // One of each level, then the values never seen, then NaN.
/// assert_eq!(bins.counts(&[1.0, 2.5, f64::NAN]), [1, 0, 0, 1, 1]);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bins {
    /// The distinct values of the baseline, ascending; any other value is new.
    Levels(Vec<f64>),
    /// Ascending: the smallest value, the deciles that differ, the largest. A bin holds (low, high];
    /// the smallest value itself is in the first; two more bins lie outside.
    Range(Vec<f64>),
}

impl Bins {
    /// Learns from the baseline, NaN left out; `None` when nothing is left.
    pub fn learn(baseline: &[f64]) -> Option<Self> {
        let mut values: Vec<f64> = baseline.iter().copied().filter(|value| !value.is_nan()).collect();
        values.sort_unstable_by(f64::total_cmp);
        let (&lowest, &highest) = (values.first()?, values.last()?);
        let count = values.len();
        let mut levels: Vec<f64> = Vec::new();
        for &value in &values {
            if levels.last() != Some(&value) {
                levels.push(value);
            }
            if levels.len() > MOST_LEVELS {
                break;
            }
        }
        if levels.len() <= MOST_LEVELS {
            return Some(Bins::Levels(levels));
        }
        // The q-th decile is the smallest value with at least q/10 of the values at or below it.
        let deciles = (1..QUANTILES).map(|decile| values[(decile * count).div_ceil(QUANTILES) - 1]);
        let mut edges = vec![lowest];
        edges.extend(deciles.filter(|&decile| decile < highest));
        edges.push(highest);
        edges.dedup();
        Some(Bins::Range(edges))
    }

    /// Number of bins, with those for values that the baseline did not have and for missing ones.
    pub fn count(&self) -> usize {
        match self {
            Bins::Levels(levels) => levels.len() + 2,
            Bins::Range(edges) => edges.len() + 2,
        }
    }

    /// How many of `values` each bin holds. Levels: each level, new, missing (NaN). Range: below, each
    /// bin, above, missing.
    pub fn counts(&self, values: &[f64]) -> Vec<u64> {
        let mut counts = vec![0; self.count()];
        values.iter().for_each(|&value| counts[self.place(value)] += 1);
        counts
    }

    /// The bin that holds `value`, in the order of [`Bins::counts`].
    pub fn place(&self, value: f64) -> usize {
        if value.is_nan() {
            return self.count() - 1;
        }
        match self {
            Bins::Levels(levels) => {
                let place = levels.partition_point(|&level| level < value);
                if levels.get(place) == Some(&value) { place } else { levels.len() }
            }
            Bins::Range(edges) if value == edges[0] => 1,
            Bins::Range(edges) => edges.partition_point(|&edge| edge < value),
        }
    }
}

/// Rows that are placed together: what is in the innermost memory stays there.
const CHUNK: usize = 1_024;

impl Bins {
    /// [`Bins::place`] of every value, without a jump: several times as fast.
    pub fn places(&self, values: impl ExactSizeIterator<Item = f64>) -> Vec<u8> {
        let mut places = Vec::with_capacity(values.len());
        let mut values = values.peekable();
        let mut chunk = Vec::with_capacity(CHUNK);
        while values.peek().is_some() {
            chunk.clear();
            chunk.extend(values.by_ref().take(CHUNK));
            let start = places.len();
            places.resize(start + chunk.len(), 0);
            self.place_chunk(&chunk, &mut places[start..]);
        }
        places
    }

    /// Adds how many of `values` each bin holds to `counts`, in the order of [`Bins::counts`], without a jump and without
    /// a place kept: values are compared with each edge in turn, several at once.
    pub fn add_counts(&self, values: &[f32], counts: &mut [u64]) {
        let edges = match self {
            Bins::Levels(edges) | Bins::Range(edges) => edges,
        };
        let narrow: Vec<f32> = edges.iter().map(|&edge| edge as f32).collect();
        if narrow.iter().zip(edges).any(|(&narrow, &edge)| f64::from(narrow) != edge) {
            values.iter().for_each(|&value| counts[self.place(f64::from(value))] += 1);
            return;
        }
        let mut found = vec![0u64; edges.len()];
        let (mut missing, mut lowest) = (0u64, 0u64);
        for chunk in values.chunks(CHUNK) {
            let many = |test: &dyn Fn(&[f32]) -> u32| u64::from(test(chunk));
            let (before, first) = (found.iter().sum::<u64>(), found[0] + lowest);
            for (found, &edge) in found.iter_mut().zip(&narrow) {
                *found += match self {
                    Bins::Levels(_) => many(&|chunk| chunk.iter().map(|&value| u32::from(value == edge)).sum()),
                    Bins::Range(_) => many(&|chunk| chunk.iter().map(|&value| u32::from(value > edge)).sum()),
                };
            }
            let (placed, all) = match self {
                Bins::Levels(_) => (found.iter().sum::<u64>() - before, chunk.len() as u64),
                Bins::Range(_) => {
                    lowest += many(&|chunk| chunk.iter().map(|&value| u32::from(value == narrow[0])).sum());
                    (found[0] + lowest - first, chunk.len() as u64)
                }
            };
            // Most chunks hold nothing that is missing, and then nothing is left over.
            if placed < all {
                missing += many(&|chunk| chunk.iter().map(|value| u32::from(value.is_nan())).sum());
            }
        }
        let all = values.len() as u64;
        let last = self.count() - 1;
        counts[last] += missing;
        match self {
            Bins::Levels(_) => {
                counts.iter_mut().zip(&found).for_each(|(count, found)| *count += found);
                counts[last - 1] += all - missing - found.iter().sum::<u64>();
            }
            Bins::Range(_) => {
                counts[0] += all - missing - found[0] - lowest;
                counts[1] += lowest;
                let above = found.iter().skip(1).chain(std::iter::once(&0));
                found.iter().zip(above).zip(&mut counts[1..]).for_each(|((found, above), count)| *count += found - above);
            }
        }
    }

    fn place_chunk(&self, values: &[f64], places: &mut [u8]) {
        let missing = (self.count() - 1) as u8;
        match self {
            Bins::Levels(levels) => {
                places.fill(levels.len() as u8);
                for (place, &level) in levels.iter().enumerate() {
                    let back = (levels.len() - place) as u8;
                    places.iter_mut().zip(values).for_each(|(place, &value)| *place -= back * u8::from(value == level));
                }
                places.iter_mut().zip(values).for_each(|(place, &value)| *place += u8::from(value.is_nan()));
            }
            Bins::Range(edges) => {
                let lowest = edges[0];
                places.iter_mut().zip(values).for_each(|(place, &value)| *place = u8::from(value == lowest));
                for &edge in edges {
                    places.iter_mut().zip(values).for_each(|(place, &value)| *place += u8::from(edge < value));
                }
                places.iter_mut().zip(values).for_each(|(place, &value)| *place += missing * u8::from(value.is_nan()));
            }
        }
    }
}

/// PSI of two counts, with what would be found if nothing had moved.
///
/// ```
/// use hivectl::statistics::psi::psi;
///
/// let same = psi(&[500, 500], &[50, 50]).expect("counts of the same bins");
/// assert_eq!((same.value, same.bins), (0.0, 2));
/// let moved = psi(&[500, 500], &[300, 700]).expect("counts of the same bins");
/// assert!(moved.value > 0.1 && moved.p_value < 0.001);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Psi {
    /// The PSI itself; 0 for equal shares.
    pub value: f64,
    /// Its mean when both come from one distribution and rows are independent: (bins - 1)(1/n + 1/m).
    pub expected: f64,
    /// Chance of such a value, or a larger one, in that case (Yurdakul, 2018: PSI / (1/n + 1/m) is
    /// χ² with bins - 1 degrees of freedom).
    pub p_value: f64,
    /// Bins that hold a value on either side.
    pub bins: usize,
}

/// Compares counts in the same bins; half a value is added to each bin so that an empty one does not
/// make the PSI infinite, and bins that are empty on both sides do not count.
///
/// `None` when one side holds nothing or the lists differ in length.
pub fn psi(baseline: &[u64], current: &[u64]) -> Option<Psi> {
    let (total_baseline, total_current) = (baseline.iter().sum::<u64>() as f64, current.iter().sum::<u64>() as f64);
    if baseline.len() != current.len() || total_baseline == 0.0 || total_current == 0.0 {
        return None;
    }
    let used = || baseline.iter().zip(current).filter(|(before, now)| **before + **now > 0);
    let bins = used().count();
    let half = 0.5 * bins as f64;
    let share = |count: u64, total: f64| (count as f64 + 0.5) / (total + half);
    let value = psi_of_shares(used().map(|(&before, &now)| (share(before, total_baseline), share(now, total_current))));
    let noise = 1.0 / total_baseline + 1.0 / total_current;
    let p_value = match ChiSquared::new(bins as f64 - 1.0) {
        Ok(distribution) if bins > 1 => distribution.sf(value / noise),
        _ => 1.0,
    };
    Some(Psi { value, expected: (bins as f64 - 1.0) * noise, p_value, bins })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::random::SplitMix64;

    #[test]
    fn places_of_many_are_those_of_each() {
        let values: Vec<f64> = (0..3_000).map(|row| f64::from(row % 97) / 7.0).collect();
        let strange = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.0, 1.0, 2.0, 2.5, 96.0 / 7.0, 1e9];
        for baseline in [values.clone(), vec![0.0, 1.0, 2.0, 1.0], vec![5.0]] {
            let bins = Bins::learn(&baseline).unwrap();
            let all: Vec<f64> = values.iter().chain(&strange).copied().collect();
            let expected: Vec<u8> = all.iter().map(|&value| bins.place(value) as u8).collect();
            assert_eq!(bins.places(all.iter().copied()), expected);
            let narrow: Vec<f32> = all.iter().map(|&value| value as f32).collect();
            let wide: Vec<f64> = narrow.iter().copied().map(f64::from).collect();
            for bins in [bins, Bins::learn(&wide[..3_000]).unwrap()] {
                let mut counts = vec![1; bins.count()];
                bins.add_counts(&narrow, &mut counts);
                assert_eq!(counts, bins.counts(&wide).iter().map(|count| count + 1).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn equal_shares_have_psi_zero_and_a_shift_has_not() {
        let baseline: Vec<f64> = (0..1_000).map(f64::from).collect();
        assert_eq!(reference_psi(&baseline, &baseline), Some(0.0));
        let bins = Bins::learn(&baseline).unwrap();
        let same = psi(&bins.counts(&baseline), &bins.counts(&baseline)).unwrap();
        assert_eq!((same.value, same.bins, same.p_value), (0.0, 10, 1.0));
        let shifted: Vec<f64> = baseline.iter().map(|value| value + 150.0).collect();
        let moved = psi(&bins.counts(&baseline), &bins.counts(&shifted)).unwrap();
        assert!(moved.value > 0.5 && moved.p_value < 1e-9, "{moved:?}");
    }

    #[test]
    fn values_outside_the_range_are_lost_by_one_rule_and_not_by_the_other() {
        let baseline: Vec<f64> = (0..1_000).map(f64::from).collect();
        let mut current = baseline.clone();
        current[..100].fill(1e9);
        current[100..150].fill(-5.0);
        current[150..170].fill(f64::NAN);
        let counts = Bins::learn(&baseline).unwrap().counts(&current);
        assert_eq!((counts[0], counts[11], counts[12]), (50, 100, 20));
        assert_eq!(counts.iter().sum::<u64>(), 1_000);
        assert_eq!(reference_psi(&baseline, &current), None);
    }

    #[test]
    fn few_values_are_levels() {
        let bins = Bins::learn(&[3.0, 1.0, 1.0, f64::NAN, 2.0]).unwrap();
        assert_eq!(bins, Bins::Levels(vec![1.0, 2.0, 3.0]));
        assert_eq!(bins.counts(&[1.0, 2.5, 3.0, f64::NAN, 1.0]), [2, 0, 1, 1, 1]);
        assert_eq!(Bins::learn(&[f64::NAN]), None);
        let constant = Bins::learn(&[5.0; 10]).unwrap();
        assert_eq!(psi(&constant.counts(&[5.0; 10]), &constant.counts(&[5.0; 3])).unwrap().p_value, 1.0);
        assert_eq!(psi(&[1], &[0]), None);
    }

    #[test]
    fn heaped_values_keep_their_decile_edges_apart() {
        let mut baseline = vec![10.0; 600];
        baseline.extend((0..400).map(|value| 20.0 + f64::from(value)));
        let Bins::Range(edges) = Bins::learn(&baseline).unwrap() else { panic!("a range") };
        assert_eq!(edges[0], 10.0);
        assert!(edges.windows(2).all(|pair| pair[0] < pair[1]), "{edges:?}");
        let counts = Bins::Range(edges).counts(&baseline);
        assert_eq!((counts[0], counts.iter().sum::<u64>()), (0, 1_000));
    }

    #[test]
    fn without_drift_the_index_is_on_average_what_is_expected() {
        let mut random = SplitMix64::new(8);
        let (mut sum, mut alarms) = (0.0, 0);
        for _ in 0..400 {
            let mut draw = |count: usize| (0..count).map(|_| random.unit()).collect::<Vec<f64>>();
            let (baseline, current) = (draw(5_000), draw(1_000));
            let edges = Bins::Range((0..=10).map(|edge| f64::from(edge) / 10.0).collect());
            let found = psi(&edges.counts(&baseline), &edges.counts(&current)).unwrap();
            sum += found.value / found.expected;
            alarms += usize::from(found.p_value < 0.05);
        }
        assert!((sum / 400.0 - 1.0).abs() < 0.08, "{}", sum / 400.0);
        assert!((8..=34).contains(&alarms), "{alarms} of 400 below 5 %");
    }
}
