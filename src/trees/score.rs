//! What an ensemble answers, for many rows or one, from one compiled form.
//!
//! Rows go through a tree sixteen at a time without a branch, and trees are taken one after another for
//! a block of rows, so that a tree and the block stay in the first-level cache. Each kernel has two
//! bodies, one for AVX-512 and one for any processor; they find the same leaves, and the sums are made
//! in one place, so the answers are the same bits.

use rayon::prelude::*;

use super::compiled::{Compiled, Layout, MISSING_LEFT};
use super::ensemble::TreeEnsemble;
use super::forest::thread_pool;
use super::matrix::Columns;
use crate::error::{Error, ErrorKind, Result};

/// Rows or trees walked together.
const LANES: usize = 16;

/// An ensemble compiled for scoring.
#[derive(Clone, Debug)]
pub struct Scorer {
    compiled: Compiled,
    instructions: Instructions,
}

/// Which body of the kernels runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Instructions {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    Portable,
}

impl Instructions {
    fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx512f") {
            return Instructions::Avx512;
        }
        Instructions::Portable
    }
}

impl Scorer {
    /// Compiles an ensemble for the processor at hand.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] if [`TreeEnsemble::check`] fails.
    pub fn new(ensemble: &TreeEnsemble) -> Result<Self> {
        Ok(Scorer { compiled: Compiled::new(ensemble)?, instructions: Instructions::detect() })
    }

    /// The same scorer without instructions that only some processors have: the same answers, slower.
    #[must_use]
    pub fn portable(self) -> Self {
        Scorer { instructions: Instructions::Portable, ..self }
    }

    /// Numbers answered a row.
    pub fn outputs(&self) -> usize {
        self.compiled.outputs
    }

    /// The answer for one row of an ensemble with one output: the regression value, the probability of
    /// the second class, or scikit-learn's isolation score in (-1, 0). NaN means missing. Of several
    /// outputs it is the first.
    ///
    /// Panics if `row` is shorter than the number of features.
    pub fn score_row(&self, row: &[f32]) -> f64 {
        if self.outputs() == 1 {
            let mut answer = [0.0];
            self.score_row_into(row, &mut answer);
            return answer[0];
        }
        let mut answer = vec![0.0; self.outputs()];
        self.score_row_into(row, &mut answer);
        answer[0]
    }

    /// The answers for one row, [`Scorer::outputs`] numbers.
    ///
    /// Panics if `row` is shorter than the number of features.
    pub fn score_row_into(&self, row: &[f32], answer: &mut [f64]) {
        let row = &row[..self.compiled.features];
        let missing = row.iter().any(|value| value.is_nan());
        answer.fill(0.0);
        let mut places = [0u32; 4 * LANES];
        for first in (0..self.compiled.trees).step_by(places.len()) {
            let trees = (self.compiled.trees - first).min(places.len());
            self.places_of_row(first, row, missing, &mut places);
            for (tree, &place) in (first..).zip(&places[..trees]) {
                add(answer, self.values_of(tree), place);
            }
        }
        self.compiled.finish(answer);
    }

    /// The answers for all rows, row-major: [`Scorer::outputs`] numbers a row. The same for any
    /// number of threads, and the same as row by row.
    ///
    /// Errors: [`ErrorKind::SchemaMismatch`] when the number of features differs.
    pub fn score(&self, matrix: &Columns<'_>, threads: usize) -> Result<Vec<f64>> {
        let compiled = &self.compiled;
        if matrix.features() != compiled.features {
            return Err(Error::new(
                ErrorKind::SchemaMismatch,
                format!("the model was trained on {} features, the data has {}", compiled.features, matrix.features()),
            ));
        }
        let mut answers = vec![0.0; matrix.rows() * compiled.outputs];
        let blocks = answers.par_chunks_mut(compiled.block_rows * compiled.outputs).enumerate();
        thread_pool(threads)?.install(|| {
            blocks.for_each_init(
                || Block::new(compiled),
                |block, (number, answers)| {
                    block.fill(matrix, number * compiled.block_rows, answers.len() / compiled.outputs);
                    for tree in 0..compiled.trees {
                        let values = self.values_of(tree);
                        let places = self.places_of_block(tree, block);
                        answers.chunks_exact_mut(compiled.outputs).zip(places).for_each(|(answer, &place)| add(answer, values, place));
                    }
                    answers.chunks_exact_mut(compiled.outputs).for_each(|answer| compiled.finish(answer));
                },
            );
        });
        Ok(answers)
    }

