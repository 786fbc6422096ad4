//! All families at once, within one budget.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use super::Finding;
use super::ticket_age::TICKET_AGE;
use crate::api::CheckState as State;
use crate::base::commands;
use crate::error::ErrorKind;

/// Longest time that all checks together take: five seconds are promised, and the report takes some of them.
pub const CHECK_TIMEOUT: Duration = Duration::from_millis(4500);

/// One family: the checks it answers, and the work.
pub struct Family {
    pub ids: &'static [&'static str],
    /// What a check that did not end in time is: a failure of a server, a mere warning of work that is only long.
    pub late: State,
    pub work: CheckJob,
}

/// Does the checks of a family and hands over each finding as it comes.
pub type CheckJob = Box<dyn FnOnce(&dyn Fn(Finding)) + Send>;

/// Runs the families side by side and answers with the worst first.
///
/// A check that has not answered within `timeout`, usually [`CHECK_TIMEOUT`], is told as late; its thread ends with the
/// process.
pub fn run(families: Vec<Family>, timeout: Duration) -> Vec<Finding> {
    let deadline = Instant::now() + timeout;
    let order: Vec<(&'static str, State)> = families.iter().flat_map(|family| family.ids.iter().map(|id| (*id, family.late))).collect();
    let (sender, receiver) = mpsc::channel();
    for family in families {
        start(family, sender.clone());
    }
    drop(sender);
    let mut found = Vec::new();
    loop {
        match receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(finding) => found.push(finding),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                let missing: Vec<Finding> = order
                    .iter()
                    .filter(|(id, _)| !found.iter().any(|finding: &Finding| finding.id == *id))
                    .map(|(id, late)| not_in_time(id, *late, timeout))
                    .collect();
                found.extend(missing);
                break;
            }
        }
    }
    let place = |finding: &Finding| order.iter().position(|(id, _)| *id == finding.id);
    found.sort_by_key(|finding| (badness(finding), place(finding)));
    found
}

fn start(family: Family, sender: Sender<Finding>) {
    std::thread::spawn(move || {
        // A receiver that is gone has stopped waiting; nobody misses the finding.
        (family.work)(&|finding| drop(sender.send(finding)));
    });
}

fn not_in_time(id: &'static str, late: State, timeout: Duration) -> Finding {
    let remedy = match (late, id) {
        (State::Fail, _) => ("check host, port and network, then run `", commands::doctor(), "` again"),
        (_, id) if id.starts_with("mongodb") => ("`", commands::doctor_mongodb_in("5m"), "` takes the time that it needs"),
        (_, TICKET_AGE) => ("`", commands::validate_on_tickets(), "` reads them all and tells their age"),
        _ => ("`", commands::models_verify(), "` takes the time that it needs"),
    };
    Finding {
        id,
        state: late,
        evidence: format!("no answer within {:.1} s", timeout.as_secs_f64()),
        remedy: Some(remedy.into()),
        duration_ms: timeout.as_secs_f64() * 1000.0,
        failure: (late == State::Fail).then_some(ErrorKind::TimedOut),
        newest_ticket_age_seconds: None,
    }
}

/// 0 is the worst. Of failures a broken registry comes first, then what is wrong here, then what is away.
fn badness(finding: &Finding) -> u8 {
    match (finding.state, finding.failure.map(ErrorKind::exit_code)) {
        (State::Fail, Some(13)) => 0,
        (State::Fail, Some(10)) => 1,
        (State::Fail, Some(11)) => 2,
        (State::Fail, Some(9)) => 3,
        (State::Fail, _) => 4,
        (State::Warn, _) => 5,
        (State::Skipped, _) => 7,
        (State::Pass, _) => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_comes_first_and_order_decides_between_equals() {
        let finding = |id, state, failure| Finding {
            id,
            state,
            evidence: String::new(),
            remedy: None,
            duration_ms: 0.0,
            failure,
            newest_ticket_age_seconds: None,
        };
        let family = Family {
            ids: &["a", "b", "c", "d"],
            late: State::Fail,
            work: Box::new(move |tell| {
                tell(finding("d", State::Fail, Some(ErrorKind::Unreachable)));
                tell(finding("c", State::Pass, None));
                tell(finding("b", State::Fail, Some(ErrorKind::InvariantBroken)));
                tell(finding("a", State::Pass, None));
            }),
        };
        assert_eq!(run(vec![family], CHECK_TIMEOUT).iter().map(|finding| finding.id).collect::<Vec<_>>(), ["b", "d", "a", "c"]);
    }
}
