//! Puts one value that was found under a field's name into the ticket, or marks the ticket unusable.

use compact_str::{CompactString, ToCompactString};

use super::aside::{EpochUnit, Place};
use super::field::{FieldKind, TicketField};
use super::time::Instant;
use super::time_format::TimeFormat;
use super::{Problem, StoredPrediction, Ticket, TicketStatus};

/// What a text may stand for in a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextMeaning {
    /// Itself, and nothing else: JSON and BSON documents, which have types of their own.
    Word,
    /// Itself, or a list or an object as JSON: columns of typed tables.
    Json,
    /// Also a number: tables of text.
    Cells,
}

/// How the texts of a source are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Texts<'p> {
    pub(super) meaning: TextMeaning,
    pub(super) times: &'p TimeFormat,
}

impl Texts<'_> {
    /// Whether a text may stand for a list, an object or a number.
    pub(super) fn of_table(self) -> bool {
        self.meaning != TextMeaning::Word
    }

    pub(super) fn of_cells(self) -> bool {
        self.meaning == TextMeaning::Cells
    }
}

/// A value as a source holds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum FieldValue<'v> {
    Absent,
    Flag(bool),
    Integer(i64),
    Real(f64),
    Text(&'v str),
    /// A date of the source's own type, milliseconds since the epoch.
    Date(i64),
    /// A list, or an object that means no single value.
    Composite,
}

impl Ticket {
    /// Puts `value` into `field`; an absent value changes nothing.
    pub(super) fn assign(&mut self, field: TicketField, value: FieldValue<'_>, texts: Texts<'_>) {
        if value == FieldValue::Absent {
            return;
        }
        let outcome = match field.kind() {
            FieldKind::Word => word(value).map(|word| self.assign_word(field, word)),
            FieldKind::Number => {
                number(value, field == TicketField::Size || texts.of_cells()).and_then(|number| self.assign_number(field, number))
            }
            FieldKind::Count => number(value, texts.of_cells()).and_then(count).map(|count| self.assign_count(field, count)),
            FieldKind::Time => time(value, texts).map(|(instant, unit)| self.assign_time(field, instant, unit)),
            FieldKind::Flag => flag(value).map(|flag| self.assign_flag(field, flag)),
            FieldKind::List | FieldKind::Object => Err(Problem::WrongShape),
        };
        if let Err(problem) = outcome {
            let text = if let FieldValue::Text(text) = value { Some(text) } else { None };
            self.mark_unusable(Place::Field(field), problem, text);
        }
    }

    fn prediction(&mut self) -> &mut StoredPrediction {
        self.prediction.get_or_insert_default()
    }

    fn assign_word(&mut self, field: TicketField, word: CompactString) {
        match field {
            TicketField::TicketId => self.ticket_id = word,
            // The aliases fill in where the proper name has nothing, whichever stands first.
            TicketField::DocumentId => fill(&mut self.ticket_id, word),
            TicketField::TaskType => self.task_type = word,
            TicketField::RiskBand => self.risk_band = word,
            TicketField::Status => self.status = TicketStatus::from(word.trim()),
            TicketField::DeliveryMode => replace(&mut self.delivery_mode, word),
            TicketField::DeliveryGuarantee => fill(&mut self.delivery_mode, word),
            TicketField::Consistency => replace(&mut self.consistency, word),
            TicketField::ConsistencyLevel => fill(&mut self.consistency, word),
            TicketField::Durability => self.durability = word,
            TicketField::Requester => self.requester = word,
            TicketField::Executable => self.executable = word,
            TicketField::ModelName => self.prediction().model_name = word,
            TicketField::ModelVersion => self.prediction().model_version = word,
            _ => {}
        }
    }

    fn assign_number(&mut self, field: TicketField, number: f64) -> Result<(), Problem> {
        let may_be_negative = matches!(field, TicketField::AnomalyScore | TicketField::Size);
        if number < 0.0 && !may_be_negative {
            return Err(Problem::Negative);
        }
        match field {
            TicketField::EstimatedDuration => self.estimated_duration_ms = Some(number),
            TicketField::SlaTimeout => self.sla_timeout_ms = Some(number),
            TicketField::ActualDuration => self.actual_duration_ms = Some(number),
            TicketField::Size => self.size = Some(number),
            TicketField::PredictedDuration => self.prediction().duration_ms = Some(number),
            TicketField::DurationConfidence => self.prediction().duration_confidence = Some(number),
            TicketField::Confidence => {
                self.prediction().duration_confidence.get_or_insert(number);
            }
            TicketField::AnomalyScore => self.prediction().anomaly_score = Some(number),
            _ => {}
        }
        Ok(())
    }

