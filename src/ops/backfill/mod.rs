//! Predictions for tickets that have ended, with the features as they were when each was created, back into the
//! tickets; and how far the predictions are off.
//!
//! [`jobs`] is the job from request to report; [`request`] is what is asked of its parts; [`plan`] says how many tickets would get one: [`first_pass`] counts them in one reading
//! and holds the tickets while they are few, [`pending`] predicts them, [`slices`] reads them again by and by where they
//! are many.
//! [`apply`] writes, batch by batch, each ticket only while it is as it was read. Nothing but the tickets themselves
//! says what is done, so a run that died is gone on with by any later one.
//!
//! A ticket is written only while `status`, `actual_duration_ms` and `predictions.model_version` are as they were
//! read; others are conflicts, except where another run wrote the same version's prediction meanwhile.
//! `duration_confidence` is the running system's formula. Up to 250,000 labelled tickets are held; more are counted in
//! a first reading and predicted in a second, slice of time by slice of time, so that memory does not grow with them;
//! percentiles of more than 500,000 errors are within 0.05 %. A ticket without room for its prediction (16 MB) is
//! counted as refused by the server.

mod apply;
mod errors;
mod first_pass;
mod jobs;
mod pending;
mod plan;
mod request;
mod slices;

pub use apply::{BackfillOutcome, apply};
pub use errors::{ErrorSummary, ExtremeError};
pub use jobs::measure;
pub use plan::{BackfillPlan, prepare};
pub use request::{BackfillOptions, BackfillSettings, HELD_TICKETS};
