//! Puts one value that was found under a field's name into the ticket, or marks the ticket unusable.

use compact_str::{CompactString, ToCompactString};

use super::field::{Field, Kind};
use super::normalize::TextMeaning;
use super::time::Instant;
use super::{Problem, Status, StoredPrediction, Ticket, Unusable};

/// A value as a source holds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Scalar<'v> {
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
    /// Remembers the first value that could not be used.
    pub(super) fn mark_unusable(&mut self, field: &'static str, problem: Problem) {
        self.unusable.get_or_insert(Unusable { field, problem });
    }

    /// Puts `value` into `field`; an absent value changes nothing.
    pub(super) fn assign(&mut self, field: Field, value: Scalar<'_>, texts: TextMeaning) {
        if value == Scalar::Absent {
            return;
        }
        let outcome = match field.kind() {
            Kind::Word => word(value).map(|word| self.assign_word(field, word)),
            Kind::Number => {
                number(value, field == Field::Size || texts == TextMeaning::Cells).and_then(|number| self.assign_number(field, number))
            }
            Kind::Count => number(value, texts == TextMeaning::Cells).and_then(count).map(|count| self.assign_count(field, count)),
            Kind::Time => time(value, texts == TextMeaning::Cells).map(|instant| self.assign_time(field, instant)),
            Kind::Flag => flag(value).map(|flag| self.assign_flag(field, flag)),
            Kind::List | Kind::Object => Err(Problem::WrongShape),
        };
        if let Err(problem) = outcome {
            self.mark_unusable(field.name(), problem);
        }
    }

    fn prediction(&mut self) -> &mut StoredPrediction {
        self.prediction.get_or_insert_default()
    }

    fn assign_word(&mut self, field: Field, word: CompactString) {
        match field {
            Field::TicketId => self.ticket_id = word,
            // The aliases fill in where the proper name has nothing, whichever stands first.
            Field::DocumentId => fill(&mut self.ticket_id, word),
            Field::TaskType => self.task_type = word,
            Field::RiskBand => self.risk_band = word,
            Field::Status => self.status = Status::parse(word.trim()),
            Field::DeliveryMode => replace(&mut self.delivery_mode, word),
            Field::DeliveryGuarantee => fill(&mut self.delivery_mode, word),
            Field::Consistency => replace(&mut self.consistency, word),
            Field::ConsistencyLevel => fill(&mut self.consistency, word),
            Field::Durability => self.durability = word,
            Field::Requester => self.requester = word,
            Field::Executable => self.executable = word,
            Field::ModelName => self.prediction().model_name = word,
            Field::ModelVersion => self.prediction().model_version = word,
            _ => {}
        }
    }

    fn assign_number(&mut self, field: Field, number: f64) -> Result<(), Problem> {
        let may_be_negative = matches!(field, Field::AnomalyScore | Field::Size);
        if number < 0.0 && !may_be_negative {
            return Err(Problem::Negative);
        }
        match field {
            Field::EstimatedDuration => self.estimated_duration_ms = Some(number),
            Field::SlaTimeout => self.sla_timeout_ms = Some(number),
            Field::ActualDuration => self.actual_duration_ms = Some(number),
            Field::Size => self.size = Some(number),
            Field::PredictedDuration => self.prediction().duration_ms = Some(number),
            Field::DurationConfidence => self.prediction().duration_confidence = Some(number),
            Field::Confidence => {
                self.prediction().duration_confidence.get_or_insert(number);
            }
            Field::AnomalyScore => self.prediction().anomaly_score = Some(number),
            _ => {}
        }
        Ok(())
    }

    fn assign_count(&mut self, field: Field, count: u32) {
        match field {
            // A flat count stands in for the list or object it was counted from, never against it.
            Field::CapabilitiesCount if self.capabilities_count == 0 => self.capabilities_count = count,
            Field::ParametersSize if self.parameters_size == 0 => self.parameters_size = count,
            Field::RetryCount => self.retry_count = Some(count),
            _ => {}
        }
    }

    fn assign_time(&mut self, field: Field, instant: Instant) {
        match field {
            Field::CreatedAt => {
                self.created_at = Some(instant.epoch_ms);
                self.created_hour = Some(instant.hour);
            }
            Field::StartedAt => self.started_at = Some(instant.epoch_ms),
            Field::CompletedAt => self.completed_at = Some(instant.epoch_ms),
            Field::PredictedAt => self.prediction().predicted_at = Some(instant.epoch_ms),
            _ => {}
        }
    }

    fn assign_flag(&mut self, field: Field, flag: bool) {
        match field {
            Field::IsAnomaly => self.prediction().is_anomaly = Some(flag),
            Field::Synthetic => self.synthetic = flag,
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

fn word(value: Scalar<'_>) -> Result<CompactString, Problem> {
    match value {
        Scalar::Text(text) => Ok(CompactString::new(text)),
        Scalar::Integer(number) | Scalar::Date(number) => Ok(number.to_compact_string()),
        Scalar::Real(number) => Ok(number.to_compact_string()),
        Scalar::Flag(flag) => Ok(flag.to_compact_string()),
        Scalar::Absent | Scalar::Composite => Err(Problem::WrongShape),
    }
}

fn number(value: Scalar<'_>, texts_are_numbers: bool) -> Result<f64, Problem> {
    let number = match value {
        Scalar::Integer(number) => number as f64,
        Scalar::Real(number) => number,
        Scalar::Text(text) if texts_are_numbers => text.trim().parse().map_err(|_| Problem::NotANumber)?,
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

fn time(value: Scalar<'_>, texts_may_be_numbers: bool) -> Result<Instant, Problem> {
    match value {
        Scalar::Date(epoch_ms) => Instant::from_epoch_ms(epoch_ms),
        Scalar::Integer(number) => Instant::from_number(number as f64),
        Scalar::Real(number) => Instant::from_number(number),
        Scalar::Text(text) => match text.trim().parse() {
            Ok(number) if texts_may_be_numbers => Instant::from_number(number),
            _ => Instant::from_text(text),
        },
        Scalar::Absent | Scalar::Flag(_) | Scalar::Composite => Err(Problem::NotATime),
    }
}

fn flag(value: Scalar<'_>) -> Result<bool, Problem> {
    match value {
        Scalar::Flag(flag) => Ok(flag),
        Scalar::Integer(number @ 0..=1) => Ok(number == 1),
        Scalar::Text(text) if text.eq_ignore_ascii_case("true") || text == "1" => Ok(true),
        Scalar::Text(text) if text.eq_ignore_ascii_case("false") || text == "0" => Ok(false),
        _ => Err(Problem::WrongShape),
    }
}