    /// For each row the mean over the trees whose bag does not hold it, NaN where all do. `bags` has one
    /// bit a row for each tree. Runs on the current rayon pool; one output only.
    pub(crate) fn out_of_bag(&self, matrix: &Columns<'_>, bags: &[Vec<u64>]) -> Vec<f64> {
        let compiled = &self.compiled;
        let mut means = vec![0.0; matrix.rows()];
        means.par_chunks_mut(compiled.block_rows).enumerate().for_each_init(
            || (Block::new(compiled), vec![0u32; compiled.block_rows]),
            |(block, counts), (number, sums)| {
                block.fill(matrix, number * compiled.block_rows, sums.len());
                counts.fill(0);
                for (tree, bag) in bags.iter().enumerate() {
                    let values = self.values_of(tree);
                    let places = self.places_of_block(tree, block);
                    for (row, ((sum, count), &place)) in sums.iter_mut().zip(counts.iter_mut()).zip(places).enumerate() {
                        let row = number * compiled.block_rows + row;
                        let unseen = bag[row / 64] >> (row % 64) & 1 == 0;
                        *sum += if unseen { values[place as usize] } else { 0.0 };
                        *count += u32::from(unseen);
                    }
                }
                sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum = if *count == 0 { f64::NAN } else { *sum / f64::from(*count) });
            },
        );
        means
    }

    /// The leaf values that a tree's places point into.
    fn values_of(&self, tree: usize) -> &[f64] {
        match &self.compiled.layout {
            Layout::Perfect { depth } => {
                let leaves = self.compiled.outputs << depth;
                &self.compiled.values[tree * leaves..(tree + 1) * leaves]
            }
            Layout::Linked { .. } => &self.compiled.values,
        }
    }

    /// The leaf places of a block's rows in one tree.
    fn places_of_block<'a>(&self, tree: usize, block: &'a mut Block) -> &'a [u32] {
        let walk = BlockWalk { compiled: &self.compiled, tree, values: &block.values };
        match self.instructions {
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512 => avx512::block(&walk, block.missing, &mut block.places[..block.rows.next_multiple_of(LANES)]),
            Instructions::Portable => walk.portable(&mut block.places[..block.rows.next_multiple_of(LANES)]),
        }
        &block.places[..block.rows]
    }

    /// The leaf places of one row in the trees from `first` on; those past the last tree mean nothing.
    fn places_of_row(&self, first: usize, row: &[f32], missing: bool, places: &mut [u32; 4 * LANES]) {
        let walk = RowWalk { compiled: &self.compiled, first, row };
        match self.instructions {
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512 => avx512::row(&walk, missing, places),
            Instructions::Portable => walk.portable(places),
        }
    }
}

fn add(answer: &mut [f64], values: &[f64], place: u32) {
    if let [sum] = answer {
        *sum += values[place as usize];
        return;
    }
    let first = place as usize * answer.len();
    answer.iter_mut().zip(&values[first..]).for_each(|(sum, value)| *sum += value);
}

/// Scores a matrix once; see [`Scorer`] for many.
pub fn score(ensemble: &TreeEnsemble, matrix: &Columns<'_>, threads: usize) -> Result<Vec<f64>> {
    Scorer::new(ensemble)?.score(matrix, threads)
}

/// Some rows, feature by feature, and where they end in a tree.
struct Block {
    values: Vec<f32>,
    rows: usize,
    missing: bool,
    places: Vec<u32>,
}

impl Block {
    fn new(compiled: &Compiled) -> Self {
        Block { values: vec![0.0; compiled.features * compiled.block_rows], rows: 0, missing: false, places: vec![0; compiled.block_rows] }
    }

    fn fill(&mut self, matrix: &Columns<'_>, first: usize, rows: usize) {
        let stride = self.places.len();
        self.rows = rows;
        self.missing = false;
        for feature in 0..matrix.features() {
            let column = &matrix.column(feature)[first..first + rows];
            self.missing |= column.iter().fold(false, |missing, value| missing | value.is_nan());
            self.values[feature * stride..][..rows].copy_from_slice(column);
        }
    }
}

/// Whether a value goes right.
fn goes_right(value: f32, threshold: f32, offset: u32) -> bool {
    if value.is_nan() { offset & MISSING_LEFT == 0 } else { !(value <= threshold) }
}

/// A block of rows on its way through one tree.
struct BlockWalk<'a> {
    compiled: &'a Compiled,
    tree: usize,
    values: &'a [f32],
}

