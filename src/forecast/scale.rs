//! On which scale a series is forecast.

/// A monotone change of the values, so that a forecast made on it is one of the median and never below zero. What is not known
/// (NaN) stays so in both directions.
///
/// ```
/// use hivectl::forecast::Scale;
///
/// assert_eq!((Scale::SquareRoot.of(9.0), Scale::SquareRoot.back(3.0)), (3.0, 9.0));
/// assert_eq!(Scale::Plain.back(-1.0), 0.0);
/// assert!(Scale::Logarithm.back(Scale::Logarithm.of(f64::NAN)).is_nan());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// The values as they are; what is below zero is cut off.
    Plain,
    /// Their square roots.
    SquareRoot,
    /// The logarithm of one more.
    Logarithm,
}

impl Scale {
    /// A value on the scale; what is below zero counts as zero where the scale has no place for it.
    pub fn of(self, value: f64) -> f64 {
        match self {
            Scale::Plain => value,
            Scale::SquareRoot => not_below_zero(value).sqrt(),
            Scale::Logarithm => not_below_zero(value).ln_1p(),
        }
    }

    /// The way back, never below zero.
    pub fn back(self, value: f64) -> f64 {
        match self {
            Scale::Plain => not_below_zero(value),
            Scale::SquareRoot => not_below_zero(value).powi(2),
            Scale::Logarithm => not_below_zero(value).exp_m1(),
        }
    }
}

/// Unlike `max`, which would make a zero of what is not known.
fn not_below_zero(value: f64) -> f64 {
    value.clamp(0.0, f64::INFINITY)
}
