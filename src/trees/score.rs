//! What the processor at hand can do for scoring: the bodies of the kernels for AVX-512.
//!
//! Each is compared with its portable twin in [`super::walk`] and [`super::coded`] by a test. What makes
//! the gathers safe: `Compiled::new` has checked the ensemble, so features are below `features` and
//! children inside their tree; a block holds `features * block_rows` values, so an offset plus a row below
//! `block_rows` is inside it.
#![cfg_attr(target_arch = "x86_64", allow(unsafe_code))]

#[cfg(target_arch = "x86_64")]
pub(crate) use x86_64::{block, bytes, rank, row, words};

#[cfg(target_arch = "x86_64")]
mod x86_64 {
    use std::arch::x86_64::*;

    use crate::trees::coded::{CODED_MISSING_LEFT, CODED_NODES, CodedTree, coded_columns};
    use crate::trees::compiled::{CompiledNode, MISSING_LEFT, NodeLayout};
    use crate::trees::ranks::{Code, Ranks};
    use crate::trees::walk::{BlockWalk, CodeWalk, LANES, RowWalk, TREES_TOGETHER};

    pub(crate) fn block(walk: &BlockWalk<'_>, places: &mut [u32]) {
        assert!(places.len() <= walk.compiled.block_rows && walk.values.len() >= walk.compiled.features * walk.compiled.block_rows);
        // SAFETY: `InstructionSet::detect` saw AVX-512F; the assertion and the module's note bound the gathers.
        unsafe {
            match (&walk.compiled.layout, walk.missing) {
                (NodeLayout::Perfect { depth }, false) => perfect_block::<false>(walk, *depth, places),
                (NodeLayout::Perfect { depth }, true) => perfect_block::<true>(walk, *depth, places),
                (NodeLayout::Linked { roots, left, depth }, _) => linked_block(walk, roots[walk.tree], left, *depth, places),
                (NodeLayout::Plain { .. }, _) => walk.portable(places),
            }
        }
    }

    pub(crate) fn row(walk: &RowWalk<'_>, places: &mut [u32; TREES_TOGETHER]) {
        assert!(walk.row.len() == walk.compiled.features && walk.first < walk.compiled.trees);
        if matches!(walk.compiled.layout, NodeLayout::Plain { .. }) {
            return walk.portable(places);
        }
        // SAFETY: as in `block`; lanes past the last tree walk the last tree.
        unsafe {
            match walk.row.len() {
                0..=16 => walk_row::<1>(walk, places),
                17..=32 => walk_row::<2>(walk, places),
                _ => walk_row::<0>(walk, places),
            }
        }
    }

    #[target_feature(enable = "avx512f")]
    fn lanes() -> __m512i {
        _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    }

    /// Lanes that go right.
    #[target_feature(enable = "avx512f")]
    fn right<const MISSING: bool>(values: __m512, (thresholds, offsets): (__m512, __m512i)) -> __mmask16 {
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
        plus_one(_mm512_add_epi32(places, places), right)
    }

    #[target_feature(enable = "avx512f")]
    fn plus_one(places: __m512i, lanes: __mmask16) -> __m512i {
        _mm512_mask_add_epi32(places, lanes, places, _mm512_set1_epi32(1))
    }

    #[target_feature(enable = "avx512f")]
    fn without_flag(offsets: __m512i) -> __m512i {
        _mm512_and_si512(offsets, _mm512_set1_epi32(!MISSING_LEFT as i32))
    }

    /// Thresholds and offsets of two registers of nodes.
    #[target_feature(enable = "avx512f")]
    fn unzip(low: __m512i, high: __m512i) -> (__m512, __m512i) {
        let even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
        let odd = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
        (_mm512_castsi512_ps(_mm512_permutex2var_epi32(low, even, high)), _mm512_permutex2var_epi32(low, odd, high))
    }

    /// The nodes at `places` from `nodes` on, which all must exist.
    #[target_feature(enable = "avx512f")]
    unsafe fn gather_nodes(nodes: *const CompiledNode, places: __m512i) -> (__m512, __m512i) {
        // SAFETY: as promised to this function; a node is 64 bits.
        unsafe {
            let low = _mm512_i32gather_epi64::<8>(_mm512_castsi512_si256(places), nodes.cast());
            let high = _mm512_i32gather_epi64::<8>(_mm512_extracti64x4_epi64::<1>(places), nodes.cast());
            unzip(low, high)
        }
    }

