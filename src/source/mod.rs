//! Where tickets come from and where tables of them go.
//!
//! In: [`files`] finds the files that were named and reads each by what is in it, whatever its suffix:
//! [`compression`] takes gzip and zstd off, [`json`], [`csv_rows`] and [`parquet_rows`] cut records out,
//! [`pipeline`] turns them into tickets on all cores and keeps their order. Nothing here holds a file in
//! memory. [`place`] is where a ticket stood, for messages. [`mongodb`] reads a server's collection. Both are a
//! [`TicketSource`].
//!
//! [`test_data`] finds model files with the tables that judge them.
//!
//! Out: [`tables`] writes matrices and predictions, [`synthetic`] tickets that are made up, both through
//! [`output`], whose files are there as a whole or not at all.

mod arrow_cell;
mod compression;
mod csv_rows;
pub mod files;
mod json;
pub mod mongodb;
mod output;
mod parquet_rows;
mod pipeline;
pub mod place;
mod row;
pub mod synthetic;
pub mod tables;
pub mod test_data;
mod ticket_source;

pub use files::TicketFiles;
pub use mongodb::MongoTickets;
pub use place::Place;
pub use ticket_source::{TicketSource, Visit, Wanted};
