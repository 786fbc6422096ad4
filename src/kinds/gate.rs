//! The gate: what a model must show before it may serve.
//!
//! A comparison is strict unless it says "at least", and a metric that is missing or not finite fails its criterion: absence
//! is never a pass. A gate without a required criterion never passes either.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ModelKind;
use crate::error::{Error, ErrorKind, Result};
use crate::formats::yaml::{self, YamlNode, YamlScalar};

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

/// The word for the classifiers of the specialists in a policy.
const SPECIALIST: &str = "specialist";

/// The criteria of every kind of model.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    by_kind: BTreeMap<ModelKind, Vec<Criterion>>,
    specialist: Vec<Criterion>,
}

impl Default for Policy {
    /// The guides' gates: duration `mae_pct < 15` required, `r2 > 0.6` desired; scheduling `mae < 5000` (ms)
    /// required; anomaly `precision > 0.75` required, `recall > 0.5` desired; and those of the running system's
    /// script that judges the specialists' classifiers, all required.
    fn default() -> Self {
        let criterion = |metric: &str, operator, threshold, required| Criterion { metric: metric.into(), operator, threshold, required };
        let at_least = |metric: &str, threshold| criterion(metric, Operator::AtLeast, threshold, true);
        let specialist = vec![
            at_least("confidence_mean", 0.70),
            at_least("f1_macro", 0.65),
            at_least("lowest_class_precision", 0.60),
            at_least("lowest_class_recall", 0.60),
            at_least("accuracy", 0.65),
        ];
        let by_kind = BTreeMap::from([
            (ModelKind::Duration, vec![criterion("mae_pct", Operator::Below, 15.0, true), criterion("r2", Operator::Above, 0.6, false)]),
            (ModelKind::Scheduling, vec![criterion("mae", Operator::Below, 5_000.0, true)]),
            (
                ModelKind::Anomaly,
                vec![criterion("precision", Operator::Above, 0.75, true), criterion("recall", Operator::Above, 0.5, false)],
            ),
        ]);
        Policy { by_kind, specialist }
    }
}

