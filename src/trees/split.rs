//! The best way to cut a node in two.

use super::bins::BinnedMatrix;
use super::cells::HistogramCell;
use super::histogram::NodeHistogram;

/// What a learner wants from a split and puts into a node.
pub(crate) trait SplitCriterion: Sync {
    /// What it needs to know of a set of rows.
    type HistogramCell: HistogramCell;

    /// Whether both children are large enough.
    fn admits(&self, left: Self::HistogramCell, right: Self::HistogramCell) -> bool;

    /// How good a split is, as numerator and positive denominator: within one node, the split of the
    /// largest quotient is the best. A quotient so that candidates compare without a division.
    fn merit(&self, node: Self::HistogramCell, left: Self::HistogramCell) -> (f64, f64);

    /// Loss reduction of a split in units of the loss, or nothing if it is not worth making.
    fn gain(&self, node: Self::HistogramCell, left: Self::HistogramCell) -> Option<f64>;

    /// Appends what a node answers.
    fn answer(&self, node: Self::HistogramCell, values: &mut Vec<f64>);
}

/// A cut of one feature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SplitCandidate<C> {
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
    locations: Vec<FeatureLocation>,
}

/// Where a feature is.
#[derive(Clone, Copy, Debug, Default)]
struct FeatureLocation {
    column: usize,
    member: usize,
    /// Index of its entries in a node's histogram.
    entries: usize,
    /// Whether an earlier feature has the same bins in every row.
    repeated: bool,
}

impl<'a> SplitSearch<'a> {
    pub(crate) fn new(binned: &'a BinnedMatrix) -> Self {
        let mut locations = vec![FeatureLocation::default(); binned.features.len()];
        let mut derived = binned.columns.len();
        for (column_index, column) in binned.columns.iter().enumerate() {
            for (member_index, member) in column.members.iter().enumerate() {
                let repeated = column.members.iter().any(|other| other.feature < member.feature && other.bin_of_code == member.bin_of_code);
                let entries = if member.bin_of_code.is_empty() { column_index } else { derived };
                derived += usize::from(!member.bin_of_code.is_empty());
                locations[member.feature] = FeatureLocation { column: column_index, member: member_index, entries, repeated };
            }
        }
        SplitSearch { binned, locations }
    }

    /// The best split over `features`, looked at in order; of equals the first. At least `at_least`
    /// features are looked at, and more until one of them differs within the node.
    pub(crate) fn best<K: SplitCriterion>(
        &self,
        criterion: &K,
        node: K::HistogramCell,
        histogram: &NodeHistogram<K::HistogramCell>,
        features: &[usize],
        at_least: usize,
    ) -> Option<SplitCandidate<K::HistogramCell>> {
        let mut best = None;
        let mut differing = false;
        for (looked_at, &feature) in features.iter().enumerate() {
            if looked_at >= at_least && differing {
                break;
            }
            let location = self.locations[feature];
            if at_least >= self.locations.len() && location.repeated {
                continue; // it would only tie
            }
            let (bins, cells) = histogram.entries(location.entries);
            differing |= bins.len() > 1;
            Scan { criterion, node, column: location.column, member: location.member, best: &mut best }.feature(
                bins,
                cells,
                self.binned.features[feature].missing_bin(),
            );
        }
        best
    }
}

struct Scan<'a, K: SplitCriterion> {
    criterion: &'a K,
    node: K::HistogramCell,
    column: usize,
    member: usize,
    best: &'a mut Option<SplitCandidate<K::HistogramCell>>,
}

impl<K: SplitCriterion> Scan<'_, K> {
    fn feature(&mut self, bins: &[u16], cells: &[K::HistogramCell], missing_bin: usize) {
        if bins.len() < 2 {
            return;
        }
        let last = bins.len() - 1;
        if usize::from(bins[last]) == missing_bin {
            self.cuts(bins, cells, last, K::HistogramCell::default(), Some(false));
            self.cuts(bins, cells, last - 1, cells[last], Some(true));
        } else {
            self.cuts(bins, cells, last, K::HistogramCell::default(), None);
        }
    }

    /// Tries the cuts after each of the first `count` bins; `start` is on the left from the beginning.
    fn cuts(&mut self, bins: &[u16], cells: &[K::HistogramCell], count: usize, start: K::HistogramCell, missing_left: Option<bool>) {
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
            *self.best = Some(SplitCandidate {
                column: self.column,
                member: self.member,
                left_bin,
                right_bin,
                missing_left,
                left,
                numerator,
                denominator,
            });
        }
    }
}
