//! From what a classifier says to a probability that was fitted to what happened.

/// A calibration, as scikit-learn fits it.
///
/// ```
/// use hivectl::trees::Calibrator;
///
/// assert_eq!(Calibrator::Sigmoid { slope: -1.0, shift: 0.0 }.of(0.0), 0.5);
/// let steps = Calibrator::Isotonic { from: vec![0.0, 1.0, 3.0], to: vec![0.0, 0.5, 1.0] };
/// assert_eq!([-1.0, 0.5, 2.0, 9.0].map(|value| steps.of(value)), [0.0, 0.25, 0.75, 1.0]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Calibrator {
    /// `1 / (1 + e^(slope·x + shift))`.
    Sigmoid { slope: f64, shift: f64 },
    /// Straight lines between points, which ascend; outside of them the nearest one's.
    Isotonic { from: Vec<f64>, to: Vec<f64> },
}

impl Calibrator {
    /// The probability; NaN of NaN.
    pub fn of(&self, value: f64) -> f64 {
        match self {
            Calibrator::Sigmoid { slope, shift } => 1.0 / (1.0 + (slope * value + shift).exp()),
            Calibrator::Isotonic { from, to } => {
                let last = from.len() - 1;
                let value = value.max(from[0]).min(from[last]);
                let above = from.partition_point(|&point| point <= value);
                match above {
                    _ if value.is_nan() => value,
                    0 => to[0],
                    above if above > last => to[last],
                    above => {
                        let (low, high) = (above - 1, above);
                        (to[high] - to[low]) / (from[high] - from[low]) * (value - from[low]) + to[low]
                    }
                }
            }
        }
    }

    /// Whether its numbers are such: finite, points in ascending order.
    pub(super) fn is_sound(&self) -> bool {
        match self {
            Calibrator::Sigmoid { slope, shift } => slope.is_finite() && shift.is_finite(),
            Calibrator::Isotonic { from, to } => {
                let finite = from.iter().chain(to).all(|number| number.is_finite());
                !from.is_empty() && from.len() == to.len() && finite && from.is_sorted_by(|one, next| one < next)
            }
        }
    }
}