impl BlockWalk<'_> {
    fn portable(&self, places: &mut [u32]) {
        for (group, places) in places.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
            let first = group * LANES;
            match &self.compiled.layout {
                Layout::Perfect { depth } => {
                    let nodes = self.tree * ((1 << depth) - 1);
                    places.fill(0);
                    for level in 0..*depth {
                        let nodes = nodes + (1 << level) - 1;
                        for (lane, place) in places.iter_mut().enumerate() {
                            *place = 2 * *place + u32::from(self.right(nodes + *place as usize, first + lane));
                        }
                    }
                }
                Layout::Linked { roots, left, depth } => {
                    places.fill(roots[self.tree]);
                    for _ in 0..*depth {
                        for (lane, place) in places.iter_mut().enumerate() {
                            *place = left[*place as usize] + u32::from(self.right(*place as usize, first + lane));
                        }
                    }
                }
            }
        }
    }

    fn right(&self, node: usize, row: usize) -> bool {
        let offset = self.compiled.offsets[node];
        goes_right(self.values[(offset & !MISSING_LEFT) as usize + row], self.compiled.thresholds[node], offset)
    }
}

/// One row on its way through several trees.
struct RowWalk<'a> {
    compiled: &'a Compiled,
    first: usize,
    row: &'a [f32],
}

impl RowWalk<'_> {
    fn portable(&self, places: &mut [u32; 4 * LANES]) {
        let trees = self.first..self.compiled.trees.min(self.first + places.len());
        match &self.compiled.layout {
            Layout::Perfect { depth } => {
                places.fill(0);
                for level in 0..*depth {
                    for (tree, place) in trees.clone().zip(&mut *places) {
                        let node = tree * ((1 << depth) - 1) + (1 << level) - 1 + *place as usize;
                        *place = 2 * *place + u32::from(self.right(node));
                    }
                }
            }
            Layout::Linked { roots, left, depth } => {
                trees.clone().zip(&mut *places).for_each(|(tree, place)| *place = roots[tree]);
                for _ in 0..*depth {
                    for (_, place) in trees.clone().zip(&mut *places) {
                        *place = left[*place as usize] + u32::from(self.right(*place as usize));
                    }
                }
            }
        }
    }

    fn right(&self, node: usize) -> bool {
        let offset = self.compiled.offsets[node];
        goes_right(self.row[(offset & !MISSING_LEFT) as usize / self.compiled.block_rows], self.compiled.thresholds[node], offset)
    }
}

