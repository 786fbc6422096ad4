//! What follows from a comparison.

use super::Side;
use crate::api::compare::{Advice, Recommendation, TicketComparison};
use crate::base::commands;
use crate::error::Result;
use crate::kinds::{DataNeed, DecidingMetric};
use crate::lifecycle::{CriterionResult, Gate, Stage};
use crate::ops::gates::Judge;
use crate::statistics::Difference;

/// A rarer result than this is no chance.
const SIGNIFICANCE: f64 = 0.05;

/// Judges the second version against the first: a clear difference on tickets that neither knew decides,
/// unless the gate forbids it or a part of the work would suffer. Recorded metrics alone never promote: they
/// come from other tickets.
pub(super) fn recommend([first, second]: [&Side; 2], trial: Option<&TicketComparison>, judge: &Judge<'_>) -> Result<Recommendation> {
    let say = |advice, reason: String| Ok(Recommendation { advice, reason });
    if first.label() == second.label() {
        return say(Advice::Keep, format!("both are {}", first.label()));
    }
    if same_trees(first, second) {
        return say(Advice::Keep, format!("{} and {} hold the same trees", first.label(), second.label()));
    }
    let Some(trial) = trial else { return without_tickets(first, second, judge) };
    let (Some(measured), Some(difference)) = (trial.measured(), &trial.difference) else {
        let obstacle = trial.obstacle.clone().unwrap_or_else(|| "nothing could be compared".into());
        return say(Advice::Undecided, obstacle);
    };
    if measured[1].gate.lacks_evidence_alone() {
        return say(Advice::Undecided, format!("too little judges {}: {}", second.label(), shortfall(&measured[1].gate)));
    }
    if !measured[1].gate.passed {
        return say(Advice::Keep, format!("{} fails its gate on these tickets: {}", second.label(), shortfall(&measured[1].gate)));
    }
    let evidence = trial.evidence().unwrap_or_default();
    let winner = if difference.is_negative() { first } else { second };
    if let Some(doubtful) = trial.doubtful.iter().find(|doubtful| doubtful.model == winner.label() && is_clear(difference)) {
        let doubt = format!("{} does better, but may have learned from {} of these tickets", winner.label(), doubtful.count);
        return say(Advice::Undecided, format!("{doubt}: {evidence}"));
    }
    if difference.is_negative() {
        return say(Advice::Keep, format!("{} is worse: {evidence}", second.label()));
    }
    if !difference.is_positive() {
        return say(Advice::Undecided, format!("{} is not clearly better or worse: {evidence}", second.label()));
    }
    if let Some(group) = trial.worse_groups().next() {
        let worse = format!("worse for {} {} ({} tickets)", group.by.replace('_', " "), group.value, group.count);
        return say(Advice::Undecided, format!("{} is better over all but {worse}: {evidence}", second.label()));
    }
    if let Some(test) = trial.mcnemar.filter(|test| test.p_value < SIGNIFICANCE && test.only_first_right > test.only_second_right) {
        let (more, fewer) = (test.only_first_right, test.only_second_right);
        let errs = format!("decides wrongly more often: {more} tickets only the first gets right, {fewer} only the second");
        return say(Advice::Undecided, format!("{} finds more but {errs}; {evidence}", second.label()));
    }
    say(Advice::Promote, format!("{} is better: {evidence}", second.label()))
}

impl TicketComparison {
    /// The difference over all tickets in one line.
    pub fn evidence(&self) -> Option<String> {
        let metric = DecidingMetric::named(&self.metric)?;
        self.difference.as_ref().map(|difference| metric.change(difference, self.judged_count))
    }
}

fn is_clear(difference: &Difference) -> bool {
    difference.is_positive() || difference.is_negative()
}

fn without_tickets(first: &Side, second: &Side, judge: &Judge<'_>) -> Result<Recommendation> {
    let say = |advice, reason: String| Ok(Recommendation { advice, reason });
    let (Some(kind), Some(other)) = (&second.kind, &first.kind) else {
        return say(Advice::Undecided, "what they answer is not known".into());
    };
    if kind != other {
        let reason = format!("{} answers for {}, {} for {}", first.label(), other.word(), second.label(), kind.word());
        return say(Advice::Undecided, reason);
    }
    let version = &second.resolved.version;
    if version.metrics_are_claimed() {
        let reason = format!("the metrics of {} are claimed, nobody measured them; --tickets FILE does", second.label());
        return say(Advice::Undecided, reason);
    }
    match judge.verdict(version, Stage::Staging, Some(&first.resolved.version), None)? {
        Ok(gate) if !gate.passed => {
            say(Advice::Keep, format!("{} fails its gate by its recorded metrics: {}", second.label(), shortfall(&gate)))
        }
        Err(why) => say(Advice::Undecided, format!("{} cannot be judged: {why}", second.label())),
        Ok(_) if matches!(kind.needs(), DataNeed::Series(_)) => {
            let train = commands::train_dry_run(kind.word());
            say(
                Advice::Undecided,
                format!("recorded metrics may come from different tickets; `{train}` judges a new one and what serves at the same moments"),
            )
        }
        Ok(_) => say(Advice::Undecided, "recorded metrics may come from different tickets; --tickets FILE runs both on the same".into()),
    }
}

/// The required criteria that are not met.
fn shortfall(gate: &Gate) -> String {
    let told: Vec<String> = gate.failures().map(CriterionResult::sentence).collect();
    if told.is_empty() { "it has no required criterion".into() } else { told.join("; ") }
}

/// Whether the files with the trees are the same bytes.
fn same_trees(first: &Side, second: &Side) -> bool {
    let digest = |side: &Side| {
        let trees = |path: &str| crate::kinds::TreesForm::ALL.iter().any(|form| form.path() == path);
        let artifact = side.resolved.version.artifacts.iter().find(|artifact| trees(&artifact.path))?;
        Some(artifact.sha256.clone())
    };
    digest(first).is_some_and(|first| digest(second) == Some(first))
}
