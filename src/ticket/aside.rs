//! What of a ticket only some jobs need and cannot be used, and what is to be told of it.

use compact_str::CompactString;

use super::field::{FieldGroup, TicketField};
use super::{Problem, Ticket, Unusable};

/// Longest text that is kept of a value that cannot be used, in characters.
const LONGEST_SAMPLE: usize = 40;

/// Values that were present but say nothing where only some jobs ask, the first of each part.
///
/// A bad prediction refuses nothing of a training, and a bad duration nothing of a prediction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Aside {
    /// The status.
    pub status: Option<Unusable>,
    /// The measured duration.
    pub measured: Option<Unusable>,
    /// Start and completion.
    pub times: Option<Unusable>,
    /// What was once predicted.
    pub prediction: Option<Unusable>,
    /// Times that are milliseconds or seconds as text.
    pub epoch_texts: EpochTexts,
    /// The parameters came from a column whose type has members that this row does not have, so whether they were null or
    /// absent cannot be known; they count as absent.
    pub parameters_without_nulls: bool,
    /// The texts that could not be used, by the name of their field.
    texts: Vec<(&'static str, CompactString)>,
}

/// Which times of a ticket were numbers written as texts, and of which unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EpochTexts {
    pub created_at: Option<EpochUnit>,
    pub started_at: Option<EpochUnit>,
    pub completed_at: Option<EpochUnit>,
}

/// What a number that means a time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EpochUnit {
    Milliseconds,
    Seconds,
}

/// Which jobs a field matters to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    Status,
    Measured,
    Times,
    Prediction,
    /// Nobody: it is told where it says something.
    Nobody,
}

/// What cannot be used: a field, or an object that holds some.
#[derive(Clone, Copy)]
pub(super) enum Place {
    Field(TicketField),
    Group(FieldGroup),
}

impl Place {
    fn name(self) -> &'static str {
        match self {
            Place::Field(field) => field.name(),
            Place::Group(group) => group.name(),
        }
    }

    fn part(self) -> Part {
        match self {
            Place::Field(TicketField::Status) => Part::Status,
            Place::Field(TicketField::ActualDuration) => Part::Measured,
            Place::Field(TicketField::StartedAt | TicketField::CompletedAt) => Part::Times,
            Place::Field(
                TicketField::PredictedDuration
                | TicketField::DurationConfidence
                | TicketField::Confidence
                | TicketField::ModelName
                | TicketField::ModelVersion
                | TicketField::PredictedAt
                | TicketField::IsAnomaly
                | TicketField::AnomalyScore,
            )
            | Place::Group(FieldGroup::Predictions | FieldGroup::Anomaly) => Part::Prediction,
            Place::Field(TicketField::Synthetic) | Place::Group(FieldGroup::Metadata) => Part::Nobody,
            _ => Part::All,
        }
    }
}

impl TicketField {
    /// Whether every ticket of a file is useless where this field has no value that can be used.
    pub(crate) fn is_needed_by_all(self) -> bool {
        matches!(Place::Field(self).part(), Part::All)
    }
}

impl Ticket {
    /// Remembers the first value of its part that could not be used, and its text where it is one.
    pub(super) fn mark_unusable(&mut self, place: Place, problem: Problem, text: Option<&str>) {
        let slot = match place.part() {
            Part::All => &mut self.unusable,
            Part::Status => &mut self.aside.status,
            Part::Measured => &mut self.aside.measured,
            Part::Times => &mut self.aside.times,
            Part::Prediction => &mut self.aside.prediction,
            Part::Nobody => return,
        };
        if slot.is_none() {
            *slot = Some(Unusable { field: place.name(), problem });
            if let Some(text) = text {
                self.aside.texts.push((place.name(), text.trim().chars().take(LONGEST_SAMPLE).collect()));
            }
        }
    }

    /// The text that stands in a field of this name and could not be used, its first 40 characters.
    pub fn unusable_text(&self, field: &str) -> Option<&str> {
        self.aside.texts.iter().find(|(name, _)| *name == field).map(|(_, text)| text.as_str())
    }
}
