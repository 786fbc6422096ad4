//! The policy: what each model must show, by its exact name, a tag, a glob or its kind.
//!
//! The first of these that names a model decides alone, the longer glob before the shorter; what no rule of a file names
//! keeps the criteria of its kind.

use std::collections::{BTreeMap, BTreeSet};

use super::criterion::{self, Criterion, Demand, Said};
use crate::base::yaml::{self, YamlNode, YamlScalar};
use crate::error::{Error, ErrorKind, Result};

/// A model, as far as a policy looks at it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Its registered name.
    pub name: &'a str,
    /// Of the version and of the model.
    pub tags: &'a BTreeMap<String, String>,
    /// The word of its kind, where that is known.
    pub kind: Option<&'a str>,
}

/// Which models a rule is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Selection {
    Name(String),
    /// A tag that is there, with this value or with any.
    Tag(String, Option<String>),
    Glob(glob::Pattern),
}

/// What models that a file names must show.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub selection: Selection,
    criteria: Vec<Criterion>,
    /// The evidence that is not asked for, and where that is said.
    off: Vec<(String, String)>,
    /// `FILE:LINE`.
    pub place: String,
}

/// The criteria of every model.
///
/// ```
/// use hivectl::lifecycle::{Criterion, Operator, Policy, Subject};
/// let usual = Policy::new([("load".to_owned(), vec![Criterion::required("mae", Operator::Below, 5.0)])]);
/// let strict = usual.with_file("policy.yaml", "load:\n  mae: \"< 2\"\nglobs:\n  \"team-*\":\n    auc: \"> 0.9\"\n")?;
/// let tags = Default::default();
/// let of = |name, kind| strict.criteria_for(&Subject { name, tags: &tags, kind });
/// assert_eq!(of("any", Some("load"))?[0].rule, "policy.yaml:2");
/// assert_eq!(of("team-x", Some("load"))?[0].metric, "auc");
/// assert!(of("any", None)?.is_empty());
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    by_kind: BTreeMap<String, (Vec<Criterion>, Vec<String>)>,
    rules: Vec<Rule>,
}

/// The groups of a file that name models.
const GROUPS: [&str; 3] = ["models", "tags", "globs"];

impl Policy {
    /// The criteria that hold unless a file says otherwise, by the kind's word.
    pub fn new(usual: impl IntoIterator<Item = (String, Vec<Criterion>)>) -> Policy {
        Policy { by_kind: usual.into_iter().map(|(kind, criteria)| (kind, (criteria, Vec::new()))).collect(), rules: Vec::new() }
    }

    /// The criteria of one kind, with the evidence that they need; none for a kind that the policy does not know, so that
    /// nothing passes.
    pub fn criteria(&self, kind: &str) -> Vec<Criterion> {
        self.by_kind.get(kind).map(|(criteria, off)| criterion::with_evidence(criteria.clone(), off)).unwrap_or_default()
    }

    /// The criteria of one model, with the evidence that they need; none where nothing is said of it, so that it does not
    /// pass.
    ///
    /// Errors: [`ErrorKind::BadConfiguration`] when two rules of one rank contradict each other about it, with both lines.
    pub fn criteria_for(&self, subject: &Subject<'_>) -> Result<Vec<Criterion>> {
        let rank = |rule: &&Rule| rule.selection.rank();
        let matching: Vec<&Rule> = self.rules.iter().filter(|rule| rule.selection.names(subject)).collect();
        let Some(first) = matching.iter().map(rank).max() else {
            return Ok(subject.kind.map(|kind| self.criteria(kind)).unwrap_or_default());
        };
        let deciding: Vec<&Rule> = matching.into_iter().filter(|rule| rank(rule) == first).collect();
        for (place, rule) in deciding.iter().enumerate() {
            for other in &deciding[place + 1..] {
                if let Some(error) = rule.contradiction(other, subject.name) {
                    return Err(error);
                }
            }
        }
        let mut criteria: Vec<Criterion> = Vec::new();
        for criterion in deciding.iter().flat_map(|rule| &rule.criteria) {
            // Two rules that say the same say it once.
            if !criteria.iter().any(|known| known.metric == criterion.metric && known.demand == criterion.demand) {
                criteria.push(criterion.clone());
            }
        }
        let off: Vec<String> = deciding.iter().flat_map(|rule| &rule.off).map(|(name, _)| name.clone()).collect();
        Ok(criterion::with_evidence(criteria, &off))
    }

    /// Whether a rule looks at tags.
    pub fn looks_at_tags(&self) -> bool {
        self.rules.iter().any(|rule| matches!(rule.selection, Selection::Tag(..)))
    }

