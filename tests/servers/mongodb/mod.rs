//! Tickets on a server with MongoDB's protocol, through the shipped binary.
//!
//! `HIVECTL_TEST_MONGODB_URI` names a MongoDB (5.0 to 8) of your own; otherwise `tests/servers/mongodb.sh` starts
//! FerretDB, DocumentDB and PostgreSQL once for this program. Without either the tests say so and are skipped.
#![allow(clippy::print_stdout, reason = "a skipped test says why")]

mod backfill;
mod baselines;
mod doctor;
mod fake;
mod killed;
mod misbehaviour;
mod reading;
mod slices;
mod stats;
mod support;