    #[target_feature(enable = "avx512f")]
    unsafe fn perfect_block<const MISSING: bool>(walk: &BlockWalk<'_>, depth: usize, places: &mut [u32]) {
        let count = (1 << depth) - 1;
        let nodes = &walk.compiled.nodes[walk.tree * count..(walk.tree + 1) * count];
        // The first five levels hold up to 16 nodes each: they are looked up in registers.
        let mut table = [(_mm512_setzero_ps(), _mm512_setzero_si512()); 5];
        for (level, entry) in table.iter_mut().enumerate().take(depth) {
            let mask = (1u32 << (1 << level)) - 1;
            // SAFETY: level `level` holds `1 << level` nodes from `(1 << level) - 1` on; the masks admit no more.
            *entry = unsafe {
                let first = nodes.as_ptr().add((1 << level) - 1);
                let low = _mm512_maskz_loadu_epi64(mask as __mmask8, first.cast());
                unzip(low, _mm512_maskz_loadu_epi64((mask >> 8) as __mmask8, first.wrapping_add(8).cast()))
            };
        }
        for (group, places) in places.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
            let rows = _mm512_add_epi32(lanes(), _mm512_set1_epi32((group * LANES) as i32));
            let mut place = _mm512_setzero_si512();
            for level in 0..depth {
                // SAFETY: a place of level `level` is below `1 << level`, and offset + row is inside the block.
                unsafe {
                    let node = match table.get(level) {
                        Some(&(thresholds, offsets)) => {
                            (_mm512_permutexvar_ps(place, thresholds), _mm512_permutexvar_epi32(place, offsets))
                        }
                        None => gather_nodes(nodes.as_ptr().add((1 << level) - 1), place),
                    };
                    let index = _mm512_add_epi32(without_flag(node.1), rows);
                    let value = _mm512_i32gather_ps::<4>(index, walk.values.as_ptr().cast());
                    place = double_plus(place, right::<MISSING>(value, node));
                }
            }
            // SAFETY: `places` is an array of 16.
            unsafe { _mm512_storeu_si512(places.as_mut_ptr().cast(), place) };
        }
    }

    #[target_feature(enable = "avx512f")]
    unsafe fn linked_block(walk: &BlockWalk<'_>, root: u32, left: &[u32], depth: usize, places: &mut [u32]) {
        for (group, places) in places.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
            let rows = _mm512_add_epi32(lanes(), _mm512_set1_epi32((group * LANES) as i32));
            let mut place = _mm512_set1_epi32(root as i32);
            for _ in 0..depth {
                // SAFETY: a place is a node of this tree; offset + row is inside the block.
                let next = unsafe {
                    let node = gather_nodes(walk.compiled.nodes.as_ptr(), place);
                    let index = _mm512_add_epi32(without_flag(node.1), rows);
                    let value = _mm512_i32gather_ps::<4>(index, walk.values.as_ptr().cast());
                    plus_one(_mm512_i32gather_epi32::<4>(place, left.as_ptr().cast()), right::<true>(value, node))
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

    /// One row through up to 64 trees, its values in REGISTERS registers, or in memory if 0.
    #[target_feature(enable = "avx512f")]
    unsafe fn walk_row<const REGISTERS: usize>(walk: &RowWalk<'_>, places: &mut [u32; TREES_TOGETHER]) {
        let count = walk.row.len();
        let mask = |register: usize| ((1u64 << count.saturating_sub(LANES * register).min(LANES)) - 1) as __mmask16;
        let mut values = [_mm512_setzero_ps(); 2];
        for (register, values) in values.iter_mut().enumerate().take(REGISTERS) {
            // SAFETY: the mask admits only values of the row.
            *values = unsafe { _mm512_maskz_loadu_ps(mask(register), walk.row.as_ptr().wrapping_add(LANES * register)) };
        }
        let shift = _mm_cvtsi32_si128(walk.compiled.block_rows.trailing_zeros() as i32);
        let value = |offsets: __m512i| {
            let feature = _mm512_srl_epi32(without_flag(offsets), shift);
            match REGISTERS {
                1 => _mm512_permutexvar_ps(feature, values[0]),
                2 => _mm512_permutex2var_ps(values[0], feature, values[1]),
                // SAFETY: a node's feature is a feature of the row.
                _ => unsafe { _mm512_i32gather_ps::<4>(feature, walk.row.as_ptr().cast()) },
            }
        };
        let groups = (walk.compiled.trees - walk.first).div_ceil(LANES).min(TREES_TOGETHER / LANES);
        let mut place = [_mm512_setzero_si512(); TREES_TOGETHER / LANES];
        let last = _mm512_set1_epi32(walk.compiled.trees as i32 - 1);
        let tree = |group: usize| _mm512_min_epi32(_mm512_add_epi32(lanes(), _mm512_set1_epi32((walk.first + group * LANES) as i32)), last);
        // Several groups of trees are under way at once, so that they wait for memory together.
        match &walk.compiled.layout {
            NodeLayout::Perfect { depth } => {
                let mut base = [_mm512_setzero_si512(); TREES_TOGETHER / LANES];
                (0..groups).for_each(|group| base[group] = _mm512_mullo_epi32(tree(group), _mm512_set1_epi32((1 << depth) - 1)));
                for level in 0..*depth {
                    for (place, base) in place.iter_mut().zip(base).take(groups) {
                        // SAFETY: the nodes of an existing tree's level.
                        let node =
                            unsafe { gather_nodes(walk.compiled.nodes.as_ptr().add((1 << level) - 1), _mm512_add_epi32(base, *place)) };
                        *place = double_plus(*place, right::<true>(value(node.1), node));
                    }
                }
            }
            NodeLayout::Linked { roots, left, depth } => {
                // SAFETY: roots of existing trees; a place is a node.
                unsafe {
                    (0..groups).for_each(|group| place[group] = _mm512_i32gather_epi32::<4>(tree(group), roots.as_ptr().cast()));
                    for _ in 0..*depth {
                        for place in place.iter_mut().take(groups) {
                            let node = gather_nodes(walk.compiled.nodes.as_ptr(), *place);
                            *place =
                                plus_one(_mm512_i32gather_epi32::<4>(*place, left.as_ptr().cast()), right::<true>(value(node.1), node));
                        }
                    }
                }
            }
            NodeLayout::Plain { .. } => {}
        }
        for (places, place) in places.as_chunks_mut::<LANES>().0.iter_mut().zip(place) {
            // SAFETY: `places` is an array of 16.
            unsafe { _mm512_storeu_si512(places.as_mut_ptr().cast(), place) };
        }
    }

    pub(crate) fn rank<C: Code>(ranks: &Ranks, values: &[f32], codes: &mut [C]) {
        assert!(codes.len() >= values.len() && ranks.tree.len() == 1 << ranks.levels);
        // SAFETY: AVX-512F was seen; codes are stored for existing values only, and a place of level `l` is
        // below `1 << l`.
        unsafe { rank_all(ranks, values, codes) }
    }

    #[target_feature(enable = "avx512f")]
    unsafe fn rank_all<C: Code>(ranks: &Ranks, values: &[f32], codes: &mut [C]) {
        let mut table = [_mm512_setzero_ps(); 5];
        for (level, entry) in table.iter_mut().enumerate().take(ranks.levels) {
            let mask = ((1u32 << (1 << level)) - 1) as __mmask16;
            // SAFETY: level `level` holds `1 << level` numbers from `1 << level` on.
            *entry = unsafe { _mm512_maskz_loadu_ps(mask, ranks.tree.as_ptr().add(1 << level)) };
        }
        for first in (0..values.len()).step_by(LANES) {
            let present = ((1u32 << (values.len() - first).min(LANES)) - 1) as __mmask16;
            // SAFETY: `present` admits only values that exist.
            let value = unsafe { _mm512_maskz_loadu_ps(present, values.as_ptr().add(first)) };
            let mut place = _mm512_setzero_si512();
            for level in 0..ranks.levels {
                let numbers = match table.get(level) {
                    Some(&numbers) => _mm512_permutexvar_ps(place, numbers),
                    // SAFETY: a place of this level is below `1 << level`.
                    None => unsafe { _mm512_i32gather_ps::<4>(place, ranks.tree.as_ptr().add(1 << level).cast()) },
                };
                place = double_plus(place, _mm512_cmp_ps_mask::<_CMP_LT_OQ>(numbers, value));
            }
            let missing = _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(value, value);
            place = _mm512_mask_mov_epi32(place, missing, _mm512_set1_epi32(C::MISSING.number() as i32));
            // SAFETY: as for the load; the stores keep the low bytes of each place.
            unsafe {
                let target = codes.as_mut_ptr().add(first).cast();
                if size_of::<C>() == 1 {
                    _mm512_mask_cvtepi32_storeu_epi8(target, present, place)
                } else {
                    _mm512_mask_cvtepi32_storeu_epi16(target.cast(), present, place)
                }
            }
        }
    }

    fn check<C: Code>(walk: &CodeWalk<'_, C>, first: usize, places: &[u32]) -> usize {
        let columns = coded_columns(walk.features);
        assert!(first + places.len() <= walk.stride && walk.codes.len() >= columns * walk.stride);
        assert!(walk.tree.codes.len() == CODED_NODES && walk.tree.features.len() == CODED_NODES);
        columns
    }

    /// One body for codes of one and of two bytes: the code of each row's own feature, and the walk.
    macro_rules! code_kernel {
        ($entry:ident, $walk:ident, $value:ident, $code:ty, $lanes:literal, $look_up:ident, $store:ident,
         $set:ident, $bit:ty, $add:ident, $masked_add:ident, $greater:ident, $equal:ident, $test:ident, $blend:ident) => {
            pub(crate) fn $entry(walk: &CodeWalk<'_, $code>, first: usize, places: &mut [u32]) {
                let columns = check(walk, first, places);
                // SAFETY: `InstructionSet::detect` saw BW and VBMI; `check` bounds the loads.
                unsafe {
                    match (columns, walk.missing) {
                        (4, _) => $walk::<4, true>(walk, first, places),
                        (8, _) => $walk::<8, true>(walk, first, places),
                        (16, false) => $walk::<16, false>(walk, first, places),
                        (16, true) => $walk::<16, true>(walk, first, places),
                        (24, _) => $walk::<24, true>(walk, first, places),
                        (32, _) => $walk::<32, true>(walk, first, places),
                        (48, _) => $walk::<48, true>(walk, first, places),
                        _ => $walk::<64, true>(walk, first, places),
                    }
                }
            }

            #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
            unsafe fn $walk<const COLUMNS: usize, const MISSING: bool>(walk: &CodeWalk<'_, $code>, first: usize, places: &mut [u32]) {
                let CodedTree { depth, codes, features } = walk.tree;
                for (group, places) in places.as_chunks_mut::<$lanes>().0.iter_mut().enumerate() {
                    let mut node = $set(1);
                    // Bits 8 and 9 of a node's place in its level, where they do not fit a byte.
                    let mut above = (0, 0);
                    for level in 0..depth {
                        // SAFETY: tables of a tree hold `CODED_NODES` codes; COLUMNS columns of codes exist.
                        let (code, feature, value) = unsafe {
                            let feature = $look_up(features, level, node, above.0);
                            ($look_up(codes, level, node, above.0), feature, $value::<COLUMNS>(walk, feature, first + group * $lanes))
                        };
                        let mut right = $greater(value, code);
                        if MISSING {
                            right &= !($equal(value, $set(<$code>::MISSING as $bit)) & $test(feature, $set(CODED_MISSING_LEFT as $bit)));
                        }
                        if level >= 8 {
                            above = ($test(node, $set(128u8 as $bit)), above.0);
                        }
                        let doubled = $add(node, node);
                        node = $masked_add(doubled, right, doubled, $set(1));
                    }
                    $store(depth, node, above, places);
                }
            }

            /// The code of each row's own feature: halving the columns by each bit of the feature's number.
            #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
            unsafe fn $value<const COLUMNS: usize>(walk: &CodeWalk<'_, $code>, feature: __m512i, first: usize) -> __m512i {
                let mut columns = [_mm512_setzero_si512(); COLUMNS];
                for (index, column) in columns.iter_mut().enumerate() {
                    // SAFETY: the caller promises COLUMNS columns of `stride` codes, and rows inside the stride.
                    *column = unsafe { _mm512_loadu_si512(walk.codes.as_ptr().add(index * walk.stride + first).cast()) };
                }
                let mut count = COLUMNS;
                let mut bit = 1;
                while count > 1 {
                    let odd = $test(feature, $set(bit));
                    for pair in 0..count / 2 {
                        columns[pair] = $blend(odd, columns[2 * pair], columns[2 * pair + 1]);
                    }
                    if count % 2 == 1 {
                        columns[count / 2] = columns[count - 1];
                    }
                    count = count.div_ceil(2);
                    bit <<= 1;
                }
                columns[0]
            }
        };
    }

    code_kernel!(
        bytes,
        walk_bytes,
        value_of_byte,
        u8,
        64,
        look_up_bytes,
        store_bytes,
        _mm512_set1_epi8,
        i8,
        _mm512_add_epi8,
        _mm512_mask_add_epi8,
        _mm512_cmpgt_epu8_mask,
        _mm512_cmpeq_epi8_mask,
        _mm512_test_epi8_mask,
        _mm512_mask_blend_epi8
    );
    code_kernel!(
        words,
        walk_words,
        value_of_word,
        u16,
        32,
        look_up_words,
        store_words,
        _mm512_set1_epi16,
        i16,
        _mm512_add_epi16,
        _mm512_mask_add_epi16,
        _mm512_cmpgt_epu16_mask,
        _mm512_cmpeq_epi16_mask,
        _mm512_test_epi16_mask,
        _mm512_mask_blend_epi16
    );

    /// The byte of each row's node in a level of a tree's table; a node's byte is its low 8 bits.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    unsafe fn look_up_bytes(table: &[u8], level: usize, node: __m512i, eight: __mmask64) -> __m512i {
        // SAFETY: every caller passes `CODED_NODES` bytes, 16 registers.
        let register = |number: usize| unsafe { _mm512_loadu_si512(table.as_ptr().add(64 * number).cast()) };
        let pair = |number: usize| _mm512_permutex2var_epi8(register(number), node, register(number + 1));
        let seven = _mm512_movepi8_mask(node);
        match level {
            0..=5 => _mm512_permutexvar_epi8(node, register(0)),
            6 => _mm512_permutexvar_epi8(node, register(1)),
            7 => pair(2),
            8 => _mm512_mask_blend_epi8(seven, pair(4), pair(6)),
            _ => _mm512_mask_blend_epi8(
                eight,
                _mm512_mask_blend_epi8(seven, pair(8), pair(10)),
                _mm512_mask_blend_epi8(seven, pair(12), pair(14)),
            ),
        }
    }

    /// The word of each row's node in a level of a tree's table.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    unsafe fn look_up_words(table: &[u16], level: usize, node: __m512i, _: __mmask32) -> __m512i {
        // SAFETY: every caller passes `CODED_NODES` words, 32 registers.
        let register = |number: usize| unsafe { _mm512_loadu_si512(table.as_ptr().add(32 * number).cast()) };
        let pair = |number: usize| _mm512_permutex2var_epi16(register(number), node, register(number + 1));
        let bit = |bit: i16| _mm512_test_epi16_mask(node, _mm512_set1_epi16(1 << bit));
        let four = |number: usize| _mm512_mask_blend_epi16(bit(6), pair(number), pair(number + 2));
        let eight = |number: usize| _mm512_mask_blend_epi16(bit(7), four(number), four(number + 4));
        match level {
            0..=4 => _mm512_permutexvar_epi16(node, register(0)),
            5 => _mm512_permutexvar_epi16(node, register(1)),
            6 => pair(2),
            7 => four(4),
            8 => eight(8),
            _ => _mm512_mask_blend_epi16(bit(8), eight(16), eight(24)),
        }
    }

    /// Leaf places from the low bytes of the nodes and bits 8 and 9.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    fn store_bytes(depth: usize, node: __m512i, (eight, nine): (__mmask64, __mmask64), places: &mut [u32; 64]) {
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

    /// Leaf places from nodes.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    fn store_words(depth: usize, node: __m512i, _: (__mmask32, __mmask32), places: &mut [u32; 32]) {
        let place = _mm512_and_si512(node, _mm512_set1_epi16(((1u32 << depth) - 1) as i16));
        let halves = [_mm512_castsi512_si256(place), _mm512_extracti64x4_epi64::<1>(place)];
        for (places, half) in places.as_chunks_mut::<LANES>().0.iter_mut().zip(halves) {
            // SAFETY: `places` is an array of 16.
            unsafe { _mm512_storeu_si512(places.as_mut_ptr().cast(), _mm512_cvtepu16_epi32(half)) };
        }
    }
}
