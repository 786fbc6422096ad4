//! Whether two means differ.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// Size, mean and variance of a sample; what tests need instead of the sample.
///
/// ```
/// use hivectl::statistics::means::Sample;
///
/// assert_eq!(Sample::of(&[1.0, 2.0, 3.0]), Sample { count: 3, mean: 2.0, variance: 1.0 });
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    pub count: u64,
    pub mean: f64,
    /// Unbiased, with `count - 1`; 0 for fewer than two values.
    pub variance: f64,
}

impl Sample {
    /// Measures values in two passes; zeros for none.
    pub fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        if values.is_empty() {
            return Sample::default();
        }
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Sample { count: values.len() as u64, mean, variance: if values.len() > 1 { squares / (count - 1.0) } else { 0.0 } }
    }

    /// Variance of the mean.
    pub(super) fn squared_error(&self) -> f64 {
        self.variance / self.count as f64
    }
}

/// Second mean minus first mean.
///
/// ```
/// use hivectl::statistics::means::{Sample, welch};
///
/// let change = welch(&Sample::of(&[1.0, 2.0, 3.0]), &Sample::of(&[2.0, 3.0, 4.0]), 0.95).expect("variance");
/// assert_eq!(change.difference, 1.0);
/// assert!((change.degrees_of_freedom - 4.0).abs() < 1e-12 && change.p_value > 0.05);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanDifference {
    pub difference: f64,
    pub low: f64,
    pub high: f64,
    /// The difference over its standard error.
    pub statistic: f64,
    /// Degrees of freedom after Welch and Satterthwaite.
    pub degrees_of_freedom: f64,
    /// Two-sided, of equal means.
    pub p_value: f64,
}

/// Welch's t-test (1947) for unequal variances, with the interval of the difference. `None` for fewer
/// than two values on a side, no variance on both, or a confidence outside (0, 1).
pub fn welch(first: &Sample, second: &Sample, confidence: f64) -> Option<MeanDifference> {
    let squares = (first.squared_error(), second.squared_error());
    let error = (squares.0 + squares.1).sqrt();
    if first.count < 2 || second.count < 2 || error.is_nan() || error <= 0.0 || confidence <= 0.0 || confidence >= 1.0 {
        return None;
    }
    let degrees_of_freedom =
        (squares.0 + squares.1).powi(2) / (squares.0.powi(2) / (first.count - 1) as f64 + squares.1.powi(2) / (second.count - 1) as f64);
    let distribution = StudentsT::new(0.0, 1.0, degrees_of_freedom).ok()?;
    let difference = second.mean - first.mean;
    let statistic = difference / error;
    let half = student_quantile(0.5 + confidence / 2.0, degrees_of_freedom)? * error;
    Some(MeanDifference {
        difference,
        low: difference - half,
        high: difference + half,
        statistic,
        degrees_of_freedom,
        p_value: (2.0 * distribution.sf(statistic.abs())).min(1.0),
    })
}

