//! What makes a split good, by kind of target.

use super::cells::{ClassCell, HistogramCell, SumCell};
use super::fixed_point::FixedPoint;
use super::split::SplitCriterion;

/// Squared error: the gain is the fall of the sum of squared errors.
pub(crate) struct SquaredError {
    pub(crate) fixed: FixedPoint,
    /// Rows a leaf needs.
    pub(crate) min_leaf: usize,
}

impl SplitCriterion for SquaredError {
    type HistogramCell = SumCell;

    fn admits(&self, left: SumCell, right: SumCell) -> bool {
        left.rows() >= self.min_leaf && right.rows() >= self.min_leaf
    }

    /// `(S_L·W - W_L·S)² / (W_L·W_R)`, which is `W` times the gain.
    fn merit(&self, node: SumCell, left: SumCell) -> (f64, f64) {
        let (weight, left_weight) = (node.weight(), left.weight());
        let difference = left.sum as f64 * weight - left_weight * node.sum as f64;
        (difference * difference, left_weight * (weight - left_weight))
    }

    /// `S_L²/W_L + S_R²/W_R - S²/W`. Zero is a split too (scikit-learn cuts a node as long as its
    /// targets differ), so the exact zero of integers is told from a rounded one.
    fn gain(&self, node: SumCell, left: SumCell) -> Option<f64> {
        let exact = i128::from(left.sum) * i128::from(node.total_weight()) - i128::from(left.total_weight()) * i128::from(node.sum);
        let (weight, left_weight) = (node.weight(), left.weight());
        let difference = exact as f64 / self.fixed.scale;
        Some(difference / weight * (difference / (left_weight * (weight - left_weight))))
    }

    fn answer(&self, node: SumCell, values: &mut Vec<f64>) {
        values.push(if node.total_weight() == 0 { self.fixed.offset } else { self.fixed.mean(node.sum, node.weight()) });
    }
}

/// Gini impurity: the gain is the fall of `W·(1 - Σ p²)`.
pub(crate) struct Gini<const CLASSES: usize> {
    /// Classes there are, up to `CLASSES`.
    pub(crate) classes: usize,
    /// Rows a leaf needs.
    pub(crate) min_leaf: usize,
}

impl<const CLASSES: usize> SplitCriterion for Gini<CLASSES> {
    type HistogramCell = ClassCell<CLASSES>;

    fn admits(&self, left: Self::HistogramCell, right: Self::HistogramCell) -> bool {
        left.rows() >= self.min_leaf && right.rows() >= self.min_leaf
    }

    /// `Σ W_Lk²/W_L + Σ W_Rk²/W_R` over the classes k.
    fn merit(&self, node: Self::HistogramCell, left: Self::HistogramCell) -> (f64, f64) {
        let right = node.minus(left);
        let squares = |cell: Self::HistogramCell| cell.weights.iter().map(|&weight| f64::from(weight) * f64::from(weight)).sum::<f64>();
        let (left_weight, right_weight) = (left.weight(), right.weight());
        (squares(left) * right_weight + squares(right) * left_weight, left_weight * right_weight)
    }

    fn gain(&self, node: Self::HistogramCell, left: Self::HistogramCell) -> Option<f64> {
        let right = node.minus(left);
        let (weight, left_weight, right_weight) = (node.weight(), left.weight(), right.weight());
        // Per class (W_Lk·W - W_L·W_k)² / (W_L·W_R·W): free of cancellation.
        let squares: f64 = left
            .weights
            .iter()
            .zip(node.weights)
            .map(|(&left, node)| (f64::from(left) * weight - left_weight * f64::from(node)).powi(2))
            .sum();
        Some(squares / (left_weight * right_weight * weight))
    }

    fn answer(&self, node: Self::HistogramCell, values: &mut Vec<f64>) {
        let weight = node.weight();
        values.extend(
            node.weights[..self.classes]
                .iter()
                .map(|&class| if weight > 0.0 { f64::from(class) / weight } else { 1.0 / self.classes as f64 }),
        );
    }
}

/// XGBoost's regularised second-order gain, for losses whose second derivative is the row's weight.
///
/// With G the sum of the negative gradients, H of the weights, and T(G) = sign(G)·max(|G| - α, 0):
/// a node scores T(G)²/(H + λ), a split gains the children's scores minus the node's (without the ½),
/// and a leaf answers η·T(G)/(H + λ). Source: Chen, Guestrin 2016, and XGBoost's `loss_changes`.
pub(crate) struct Newton {
    /// A sum of encoded gradients times this is G.
    pub(crate) unit: f64,
    /// λ.
    pub(crate) l2: f64,
    /// α.
    pub(crate) l1: f64,
    /// γ: a split must gain more.
    pub(crate) min_gain: f64,
    /// Least H of a child.
    pub(crate) min_child_weight: f64,
    /// η.
    pub(crate) learning_rate: f64,
}

impl Newton {
    fn shrunk(&self, cell: SumCell) -> f64 {
        let gradient = cell.sum as f64 * self.unit;
        if self.l1 == 0.0 { gradient } else { gradient.signum() * (gradient.abs() - self.l1).max(0.0) }
    }

    fn score(&self, cell: SumCell) -> f64 {
        let gradient = self.shrunk(cell);
        if gradient == 0.0 { 0.0 } else { gradient * gradient / (cell.weight() + self.l2) }
    }
}

impl SplitCriterion for Newton {
    type HistogramCell = SumCell;

    fn admits(&self, left: SumCell, right: SumCell) -> bool {
        let least = self.min_child_weight;
        left.rows() > 0 && right.rows() > 0 && left.weight() >= least && right.weight() >= least
    }

    fn merit(&self, node: SumCell, left: SumCell) -> (f64, f64) {
        let right = node.minus(left);
        let (left_gradient, right_gradient) = (self.shrunk(left), self.shrunk(right));
        let (left_weight, right_weight) = (left.weight() + self.l2, right.weight() + self.l2);
        (left_gradient * left_gradient * right_weight + right_gradient * right_gradient * left_weight, left_weight * right_weight)
    }

    fn gain(&self, node: SumCell, left: SumCell) -> Option<f64> {
        let gain = self.score(left) + self.score(node.minus(left)) - self.score(node);
        // What rounding alone can make is no gain.
        let rounding = 1e-12 * self.score(node);
        (gain > self.min_gain && gain > rounding).then_some(gain)
    }

    fn answer(&self, node: SumCell, values: &mut Vec<f64>) {
        let gradient = self.shrunk(node);
        values.push(if gradient == 0.0 { 0.0 } else { self.learning_rate * gradient / (node.weight() + self.l2) });
    }
}
