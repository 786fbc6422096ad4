//! One demand of a gate, and how it is written in a policy.
//!
//! Everything that can be demanded is a number under a name: a metric that was measured or logged, and the few names of
//! [`FACTS`] that hivectl itself knows of a version.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// Tickets, or rows, that judged.
pub const JUDGED_TICKETS: &str = "judged_tickets";
/// The fewer of those that are of the class that is looked for and those that were taken for it: recall counts over the
/// first, precision over the second. Of several classes the rarest.
pub const POSITIVES: &str = "positives";
/// 1 where the model's `MLmodel` has a signature, else 0.
pub const SIGNATURE: &str = "signature";
/// 1 where a SHA-256 is recorded of the version's files, which hold it, else 0.
pub const DIGEST: &str = "digest";
/// Days since the version was made.
pub const AGE_DAYS: &str = "age_days";

/// How many of the values that judged are zero.
const ZERO_ACTUALS: &str = "zero_actuals";
/// A relative error, which leaves out what is zero and so says nothing where some of it is.
const LEAVES_OUT_ZEROS: &str = "mape";

/// What hivectl itself knows of a version, and what it is.
pub const FACTS: [(&str, &str); 5] = [
    (JUDGED_TICKETS, "tickets or rows that judged; >= 30 unless the rule says otherwise"),
    (
        POSITIVES,
        "the fewer of found and real positives (of the rarest class); >= 10 unless the rule says otherwise, where precision, recall or F1 decides",
    ),
    (AGE_DAYS, "days since the version was made"),
    (SIGNATURE, "whether its MLmodel has a signature: `present`"),
    (DIGEST, "whether a SHA-256 is recorded of its files: `present`"),
];

/// Fewer judged tickets than this decide nothing, unless a policy says otherwise.
const FEWEST_JUDGED: f64 = 30.0;
/// Fewer positives than this tell neither precision nor recall, unless a policy says otherwise.
const FEWEST_POSITIVES: f64 = 10.0;

/// What counts over positives alone.
const OVER_POSITIVES: [&str; 5] = ["precision", "recall", "f1", "lowest_class_precision", "lowest_class_recall"];

/// Metrics that are better the lower they are, by the names of the field; every other name tells nothing.
const LOWER_IS_BETTER: [&str; 14] = [
    "mae",
    "mae_pct",
    "mape",
    "smape",
    "mse",
    "rmse",
    "median_absolute_error",
    "p90_absolute_error",
    "max_error",
    "log_loss",
    "false_positive_rate",
    "false_negative_rate",
    "mean_absolute_error",
    "root_mean_squared_error",
];
const HIGHER_IS_BETTER: [&str; 15] = [
    "r2",
    "r2_score",
    "accuracy",
    "accuracy_score",
    "balanced_accuracy",
    "precision",
    "recall",
    "f1",
    "f1_macro",
    "precision_macro",
    "recall_macro",
    "roc_auc",
    "auc",
    "lowest_class_precision",
    "lowest_class_recall",
];

/// Which side of the threshold is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operator {
    #[serde(rename = "<")]
    Below,
    #[serde(rename = "<=")]
    AtMost,
    #[serde(rename = ">")]
    Above,
    #[serde(rename = ">=")]
    AtLeast,
}

impl Operator {
    /// `<`, `<=`, `>` or `>=`.
    pub fn sign(self) -> &'static str {
        match self {
            Operator::Below => "<",
            Operator::AtMost => "<=",
            Operator::Above => ">",
            Operator::AtLeast => ">=",
        }
    }

    /// Whether a value is on the good side; never for NaN.
    pub(super) fn holds(self, value: f64, threshold: f64) -> bool {
        match self {
            Operator::Below => value < threshold,
            Operator::AtMost => value <= threshold,
            Operator::Above => value > threshold,
            Operator::AtLeast => value >= threshold,
        }
    }
}

/// What is demanded of a number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Demand {
    /// It stands on this side of a threshold.
    Threshold(Operator, f64),
    /// It is not above that of the version that serves by more than so many percent of that.
    NotAboveChampion(f64),
    /// It is not below that of the version that serves by more than so many percent of that.
    NotBelowChampion(f64),
}

