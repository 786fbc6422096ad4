//! Sums per code: built from rows, subtracted from the parent's, and the rows moved to their children.
//!
//! All sums are integers, so a histogram does not depend on the order of the rows, and the larger
//! child's is exactly its parent's minus its sibling's.

use super::bins::{BinnedMatrix, CodeColumn, NARROW_CODES};
use super::cells::HistogramCell;

/// Cells by code for all columns, zero between uses.
pub(crate) struct DenseCells<C> {
    /// Narrow columns in order. A little longer than the codes, so that equal codes of neighbouring
    /// columns do not fall on addresses that differ by a multiple of 4,096.
    narrow: Vec<[C; NARROW_CODES + 12]>,
    wide: Vec<Vec<C>>,
    /// Bins of the members of joint columns.
    members: Vec<Vec<C>>,
}

impl<C: HistogramCell> DenseCells<C> {
    pub(crate) fn new(binned: &BinnedMatrix) -> Self {
        let narrow = binned.columns.iter().filter(|column| !column.wide).count();
        let wide = binned.columns[narrow..].iter().map(|column| vec![C::default(); column.codes]).collect();
        let joint_members = binned.columns.iter().flat_map(|column| &column.members).filter(|member| !member.bin_of_code.is_empty());
        let members = joint_members.map(|member| vec![C::default(); binned.features[member.feature].len() + 1]).collect();
        DenseCells { narrow: vec![[C::default(); NARROW_CODES + 12]; narrow], wide, members }
    }

    /// Adds rows to the cells: packed values, and words of codes.
    pub(crate) fn add_rows<'a>(&mut self, columns: &[CodeColumn], values: &[u64], words: impl Iterator<Item = &'a [u64]>) {
        let mut first = 0;
        for (word, codes) in words.enumerate() {
            let of_word = columns[first..].iter().take_while(|column| column.word == word).count();
            if columns[first].wide {
                let from = first - self.narrow.len();
                for (column, cells) in columns[first..].iter().zip(&mut self.wide[from..from + of_word]) {
                    add_wide(column.shift, values, codes, cells);
                }
            } else {
                add_narrow(values, codes, &mut self.narrow[first..first + of_word]);
            }
            first += of_word;
        }
    }

    /// Adds another's cells to these and leaves zeros there.
    pub(crate) fn absorb(&mut self, other: &mut Self) {
        let narrow = self.narrow.iter_mut().flatten().zip(other.narrow.iter_mut().flatten());
        let wide = self.wide.iter_mut().flatten().zip(other.wide.iter_mut().flatten());
        narrow.chain(wide).for_each(|(cell, other)| cell.add(std::mem::take(other)));
    }

    fn column(&mut self, index: usize) -> &mut [C] {
        let narrow = self.narrow.len();
        if index < narrow { &mut self.narrow[index] } else { &mut self.wide[index - narrow] }
    }
}

fn add_narrow<C: HistogramCell>(values: &[u64], codes: &[u64], columns: &mut [[C; NARROW_CODES + 12]]) {
    match columns.len() {
        1 => add_narrow_columns::<1, C>(values, codes, columns),
        2 => add_narrow_columns::<2, C>(values, codes, columns),
        3 => add_narrow_columns::<3, C>(values, codes, columns),
        4 => add_narrow_columns::<4, C>(values, codes, columns),
        5 => add_narrow_columns::<5, C>(values, codes, columns),
        6 => add_narrow_columns::<6, C>(values, codes, columns),
        7 => add_narrow_columns::<7, C>(values, codes, columns),
        _ => add_narrow_columns::<8, C>(values, codes, columns),
    }
}

/// A known number of columns lets the compiler unroll and drop every bounds check.
fn add_narrow_columns<const COLUMNS: usize, C: HistogramCell>(values: &[u64], codes: &[u64], columns: &mut [[C; NARROW_CODES + 12]]) {
    let Some(columns) = columns.first_chunk_mut::<COLUMNS>() else { return };
    for (&value, &word) in values.iter().zip(codes) {
        let cell = C::of_row(value);
        for (position, column) in columns.iter_mut().enumerate() {
            column[usize::from((word >> (8 * position)) as u8)].add(cell);
        }
    }
}

