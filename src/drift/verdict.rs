//! What a check concludes, and at which limits.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};

/// The status of a check, or of one of its tests.
///
/// ```
/// use hivectl::drift::DriftStatus;
///
/// assert!(DriftStatus::Critical.reaches(DriftStatus::Warning));
/// // Too little data is not drift.
/// assert!(!DriftStatus::NotEnoughData.reaches(DriftStatus::Warning));
/// ```
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, strum::Display, strum::IntoStaticStr, strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", parse_err_ty = Error, parse_err_fn = no_status)]
pub enum DriftStatus {
    Ok,
    Warning,
    Critical,
    /// Too few tickets, blocks or days to say anything; never the same as ok.
    NotEnoughData,
}

impl DriftStatus {
    /// The word for scripts.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether this is drift at least as bad as `least`.
    pub fn reaches(self, least: DriftStatus) -> bool {
        matches!(self, DriftStatus::Warning | DriftStatus::Critical) && self >= least
    }
}

fn no_status(word: &str) -> Error {
    Error::new(ErrorKind::Usage, format!("'{word}' is no status of drift")).hint("the statuses are ok, warning, critical, not_enough_data")
}

/// Whose rule decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", parse_err_ty = Error, parse_err_fn = no_method)]
pub enum Method {
    /// Ours ([`super::robust`]): bursts counted, the calendar weighted.
    Robust,
    /// The running system's ([`super::reference`]) with its own numbers.
    Reference,
}

impl Method {
    /// All of them.
    pub const ALL: [Method; 2] = [Method::Robust, Method::Reference];

    /// The word for scripts.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// What it does, in a few words.
    pub const fn summary(self) -> &'static str {
        match self {
            Method::Robust => "Bursts counted, the calendar weighted",
            Method::Reference => "The running system's rule with its own numbers",
        }
    }
}

fn no_method(word: &str) -> Error {
    Error::new(ErrorKind::Usage, format!("'{word}' is no method")).hint("the methods are robust, reference")
}

/// A pair of limits.
///
/// ```
/// use hivectl::drift::{DriftStatus, Threshold};
///
/// assert_eq!(Threshold::PSI.reached(0.3), DriftStatus::Critical);
/// assert_eq!(Threshold::PSI.scaled(0.0, 0.5), Threshold { warning: 0.2, critical: 0.5 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    pub warning: f64,
    pub critical: f64,
}

impl Threshold {
    /// PSI of one feature.
    pub const PSI: Threshold = Threshold { warning: 0.1, critical: 0.25 };
    /// Mean absolute error now over that of the baseline.
    pub const ERROR_RATIO: Threshold = Threshold { warning: 1.2, critical: 1.5 };
    /// Largest distance of two distribution functions.
    pub const DISTANCE: Threshold = Threshold { warning: 0.15, critical: 0.25 };
    /// Shift of the mean of ln duration.
    pub const LOG_DURATION: Threshold = Threshold { warning: 0.223_143_551_314_209_76, critical: 0.405_465_108_108_164_4 };
    /// Shift of the mean of ln estimate.
    pub const LOG_ESTIMATE: Threshold = Threshold { warning: 0.095_310_179_804_324_87, critical: 0.223_143_551_314_209_76 };
    /// Share of tickets with a value never seen.
    pub const NOVELTY: Threshold = Threshold { warning: 0.01, critical: 0.05 };

    /// Share of tickets with a value within the range that nobody had before: never critical by itself, because how far
    /// values moved is measured by shapes and pairs.
    pub const UNHEARD: Threshold = Threshold { warning: 0.1, critical: f64::INFINITY };

    /// The same pair around another critical limit: the warning keeps its relative position between `neutral` and critical.
    pub fn scaled(self, neutral: f64, critical: f64) -> Threshold {
        let part = (self.warning - neutral) / (self.critical - neutral);
        Threshold { warning: neutral + part * (critical - neutral), critical }
    }

    /// At or above a limit; not a number is ok.
    pub fn reached(self, value: f64) -> DriftStatus {
        match value {
            value if value >= self.critical => DriftStatus::Critical,
            value if value >= self.warning => DriftStatus::Warning,
            _ => DriftStatus::Ok,
        }
    }
}

/// Chances of a false alarm that one family of tests is given.
pub const FAMILY_LEVELS: Threshold = Threshold { warning: 0.0125, critical: 0.0025 };
/// The one of slices, which only warn.
pub const SLICE_LEVEL: f64 = 0.005;

/// Significant and large enough: the status of one test whose p-value was adjusted in its family.
pub fn judge(adjusted_p: f64, effect: DriftStatus) -> DriftStatus {
    match effect {
        DriftStatus::Critical if adjusted_p <= FAMILY_LEVELS.critical => DriftStatus::Critical,
        DriftStatus::Critical | DriftStatus::Warning if adjusted_p <= FAMILY_LEVELS.warning => DriftStatus::Warning,
        _ => DriftStatus::Ok,
    }
}

/// Adjusts p-values so that the share of false ones among those at or below a level stays below it: sorted,
/// `min over j ≥ i of p_j · n / j` (Benjamini & Hochberg, 1995).
pub fn adjusted(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&left, &right| p_values[right].total_cmp(&p_values[left]));
    let mut adjusted = vec![1.0; p_values.len()];
    let mut least: f64 = 1.0;
    for (passed, place) in order.into_iter().enumerate() {
        let rank = (p_values.len() - passed) as f64;
        least = least.min(p_values[place] * p_values.len() as f64 / rank);
        adjusted[place] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_adjusts_alike() {
        // p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.5), "BH")
        let found = adjusted(&[0.01, 0.04, 0.03, 0.005, 0.5]);
        for (found, expected) in found.iter().zip([0.025, 0.05, 0.05, 0.025, 0.5]) {
            assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
        }
        assert!(adjusted(&[]).is_empty());
    }

    #[test]
    fn an_alarm_needs_both_size_and_significance() {
        assert_eq!(judge(0.001, Threshold::PSI.reached(0.3)), DriftStatus::Critical);
        assert_eq!(judge(0.01, Threshold::PSI.reached(0.3)), DriftStatus::Warning);
        assert_eq!(judge(0.001, Threshold::PSI.reached(0.05)), DriftStatus::Ok);
        assert_eq!(judge(0.02, Threshold::PSI.reached(0.3)), DriftStatus::Ok);
        assert_eq!(Threshold::PSI.reached(f64::NAN), DriftStatus::Ok);
        assert!(!DriftStatus::NotEnoughData.reaches(DriftStatus::Warning) && DriftStatus::Critical.reaches(DriftStatus::Warning));
        let scaled = Threshold::ERROR_RATIO.scaled(1.0, 2.0);
        assert!((scaled.warning - 1.4).abs() < 1e-12 && scaled.critical == 2.0);
    }
}
