//! Tickets on a server with MongoDB's protocol.
//!
//! [`target`] says which collection, without ever showing a secret; [`connection`] is the driver behind a
//! synchronous door and what its failures mean, [`contact`] whether the server was there, [`reason`] what the driver says; [`tickets`] streams raw batches, whose bytes [`element`] takes apart
//! and [`value`] gives to the code that reads every ticket; [`window`] is the one query for every shape of a time;
//! [`survey`] tells what types and spellings there are when a window is empty, [`newest`] where a window ends.
//! [`revision`] is what a ticket was when it was read, [`predictions`] writes back while it is the same,
//! [`backfill_record`] is what a backfill leaves behind, [`replaced`] what it wrote over, [`feature_baselines`] what the running system's drift detector
//! reads, [`inspection`] what the server says of itself, [`durations`] what it counts for us.
//!
//! Only commands that MongoDB 5.0 knows are used.
//!
//! One cursor reads a server: two over halves of `_id` were 1.4 times as fast at 100,000 tickets, but which of two
//! tickets with one id is refused would depend on which half came first. Where no unique index on `ticket_id` vouches
//! for ids, 8 bytes a ticket are remembered. Without a moment to look at, a window ends at the newest ticket that is
//! not in the future.

mod backfill_record;
mod connection;
mod contact;
mod durations;
mod element;
mod feature_baselines;
mod inspection;
mod newest;
mod predictions;
mod reason;
mod replaced;
mod revision;
mod survey;
mod target;
mod tickets;
mod value;
mod window;

pub(super) use target::server;
pub use tickets::TICKET_FIELDS;
