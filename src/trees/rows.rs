//! The rows of a growing tree: moved, not pointed at, so that every node reads memory in order.

use rayon::prelude::*;

use super::bins::CodeColumn;
use super::histogram::{CodeSet, RowPartition, divide_rows, keep_marked, mark_left};

/// Rows that one task makes values of.
const PART: usize = 8192;

/// Rows that are marked, moved and added up while they are in the second-level cache.
const TOGETHER: usize = 4096;

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

    /// Replaces the rows by the first `rows` ones, on the current rayon pool; `make` is given the number of a
    /// row and makes the packed values from there on. The rows' `words` words of codes stay where they are
    /// and are given to [`Rows::all`].
    pub(crate) fn fill_all(&mut self, rows: usize, words: usize, make: impl Fn(usize, &mut [u64]) + Sync) {
        self.arrays.resize(1 + words, [Vec::new(), Vec::new()]);
        self.arrays.iter_mut().flatten().for_each(|array| array.resize(rows, 0));
        self.arrays[0][0].par_chunks_mut(PART).enumerate().for_each(|(part, values)| make(part * PART, values));
    }

    /// All rows, as the root of a tree; `words` where the root's words of codes are not those filled in.
    pub(crate) fn all<'a>(&'a mut self, words: Option<&'a [Vec<u64>]>) -> RowsMut<'a> {
        RowsMut { arrays: self.arrays.iter_mut().map(|[first, second]| [&mut first[..], &mut second[..]]).collect(), root_words: words }
    }
}

/// The rows of a subtree. A node at an even depth lives in the first twins, at an odd depth in the second,
/// always in the same range.
pub(crate) struct RowsMut<'a> {
    arrays: Vec<[&'a mut [u64]; 2]>,
    /// Words of codes of the root, where they are elsewhere.
    root_words: Option<&'a [Vec<u64>]>,
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
        let root_words = self.root_words.filter(|_| depth == 0);
        self.arrays[1..].iter().enumerate().map(move |(number, array)| match root_words {
            Some(words) => &words[number][from..to],
            None => &array[depth % 2][from..to],
        })
    }

    /// Moves the rows `from..to` of a node at `depth` into its children's places, in order: those
    /// whose code in the cut's column is in its set first. `left` is their number. `take` sees the moved
    /// rows of every array, part by part.
    pub(crate) fn divide(
        &mut self,
        depth: usize,
        from: usize,
        to: usize,
        left: usize,
        cut: Cut<'_>,
        mut take: impl FnMut(&[RowPartition<'_>]),
    ) {
        let mut rest: Vec<RowPartition<'_>> = self.moves(depth, from, to, left).collect();
        cut.divide(&mut rest, &mut take);
    }

    /// The same for all rows on all threads of the current rayon pool, in parts of `part` rows. `take` sees
    /// the moved rows with what `start` made for their part; what it made of all parts is returned.
    pub(crate) fn divide_in_parallel<S: Send>(
        &mut self,
        depth: usize,
        left: usize,
        cut: Cut<'_>,
        part: usize,
        start: impl Fn() -> S + Sync,
        take: impl Fn(&mut S, &[RowPartition<'_>]) + Sync,
    ) -> Vec<S> {
        let rows = self.len();
        let mut rest: Vec<RowPartition<'_>> = self.moves(depth, 0, rows, left).collect();
        let count = |words: &[u64]| words.chunks(TOGETHER).map(|words| cut.mark(words, &mut [0; TOGETHER / 64])).sum();
        let codes = rest[cut.codes()].source;
        let known = rows.saturating_sub(1) / part * part;
        let mut counts: Vec<usize> = codes[..known].par_chunks(part).map(count).collect();
        counts.push(left - counts.iter().sum::<usize>());
        let parts: Vec<Vec<RowPartition<'_>>> =
            counts.into_iter().map(|left| rest.iter_mut().map(|whole| split_off(whole, part, left)).collect()).collect();
        parts
            .into_par_iter()
            .map(|mut moves| {
                let mut state = start();
                cut.divide(&mut moves, &mut |moved| take(&mut state, moved));
                state
            })
            .collect()
    }

    fn moves(&mut self, depth: usize, from: usize, to: usize, left: usize) -> impl Iterator<Item = RowPartition<'_>> {
        let root_words = self.root_words.filter(|_| depth == 0);
        self.arrays.iter_mut().enumerate().map(move |(number, [first, second])| {
            let (source, target) = match root_words {
                Some(words) if number > 0 => (&words[number - 1][..], &mut **second),
                _ if depth.is_multiple_of(2) => (&**first, &mut **second),
                _ => (&**second, &mut **first),
            };
            let (left, right) = target[from..to].split_at_mut(left);
            RowPartition { source: &source[from..to], left, right }
        })
    }

    /// The first `left` rows and the others, below the root.
    pub(crate) fn split(self, left: usize) -> (RowsMut<'a>, RowsMut<'a>) {
        let (mut of_left, mut of_right) = (Vec::with_capacity(self.arrays.len()), Vec::with_capacity(self.arrays.len()));
        for [first, second] in self.arrays {
            let (first_left, first_right) = first.split_at_mut(left);
            let (second_left, second_right) = second.split_at_mut(left);
            of_left.push([first_left, second_left]);
            of_right.push([first_right, second_right]);
        }
        (RowsMut { arrays: of_left, root_words: None }, RowsMut { arrays: of_right, root_words: None })
    }
}

/// What sends a row left: its code in a column.
#[derive(Clone, Copy)]
pub(crate) struct Cut<'a> {
    pub(crate) column: &'a CodeColumn,
    pub(crate) goes_left: &'a CodeSet,
}

impl Cut<'_> {
    /// Index of the array that holds the column's word.
    fn codes(self) -> usize {
        1 + self.column.word
    }

    fn mark(self, words: &[u64], marks: &mut [u64; TOGETHER / 64]) -> usize {
        mark_left(words, self.column, self.goes_left, marks)
    }

    fn divide(self, rest: &mut [RowPartition<'_>], take: &mut impl FnMut(&[RowPartition<'_>])) {
        let mut marks = [0; TOGETHER / 64];
        while rest[0].source.len() > TOGETHER {
            let left = self.mark(&rest[self.codes()].source[..TOGETHER], &mut marks);
            let mut moves: Vec<RowPartition<'_>> = rest.iter_mut().map(|whole| split_off(whole, TOGETHER, left)).collect();
            divide_rows(&mut moves, &marks);
            take(&moves);
        }
        self.mark(rest[self.codes()].source, &mut marks);
        divide_rows(rest, &marks);
        take(rest);
    }
}

/// Takes the first `rows` rows (or all there are), of which `left` go left, out of a move.
fn split_off<'a>(whole: &mut RowPartition<'a>, rows: usize, left: usize) -> RowPartition<'a> {
    let rows = rows.min(whole.source.len());
    let (source, rest) = whole.source.split_at(rows);
    whole.source = rest;
    let (to_left, rest) = std::mem::take(&mut whole.left).split_at_mut(left);
    whole.left = rest;
    let (to_right, rest) = std::mem::take(&mut whole.right).split_at_mut(rows - left);
    whole.right = rest;
    RowPartition { source, left: to_left, right: to_right }
}
