//! The maximum a posteriori estimate of Prophet's additive model with linear or no growth, from the Gram matrix alone.
//!
//! With the columns X (trend, changepoints, seasonalities), the weights w and the noise s, the negative log posterior is
//! f = T ln s + |y - Xw|²/2s² + 2s² + Σ w²·precision/2 + Σ|w|·rate (Taylor & Letham, "Forecasting at scale", 2018). For a
//! fixed s it is a lasso with a ridge, solved by an active set; for fixed w the noise has a closed form. Both in turn go
//! down until neither moves. After the one pass that makes XᵀX, nothing depends on the number of rows.

use linfa_linalg::cholesky::SolveCInplace;
use ndarray::{Array1, Array2};

/// What the columns and the target come to, in one pass over the rows.
#[derive(Clone, Debug)]
pub(super) struct Gram {
    /// XᵀX, the upper triangle until [`Gram::finish`].
    matrix: Array2<f64>,
    /// Xᵀy.
    moments: Array1<f64>,
    /// yᵀy.
    total: f64,
    rows: usize,
}

/// What a weight is held back by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Prior {
    /// Normal about 0: the inverse of its variance.
    Normal { precision: f64 },
    /// Laplace about 0: the inverse of its scale.
    Laplace { rate: f64 },
}

/// The estimate.
#[derive(Clone, Debug)]
pub(super) struct Estimate {
    pub weights: Vec<f64>,
    /// Standard deviation of the noise, in the target's unit.
    pub sigma: f64,
    /// f, without its constants.
    pub negative_log_posterior: f64,
}

impl Gram {
    /// Of no row yet.
    pub fn new(columns: usize) -> Gram {
        Gram { matrix: Array2::zeros((columns, columns)), moments: Array1::zeros(columns), total: 0.0, rows: 0 }
    }

    /// Adds a row and its target, both finite.
    pub fn add(&mut self, row: &[f64], target: f64) {
        for (index, &value) in row.iter().enumerate().filter(|(_, value)| **value != 0.0) {
            let mut line = self.matrix.row_mut(index);
            let line = line.as_slice_mut().unwrap_or_default();
            line[index..].iter_mut().zip(&row[index..]).for_each(|(sum, &other)| *sum += value * other);
            self.moments[index] += value * target;
        }
        self.total += target * target;
        self.rows += 1;
    }

    fn finish(&mut self) {
        for row in 0..self.moments.len() {
            for column in 0..row {
                self.matrix[[row, column]] = self.matrix[[column, row]];
            }
        }
    }

    /// The sum of squared errors of `weights`.
    fn squares(&self, weights: &Array1<f64>) -> f64 {
        (self.total - 2.0 * weights.dot(&self.moments) + weights.dot(&self.matrix.dot(weights))).max(1e-12)
    }

    /// The estimate under these priors, one a column. `None` where the numbers allow none (not finite).
    pub fn solve(mut self, priors: &[Prior]) -> Option<Estimate> {
        self.finish();
        let count = priors.len();
        let rates: Vec<f64> = priors.iter().map(|prior| if let Prior::Laplace { rate } = prior { *rate } else { 0.0 }).collect();
        let precisions: Vec<f64> =
            priors.iter().map(|prior| if let Prior::Normal { precision } = prior { *precision } else { 0.0 }).collect();
        let mut state = ActiveSet {
            weights: Array1::zeros(count),
            active: rates.iter().map(|&rate| rate == 0.0).collect(),
            signs: vec![0.0; count],
            rates,
            precisions,
        };
        let rows = self.rows as f64;
        let (mut variance, mut former) = (1.0, f64::INFINITY);
        for _ in 0..200 {
            state.descend(&self, variance)?;
            let squares = self.squares(&state.weights);
            variance = ((-rows + (rows * rows + 16.0 * squares).sqrt()) / 8.0).max(1e-18);
            let value = state.objective(rows, squares, variance);
            if !value.is_finite() {
                return None;
            }
            if former - value <= 1e-11 * value.abs().max(1.0) {
                former = value.min(former);
                break;
            }
            former = value;
        }
        Some(Estimate { weights: state.weights.to_vec(), sigma: variance.sqrt(), negative_log_posterior: former })
    }
}

