//! The gate: what a model must show before it may serve.
//!
//! A comparison is strict unless it says "at least" or "at most", and a number that is missing or not finite fails its
//! criterion: absence is never a pass. What compares with the version that serves is skipped where none does. A gate
//! without a required criterion that was judged never passes either.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::criterion::{Criterion, DIGEST, Demand, Operator, SIGNATURE, is_of_evidence};

/// The recorded numbers of the version that serves.
#[derive(Clone, Debug, PartialEq)]
pub struct ChampionNumbers {
    pub version: u32,
    /// By the names of the field.
    pub numbers: BTreeMap<String, f64>,
}

/// What a criterion compares with.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChampionNumber {
    pub version: u32,
    /// `None` when it is missing or not a finite number.
    pub value: Option<f64>,
    /// By how many percent of it a version may be worse.
    pub allowed_percent: f64,
}

/// A criterion and how the model did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CriterionResult {
    pub metric: String,
    pub operator: Operator,
    /// `None` where it follows from a number of the champion that is not known.
    pub threshold: Option<f64>,
    /// `None` when the metric is missing or not a finite number.
    pub value: Option<f64>,
    pub passed: bool,
    pub required: bool,
    /// Where the criterion stands: `FILE:LINE`, a setting's place, or `default`; empty where it was not recorded.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// What the threshold follows from, where a criterion compares with the version that serves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub champion: Option<ChampionNumber>,
    /// Why it was not judged and decides nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
}

/// The verdict over all criteria; none is skipped because an earlier one failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    pub passed: bool,
    pub criteria: Vec<CriterionResult>,
}

impl Gate {
    /// Judges numbers by `criteria`, without a version that serves.
    pub fn judge(criteria: &[Criterion], numbers: &BTreeMap<String, f64>) -> Gate {
        Gate::judge_beside(criteria, numbers, None)
    }

    /// Judges numbers by `criteria`, beside the version that serves.
    pub fn judge_beside(criteria: &[Criterion], numbers: &BTreeMap<String, f64>, champion: Option<&ChampionNumbers>) -> Gate {
        let results: Vec<CriterionResult> = criteria.iter().map(|criterion| judged(criterion, numbers, champion)).collect();
        let required = results.iter().filter(|result| result.required && result.skipped.is_none());
        let judged = required.clone().any(|result| !is_of_evidence(&result.metric));
        let passed = judged && required.clone().all(|result| result.passed);
        Gate { passed, criteria: results }
    }

    /// The required criteria that were judged and do not hold.
    pub fn failures(&self) -> impl Iterator<Item = &CriterionResult> {
        self.criteria.iter().filter(|result| result.required && !result.passed && result.skipped.is_none())
    }

    /// Whether nothing but evidence is lacking: too few tickets or positives judged.
    pub fn lacks_evidence_alone(&self) -> bool {
        self.failures().next().is_some() && self.failures().all(|result| is_of_evidence(&result.metric))
    }
}

fn judged(criterion: &Criterion, numbers: &BTreeMap<String, f64>, champion: Option<&ChampionNumbers>) -> CriterionResult {
    // MLflow's tables hold infinity as the largest number.
    let finite = |numbers: &BTreeMap<String, f64>| numbers.get(&criterion.metric).copied().filter(|value| value.abs() < f64::MAX);
    let value = finite(numbers);
    let beside = |allowed_percent: f64| {
        champion.map(|champion| ChampionNumber { version: champion.version, value: finite(&champion.numbers), allowed_percent })
    };
    let worse = |champion: Option<ChampionNumber>, sign: f64| {
        let champion = champion?;
        champion.value.map(|value| value + sign * value.abs() * champion.allowed_percent / 100.0)
    };
    let (operator, threshold, champion) = match criterion.demand {
        Demand::Threshold(operator, threshold) => (operator, Some(threshold), None),
        Demand::NotAboveChampion(percent) => (Operator::AtMost, worse(beside(percent), 1.0), Some(beside(percent))),
        Demand::NotBelowChampion(percent) => (Operator::AtLeast, worse(beside(percent), -1.0), Some(beside(percent))),
    };
    let skipped = (champion == Some(None)).then(|| "no version serves to compare with".to_owned());
    let passed = value.zip(threshold).is_some_and(|(value, threshold)| operator.holds(value, threshold));
    CriterionResult {
        metric: criterion.metric.clone(),
        operator,
        threshold,
        value,
        passed,
        required: criterion.is_required_of(numbers),
        rule: criterion.rule.clone(),
        champion: champion.flatten(),
        skipped,
    }
}