    /// Whether a rule names models.
    pub fn names_models(&self) -> bool {
        !self.rules.is_empty()
    }

    /// The rules that name none of these models.
    pub fn idle<'a>(&'a self, models: &[Subject<'_>]) -> Vec<&'a Rule> {
        self.rules.iter().filter(|rule| !models.iter().any(|model| rule.selection.names(model))).collect()
    }

    /// Replaces the threshold of one criterion of a kind, as the environment variables of the guides do; `rule` is where
    /// that stands.
    pub fn set_threshold(&mut self, kind: &str, metric: &str, threshold: f64, rule: &str) {
        let criteria = self.by_kind.get_mut(kind).map_or(&mut [][..], |(criteria, _)| criteria.as_mut_slice());
        for criterion in criteria.iter_mut().filter(|criterion| criterion.metric == metric) {
            if let Demand::Threshold(operator, _) = criterion.demand {
                criterion.demand = Demand::Threshold(operator, threshold);
                criterion.rule = rule.to_owned();
            }
        }
    }

    /// The same with what a policy file says; kinds that it does not name keep their criteria.
    ///
    /// Errors: [`ErrorKind::BadConfiguration`] with the line.
    pub fn with_file(mut self, name: &str, text: &str) -> Result<Policy> {
        let root = yaml::parse(text).map_err(|error| {
            let refused = Error::new(ErrorKind::BadConfiguration, format!("{name}:{}: this is not a policy", error.line));
            match error.first {
                Some(first) => refused.because(error.message).because(format!("it stands at {name}:{first} and at {name}:{}", error.line)),
                None => refused.because(error.message),
            }
        })?;
        let file = PolicyFile { name, text };
        for (word, node) in &root {
            if GROUPS.contains(&word.as_str()) {
                for (named, node) in file.group(&[word], node)? {
                    let path = [word.as_str(), named];
                    let selection = selection(word, named).map_err(|why| file.refused(&path, why))?;
                    let (criteria, off) = file.criteria(&path, node)?;
                    self.rules.push(Rule { selection, criteria, off, place: file.place(&path) });
                }
            } else if self.by_kind.contains_key(word) {
                let (criteria, off) = file.criteria(&[word], node)?;
                self.by_kind.insert(word.clone(), (criteria, off.into_iter().map(|(name, _)| name).collect()));
            } else {
                let kinds: Vec<&str> = self.by_kind.keys().map(String::as_str).collect();
                let refused = file.refused(&[word], format!("there is no kind of model '{word}'"));
                return Err(
                    refused.hint(format!("the kinds are {}; one model is named below `models:`, several below `globs:`", kinds.join(", ")))
                );
            }
        }
        Ok(self)
    }
}

impl Rule {
    /// Why two rules of one rank cannot both hold of a model.
    fn contradiction(&self, other: &Rule, model: &str) -> Option<Error> {
        let metrics: BTreeSet<&str> = self.names_told().filter(|metric| other.names_told().any(|told| told == *metric)).collect();
        let (metric, mine, theirs) = metrics.into_iter().find_map(|metric| {
            let (mine, theirs) = (self.told(metric), other.told(metric));
            (mine.0 != theirs.0).then_some((metric, mine, theirs))
        })?;
        let said =
            Error::new(ErrorKind::BadConfiguration, format!("{} and {} contradict each other about {metric} of {model}", mine.1, theirs.1));
        Some(
            said.because(format!("{} says `{}`", mine.1, mine.0))
                .because(format!("{} says `{}`", theirs.1, theirs.0))
                .hint("leave one of them out, or name the model below `models:`, which comes first"),
        )
    }

    fn names_told(&self) -> impl Iterator<Item = &str> {
        self.criteria.iter().map(|one| one.metric.as_str()).chain(self.off.iter().map(|(name, _)| name.as_str()))
    }

    /// What is said of a metric, and where.
    fn told(&self, metric: &str) -> (String, &str) {
        let need = |one: &Criterion| if one.required { "" } else { " desired" };
        let criteria: Vec<&Criterion> = self.criteria.iter().filter(|one| one.metric == metric).collect();
        let words: Vec<String> = criteria.iter().map(|one| format!("{}{}", one.demand, need(one))).collect();
        match (criteria.first(), self.off.iter().find(|(name, _)| name == metric)) {
            (Some(first), _) => (words.join(" and "), &first.rule),
            (None, Some((_, place))) => ("off".to_owned(), place),
            (None, None) => (String::new(), &self.place),
        }
    }
}

impl Selection {
    fn names(&self, subject: &Subject<'_>) -> bool {
        match self {
            Selection::Name(name) => name == subject.name,
            Selection::Tag(key, value) => subject.tags.get(key).is_some_and(|found| value.as_ref().is_none_or(|value| value == found)),
            Selection::Glob(glob) => glob.matches(subject.name),
        }
    }

