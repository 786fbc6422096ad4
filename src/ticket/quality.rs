//! Counts what was read, what could be used, and why the rest could not.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::aside::{EpochTexts, EpochUnit};
use super::{LabelSource, Problem, Ticket, Unusable};

/// Why a well-formed ticket was not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Its id was seen before; the first one counts.
    DuplicateId,
    /// A value that says nothing where something is needed.
    Unusable(Unusable),
    WithoutCreatedAt,
    /// Created before the window or after its end.
    OutsideWindow,
    /// Its status is not one that is trained on.
    NotFinished,
    WithoutDuration,
    /// It was completed in the moment in which it was started, and such tickets are not wanted.
    DurationZero,
    /// It was completed before it was started.
    DurationNotPositive,
    /// Completed after the moment the training pretends to be at.
    NotYetKnown,
}

impl Refusal {
    /// The reason's name in machine output: `without_duration`, `unusable_sla_timeout_ms`.
    pub fn name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Refusal::DuplicateId => "duplicate_id",
            Refusal::Unusable(Unusable { field, problem: Problem::TimeOutOfRange }) => {
                return Cow::Owned(format!("date_out_of_range_{}", field.replace('.', "_")));
            }
            Refusal::Unusable(Unusable { field, problem: Problem::Negative }) => {
                return Cow::Owned(format!("negative_{}", field.replace('.', "_")));
            }
            Refusal::Unusable(Unusable { field, .. }) => return Cow::Owned(format!("unusable_{}", field.replace('.', "_"))),
            Refusal::WithoutCreatedAt => "without_created_at",
            Refusal::OutsideWindow => "outside_window",
            Refusal::NotFinished => "not_finished",
            Refusal::WithoutDuration => "without_duration",
            Refusal::DurationZero => "duration_zero",
            Refusal::DurationNotPositive => "duration_not_positive",
            Refusal::NotYetKnown => "not_yet_known",
        })
    }

    /// The reason in words that follow a number: `without duration`, `with a negative sla.timeout_ms`.
    pub fn words(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Refusal::DuplicateId => "with an id seen before",
            Refusal::Unusable(Unusable { field, problem }) => {
                return Cow::Owned(match problem {
                    Problem::TimeOutOfRange => format!("with {field} outside the years 1970 to 2199"),
                    Problem::Negative => format!("with a negative {field}"),
                    Problem::NotANumber => format!("with {field} that is no number"),
                    Problem::NotACount => format!("with {field} that is no count"),
                    Problem::NotATime => format!("with {field} that is no time"),
                    Problem::WrongShape => format!("with {field} of the wrong shape"),
                });
            }
            Refusal::WithoutCreatedAt => "without created_at",
            Refusal::OutsideWindow => "outside the window",
            Refusal::NotFinished => "not finished",
            Refusal::WithoutDuration => "without duration",
            Refusal::DurationZero => "with a duration of 0",
            Refusal::DurationNotPositive => "with a duration that is not positive",
            Refusal::NotYetKnown => "not yet known",
        })
    }
}

/// What became of the tickets read. Every ticket is counted once: `read = used + Σ refused`.
///
/// ```
/// use hivectl::ticket::{LabelSource, Quality, Refusal};
///
/// let mut quality = Quality::default();
/// quality.count_used(Some(LabelSource::Actual), false);
/// quality.count_refused(Refusal::DuplicateId);
/// assert_eq!((quality.read(), quality.used()), (2, 1));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    used: u64,
    actual: u64,
    derived: u64,
    synthetic: u64,
    refused: BTreeMap<String, Reason>,
    /// Columns of times that are numbers as texts, and what they count.
    epoch_texts: EpochTexts,
    /// Tickets whose parameters came from a type that has every member in every row.
    parameters_without_nulls: u64,
}

/// One reason's count and its words.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Reason {
    count: u64,
    words: String,
    refusal: Refusal,
    /// The text that one of them had in the field.
    example: Option<String>,
}

/// The reason for which most tickets were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MainReason<'q> {
    pub refusal: Refusal,
    pub count: u64,
    /// The text that the first of them had in the field that could not be used, its first 40 characters.
    pub example: Option<&'q str>,
}

impl Quality {
    /// Counts a ticket that is used; `label` where its outcome is used.
    pub fn count_used(&mut self, label: Option<LabelSource>, synthetic: bool) {
        self.used += 1;
        self.synthetic += u64::from(synthetic);
        match label {
            Some(LabelSource::Actual) => self.actual += 1,
            Some(LabelSource::Derived) => self.derived += 1,
            None => {}
        }
    }

    /// Counts a ticket that is not used.
    pub fn count_refused(&mut self, reason: Refusal) {
        self.count_refused_many(reason, 1);
    }

    /// Counts a ticket that is not used, and keeps what stands in it where that is the reason.
    pub fn count_refused_ticket(&mut self, reason: Refusal, ticket: &Ticket) {
        self.count_refused(reason);
        if let Refusal::Unusable(Unusable { field, .. }) = reason
            && let Some(told) = self.refused.get_mut(reason.name().as_ref())
            && told.example.is_none()
        {
            told.example = ticket.unusable_text(field).map(str::to_owned);
        }
    }

    /// Remembers what is to be told of a ticket, used or not.
    pub fn notice(&mut self, ticket: &Ticket) {
        let (texts, seen) = (&mut self.epoch_texts, ticket.aside.epoch_texts);
        texts.created_at = texts.created_at.or(seen.created_at);
        texts.started_at = texts.started_at.or(seen.started_at);
        texts.completed_at = texts.completed_at.or(seen.completed_at);
        self.parameters_without_nulls += u64::from(ticket.aside.parameters_without_nulls);
    }

