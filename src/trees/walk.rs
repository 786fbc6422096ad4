//! Which leaf a row reaches.
//!
//! Rows go through a tree many at a time and without a branch. Each walk has a body for any processor,
//! here, and bodies for what the processor at hand can do, in [`super::score`]; all find the same leaves.

use super::coded::{CODED_MISSING_LEFT, CodedTree};
use super::compiled::{Compiled, CompiledNode, MISSING_LEFT, NodeLayout};
use super::ensemble::{Precision, ThresholdComparison, Tree};
use super::instruction_set::InstructionSet;
use super::ranks::Code;
#[cfg(target_arch = "x86_64")]
use super::score;

/// Rows or trees walked together.
pub(crate) const LANES: usize = 16;

/// Trees that one row walks together.
pub(crate) const TREES_TOGETHER: usize = 4 * LANES;

/// Whether a value goes right.
fn goes_right(value: f32, node: CompiledNode) -> bool {
    let left = if value.is_nan() { node.offset & MISSING_LEFT != 0 } else { value <= node.threshold };
    !left
}

/// The leaf that a row reaches by the tree's own definition.
fn plain_leaf(tree: &Tree, comparison: ThresholdComparison, precision: Precision, value: impl Fn(usize) -> f32) -> u32 {
    let mut node = 0;
    while !tree.is_leaf(node) {
        node = tree.child(node, f64::from(value(tree.feature[node] as usize)), comparison, precision);
    }
    node as u32
}

/// A block of rows on its way through one tree.
pub(crate) struct BlockWalk<'a> {
    pub(crate) compiled: &'a Compiled,
    pub(crate) tree: usize,
    /// `block_rows` values a feature.
    pub(crate) values: &'a [f32],
    /// Whether a value is NaN.
    pub(crate) missing: bool,
}

impl BlockWalk<'_> {
    /// The leaf places of the first `rows` rows; those past them mean nothing.
    pub(crate) fn places(&self, instruction_set: InstructionSet, rows: usize, places: &mut [u32]) {
        let places = &mut places[..rows.next_multiple_of(LANES)];
        match instruction_set {
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx512 | InstructionSet::Avx512Bytes => score::block(self, places),
            InstructionSet::Portable => self.portable(places),
        }
    }

    /// [`BlockWalk::places`] on any processor; `places` holds a multiple of [`LANES`].
    pub(crate) fn portable(&self, places: &mut [u32]) {
        for (group, places) in places.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
            let first = group * LANES;
            match &self.compiled.layout {
                NodeLayout::Perfect { depth } => {
                    let nodes = self.tree * ((1 << depth) - 1);
                    places.fill(0);
                    for level in 0..*depth {
                        let nodes = nodes + (1 << level) - 1;
                        for (lane, place) in places.iter_mut().enumerate() {
                            *place = 2 * *place + u32::from(self.right(nodes + *place as usize, first + lane));
                        }
                    }
                }
                NodeLayout::Plain { trees, comparison, precision } => {
                    let stride = self.compiled.block_rows;
                    for (lane, place) in places.iter_mut().enumerate() {
                        *place =
                            plain_leaf(&trees[self.tree], *comparison, *precision, |feature| self.values[feature * stride + first + lane]);
                    }
                }
                NodeLayout::Linked { roots, left, depth } => {
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
        let node = self.compiled.nodes[node];
        goes_right(self.values[(node.offset & !MISSING_LEFT) as usize + row], node)
    }
}

/// One row on its way through several trees.
pub(crate) struct RowWalk<'a> {
    pub(crate) compiled: &'a Compiled,
    /// First of the trees.
    pub(crate) first: usize,
    pub(crate) row: &'a [f32],
}

impl RowWalk<'_> {
    /// The leaf places in the trees from `first` on; those past the last tree mean nothing.
    pub(crate) fn places(&self, instruction_set: InstructionSet, places: &mut [u32; TREES_TOGETHER]) {
        match instruction_set {
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx512 | InstructionSet::Avx512Bytes => score::row(self, places),
            InstructionSet::Portable => self.portable(places),
        }
    }

    /// [`RowWalk::places`] on any processor.
    pub(crate) fn portable(&self, places: &mut [u32; TREES_TOGETHER]) {
        let trees = self.first..self.compiled.trees.min(self.first + places.len());
        match &self.compiled.layout {
            NodeLayout::Perfect { depth } => {
                places.fill(0);
                for level in 0..*depth {
                    for (tree, place) in trees.clone().zip(&mut *places) {
                        let node = tree * ((1 << depth) - 1) + (1 << level) - 1 + *place as usize;
                        *place = 2 * *place + u32::from(self.right(node));
                    }
                }
            }
            NodeLayout::Plain { trees: plain, comparison, precision } => {
                for (tree, place) in trees.zip(&mut *places) {
                    *place = plain_leaf(&plain[tree], *comparison, *precision, |feature| self.row[feature]);
                }
            }
            NodeLayout::Linked { roots, left, depth } => {
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
        let node = self.compiled.nodes[node];
        goes_right(self.row[self.compiled.feature(&node)], node)
    }
}

/// Rows of codes on their way through one tree.
pub(crate) struct CodeWalk<'a, C> {
    pub(crate) tree: CodedTree<'a, C>,
    /// `stride` codes a feature, for [`coded_columns`](super::coded::coded_columns) features.
    pub(crate) codes: &'a [C],
    /// A multiple of 64.
    pub(crate) stride: usize,
    /// Number of features.
    pub(crate) features: usize,
    /// Whether a code is [`Code::MISSING`].
    pub(crate) missing: bool,
}

