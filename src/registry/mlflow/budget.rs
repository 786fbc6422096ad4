//! How much time a command may still spend on its server.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What a single request may take when nothing is said.
const USUAL: Duration = Duration::from_secs(600);

/// The time given to a whole command for its server, whatever number of requests it makes. Only waiting for the
/// server counts: training between two requests is not the server's fault. Two requests that wait at once wait once.
#[derive(Debug)]
pub(super) struct Budget {
    given: Option<Duration>,
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    /// Up to when nobody waited last.
    spent: Duration,
    /// Who waits now, and since when somebody has.
    count: usize,
    since: Option<Instant>,
}

impl Waiting {
    fn spent(&self) -> Duration {
        self.spent + self.since.map(|since| since.elapsed()).unwrap_or_default()
    }
}

impl Budget {
    /// With `None` only single requests are bounded.
    pub(super) fn new(given: Option<Duration>) -> Budget {
        Budget { given, waiting: Mutex::default() }
    }

    /// What may be spent in all.
    pub(super) fn given(&self) -> Duration {
        self.given.unwrap_or(USUAL)
    }

    /// What is left; zero when nothing is.
    pub(super) fn left(&self) -> Duration {
        match self.given {
            Some(given) => given.saturating_sub(self.waiting().spent()),
            None => USUAL,
        }
    }

    /// Counts what `wait` takes.
    pub(super) fn spend<T>(&self, wait: impl FnOnce() -> T) -> T {
        {
            let mut waiting = self.waiting();
            waiting.count += 1;
            waiting.since.get_or_insert_with(Instant::now);
        }
        let value = wait();
        let mut waiting = self.waiting();
        waiting.count -= 1;
        if waiting.count == 0 {
            waiting.spent = waiting.spent();
            waiting.since = None;
        }
        value
    }

    /// Numbers are right also after a panic elsewhere.
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sleeps for `wait` if that leaves time to go on; says whether it did.
    pub(super) fn sleep(&self, wait: Duration) -> bool {
        let there_is_time = wait < self.left();
        if there_is_time {
            self.spend(|| std::thread::sleep(wait));
        }
        there_is_time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_that_is_longer_than_what_is_left_is_not_begun() {
        let budget = Budget::new(Some(Duration::from_millis(50)));
        assert!(!budget.sleep(Duration::from_secs(60)));
        assert!(budget.sleep(Duration::ZERO));
        assert!(budget.left() <= budget.given());
        assert_eq!(Budget::new(Some(Duration::ZERO)).left(), Duration::ZERO);
        assert_eq!(Budget::new(None).left(), USUAL);
    }

    #[test]
    fn what_was_waited_for_is_counted() {
        let budget = Budget::new(Some(Duration::from_secs(60)));
        assert!(budget.sleep(Duration::from_millis(20)));
        assert!(budget.left() <= Duration::from_millis(59_980));
    }

    #[test]
    fn two_that_wait_at_once_wait_once() {
        let budget = Budget::new(Some(Duration::from_secs(60)));
        let both = std::sync::Barrier::new(2);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    budget.spend(|| {
                        both.wait();
                        std::thread::sleep(Duration::from_millis(50));
                        both.wait();
                    });
                });
            }
        });
        let spent = budget.waiting().spent();
        assert!(spent >= Duration::from_millis(50) && budget.waiting().count == 0, "{spent:?}");
        assert_eq!(budget.waiting().spent(), spent, "nobody waits any more");
    }
}