    /// The reason for which most tickets were refused; `None` where none was.
    pub fn main_reason(&self) -> Option<MainReason<'_>> {
        let most = self.refused.values().max_by_key(|reason| reason.count)?;
        Some(MainReason { refusal: most.refusal, count: most.count, example: most.example.as_deref() })
    }

    /// Counts `count` tickets that are not used for one reason.
    pub fn count_refused_many(&mut self, reason: Refusal, count: u64) {
        if count == 0 {
            return;
        }
        match self.refused.get_mut(reason.name().as_ref()) {
            Some(known) => known.count += count,
            None => {
                let words = reason.words().into_owned();
                self.refused.insert(reason.name().into_owned(), Reason { count, words, refusal: reason, example: None });
            }
        }
    }

    /// Takes back [`count_used`](Self::count_used) of one ticket for a reason that showed later, such
    /// as a window that hangs on the newest ticket.
    pub fn refuse_after_all(&mut self, label: Option<LabelSource>, synthetic: bool, reason: Refusal) {
        self.used -= 1;
        self.synthetic -= u64::from(synthetic);
        match label {
            Some(LabelSource::Actual) => self.actual -= 1,
            Some(LabelSource::Derived) => self.derived -= 1,
            None => {}
        }
        self.count_refused(reason);
    }

    /// Tickets read.
    pub fn read(&self) -> u64 {
        self.used + self.refused.values().map(|reason| reason.count).sum::<u64>()
    }

    /// Tickets used.
    pub fn used(&self) -> u64 {
        self.used
    }

    /// Used tickets whose label came from there.
    pub fn labels(&self, source: LabelSource) -> u64 {
        match source {
            LabelSource::Actual => self.actual,
            LabelSource::Derived => self.derived,
        }
    }

    /// Used tickets that say they were made up.
    pub fn synthetic(&self) -> u64 {
        self.synthetic
    }

    /// Refused tickets by reason, in the order of the names.
    pub fn refused(&self) -> impl Iterator<Item = (&str, u64)> {
        self.refused.iter().map(|(name, reason)| (name.as_str(), reason.count))
    }

    /// `232,536 read, 230,001 used, 1,204 without duration, 900 outside the window`, the largest
    /// reason first; then, once, what the tickets were taken for.
    pub fn sentence(&self) -> String {
        let mut reasons: Vec<&Reason> = self.refused.values().collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.count));
        let mut sentence = format!("{} read, {} used", thousands(self.read()), thousands(self.used));
        for reason in reasons {
            sentence.push_str(&format!(", {} {}", thousands(reason.count), reason.words));
        }
        for note in self.notes() {
            sentence.push_str("; ");
            sentence.push_str(&note);
        }
        sentence
    }
}

impl Quality {
    fn notes(&self) -> Vec<String> {
        let EpochTexts { created_at, started_at, completed_at } = self.epoch_texts;
        let columns = [("created_at", created_at), ("started_at", started_at), ("completed_at", completed_at)];
        let of = |unit| columns.iter().filter(|(_, found)| *found == Some(unit)).map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let units = [(EpochUnit::Milliseconds, "milliseconds"), (EpochUnit::Seconds, "seconds")];
        let told = |(unit, word)| Some(of(unit)).filter(|names| !names.is_empty()).map(|names| format!("{names} read as {word} in texts"));
        let mut notes: Vec<String> = units.into_iter().filter_map(told).collect();
        if self.parameters_without_nulls > 0 {
            let count = thousands(self.parameters_without_nulls);
            notes.push(format!(
                "parameters_size of {count} leaves out members that are null, which their column writes for absent ones too"
            ));
        }
        notes
    }
}

/// A whole number with commas between the thousands.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ticket_is_counted_once_and_said_in_words() {
        let mut quality = Quality::default();
        for _ in 0..1_001 {
            quality.count_used(Some(LabelSource::Derived), false);
        }
        quality.count_used(Some(LabelSource::Actual), true);
        quality.count_refused_many(Refusal::WithoutDuration, 1_204);
        quality.count_refused_many(Refusal::OutsideWindow, 0);
        let unusable = Unusable { field: "sla.timeout_ms", problem: Problem::NotANumber };
        quality.count_refused(Refusal::Unusable(unusable));
        quality.count_refused(Refusal::Unusable(unusable));
        quality.count_used(Some(LabelSource::Actual), true);
        quality.refuse_after_all(Some(LabelSource::Actual), true, Refusal::NotYetKnown);
        assert_eq!(
            quality.sentence(),
            "2,209 read, 1,002 used, 1,204 without duration, 2 with sla.timeout_ms that is no number, 1 not yet known"
        );
        assert_eq!(quality.read(), quality.used() + quality.refused().map(|(_, count)| count).sum::<u64>());
        assert_eq!(
            quality.refused().collect::<Vec<_>>(),
            [("not_yet_known", 1), ("unusable_sla_timeout_ms", 2), ("without_duration", 1_204)]
        );
        assert_eq!((quality.labels(LabelSource::Derived), quality.labels(LabelSource::Actual), quality.synthetic()), (1_001, 1, 1));
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(thousands),
            ["0".to_owned(), "999".to_owned(), "1,000".to_owned(), "1,234,567".to_owned()]
        );
    }
}
