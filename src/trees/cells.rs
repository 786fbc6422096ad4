//! What is known of a set of rows: integers that add up and subtract exactly.

/// Bits of a row's packed value that hold its weight; its target stands above them.
const WEIGHT_BITS: u32 = 8;

/// Largest weight of a row.
pub(crate) const MOST_WEIGHT: u64 = (1 << WEIGHT_BITS) - 1;

/// Sums over a set of rows.
pub(crate) trait HistogramCell: Copy + Default + PartialEq + Send + Sync {
    /// The cell of one packed row.
    fn of_row(value: u64) -> Self;

    fn add(&mut self, other: Self);

    /// The rest when `part` is taken away.
    fn minus(self, part: Self) -> Self;

    /// Number of rows.
    fn rows(self) -> usize;

    /// Sum of the rows' weights.
    fn weight(self) -> f64;

    /// Whether all packed rows have one target.
    fn all_alike(values: &[u64]) -> bool;
}

/// One row with a numeric target as it is moved: weight (0 to [`MOST_WEIGHT`]) and weight × target.
pub(crate) fn pack_number(target: i64, weight: u8) -> u64 {
    ((target * i64::from(weight)) << WEIGHT_BITS) as u64 | u64::from(weight)
}

/// One row with a class as target.
pub(crate) fn pack_class(class: u8, weight: u8) -> u64 {
    u64::from(class) << WEIGHT_BITS | u64::from(weight)
}

/// Σ weight × target, Σ weight and the number of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SumCell {
    pub(crate) sum: i64,
    /// Weight in the upper half, number of rows in the lower: both grow by one addition.
    counts: u64,
}

impl SumCell {
    /// Σ weight as an integer.
    pub(crate) fn total_weight(self) -> u64 {
        self.counts >> 32
    }
}

impl HistogramCell for SumCell {
    fn of_row(value: u64) -> Self {
        SumCell { sum: value as i64 >> WEIGHT_BITS, counts: (value & MOST_WEIGHT) << 32 | 1 }
    }

    fn add(&mut self, other: Self) {
        self.sum = self.sum.wrapping_add(other.sum);
        self.counts = self.counts.wrapping_add(other.counts);
    }

    fn minus(self, part: Self) -> Self {
        SumCell { sum: self.sum.wrapping_sub(part.sum), counts: self.counts.wrapping_sub(part.counts) }
    }

    fn rows(self) -> usize {
        self.counts as u32 as usize
    }

    fn weight(self) -> f64 {
        self.total_weight() as f64
    }

    fn all_alike(values: &[u64]) -> bool {
        let target = |value: &u64| (*value as i64 >> WEIGHT_BITS).checked_div((value & MOST_WEIGHT) as i64);
        values.iter().all(|value| target(value) == target(&values[0]))
    }
}

/// Σ weight by class, and the number of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClassCell<const CLASSES: usize> {
    pub(crate) weights: [u32; CLASSES],
    rows: u32,
}

impl<const CLASSES: usize> Default for ClassCell<CLASSES> {
    fn default() -> Self {
        ClassCell { weights: [0; CLASSES], rows: 0 }
    }
}

impl<const CLASSES: usize> HistogramCell for ClassCell<CLASSES> {
    fn of_row(value: u64) -> Self {
        let class = (value >> WEIGHT_BITS) as usize;
        let weight = (value & MOST_WEIGHT) as u32;
        ClassCell { weights: std::array::from_fn(|index| if index == class { weight } else { 0 }), rows: 1 }
    }

    fn add(&mut self, other: Self) {
        self.weights.iter_mut().zip(other.weights).for_each(|(sum, weight)| *sum = sum.wrapping_add(weight));
        self.rows = self.rows.wrapping_add(other.rows);
    }

    fn minus(mut self, part: Self) -> Self {
        self.weights.iter_mut().zip(part.weights).for_each(|(sum, weight)| *sum = sum.wrapping_sub(weight));
        self.rows = self.rows.wrapping_sub(part.rows);
        self
    }

    fn rows(self) -> usize {
        self.rows as usize
    }

    fn weight(self) -> f64 {
        self.weights.iter().map(|&weight| f64::from(weight)).sum()
    }

    fn all_alike(values: &[u64]) -> bool {
        values.iter().all(|value| value >> WEIGHT_BITS == values[0] >> WEIGHT_BITS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_apart_adds_up() {
        let (a, b) = (SumCell::of_row(pack_number(-7, 3)), SumCell::of_row(pack_number(1 << 46, 255)));
        let mut both = a;
        both.add(b);
        assert_eq!((both.sum, both.total_weight(), both.rows()), (-21 + (255 << 46), 258, 2));
        assert_eq!(both.minus(b), a);
        let mut classes = ClassCell::<4>::of_row(pack_class(3, 7));
        classes.add(ClassCell::of_row(pack_class(0, 1)));
        assert_eq!((classes.weights, classes.rows(), classes.weight()), ([1, 0, 0, 7], 2, 8.0));
        assert_eq!(classes.minus(ClassCell::of_row(pack_class(3, 7))).weights, [1, 0, 0, 0]);
    }

    #[test]
    fn alike_is_told_by_target_and_not_by_weight() {
        assert!(SumCell::all_alike(&[pack_number(-5, 1), pack_number(-5, 3)]));
        assert!(!SumCell::all_alike(&[pack_number(-5, 1), pack_number(-4, 1)]));
        assert!(ClassCell::<2>::all_alike(&[pack_class(1, 1), pack_class(1, 3)]));
        assert!(!ClassCell::<2>::all_alike(&[pack_class(1, 1), pack_class(0, 1)]));
    }
}
