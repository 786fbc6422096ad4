//! What a source of tickets offers: rows in order always, more where it can.
//!
//! Every place with tickets is a [`TicketSource`]. What only some can do are capabilities, each a trait that the source
//! hands out or not: [`Aggregations`] are computed where the rows are, a [`PredictionStore`] takes predictions back into
//! the tickets, a [`BaselineStore`] keeps drift baselines beside them. A job asks for the capability that it needs; one
//! that is missing is the error of [`Capability::missing`], whatever the job.

use crate::base::commands;
use crate::drift::Baseline;
use crate::error::{Error, ErrorKind, Result};
use crate::ticket::{FieldPaths, Ticket, TicketStatus, Window};

use super::position::SourcePosition;
use super::prediction_store::PredictionStore;

/// What is called with each ticket and the position at which it stood.
pub type Visit<'v> = dyn FnMut(Ticket, &SourcePosition) -> Result<()> + 'v;

/// The tickets that are asked for, by their times. A source that can leaves the others out; whoever reads looks again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// Every ticket.
    #[default]
    All,
    /// Created in the window, and those whose creation time says nothing, so that they can be counted.
    Created(Window),
    /// Created in the window, without those whose creation time says nothing.
    Dated(Window),
    /// With a prediction, and created or predicted in the window.
    CreatedOrPredicted(Window),
}

impl Selection {
    /// The tickets created in a window; all of them while it is not known.
    pub fn created(window: Option<Window>) -> Selection {
        window.map_or(Selection::All, Selection::Created)
    }
}

/// What is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TicketQuery {
    pub selection: Selection,
    /// Also what was once predicted; a source that can leaves it out otherwise.
    pub predictions: bool,
}

impl TicketQuery {
    /// The tickets of `selection` without what was once predicted.
    pub fn of(selection: Selection) -> TicketQuery {
        TicketQuery { selection, predictions: false }
    }

    /// Also what was once predicted.
    #[must_use]
    pub fn with_predictions(self) -> TicketQuery {
        TicketQuery { predictions: true, ..self }
    }
}

/// Tickets to be read once or more.
pub trait TicketSource {
    /// What it is called in a sentence: `files`, or the address of a server without its secrets.
    fn name(&self) -> String;

    /// Where the tickets are, without secrets: the paths of files from the root (`-` for standard input), or the address of
    /// a server.
    fn places(&self) -> Vec<String>;

    /// The same tickets with requester, executable and size read from other fields; nothing is read yet.
    fn with_fields(&self, fields: FieldPaths) -> Box<dyn TicketSource>;

    /// Calls `visit` with every ticket asked for, in the order of the source. Memory does not grow with their number.
    ///
    /// Errors: `visit`'s, and the source's own.
    fn for_each(&self, query: &TicketQuery, visit: &mut Visit<'_>) -> Result<()>;

    /// The newest `created_at` that is not in the future, milliseconds since the epoch; `None` where only reading
    /// everything can tell.
    fn newest(&self) -> Result<Option<i64>>;

    /// About how many tickets [`for_each`](Self::for_each) will visit, where that can be known at once.
    fn expected(&self, query: &TicketQuery) -> Option<u64>;

    /// Whether a running system writes into it all the time, so that old tickets mean that something is wrong.
    fn is_live(&self) -> bool {
        false
    }

    /// Whether the source itself refuses a second ticket with the same id, so that no one has to look for it.
    fn ids_are_unique(&self) -> bool {
        false
    }

    /// What there is in the source, one fact a line, to explain why too few of its tickets were usable; none where
    /// the source has given all it has.
    fn survey(&self) -> Result<Vec<String>>;

    /// Statistics that the source computes itself; `None` where tickets have to be read.
    fn aggregations(&self) -> Option<&dyn Aggregations> {
        None
    }

    /// Predictions back into the tickets; `None` where tickets can only be read.
    fn predictions(&self) -> Option<&dyn PredictionStore> {
        None
    }

    /// Drift baselines beside the tickets; `None` where there is no place for them.
    fn baselines(&self) -> Option<&dyn BaselineStore> {
        None
    }
}

/// What not every source can do and some jobs need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capability {
    /// [`PredictionStore`]
    Predictions,
    /// [`BaselineStore`]
    Baselines,
}

impl Capability {
    /// The error of a job that needs what the source of this name cannot do.
    pub fn missing(self, source: &str) -> Error {
        match self {
            Capability::Predictions => {
                Error::new(ErrorKind::Usage, format!("predictions are written into tickets on a server, and {source} were named"))
                    .hint(("name the server: `", commands::backfill_on("mongodb://HOST:PORT"), "`, or set MONGODB_URI"))
                    .hint(("for the errors of the tickets in a file: `", commands::backfill_errors_on("FILE"), "`"))
            }
            Capability::Baselines => {
                Error::new(ErrorKind::Usage, format!("--baseline-to-mongodb writes beside the tickets, and these are {source}"))
                    .hint("read the tickets from the server: `--tickets mongodb://HOST:PORT`, or set MONGODB_URI")
            }
        }
    }
}

impl<'s> dyn TicketSource + 's {
    /// The store that takes predictions.
    ///
    /// Errors: [`Capability::missing`].
    pub fn require_predictions(&self) -> Result<&dyn PredictionStore> {
        self.predictions().ok_or_else(|| Capability::Predictions.missing(&self.name()))
    }

    /// The store that takes drift baselines.
    ///
    /// Errors: [`Capability::missing`].
    pub fn require_baselines(&self) -> Result<&dyn BaselineStore> {
        self.baselines().ok_or_else(|| Capability::Baselines.missing(&self.name()))
    }
}

/// The durations of one task type and risk band.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DurationGroup {
    pub task_type: String,
    pub risk_band: String,
    /// Tickets with a duration.
    pub count: u64,
    pub mean_ms: f64,
    /// Population standard deviation in ms.
    pub deviation_ms: f64,
}

/// Statistics computed where the rows are: only sums travel.
pub trait Aggregations {
    /// The durations of the tickets of `window` with one of `statuses`, in the order of task type and risk band: the
    /// measured one, and where it is absent completion minus start. What was known at some moment only the tickets
    /// themselves can tell. Groups without a duration are left out. `None` where the source cannot say the same as
    /// reading the rows would.
    ///
    /// Errors: the source's own.
    fn durations(&self, window: &Window, statuses: &[TicketStatus]) -> Result<Option<Vec<DurationGroup>>>;
}

/// A drift baseline that was written beside the tickets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedBaseline {
    pub model: String,
    pub version: u32,
    /// Where it is: `database.collection`.
    pub namespace: String,
    pub size_bytes: u64,
}

/// Keeps drift baselines beside the tickets, where the running system reads them.
pub trait BaselineStore {
    /// Writes a baseline of a version. Earlier ones stay: the running system reads the latest.
    ///
    /// Errors: those of writing; [`ErrorKind::ServerFailed`] when the server refuses it.
    fn publish(&self, baseline: &Baseline, version: u32) -> Result<PublishedBaseline>;
}