impl CriterionResult {
    /// What is demanded, in words: `< 15`, `present`, `<= 51 (@2 has 50, 2 % are allowed)`.
    pub fn demand(&self) -> String {
        let sign = self.operator.sign();
        match (&self.champion, self.threshold) {
            _ if self.skipped.is_some() => format!("{sign} the champion"),
            _ if self.is_presence() => "present".to_owned(),
            (Some(ChampionNumber { version, value: Some(value), allowed_percent }), Some(threshold)) => {
                format!("{sign} {} (@{version} has {}, {allowed_percent} % are allowed)", short(threshold), short(*value))
            }
            (Some(champion), _) => format!("{sign} that of @{}, which is not known", champion.version),
            (None, Some(threshold)) => format!("{sign} {threshold}"),
            (None, None) => sign.to_owned(),
        }
    }

    /// The value with so many decimals, a count as a whole number, `present` or `absent` of what is there or not; `None`
    /// where it is not known.
    pub fn told_value(&self, decimals: usize) -> Option<String> {
        let value = self.value?;
        Some(match self.is_presence() {
            true if value >= 1.0 => "present".to_owned(),
            true => "absent".to_owned(),
            false if is_of_evidence(&self.metric) => format!("{value}"),
            false => format!("{value:.decimals$}"),
        })
    }

    /// Whether the value is a count or a word rather than a measure.
    pub fn has_words(&self) -> bool {
        self.is_presence() || is_of_evidence(&self.metric)
    }

    /// Whether the number only says that something is there.
    fn is_presence(&self) -> bool {
        [SIGNATURE, DIGEST].contains(&self.metric.as_str())
    }

    /// Value, demand and rule in one line: `mae is 60.0000, required < 50 (policy.yaml:3)`.
    pub fn sentence(&self) -> String {
        let value = self.told_value(4).map_or_else(|| "is not known".to_owned(), |value| format!("is {value}"));
        let rule = if self.rule.is_empty() { String::new() } else { format!(" ({})", self.rule) };
        format!("{} {value}, required {}{rule}", self.metric, self.demand())
    }
}