fn add_wide<C: HistogramCell>(shift: u32, values: &[u64], codes: &[u64], cells: &mut [C]) {
    for (&value, &word) in values.iter().zip(codes) {
        cells[usize::from((word >> shift) as u16)].add(C::of_row(value));
    }
}

/// The cells of what occurs in a node, in ascending order: the codes of every column, then the bins of
/// every member of a joint column.
#[derive(Clone, Debug)]
pub(crate) struct NodeHistogram<C> {
    /// Where the entries of each column and member begin and end.
    spans: Vec<(usize, usize)>,
    codes: Vec<u16>,
    cells: Vec<C>,
}

impl<C> Default for NodeHistogram<C> {
    fn default() -> Self {
        NodeHistogram { spans: Vec::new(), codes: Vec::new(), cells: Vec::new() }
    }
}

impl<C: HistogramCell> NodeHistogram<C> {
    /// The entries of one column, or of a joint column's member where `index` is past the columns.
    pub(crate) fn entries(&self, index: usize) -> (&[u16], &[C]) {
        let (begin, end) = self.spans[index];
        (&self.codes[begin..end], &self.cells[begin..end])
    }

    /// Takes the cells of a root out of `dense` and leaves zeros.
    pub(crate) fn take(&mut self, columns: &[CodeColumn], dense: &mut DenseCells<C>) {
        self.spans.clear();
        self.codes.clear();
        self.cells.clear();
        for (index, column) in columns.iter().enumerate() {
            self.take_all(&mut dense.column(index)[..column.codes]);
        }
        let mut derived = 0;
        for (index, column) in columns.iter().enumerate() {
            for member in column.members.iter().filter(|member| !member.bin_of_code.is_empty()) {
                let bins = &mut dense.members[derived];
                let (codes, cells) = self.entries(index);
                marginalise(codes, cells, &member.bin_of_code, bins);
                self.take_all(bins);
                derived += 1;
            }
        }
    }

    fn take_all(&mut self, dense: &mut [C]) {
        let begin = self.codes.len();
        for (code, cell) in dense.iter_mut().enumerate().filter(|(_, cell)| cell.rows() > 0) {
            self.codes.push(code as u16);
            self.cells.push(std::mem::take(cell));
        }
        self.spans.push((begin, self.codes.len()));
    }

    /// Takes a child's cells out of `dense` into `child`, leaves zeros there and its sibling's cells here.
    pub(crate) fn divide(&mut self, columns: &[CodeColumn], dense: &mut DenseCells<C>, child: &mut Self) {
        child.spans.clear();
        if child.codes.len() < self.codes.len() {
            child.codes.resize(self.codes.len(), 0);
            child.cells.resize(self.codes.len(), C::default());
        }
        for index in 0..columns.len() {
            self.divide_entries(index, dense.column(index), child);
        }
        let mut derived = 0;
        for (index, column) in columns.iter().enumerate() {
            for member in column.members.iter().filter(|member| !member.bin_of_code.is_empty()) {
                let bins = &mut dense.members[derived];
                let (codes, cells) = child.entries(index);
                marginalise(codes, cells, &member.bin_of_code, bins);
                self.divide_entries(columns.len() + derived, bins, child);
                derived += 1;
            }
        }
    }

    fn divide_entries(&mut self, index: usize, dense: &mut [C], child: &mut Self) {
        let (begin, end) = self.spans[index];
        let child_begin = child.spans.last().map_or(0, |span| span.1);
        let (mut kept, mut filled) = (begin, child_begin);
        for entry in begin..end {
            // Written without a branch: whether a code occurs in a child cannot be predicted.
            let (code, cell) = (self.codes[entry], self.cells[entry]);
            let part = std::mem::take(&mut dense[usize::from(code)]);
            let rest = cell.minus(part);
            child.codes[filled] = code;
            child.cells[filled] = part;
            filled += usize::from(part.rows() > 0);
            self.codes[kept] = code;
            self.cells[kept] = rest;
            kept += usize::from(rest.rows() > 0);
        }
        self.spans[index].1 = kept;
        child.spans.push((child_begin, filled));
    }
}