/// One demand on one metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Criterion {
    pub metric: String,
    pub demand: Demand,
    /// A required criterion decides; one that is not is only shown.
    pub required: bool,
    /// Where it stands: `FILE:LINE`, a setting's place, or `default`.
    pub rule: String,
}

impl fmt::Display for Demand {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Demand::Threshold(operator, threshold) => write!(to, "{} {}", operator.sign(), threshold),
            Demand::NotAboveChampion(percent) => write!(to, "not higher than the champion by more than {} %", percent),
            Demand::NotBelowChampion(percent) => write!(to, "not lower than the champion by more than {} %", percent),
        }
    }
}

impl Criterion {
    /// `metric OPERATOR threshold`, required, by default.
    ///
    /// ```
    /// use hivectl::lifecycle::{Criterion, Operator};
    /// assert!(Criterion::required("mae_pct", Operator::Below, 15.0).required);
    /// ```
    pub fn required(metric: &str, operator: Operator, threshold: f64) -> Criterion {
        Criterion { metric: metric.into(), demand: Demand::Threshold(operator, threshold), required: true, rule: DEFAULT_RULE.into() }
    }

    /// The same, only shown.
    pub fn desired(metric: &str, operator: Operator, threshold: f64) -> Criterion {
        Criterion { required: false, ..Criterion::required(metric, operator, threshold) }
    }

    /// Whether it decides, by these numbers: what is demanded by default of a metric that says nothing of them is only desired.
    /// What a policy demands is demanded.
    pub(super) fn is_required_of(&self, numbers: &BTreeMap<String, f64>) -> bool {
        let says_little = self.metric == LEAVES_OUT_ZEROS && numbers.get(ZERO_ACTUALS).is_some_and(|zeros| *zeros > 0.0);
        self.required && !(says_little && self.rule == DEFAULT_RULE)
    }

    /// Whether it only says how much evidence there must be.
    pub(super) fn is_of_evidence(&self) -> bool {
        is_of_evidence(&self.metric)
    }
}

/// Whether a name tells only how much evidence there is.
pub(super) fn is_of_evidence(metric: &str) -> bool {
    [JUDGED_TICKETS, POSITIVES].contains(&metric)
}

/// The rule of what holds unless somebody says otherwise.
pub(super) const DEFAULT_RULE: &str = "default";

/// The criteria with the evidence that each gate needs: by default 30 judged tickets, and 10 positives where a criterion
/// counts over those. `without` are names that a policy has switched off.
pub(super) fn with_evidence(mut criteria: Vec<Criterion>, without: &[String]) -> Vec<Criterion> {
    let says = |criteria: &[Criterion], name: &str| without.iter().any(|off| off == name) || criteria.iter().any(|one| one.metric == name);
    let over = |one: &&Criterion| OVER_POSITIVES.contains(&one.metric.as_str());
    let positives = criteria.iter().filter(over).map(|one| one.required).reduce(|one, other| one || other);
    if criteria.is_empty() {
        return criteria;
    }
    if !says(&criteria, JUDGED_TICKETS) {
        criteria.push(Criterion::required(JUDGED_TICKETS, Operator::AtLeast, FEWEST_JUDGED));
    }
    if let Some(required) = positives.filter(|_| !says(&criteria, POSITIVES)) {
        criteria.push(Criterion { required, ..Criterion::required(POSITIVES, Operator::AtLeast, FEWEST_POSITIVES) });
    }
    criteria
}

/// What a policy says of one metric.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Said {
    Criteria(Vec<Criterion>),
    /// The evidence of this name is not asked for.
    Off,
}

