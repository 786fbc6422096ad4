//! How old the newest ticket is, in files and on a server.

use super::runner::Family;
use super::{CheckOutcome, look};
use crate::api::CheckState as State;
use crate::error::{Error, ErrorKind, Result};
use crate::ops::{AgeLimit, Progress, ReadRequest, TicketAge, read};
use crate::source::SourceLocation;
use crate::ticket::{FieldPaths, LabelRule};

/// The check's word.
pub const TICKET_AGE: &str = "ticket_age";

/// Of a server so many days before its newest ticket are read, to find one whose outcome is known; a file whole.
const DAYS_READ: f64 = 2.0;

/// The check. Many tickets take longer than a doctor may, which is no fault of theirs.
pub fn family(location: SourceLocation, fields: FieldPaths, limit: AgeLimit) -> Family {
    let work = move |tell: &dyn Fn(super::Finding)| {
        let mut newest = None;
        let finding = look(TICKET_AGE, || match newest_of(&location, fields) {
            Ok(None) => Ok(CheckOutcome::skipped("no ticket says how long it took")),
            Ok(Some(age)) => {
                newest = Some(age);
                Ok(judged(age, limit, &location))
            }
            Err(error) if error.kind() == ErrorKind::BadInput => Err(error),
            // What keeps tickets from being read is the matter of another check.
            Err(error) => Ok(CheckOutcome::skipped(format!("the tickets cannot be read: {}", error.message()))),
        });
        tell(super::Finding { newest_ticket_age_seconds: newest.map(|age| age.seconds()), ..finding });
    };
    Family { ids: &[TICKET_AGE], late: State::Skipped, work: Box::new(work) }
}

fn newest_of(location: &SourceLocation, fields: FieldPaths) -> Result<Option<TicketAge>> {
    let source = location.open(fields)?;
    let window_days = if location.is_server() { DAYS_READ } else { f64::INFINITY };
    let request = ReadRequest { labels: LabelRule::default(), window_days, as_of: None, min_samples: 0, max_age: None };
    Ok(read(&request, source.as_ref(), &Unseen)?.age)
}

/// The same rule as of what learns and judges: old tickets of a server are a failure, those of a file are told.
fn judged(age: TicketAge, limit: AgeLimit, location: &SourceLocation) -> CheckOutcome {
    let server = location.is_server().then(|| location.to_string());
    match age.judge(limit, server.as_deref()) {
        Ok(None) => CheckOutcome::pass(age.sentence()),
        Ok(Some(warning)) => {
            CheckOutcome::new(State::Warn, warning).remedy("take newer tickets, or name the moment that they are of with `--as-of`")
        }
        Err(error) => of_old(&error),
    }
}

fn of_old(error: &Error) -> CheckOutcome {
    let outcome = CheckOutcome::new(State::Fail, error.to_string()).meaning(error.kind());
    let remedies = error.hints().iter().take(2).cloned().reduce(|remedies, remedy| remedies.and("; ").and(remedy));
    remedies.into_iter().fold(outcome, CheckOutcome::remedy)
}

/// Progress that nobody sees.
struct Unseen;

impl Progress for Unseen {
    fn begin(&self, _: &str, _: Option<u64>) {}
    fn advance_to(&self, _: u64) {}
    fn is_shown(&self) -> bool {
        false
    }
    fn finish(&self, _: &str) {}
}
