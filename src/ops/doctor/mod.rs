//! Is what hivectl stands on sound? One file a family of checks; what is found, and what to do about it.
//!
//! Every family runs in a thread of its own ([`runner`]), so that all together take [`runner::CHECK_TIMEOUT`] at most.

mod bundle;
mod configuration;
mod job;
mod machine;
mod mongodb;
mod registry;
mod runner;
mod servers;
mod ticket_age;

use mongodb::{MONGODB, MONGODB_TICKETS, create_indexes, mongodb, mongodb_tickets, no_mongodb};

use std::time::Instant;

use crate::api::CheckState as State;
use crate::base::Hint;
use crate::error::{Error, ErrorKind, Result};

/// One look at one thing.
#[derive(Clone, Debug)]
pub struct Finding {
    /// A word for scripts, such as `mongodb_indexes`.
    pub id: &'static str,
    pub state: State,
    /// What was found, with its numbers.
    pub evidence: String,
    /// What to do: the command to type.
    pub remedy: Option<Hint>,
    pub duration_ms: f64,
    /// What a failure means to the exit code.
    pub failure: Option<ErrorKind>,
    /// Of the check of the tickets' age.
    pub newest_ticket_age_seconds: Option<u64>,
}

/// What a look came to, before it is timed.
struct CheckOutcome {
    state: State,
    evidence: String,
    remedy: Option<Hint>,
    failure: Option<ErrorKind>,
}

impl CheckOutcome {
    fn new(state: State, evidence: impl Into<String>) -> CheckOutcome {
        CheckOutcome { state, evidence: evidence.into(), remedy: None, failure: None }
    }

    fn pass(evidence: impl Into<String>) -> CheckOutcome {
        CheckOutcome::new(State::Pass, evidence)
    }

    fn skipped(evidence: impl Into<String>) -> CheckOutcome {
        CheckOutcome::new(State::Skipped, evidence)
    }

    fn remedy(mut self, remedy: impl Into<Hint>) -> CheckOutcome {
        self.remedy = Some(remedy.into());
        self
    }

    fn meaning(mut self, failure: ErrorKind) -> CheckOutcome {
        self.failure = Some(failure);
        self
    }
}

/// Looks and takes the time; an error is a failed check.
fn look(id: &'static str, look: impl FnOnce() -> Result<CheckOutcome>) -> Finding {
    let started = Instant::now();
    let CheckOutcome { state, evidence, remedy, failure } = look().unwrap_or_else(|error| failed(&error));
    Finding { id, state, evidence, remedy, duration_ms: started.elapsed().as_secs_f64() * 1000.0, failure, newest_ticket_age_seconds: None }
}

fn failed(error: &Error) -> CheckOutcome {
    let look = CheckOutcome::new(State::Fail, error.to_string()).meaning(error.kind());
    match error.hints().first() {
        Some(hint) => look.remedy(hint.clone()),
        None => look,
    }
}
