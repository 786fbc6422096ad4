//! The rows of a growing tree: moved, not pointed at, so that every node reads memory in order.

use super::bins::Column;

/// Arrays of 64-bit words, one word a row, each with a twin to move into: packed values first, then
/// the words of codes, then whatever else travels with a row.
///
/// A node at an even depth lives in the first twin, at an odd depth in the second, always in the
/// same range.
pub(crate) struct Rows {
    pub(crate) arrays: Vec<[Vec<u64>; 2]>,
    /// One bit a row: whether it goes left.
    marks: Vec<u64>,
}

impl Rows {
    /// Room for `arrays` arrays, to be filled by the caller.
    pub(crate) fn new(arrays: usize) -> Self {
        Rows { arrays: vec![[Vec::new(), Vec::new()]; arrays], marks: Vec::new() }
    }

    /// Makes the second twins as long as the first.
    pub(crate) fn settle(&mut self) {
        for [first, second] in &mut self.arrays {
            second.resize(first.len(), 0);
        }
    }

    /// Moves the rows `from..to` of a node at `depth` into its children's places, in order: those
    /// whose code in `column` is marked in `goes_left` first. `left` is their number.
    pub(crate) fn divide(&mut self, depth: usize, from: usize, to: usize, left: usize, column: &Column, goes_left: &[bool]) {
        let now = depth % 2;
        self.marks.clear();
        for words in self.arrays[1 + column.word][now][from..to].chunks(64) {
            let marks = words.iter().enumerate().fold(0, |marks, (bit, &word)| marks | u64::from(goes_left[column.code(word)]) << bit);
            self.marks.push(marks);
        }
        for [first, second] in &mut self.arrays {
            let (source, target) = if now == 0 { (first, second) } else { (second, first) };
            divide_array(&source[from..to], &mut target[from..to], left, &self.marks);
        }
    }
}

fn divide_array(source: &[u64], target: &mut [u64], left: usize, marks: &[u64]) {
    let (mut next_left, mut next_right) = (0, left);
    for (chunk, &marks) in source.chunks(64).zip(marks) {
        for (bit, &word) in chunk.iter().enumerate() {
            let goes_left = marks >> bit & 1 == 1;
            target[if goes_left { next_left } else { next_right }] = word;
            next_left += usize::from(goes_left);
            next_right += usize::from(!goes_left);
        }
    }
}
