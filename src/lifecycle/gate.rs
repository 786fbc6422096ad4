//! The gate: what a model must show before it may serve.
//!
//! A comparison is strict unless it says "at least", and a metric that is missing or not finite fails its criterion: absence
//! is never a pass. A gate without a required criterion never passes either.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Which side of the threshold is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operator {
    #[serde(rename = "<")]
    Below,
    #[serde(rename = ">")]
    Above,
    #[serde(rename = ">=")]
    AtLeast,
}

impl Operator {
    /// `<`, `>` or `>=`.
    pub fn sign(self) -> &'static str {
        match self {
            Operator::Below => "<",
            Operator::Above => ">",
            Operator::AtLeast => ">=",
        }
    }

    fn holds(self, value: f64, threshold: f64) -> bool {
        match self {
            Operator::Below => value < threshold,
            Operator::Above => value > threshold,
            Operator::AtLeast => value >= threshold,
        }
    }
}

/// One demand on one metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Criterion {
    pub metric: String,
    pub operator: Operator,
    pub threshold: f64,
    /// A required criterion decides; one that is not is only shown.
    pub required: bool,
}

/// A criterion and how the model did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CriterionResult {
    pub metric: String,
    pub operator: Operator,
    pub threshold: f64,
    /// `None` when the metric is missing or not a finite number.
    pub value: Option<f64>,
    pub passed: bool,
    pub required: bool,
}

/// The verdict over all criteria; none is skipped because an earlier one failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    pub passed: bool,
    pub criteria: Vec<CriterionResult>,
}

impl Gate {
    /// Judges `metrics` by `criteria`.
    pub fn judge(criteria: &[Criterion], metrics: &BTreeMap<String, f64>) -> Gate {
        let results: Vec<CriterionResult> = criteria
            .iter()
            .map(|criterion| {
                let value = metrics.get(&criterion.metric).copied().filter(|value| value.is_finite());
                let passed = value.is_some_and(|value| criterion.operator.holds(value, criterion.threshold));
                CriterionResult {
                    metric: criterion.metric.clone(),
                    operator: criterion.operator,
                    threshold: criterion.threshold,
                    value,
                    passed,
                    required: criterion.required,
                }
            })
            .collect();
        let required = results.iter().filter(|result| result.required);
        let passed = required.clone().count() > 0 && required.clone().all(|result| result.passed);
        Gate { passed, criteria: results }
    }
}

impl Criterion {
    /// `metric OPERATOR threshold`, required.
    ///
    /// ```
    /// use hivectl::lifecycle::{Criterion, Operator};
    /// assert!(Criterion::required("mae_pct", Operator::Below, 15.0).required);
    /// ```
    pub fn required(metric: &str, operator: Operator, threshold: f64) -> Criterion {
        Criterion { metric: metric.into(), operator, threshold, required: true }
    }

    /// The same, only shown.
    pub fn desired(metric: &str, operator: Operator, threshold: f64) -> Criterion {
        Criterion { required: false, ..Criterion::required(metric, operator, threshold) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(criteria: &[Criterion], metrics: &[(&str, f64)]) -> Gate {
        Gate::judge(criteria, &metrics.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect())
    }

    fn criteria() -> [Criterion; 2] {
        [Criterion::required("mae_pct", Operator::Below, 15.0), Criterion::desired("r2", Operator::Above, 0.6)]
    }

    #[test]
    fn comparisons_are_strict_and_only_required_criteria_decide() {
        assert!(!judge(&criteria(), &[("mae_pct", 15.0), ("r2", 0.9)]).passed);
        assert!(judge(&criteria(), &[("mae_pct", 14.999), ("r2", 0.1)]).passed);
        let precision = [Criterion::required("precision", Operator::Above, 0.75)];
        assert!(!judge(&precision, &[("precision", 0.75)]).passed);
        assert!(judge(&precision, &[("precision", 0.7501)]).passed);
    }

    #[test]
    fn a_missing_or_non_finite_metric_fails() {
        let gate = judge(&criteria(), &[("r2", 0.9)]);
        assert!(!gate.passed && gate.criteria[0].value.is_none() && !gate.criteria[0].passed);
        assert!(!judge(&criteria(), &[("mae_pct", f64::NAN)]).passed);
        assert!(!judge(&criteria(), &[("mae_pct", f64::NEG_INFINITY)]).passed);
        assert!(!Gate::judge(&[], &BTreeMap::new()).passed);
    }
}