/// The value below which Student's t of so many degrees of freedom (0 < ν ≤ ∞) lies with this probability (0 < p < 1);
/// `None` outside of these. Good to 1e-9 of itself for p from .001 to .999.
///
/// From 1,000 degrees of freedom on by its expansion around the normal quantile z,
/// `z + (z³ + z)/4ν + (5z⁵ + 16z³ + 3z)/96ν²` (Cornish & Fisher, 1937): the library's search loses digits there, and of a
/// hundred million it finds no end.
///
/// ```
/// use hivectl::statistics::means::student_quantile;
///
/// assert!((student_quantile(0.975, 3.0).expect("inside") - 3.182446305).abs() < 1e-9);
/// assert!((student_quantile(0.975, f64::INFINITY).expect("inside") - 1.959963985).abs() < 1e-9);
/// assert_eq!(student_quantile(0.975, 0.0), None);
/// ```
pub fn student_quantile(probability: f64, degrees_of_freedom: f64) -> Option<f64> {
    const MANY: f64 = 1_000.0;
    if !(probability > 0.0 && probability < 1.0 && degrees_of_freedom > 0.0) {
        return None;
    }
    if degrees_of_freedom < MANY {
        return StudentsT::new(0.0, 1.0, degrees_of_freedom).ok().map(|student| student.inverse_cdf(probability));
    }
    let z = Normal::standard().inverse_cdf(probability);
    let first = (z.powi(3) + z) / (4.0 * degrees_of_freedom);
    let second = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / (96.0 * degrees_of_freedom.powi(2));
    Some(z + first + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scipy_gives_the_same_quantiles_of_few_and_of_very_many() {
        for (probability, degrees_of_freedom, expected) in [
            (0.95, 2.0, 2.919985580355516),
            (0.975, 999.0, 1.962341461133449),
            (0.975, 1e3, 1.9623390808264083),
            (0.95, 1e4, 1.645006018069243),
            (0.975, 1e5, 1.9599877075346095),
            (0.95, 1e6, 1.6448551507220404),
            (0.975, 1e8, 1.9599640082627663),
        ] {
            near(student_quantile(probability, degrees_of_freedom).unwrap(), expected);
            near(student_quantile(1.0 - probability, degrees_of_freedom).unwrap(), -expected);
        }
        assert_eq!([(0.0, 5.0), (1.0, 5.0), (0.5, -1.0), (f64::NAN, 5.0), (0.5, f64::NAN)].map(|(p, v)| student_quantile(p, v)), [None; 5]);
    }

    #[test]
    fn samples_of_very_many_are_compared_at_once() {
        let sample = |mean| Sample { count: 100_000_000, mean, variance: 4.0 };
        let found = welch(&sample(1.0), &sample(1.001), 0.95).unwrap();
        near(found.high - found.difference, 1.9599639964014104 * (8e-8_f64).sqrt());
    }

    fn near(left: f64, right: f64) {
        assert!((left - right).abs() <= 1e-8 * right.abs(), "{left} is not {right}");
    }

    #[test]
    fn scipy_gives_the_same() {
        let found = welch(&Sample::of(&[1.0, 2.0, 3.0, 4.0, 5.0]), &Sample::of(&[2.0, 4.0, 6.0, 8.0, 11.0]), 0.95).unwrap();
        near(found.statistic, 1.866277899263374);
        near(found.degrees_of_freedom, 5.573280030949771);
        near(found.p_value, 0.11499016052991898);
        near(found.low, -1.0746924635555857);
        near(found.high, 7.474692463555586);
        let found = welch(&Sample::of(&[10.1, 9.8, 10.3, 10.0]), &Sample::of(&[10.9, 11.2, 11.0, 10.7, 11.4, 11.1]), 0.95).unwrap();
        near(found.statistic, 6.95608343640251);
        near(found.degrees_of_freedom, 7.306132792701473);
        near(found.p_value, 0.00018053473629518234);
        near(found.low, 0.6629300782169454);
        near(found.high, 1.337069921783051);
        let found = welch(&Sample::of(&[1.0, 1.1, 0.9]), &Sample::of(&[50.0, 60.0, 55.0, 52.0]), 0.95).unwrap();
        near(found.statistic, 24.47790814840418);
        near(found.degrees_of_freedom, 3.004228326527436);
        near(found.p_value, 0.00014802489776356812);
        near(found.low, 46.332316861048994);
        near(found.high, 60.167683138951006);
    }

    #[test]
    fn what_cannot_be_tested_is_none() {
        let constant = Sample::of(&[3.0, 3.0]);
        assert_eq!(welch(&constant, &constant, 0.95), None);
        assert_eq!(welch(&Sample::of(&[1.0]), &Sample::of(&[1.0, 2.0]), 0.95), None);
        assert_eq!(Sample::of(&[]), Sample::default());
        assert_eq!(welch(&Sample::of(&[1.0, 2.0]), &Sample::of(&[1.0, 2.0]), 1.0), None);
    }
}