/// The kernels' bodies for AVX-512.
///
/// What makes every gather safe: [`Compiled::new`] has checked the ensemble, so features are below
/// `features` and children inside their tree; a block holds `features * block_rows` values, so an offset
/// plus a row below `block_rows` is inside it.
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod avx512 {
    use std::arch::x86_64::*;

    use super::{BlockWalk, LANES, Layout, MISSING_LEFT, RowWalk};

    pub(super) fn block(walk: &BlockWalk<'_>, missing: bool, places: &mut [u32]) {
        assert!(places.len() <= walk.compiled.block_rows && walk.values.len() >= walk.compiled.features * walk.compiled.block_rows);
        // SAFETY: `Instructions::detect` saw AVX-512F; the assertion and the module's note bound the gathers.
        unsafe {
            match (&walk.compiled.layout, missing) {
                (Layout::Perfect { depth }, false) => perfect_block::<false>(walk, *depth, places),
                (Layout::Perfect { depth }, true) => perfect_block::<true>(walk, *depth, places),
                (Layout::Linked { roots, left, depth }, _) => linked_block(walk, roots[walk.tree], left, *depth, places),
            }
        }
    }

    pub(super) fn row(walk: &RowWalk<'_>, missing: bool, places: &mut [u32; 4 * LANES]) {
        assert!(walk.row.len() >= walk.compiled.features);
        // SAFETY: as in `block`; lanes past the last tree are masked off.
        unsafe {
            match &walk.compiled.layout {
                Layout::Perfect { depth } => perfect_row(walk, *depth, missing, places),
                Layout::Linked { roots, left, depth } => linked_row(walk, roots, left, *depth, places),
            }
        }
    }

    /// Lanes that go right.
    #[target_feature(enable = "avx512f")]
    fn right<const MISSING: bool>(values: __m512, thresholds: __m512, offsets: __m512i) -> __mmask16 {
        let right = _mm512_cmp_ps_mask::<_CMP_NLE_UQ>(values, thresholds);
        if !MISSING {
            return right;
        }
        let missing = _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(values, values);
        let missing_left = _mm512_test_epi32_mask(offsets, _mm512_set1_epi32(MISSING_LEFT as i32));
        right & !(missing & missing_left)
    }

    #[target_feature(enable = "avx512f")]
    fn double_plus(places: __m512i, right: __mmask16) -> __m512i {
        let doubled = _mm512_add_epi32(places, places);
        _mm512_mask_add_epi32(doubled, right, doubled, _mm512_set1_epi32(1))
    }

    #[target_feature(enable = "avx512f")]
    unsafe fn perfect_block<const MISSING: bool>(walk: &BlockWalk<'_>, depth: usize, places: &mut [u32]) {
        let nodes = (1 << depth) - 1;
        let thresholds = &walk.compiled.thresholds[walk.tree * nodes..(walk.tree + 1) * nodes];
        let offsets = &walk.compiled.offsets[walk.tree * nodes..(walk.tree + 1) * nodes];
        let no_flag = _mm512_set1_epi32(!MISSING_LEFT as i32);
        let lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        // The first five levels hold up to 16 nodes each: they are looked up in registers.
        let mut table = [(_mm512_setzero_ps(), _mm512_setzero_si512()); 5];
        for (level, entry) in table.iter_mut().enumerate().take(depth) {
            let mask = if level == 4 { u16::MAX } else { (1u16 << (1 << level)) - 1 };
            let first = (1 << level) - 1;
            // SAFETY: level `level` holds `1 << level` nodes from `first` on; the mask admits no more.
            unsafe {
                *entry = (
                    _mm512_maskz_loadu_ps(mask, thresholds.as_ptr().add(first)),
                    _mm512_maskz_loadu_epi32(mask, offsets.as_ptr().add(first).cast()),
                );
            }
        }
        for (group, places) in places.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
            let rows = _mm512_add_epi32(lanes, _mm512_set1_epi32((group * LANES) as i32));
            let mut place = _mm512_setzero_si512();
            for &(thresholds, offsets) in table.iter().take(depth) {
                let (threshold, offset) = (_mm512_permutexvar_ps(place, thresholds), _mm512_permutexvar_epi32(place, offsets));
                let index = _mm512_add_epi32(_mm512_and_si512(offset, no_flag), rows);
                // SAFETY: offset + row is inside the block.
                let value = unsafe { _mm512_i32gather_ps::<4>(index, walk.values.as_ptr().cast()) };
                place = double_plus(place, right::<MISSING>(value, threshold, offset));
            }
            for level in 5..depth {
                let first = (1usize << level) - 1;
                // SAFETY: a place of level `level` is below `1 << level`, so nodes and values are in range.
                unsafe {
                    let threshold = _mm512_i32gather_ps::<4>(place, thresholds.as_ptr().add(first).cast());
                    let offset = _mm512_i32gather_epi32::<4>(place, offsets.as_ptr().add(first).cast());
                    let index = _mm512_add_epi32(_mm512_and_si512(offset, no_flag), rows);
                    let value = _mm512_i32gather_ps::<4>(index, walk.values.as_ptr().cast());
                    place = double_plus(place, right::<MISSING>(value, threshold, offset));
                }
            }
            // SAFETY: `places` is an array of 16.
            unsafe { _mm512_storeu_si512(places.as_mut_ptr().cast(), place) };
        }
    }

    #[target_feature(enable = "avx512f")]
    unsafe fn linked_block(walk: &BlockWalk<'_>, root: u32, left: &[u32], depth: usize, places: &mut [u32]) {
        let (thresholds, offsets) = (walk.compiled.thresholds.as_ptr(), walk.compiled.offsets.as_ptr());
        let no_flag = _mm512_set1_epi32(!MISSING_LEFT as i32);
        let lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        for (group, places) in places.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
            let rows = _mm512_add_epi32(lanes, _mm512_set1_epi32((group * LANES) as i32));
            let mut place = _mm512_set1_epi32(root as i32);
            for _ in 0..depth {
                // SAFETY: a place is a node of this tree; offset + row is inside the block.
                let next = unsafe {
                    let threshold = _mm512_i32gather_ps::<4>(place, thresholds.cast());
                    let offset = _mm512_i32gather_epi32::<4>(place, offsets.cast());
                    let index = _mm512_add_epi32(_mm512_and_si512(offset, no_flag), rows);
                    let value = _mm512_i32gather_ps::<4>(index, walk.values.as_ptr().cast());
                    let next = _mm512_i32gather_epi32::<4>(place, left.as_ptr().cast());
                    _mm512_mask_add_epi32(next, right::<true>(value, threshold, offset), next, _mm512_set1_epi32(1))
                };
                let moved = _mm512_cmpneq_epi32_mask(next, place);
                place = next;
                if moved == 0 {
                    break;
                }
            }
            // SAFETY: `places` is an array of 16.
            unsafe { _mm512_storeu_si512(places.as_mut_ptr().cast(), place) };
        }
    }

    #[target_feature(enable = "avx512f")]
    unsafe fn perfect_row(walk: &RowWalk<'_>, depth: usize, missing: bool, places: &mut [u32; 4 * LANES]) {
        let nodes = (1usize << depth) - 1;
        let shift = _mm_cvtsi32_si128(walk.compiled.block_rows.trailing_zeros() as i32);
        let no_flag = _mm512_set1_epi32(!MISSING_LEFT as i32);
        let lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        let zero = _mm512_setzero_si512();
        let mut place = [zero; 4];
        let mut active = [0u16; 4];
        let mut base = [zero; 4];
        for group in 0..4 {
            let first = walk.first + group * LANES;
            let trees = walk.compiled.trees.saturating_sub(first).min(LANES);
            active[group] = ((1u32 << trees) - 1) as u16;
            base[group] = _mm512_mullo_epi32(_mm512_add_epi32(lanes, _mm512_set1_epi32(first as i32)), _mm512_set1_epi32(nodes as i32));
        }
        for level in 0..depth {
            let first = (1usize << level) - 1;
            for group in 0..4 {
                let node = _mm512_add_epi32(base[group], place[group]);
                // SAFETY: lanes of existing trees read nodes of their level; the others are masked off.
                unsafe {
                    let threshold = _mm512_mask_i32gather_ps::<4>(
                        _mm512_setzero_ps(),
                        active[group],
                        node,
                        walk.compiled.thresholds.as_ptr().add(first).cast(),
                    );
                    let offset =
                        _mm512_mask_i32gather_epi32::<4>(zero, active[group], node, walk.compiled.offsets.as_ptr().add(first).cast());
                    let feature = _mm512_srl_epi32(_mm512_and_si512(offset, no_flag), shift);
                    let value = _mm512_mask_i32gather_ps::<4>(_mm512_setzero_ps(), active[group], feature, walk.row.as_ptr().cast());
                    let right = if missing { right::<true>(value, threshold, offset) } else { right::<false>(value, threshold, offset) };
                    place[group] = double_plus(place[group], right);
                }
            }
        }
        for (places, place) in places.as_chunks_mut::<LANES>().0.iter_mut().zip(place) {
            // SAFETY: `places` is an array of 16.
            unsafe { _mm512_storeu_si512(places.as_mut_ptr().cast(), place) };
        }
    }

    #[target_feature(enable = "avx512f")]
    unsafe fn linked_row(walk: &RowWalk<'_>, roots: &[u32], left: &[u32], depth: usize, places: &mut [u32; 4 * LANES]) {
        let (thresholds, offsets) = (walk.compiled.thresholds.as_ptr(), walk.compiled.offsets.as_ptr());
        let shift = _mm_cvtsi32_si128(walk.compiled.block_rows.trailing_zeros() as i32);
        let no_flag = _mm512_set1_epi32(!MISSING_LEFT as i32);
        for (group, places) in places.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
            let first = (walk.first + group * LANES).min(roots.len());
            let trees = (roots.len() - first).min(LANES);
            let mut start = [roots[0]; LANES];
            start[..trees].copy_from_slice(&roots[first..first + trees]);
            // SAFETY: `start` holds 16 roots.
            let mut place = unsafe { _mm512_loadu_si512(start.as_ptr().cast()) };
            for _ in 0..depth {
                // SAFETY: a place is a node; a node's feature is a feature of the row.
                let next = unsafe {
                    let threshold = _mm512_i32gather_ps::<4>(place, thresholds.cast());
                    let offset = _mm512_i32gather_epi32::<4>(place, offsets.cast());
                    let feature = _mm512_srl_epi32(_mm512_and_si512(offset, no_flag), shift);
                    let value = _mm512_i32gather_ps::<4>(feature, walk.row.as_ptr().cast());
                    let next = _mm512_i32gather_epi32::<4>(place, left.as_ptr().cast());
                    _mm512_mask_add_epi32(next, right::<true>(value, threshold, offset), next, _mm512_set1_epi32(1))
                };
                let moved = _mm512_cmpneq_epi32_mask(next, place);
                place = next;
                if moved == 0 {
                    break;
                }
            }
            // SAFETY: `places` is an array of 16.
            unsafe { _mm512_storeu_si512(places.as_mut_ptr().cast(), place) };
        }
    }
}