impl Policy {
    /// The criteria of one kind.
    pub fn criteria(&self, kind: ModelKind) -> &[Criterion] {
        self.by_kind.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// The criteria of the specialists' classifiers.
    pub fn specialist(&self) -> &[Criterion] {
        &self.specialist
    }

    /// Replaces the threshold of one criterion, as the environment variables of the guides do.
    pub fn set_threshold(&mut self, kind: ModelKind, metric: &str, threshold: f64) {
        if let Some(criterion) = self.by_kind.entry(kind).or_default().iter_mut().find(|criterion| criterion.metric == metric) {
            criterion.threshold = threshold;
        }
    }

    /// Reads a policy file; kinds that it does not name keep their default criteria.
    ///
    /// ```yaml
    /// duration:
    ///   mae_pct: "< 12"
    ///   r2: "> 0.6 desired"
    /// ```
    /// Errors: [`ErrorKind::BadConfiguration`] with the line.
    pub fn parse(name: &str, text: &str) -> Result<Policy> {
        let mut policy = Policy::default();
        let refuse = |path: &[&str], what: String| {
            Err(Error::new(ErrorKind::BadConfiguration, format!("{name}:{}: {what}", yaml::line_of(text, path)))
                .hint("a policy reads `duration:` and below it, indented, `mae_pct: \"< 12\"` or `r2: \"> 0.6 desired\"`"))
        };
        let root = yaml::parse(text).map_err(|error| {
            Error::new(ErrorKind::BadConfiguration, format!("{name}:{}: this is not a policy", error.line)).because(error.message)
        })?;
        for (kind_word, node) in &root {
            let kind = ModelKind::parse(kind_word);
            if kind.is_none() && kind_word != SPECIALIST {
                return refuse(&[kind_word], format!("there is no kind of model '{kind_word}'"));
            }
            let YamlNode::Branch(entries) = node else { return refuse(&[kind_word], format!("'{kind_word}' holds no criteria")) };
            let mut criteria = Vec::new();
            for (metric, node) in entries {
                let YamlNode::Leaf(YamlScalar(words)) = node else { return refuse(&[kind_word, metric], format!("'{metric}' is a group")) };
                match criterion(metric, words) {
                    Some(criterion) => criteria.push(criterion),
                    None => return refuse(&[kind_word, metric], format!("'{words}' is no criterion")),
                }
            }
            if !criteria.iter().any(|criterion| criterion.required) {
                return refuse(&[kind_word], format!("'{kind_word}' has no required criterion, so nothing could pass it"));
            }
            match kind {
                Some(kind) => drop(policy.by_kind.insert(kind, criteria)),
                None => policy.specialist = criteria,
            }
        }
        Ok(policy)
    }
}

fn criterion(metric: &str, words: &str) -> Option<Criterion> {
    let words = words.trim();
    let signs = [(">=", Operator::AtLeast), (">", Operator::Above), ("<", Operator::Below)];
    let (operator, rest) = signs.into_iter().find_map(|(sign, operator)| Some((operator, words.strip_prefix(sign)?.trim())))?;
    let (number, required) = match rest.split_once(char::is_whitespace) {
        None => (rest, true),
        Some((number, "required")) => (number, true),
        Some((number, "desired")) => (number, false),
        Some(_) => return None,
    };
    let threshold: f64 = number.parse().ok().filter(|number: &f64| number.is_finite())?;
    Some(Criterion { metric: metric.into(), operator, threshold, required })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(kind: ModelKind, metrics: &[(&str, f64)]) -> Gate {
        let metrics = metrics.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
        Gate::judge(Policy::default().criteria(kind), &metrics)
    }

    #[test]
    fn comparisons_are_strict_and_only_required_criteria_decide() {
        assert!(!judge(ModelKind::Duration, &[("mae_pct", 15.0), ("r2", 0.9)]).passed);
        assert!(judge(ModelKind::Duration, &[("mae_pct", 14.999), ("r2", 0.1)]).passed);
        assert!(!judge(ModelKind::Anomaly, &[("precision", 0.75)]).passed);
        assert!(judge(ModelKind::Anomaly, &[("precision", 0.7501)]).passed);
    }

    #[test]
    fn a_missing_or_non_finite_metric_fails() {
        let gate = judge(ModelKind::Duration, &[("r2", 0.9)]);
        assert!(!gate.passed && gate.criteria[0].value.is_none() && !gate.criteria[0].passed);
        assert!(!judge(ModelKind::Duration, &[("mae_pct", f64::NAN)]).passed);
        assert!(!judge(ModelKind::Duration, &[("mae_pct", f64::NEG_INFINITY)]).passed);
        assert!(!Gate::judge(&[], &BTreeMap::new()).passed);
    }

    #[test]
    fn a_policy_file_replaces_a_kind_and_is_refused_with_its_line() {
        let policy = Policy::parse("p.yaml", "duration:\n  mae_pct: \"< 12\"\n  r2: \"> 0.7 desired\"\n").expect("good");
        assert_eq!(policy.criteria(ModelKind::Duration)[0].threshold, 12.0);
        assert!(!policy.criteria(ModelKind::Duration)[1].required);
        assert_eq!(policy.criteria(ModelKind::Anomaly), Policy::default().criteria(ModelKind::Anomaly));
        let policy = Policy::parse("p.yaml", "specialist:\n  accuracy: \">= 0.9\"\n").expect("good");
        assert_eq!((policy.specialist().len(), policy.specialist()[0].operator), (1, Operator::AtLeast));
        let exactly = Gate::judge(policy.specialist(), &BTreeMap::from([("accuracy".to_owned(), 0.9)]));
        assert!(exactly.passed);
        let refusal = |text: &str| Policy::parse("p.yaml", text).expect_err("refused").to_string();
        assert!(refusal("duration:\n  mae_pct: 12\n").starts_with("p.yaml:2: '12' is no criterion"));
        assert!(refusal("durations:\n  mae_pct: \"< 1\"\n").starts_with("p.yaml:1:"));
        assert!(refusal("duration:\n  r2: \"> 0.6 desired\"\n").contains("no required criterion"));
    }
}