/// Reads what a policy says of a metric: `< 12`, `> 0.7 desired`, `not worse than champion by more than 2 %`, several
/// with `and` between; `present` of what is there or not; `off` of the evidence that is asked for by default.
///
/// Errors: [`ErrorKind::BadConfiguration`] with what is expected there.
pub(super) fn said(metric: &str, words: &str, rule: &str) -> Result<Said> {
    let words = words.trim();
    let refuse = |what: String| Error::new(ErrorKind::BadConfiguration, what);
    if words == "off" {
        return match is_of_evidence(metric) {
            true => Ok(Said::Off),
            false => Err(refuse(format!("'{metric}' cannot be off, only {JUDGED_TICKETS} and {POSITIVES} are asked for by default"))),
        };
    }
    let clauses: Vec<&str> = words.split(" and ").map(str::trim).collect();
    let mut criteria = Vec::with_capacity(clauses.len());
    // A threshold beside it tells which way a metric is better.
    let told =
        clauses.iter().find_map(|clause| operator(clause)).map(|(operator, _)| matches!(operator, Operator::Below | Operator::AtMost));
    for clause in &clauses {
        let (text, required) = match (clause.strip_suffix(" desired"), clause.strip_suffix(" required")) {
            (Some(text), _) => (text.trim(), false),
            (_, Some(text)) => (text.trim(), true),
            _ => (*clause, true),
        };
        let demand = demand(metric, text, told)?.ok_or_else(|| refuse(format!("'{clause}' is no criterion")))?;
        criteria.push(Criterion { metric: metric.into(), demand, required, rule: rule.into() });
    }
    Ok(Said::Criteria(criteria))
}

fn operator(text: &str) -> Option<(Operator, &str)> {
    let signs = [("<=", Operator::AtMost), (">=", Operator::AtLeast), ("<", Operator::Below), (">", Operator::Above)];
    signs.into_iter().find_map(|(sign, operator)| Some((operator, text.strip_prefix(sign)?.trim())))
}

