//! The label of a ticket: how long the work took, where that number comes from, and since when it is known.

use serde::{Deserialize, Serialize};

use super::{Refusal, Ticket, TicketStatus, Unusable};
use crate::error::{Error, ErrorKind};

/// Which of a ticket's two durations to believe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", parse_err_ty = Error, parse_err_fn = no_label)]
pub enum LabelWanted {
    /// `actual_duration_ms` only.
    Actual,
    /// `completed_at` minus `started_at` only.
    Derived,
    /// `actual_duration_ms`, and where it is absent `completed_at` minus `started_at`. The running
    /// system never writes the first.
    #[default]
    Auto,
}

impl LabelWanted {
    /// All of them.
    pub const ALL: [LabelWanted; 3] = [LabelWanted::Actual, LabelWanted::Derived, LabelWanted::Auto];
}

fn no_label(word: &str) -> Error {
    Error::new(ErrorKind::Usage, format!("'{word}' is no rule for labels")).hint("the rules are actual, derived, auto")
}

/// What becomes of tickets that took no time at all, as clocks of whole seconds measure short work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", parse_err_ty = Error, parse_err_fn = no_zero_durations)]
pub enum ZeroDurations {
    /// They are labelled with 0.
    Keep,
    /// They are left out and counted apart.
    #[default]
    Drop,
}

impl ZeroDurations {
    /// All of them.
    pub const ALL: [ZeroDurations; 2] = [ZeroDurations::Keep, ZeroDurations::Drop];
}

fn no_zero_durations(word: &str) -> Error {
    Error::new(ErrorKind::Usage, format!("'{word}' does not say what becomes of durations of 0")).hint("it is one of keep, drop")
}

/// Where a duration came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum LabelSource {
    Actual,
    Derived,
}

/// When a ticket counts as labelled. Training, validation and backfill share this rule.
///
/// ```
/// use hivectl::ticket::{LabelRule, LabelSource, Ticket, TicketStatus};
///
/// let ticket = Ticket {
///     status: TicketStatus::Completed,
///     created_at: Some(0),
///     started_at: Some(1_000),
///     completed_at: Some(5_000),
///     ..Ticket::default()
/// };
/// let outcome = LabelRule::default().outcome(&ticket).expect("a labelled ticket");
/// assert_eq!((outcome.duration_ms, outcome.source, outcome.known_at), (4_000.0, LabelSource::Derived, 5_000));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelRule {
    pub wanted: LabelWanted,
    /// Statuses whose tickets are labelled with a duration.
    pub statuses: Vec<TicketStatus>,
    /// Whether a duration of 0 is one.
    #[serde(default)]
    pub zero_durations: ZeroDurations,
}

impl Default for LabelRule {
    /// Completed tickets with either duration above 0.
    fn default() -> Self {
        LabelRule { wanted: LabelWanted::Auto, statuses: vec![TicketStatus::Completed], zero_durations: ZeroDurations::Drop }
    }
}

/// How long the work of a ticket took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TicketOutcome {
    /// Finite and above 0, or 0 where the rule keeps that.
    pub duration_ms: f64,
    pub source: LabelSource,
    /// Milliseconds since the epoch from which on this was known: `completed_at`; where that is
    /// absent, the start (else the creation) plus the duration, which is the earliest possible.
    pub known_at: i64,
}

