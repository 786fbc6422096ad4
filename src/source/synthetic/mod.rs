//! Tickets that are made up: for trying things out, for tests and for the shipped example.
//!
//! [`calendar`] says when tickets come, [`work`] what each one asks for and how it goes, [`document`]
//! gives it the platform's shape, [`write()`] makes the file. The numbers need nothing but addition and
//! multiplication, so the same request gives the same file on every machine. Every ticket carries the
//! mark `metadata.synthetic`.

mod calendar;
mod document;
mod work;
mod write;

pub use write::{SyntheticRequest, write};