/// Adds the cells of a joint column's codes to the bins of one of its features.
fn marginalise<C: HistogramCell>(codes: &[u16], cells: &[C], bin_of_code: &[u16], bins: &mut [C]) {
    for (&code, &cell) in codes.iter().zip(cells) {
        bins[usize::from(bin_of_code[usize::from(code)])].add(cell);
    }
}

/// Which codes of a column go left.
#[derive(Clone, Debug)]
pub(crate) struct CodeSet {
    bits: Vec<u64>,
}

impl CodeSet {
    /// The empty set over `codes` codes.
    pub(crate) fn new(codes: usize) -> Self {
        CodeSet { bits: vec![0; codes.div_ceil(64).max(4)] }
    }

    /// Makes `code` a member or not.
    pub(crate) fn set(&mut self, code: usize, member: bool) {
        let word = &mut self.bits[code / 64];
        *word = *word & !(1 << (code % 64)) | u64::from(member) << (code % 64);
    }

    /// Makes the codes up to `last` members and those above it not.
    pub(crate) fn set_up_to(&mut self, last: usize) {
        for (word, first) in self.bits.iter_mut().zip((0usize..).step_by(64)) {
            let members = (last + 1).saturating_sub(first).min(64) as u32;
            *word = u64::MAX.checked_shr(64 - members).unwrap_or(0);
        }
    }

    fn has(&self, code: usize) -> bool {
        self.bits[code / 64] >> (code % 64) & 1 == 1
    }
}

/// Where a part of an array's rows goes.
pub(crate) struct RowPartition<'a> {
    pub(crate) source: &'a [u64],
    /// Places of the rows that go left, as many as there are.
    pub(crate) left: &'a mut [u64],
    /// Places of the rows that go right, as many as there are.
    pub(crate) right: &'a mut [u64],
}

/// Marks the rows whose code in `column` is in `goes_left`, one bit a row, and returns their number.
/// `marks` holds 64 rows a word.
pub(crate) fn mark_left(words: &[u64], column: &CodeColumn, goes_left: &CodeSet, marks: &mut [u64]) -> usize {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx512f") {
        return avx512::mark(words, column, goes_left, marks);
    }
    mark_left_portable(words, column, goes_left, marks)
}

fn mark_left_portable(words: &[u64], column: &CodeColumn, goes_left: &CodeSet, marks: &mut [u64]) -> usize {
    let mut count = 0;
    for (words, marks) in words.chunks(64).zip(marks) {
        *marks = words.iter().enumerate().fold(0, |marks, (bit, &word)| marks | u64::from(goes_left.has(column.code(word))) << bit);
        count += marks.count_ones() as usize;
    }
    count
}

/// Moves rows to their children, in order: the marked ones to the left. All arrays have the same rows.
pub(crate) fn divide_rows(moves: &mut [RowPartition<'_>], marks: &[u64]) {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx512f") {
        return avx512::divide(moves, marks);
    }
    divide_rows_portable(moves, marks);
}

