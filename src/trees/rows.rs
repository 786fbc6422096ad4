//! The rows of a growing tree: moved, not pointed at, so that every node reads memory in order.

use super::bins::Column;
use super::histogram::{CodeSet, divide_rows};

/// Arrays of 64-bit words, one word a row, each with a twin to move into: packed values first, then
/// the words of codes.
///
/// A node at an even depth lives in the first twin, at an odd depth in the second, always in the
/// same range.
pub(crate) struct Rows {
    arrays: Vec<[Vec<u64>; 2]>,
}

impl Rows {
    /// Room for rows of `words` words of codes.
    pub(crate) fn new(words: usize) -> Self {
        Rows { arrays: vec![[Vec::new(), Vec::new()]; 1 + words] }
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.arrays[0][0].len()
    }

    /// Replaces the rows by those of `weights` above 0; `value` makes a row's packed value.
    pub(crate) fn fill(&mut self, weights: &[u8], value: impl Fn(usize, u8) -> u64, words: &[Vec<u64>]) {
        let rows = weights.iter().filter(|&&weight| weight > 0).count();
        self.arrays.iter_mut().flatten().for_each(|array| array.resize(rows + 1, 0));
        // Every row is written, and only those in the bag are kept: a branch could not be predicted.
        let mut next = 0;
        for (row, &weight) in weights.iter().enumerate() {
            self.arrays[0][0][next] = value(row, weight);
            next += usize::from(weight > 0);
        }
        for (array, words) in self.arrays[1..].iter_mut().zip(words) {
            let mut next = 0;
            for (&weight, &word) in weights.iter().zip(words) {
                array[0][next] = word;
                next += usize::from(weight > 0);
            }
        }
        self.arrays.iter_mut().flatten().for_each(|array| array.truncate(rows));
    }

    /// Packed values of the rows `from..to` of a node at `depth`.
    pub(crate) fn values(&self, depth: usize, from: usize, to: usize) -> &[u64] {
        &self.arrays[0][depth % 2][from..to]
    }

    /// The words of codes of the rows `from..to` of a node at `depth`.
    pub(crate) fn words(&self, depth: usize, from: usize, to: usize) -> impl Iterator<Item = &[u64]> {
        self.arrays[1..].iter().map(move |array| &array[depth % 2][from..to])
    }

    /// Moves the rows `from..to` of a node at `depth` into its children's places, in order: those
    /// whose code in `column` is in `goes_left` first. `left` is their number.
    pub(crate) fn divide(&mut self, depth: usize, from: usize, to: usize, left: usize, column: &Column, goes_left: &CodeSet) {
        let mut arrays: Vec<(&[u64], &mut [u64])> = self
            .arrays
            .iter_mut()
            .map(|[first, second]| {
                if depth.is_multiple_of(2) { (&first[from..to], &mut second[from..to]) } else { (&second[from..to], &mut first[from..to]) }
            })
            .collect();
        divide_rows(&mut arrays, 1 + column.word, column, goes_left, left);
    }
}
