//! Answers of a regression that are a function of the sum of its trees.

/// What one expectile is above the one before it at least.
const LEAST_RISE: f32 = 1e-6;

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
    /// The raw outputs of a row in ascending order: quantiles that must not cross (XGBoost since 3.4, several alphas).
    Ascending,
    /// The first raw output as it is, each next answer above the one before it by `ln(1 + e^raw)` and a millionth: expectiles
    /// that must not cross (XGBoost, several alphas).
    Rising,
}

impl Transformation {
    /// The answers of one row, in place of its raw outputs; in steps of 32 bits where they are of 32 bits.
    pub(super) fn of_row(self, raw: &mut [f64], is_single: bool) {
        match self {
            Transformation::Ascending => raw.sort_unstable_by(f64::total_cmp),
            Transformation::Rising => {
                for place in 1..raw.len() {
                    let gap = raw[place].max(0.0) + (-raw[place].abs()).exp().ln_1p();
                    let sum = raw[place - 1] + f64::from(gap as f32 + LEAST_RISE);
                    raw[place] = if is_single { f64::from(sum as f32) } else { sum };
                }
            }
            _ if is_single => raw.iter_mut().for_each(|raw| *raw = self.of_single(*raw)),
            _ => raw.iter_mut().for_each(|raw| *raw = self.of(*raw)),
        }
    }

    /// The answer of 32 bits, of a raw output that is of 32 bits.
    fn of_single(self, raw: f64) -> f64 {
        match self {
            // In the order of 32-bit steps, which a difference from the best answer would show near 0 and 1.
            Transformation::Logistic => f64::from(1.0 / (1.0 + (-raw).exp() as f32)),
            _ => f64::from(self.of(raw) as f32),
        }
    }

    /// The answer; NaN of NaN.
    pub fn of(self, raw: f64) -> f64 {
        match self {
            Transformation::Exponential => raw.exp(),
            Transformation::Logistic => 1.0 / (1.0 + (-raw).exp()),
            Transformation::Softplus => raw.exp().ln_1p(),
            Transformation::SignedSquare => raw * raw.abs(),
            Transformation::ExpLessOne => raw.exp_m1(),
            Transformation::Square => raw * raw,
            // Of one number.
            Transformation::Ascending | Transformation::Rising => raw,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_answers_of_a_row_do_not_cross() {
        let mut quantiles = [3.0, -1.0, 2.0];
        Transformation::Ascending.of_row(&mut quantiles, true);
        assert_eq!(quantiles, [-1.0, 2.0, 3.0]);
        let mut expectiles = [1.0, 0.0, -40.0];
        Transformation::Rising.of_row(&mut expectiles, false);
        assert_eq!(expectiles[0], 1.0);
        assert!((expectiles[1] - (1.0 + 2f64.ln() + 1e-6)).abs() < 1e-7 && expectiles[2] > expectiles[1] + 9e-7, "{expectiles:?}");
        let mut shares = [0.0, f64::NAN];
        Transformation::Logistic.of_row(&mut shares, true);
        assert!(shares[0] == 0.5 && shares[1].is_nan());
    }
}
