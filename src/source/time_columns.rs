//! Whether the times of a file that are numbers in texts are so in every row.

use crate::error::{Error, ErrorKind, Result};
use crate::ticket::quality::thousands;
use crate::ticket::{EpochUnit, Ticket};

/// What the times of a file were, column by column.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TimeColumns {
    created_at: Column,
    started_at: Column,
    completed_at: Column,
}

/// The times of one column.
#[derive(Clone, Copy, Debug, Default)]
struct Column {
    all: u64,
    milliseconds: u64,
    seconds: u64,
}

impl Column {
    fn see(&mut self, time: Option<i64>, text: Option<EpochUnit>) {
        self.all += u64::from(time.is_some());
        match text {
            Some(EpochUnit::Milliseconds) => self.milliseconds += 1,
            Some(EpochUnit::Seconds) => self.seconds += 1,
            None => {}
        }
    }

    /// What it holds besides, where not all of it is the same.
    fn mixture(self) -> Option<String> {
        let Column { all, milliseconds, seconds } = self;
        let other = all - milliseconds - seconds;
        let kinds = [(milliseconds, "milliseconds in texts"), (seconds, "seconds in texts"), (other, "times of other forms")];
        let found: Vec<String> =
            kinds.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{what} in {} rows", thousands(*count))).collect();
        (found.len() > 1 && milliseconds + seconds > 0).then(|| found.join(", "))
    }
}

impl TimeColumns {
    /// Counts a ticket.
    pub(super) fn see(&mut self, ticket: &Ticket) {
        let texts = ticket.aside.epoch_texts;
        self.created_at.see(ticket.created_at, texts.created_at);
        self.started_at.see(ticket.started_at, texts.started_at);
        self.completed_at.see(ticket.completed_at, texts.completed_at);
    }

    /// Errors: [`ErrorKind::BadInput`] for a column of which some rows are numbers in texts and others are not, or of
    /// another unit: which of them is a mistake cannot be known.
    pub(super) fn judge(&self, file: &str) -> Result<()> {
        for (name, column) in [("created_at", self.created_at), ("started_at", self.started_at), ("completed_at", self.completed_at)] {
            if let Some(mixture) = column.mixture() {
                return Err(Error::new(ErrorKind::BadInput, format!("cannot read {file}: {name} is {mixture}"))
                    .hint("if each is what it looks like: `--time-format auto`")
                    .hint("if they are all of one form, and the others are to be refused: `--time-format epoch-ms`, `epoch-s` or `iso`"));
            }
        }
        Ok(())
    }
}
