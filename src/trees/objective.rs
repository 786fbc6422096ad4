//! Losses that boosting minimises.

use crate::error::{Error, ErrorKind, Result};
use crate::statistics::percentile::percentile;

/// A loss of a target and its prediction.
///
/// ```
/// use hivectl::trees::{BoostingParams, Objective};
/// use linfa::ParamGuard;
///
/// let parameters = BoostingParams::new().objective(Objective::Quantile { share: 1.0 });
/// assert_eq!(parameters.check().unwrap_err().to_string(), "the quantile is 1; it is a share above 0 and below 1");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Objective {
    /// `½·(target - prediction)²`: predicts the mean.
    SquaredError,
    /// `|target - prediction|`: predicts the median.
    AbsoluteError,
    /// Squared up to `delta` (in units of the target), absolute beyond: `½·r²` or `delta·(|r| - ½·delta)`.
    Huber { delta: f64 },
    /// The pinball loss: `share·r` above the prediction, `(share - 1)·r` below; predicts the quantile
    /// `share`, in (0, 1).
    Quantile { share: f64 },
}

impl Objective {
    /// Errors: [`ErrorKind::Usage`] for a delta or share out of range.
    pub(crate) fn check(self) -> Result<()> {
        match self {
            Objective::Huber { delta } if !(delta > 0.0 && delta.is_finite()) => {
                Err(Error::new(ErrorKind::Usage, format!("the delta of the Huber loss is {delta}; it is a finite number above 0")))
            }
            Objective::Quantile { share } if !(share > 0.0 && share < 1.0) => {
                Err(Error::new(ErrorKind::Usage, format!("the quantile is {share}; it is a share above 0 and below 1")))
            }
            _ => Ok(()),
        }
    }

    /// The loss' derivative by the prediction, times -1.
    pub(crate) fn negative_gradient(self, target: f64, prediction: f64) -> f64 {
        let residual = target - prediction;
        match self {
            Objective::SquaredError => residual,
            Objective::AbsoluteError if residual == 0.0 => 0.0,
            Objective::AbsoluteError => residual.signum(),
            Objective::Huber { delta } => residual.clamp(-delta, delta),
            Objective::Quantile { share } => {
                if residual > 0.0 {
                    share
                } else if residual < 0.0 {
                    share - 1.0
                } else {
                    0.0
                }
            }
        }
    }

    /// Largest absolute gradient of the rows; 0 for none.
    pub(crate) fn largest_gradient(self, target: &[f64], prediction: &[f64]) -> f64 {
        const LANES: usize = 8;
        let gradient = |target: f64, prediction: f64| self.negative_gradient(target, prediction).abs();
        // Eight maxima, compared by `>`: one maximum of `f64::max` is not vectorised.
        let mut lanes = [0.0f64; LANES];
        let ((targets, last_targets), (predictions, last_predictions)) = (target.as_chunks::<LANES>(), prediction.as_chunks::<LANES>());
        for (targets, predictions) in targets.iter().zip(predictions) {
            for lane in 0..LANES {
                let here = gradient(targets[lane], predictions[lane]);
                lanes[lane] = if here > lanes[lane] { here } else { lanes[lane] };
            }
        }
        let rest = last_targets.iter().zip(last_predictions).map(|(&target, &prediction)| gradient(target, prediction));
        lanes.into_iter().chain(rest).fold(0.0, f64::max)
    }

    /// Whether a leaf's second derivatives say nothing, so that it is given the best constant afterwards.
    pub(crate) fn refits_leaves(self) -> bool {
        self != Objective::SquaredError
    }

    /// The constant prediction of least loss; for Huber one step from the median towards it (Friedman
    /// 2001). 0 for no targets.
    pub(crate) fn best_constant(self, targets: &[f64]) -> f64 {
        if targets.is_empty() {
            return 0.0;
        }
        match self {
            Objective::SquaredError => targets.iter().map(|target| target / targets.len() as f64).sum(),
            Objective::AbsoluteError => quantile(targets, 0.5),
            Objective::Huber { delta } => {
                let median = quantile(targets, 0.5);
                median + targets.iter().map(|target| (target - median).clamp(-delta, delta)).sum::<f64>() / targets.len() as f64
            }
            Objective::Quantile { share } => quantile(targets, share),
        }
    }

    /// Mean loss; squared error without its ½. NaN for no targets.
    pub(crate) fn mean_loss(self, targets: &[f64], predictions: &[f64]) -> f64 {
        let loss = |residual: f64| match self {
            Objective::SquaredError => residual * residual,
            Objective::AbsoluteError => residual.abs(),
            Objective::Huber { delta } => {
                if residual.abs() <= delta {
                    0.5 * residual * residual
                } else {
                    delta * (residual.abs() - 0.5 * delta)
                }
            }
            Objective::Quantile { share } => {
                if residual > 0.0 {
                    share * residual
                } else {
                    (share - 1.0) * residual
                }
            }
        };
        targets.iter().zip(predictions).map(|(target, prediction)| loss(target - prediction)).sum::<f64>() / targets.len() as f64
    }
}

/// The quantile of finite targets, at least one, with linear interpolation.
fn quantile(targets: &[f64], share: f64) -> f64 {
    percentile(&mut targets.to_vec(), 100.0 * share).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OBJECTIVES: [Objective; 4] =
        [Objective::SquaredError, Objective::AbsoluteError, Objective::Huber { delta: 1.5 }, Objective::Quantile { share: 0.8 }];

    #[test]
    fn gradients_are_the_slope_of_the_loss() {
        for objective in OBJECTIVES {
            for target in [-4.0, -0.7, 0.9, 3.0] {
                let step = 1e-6;
                let slope = (objective.mean_loss(&[target], &[step]) - objective.mean_loss(&[target], &[-step])) / (2.0 * step);
                let factor = if objective == Objective::SquaredError { 2.0 } else { 1.0 };
                assert!((slope + factor * objective.negative_gradient(target, 0.0)).abs() < 1e-6, "{objective:?} at {target}");
            }
        }
    }

    #[test]
    fn the_best_constant_is_near_the_least_loss() {
        let targets: Vec<f64> = (0..101).map(|row| f64::from(row * 37 % 101).powi(2) / 10.0).collect();
        for objective in [OBJECTIVES[0], OBJECTIVES[1], OBJECTIVES[3]] {
            let loss = |constant: f64| objective.mean_loss(&targets, &vec![constant; targets.len()]);
            let least = (0..2000).map(|step| loss(f64::from(step) * 0.5)).fold(f64::INFINITY, f64::min);
            let best = objective.best_constant(&targets);
            assert!(loss(best) <= least * 1.001, "{objective:?}: {best} costs {}, {least} is possible", loss(best));
        }
        assert_eq!(Objective::AbsoluteError.best_constant(&[]), 0.0);
    }

    #[test]
    fn bad_shares_are_refused() {
        assert!(Objective::Quantile { share: 1.0 }.check().is_err());
        assert!(Objective::Huber { delta: f64::NAN }.check().is_err());
        assert!(OBJECTIVES.iter().all(|objective| objective.check().is_ok()));
    }
}
