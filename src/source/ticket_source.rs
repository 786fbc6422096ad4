//! What every source of tickets can do.

use crate::error::Result;
use crate::ticket::{Ticket, Window};

use super::place::Place;

/// What is called with each ticket and the place it stood.
pub type Visit<'v> = dyn FnMut(Ticket, &Place) -> Result<()> + 'v;

/// What is asked for. A source that can leaves the rest out; whoever reads looks again.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Wanted {
    /// Only tickets created then, and those whose creation time says nothing; `None` for every ticket.
    pub window: Option<Window>,
    /// Also what was once predicted.
    pub predictions: bool,
    /// Also tickets created at another time that carry a prediction made in the window.
    pub or_predicted_then: bool,
    /// Without the tickets whose creation time says nothing.
    pub dated: bool,
}

/// Tickets to be read once or more.
pub trait TicketSource {
    /// Calls `visit` with every wanted ticket, in the order of the source. Memory does not grow with their number.
    ///
    /// Errors: `visit`'s, and the source's own.
    fn for_each(&self, wanted: &Wanted, visit: &mut Visit<'_>) -> Result<()>;

    /// The newest `created_at` that is not in the future, milliseconds since the epoch; `None` where only reading
    /// everything can tell.
    fn newest(&self) -> Result<Option<i64>>;

    /// About how many tickets [`for_each`](Self::for_each) will visit, where that can be known at once.
    fn expected(&self, wanted: &Wanted) -> Option<u64>;

    /// Whether the source itself refuses a second ticket with the same id, so that no one has to look for it.
    fn ids_are_unique(&self) -> bool {
        false
    }

    /// What there is in the source, one fact a line, to explain why too few of its tickets were usable; none where
    /// the source has given all it has.
    fn survey(&self) -> Result<Vec<String>>;
}