/// Four decimals at most.
fn short(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::criterion::{AGE_DAYS, JUDGED_TICKETS, POSITIVES, SIGNATURE};

    fn numbers(numbers: &[(&str, f64)]) -> BTreeMap<String, f64> {
        numbers.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
    }

    fn judge(criteria: &[Criterion], metrics: &[(&str, f64)]) -> Gate {
        Gate::judge(criteria, &numbers(metrics))
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
        for infinite in [f64::NEG_INFINITY, f64::MIN] {
            assert!(!judge(&criteria(), &[("mae_pct", infinite)]).passed, "{infinite}");
        }
        assert!(!Gate::judge(&[], &BTreeMap::new()).passed);
    }

    #[test]
    fn every_number_holds_at_its_border_or_beside_it() {
        for (metric, operator, border, beside) in [
            ("rmse", Operator::AtMost, 3.0, 3.000_001),
            ("auc", Operator::AtLeast, 0.9, 0.899_999),
            (AGE_DAYS, Operator::AtMost, 30.0, 30.01),
            (SIGNATURE, Operator::AtLeast, 1.0, 0.0),
        ] {
            let one = [Criterion::required(metric, operator, border)];
            assert!(judge(&one, &[(metric, border)]).passed, "{metric}");
            assert!(!judge(&one, &[(metric, beside)]).passed, "{metric}");
            assert!(!judge(&one, &[]).passed, "{metric} is missing");
        }
    }

    #[test]
    fn evidence_is_needed_and_alone_it_shows_nothing() {
        let evidence =
            [Criterion::required(JUDGED_TICKETS, Operator::AtLeast, 30.0), Criterion::required(POSITIVES, Operator::AtLeast, 10.0)];
        let all = [&[Criterion::required("precision", Operator::Above, 0.75)][..], &evidence].concat();
        assert!(judge(&all, &[("precision", 1.0), (JUDGED_TICKETS, 30.0), (POSITIVES, 10.0)]).passed);
        for (tickets, positives) in [(29.0, 10.0), (54.0, 9.0)] {
            let gate = judge(&all, &[("precision", 1.0), (JUDGED_TICKETS, tickets), (POSITIVES, positives)]);
            assert!(!gate.passed && gate.lacks_evidence_alone(), "{gate:?}");
        }
        assert!(!judge(&all, &[("precision", 0.1), (JUDGED_TICKETS, 3.0), (POSITIVES, 1.0)]).lacks_evidence_alone());
        assert!(!judge(&evidence, &[(JUDGED_TICKETS, 99.0), (POSITIVES, 99.0)]).passed, "tickets alone are no quality");
    }

    #[test]
    fn a_version_may_be_a_little_worse_than_the_one_that_serves_and_no_more() {
        let beside = |demand: Demand, value: f64, champion: Option<f64>| {
            let criterion = Criterion { demand, ..Criterion::required("m", Operator::Below, 0.0) };
            let champion = ChampionNumbers { version: 2, numbers: champion.map(|value| ("m".to_owned(), value)).into_iter().collect() };
            Gate::judge_beside(&[criterion], &numbers(&[("m", value)]), Some(&champion))
        };
        let (above, below) = (Demand::NotAboveChampion(2.0), Demand::NotBelowChampion(2.0));
        assert!(beside(above, 51.0, Some(50.0)).passed && !beside(above, 51.000_1, Some(50.0)).passed);
        assert!(beside(below, 49.0, Some(50.0)).passed && !beside(below, 48.999_9, Some(50.0)).passed);
        // Of a negative number, as R² may be, two percent are no gain.
        assert!(beside(below, -51.0, Some(-50.0)).passed && !beside(below, -51.1, Some(-50.0)).passed);
        let told = beside(above, 60.0, Some(50.0)).criteria[0].sentence();
        assert_eq!(told, "m is 60.0000, required <= 51 (@2 has 50, 2 % are allowed) (default)");
        for unknown in [None, Some(f64::NAN)] {
            let gate = beside(above, 1.0, unknown);
            assert!(!gate.passed && gate.criteria[0].sentence().contains("@2, which is not known"), "{gate:?}");
        }
        assert!(!beside(above, f64::NAN, Some(50.0)).passed);
    }

    #[test]
    fn without_a_version_that_serves_the_other_criteria_decide() {
        let champion = Criterion { demand: Demand::NotAboveChampion(2.0), ..Criterion::required("mae", Operator::Below, 0.0) };
        let gate = judge(std::slice::from_ref(&champion), &[("mae", 1.0)]);
        assert!(!gate.passed && gate.criteria[0].skipped.is_some(), "nothing was judged");
        let both = [champion, Criterion::required("mae", Operator::Below, 2.0)];
        assert!(judge(&both, &[("mae", 1.0)]).passed && !judge(&both, &[("mae", 2.0)]).passed);
    }

    #[test]
    fn a_relative_error_beside_zeros_is_only_desired_unless_a_policy_demands_it() {
        let criteria = [Criterion::required("mape", Operator::Below, 20.0), Criterion::required("skill", Operator::AtLeast, 5.0)];
        let told = |criteria: &[Criterion], zeros: f64, mape: f64, skill: f64| {
            judge(criteria, &[("mape", mape), ("skill", skill), ("zero_actuals", zeros)]).passed
        };
        assert!(!told(&criteria, 0.0, 60.0, 9.0) && told(&criteria, 0.0, 19.0, 9.0));
        assert!(told(&criteria, 1.0, 60.0, 9.0) && !told(&criteria, 1.0, 60.0, 4.9), "skill decides");
        let demanded = criteria.clone().map(|one| Criterion { rule: "p.yaml:3".into(), ..one });
        assert!(!told(&demanded, 1.0, 60.0, 9.0));
    }

    #[test]
    fn a_gate_of_before_is_read() {
        let text =
            r#"{"passed":true,"criteria":[{"metric":"mae","operator":"<","threshold":9.0,"value":1.0,"passed":true,"required":true}]}"#;
        let gate: Gate = serde_json::from_str(text).expect("a gate");
        assert_eq!(gate.criteria[0].sentence(), "mae is 1.0000, required < 9");
    }
}
