//! Progress that nobody sees.

use hivectl::ops::Progress;

/// Shows nothing.
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &str, _: Option<u64>) {}
    fn advance_to(&self, _: u64) {}
    fn is_shown(&self) -> bool {
        false
    }
    fn finish(&self, _: &str) {}
}