impl LabelRule {
    /// The ticket's outcome.
    ///
    /// Errors: the reason why it has none ([`Refusal::NotFinished`], [`Refusal::WithoutDuration`], [`Refusal::DurationZero`],
    /// [`Refusal::DurationNotPositive`], [`Refusal::Unusable`] for a value that the rule needs, [`Refusal::WithoutCreatedAt`]
    /// when nothing says when).
    pub fn outcome(&self, ticket: &Ticket) -> Result<TicketOutcome, Refusal> {
        let unusable = |found: Option<Unusable>| found.map_or(Ok(()), |found| Err(Refusal::Unusable(found)));
        unusable(ticket.aside.status)?;
        if !self.statuses.contains(&ticket.status) {
            return Err(Refusal::NotFinished);
        }
        if self.wanted != LabelWanted::Derived {
            unusable(ticket.aside.measured)?;
        }
        let derived = || match (ticket.started_at, ticket.completed_at) {
            (Some(started), Some(completed)) => Some((completed.saturating_sub(started) as f64, LabelSource::Derived)),
            _ => None,
        };
        let actual = ticket.actual_duration_ms.map(|duration| (duration, LabelSource::Actual));
        let found = match self.wanted {
            LabelWanted::Actual => actual,
            LabelWanted::Derived => derived(),
            LabelWanted::Auto => actual.or_else(derived),
        };
        if self.wanted == LabelWanted::Derived || (self.wanted == LabelWanted::Auto && found.is_none()) {
            unusable(ticket.aside.times)?;
        }
        let (duration_ms, source) = found.ok_or(Refusal::WithoutDuration)?;
        if duration_ms == 0.0 && self.zero_durations == ZeroDurations::Drop {
            return Err(Refusal::DurationZero);
        }
        if !(duration_ms.is_finite() && duration_ms >= 0.0) {
            return Err(Refusal::DurationNotPositive);
        }
        let begun = ticket.started_at.or(ticket.created_at);
        let known_at = ticket.completed_at.or(begun.map(|begun| begun.saturating_add(duration_ms.ceil() as i64)));
        Ok(TicketOutcome { duration_ms, source, known_at: known_at.ok_or(Refusal::WithoutCreatedAt)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket() -> Ticket {
        Ticket {
            status: TicketStatus::Completed,
            created_at: Some(1_000),
            started_at: Some(2_000),
            completed_at: Some(5_000),
            actual_duration_ms: Some(2_500.0),
            ..Ticket::default()
        }
    }

    fn with(wanted: LabelWanted, change: impl Fn(&mut Ticket)) -> Result<TicketOutcome, Refusal> {
        let mut ticket = ticket();
        change(&mut ticket);
        LabelRule { wanted, ..LabelRule::default() }.outcome(&ticket)
    }

    #[test]
    fn the_measured_duration_wins_and_the_derived_one_saves_the_rest() {
        let actual = Ok(TicketOutcome { duration_ms: 2_500.0, source: LabelSource::Actual, known_at: 5_000 });
        let derived = Ok(TicketOutcome { duration_ms: 3_000.0, source: LabelSource::Derived, known_at: 5_000 });
        assert_eq!(with(LabelWanted::Auto, |_| ()), actual);
        assert_eq!(with(LabelWanted::Actual, |_| ()), actual);
        assert_eq!(with(LabelWanted::Derived, |_| ()), derived);
        assert_eq!(with(LabelWanted::Auto, |ticket| ticket.actual_duration_ms = None), derived);
        assert_eq!(with(LabelWanted::Actual, |ticket| ticket.actual_duration_ms = None), Err(Refusal::WithoutDuration));
    }

    #[test]
    fn a_duration_that_is_present_but_not_positive_is_not_replaced() {
        for (duration, refusal) in
            [(0.0, Refusal::DurationZero), (f64::NAN, Refusal::DurationNotPositive), (f64::INFINITY, Refusal::DurationNotPositive)]
        {
            let outcome = with(LabelWanted::Auto, |ticket| ticket.actual_duration_ms = Some(duration));
            assert_eq!(outcome, Err(refusal), "{duration}");
        }
        let outcome = with(LabelWanted::Derived, |ticket| ticket.completed_at = Some(1_999));
        assert_eq!(outcome, Err(Refusal::DurationNotPositive));
    }

    #[test]
    fn work_of_no_time_teaches_where_that_is_asked_for() {
        let at_once = Ticket { completed_at: Some(2_000), actual_duration_ms: None, ..ticket() };
        assert_eq!(LabelRule::default().outcome(&at_once), Err(Refusal::DurationZero));
        let keep = LabelRule { zero_durations: ZeroDurations::Keep, ..LabelRule::default() };
        assert_eq!(keep.outcome(&at_once).map(|outcome| outcome.duration_ms), Ok(0.0));
        assert_eq!(keep.outcome(&Ticket { completed_at: Some(1_999), ..at_once }), Err(Refusal::DurationNotPositive));
    }

    #[test]
    fn what_the_rule_does_not_need_may_be_bad() {
        let bad = Some(Unusable { field: "started_at", problem: crate::ticket::Problem::NotATime });
        let refused = bad.map(Refusal::Unusable).expect("a refusal");
        for (wanted, measured, times) in [
            (LabelWanted::Actual, Err(refused), Ok(())),
            (LabelWanted::Auto, Err(refused), Ok(())),
            (LabelWanted::Derived, Ok(()), Err(refused)),
        ] {
            assert_eq!(with(wanted, |ticket| ticket.aside.measured = bad).map(drop), measured, "{wanted}");
            assert_eq!(with(wanted, |ticket| ticket.aside.times = bad).map(drop), times, "{wanted}");
            assert_eq!(with(wanted, |ticket| ticket.aside.status = bad).map(drop), Err(refused));
            assert!(with(wanted, |ticket| ticket.aside.prediction = bad).is_ok());
        }
        let neither =
            with(LabelWanted::Auto, |ticket| (ticket.actual_duration_ms, ticket.started_at, ticket.aside.times) = (None, None, bad));
        assert_eq!(neither, Err(refused));
    }

    #[test]
    fn only_the_statuses_asked_for_teach() {
        assert_eq!(with(LabelWanted::Auto, |ticket| ticket.status = TicketStatus::Failed), Err(Refusal::NotFinished));
        let wider = LabelRule { statuses: vec![TicketStatus::Completed, TicketStatus::Failed], ..LabelRule::default() };
        assert!(wider.outcome(&Ticket { status: TicketStatus::Failed, ..ticket() }).is_ok());
    }

    #[test]
    fn without_a_completion_time_it_is_known_once_the_duration_has_passed() {
        let known_at = |change: fn(&mut Ticket)| with(LabelWanted::Actual, change).map(|outcome| outcome.known_at);
        assert_eq!(known_at(|ticket| ticket.completed_at = None), Ok(4_500));
        assert_eq!(known_at(|ticket| (ticket.completed_at, ticket.started_at) = (None, None)), Ok(3_500));
        assert_eq!(
            known_at(|ticket| (ticket.completed_at, ticket.started_at, ticket.created_at) = (None, None, None)),
            Err(Refusal::WithoutCreatedAt)
        );
    }
}
