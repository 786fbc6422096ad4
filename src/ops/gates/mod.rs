//! How a version stands at its gate: its numbers, whoever recorded them, by the criteria of the policy.

mod file_evidence;
mod numbers;

use std::collections::BTreeMap;

pub use file_evidence::FileEvidence;
pub use numbers::with_evidence;

use super::evaluation::recorded_metrics;
use super::{champion, load, mlmodel};
use crate::base::time::MS_PER_DAY;
use crate::error::Result;
use crate::kinds::{Catalogue, Kind, ModelCard};
use crate::lifecycle::{
    AGE_DAYS, ChampionNumbers, Criterion, DIGEST, Demand, FACTS, Gate, KIND_TAG, ModelVersion, Policy, Rule, SIGNATURE, Stage, Subject,
};
use crate::registry::ModelStore;

/// What judges versions: the policy, and where they are.
#[derive(Clone, Copy)]
pub struct Judge<'a> {
    pub registry: &'a dyn ModelStore,
    pub kinds: &'a Catalogue,
    pub policy: &'a Policy,
}

/// A verdict, or why there can be none that the version could pass.
pub type Verdict = std::result::Result<Gate, String>;

impl Judge<'_> {
    /// The verdict on a version by its recorded numbers, or by those of a file of it that was judged; `champion` is the
    /// version that serves.
    ///
    /// Errors: those of reading the version's files, and of rules that contradict each other.
    pub fn verdict(
        &self,
        version: &ModelVersion,
        to: Stage,
        champion: Option<&ModelVersion>,
        evidence: Option<&FileEvidence>,
    ) -> Result<Verdict> {
        let card = load::card(self.registry, version)?;
        if let (None, Some(why)) = (evidence, self.unmeasured(version, card.as_ref(), to)) {
            return Ok(Err(why));
        }
        let kind = self.kind(version, card.as_ref());
        let kind = kind.map(|kind| kind.word()).or(evidence.and_then(FileEvidence::kind));
        let criteria = self.criteria(version, kind)?;
        if criteria.is_empty() {
            return Ok(Err(
                "neither its name nor its tags say what it answers, and no rule of a policy names it, so no gate is known for it".into(),
            ));
        }
        let recorded = match evidence {
            Some(evidence) => evidence.numbers(),
            None => recorded_numbers(version, card.as_ref()),
        };
        let numbers = self.with_facts(recorded, version, &criteria)?;
        let champion = champion.filter(|champion| champion.version != version.version);
        let champion = champion.map(|champion| self.numbers_of_champion(champion, &criteria));
        Ok(Ok(Gate::judge_beside(&criteria, &numbers, champion.as_ref())))
    }

    /// The verdict on a version by what tickets, or rows, have just measured of it.
    ///
    /// Errors: as [`Judge::verdict`].
    pub fn on_tickets(
        &self,
        version: &ModelVersion,
        kind: &Kind,
        (metrics, judged): (&BTreeMap<String, f64>, usize),
        champion: Option<&BTreeMap<String, f64>>,
    ) -> Result<Gate> {
        let criteria = self.criteria(version, Some(kind.word()))?;
        let numbers = self.with_facts(with_evidence(metrics.clone(), Some(judged as u64)), version, &criteria)?;
        let serving = champion::serving(self.registry, &version.name)?.filter(|serving| serving.version != version.version);
        let champion = match (serving, champion) {
            (Some(serving), Some(measured)) => Some(ChampionNumbers { version: serving.version, numbers: measured.clone() }),
            (Some(serving), None) => Some(self.numbers_of_champion(&serving, &criteria)),
            (None, _) => None,
        };
        Ok(Gate::judge_beside(&criteria, &numbers, champion.as_ref()))
    }

    /// What is demanded of a version; nothing where no rule and no kind is known.
    ///
    /// Errors: those of reading tags, and of rules that contradict each other.
    pub fn criteria(&self, version: &ModelVersion, kind: Option<&str>) -> Result<Vec<Criterion>> {
        let tags = self.tags(&version.name, &version.tags)?;
        self.policy.criteria_for(&Subject { name: &version.name, tags: &tags, kind })
    }

    /// The tags of a version with those of its model, where the policy looks at any.
    fn tags(&self, name: &str, of_version: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>> {
        let mut tags = BTreeMap::new();
        if self.policy.looks_at_tags() {
            tags.extend(self.registry.list()?.into_iter().find(|model| model.name == name).map(|model| model.tags).unwrap_or_default());
            tags.extend(of_version.clone());
        }
        Ok(tags)
    }

    /// The criteria of a model that is about to be made.
    ///
    /// Errors: as [`Judge::criteria`].
    pub fn criteria_of_new(&self, name: &str, kind: &Kind) -> Result<Vec<Criterion>> {
        let tags = self.tags(name, &BTreeMap::new())?;
        self.policy.criteria_for(&Subject { name, tags: &tags, kind: Some(kind.word()) })
    }

    /// What a version answers: its card says it, else its maker's tag or the exact name.
    fn kind(&self, version: &ModelVersion, card: Option<&ModelCard>) -> Option<&Kind> {
        let named = || self.kinds.of_version(&version.name, version.tags.get(KIND_TAG).map(String::as_str));
        card.and_then(|card| self.kinds.get(&card.kind)).or_else(named)
    }

    /// Why the recorded numbers of a version count at no gate.
    fn unmeasured(&self, version: &ModelVersion, card: Option<&ModelCard>, to: Stage) -> Option<String> {
        if version.metrics_are_claimed() {
            return Some("its metrics are claimed, and nobody has measured them".into());
        }
        let synthetic = card.is_some_and(|card| card.training.synthetic) && version.measured_on().is_none();
        (synthetic && to == Stage::Production && self.registry.is_shared())
            .then(|| "it learned from synthetic tickets, and nobody has measured it on real ones".into())
    }

    /// The numbers of the version that serves, where a criterion compares with them; what was only claimed is not known. A
    /// champion whose files are damaged stands by what is recorded with the version, so that it can be replaced.
    pub fn numbers_of_champion(&self, champion: &ModelVersion, criteria: &[Criterion]) -> ChampionNumbers {
        let compares = |criterion: &Criterion| !matches!(criterion.demand, Demand::Threshold(..));
        let numbers = match criteria.iter().any(compares) && !champion.metrics_are_claimed() {
            true => recorded_numbers(champion, load::card(self.registry, champion).ok().flatten().as_ref()),
            false => BTreeMap::new(),
        };
        ChampionNumbers { version: champion.version, numbers }
    }

    /// The numbers with what hivectl itself knows of a version; files are read where a criterion asks for it.
    fn with_facts(
        &self,
        mut numbers: BTreeMap<String, f64>,
        version: &ModelVersion,
        criteria: &[Criterion],
    ) -> Result<BTreeMap<String, f64>> {
        let asked = |name: &str| criteria.iter().any(|criterion| criterion.metric == name);
        let now_ms = jiff::Timestamp::now().as_millisecond();
        numbers.insert(AGE_DAYS.to_owned(), (now_ms - version.created_at) as f64 / MS_PER_DAY as f64);
        numbers.insert(DIGEST.to_owned(), f64::from(u8::from(version.package_digest().is_some())));
        if asked(SIGNATURE) {
            let summary = mlmodel::summary_of(self.registry, version)?;
            numbers.insert(SIGNATURE.to_owned(), f64::from(u8::from(summary.is_some_and(|summary| !summary.inputs.is_empty()))));
        } else {
            // A metric of this name is no signature.
            numbers.remove(SIGNATURE);
        }
        Ok(numbers)
    }
}