/// What one clause demands; `None` for words that are none.
fn demand(metric: &str, text: &str, lower_is_better: Option<bool>) -> Result<Option<Demand>> {
    let flag = [SIGNATURE, DIGEST].contains(&metric);
    if flag || text == "present" {
        return match (flag, text) {
            (true, "present") => Ok(Some(Demand::Threshold(Operator::AtLeast, 1.0))),
            (true, _) => {
                Err(Error::new(ErrorKind::BadConfiguration, format!("'{text}' is no criterion of {metric}, which reads `present`")))
            }
            (false, _) => Err(Error::new(ErrorKind::BadConfiguration, format!("'present' is said of {SIGNATURE} and {DIGEST} alone"))),
        };
    }
    if let Some((operator, number)) = operator(text) {
        let threshold = number.parse().ok().filter(|number: &f64| number.is_finite());
        return Ok(threshold.map(|threshold| Demand::Threshold(operator, threshold)));
    }
    let Some((side, rest)) =
        ["worse", "higher", "lower"].into_iter().find_map(|side| Some((side, text.strip_prefix("not ")?.strip_prefix(side)?)))
    else {
        return Ok(None);
    };
    let rest = rest.trim().strip_prefix("than ").map(str::trim).unwrap_or_default();
    let rest = rest.strip_prefix("the ").unwrap_or(rest);
    let Some(rest) = rest.strip_prefix("champion").map(str::trim) else { return Ok(None) };
    let percent = match rest {
        "" => Some(0.0),
        _ => {
            rest.strip_prefix("by more than ").and_then(|rest| rest.trim().strip_suffix('%')).and_then(|number| number.trim().parse().ok())
        }
    };
    let Some(percent) = percent.filter(|percent: &f64| percent.is_finite() && *percent >= 0.0) else { return Ok(None) };
    let known = || match (LOWER_IS_BETTER.contains(&metric), HIGHER_IS_BETTER.contains(&metric)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    };
    match (side, lower_is_better.or_else(known)) {
        ("higher", _) | ("worse", Some(true)) => Ok(Some(Demand::NotAboveChampion(percent))),
        ("lower", _) | ("worse", Some(false)) => Ok(Some(Demand::NotBelowChampion(percent))),
        _ => Err(Error::new(ErrorKind::BadConfiguration, format!("which way '{metric}' is better is not known"))
            .hint(format!("write `not higher than champion by more than {} %`, or `not lower …`", percent))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demands(metric: &str, words: &str) -> Vec<(Demand, bool)> {
        match said(metric, words, "p.yaml:1") {
            Ok(Said::Criteria(criteria)) => criteria.into_iter().map(|one| (one.demand, one.required)).collect(),
            other => panic!("{words}: {other:?}"),
        }
    }

    #[test]
    fn what_a_policy_says_is_read_in_every_form() {
        use Demand::{NotAboveChampion, NotBelowChampion, Threshold};
        assert_eq!(demands("mae_pct", "< 12"), [(Threshold(Operator::Below, 12.0), true)]);
        assert_eq!(demands("mae_pct", "<=12 required"), [(Threshold(Operator::AtMost, 12.0), true)]);
        assert_eq!(demands("r2", "> 0.7 desired"), [(Threshold(Operator::Above, 0.7), false)]);
        assert_eq!(demands("mae", "not worse than champion by more than 2 %"), [(NotAboveChampion(2.0), true)]);
        assert_eq!(demands("auc", "not worse than the champion by more than 2% desired"), [(NotBelowChampion(2.0), false)]);
        assert_eq!(demands("auc", "not worse than champion"), [(NotBelowChampion(0.0), true)]);
        assert_eq!(demands("ndcg", "not lower than champion by more than 1.5 %"), [(NotBelowChampion(1.5), true)]);
        let both = demands("ndcg", ">= 0.4 and not worse than champion by more than 2 %");
        assert_eq!(both, [(Threshold(Operator::AtLeast, 0.4), true), (NotBelowChampion(2.0), true)]);
        assert_eq!(demands("cost", "< 9 and not worse than champion")[1].0, NotAboveChampion(0.0));
        assert_eq!(demands("signature", "present desired"), [(Threshold(Operator::AtLeast, 1.0), false)]);
        assert_eq!(said("positives", "off", "r").expect("good"), Said::Off);
    }

    #[test]
    fn what_says_nothing_is_refused() {
        let refused = |metric: &str, words: &str| said(metric, words, "r").expect_err(words).to_string();
        for words in
            ["12", "< ", "< inf", "< nan", "<< 3", "", "not worse than 3", "not worse than champion by more than -1 %", "< 3 wanted"]
        {
            assert!(refused("mae", words).ends_with("is no criterion"), "{words}");
        }
        assert!(refused("ndcg", "not worse than champion").contains("better is not known"));
        assert!(refused("signature", "> 1").contains("`present`"));
        assert!(refused("mae", "present").contains("signature and digest alone"));
        assert!(refused("mae", "off").contains("cannot be off"));
    }

    #[test]
    fn evidence_is_asked_for_where_the_policy_is_silent() {
        let names = |criteria: Vec<Criterion>, without: &[&str]| {
            let without: Vec<String> = without.iter().map(|name| (*name).to_owned()).collect();
            with_evidence(criteria, &without)
                .iter()
                .map(|one| format!("{} {} {}", one.metric, one.demand, one.required))
                .collect::<Vec<_>>()
        };
        let mae = || Criterion::required("mae", Operator::Below, 9.0);
        let recall = || Criterion::desired("recall", Operator::Above, 0.5);
        assert_eq!(names(vec![mae()], &[])[1..], ["judged_tickets >= 30 true"]);
        assert_eq!(names(vec![mae(), recall()], &[])[2..], ["judged_tickets >= 30 true", "positives >= 10 false"]);
        let precision = Criterion::required("precision", Operator::Above, 0.75);
        assert_eq!(names(vec![recall(), precision], &["judged_tickets"])[2..], ["positives >= 10 true"]);
        let own = Criterion::required(JUDGED_TICKETS, Operator::AtLeast, 5.0);
        assert_eq!(names(vec![mae(), own], &[])[1..], ["judged_tickets >= 5 true"]);
        assert!(names(Vec::new(), &[]).is_empty(), "nothing is asked for where nothing is known");
    }
}
