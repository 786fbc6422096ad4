//! Tickets that get a prediction: gathered, and predicted as of their creation.

use super::request::BackfillSettings;
use crate::error::Result;
use crate::features::{TicketTable, Timeline};
use crate::kinds::chunks::{AsOfCreation, Chunks};
use crate::lifecycle::ModelVersion;
use crate::source::{NewPrediction, TicketRevision};
use crate::ticket::{StoredPrediction, Ticket, TicketOutcome, Window};

/// Confidence of a prediction at the mean of its like, and of one that nothing is known about.
const HIGHEST_CONFIDENCE: f64 = 0.7;
const LOWEST_CONFIDENCE: f64 = 0.1;
const UNKNOWN_SPREAD_FACTOR: f64 = 0.8;
const UNKNOWN_CONFIDENCE: f64 = 0.5;

/// One ticket that gets a prediction.
pub(super) struct PendingPrediction {
    pub ticket_id: String,
    /// `None` where tickets cannot be written to.
    pub revision: Option<TicketRevision>,
    pub prediction: NewPrediction,
    pub actual_ms: f64,
    /// Whose prediction it writes over.
    pub replaces: Option<String>,
}

/// What a labelled ticket is to a backfill.
pub(super) enum Eligibility {
    /// It has this version's prediction, in ms.
    Present(f64),
    /// Its `predictions` can hold none.
    NotWritable,
    /// It has somebody else's, which stays.
    OfOthers,
    /// It gets one, if it is of the window and its outcome counts; in the place of that of whom is named.
    Candidate(Option<String>),
}

impl Eligibility {
    /// With `replace` also those of others are candidates.
    pub(super) fn of(ticket: &Ticket, revision: Option<&TicketRevision>, version: &ModelVersion, replace: bool) -> Eligibility {
        let number = version.version.to_string();
        let ours = |name: &str, stored: &str| name == version.name && stored == number;
        let stored = ticket.prediction.as_ref().and_then(|stored| Some((stored, stored.duration_ms?)));
        match (stored, revision) {
            (Some((stored, predicted_ms)), _) if ours(&stored.model_name, &stored.model_version) => Eligibility::Present(predicted_ms),
            (_, Some(revision)) if !revision.is_writable() => Eligibility::NotWritable,
            (Some(_), _) if !replace => Eligibility::OfOthers,
            (stored, _) => Eligibility::Candidate(stored.map(|(stored, _)| maker(stored))),
        }
    }
}

/// Who made a prediction: `NAME@VERSION`, as far as it says.
fn maker(stored: &StoredPrediction) -> String {
    match (stored.model_name.as_str(), stored.model_version.as_str()) {
        ("", "") => "nobody named".to_owned(),
        ("", version) => format!("version {version} of a model that is not named"),
        (name, "") => name.to_owned(),
        (name, version) => format!("{name}@{version}"),
    }
}

/// Whether a labelled ticket counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DueState {
    Due,
    OutsideWindow,
    NotYetKnown,
}

impl DueState {
    /// Times in milliseconds since the epoch.
    pub(super) fn of(created_at: i64, known_at: i64, window: &Window, as_of: Option<i64>) -> DueState {
        match () {
            () if !window.contains(created_at) => DueState::OutsideWindow,
            () if as_of.is_some_and(|as_of| known_at > as_of) => DueState::NotYetKnown,
            () => DueState::Due,
        }
    }
}

/// A ticket while its prediction is not made yet.
struct Candidate {
    source_row: u32,
    ticket_id: String,
    revision: Option<TicketRevision>,
    replaces: Option<String>,
}

/// Labelled tickets, and those of them that may get a prediction.
#[derive(Default)]
pub(super) struct Gathered {
    table: TicketTable,
    candidates: Vec<Candidate>,
}