fn divide_rows_portable(moves: &mut [RowPartition<'_>], marks: &[u64]) {
    for RowPartition { source, left, right } in moves {
        let (mut left, mut right) = (left.iter_mut(), right.iter_mut());
        for (row, &word) in source.iter().enumerate() {
            let goes_left = marks[row / 64] >> (row % 64) & 1 == 1;
            if let Some(place) = if goes_left { left.next() } else { right.next() } {
                *place = word;
            }
        }
    }
}

/// Moves the marked ones of up to 64 words to the front of `target`, in order, and returns their number.
pub(crate) fn keep_marked(marks: u64, source: &[u64], target: &mut [u64]) -> usize {
    #[cfg(target_arch = "x86_64")]
    if source.len() == 64 && is_x86_feature_detected!("avx512f") {
        return avx512::keep(marks, source, target);
    }
    keep_marked_portable(marks, source, target)
}

fn keep_marked_portable(marks: u64, source: &[u64], target: &mut [u64]) -> usize {
    let kept = source.iter().enumerate().filter(|(bit, _)| marks >> bit & 1 == 1);
    target.iter_mut().zip(kept).map(|(place, (_, &word))| *place = word).count()
}

/// The bodies of [`mark_left`], [`divide_rows`] and [`keep_marked`] for AVX-512.
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod avx512 {
    use std::arch::x86_64::*;

    use super::{CodeColumn, CodeSet, RowPartition};

    /// Eight rows are looked up in the code set at once.
    pub(super) fn mark(words: &[u64], column: &CodeColumn, goes_left: &CodeSet, marks: &mut [u64]) -> usize {
        assert!(words.len() <= 64 * marks.len() && goes_left.bits.len() >= 4);
        // SAFETY: the caller saw AVX-512F; the assertion is what the function wants.
        unsafe {
            if column.wide {
                mark_all::<true>(words, column.shift, &goes_left.bits, marks)
            } else {
                mark_all::<false>(words, column.shift, &goes_left.bits, marks)
            }
        }
    }

    /// `set` holds at least four words.
    #[target_feature(enable = "avx512f,popcnt")]
    unsafe fn mark_all<const WIDE: bool>(words: &[u64], shift: u32, set: &[u64], marks: &mut [u64]) -> usize {
        let shift = _mm_cvtsi32_si128(shift as i32);
        let last = _mm512_set1_epi64(set.len() as i64 - 1);
        let code_mask = _mm512_set1_epi64(if WIDE { 0xFFFF } else { 0xFF });
        let first_of_set = _mm512_setr_epi64(set[0] as i64, set[1] as i64, set[2] as i64, set[3] as i64, 0, 0, 0, 0);
        let mut count = 0;
        for (words, marks) in words.chunks(64).zip(marks) {
            *marks = 0;
            for first in (0..words.len()).step_by(8) {
                let present: __mmask8 = if words.len() - first >= 8 { 0xFF } else { (1 << (words.len() - first)) - 1 };
                // SAFETY: `present` admits only words that exist.
                let word = unsafe { _mm512_maskz_loadu_epi64(present, words.as_ptr().add(first).cast()) };
                let code = _mm512_and_si512(_mm512_srl_epi64(word, shift), code_mask);
                let place = _mm512_srli_epi64::<6>(code);
                let bits = if WIDE {
                    // SAFETY: places are at most the last one.
                    unsafe { _mm512_i64gather_epi64::<8>(_mm512_min_epu64(place, last), set.as_ptr().cast()) }
                } else {
                    _mm512_permutexvar_epi64(place, first_of_set)
                };
                let bit = _mm512_srlv_epi64(bits, _mm512_and_si512(code, _mm512_set1_epi64(63)));
                *marks |= u64::from(_mm512_test_epi64_mask(bit, _mm512_set1_epi64(1)) & present) << first;
            }
            count += marks.count_ones() as usize;
        }
        count
    }

    pub(super) fn divide(moves: &mut [RowPartition<'_>], marks: &[u64]) {
        let rows = moves.first().map_or(0, |rows| rows.source.len());
        assert!(moves.iter().all(|RowPartition { source, left, right }| source.len() == rows && left.len() + right.len() == rows));
        assert!(rows <= 64 * marks.len());
        // SAFETY: the caller saw AVX-512F; all arrays have `rows` words, and `store` stays within its target
        // whatever is marked.
        unsafe { divide_all(moves, marks, rows) }
    }

    /// Eight rows at once are compressed into either child.
    #[target_feature(enable = "avx512f,popcnt")]
    unsafe fn divide_all(moves: &mut [RowPartition<'_>], marks: &[u64], rows: usize) {
        let (mut next_left, mut next_right) = (0, 0);
        for first in (0..rows).step_by(8) {
            let present: __mmask8 = if rows - first >= 8 { 0xFF } else { (1 << (rows - first)) - 1 };
            let goes_left = (marks[first / 64] >> (first % 64)) as __mmask8 & present;
            let goes_right = present & !goes_left;
            for RowPartition { source, left, right } in moves.iter_mut() {
                // SAFETY: `present` admits only rows below `rows`.
                unsafe {
                    let words = _mm512_maskz_loadu_epi64(present, source.as_ptr().add(first).cast());
                    store(left, next_left, goes_left, words);
                    store(right, next_right, goes_right, words);
                }
            }
            next_left += goes_left.count_ones() as usize;
            next_right += goes_right.count_ones() as usize;
        }
    }

    pub(super) fn keep(marks: u64, source: &[u64], target: &mut [u64]) -> usize {
        assert!(source.len() == 64);
        // SAFETY: the caller saw AVX-512F; 64 words are read, and `store` stays within its target.
        unsafe { keep_all(marks, source, target) }
    }

    #[target_feature(enable = "avx512f,popcnt")]
    unsafe fn keep_all(marks: u64, source: &[u64], target: &mut [u64]) -> usize {
        let mut next = 0;
        for eight in 0..8 {
            let marked = (marks >> (8 * eight)) as __mmask8;
            // SAFETY: the source holds 64 words.
            unsafe { store(target, next, marked, _mm512_loadu_epi64(source.as_ptr().add(8 * eight).cast())) };
            next += marked.count_ones() as usize;
        }
        next.min(target.len())
    }

    /// Stores the marked words from `at` on, as far as the target reaches.
    #[target_feature(enable = "avx512f,popcnt")]
    unsafe fn store(target: &mut [u64], at: usize, marked: __mmask8, words: __m512i) {
        let packed = _mm512_maskz_compress_epi64(marked, words);
        // SAFETY: a full store is made only where eight words fit; what it writes past the marked words is
        // overwritten by later rows.
        unsafe {
            if at + 8 <= target.len() {
                _mm512_storeu_si512(target.as_mut_ptr().add(at).cast(), packed);
            } else if at < target.len() {
                let fits = (1u32 << (marked.count_ones() as usize).min(target.len() - at)) - 1;
                _mm512_mask_storeu_epi64(target.as_mut_ptr().add(at).cast(), fits as __mmask8, packed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::random::SplitMix64;

    #[test]
    fn both_bodies_keep_what_is_marked() {
        let mut random = SplitMix64::new(6);
        let source: Vec<u64> = (0..64).map(|_| random.next_u64()).collect();
        for marks in [0, u64::MAX, 1, 1 << 63, random.next_u64(), random.next_u64() & random.next_u64()] {
            for room in [64, marks.count_ones() as usize] {
                let (mut ours, mut portable) = (vec![0; room], vec![0; room]);
                let kept = keep_marked(marks, &source, &mut ours);
                assert_eq!(kept, marks.count_ones() as usize);
                assert_eq!(keep_marked_portable(marks, &source, &mut portable), kept);
                assert_eq!(ours[..kept], portable[..kept]);
            }
        }
        assert_eq!(keep_marked(0b101, &[7, 8, 9], &mut [0; 2]), 2);
    }

    #[test]
    fn both_bodies_divide_rows_alike() {
        let mut random = SplitMix64::stream(5, 0);
        for rows in (0usize..40).chain([63, 64, 65, 1000, 4097]) {
            for (shift, wide) in [(0, false), (24, false), (56, false), (0, true), (48, true)] {
                let codes = if wide { 1 << 16 } else { 256 };
                let words: Vec<u64> = (0..rows).map(|_| random.next_u64()).collect();
                let values: Vec<u64> = (0..rows).map(|_| random.next_u64()).collect();
                let column = CodeColumn { word: 0, shift, codes, wide, members: Vec::new() };
                let mut goes_left = CodeSet::new(codes);
                let share = random.below(257);
                (0..codes).for_each(|code| goes_left.set(code, random.below(256) < share));
                let (mut marks, mut marks_portable) = (vec![u64::MAX; rows.div_ceil(64)], vec![u64::MAX; rows.div_ceil(64)]);
                let count = mark_left(&words, &column, &goes_left, &mut marks);
                assert_eq!(mark_left_portable(&words, &column, &goes_left, &mut marks_portable), count);
                assert_eq!(marks, marks_portable);
                let divide = |by: fn(&mut [RowPartition<'_>], &[u64])| {
                    let mut moved = [vec![0; rows], vec![0; rows]];
                    let mut moves = moved.iter_mut().zip([&words, &values]).map(|(moved, source)| {
                        let (left, right) = moved.split_at_mut(count);
                        RowPartition { source, left, right }
                    });
                    by(&mut [moves.next(), moves.next()].map(|array| array.expect("two arrays")), &marks);
                    drop(moves);
                    moved
                };
                let moved = divide(divide_rows);
                assert_eq!(moved, divide(divide_rows_portable));
                let moved = &moved[0];
                assert!(moved[..count].iter().all(|&word| goes_left.has(column.code(word))));
            }
        }
    }
}
