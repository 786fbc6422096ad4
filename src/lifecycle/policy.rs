//! The policy: what the model of each kind must show, by the kind's word.

use std::collections::BTreeMap;

use super::gate::{Criterion, Operator};
use crate::base::yaml::{self, YamlNode, YamlScalar};
use crate::error::{Error, ErrorKind, Result};

/// The criteria of every kind of model.
///
/// ```
/// use hivectl::lifecycle::{Criterion, Operator, Policy};
/// let usual = Policy::new([("load".to_owned(), vec![Criterion::required("mae", Operator::Below, 5.0)])]);
/// let strict = usual.with_file("policy.yaml", "load:\n  mae: \"< 2\"\n")?;
/// assert_eq!(strict.criteria("load")[0].threshold, 2.0);
/// assert!(strict.criteria("other").is_empty());
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    by_kind: BTreeMap<String, Vec<Criterion>>,
}

impl Policy {
    /// The criteria that hold unless a file says otherwise, by the kind's word.
    pub fn new(usual: impl IntoIterator<Item = (String, Vec<Criterion>)>) -> Policy {
        Policy { by_kind: usual.into_iter().collect() }
    }

    /// The criteria of one kind; none for a kind that the policy does not know, so that nothing passes.
    pub fn criteria(&self, kind: &str) -> &[Criterion] {
        self.by_kind.get(kind).map_or(&[], Vec::as_slice)
    }

    /// Replaces the threshold of one criterion, as the environment variables of the guides do.
    pub fn set_threshold(&mut self, kind: &str, metric: &str, threshold: f64) {
        let criteria = self.by_kind.get_mut(kind).map_or(&mut [][..], Vec::as_mut_slice);
        if let Some(criterion) = criteria.iter_mut().find(|criterion| criterion.metric == metric) {
            criterion.threshold = threshold;
        }
    }

    /// The same with what a policy file says; kinds that it does not name keep their criteria.
    ///
    /// ```yaml
    /// duration:
    ///   mae_pct: "< 12"
    ///   r2: "> 0.6 desired"
    /// ```
    /// Errors: [`ErrorKind::BadConfiguration`] with the line, also for a kind that the policy does not know.
    pub fn with_file(mut self, name: &str, text: &str) -> Result<Policy> {
        let refuse = |path: &[&str], what: String| {
            Err(Error::new(ErrorKind::BadConfiguration, format!("{name}:{}: {what}", yaml::line_of(text, path)))
                .hint("a policy reads `duration:` and below it, indented, `mae_pct: \"< 12\"` or `r2: \"> 0.6 desired\"`"))
        };
        let root = yaml::parse(text).map_err(|error| {
            Error::new(ErrorKind::BadConfiguration, format!("{name}:{}: this is not a policy", error.line)).because(error.message)
        })?;
        for (kind, node) in &root {
            if !self.by_kind.contains_key(kind) {
                return refuse(&[kind], format!("there is no kind of model '{kind}'"));
            }
            let YamlNode::Branch(entries) = node else { return refuse(&[kind], format!("'{kind}' holds no criteria")) };
            let mut criteria = Vec::new();
            for (metric, node) in entries {
                let YamlNode::Leaf(YamlScalar(words)) = node else { return refuse(&[kind, metric], format!("'{metric}' is a group")) };
                match criterion(metric, words) {
                    Some(criterion) => criteria.push(criterion),
                    None => return refuse(&[kind, metric], format!("'{words}' is no criterion")),
                }
            }
            if !criteria.iter().any(|criterion| criterion.required) {
                return refuse(&[kind], format!("'{kind}' has no required criterion, so nothing could pass it"));
            }
            self.by_kind.insert(kind.clone(), criteria);
        }
        Ok(self)
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
