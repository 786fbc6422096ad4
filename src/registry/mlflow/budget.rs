//! How much time a command may still spend on its server.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What a single request may take when nothing is said.
const USUAL: Duration = Duration::from_secs(600);

/// The time given to a whole command for its server, whatever number of requests it makes. Only waiting for the
/// server counts: training between two requests is not the server's fault.
#[derive(Debug)]
pub(super) struct Budget {
    given: Option<Duration>,
    spent_us: AtomicU64,
}

impl Budget {
    /// With `None` only single requests are bounded.
    pub(super) fn new(given: Option<Duration>) -> Budget {
        Budget { given, spent_us: AtomicU64::new(0) }
    }

    /// What may be spent in all.
    pub(super) fn given(&self) -> Duration {
        self.given.unwrap_or(USUAL)
    }

    /// What is left; zero when nothing is.
    pub(super) fn left(&self) -> Duration {
        match self.given {
            Some(given) => given.saturating_sub(Duration::from_micros(self.spent_us.load(Ordering::Relaxed))),
            None => USUAL,
        }
    }

    /// Counts what `wait` takes.
    pub(super) fn spend<T>(&self, wait: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let value = wait();
        let spent = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.spent_us.fetch_add(spent, Ordering::Relaxed);
        value
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
}