impl Gathered {
    /// Goes on from the table of an earlier stretch.
    pub(super) fn following(table: TicketTable) -> Gathered {
        Gathered { table, candidates: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    /// Takes a labelled ticket in; without `candidate`, its revision and whose prediction it has, it only teaches the
    /// others.
    pub(super) fn push(&mut self, ticket: &Ticket, outcome: &TicketOutcome, candidate: Option<(Option<TicketRevision>, Option<String>)>) {
        let source_row = self.table.len() as u32;
        self.table.push(ticket, Some(outcome));
        if let Some((revision, replaces)) = candidate {
            self.candidates.push(Candidate { source_row, ticket_id: ticket.ticket_id.to_string(), revision, replaces });
        }
    }

    /// Predicts the candidates of `window`, in the order of creation; also what became of the others.
    pub(super) fn predict(self, chunks: &Chunks<'_>, window: &Window, request: &BackfillSettings) -> Result<Predicted> {
        let timeline = self.table.into_timeline();
        let mut by_source: Vec<Option<Candidate>> = (0..timeline.tickets().len()).map(|_| None).collect();
        for candidate in self.candidates {
            let place = candidate.source_row as usize;
            by_source[place] = Some(candidate);
        }
        let (mut rows, mut chosen) = (Vec::new(), Vec::new());
        let (mut outside_window, mut not_yet_known) = (0, 0);
        for (row, ticket) in timeline.tickets().iter().enumerate() {
            let Some(candidate) = by_source[ticket.source_row as usize].take() else { continue };
            match DueState::of(ticket.created_at, ticket.known_at, window, request.as_of) {
                DueState::OutsideWindow => outside_window += 1,
                DueState::NotYetKnown => not_yet_known += 1,
                DueState::Due => {
                    rows.push(row as u32);
                    chosen.push(candidate);
                }
            }
        }
        let answers = chunks.answers(&timeline, &rows, request.threads)?;
        let actual = timeline.durations_ms(&rows);
        let items = chosen.into_iter().zip(answers).zip(actual).map(|((candidate, answer), actual_ms)| item(candidate, &answer, actual_ms));
        Ok(Predicted { items: items.collect(), timeline, outside_window, not_yet_known })
    }
}

/// Predictions, and the tickets they were made among.
pub(super) struct Predicted {
    pub items: Vec<PendingPrediction>,
    pub timeline: Timeline,
    pub outside_window: u64,
    pub not_yet_known: u64,
}

fn item(candidate: Candidate, answer: &AsOfCreation, actual_ms: f64) -> PendingPrediction {
    let error_ms = actual_ms - answer.duration_ms;
    let prediction = NewPrediction {
        duration_ms: answer.duration_ms,
        confidence: confidence(answer),
        error_ms,
        error_pct: 100.0 * error_ms.abs() / actual_ms,
    };
    let Candidate { ticket_id, revision, replaces, .. } = candidate;
    PendingPrediction { ticket_id, revision, prediction, actual_ms, replaces }
}

/// The running system's confidence: `0.7 · (1 - |predicted - mean| / (3 · spread))`, from 0.1 up, with 0.8 for the
/// bracket where durations do not spread.
fn confidence(answer: &AsOfCreation) -> f64 {
    let (Some(average), Some(spread)) = (answer.average_ms, answer.spread_ms) else { return UNKNOWN_CONFIDENCE };
    if !(average.is_finite() && spread.is_finite()) {
        return UNKNOWN_CONFIDENCE;
    }
    let closeness = match spread > 0.0 {
        true => (1.0 - (answer.duration_ms - average).abs() / (3.0 * spread)).max(0.0),
        false => UNKNOWN_SPREAD_FACTOR,
    };
    (HIGHEST_CONFIDENCE * closeness).clamp(LOWEST_CONFIDENCE, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidence_falls_with_the_distance_from_what_was_known() {
        let of = |duration_ms: f64, spread_ms: f64| {
            confidence(&AsOfCreation { duration_ms, average_ms: Some(100.0), spread_ms: Some(spread_ms) })
        };
        assert_eq!((of(100.0, 10.0), of(115.0, 10.0), of(1_000.0, 10.0)), (0.7, 0.35, 0.1));
        assert!((of(500.0, 0.0) - 0.56).abs() < 1e-12);
        assert_eq!(confidence(&AsOfCreation { duration_ms: 1.0, average_ms: None, spread_ms: None }), 0.5);
    }
}
