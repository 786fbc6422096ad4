//! How work tells that it is alive.

/// Receives the steps of long work. Steps do not nest; `advance` may be called from any thread.
pub trait Progress: Sync {
    /// A step begins; `total` is how many units it has, where that is known.
    fn begin(&self, step: &str, total: Option<u64>);
    /// So many units of the step are done.
    fn advance_to(&self, done: u64);
    /// Whether anyone sees how far a step is, so that asking for its length is worth a moment.
    fn is_shown(&self) -> bool;
    /// The step is over; `summary` stays on the screen.
    fn finish(&self, summary: &str);
}
