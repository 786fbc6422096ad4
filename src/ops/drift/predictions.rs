//! What a version predicted for tickets that have ended: as it was stored then, else as it would have been said at the
//! creation of each. An estimate is never a prediction.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::window::Tickets;
use crate::drift::Observations;
use crate::error::Result;
use crate::kinds::{AnswerForm, LoadedModel};
use crate::lifecycle::{ModelVersion, ServingBy, ServingRule, Stage};
use crate::ops::evaluation::EvaluationSet;
use crate::ticket::{StoredPrediction, Ticket};

/// The confidence that the running system gives to its rule of thumb and to a passed-on estimate; its models never
/// say exactly this.
const RULE_OF_THUMB: f64 = 0.3;

/// Absolute errors of a version, in ms.
pub struct Errors {
    /// The tickets that have one.
    pub tickets: Observations,
    pub absolute_ms: Vec<f64>,
    /// Where the predictions come from, of the tickets that have one.
    pub sources: Sources,
    /// Tickets without one, by reason.
    pub left_out: BTreeMap<&'static str, usize>,
}

/// How many predictions were found, and how many made anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// Written by backfill or by the running system.
    pub stored: usize,
    /// Made now, from what was known at the creation of each ticket.
    pub recomputed: usize,
    /// Stored ones that are no predictions of the version: of another, of nobody, or an estimate passed on.
    pub of_others: usize,
}

impl Sources {
    /// The word for scripts: `stored`, `recomputed`, `both` or `none`.
    pub fn as_str(self) -> &'static str {
        match (self.stored, self.recomputed) {
            (0, 0) => "none",
            (_, 0) => "stored",
            (0, _) => "recomputed",
            _ => "both",
        }
    }
}

/// Whose stored predictions count.
#[derive(Clone, Debug)]
pub struct Whose {
    name: String,
    version: String,
    /// From when on what the running system stores without a name is the version's, milliseconds since the epoch.
    serving_since: Option<i64>,
}

impl Whose {
    /// Those of this version. The running system stores no name with a prediction: what it stored since the version
    /// went into Production is taken to be the version's.
    pub fn of(version: &ModelVersion, rule: &ServingRule) -> Whose {
        let serves = rule.serving(std::slice::from_ref(version));
        let serving_since = match serves.by() {
            Some(ServingBy::Stage | ServingBy::Both) if version.stage == Stage::Production => Some(version.updated_at),
            Some(_) => version.promoted_at(),
            None => None,
        };
        Whose { name: version.name.clone(), version: version.version.to_string(), serving_since }
    }

    fn counts(&self, stored: &StoredPrediction, ticket: &Ticket) -> bool {
        if !stored.model_name.is_empty() || !stored.model_version.is_empty() {
            return stored.model_name == self.name && stored.model_version == self.version;
        }
        let passed_on = stored.duration_ms == ticket.estimated_duration_ms || stored.duration_confidence == Some(RULE_OF_THUMB);
        let served = self.serving_since.zip(ticket.created_at).is_some_and(|(since, created)| created >= since);
        served && !passed_on
    }
}

/// Predictions found with tickets.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// In ms, by the ticket's number in the order of reading.
    durations_ms: HashMap<u32, f64>,
    /// Tickets with a duration stored that does not count.
    of_others: HashSet<u32>,
    /// Tickets that were completed before they were created.
    pub(super) backwards: usize,
}

impl Stored {
    /// Takes what a ticket holds.
    pub fn see(&mut self, source_row: u32, ticket: &Ticket, whose: &Whose) {
        let backwards = ticket.created_at.zip(ticket.completed_at).is_some_and(|(created, completed)| completed < created);
        self.backwards += usize::from(backwards);
        let Some(stored) = &ticket.prediction else { return };
        match stored.duration_ms.filter(|duration| duration.is_finite() && *duration > 0.0) {
            Some(duration) if whose.counts(stored, ticket) => {
                self.durations_ms.insert(source_row, duration);
            }
            Some(_) => {
                self.of_others.insert(source_row);
            }
            None => {}
        }
    }
}

