//! The largest distance of two empirical distribution functions, without sorting the samples.
//!
//! Each value's bits become a whole number of the same order. Large samples are counted into buckets
//! of about equal content; at the buckets' ends the distance is then known exactly, and between them
//! bounded by what the bucket holds. Only buckets that could hold the maximum are sorted.

/// Below so many values in both samples together sorting is as fast.
const FEW: usize = 20_000;
/// Values drawn to learn where the values lie; each adds a bucket. More would not fit the cache.
const DRAWN: usize = 16_384;
/// Cells of the key range, as a power of 2.
const CELL_BITS: u32 = 13;

/// The largest distance in whole numbers, `|i · n₂ - j · n₁|` where i and j values are at or below
/// [`Gap::location`], so that nothing is rounded.
pub(super) struct Gap {
    pub products: u64,
    pub location: f64,
    /// Whether the first sample's distribution function is the larger one there.
    pub first_is_larger: bool,
}

/// `None` when a sample is empty or holds NaN.
pub(super) fn largest_gap(first: &[f64], second: &[f64]) -> Option<Gap> {
    let (range_first, range_second) = rayon::join(|| key_range(first), || key_range(second));
    let (range_first, range_second) = (range_first?, range_second?);
    let range = (range_first.0.min(range_second.0), range_first.1.max(range_second.1));
    let mut search = Search::new(first.len(), second.len());
    if first.len() + second.len() <= FEW {
        let sorted = |sample: &[f64]| sort(sample.iter().map(|&value| key(value)).collect());
        search.walk(&sorted(first), &sorted(second));
    } else {
        search_buckets(&mut search, &Buckets::learn(range, first, second), first, second);
    }
    Some(search.finish())
}

/// Adding zero turns -0 into 0; negative numbers are turned round, positive ones put above them.
fn key(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    let turned = ((bits as i64) >> 63) as u64 | 1 << 63;
    bits ^ turned
}

/// The number a key stands for.
fn value_of(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}

fn key_range(sample: &[f64]) -> Option<(u64, u64)> {
    let (mut low, mut high, mut broken) = (u64::MAX, u64::MIN, false);
    for &value in sample {
        let key = key(value);
        low = low.min(key);
        high = high.max(key);
        broken |= value.is_nan();
    }
    (!broken && !sample.is_empty()).then_some((low, high))
}

fn sort(mut keys: Vec<u64>) -> Vec<u64> {
    keys.sort_unstable();
    keys
}

/// Ascending buckets over the range of the keys: equal cells, each cut into as many equal buckets as
/// it holds of a drawn part of the values, and one.
struct Buckets {
    low: u64,
    shift: u32,
    /// First bucket of the cell, and how many.
    cells: Vec<(u32, u32)>,
    count: usize,
}

impl Buckets {
    fn learn((low, high): (u64, u64), first: &[f64], second: &[f64]) -> Self {
        let shift = (64 - (high - low).leading_zeros()).saturating_sub(CELL_BITS);
        let mut cells = vec![(0u32, 1u32); ((high - low) >> shift) as usize + 1];
        let all = first.len() + second.len();
        for sample in [first, second] {
            let part = (DRAWN * sample.len()).div_ceil(all).max(1);
            for value in sample.iter().step_by(sample.len().div_ceil(part)) {
                cells[((key(*value) - low) >> shift) as usize].1 += 1;
            }
        }
        let mut count = 0;
        for cell in &mut cells {
            cell.0 = count;
            count += cell.1;
        }
        Buckets { low, shift, cells, count: count as usize }
    }

    fn of(&self, key: u64) -> usize {
        let offset = key - self.low;
        let (first, count) = self.cells[(offset >> self.shift) as usize];
        let inside = offset & ((1 << self.shift) - 1);
        // 32 bits of the place inside the cell are enough to divide it, and cannot overflow.
        let part = if self.shift > 32 {
            ((inside >> (self.shift - 32)) * u64::from(count)) >> 32
        } else {
            (inside * u64::from(count)) >> self.shift
        };
        (u64::from(first) + part) as usize
    }

    fn counts(&self, sample: &[f64]) -> Vec<u32> {
        let mut counts = vec![0u32; self.count];
        sample.iter().for_each(|&value| counts[self.of(key(value))] += 1);
        counts
    }

    /// The keys in marked buckets, ascending. Most are sorted out by the cells that hold marked ones.
    fn gather(&self, sample: &[f64], marked: &[bool]) -> Vec<u64> {
        let holds = |&(first, count): &(u32, u32)| marked[first as usize..(first + count) as usize].contains(&true);
        let Some(lowest) = self.cells.iter().position(holds) else { return Vec::new() };
        let span = self.cells.iter().rposition(holds).unwrap_or(lowest) - lowest;
        let start = self.low + ((lowest as u64) << self.shift);
        let width = ((span as u64) << self.shift) | ((1 << self.shift) - 1);
        let near = sample.iter().map(|&value| key(value)).filter(|key| key.wrapping_sub(start) <= width);
        sort(near.filter(|&key| marked[self.of(key)]).collect())
    }
}

