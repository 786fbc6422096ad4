//! Tickets on a server with MongoDB's protocol, through the shipped binary.
//!
//! `HIVECTL_TEST_MONGODB_URI` names a MongoDB (5.0 to 8) of your own; otherwise `tests/servers/mongodb.sh` starts
//! FerretDB, DocumentDB and PostgreSQL once for this program. Without either the tests say so and are skipped.
#![allow(clippy::print_stdout, reason = "a skipped test says why")]

mod backfill;
mod backfill_killed;
mod backfill_slices;
mod capabilities;
mod doctor;
mod drift_baseline;
mod fake;
mod memory;
mod source;
mod source_faults;
mod stats;
mod support;
mod ticket_age;