/// Errors of the predictions for these rows, but for those that the version has learned from; `None` where it
/// predicts no durations.
pub fn errors(model: &LoadedModel, tickets: &mut Tickets, rows: &[u32], threads: usize) -> Result<Option<Errors>> {
    if model.info().kind.answer_form() != AnswerForm::DurationMs {
        return Ok(None);
    }
    let source_row = |evaluation_set: &EvaluationSet, row: u32| evaluation_set.timeline.tickets()[row as usize].source_row;
    let evaluation_set = &tickets.evaluation_set;
    let of_others = rows.iter().filter(|&&row| tickets.stored.of_others.contains(&source_row(evaluation_set, row))).count();
    let stored = |row: u32| tickets.stored.durations_ms.get(&source_row(evaluation_set, row)).copied();
    let found: HashMap<u32, f64> = rows
        .iter()
        .filter(|&&row| !model.has_learned_from(&evaluation_set.timeline, row))
        .filter_map(|&row| Some((row, stored(row)?)))
        .collect();
    tickets.evaluation_set.rows = rows.iter().copied().filter(|row| !found.contains_key(row)).collect();
    let (unseen, left_out) = model.unseen_rows(&tickets.evaluation_set.timeline, &tickets.evaluation_set.rows);
    let scores = model.scores(&tickets.evaluation_set.timeline, &unseen, threads)?;
    let sources = Sources { stored: found.len(), recomputed: unseen.len(), of_others };
    let mut predicted: Vec<(u32, f64)> = found.into_iter().chain(unseen.into_iter().zip(scores.values)).collect();
    predicted.sort_unstable_by_key(|(row, _)| *row);
    let judged: Vec<u32> = predicted.iter().map(|(row, _)| *row).collect();
    let actual = tickets.evaluation_set.timeline.durations_ms(&judged);
    let absolute_ms = actual.iter().zip(&predicted).map(|(actual, (_, predicted))| (actual - predicted).abs()).collect();
    Ok(Some(Errors { tickets: tickets.observe(&judged)?, absolute_ms, sources, left_out }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(model: &str, version: &str, duration_ms: f64) -> Ticket {
        let prediction = StoredPrediction {
            duration_ms: Some(duration_ms),
            model_name: model.into(),
            model_version: version.into(),
            ..StoredPrediction::default()
        };
        Ticket { created_at: Some(1_000), estimated_duration_ms: Some(60.0), prediction: Some(prediction), ..Ticket::default() }
    }

    fn stored(ticket: &Ticket, serving_since: Option<i64>) -> Option<f64> {
        let mut stored = Stored::default();
        stored.see(3, ticket, &Whose { name: "m".into(), version: "2".into(), serving_since });
        assert!(stored.durations_ms.len() + stored.of_others.len() <= 1);
        stored.durations_ms.get(&3).copied()
    }

    #[test]
    fn only_what_the_version_said_is_its_prediction() {
        assert_eq!(stored(&ticket("m", "2", 50.0), None), Some(50.0));
        assert_eq!(stored(&ticket("m", "2", 60.0), None), Some(60.0), "named, so it may equal the estimate");
        assert_eq!(stored(&ticket("m", "1", 50.0), Some(0)), None);
        assert_eq!(stored(&ticket("other", "2", 50.0), Some(0)), None);
        assert_eq!(stored(&ticket("m", "2", f64::NAN), None), None);
        assert_eq!(stored(&Ticket::default(), Some(0)), None);
    }

    #[test]
    fn what_the_running_system_stored_counts_while_the_version_served_and_an_estimate_never() {
        assert_eq!(stored(&ticket("", "", 50.0), Some(1_000)), Some(50.0));
        assert_eq!(stored(&ticket("", "", 50.0), Some(1_001)), None, "another version served then");
        assert_eq!(stored(&ticket("", "", 50.0), None), None);
        assert_eq!(stored(&ticket("", "", 60.0), Some(0)), None, "the estimate, passed on");
        let mut guess = ticket("", "", 50.0);
        guess.prediction.as_mut().unwrap().duration_confidence = Some(0.3);
        assert_eq!(stored(&guess, Some(0)), None);
    }
}