fn search_buckets(search: &mut Search, buckets: &Buckets, first: &[f64], second: &[f64]) {
    let (counts_first, counts_second) = rayon::join(|| buckets.counts(first), || buckets.counts(second));
    let counts = || counts_first.iter().zip(&counts_second).map(|(&left, &right)| (i64::from(left), i64::from(right)));
    let (sizes, mut gap, mut best) = (search.sizes, 0i64, 0i64);
    let gaps: Vec<(i64, i64)> = counts()
        .map(|(left, right)| {
            let before = gap;
            gap += left * sizes.1 - right * sizes.0;
            best = best.max(gap.abs());
            (before, gap)
        })
        .collect();
    // Inside, the distance can rise by what one sample holds, and must come back by what the other does.
    let reach = |(left, right): (i64, i64), (before, after): (i64, i64)| {
        let up = (before + left * sizes.1).min(after + right * sizes.0);
        let down = (right * sizes.0 - before).min(left * sizes.1 - after);
        up.max(down)
    };
    let marked: Vec<bool> = counts().zip(&gaps).map(|(counts, &gaps)| counts != (0, 0) && reach(counts, gaps) >= best).collect();
    let (keys_first, keys_second) = rayon::join(|| buckets.gather(first, &marked), || buckets.gather(second, &marked));
    let (mut place, mut seen) = ((0, 0), (0, 0));
    for ((left, right), marked) in counts().zip(marked) {
        if marked {
            let end = (place.0 + left as usize, place.1 + right as usize);
            search.seen = seen;
            search.walk(&keys_first[place.0..end.0], &keys_second[place.1..end.1]);
            place = end;
        }
        seen = (seen.0 + left, seen.1 + right);
    }
}

/// The largest distances met so far, above and below zero.
struct Search {
    sizes: (i64, i64),
    /// Values passed of each sample.
    seen: (i64, i64),
    highest: (i64, u64),
    lowest: (i64, u64),
}

impl Search {
    fn new(first: usize, second: usize) -> Self {
        Search { sizes: (first as i64, second as i64), seen: (0, 0), highest: (0, 0), lowest: (0, 0) }
    }

    /// Passes neighbouring keys of both samples, ascending; equal ones are passed together.
    fn walk(&mut self, first: &[u64], second: &[u64]) {
        let (mut left, mut right) = (first, second);
        while let Some(key) = left.first().into_iter().chain(right.first()).min().copied() {
            let equal = |keys: &[u64]| keys.iter().take_while(|&&next| next == key).count();
            let (passed_first, passed_second) = (equal(left), equal(right));
            (left, right) = (&left[passed_first..], &right[passed_second..]);
            self.seen = (self.seen.0 + passed_first as i64, self.seen.1 + passed_second as i64);
            let gap = self.seen.0 * self.sizes.1 - self.seen.1 * self.sizes.0;
            if gap > self.highest.0 || self.highest == (0, 0) {
                self.highest = (gap.max(0), key);
            }
            if gap < self.lowest.0 || self.lowest == (0, 0) {
                self.lowest = (gap.min(0), key);
            }
        }
    }

    fn finish(self) -> Gap {
        let first_is_larger = self.highest.0 >= -self.lowest.0;
        let (gap, key) = if first_is_larger { self.highest } else { self.lowest };
        Gap { products: gap.unsigned_abs(), location: value_of(key), first_is_larger }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::random::SplitMix64;

    #[test]
    fn keys_keep_the_order_and_give_the_number_back() {
        let ascending = [f64::NEG_INFINITY, -1.5, -1e-310, 0.0, 1e-310, 2.0, f64::INFINITY];
        let keys: Vec<u64> = ascending.iter().map(|&value| key(value)).collect();
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(keys.iter().map(|&key| value_of(key)).collect::<Vec<_>>(), ascending);
        assert_eq!(key(-0.0), key(0.0));
    }

    /// Many values by buckets and by sorting, in all shapes that could upset the buckets.
    #[test]
    fn buckets_find_what_sorting_finds() {
        let mut random = SplitMix64::new(21);
        let shapes: [fn(&mut SplitMix64) -> f64; 6] = [
            |random| random.unit(),
            |random| (random.unit() * 40.0 - 20.0).exp(),
            |random| (random.unit() * 30.0).floor(),
            |random| if random.below(3) == 0 { 0.0 } else { (random.unit() - 0.3) * 1e9 },
            |random| if random.below(50_000) == 0 { f64::INFINITY } else { 1.0 + random.unit() * 1e-12 },
            |_| 7.0,
        ];
        for (number, shape) in shapes.iter().enumerate() {
            for (size_first, size_second) in [(30_000, 30_000), (40_000, 123), (19_999, 20_001)] {
                let first: Vec<f64> = (0..size_first).map(|_| shape(&mut random)).collect();
                let mut second: Vec<f64> = (0..size_second).map(|_| shape(&mut random)).collect();
                second.iter_mut().step_by(50).for_each(|value| *value *= 1.0 + 1e-3);
                let found = largest_gap(&first, &second).unwrap();
                let mut search = Search::new(first.len(), second.len());
                let sorted = |sample: &[f64]| sort(sample.iter().map(|&value| key(value)).collect());
                search.walk(&sorted(&first), &sorted(&second));
                let expected = search.finish();
                assert_eq!(
                    (found.products, found.location, found.first_is_larger),
                    (expected.products, expected.location, expected.first_is_larger),
                    "shape {number}, {size_first} and {size_second}"
                );
            }
        }
    }

    #[test]
    fn no_values_and_not_a_number_have_no_gap() {
        assert!(largest_gap(&[], &[1.0]).is_none());
        assert!(largest_gap(&[1.0, f64::NAN], &[1.0]).is_none());
    }
}