    /// The higher decides; of globs the longer.
    fn rank(&self) -> (u8, usize) {
        match self {
            Selection::Name(_) => (2, 0),
            Selection::Tag(..) => (1, 0),
            Selection::Glob(glob) => (0, glob.as_str().chars().count()),
        }
    }

    /// `model NAME`, `tag KEY=VALUE` or `glob GLOB`.
    pub fn words(&self) -> String {
        match self {
            Selection::Name(name) => format!("model {name}"),
            Selection::Tag(key, None) => format!("tag {key}"),
            Selection::Tag(key, Some(value)) => format!("tag {key}={value}"),
            Selection::Glob(glob) => format!("glob {glob}"),
        }
    }
}

fn selection(group: &str, word: &str) -> std::result::Result<Selection, String> {
    match group {
        _ if word.trim().is_empty() => Err("nothing is named".into()),
        "models" => super::check_name(word).map(|()| Selection::Name(word.to_owned())),
        "tags" => Ok(match word.split_once('=') {
            Some((key, value)) => Selection::Tag(key.trim().to_owned(), Some(value.trim().to_owned())),
            None => Selection::Tag(word.trim().to_owned(), None),
        }),
        _ => glob::Pattern::new(word).map(Selection::Glob).map_err(|error| format!("'{word}' is no glob: {error}")),
    }
}

/// A file of a policy while it is read.
struct PolicyFile<'t> {
    name: &'t str,
    text: &'t str,
}

/// What a file says of one group: the criteria, and the evidence that is off with its places.
type Told = (Vec<Criterion>, Vec<(String, String)>);

