//! Steps of arithmetic on what models said together.

/// One step on a number.
///
/// ```
/// use hivectl::trees::Arithmetic;
///
/// assert_eq!([Arithmetic::Divide(4.0), Arithmetic::Add(0.5)].iter().fold(6.0, |sum, step| step.of(sum)), 2.0);
/// assert_eq!(Arithmetic::Round.of(0.1), f64::from(0.1f32));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Arithmetic {
    Multiply(f64),
    Divide(f64),
    Add(f64),
    /// To 32 bits.
    Round,
}

impl Arithmetic {
    /// The number after it; NaN of NaN.
    pub fn of(self, number: f64) -> f64 {
        match self {
            Arithmetic::Multiply(by) => number * by,
            Arithmetic::Divide(by) => number / by,
            Arithmetic::Add(more) => number + more,
            Arithmetic::Round => f64::from(number as f32),
        }
    }

    /// Whether numbers stay finite and apart from each other.
    pub(super) fn is_sound(self) -> bool {
        match self {
            Arithmetic::Multiply(number) | Arithmetic::Add(number) => number.is_finite(),
            Arithmetic::Divide(number) => number.is_finite() && number != 0.0,
            Arithmetic::Round => true,
        }
    }
}
