//! Predictions for tickets that have ended, with the features as they were when each was created, back into the
//! tickets; and how far the predictions are off.
//!
//! [`work`] reads the tickets and says what every one would get, which is the plan; [`apply`] writes it, batch by
//! batch, each ticket only while it is as it was read. Nothing but the tickets themselves says what is done, so a
//! run that died is gone on with by any later one.

mod apply;
mod errors;
mod work;

pub use apply::{Applied, Orders, apply};
pub use errors::{Errors, Extreme};
pub use work::{BackfillRequest, Tickets, Work, prepare};
