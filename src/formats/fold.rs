//! One node of a tree, moved from a prepared column to the one that is given.

use super::prepared::{Derived, Step, bad};
use super::unfold::Question;
use crate::error::Result;
use crate::trees::{CategoricalSplit, Precision, ThresholdComparison, Tree};

/// How one node is moved to the given column.
pub(super) struct Fold<'p> {
    pub(super) column: &'p Derived,
    pub(super) comparison: ThresholdComparison,
    pub(super) precision: Precision,
    pub(super) single: bool,
}

impl Fold<'_> {
    fn goes_left(&self, tree: &Tree, node: usize, given: f64) -> bool {
        tree.goes_left(node, self.column.apply(given), self.comparison, self.precision)
    }

    /// A split on whether a column holds the category of that place: all others go one way, which becomes the right one.
    pub(super) fn category(&self, tree: &mut Tree, node: usize, place: u32) {
        let goes_left = |value: f64| self.goes_left(tree, node, value);
        let (it, others, missing) = (goes_left(f64::from(place)), goes_left(f64::from(place) + 1.0), goes_left(f64::NAN));
        if others {
            (tree.left[node], tree.right[node]) = (tree.right[node], tree.left[node]);
        }
        tree.missing_left[node] = missing != others;
        tree.threshold[node] = 0.0;
        let left = if it == others { Vec::new() } else { vec![place] };
        tree.categorical.push(CategoricalSplit { node: node as u32, left });
    }

    /// What the node asks of the given column: a threshold, or more than one where numbers in between count as missing.
    pub(super) fn node(&self, tree: &mut Tree, node: usize) -> Result<Option<Question>> {
        let missing_left = self.goes_left(tree, node, f64::NAN);
        let (lowest, highest) = (Self::key(f64::NEG_INFINITY), Self::key(f64::INFINITY));
        let Some((first, last)) = self.with_values(lowest, highest)? else {
            (tree.threshold[node], tree.missing_left[node]) = (f64::INFINITY, missing_left);
            if !missing_left {
                (tree.left[node], tree.right[node]) = (tree.right[node], tree.left[node]);
                tree.missing_left[node] = true;
            }
            return Ok(None);
        };
        let side = |key: i128| tree.goes_left(node, self.column.apply_in_order(self.value(key)), self.comparison, self.precision);
        let (low, high) = (side(first), side(last));
        // Up to `before` numbers go as the first does.
        let before = if low == high { last } else { last_of(first, last, |key| side(key) == low) };
        // In order, each part with its last place.
        let mut parts = vec![(first - 1, missing_left), (before, low), (last, high), (highest, missing_left)];
        for (from, to) in self.counted_missing(first, last) {
            parts = with_gap(&parts, (from, to), missing_left);
        }
        let mut pieces: Vec<(i128, bool)> = Vec::new();
        let mut start = lowest;
        for (end, is_left) in parts {
            if end < start {
                continue;
            }
            start = end + 1;
            match pieces.last_mut() {
                Some(piece) if piece.1 == is_left => piece.0 = end,
                _ => pieces.push((end, is_left)),
            }
        }
        let (end, begin) = (pieces.last().is_some_and(|piece| piece.1), pieces.first().is_some_and(|piece| piece.1));
        if pieces.len() > 2 {
            let pieces = pieces.iter().map(|&(end, is_left)| (if end == highest { f64::INFINITY } else { self.value(end) }, is_left));
            return Ok(Some(Question { pieces: pieces.collect(), missing_left }));
        }
        tree.threshold[node] = if begin == end { f64::INFINITY } else { self.value(pieces[0].0) };
        tree.missing_left[node] = missing_left;
        if !begin {
            (tree.left[node], tree.right[node]) = (tree.right[node], tree.left[node]);
            tree.missing_left[node] = !missing_left;
        }
        Ok(None)
    }

    /// The first and the last place whose number has a value behind the steps: a root has none of what is negative.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] where numbers at both ends have none.
    fn with_values(&self, lowest: i128, highest: i128) -> Result<Option<(i128, i128)>> {
        if !self.column.steps.iter().any(|step| step.has_edges()) {
            return Ok(Some((lowest, highest)));
        }
        let is_nothing = |key: i128| self.column.apply_in_order(self.value(key)).is_nan();
        match (is_nothing(lowest), is_nothing(highest)) {
            (false, false) => Ok(Some((lowest, highest))),
            (true, false) => Ok(Some((last_of(lowest, highest, is_nothing) + 1, highest))),
            (false, true) => Ok(Some((lowest, last_of(lowest, highest, |key| !is_nothing(key))))),
            (true, true) if !is_nothing(0) => Err(bad("a column that has no value at either end")),
            (true, true) => Ok(None),
        }
    }

    /// The places whose numbers count as missing, each with its last one; the steps before keep the order from `first` to `last`.
    fn counted_missing(&self, first: i128, last: i128) -> Vec<(i128, i128)> {
        let mut found = Vec::new();
        for (place, step) in self.column.steps.iter().enumerate() {
            let Step::MissingIs(number) = *step else { continue };
            let before = Derived { steps: self.column.steps[..place].to_vec(), ..Derived::given(0) };
            let reached = |key: i128| before.apply_in_order(self.value(key));
            let rises = reached(first) <= reached(last);
            // Neither end is beyond the number.
            let is_early = |key: i128| if rises { reached(key) < number } else { reached(key) > number };
            let is_late = |key: i128| if rises { reached(key) > number } else { reached(key) < number };
            let from = if is_early(first) { last_of(first, last + 1, |key| key <= last && is_early(key)) + 1 } else { first };
            let to = if is_late(last) { last_of(first - 1, last, |key| key < first || !is_late(key)) } else { last };
            if from <= to {
                found.push((from, to));
            }
        }
        found
    }

    /// The place of a number in the order of all numbers of the given width.
    fn key(value: f64) -> i128 {
        let size = i128::from(value.abs().to_bits());
        if value < 0.0 { -size } else { size }
    }

    /// The number at that place; in 32 bits the nearest not above it.
    fn value(&self, key: i128) -> f64 {
        let size = f64::from_bits(key.unsigned_abs() as u64);
        let value = if key < 0 { -size } else { size };
        if !self.single {
            return value;
        }
        let nearest = value as f32;
        f64::from(if f64::from(nearest) > value { nearest.next_down() } else { nearest })
    }
}

/// The last place up to which something holds: it does at `holds` and no more at `ends`.
fn last_of(holds: i128, ends: i128, is_so: impl Fn(i128) -> bool) -> i128 {
    let (mut holds, mut ends) = (holds, ends);
    while ends - holds > 1 {
        let middle = holds + (ends - holds) / 2;
        if is_so(middle) { holds = middle } else { ends = middle }
    }
    holds
}

/// The parts with one more between `from` and `to`.
fn with_gap(parts: &[(i128, bool)], (from, to): (i128, i128), side: bool) -> Vec<(i128, bool)> {
    let mut made: Vec<(i128, bool)> = parts.iter().filter(|part| part.0 < from).copied().collect();
    if let Some(cut) = parts.iter().find(|part| part.0 >= from) {
        made.push((from - 1, cut.1));
    }
    made.push((to, side));
    made.extend(parts.iter().filter(|part| part.0 > to));
    made
}
