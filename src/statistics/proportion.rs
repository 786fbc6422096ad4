//! Shares of successes: how sure one is, and whether two differ.

use statrs::distribution::{ContinuousCDF, Normal};

/// A share and its interval, all 0–1.
///
/// ```
/// use hivectl::statistics::proportion::wilson;
///
/// let interval = wilson(8, 10, 0.95).expect("trials");
/// assert_eq!(interval.share, 0.8);
/// assert!((interval.low - 0.4902).abs() < 1e-4 && (interval.high - 0.9433).abs() < 1e-4);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShareInterval {
    pub share: f64,
    pub low: f64,
    pub high: f64,
}

/// The score interval of Wilson (1927), `(p + z²/2n ± z·√(p(1-p)/n + z²/4n²)) / (1 + z²/n)`: it stays
/// inside 0–1 and keeps its promise for few trials. `None` without trials, for more successes than
/// trials, or a confidence outside (0, 1).
pub fn wilson(successes: u64, trials: u64, confidence: f64) -> Option<ShareInterval> {
    let z = two_sided_z(confidence)?;
    if trials == 0 || successes > trials {
        return None;
    }
    let (share, trials) = (successes as f64 / trials as f64, trials as f64);
    let square = z * z / trials;
    let centre = (share + square / 2.0) / (1.0 + square);
    let half = z * (share * (1.0 - share) / trials + square / (4.0 * trials)).sqrt() / (1.0 + square);
    Some(ShareInterval { share, low: (centre - half).max(0.0), high: (centre + half).min(1.0) })
}

/// Second share minus first share.
///
/// ```
/// use hivectl::statistics::proportion::difference;
///
/// let change = difference((10, 100), (30, 100), 0.95).expect("trials");
/// assert!((change.difference - 0.2).abs() < 1e-12);
/// assert!(change.low > 0.0 && change.p_value < 0.001);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShareDifference {
    pub difference: f64,
    pub low: f64,
    pub high: f64,
    /// Two-sided, of equal shares: the z-test with the pooled share.
    pub p_value: f64,
}

/// Compares two independent shares: Newcombe's hybrid score interval (1998, method 10) and the pooled
/// z-test. `None` as for [`wilson`].
pub fn difference(first: (u64, u64), second: (u64, u64), confidence: f64) -> Option<ShareDifference> {
    let (before, after) = (wilson(first.0, first.1, confidence)?, wilson(second.0, second.1, confidence)?);
    let difference = after.share - before.share;
    let below = ((after.share - after.low).powi(2) + (before.high - before.share).powi(2)).sqrt();
    let above = ((after.high - after.share).powi(2) + (before.share - before.low).powi(2)).sqrt();
    let pooled = (first.0 + second.0) as f64 / (first.1 + second.1) as f64;
    let error = (pooled * (1.0 - pooled) * (1.0 / first.1 as f64 + 1.0 / second.1 as f64)).sqrt();
    let p_value = if error > 0.0 { 2.0 * Normal::standard().sf((difference / error).abs()) } else { 1.0 };
    Some(ShareDifference { difference, low: difference - below, high: difference + above, p_value })
}

/// The normal quantile that leaves half of 1 - `confidence` on each side.
pub(super) fn two_sided_z(confidence: f64) -> Option<f64> {
    (confidence > 0.0 && confidence < 1.0).then(|| Normal::standard().inverse_cdf(0.5 + confidence / 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(left: f64, right: f64) {
        assert!((left - right).abs() <= 1e-8 * right.abs(), "{left} is not {right}");
    }

    #[test]
    fn statsmodels_gives_the_same_intervals() {
        let found = wilson(8, 10, 0.95).unwrap();
        near(found.low, 0.4901624715366418);
        near(found.high, 0.9433178485456248);
        let found = wilson(0, 20, 0.95).unwrap();
        assert!(found.low < 1e-12);
        near(found.high, 0.16112515805281935);
        let found = wilson(1, 1000, 0.99).unwrap();
        near(found.low, 0.00011741635361832165);
        near(found.high, 0.008460566219981695);
        let found = wilson(500, 1000, 0.9).unwrap();
        near(found.low, 0.4740276914784201);
        near(found.high, 0.5259723085215798);
        assert_eq!(wilson(1, 0, 0.95), None);
        assert_eq!(wilson(3, 2, 0.95), None);
        assert_eq!(wilson(1, 2, 1.0), None);
    }

    #[test]
    fn a_difference_is_told_from_none() {
        // Newcombe (1998), table II, example (a): 56/70 against 48/80, 0.0524 to 0.3339.
        let found = difference((48, 80), (56, 70), 0.95).unwrap();
        assert!(
            (found.difference - 0.2).abs() < 1e-12 && (found.low - 0.0524).abs() < 5e-5 && (found.high - 0.3339).abs() < 5e-5,
            "{found:?}"
        );
        near(found.p_value, 0.00804508136819658);
        assert_eq!(difference((0, 5), (0, 9), 0.95).unwrap().p_value, 1.0);
    }
}
