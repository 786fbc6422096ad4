//! What the processor at hand can do for scoring: the bodies of the kernels for AVX-512.
//!
//! Each is compared with its portable twin in [`super::walk`] and [`super::coded`] by a test. What makes
//! the gathers safe: `Compiled::new` has checked the ensemble, so features are below `features` and
//! children inside their tree; a block holds `features * block_rows` values, so an offset plus a row below
//! `block_rows` is inside it.
#![cfg_attr(target_arch = "x86_64", allow(unsafe_code))]

#[cfg(target_arch = "x86_64")]
pub(crate) use x86_64::{block, codes, rank, row};

/// What the processor can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Instructions {
    Portable,
    /// AVX-512F: gathers of 16 lanes.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// With BW and VBMI: tables of bytes.
    #[cfg(target_arch = "x86_64")]
    Avx512Bytes,
}

impl Instructions {
    /// The best the processor at hand has.
    pub(crate) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx512f") {
            let bytes = is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512vbmi");
            return if bytes { Instructions::Avx512Bytes } else { Instructions::Avx512 };
        }
        Instructions::Portable
    }

    /// Whether one-byte codes are walked faster than values.
    pub(crate) fn walk_bytes(self) -> bool {
        #[cfg(target_arch = "x86_64")]
        return self == Instructions::Avx512Bytes;
        #[cfg(not(target_arch = "x86_64"))]
        false
    }
}

#[cfg(target_arch = "x86_64")]
mod x86_64 {
    use std::arch::x86_64::*;

    use crate::trees::coded::{Coded, CodedTree, Ranks};
    use crate::trees::compiled::{Layout, MISSING_LEFT};
    use crate::trees::walk::{BlockWalk, CodeWalk, LANES, RowWalk, TREES_TOGETHER};

    pub(crate) fn block(walk: &BlockWalk<'_>, places: &mut [u32]) {
        assert!(places.len() <= walk.compiled.block_rows && walk.values.len() >= walk.compiled.features * walk.compiled.block_rows);
        // SAFETY: `Instructions::detect` saw AVX-512F; the assertion and the module's note bound the gathers.
        unsafe {
            match (&walk.compiled.layout, walk.missing) {
                (Layout::Perfect { depth }, false) => perfect_block::<false>(walk, *depth, places),
                (Layout::Perfect { depth }, true) => perfect_block::<true>(walk, *depth, places),
                (Layout::Linked { roots, left, depth }, _) => linked_block(walk, roots[walk.tree], left, *depth, places),
                (Layout::Plain { .. }, _) => walk.portable(places),
            }
        }
    }

