//! Which tickets are recent enough to train on.

use crate::base::time::MS_PER_DAY;

/// A span of creation times, milliseconds since the epoch; both ends belong to it.
///
/// ```
/// use hivectl::ticket::Window;
///
/// let day_ms = 86_400_000;
/// let window = Window::back_from(10 * day_ms, 2.0);
/// assert_eq!(window, Window { from_ms: 8 * day_ms, to_ms: 10 * day_ms });
/// assert!(window.contains(8 * day_ms) && !window.contains(7 * day_ms));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub from_ms: i64,
    pub to_ms: i64,
}

impl Window {
    /// The `days` that end at `as_of_ms`. A fraction of a day counts; a span that reaches before the
    /// smallest time begins there.
    pub fn back_from(as_of_ms: i64, days: f64) -> Window {
        let span_ms = (days.max(0.0) * MS_PER_DAY as f64).round() as i64;
        Window { from_ms: as_of_ms.saturating_sub(span_ms), to_ms: as_of_ms }
    }

    /// Whether a ticket created then belongs to it.
    pub fn contains(&self, created_at_ms: i64) -> bool {
        (self.from_ms..=self.to_ms).contains(&created_at_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_belong_to_the_window() {
        let window = Window::back_from(10 * 86_400_000, 2.5);
        assert_eq!(window, Window { from_ms: 648_000_000, to_ms: 864_000_000 });
        assert!(window.contains(648_000_000) && window.contains(864_000_000));
        assert!(!window.contains(647_999_999) && !window.contains(864_000_001));
    }

    #[test]
    fn an_endless_span_begins_at_the_smallest_time() {
        assert_eq!(Window::back_from(5, f64::INFINITY).from_ms, 5 - i64::MAX);
        assert_eq!(Window::back_from(5, -1.0), Window { from_ms: 5, to_ms: 5 });
    }
}
