//! The rows of a growing tree: moved, not pointed at, so that every node reads memory in order.

use rayon::prelude::*;

use super::bins::Column;
use super::histogram::{CodeSet, Move, count_left, divide_rows, keep_marked};

/// Arrays of 64-bit words, one word a row, each with a twin to move into: packed values first, then
/// the words of codes.
#[derive(Default)]
pub(crate) struct Rows {
    arrays: Vec<[Vec<u64>; 2]>,
}

impl Rows {
    /// Replaces the rows by those marked in `bag`, one bit a row; `value` makes a row's packed value.
    pub(crate) fn fill(&mut self, bag: &[u64], value: impl Fn(usize) -> u64, words: &[Vec<u64>]) {
        let rows = bag.iter().map(|marks| marks.count_ones() as usize).sum();
        self.arrays.resize(1 + words.len(), [Vec::new(), Vec::new()]);
        self.arrays.iter_mut().flatten().for_each(|array| array.resize(rows, 0));
        let (values, codes) = self.arrays.split_at_mut(1);
        let mut next = 0;
        for (number, &marks) in bag.iter().enumerate() {
            let first = 64 * number;
            // All values are made: whether a row is in the bag cannot be predicted.
            let made: [u64; 64] = std::array::from_fn(|row| value(first + row));
            let kept = keep_marked(marks, &made, &mut values[0][0][next..]);
            for (array, words) in codes.iter_mut().zip(words) {
                keep_marked(marks, &words[first..words.len().min(first + 64)], &mut array[0][next..]);
            }
            next += kept;
        }
    }

    /// Replaces the rows by all of `values`, on the current rayon pool.
    pub(crate) fn fill_all(&mut self, rows: usize, value: impl Fn(usize) -> u64 + Sync, words: &[Vec<u64>]) {
        const PART: usize = 8192;
        self.arrays.resize(1 + words.len(), [Vec::new(), Vec::new()]);
        self.arrays.iter_mut().flatten().for_each(|array| array.resize(rows, 0));
        let (values, codes) = self.arrays.split_at_mut(1);
        values[0][0]
            .par_chunks_mut(PART)
            .enumerate()
            .for_each(|(part, values)| values.iter_mut().enumerate().for_each(|(row, packed)| *packed = value(part * PART + row)));
        for (array, words) in codes.iter_mut().zip(words) {
            array[0]
                .par_chunks_mut(PART)
                .zip(words.par_chunks(PART))
                .for_each(|(array, words)| array.copy_from_slice(&words[..array.len()]));
        }
    }

    /// All rows, as the root of a tree.
    pub(crate) fn all(&mut self) -> RowsMut<'_> {
        RowsMut { arrays: self.arrays.iter_mut().map(|[first, second]| [&mut first[..], &mut second[..]]).collect() }
    }
}

/// The rows of a subtree. A node at an even depth lives in the first twins, at an odd depth in the second,
/// always in the same range.
pub(crate) struct RowsMut<'a> {
    arrays: Vec<[&'a mut [u64]; 2]>,
}

impl<'a> RowsMut<'a> {
    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.arrays[0][0].len()
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
        let mut moves: Vec<Move<'_>> = self.moves(depth, from, to, left).collect();
        divide_rows(&mut moves, 1 + column.word, column, goes_left);
    }

    /// The same on all threads of the current rayon pool, in parts of `part` rows.
    pub(crate) fn divide_in_parallel(&mut self, depth: usize, left: usize, column: &Column, goes_left: &CodeSet, part: usize) {
        let codes = 1 + column.word;
        let rows = self.len();
        let mut rest: Vec<Move<'_>> = self.moves(depth, 0, rows, left).collect();
        let counts: Vec<usize> = rest[codes].source.par_chunks(part).map(|words| count_left(words, column, goes_left)).collect();
        let parts = counts.into_iter().map(|left| rest.iter_mut().map(|whole| split_off(whole, part, left)).collect());
        let mut parts: Vec<Vec<Move<'_>>> = parts.collect();
        parts.par_iter_mut().for_each(|moves| divide_rows(moves, codes, column, goes_left));
    }

    fn moves(&mut self, depth: usize, from: usize, to: usize, left: usize) -> impl Iterator<Item = Move<'_>> {
        self.arrays.iter_mut().map(move |[first, second]| {
            let (source, target) = if depth.is_multiple_of(2) { (&**first, &mut **second) } else { (&**second, &mut **first) };
            let (left, right) = target[from..to].split_at_mut(left);
            Move { source: &source[from..to], left, right }
        })
    }

    /// The first `left` rows and the others.
    pub(crate) fn split(self, left: usize) -> (RowsMut<'a>, RowsMut<'a>) {
        let (mut of_left, mut of_right) = (Vec::with_capacity(self.arrays.len()), Vec::with_capacity(self.arrays.len()));
        for [first, second] in self.arrays {
            let (first_left, first_right) = first.split_at_mut(left);
            let (second_left, second_right) = second.split_at_mut(left);
            of_left.push([first_left, second_left]);
            of_right.push([first_right, second_right]);
        }
        (RowsMut { arrays: of_left }, RowsMut { arrays: of_right })
    }
}

/// Takes the first `rows` rows (or all there are), of which `left` go left, out of a move.
fn split_off<'a>(whole: &mut Move<'a>, rows: usize, left: usize) -> Move<'a> {
    let rows = rows.min(whole.source.len());
    let (source, rest) = whole.source.split_at(rows);
    whole.source = rest;
    let (to_left, rest) = std::mem::take(&mut whole.left).split_at_mut(left);
    whole.left = rest;
    let (to_right, rest) = std::mem::take(&mut whole.right).split_at_mut(rows - left);
    whole.right = rest;
    Move { source, left: to_left, right: to_right }
}