    pub(crate) fn row(walk: &RowWalk<'_>, places: &mut [u32; TREES_TOGETHER]) {
        assert!(walk.row.len() >= walk.compiled.features);
        // SAFETY: as in `block`; lanes past the last tree are masked off.
        unsafe {
            match &walk.compiled.layout {
                Layout::Perfect { depth } => perfect_row(walk, *depth, places),
                Layout::Linked { roots, left, depth } => linked_row(walk, roots, left, *depth, places),
                Layout::Plain { .. } => walk.portable(places),
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
    unsafe fn perfect_row(walk: &RowWalk<'_>, depth: usize, places: &mut [u32; TREES_TOGETHER]) {
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
                    let right =
                        if walk.missing { right::<true>(value, threshold, offset) } else { right::<false>(value, threshold, offset) };
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
    unsafe fn linked_row(walk: &RowWalk<'_>, roots: &[u32], left: &[u32], depth: usize, places: &mut [u32; TREES_TOGETHER]) {
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

    pub(crate) fn rank(ranks: &Ranks, values: &[f32], codes: &mut [u8]) {
        assert!(codes.len() >= values.len() && ranks.tree.len() == 1 << ranks.levels);
        // SAFETY: AVX-512F was seen; codes are stored for existing values only, and a place of level `l` is
        // below `1 << l`.
        unsafe { rank_all(ranks, values, codes) }
    }

    #[target_feature(enable = "avx512f")]
    unsafe fn rank_all(ranks: &Ranks, values: &[f32], codes: &mut [u8]) {
        let mut table = [_mm512_setzero_ps(); 5];
        for (level, entry) in table.iter_mut().enumerate().take(ranks.levels) {
            let mask = if level == 4 { u16::MAX } else { (1u16 << (1 << level)) - 1 };
            // SAFETY: level `level` holds `1 << level` numbers from `1 << level` on.
            *entry = unsafe { _mm512_maskz_loadu_ps(mask, ranks.tree.as_ptr().add(1 << level)) };
        }
        for first in (0..values.len()).step_by(LANES) {
            let present = ((1u32 << (values.len() - first).min(LANES)) - 1) as __mmask16;
            // SAFETY: `present` admits only values that exist.
            let value = unsafe { _mm512_maskz_loadu_ps(present, values.as_ptr().add(first)) };
            let mut place = _mm512_setzero_si512();
            for &numbers in table.iter().take(ranks.levels) {
                place = double_plus(place, _mm512_cmp_ps_mask::<_CMP_LT_OQ>(_mm512_permutexvar_ps(place, numbers), value));
            }
            for level in 5..ranks.levels {
                // SAFETY: a place of this level is below `1 << level`.
                let numbers = unsafe { _mm512_i32gather_ps::<4>(place, ranks.tree.as_ptr().add(1 << level).cast()) };
                place = double_plus(place, _mm512_cmp_ps_mask::<_CMP_LT_OQ>(numbers, value));
            }
            let missing = _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(value, value);
            place = _mm512_mask_mov_epi32(place, missing, _mm512_set1_epi32(i32::from(Coded::MISSING)));
            // SAFETY: as for the load.
            unsafe { _mm512_mask_cvtepi32_storeu_epi8(codes.as_mut_ptr().add(first).cast(), present, place) };
        }
    }

    pub(crate) fn codes(walk: &CodeWalk<'_>, first: usize, places: &mut [u32]) {
        let columns = Coded::columns(walk.features);
        assert!(first + places.len() <= walk.stride && walk.codes.len() >= columns * walk.stride);
        assert!(walk.tree.codes.len() == Coded::NODES && walk.tree.features.len() == Coded::NODES);
        // SAFETY: `Instructions::detect` saw BW and VBMI; the assertions bound the loads.
        unsafe {
            match columns {
                4 => walk.walk::<4>(first, places),
                8 => walk.walk::<8>(first, places),
                16 => walk.walk::<16>(first, places),
                24 => walk.walk::<24>(first, places),
                32 => walk.walk::<32>(first, places),
                48 => walk.walk::<48>(first, places),
                _ => walk.walk::<64>(first, places),
            }
        }
    }

    impl CodeWalk<'_> {
        #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
        unsafe fn walk<const COLUMNS: usize>(&self, first: usize, places: &mut [u32]) {
            // SAFETY: as promised to this function.
            unsafe {
                if self.missing {
                    self.walk_codes::<COLUMNS, true>(first, places)
                } else {
                    self.walk_codes::<COLUMNS, false>(first, places)
                }
            }
        }

        #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
        unsafe fn walk_codes<const COLUMNS: usize, const MISSING: bool>(&self, first: usize, places: &mut [u32]) {
            let CodedTree { depth, codes, features } = self.tree;
            for (group, places) in places.as_chunks_mut::<64>().0.iter_mut().enumerate() {
                let mut node = _mm512_set1_epi8(1);
                // Bits 8 and 9 of a node's place in its level, which do not fit its byte.
                let (mut eight, mut nine) = (0, 0);
                for level in 0..depth {
                    // SAFETY: tables of a tree hold `Coded::NODES` bytes; COLUMNS columns of codes exist.
                    let (code, feature, value) = unsafe {
                        let feature = look_up(features, level, node, eight);
                        (look_up(codes, level, node, eight), feature, self.value::<COLUMNS>(feature, first + group * 64))
                    };
                    let mut right = _mm512_cmpgt_epu8_mask(value, code);
                    if MISSING {
                        right &= !(_mm512_cmpeq_epi8_mask(value, _mm512_set1_epi8(Coded::MISSING as i8)) & _mm512_movepi8_mask(feature));
                    }
                    if level >= 8 {
                        (nine, eight) = (eight, _mm512_movepi8_mask(node));
                    }
                    let doubled = _mm512_add_epi8(node, node);
                    node = _mm512_mask_add_epi8(doubled, right, doubled, _mm512_set1_epi8(1));
                }
                let place = _mm512_and_si512(node, _mm512_set1_epi8(((1u32 << depth.min(8)) - 1) as i8));
                let quarters = [
                    _mm512_castsi512_si128(place),
                    _mm512_extracti32x4_epi32::<1>(place),
                    _mm512_extracti32x4_epi32::<2>(place),
                    _mm512_extracti32x4_epi32::<3>(place),
                ];
                for (quarter, (places, low)) in places.as_chunks_mut::<LANES>().0.iter_mut().zip(quarters).enumerate() {
                    let low = _mm512_cvtepu8_epi32(low);
                    let with_eight = _mm512_mask_or_epi32(low, (eight >> (16 * quarter)) as __mmask16, low, _mm512_set1_epi32(256));
                    let place = _mm512_mask_or_epi32(with_eight, (nine >> (16 * quarter)) as __mmask16, with_eight, _mm512_set1_epi32(512));
                    // SAFETY: `places` is an array of 16.
                    unsafe { _mm512_storeu_si512(places.as_mut_ptr().cast(), place) };
                }
            }
        }

        /// The code of each row's own feature: halving the columns by each bit of the feature's number.
        #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
        unsafe fn value<const COLUMNS: usize>(&self, feature: __m512i, first: usize) -> __m512i {
            let mut columns = [_mm512_setzero_si512(); COLUMNS];
            for (index, column) in columns.iter_mut().enumerate() {
                // SAFETY: the caller promises COLUMNS columns of `stride` codes, and `first + 64 <= stride`.
                *column = unsafe { _mm512_loadu_si512(self.codes.as_ptr().add(index * self.stride + first).cast()) };
            }
            let mut count = COLUMNS;
            let mut bit = 1;
            while count > 1 {
                let odd = _mm512_test_epi8_mask(feature, _mm512_set1_epi8(bit));
                for pair in 0..count / 2 {
                    columns[pair] = _mm512_mask_blend_epi8(odd, columns[2 * pair], columns[2 * pair + 1]);
                }
                if count % 2 == 1 {
                    columns[count / 2] = columns[count - 1];
                }
                count = count.div_ceil(2);
                bit <<= 1;
            }
            columns[0]
        }
    }

    /// The byte of each row's node in a level of a tree's table.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    unsafe fn look_up(table: &[u8], level: usize, node: __m512i, eight: __mmask64) -> __m512i {
        // SAFETY: every caller passes `Coded::NODES` bytes, 16 registers.
        let register = |number: usize| unsafe { _mm512_loadu_si512(table.as_ptr().add(64 * number).cast()) };
        let pair = |number: usize| _mm512_permutex2var_epi8(register(number), node, register(number + 1));
        match level {
            0..=5 => _mm512_permutexvar_epi8(node, register(0)),
            6 => _mm512_permutexvar_epi8(node, register(1)),
            7 => pair(2),
            8 => _mm512_mask_blend_epi8(_mm512_movepi8_mask(node), pair(4), pair(6)),
            _ => {
                let seven = _mm512_movepi8_mask(node);
                _mm512_mask_blend_epi8(
                    eight,
                    _mm512_mask_blend_epi8(seven, pair(8), pair(10)),
                    _mm512_mask_blend_epi8(seven, pair(12), pair(14)),
                )
            }
        }
    }
}