    fn assign_count(&mut self, field: TicketField, count: u32) {
        match field {
            // A flat count stands in for the list or object it was counted from, never against it.
            TicketField::CapabilitiesCount if self.capabilities_count == 0 => self.capabilities_count = count,
            TicketField::ParametersSize if self.parameters_size == 0 => self.parameters_size = count,
            TicketField::RetryCount => self.retry_count = Some(count),
            _ => {}
        }
    }

    fn assign_time(&mut self, field: TicketField, instant: Instant, text_of: Option<EpochUnit>) {
        match field {
            TicketField::CreatedAt => {
                self.created_at = Some(instant.epoch_ms);
                self.created_hour = Some(instant.hour);
                self.aside.epoch_texts.created_at = text_of;
            }
            TicketField::StartedAt => {
                self.started_at = Some(instant.epoch_ms);
                self.aside.epoch_texts.started_at = text_of;
            }
            TicketField::CompletedAt => {
                self.completed_at = Some(instant.epoch_ms);
                self.aside.epoch_texts.completed_at = text_of;
            }
            TicketField::PredictedAt => self.prediction().predicted_at = Some(instant.epoch_ms),
            _ => {}
        }
    }

    fn assign_flag(&mut self, field: TicketField, flag: bool) {
        match field {
            TicketField::IsAnomaly => self.prediction().is_anomaly = Some(flag),
            TicketField::Synthetic => self.synthetic = flag,
            _ => {}
        }
    }
}

fn fill(slot: &mut CompactString, word: CompactString) {
    if slot.is_empty() {
        *slot = word;
    }
}

fn replace(slot: &mut CompactString, word: CompactString) {
    if !word.is_empty() {
        *slot = word;
    }
}

fn word(value: FieldValue<'_>) -> Result<CompactString, Problem> {
    match value {
        FieldValue::Text(text) => Ok(CompactString::new(text)),
        FieldValue::Integer(number) | FieldValue::Date(number) => Ok(number.to_compact_string()),
        FieldValue::Real(number) => Ok(number.to_compact_string()),
        FieldValue::Flag(flag) => Ok(flag.to_compact_string()),
        FieldValue::Absent | FieldValue::Composite => Err(Problem::WrongShape),
    }
}

fn number(value: FieldValue<'_>, texts_are_numbers: bool) -> Result<f64, Problem> {
    let number = match value {
        FieldValue::Integer(number) => number as f64,
        FieldValue::Real(number) => number,
        FieldValue::Text(text) if texts_are_numbers => text.trim().parse().map_err(|_| Problem::NotANumber)?,
        _ => return Err(Problem::NotANumber),
    };
    if number.is_finite() { Ok(number) } else { Err(Problem::NotANumber) }
}

fn count(number: f64) -> Result<u32, Problem> {
    if number < 0.0 {
        Err(Problem::Negative)
    } else if number.fract() != 0.0 || number > f64::from(u32::MAX) {
        Err(Problem::NotACount)
    } else {
        Ok(number as u32)
    }
}

/// A point in time, and the unit of a text that is a number in a source whose texts are no numbers.
fn time(value: FieldValue<'_>, texts: Texts<'_>) -> Result<(Instant, Option<EpochUnit>), Problem> {
    match value {
        FieldValue::Date(epoch_ms) => Ok((Instant::from_epoch_ms(epoch_ms)?, None)),
        FieldValue::Integer(number) => Ok((texts.times.read_number(number as f64, || number.to_string())?, None)),
        FieldValue::Real(number) => Ok((texts.times.read_number(number, || number.to_string())?, None)),
        FieldValue::Text(text) if texts.of_cells() => Ok((texts.times.read_cell(text)?, None)),
        FieldValue::Text(text) => texts.times.read_text(text),
        FieldValue::Absent | FieldValue::Flag(_) | FieldValue::Composite => Err(Problem::NotATime),
    }
}

fn flag(value: FieldValue<'_>) -> Result<bool, Problem> {
    match value {
        FieldValue::Flag(flag) => Ok(flag),
        FieldValue::Integer(number @ 0..=1) => Ok(number == 1),
        FieldValue::Text(text) if text.eq_ignore_ascii_case("true") || text == "1" => Ok(true),
        FieldValue::Text(text) if text.eq_ignore_ascii_case("false") || text == "0" => Ok(false),
        _ => Err(Problem::WrongShape),
    }
}
