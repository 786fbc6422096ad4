//! What makes a split good, by kind of target.

use super::cells::{Cell, ClassCell, SumCell};
use super::fixed_point::FixedPoint;
use super::split::Criterion;

/// Squared error: the gain is the fall of the sum of squared errors.
pub(crate) struct SquaredError {
    pub(crate) fixed: FixedPoint,
    /// Rows a leaf needs.
    pub(crate) min_leaf: usize,
}

impl Criterion for SquaredError {
    type Cell = SumCell;

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

impl<const CLASSES: usize> Criterion for Gini<CLASSES> {
    type Cell = ClassCell<CLASSES>;

    fn admits(&self, left: Self::Cell, right: Self::Cell) -> bool {
        left.rows() >= self.min_leaf && right.rows() >= self.min_leaf
    }

    /// `Σ W_Lk²/W_L + Σ W_Rk²/W_R` over the classes k.
    fn merit(&self, node: Self::Cell, left: Self::Cell) -> (f64, f64) {
        let right = node.minus(left);
        let squares = |cell: Self::Cell| cell.weights.iter().map(|&weight| f64::from(weight) * f64::from(weight)).sum::<f64>();
        let (left_weight, right_weight) = (left.weight(), right.weight());
        (squares(left) * right_weight + squares(right) * left_weight, left_weight * right_weight)
    }

    fn gain(&self, node: Self::Cell, left: Self::Cell) -> Option<f64> {
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

    fn answer(&self, node: Self::Cell, values: &mut Vec<f64>) {
        let weight = node.weight();
        values.extend(
            node.weights[..self.classes]
                .iter()
                .map(|&class| if weight > 0.0 { f64::from(class) / weight } else { 1.0 / self.classes as f64 }),
        );
    }
}
