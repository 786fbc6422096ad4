//! The tickets of a window, by when they were completed.

use super::predictions::{Stored, Whose};
use crate::base::time::MS_PER_DAY;
use crate::drift::Observations;
use crate::error::{Error, ErrorKind, Result};
use crate::ops::Progress;
use crate::ops::evaluation::{EvaluationRequest, EvaluationSet};
use crate::source::TicketSource;

/// Labelled tickets, and the moment that windows end at.
pub struct Tickets {
    pub evaluation_set: EvaluationSet,
    /// Milliseconds since the epoch.
    pub end_ms: i64,
    /// Tickets that say they were completed after now; they are in no window.
    pub future: usize,
    /// What was once predicted for them.
    pub(super) stored: Stored,
}

impl Tickets {
    /// Reads all tickets, and the predictions stored with them that count as `whose`. Windows end at `as_of`, else at the newest completion that is not after `now_ms`.
    ///
    /// Errors: the source's own; [`ErrorKind::NotEnoughData`] when no ticket has an outcome.
    pub fn read(
        request: &EvaluationRequest,
        (now_ms, whose): (i64, &Whose),
        source: &mut dyn TicketSource,
        progress: &dyn Progress,
    ) -> Result<Tickets> {
        let mut stored = Stored::default();
        let evaluation_set = EvaluationSet::read_with(request, source, progress, Some(&mut |row, ticket| stored.see(row, ticket, whose)))?;
        let tickets = evaluation_set.timeline.tickets();
        let completions = evaluation_set.timeline.completions().iter().map(|&row| tickets[row as usize].known_at);
        let future = completions.clone().filter(|&at| at > now_ms).count();
        let newest = completions.filter(|&at| at <= now_ms).max();
        let Some(end_ms) = request.as_of.or(newest) else {
            let error = Error::new(ErrorKind::NotEnoughData, "no ticket was completed, so there is nothing to compare");
            let error = if future > 0 { error.because(format!("{future} say that they were completed after now")) } else { error };
            return Err(error
                .because(evaluation_set.sentence)
                .hint("if other statuses count as ended, name them: `--status completed,failed`"));
        };
        Ok(Tickets { end_ms, future, stored, evaluation_set })
    }

    /// Labelled rows completed in the `days` before `end_ms`, ascending.
    pub fn rows(&self, end_ms: i64, days: f64) -> Vec<u32> {
        let from = end_ms.saturating_sub((days * MS_PER_DAY as f64) as i64);
        let tickets = self.evaluation_set.timeline.tickets();
        let inside = |row: &u32| (from.saturating_add(1)..=end_ms).contains(&tickets[*row as usize].known_at);
        self.evaluation_set.timeline.labelled().into_iter().filter(inside).collect()
    }

    /// Rows as drift sees them.
    pub fn observe(&self, rows: &[u32]) -> Result<Observations> {
        Observations::of(&self.evaluation_set.timeline, rows)
    }
}
