//! The best way to cut a node in two.

use super::bins::BinnedMatrix;
use super::cells::Cell;
use super::histogram::NodeHistogram;

/// What a learner wants from a split and puts into a node.
pub(crate) trait Criterion: Sync {
    /// What it needs to know of a set of rows.
    type Cell: Cell;

    /// Whether both children are large enough.
    fn admits(&self, left: Self::Cell, right: Self::Cell) -> bool;

    /// How good a split is, as numerator and positive denominator: within one node, the split of the
    /// largest quotient is the best. A quotient so that candidates compare without a division.
    fn merit(&self, node: Self::Cell, left: Self::Cell) -> (f64, f64);

    /// Loss reduction of a split in units of the loss, or nothing if it is not worth making.
    fn gain(&self, node: Self::Cell, left: Self::Cell) -> Option<f64>;

    /// Appends what a node answers.
    fn answer(&self, node: Self::Cell, values: &mut Vec<f64>);
}

/// A cut of one feature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Split<C> {
    /// Index of the column and of the feature among its members.
    pub(crate) column: usize,
    pub(crate) member: usize,
    /// Last bin that goes left and first bin, of those in the node, that goes right.
    pub(crate) left_bin: usize,
    pub(crate) right_bin: usize,
    pub(crate) missing_left: bool,
    pub(crate) left: C,
    numerator: f64,
    denominator: f64,
}

/// Finds the best split of nodes.
pub(crate) struct SplitSearch<'a> {
    binned: &'a BinnedMatrix,
    places: Vec<Place>,
}

/// Where a feature is.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    column: usize,
    member: usize,
    /// Index of its entries in a node's histogram.
    entries: usize,
    /// Whether an earlier feature has the same bins in every row.
    repeated: bool,
}

impl<'a> SplitSearch<'a> {
    pub(crate) fn new(binned: &'a BinnedMatrix) -> Self {
        let mut places = vec![Place::default(); binned.features.len()];
        let mut derived = binned.columns.len();
        for (column_index, column) in binned.columns.iter().enumerate() {
            for (member_index, member) in column.members.iter().enumerate() {
                let repeated = column.members.iter().any(|other| other.feature < member.feature && other.bin_of_code == member.bin_of_code);
                let entries = if member.bin_of_code.is_empty() { column_index } else { derived };
                derived += usize::from(!member.bin_of_code.is_empty());
                places[member.feature] = Place { column: column_index, member: member_index, entries, repeated };
            }
        }
        SplitSearch { binned, places }
    }

    /// The best split over `features`, looked at in order; of equals the first. At least `at_least`
    /// features are looked at, and more until one of them differs within the node.
    pub(crate) fn best<K: Criterion>(
        &self,
        criterion: &K,
        node: K::Cell,
        histogram: &NodeHistogram<K::Cell>,
        features: &[usize],
        at_least: usize,
    ) -> Option<Split<K::Cell>> {
        let mut best = None;
        let mut differing = false;
        for (looked_at, &feature) in features.iter().enumerate() {
            if looked_at >= at_least && differing {
                break;
            }
            let place = self.places[feature];
            if at_least >= self.places.len() && place.repeated {
                continue; // it would only tie
            }
            let (bins, cells) = histogram.entries(place.entries);
            differing |= bins.len() > 1;
            Scan { criterion, node, column: place.column, member: place.member, best: &mut best }.feature(
                bins,
                cells,
                self.binned.features[feature].missing_bin(),
            );
        }
        best
    }
}

struct Scan<'a, K: Criterion> {
    criterion: &'a K,
    node: K::Cell,
    column: usize,
    member: usize,
    best: &'a mut Option<Split<K::Cell>>,
}

impl<K: Criterion> Scan<'_, K> {
    fn feature(&mut self, bins: &[u16], cells: &[K::Cell], missing_bin: usize) {
        if bins.len() < 2 {
            return;
        }
        let last = bins.len() - 1;
        if usize::from(bins[last]) == missing_bin {
            self.cuts(bins, cells, last, K::Cell::default(), Some(false));
            self.cuts(bins, cells, last - 1, cells[last], Some(true));
        } else {
            self.cuts(bins, cells, last, K::Cell::default(), None);
        }
    }

    /// Tries the cuts after each of the first `count` bins; `start` is on the left from the beginning.
    fn cuts(&mut self, bins: &[u16], cells: &[K::Cell], count: usize, start: K::Cell, missing_left: Option<bool>) {
        let (mut numerator, mut denominator) = self.best.map_or((-1.0, 1.0), |best| (best.numerator, best.denominator));
        let mut found = None;
        let mut left = start;
        for (index, &cell) in cells[..count].iter().enumerate() {
            left.add(cell);
            if !self.criterion.admits(left, self.node.minus(left)) {
                continue;
            }
            let merit = self.criterion.merit(self.node, left);
            if merit.0 * denominator > numerator * merit.1 {
                (numerator, denominator) = merit;
                found = Some((index, left));
            }
        }
        if let Some((index, left)) = found {
            let missing_left = missing_left.unwrap_or(left.rows() > self.node.minus(left).rows());
            let (left_bin, right_bin) = (usize::from(bins[index]), usize::from(bins[index + 1]));
            *self.best =
                Some(Split { column: self.column, member: self.member, left_bin, right_bin, missing_left, left, numerator, denominator });
        }
    }
}
