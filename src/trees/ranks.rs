//! Codes of one or two bytes, and how the code of a value is found.

use super::instruction_set::InstructionSet;
#[cfg(target_arch = "x86_64")]
use super::score;
use super::walk::CodeWalk;

/// A code, and a feature with a flag above it.
pub(crate) trait Code: Copy + Default + Ord + Send + Sync + std::fmt::Debug + 'static {
    /// Code of a missing value, above all others.
    const MISSING: Self;

    /// Rows that are walked together: `places` are asked for in multiples of it.
    const TOGETHER: usize;

    /// The low bits of `number`.
    fn of(number: usize) -> Self;

    fn number(self) -> usize;

    /// [`CodeWalk::places`] for a processor with byte tables.
    #[cfg(target_arch = "x86_64")]
    fn walk(walk: &CodeWalk<'_, Self>, first: usize, places: &mut [u32]);
}

impl Code for u8 {
    const MISSING: u8 = u8::MAX;
    const TOGETHER: usize = 64;

    fn of(number: usize) -> u8 {
        number as u8
    }

    fn number(self) -> usize {
        usize::from(self)
    }

    #[cfg(target_arch = "x86_64")]
    fn walk(walk: &CodeWalk<'_, u8>, first: usize, places: &mut [u32]) {
        score::bytes(walk, first, places);
    }
}

impl Code for u16 {
    const MISSING: u16 = u16::MAX;
    const TOGETHER: usize = 32;

    fn of(number: usize) -> u16 {
        number as u16
    }

    fn number(self) -> usize {
        usize::from(self)
    }

    #[cfg(target_arch = "x86_64")]
    fn walk(walk: &CodeWalk<'_, u16>, first: usize, places: &mut [u32]) {
        score::words(walk, first, places);
    }
}

/// A sorted list of numbers as a tree, for finding how many of them are below a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ranks {
    pub(crate) levels: usize,
    /// The root at 1, children of `n` at `2n` and `2n + 1`; infinity where there is no number.
    pub(crate) tree: Vec<f32>,
}

impl Ranks {
    /// Of finite numbers in ascending order, fewer than [`Code::MISSING`] of the codes asked for later.
    pub(crate) fn new(numbers: &[f32]) -> Self {
        let levels = (usize::BITS - numbers.len().leading_zeros()) as usize;
        let mut tree = vec![f32::INFINITY; 1 << levels];
        for (place, number) in tree.iter_mut().enumerate().skip(1) {
            let level = place.ilog2() as usize;
            let rank = ((2 * (place - (1 << level)) + 1) << (levels - level - 1)) - 1;
            *number = numbers.get(rank).copied().unwrap_or(f32::INFINITY);
        }
        Ranks { levels, tree }
    }

    /// For each value how many numbers are below it; [`Code::MISSING`] for NaN.
    pub(crate) fn rank<C: Code>(&self, instruction_set: InstructionSet, values: &[f32], ranks: &mut [C]) {
        match instruction_set {
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx512 | InstructionSet::Avx512Bytes => score::rank(self, values, ranks),
            InstructionSet::Portable => self.rank_portable(values, ranks),
        }
    }

    fn rank_portable<C: Code>(&self, values: &[f32], ranks: &mut [C]) {
        for (rank, &value) in ranks.iter_mut().zip(values) {
            let place = (0..self.levels).fold(1, |place, _| 2 * place + usize::from(self.tree[place] < value));
            *rank = if value.is_nan() { C::MISSING } else { C::of(place - (1 << self.levels)) };
        }
    }
}
