//! Trees whose nodes ask more than whether a number is at most a threshold, as trees that ask only that.
//!
//! A node that tests for membership, or that sends zero another way than its neighbours, parts the line of numbers into
//! several pieces. It becomes a small tree of thresholds over them, and what hangs below it is repeated for each piece. On a
//! path where earlier questions have settled the answer the question is left out, so that a feature is parted once.

use std::collections::BTreeMap;

use super::arrange::ValueBudget;
use crate::error::{Error, ErrorKind, Result};
use crate::trees::{CategoricalSplit, Tree};

/// Most nodes that a file's trees may come to: repeated parts grow faster than what they are made of.
const MOST_NODES: usize = 600_000;

/// What a node asks of a number that may be missing.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Question {
    /// Pieces of the line in ascending order, each by its highest number, with whether it goes left; the last one ends with
    /// infinity.
    pub(super) pieces: Vec<(f64, bool)>,
    /// Whether a missing number goes left.
    pub(super) missing_left: bool,
}

/// The nodes that the trees of one file may still come to.
pub(super) struct UnfoldBudget {
    nodes: usize,
    values: ValueBudget,
}

impl UnfoldBudget {
    /// For a file of so many bytes.
    pub(super) fn new(file_bytes: usize) -> Self {
        UnfoldBudget { nodes: MOST_NODES.max(file_bytes / 16), values: ValueBudget::new(file_bytes) }
    }

    /// For trees that were read within the bounds of their own file.
    pub(super) fn of_trees(trees: &[Tree]) -> Self {
        let nodes: usize = trees.iter().map(Tree::len).sum();
        UnfoldBudget { nodes: MOST_NODES.max(nodes.saturating_mul(8)), values: ValueBudget::new(nodes.saturating_mul(64)) }
    }

    fn take(&mut self, outputs: usize) -> Result<()> {
        self.nodes = self.nodes.checked_sub(1).ok_or_else(|| {
            Error::new(ErrorKind::BadModelFile, format!("its questions come to more than {MOST_NODES} nodes of thresholds"))
        })?;
        self.values.take(1, outputs)
    }
}

/// What a path has told of one feature: numbers above the first, up to the second, and whether it may be missing.
#[derive(Clone, Copy)]
struct Known {
    feature: u32,
    above: Option<f64>,
    up_to: f64,
    missing: bool,
    /// The one before, in the list of all.
    before: Option<usize>,
}

/// Where a part of a tree goes: under which node, and on which side.
type Slot = Option<(usize, bool)>;

/// What is still to be written.
enum Task {
    /// A node of the given tree.
    Node(usize),
    /// Some neighbouring pieces of a node's question.
    Pieces { node: usize, from: usize, to: usize, is_first: bool },
}

/// The tree without `questions`, which stand for what the nodes of these places ask, and of which given node each of its
/// nodes is a part. Its nodes are in order, parents first.
///
/// Errors: [`ErrorKind::BadModelFile`] where it comes to more nodes than the file may.
pub(super) fn unfold(
    tree: &Tree,
    questions: &BTreeMap<usize, Question>,
    outputs: usize,
    budget: &mut UnfoldBudget,
) -> Result<(Tree, Vec<u32>)> {
    let open = vec![(Task::Node(0), None, None)];
    let mut unfolding = Unfolding { tree, questions, outputs, made: Tree::default(), origins: Vec::new(), known: Vec::new(), open };
    while let Some((task, slot, known)) = unfolding.open.pop() {
        match task {
            Task::Node(node) => unfolding.node(node, slot, known, budget)?,
            Task::Pieces { node, from, to, is_first } => unfolding.pieces(node, (from, to), is_first, slot, known, budget)?,
        }
    }
    Ok((unfolding.made, unfolding.origins))
}

struct Unfolding<'t> {
    tree: &'t Tree,
    questions: &'t BTreeMap<usize, Question>,
    outputs: usize,
    made: Tree,
    origins: Vec<u32>,
    known: Vec<Known>,
    open: Vec<(Task, Slot, Option<usize>)>,
}

