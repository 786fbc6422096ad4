//! Answers of a regression that are a function of the sum of its trees.

/// From raw output to the number that a regression answers, where they are not the same.
///
/// ```
/// use hivectl::trees::Transformation;
///
/// assert_eq!(Transformation::Exponential.of(0.0), 1.0);
/// assert_eq!(Transformation::SignedSquare.of(-3.0), -9.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transformation {
    /// `e^raw`: objectives of counts and of positive amounts (poisson, gamma, tweedie), survival.
    Exponential,
    /// `1 / (1 + e^-raw)`: a share between 0 and 1.
    Logistic,
    /// `ln(1 + e^raw)`: LightGBM's `cross_entropy_lambda`.
    Softplus,
    /// `raw·|raw|`: LightGBM's `reg_sqrt`, which learns the root of the target.
    SignedSquare,
    /// `e^raw - 1`: a target that was learned as `ln(1 + target)`.
    ExpLessOne,
    /// `raw²`: a target whose root was learned.
    Square,
}

impl Transformation {
    /// The answer; NaN of NaN.
    pub fn of(self, raw: f64) -> f64 {
        match self {
            Transformation::Exponential => raw.exp(),
            Transformation::Logistic => 1.0 / (1.0 + (-raw).exp()),
            Transformation::Softplus => raw.exp().ln_1p(),
            Transformation::SignedSquare => raw * raw.abs(),
            Transformation::ExpLessOne => raw.exp_m1(),
            Transformation::Square => raw * raw,
        }
    }
}