/// The weights that are not 0, and on which side of it the changepoints among them stand.
struct ActiveSet {
    weights: Array1<f64>,
    active: Vec<bool>,
    signs: Vec<f64>,
    rates: Vec<f64>,
    precisions: Vec<f64>,
}

impl ActiveSet {
    fn objective(&self, rows: f64, squares: f64, variance: f64) -> f64 {
        let ridge: f64 = self.weights.iter().zip(&self.precisions).map(|(weight, precision)| weight * weight * precision).sum();
        let lasso: f64 = self.weights.iter().zip(&self.rates).map(|(weight, rate)| weight.abs() * rate).sum();
        0.5 * rows * variance.ln() + squares / (2.0 * variance) + 2.0 * variance + 0.5 * ridge + lasso
    }

    /// Goes to the minimum for this variance of the noise.
    fn descend(&mut self, gram: &Gram, variance: f64) -> Option<()> {
        for _ in 0..1_000 {
            let next = self.stationary(gram, variance)?;
            // A changepoint that would cross 0 stops there and leaves.
            let crossing = (0..next.len())
                .filter(|&index| self.active[index] && next[index] * self.signs[index] < 0.0)
                .map(|index| (self.weights[index] / (self.weights[index] - next[index]), index))
                .min_by(|left, right| left.0.total_cmp(&right.0));
            if let Some((share, index)) = crossing {
                let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
                let step = (&next - &self.weights) * share;
                self.weights += &step;
                self.weights[index] = 0.0;
                self.active[index] = false;
                self.signs[index] = 0.0;
                continue;
            }
            self.weights = next;
            let slope = (gram.matrix.dot(&self.weights) - &gram.moments) / variance;
            let entering = (0..slope.len())
                .filter(|&index| !self.active[index])
                .map(|index| (slope[index].abs() - self.rates[index], index))
                .max_by(|left, right| left.0.total_cmp(&right.0));
            match entering {
                Some((excess, index)) if excess > 1e-8 * (1.0 + self.rates[index]) => {
                    self.active[index] = true;
                    self.signs[index] = -slope[index].signum();
                }
                _ => return Some(()),
            }
        }
        Some(())
    }

    /// Where the slope is 0 while no sign changes.
    fn stationary(&self, gram: &Gram, variance: f64) -> Option<Array1<f64>> {
        let kept: Vec<usize> = (0..self.active.len()).filter(|&index| self.active[index]).collect();
        let mut matrix = Array2::from_shape_fn((kept.len(), kept.len()), |(row, column)| gram.matrix[[kept[row], kept[column]]] / variance);
        for (row, &index) in kept.iter().enumerate() {
            matrix[[row, row]] += self.precisions[index] + 1e-12;
        }
        let mut right = Array2::from_shape_fn((kept.len(), 1), |(row, _)| {
            gram.moments[kept[row]] / variance - self.rates[kept[row]] * self.signs[kept[row]]
        });
        solve_symmetric(&mut matrix, &mut right)?;
        let mut next = Array1::zeros(self.active.len());
        kept.iter().enumerate().for_each(|(row, &index)| next[index] = right[[row, 0]]);
        next.iter().all(|weight| weight.is_finite()).then_some(next)
    }
}

/// Solves `matrix · x = right` in place; a matrix that rounding has left without full rank gets a growing ridge.
pub(in crate::forecast) fn solve_symmetric(matrix: &mut Array2<f64>, right: &mut Array2<f64>) -> Option<()> {
    let scale = matrix.diag().iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    for ridge in [0.0, 1e-13, 1e-10, 1e-7] {
        let mut trial = matrix.clone();
        trial.diag_mut().iter_mut().for_each(|value| *value += ridge * scale);
        let mut solution = right.clone();
        if trial.solvec_inplace(&mut solution).is_ok() && solution.iter().all(|value| value.is_finite()) {
            *right = solution;
            return Some(());
        }
    }
    None
}