impl Unfolding<'_> {
    /// What the path tells of a feature.
    fn of(&self, feature: u32, mut place: Option<usize>) -> Known {
        while let Some(known) = place.map(|place| self.known[place]) {
            if known.feature == feature {
                return known;
            }
            place = known.before;
        }
        Known { feature, above: None, up_to: f64::INFINITY, missing: true, before: None }
    }

    /// A new node that holds what `node` holds; `is_first` of those that it is made of.
    fn write(&mut self, node: usize, slot: Slot, is_first: bool, budget: &mut UnfoldBudget) -> Result<usize> {
        budget.take(self.outputs)?;
        self.origins.push(node as u32);
        let place = self.made.left.len();
        let (made, tree) = (&mut self.made, self.tree);
        made.feature.push(0);
        made.threshold.push(0.0);
        made.left.push(Tree::LEAF);
        made.right.push(Tree::LEAF);
        made.missing_left.push(false);
        made.value.extend_from_slice(&tree.value[node * self.outputs..(node + 1) * self.outputs]);
        made.rows.push(tree.rows[node]);
        made.weight.push(tree.weight[node]);
        made.impurity.push(tree.impurity[node]);
        made.gain.push(if is_first { tree.gain[node] } else { 0.0 });
        if let Some((parent, is_left)) = slot {
            *(if is_left { &mut made.left[parent] } else { &mut made.right[parent] }) = place as u32;
        }
        Ok(place)
    }

    /// What hangs below a node on one side of its own question.
    fn child(&self, node: usize, is_left: bool) -> Task {
        Task::Node(if is_left { self.tree.left[node] } else { self.tree.right[node] } as usize)
    }

    fn node(&mut self, node: usize, slot: Slot, known: Option<usize>, budget: &mut UnfoldBudget) -> Result<()> {
        if self.tree.is_leaf(node) {
            return self.write(node, slot, true, budget).map(|_| ());
        }
        if let Some(split) = self.tree.categorical_split(node) {
            let place = self.write(node, slot, true, budget)?;
            self.made.feature[place] = self.tree.feature[node];
            self.made.missing_left[place] = self.tree.missing_left[node];
            self.made.categorical.push(CategoricalSplit { node: place as u32, left: split.left.clone() });
            for is_left in [false, true] {
                let child = self.child(node, is_left);
                self.open.push((child, Some((place, is_left)), known));
            }
            return Ok(());
        }
        self.open.push((Task::Pieces { node, from: 0, to: usize::MAX, is_first: true }, slot, known));
        Ok(())
    }

    /// What a node asks, whether it is a plain threshold or not.
    fn question(&self, node: usize) -> Question {
        self.questions.get(&node).cloned().unwrap_or_else(|| {
            let threshold = self.tree.threshold[node];
            let pieces = if threshold == f64::INFINITY { vec![(threshold, true)] } else { vec![(threshold, true), (f64::INFINITY, false)] };
            Question { pieces, missing_left: self.tree.missing_left[node] }
        })
    }

    fn pieces(
        &mut self,
        node: usize,
        (from, to): (usize, usize),
        is_first: bool,
        slot: Slot,
        known: Option<usize>,
        budget: &mut UnfoldBudget,
    ) -> Result<()> {
        let (feature, question) = (self.tree.feature[node], self.question(node));
        let told = self.of(feature, known);
        // The pieces that numbers of this path lie in.
        let reaches = |place: usize| {
            let below = place.checked_sub(1).map(|before| question.pieces[before].0);
            let is_above = told.above.is_none_or(|above| question.pieces[place].0 > above);
            is_above && below.is_none_or(|below| below < told.up_to)
        };
        let open: Vec<usize> = (from..question.pieces.len().min(to)).filter(|&place| reaches(place)).collect();
        let sides = |is_left: bool| open.iter().any(|&place| question.pieces[place].1 == is_left);
        let (left, right) = (sides(true), sides(false));
        let missing = told.missing.then_some(question.missing_left);
        match (left, right, missing) {
            // All go one way.
            (false, false, side) => {
                let child = self.child(node, side.unwrap_or(true));
                self.open.push((child, slot, known));
                return Ok(());
            }
            (left, right, missing) if left != right && missing.is_none_or(|missing| missing == left) => {
                let child = self.child(node, left);
                self.open.push((child, slot, known));
                return Ok(());
            }
            _ => {}
        }
        let place = self.write(node, slot, is_first, budget)?;
        self.made.feature[place] = feature;
        // Where all numbers go one way and what is missing the other, a threshold above all of them parts them.
        if left != right {
            self.made.threshold[place] = f64::INFINITY;
            self.made.missing_left[place] = false;
            let numbers = self.note(Known { missing: false, before: known, ..told });
            let (there, away) = (self.child(node, left), self.child(node, !left));
            self.open.push((away, Some((place, false)), known));
            self.open.push((there, Some((place, true)), Some(numbers)));
            return Ok(());
        }
        // In the middle, but never within neighbours of one side.
        let boundaries: Vec<usize> = (1..open.len()).filter(|&at| question.pieces[open[at - 1]].1 != question.pieces[open[at]].1).collect();
        let at = boundaries[boundaries.len() / 2];
        let (last, next) = (open[at - 1], open[at]);
        let boundary = question.pieces[last].0;
        self.made.threshold[place] = boundary;
        // What is missing goes where its side is found again.
        let missing_left = open[..at].iter().any(|&piece| question.pieces[piece].1 == question.missing_left);
        self.made.missing_left[place] = missing_left;
        let below = self.note(Known { up_to: boundary.min(told.up_to), missing: told.missing && missing_left, before: known, ..told });
        let above = self.note(Known { above: Some(boundary), missing: told.missing && !missing_left, before: known, ..told });
        self.open.push((Task::Pieces { node, from: next, to, is_first: false }, Some((place, false)), Some(above)));
        self.open.push((Task::Pieces { node, from, to: last + 1, is_first: false }, Some((place, true)), Some(below)));
        Ok(())
    }

    fn note(&mut self, known: Known) -> usize {
        self.known.push(known);
        self.known.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::arrange::blank;
    use crate::statistics::random::SplitMix64;
    use crate::trees::{Precision, ThresholdComparison};

    /// Where a row ends in the given tree.
    fn asked(tree: &Tree, questions: &BTreeMap<usize, Question>, row: &[f64]) -> f64 {
        let mut node = 0;
        while !tree.is_leaf(node) {
            let value = row[tree.feature[node] as usize];
            let left = match questions.get(&node) {
                Some(question) if value.is_nan() => question.missing_left,
                Some(question) => question.pieces.iter().find(|(up_to, _)| value <= *up_to).expect("a piece").1,
                None => tree.goes_left(node, value, ThresholdComparison::LessOrEqual, Precision::Double),
            };
            node = if left { tree.left[node] } else { tree.right[node] } as usize;
        }
        tree.value[node]
    }

    fn walked(tree: &Tree, row: &[f64]) -> f64 {
        let mut node = 0;
        while !tree.is_leaf(node) {
            node = tree.child(node, row[tree.feature[node] as usize], ThresholdComparison::LessOrEqual, Precision::Double);
        }
        tree.value[node]
    }

    /// A complete tree of four levels on two features, in which every other node has a question of its own.
    fn example(random: &mut SplitMix64) -> (Tree, BTreeMap<usize, Question>) {
        let mut tree = blank(31, 1);
        let mut questions = BTreeMap::new();
        for node in 0..31 {
            tree.value[node] = node as f64;
            if node >= 15 {
                continue;
            }
            (tree.left[node], tree.right[node]) = (2 * node as u32 + 1, 2 * node as u32 + 2);
            tree.feature[node] = random.below(2) as u32;
            tree.threshold[node] = random.below(9) as f64 - 4.0;
            tree.missing_left[node] = random.below(2) == 0;
            if random.below(2) == 0 {
                let mut ends: Vec<f64> = (0..1 + random.below(4)).map(|_| random.below(9) as f64 - 4.0).collect();
                ends.sort_by(f64::total_cmp);
                ends.dedup();
                ends.push(f64::INFINITY);
                let pieces = ends.into_iter().map(|end| (end, random.below(2) == 0)).collect();
                questions.insert(node, Question { pieces, missing_left: random.below(2) == 0 });
            }
        }
        (tree, questions)
    }

    #[test]
    fn every_number_ends_where_the_questions_send_it() {
        let mut random = SplitMix64::new(3);
        let mut longest = 0;
        for _ in 0..300 {
            let (tree, questions) = example(&mut random);
            let (made, origins) = unfold(&tree, &questions, 1, &mut UnfoldBudget::new(1000)).expect("unfolded");
            assert!((0..made.len()).all(|node| made.value[node] == f64::from(origins[node])));
            let numbers = (-10..=10).map(|half| f64::from(half) / 2.0).chain([f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0]);
            let numbers: Vec<f64> = numbers.collect();
            for &one in &numbers {
                for &other in &numbers {
                    assert_eq!(walked(&made, &[one, other]), asked(&tree, &questions, &[one, other]), "{one} {other}");
                }
            }
            longest = longest.max(made.len());
        }
        assert!(longest > 40, "some are longer than what they are made of: {longest}");
    }

    #[test]
    fn what_comes_to_too_much_is_refused() {
        // A chain of questions, each on a feature of its own, repeats all that follows.
        let depth = 40;
        let mut tree = blank(2 * depth + 1, 1);
        let mut questions = BTreeMap::new();
        for level in 0..depth {
            let node = 2 * level;
            (tree.left[node], tree.right[node], tree.feature[node]) = (node as u32 + 1, node as u32 + 2, level as u32);
            questions.insert(node, Question { pieces: vec![(0.0, false), (1.0, true), (f64::INFINITY, false)], missing_left: true });
        }
        let error = unfold(&tree, &questions, 1, &mut UnfoldBudget::new(1000)).expect_err("too much");
        assert!(error.kind() == ErrorKind::BadModelFile && error.to_string().contains("nodes of thresholds"), "{error}");
    }
}
