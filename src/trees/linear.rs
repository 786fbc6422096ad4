//! Linear models, which may stand behind trees.

use super::link::LinkFunction;

/// Weighted sums of columns.
///
/// ```
/// use hivectl::trees::{LinearModel, LinkFunction};
///
/// let even = LinearModel { coefficients: vec![vec![2.0]], intercepts: vec![-2.0], link: Some(LinkFunction::Logistic) };
/// assert_eq!((even.width(), even.answers(&[vec![1.0]])), (2, vec![0.5, 0.5]));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LinearModel {
    /// One list a sum, of one number a column.
    pub coefficients: Vec<Vec<f64>>,
    /// One a sum.
    pub intercepts: Vec<f64>,
    /// How the sums become probabilities; `None` for a regression. One sum tells two classes.
    pub link: Option<LinkFunction>,
}

impl LinearModel {
    /// Numbers that it answers a row.
    pub fn width(&self) -> usize {
        if self.link.is_some() && self.coefficients.len() == 1 { 2 } else { self.coefficients.len() }
    }

    /// Row-major answers; NaN where a value is missing.
    pub fn answers(&self, columns: &[Vec<f64>]) -> Vec<f64> {
        let rows = columns.first().map_or(0, Vec::len);
        let mut answers = Vec::with_capacity(rows * self.width());
        for row in 0..rows {
            let sum = |(coefficients, intercept): (&Vec<f64>, &f64)| {
                coefficients.iter().zip(columns).map(|(coefficient, column)| coefficient * column[row]).sum::<f64>() + intercept
            };
            let mut sums: Vec<f64> = self.coefficients.iter().zip(&self.intercepts).map(sum).collect();
            match self.link {
                None => {}
                Some(_) if sums.len() == 1 => {
                    let second = 1.0 / (1.0 + (-sums[0]).exp());
                    sums = vec![1.0 - second, second];
                }
                Some(link) => link.apply(&mut sums),
            }
            answers.extend(sums);
        }
        answers
    }
}
