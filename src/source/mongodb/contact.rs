//! Whether the server was there when it was asked last.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// For so long after a server was found to be away nobody waits for it again: a command asks several things, and the
/// time given is one for all of them.
const REMEMBERED: Duration = Duration::from_secs(2);

/// What the requests of one command have learned of the server.
#[derive(Debug, Default)]
pub(super) struct Contact(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    was_made: bool,
    /// When the server was last found to be away, and the reason.
    away: Option<(Instant, String)>,
}

impl Contact {
    /// The server has answered, be it with an error.
    pub(super) fn made(&self) {
        *self.known() = Known { was_made: true, away: None };
    }

    /// Whether it ever has.
    pub(super) fn was_made(&self) -> bool {
        self.known().was_made
    }

    /// The server could not be reached in the time given.
    pub(super) fn failed(&self, reason: &str) {
        self.known().away = Some((Instant::now(), reason.to_owned()));
    }

    /// Why the server is away, where that was found a moment ago.
    pub(super) fn is_away(&self) -> Option<String> {
        self.known().away.as_ref().filter(|(found, _)| found.elapsed() < REMEMBERED).map(|(_, reason)| reason.clone())
    }

    /// What is known is right also after a panic elsewhere.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_away_until_it_answers_or_a_moment_has_passed() {
        let contact = Contact::default();
        assert!(!contact.was_made() && contact.is_away().is_none());
        contact.failed("refused");
        assert!(!contact.was_made() && contact.is_away().as_deref() == Some("refused"));
        contact.made();
        assert!(contact.was_made() && contact.is_away().is_none());
        contact.failed("refused");
        contact.known().away.as_mut().unwrap().0 -= REMEMBERED;
        assert!(contact.was_made() && contact.is_away().is_none());
    }
}