impl<C: Code> CodeWalk<'_, C> {
    /// The leaf places of `rows` rows from `first` on, a multiple of 64; those past them mean nothing.
    pub(crate) fn places(&self, instruction_set: InstructionSet, first: usize, rows: usize, places: &mut [u32]) {
        let places = &mut places[..rows.next_multiple_of(C::TOGETHER)];
        match instruction_set {
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx512Bytes => C::walk(self, first, places),
            _ => self.portable(first, places),
        }
    }

    fn portable(&self, first: usize, places: &mut [u32]) {
        let leaves = 1 << self.tree.depth;
        for (group, places) in places.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
            places.fill(1);
            for _ in 0..self.tree.depth {
                for (lane, node) in places.iter_mut().enumerate() {
                    let feature = self.tree.features[*node as usize].number();
                    let code = self.codes[(feature % CODED_MISSING_LEFT) * self.stride + first + group * LANES + lane];
                    let right = if code == C::MISSING { feature < CODED_MISSING_LEFT } else { code > self.tree.codes[*node as usize] };
                    *node = 2 * *node + u32::from(right);
                }
            }
            places.iter_mut().for_each(|node| *node -= leaves);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::random::SplitMix64;
    use crate::trees::coded::{CODED_DEPTH, CODED_NODES, coded_columns};
    use crate::trees::ranks::Ranks;

    fn codes_are_walked_alike<C: Code>() {
        let mut random = SplitMix64::new(3);
        let most = C::MISSING.number();
        for depth in 1..=CODED_DEPTH {
            for features in [1, 4, 5, 16, 17, 33, 64] {
                let mut numbers = |count: usize, below: usize| (0..count).map(|_| C::of(random.below(below))).collect::<Vec<C>>();
                let stride = 256;
                let mut codes = numbers(coded_columns(features) * stride, most);
                codes.iter_mut().step_by(7).for_each(|code| *code = C::MISSING);
                let nodes = numbers(CODED_NODES, most);
                let flags = numbers(CODED_NODES, 2);
                let node_features: Vec<C> = numbers(CODED_NODES, features)
                    .iter()
                    .zip(flags)
                    .map(|(feature, flag)| C::of(feature.number() + flag.number() * CODED_MISSING_LEFT))
                    .collect();
                let tree = CodedTree { depth, codes: &nodes, features: &node_features };
                let walk = CodeWalk { tree, codes: &codes, stride, features, missing: true };
                let (mut ours, mut portable) = (vec![0; 192], vec![0; 192]);
                walk.places(InstructionSet::detect(), 64, 130, &mut ours);
                walk.places(InstructionSet::Portable, 64, 130, &mut portable);
                assert_eq!(ours[..130], portable[..130], "depth {depth}, {features} features");
                assert!(portable[..130].iter().all(|&place| place < 1 << depth));
            }
        }
    }

    #[test]
    fn codes_are_walked_alike_by_all_processors() {
        codes_are_walked_alike::<u8>();
        codes_are_walked_alike::<u16>();
    }

    fn ranks_count<C: Code>(counts: &[usize]) {
        let mut random = SplitMix64::new(4);
        for &count in counts {
            let mut numbers: Vec<f32> = (0..count).map(|_| random.unit() as f32).collect();
            numbers.sort_unstable_by(f32::total_cmp);
            numbers.dedup();
            let odd = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -0.0];
            let values: Vec<f32> = (0..77).map(|_| random.unit() as f32).chain(numbers.iter().copied()).chain(odd).collect();
            for instruction_set in [InstructionSet::detect(), InstructionSet::Portable] {
                let mut ranks = vec![C::default(); values.len()];
                Ranks::new(&numbers).rank(instruction_set, &values, &mut ranks);
                for (&value, &rank) in values.iter().zip(&ranks) {
                    let expected =
                        if value.is_nan() { C::MISSING.number() } else { numbers.iter().filter(|&&number| number < value).count() };
                    assert_eq!(rank.number(), expected, "{value} among {count}");
                }
            }
        }
    }

    #[test]
    fn ranks_count_what_is_below() {
        ranks_count::<u8>(&[0, 1, 2, 3, 15, 16, 31, 100, 254, 255]);
        ranks_count::<u16>(&[0, 1, 31, 32, 300, 3000]);
    }
}