/// What hivectl knows of a model that it makes now.
pub fn with_facts_of_new(mut numbers: BTreeMap<String, f64>) -> BTreeMap<String, f64> {
    numbers.extend([(AGE_DAYS.to_owned(), 0.0), (DIGEST.to_owned(), 1.0), (SIGNATURE.to_owned(), 1.0)]);
    numbers
}

/// What was recorded of a version: by its card where hivectl made and nobody measured it since, else with the version.
fn recorded_numbers(version: &ModelVersion, card: Option<&ModelCard>) -> BTreeMap<String, f64> {
    match card.filter(|_| version.measured_on().is_none()) {
        Some(card) => with_evidence(card.metrics.clone(), Some(card.training.samples.holdout)),
        None => with_evidence(recorded_metrics(version), version.measured_tickets()),
    }
}

/// The rules of a policy that name no model of a registry, a sentence each.
///
/// Errors: [`ErrorKind::BadConfiguration`](crate::error::ErrorKind::BadConfiguration) for two rules that contradict each
/// other about a version; those of reading the registry.
pub fn idle_rules(registry: &dyn ModelStore, policy: &Policy) -> Result<Vec<String>> {
    let of_models: BTreeMap<String, BTreeMap<String, String>> =
        registry.list()?.into_iter().map(|model| (model.name, model.tags)).collect();
    let mut versions: Vec<(String, BTreeMap<String, String>)> = Vec::new();
    for version in registry.all_versions()? {
        let mut tags = of_models.get(&version.name).cloned().unwrap_or_default();
        tags.extend(version.tags);
        versions.push((version.name, tags));
    }
    let subjects: Vec<Subject<'_>> = versions.iter().map(|(name, tags)| Subject { name, tags, kind: None }).collect();
    subjects.iter().try_for_each(|subject| policy.criteria_for(subject).map(drop))?;
    let told = |rule: &Rule| format!("{}: the rule for {} names no model of {}", rule.place, rule.selection.words(), registry.location());
    Ok(policy.idle(&subjects).into_iter().map(told).collect())
}

/// What each kind must show unless a policy says otherwise: the kind's word, and its criteria in words.
pub fn usual_gates() -> Vec<(&'static str, Vec<String>)> {
    let kinds = Catalogue::all();
    let policy = kinds.policy();
    let told = |one: &Criterion| format!("{} {}{}", one.metric, one.demand, if one.required { "" } else { " desired" });
    kinds.iter().map(|kind| (kind.word(), policy.criteria(kind.word()).iter().map(told).collect())).collect()
}

/// What can be demanded beside metrics, and what each is.
pub fn known_facts() -> impl Iterator<Item = (&'static str, &'static str)> {
    FACTS.into_iter()
}