impl PolicyFile<'_> {
    fn place(&self, path: &[&str]) -> String {
        format!("{}:{}", self.name, yaml::line_of(self.text, path))
    }

    fn refused(&self, path: &[&str], what: impl std::fmt::Display) -> Error {
        Error::new(ErrorKind::BadConfiguration, format!("{}: {what}", self.place(path)))
            .hint("a policy reads `duration:` and below it, indented, `mae_pct: \"< 12\"` or `r2: \"> 0.6 desired\"`")
            .hint(("the whole form: `", crate::base::commands::explain("policy"), "`"))
    }

    fn group<'n>(&self, path: &[&str], node: &'n YamlNode) -> Result<Vec<(&'n str, &'n YamlNode)>> {
        match node {
            YamlNode::Branch(entries) => Ok(entries.iter().map(|(word, node)| (word.as_str(), node)).collect()),
            YamlNode::Leaf(_) => Err(self.refused(path, format!("'{}' holds no criteria", path[path.len() - 1]))),
        }
    }

    /// Errors: [`ErrorKind::BadConfiguration`] with the line, also where nothing is required, so that nothing could pass.
    fn criteria(&self, path: &[&str], node: &YamlNode) -> Result<Told> {
        let (mut criteria, mut off) = (Vec::new(), Vec::new());
        for (metric, node) in self.group(path, node)? {
            let path = [path, &[metric]].concat();
            let YamlNode::Leaf(YamlScalar(words)) = node else { return Err(self.refused(&path, format!("'{metric}' is a group"))) };
            let place = self.place(&path);
            match criterion::said(metric, words, &place) {
                Ok(Said::Criteria(said)) => criteria.extend(said),
                Ok(Said::Off) => off.push((metric.to_owned(), place)),
                Err(error) => {
                    let refused = self.refused(&path, &error);
                    return Err(error.hints().iter().fold(refused, |refused, hint| refused.hint(hint.clone())));
                }
            }
        }
        match criteria.iter().any(|criterion| criterion.required && !criterion.is_of_evidence()) {
            true => Ok((criteria, off)),
            false => Err(self.refused(path, format!("'{}' has no required criterion, so nothing could pass it", path[path.len() - 1]))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::Operator;

    const FILE: &str = "\
load: {mae: \"< 2\", r2: \"> 0.7 desired\"}
models:
  exact:
    auc: \"> 0.9\"
tags:
  team=search:
    ndcg: \">= 0.4\"
  lang:
    loss: \"< 1\"
    positives: off
globs:
  \"team-*\":
    rmse: \"< 3\"
  \"*-long-x\":
    rmse: \"< 4\"
    judged_tickets: off
";

    fn policy(text: &str) -> Result<Policy> {
        Policy::new([("load".to_owned(), vec![Criterion::required("mae", Operator::Below, 5.0)])]).with_file("p.yaml", text)
    }

    fn told(policy: &Policy, name: &str, tags: &[(&str, &str)], kind: Option<&str>) -> Result<Vec<String>> {
        let tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let criteria = policy.criteria_for(&Subject { name, tags: &tags, kind })?;
        Ok(criteria.into_iter().map(|one| format!("{} {} {}", one.metric, one.demand, one.rule)).collect())
    }

    #[test]
    fn name_comes_before_tag_before_longer_glob_before_kind() {
        let policy = policy(FILE).expect("good");
        let first = |name, tags: &[(&str, &str)]| told(&policy, name, tags, Some("load")).expect("no contradiction")[0].clone();
        assert_eq!(first("exact", &[("team", "search")]), "auc > 0.9 p.yaml:4");
        assert_eq!(first("team-long-x", &[("team", "search")]), "ndcg >= 0.4 p.yaml:7");
        assert_eq!(first("team-x", &[("lang", "")]), "loss < 1 p.yaml:9", "any value of a tag");
        assert_eq!(first("team-long-x", &[("team", "other")]), "rmse < 4 p.yaml:15", "the longer glob");
        assert_eq!(first("team-x", &[]), "rmse < 3 p.yaml:13");
        assert_eq!(
            told(&policy, "exac", &[], Some("load")).expect("good"),
            ["mae < 2 p.yaml:1", "r2 > 0.7 p.yaml:1", "judged_tickets >= 30 default"]
        );
        assert_eq!(told(&policy, "long-x", &[], None).expect("good"), [""; 0], "of no rule and no kind");
        assert_eq!(told(&policy, "a-long-x", &[], None).expect("good").len(), 1, "no tickets are asked for");
    }

    #[test]
    fn rules_of_one_rank_hold_together_or_both_lines_are_named() {
        let both = policy(FILE).expect("good");
        let told_both = told(&both, "m", &[("lang", "x"), ("team", "search")], None).expect("they speak of other metrics");
        assert_eq!(told_both, ["ndcg >= 0.4 p.yaml:7", "loss < 1 p.yaml:9", "judged_tickets >= 30 default"]);
        let globs = |second: &str| {
            let text = format!("globs:\n  \"a-*\":\n    auc: \"> 0.9\"\n  \"*-b\":\n    auc: \"{second}\"\n    loss: \"< 1\"\n");
            policy(&text).expect("good")
        };
        assert_eq!(told(&globs("> 0.9"), "a-b", &[], None).expect("the same twice").len(), 3);
        for second in ["> 0.8", "> 0.9 desired", ">= 0.9"] {
            let error = told(&globs(second), "a-b", &[], None).expect_err(second);
            assert!(
                error.kind() == ErrorKind::BadConfiguration && error.to_string().starts_with("p.yaml:3 and p.yaml:5 contradict"),
                "{error}"
            );
            assert!(told(&globs(second), "a-c", &[], None).is_ok(), "only where both hold");
        }
        let twice = policy("models:\n  m:\n    auc: \"> 1\"\n  m:\n    auc: \"> 2\"\n").expect_err("twice");
        assert!(twice.causes().iter().any(|cause| cause.contains("p.yaml:2 and at p.yaml:4")), "{twice:?}");
    }

    #[test]
    fn a_file_that_says_nothing_is_refused_with_its_line() {
        for (text, told) in [
            ("models:\n  m:\n    auc: 0.9\n", "p.yaml:3: '0.9' is no criterion"),
            ("models:\n  m: 3\n", "p.yaml:2: 'm' holds no criteria"),
            ("globs:\n  \"[\":\n    a: \"< 1\"\n", "p.yaml:2: '[' is no glob"),
            ("models:\n  a/b:\n    a: \"< 1\"\n", "p.yaml:2: "),
            ("globs:\n  \"*\":\n    judged_tickets: \">= 3\"\n", "p.yaml:2: '*' has no required criterion"),
            ("loads:\n  mae: \"< 1\"\n", "p.yaml:1: there is no kind of model 'loads'"),
        ] {
            let error = policy(text).expect_err(text);
            assert!(error.kind() == ErrorKind::BadConfiguration && error.to_string().starts_with(told), "{error}");
        }
    }

    #[test]
    fn rules_that_name_no_model_are_found() {
        let policy = policy(FILE).expect("good");
        let tags = BTreeMap::from([("team".to_owned(), "search".to_owned())]);
        let idle: Vec<String> =
            policy.idle(&[Subject { name: "team-x", tags: &tags, kind: None }]).iter().map(|rule| rule.selection.words()).collect();
        assert_eq!(idle, ["model exact", "tag lang", "glob *-long-x"]);
    }
}
