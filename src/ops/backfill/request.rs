//! What is asked of a backfill.

use crate::error::Result;
use crate::kinds::{TypedInstructions, instructions};
use crate::lifecycle::ModelVersion;
use crate::ops::load;
use crate::registry::ModelStore;
use crate::source::{BackfillRecord, TicketSource};
use crate::ticket::{LabelRule, Window};

/// Tickets held in memory, at most, unless another number is asked for; about 150 MB.
pub const HELD_TICKETS: usize = 250_000;

/// Which tickets get a prediction.
#[derive(Clone, Debug)]
pub struct BackfillSettings {
    pub labels: LabelRule,
    /// What of labels and fields was typed; the version's own instructions hold otherwise.
    pub typed: TypedInstructions,
    /// What is to be told beside the result.
    pub notes: Vec<String>,
    pub window_days: f64,
    /// Milliseconds since the epoch; `None` is the newest `created_at`, with every outcome known.
    pub as_of: Option<i64>,
    /// The window of a plan that was made before, in place of the one that days and moment make.
    pub window: Option<Window>,
    pub threads: usize,
    /// Tickets with a prediction of somebody else get one of this version.
    pub replace: bool,
    /// More labelled tickets than this are not held in memory: they are counted in a first reading and predicted in
    /// a second, slice of time by slice of time.
    pub held_tickets: usize,
}

impl BackfillSettings {
    /// The same as the version wants its tickets read, and the source that reads them so; `None` is the one at hand.
    ///
    /// Errors: [`crate::error::ErrorKind::Usage`] for a flag that contradicts the version.
    pub fn settled(
        &self,
        registry: &dyn ModelStore,
        version: &ModelVersion,
        source: &dyn TicketSource,
    ) -> Result<(BackfillSettings, Option<Box<dyn TicketSource>>)> {
        let card = load::card(registry, version)?;
        let told = card.as_ref().map(|card| card.instructions.as_ref());
        let (fields, labels, notes) = instructions::settle(told, &version.id().to_string(), (&self.labels, &self.typed), false)?;
        Ok((BackfillSettings { labels, notes, ..self.clone() }, fields.map(|fields| source.with_fields(fields))))
    }
}

/// How the predictions are written.
#[derive(Clone, Debug)]
pub struct BackfillOptions {
    /// Tickets a second, at most.
    pub rate: Option<f64>,
    /// Nothing is written into tickets; the errors are noted in the history.
    pub errors_only: bool,
    /// A backfill that was begun before and goes on.
    pub resumed: Option<BackfillRecord>,
    pub actor: String,
    pub reason: Option<String>,
    /// How long the note in the history is worth keeping.
    pub retention_days: i64,
}
