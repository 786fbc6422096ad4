//! Where tickets come from and where tables of them go.
//!
//! In: [`open`] turns the words that name tickets into a source; [`contract`] says what every source does and what some
//! can do besides, [`prediction_store`] how predictions go back into tickets, [`inspection`] what a server says of
//! itself. Nothing else of a source leaves this room: its wire types are its own.
//!
//! [`files`] finds the files that were named and reads each by what is in it, whatever its suffix: [`compression`]
//! takes gzip and zstd off, [`json`], [`csv_rows`] and [`parquet_rows`] cut records out, [`pipeline`] turns them into
//! tickets on all cores and keeps their order. Nothing here holds a file in memory. [`position`] is where a ticket
//! stood, for messages. [`mongodb`] reads a server's collection and writes into it.
//!
//! [`table_rows`] reads tables of any columns; [`test_data`] finds model files with the tables that judge them.
//!
//! Out: [`tables`] writes matrices and predictions, [`synthetic`] tickets that are made up, both through
//! [`output`], whose files are there as a whole or not at all.

mod arrow_cell;
mod compression;
mod contract;
mod csv_rows;
pub mod files;
mod inspection;
mod json;
mod json_shape;
mod mongodb;
mod open;
mod output;
mod parquet_rows;
mod pipeline;
mod plain_json;
mod position;
mod prediction_store;
mod row;
mod seeds;
pub mod synthetic;
pub mod table_rows;
pub mod tables;
pub mod test_data;
mod time_columns;
mod unique_keys;

pub use contract::{
    Aggregations, BaselineStore, Capability, DurationGroup, PublishedBaseline, Selection, TicketQuery, TicketSource, Visit,
};
pub use files::TicketFiles;
pub use inspection::{AccountRights, LabelCoverage, NeededIndex, QueryPlan, ServerInspection};
pub use mongodb::TICKET_FIELDS;
pub use open::{ANSWER_TIMEOUT, CONNECT_TIMEOUT, SourceLocation, SourceUri};
pub use position::SourcePosition;
pub use prediction_store::{
    BackfillRecord, BackfillStatistics, BatchOutcome, KeepReplaced, NewPrediction, PREDICTION_KEYS, PredictionStore, PredictionWriter,
    TicketRevision, UndoOutcome, VisitRevision,
};
