//! The tickets that judge.

use crate::error::Result;
use crate::features::Timeline;
use crate::kinds::{ModelInfo, TypedInstructions};
use crate::ops::reading::{self, Observer, ReadRequest};
use crate::ops::{AgeLimit, Progress, TicketAge};
use crate::source::TicketSource;
use crate::ticket::{FieldPaths, LabelRule, Window};

/// Fewer tickets than this decide nothing.
pub const FEWEST_TICKETS: usize = 30;

/// Which tickets judge.
#[derive(Clone, Debug)]
pub struct EvaluationRequest {
    pub labels: LabelRule,
    /// What of labels and fields was typed; a version's own instructions hold otherwise.
    pub typed: TypedInstructions,
    /// Days of tickets that judge, back from `as_of`; older ones only tell what was known by then.
    pub window_days: f64,
    /// Milliseconds since the epoch; `None` is the newest `created_at`.
    pub as_of: Option<i64>,
    pub threads: usize,
    /// From which age on the newest ticket is too old to judge today; `None` where that is nobody's matter.
    pub max_age: Option<AgeLimit>,
}

impl EvaluationRequest {
    /// The same as the model wants its tickets read, where they are read from, and what is to be told.
    ///
    /// Errors: [`crate::error::ErrorKind::Usage`] for a flag that contradicts the model.
    pub fn settled(
        &self,
        info: &ModelInfo,
        label: &str,
        labels_may_differ: bool,
    ) -> Result<(EvaluationRequest, Option<FieldPaths>, Vec<String>)> {
        let (fields, labels, notes) = info.settle(label, (&self.labels, &self.typed), labels_may_differ)?;
        Ok((EvaluationRequest { labels, ..self.clone() }, fields, notes))
    }
}

/// Labelled tickets, and those of them that are recent enough to judge.
pub struct EvaluationSet {
    pub timeline: Timeline,
    pub window: Window,
    /// Rows of the timeline, ascending.
    pub rows: Vec<u32>,
    /// Labelled tickets before the window.
    pub outside_window: usize,
    pub synthetic: bool,
    pub sentence: String,
    /// Of the newest labelled ticket; `None` without one.
    pub age: Option<TicketAge>,
    /// What is to be told of tickets that are old.
    pub stale: Option<String>,
}

impl EvaluationSet {
    /// Reads all tickets.
    ///
    /// Errors: the source's own, and those of tickets that are too old. Tickets without any outcome are no error: nothing
    /// then judges.
    pub fn read(request: &EvaluationRequest, source: &dyn TicketSource, progress: &dyn Progress) -> Result<EvaluationSet> {
        EvaluationSet::read_with(request, source, progress, None)
    }

    /// As [`EvaluationSet::read`]; `see` also learns of what was once predicted.
    pub(in crate::ops) fn read_with(
        request: &EvaluationRequest,
        source: &dyn TicketSource,
        progress: &dyn Progress,
        see: Option<Observer<'_>>,
    ) -> Result<EvaluationSet> {
        let everything = ReadRequest {
            labels: request.labels.clone(),
            window_days: f64::INFINITY,
            as_of: request.as_of,
            min_samples: 0,
            max_age: request.max_age,
        };
        let reading = reading::read_with(&everything, source, progress, see)?;
        let window = Window::back_from(reading.window.to_ms, request.window_days);
        let labelled = reading.timeline.labelled();
        let recent = |row: &u32| window.contains(reading.timeline.tickets()[*row as usize].created_at);
        let rows: Vec<u32> = labelled.iter().copied().filter(recent).collect();
        let (synthetic, sentence) = (reading.synthetic(), reading.quality.sentence());
        let (age, stale) = (reading.age, reading.stale);
        Ok(EvaluationSet {
            outside_window: labelled.len() - rows.len(),
            timeline: reading.timeline,
            window,
            rows,
            synthetic,
            sentence,
            age,
            stale,
        })
    }
}
