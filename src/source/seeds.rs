//! What every row of a source is read by.

use crate::ticket::{FieldPaths, TextMeaning, TicketSeed, TimeFormat};

/// Where the configured fields stand and how times are written.
#[derive(Clone, Debug, Default)]
pub(super) struct Seeds {
    pub(super) paths: FieldPaths,
    pub(super) times: TimeFormat,
}

impl Seeds {
    /// The seed of one ticket.
    pub(super) fn of(&self, texts: TextMeaning) -> TicketSeed<'_> {
        TicketSeed { paths: &self.paths, texts, times: &self.times }
    }
}
