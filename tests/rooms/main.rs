//! The rooms of knowledge and the sources, called directly: trees, formats, statistics, features and tickets.

#[path = "../common/mod.rs"]
pub mod common;

mod api_documents;
mod features;
mod forecast;
mod formats;
mod pairs_of_models;
mod statistics;
mod tickets;
mod trees;
