//! What every room may stand on: it imports nothing of the house but [`crate::error`].
//!
//! [`time`] units of time and RFC 3339 · [`duration`] lengths of time as people type them · [`atomic_file`] files that are there whole or not at all · [`redact`] text
//! without its secrets · [`sanitize`] foreign text made harmless · [`hashing`] digests · [`number`] numbers as people read
//! them · [`command_line`] a command to type next, made by [`commands`] alone · [`similarity`] the word that a mistyped one means ·
//! `yaml` the one place that knows the YAML crate. No
//! function here reads the clock or the environment, so that pure rooms may use them; only [`atomic_file`] touches the
//! outside.

pub mod atomic_file;
pub mod command_examples;
pub mod command_line;
pub mod commands;
pub mod duration;
pub mod hashing;
mod hint;
pub mod number;
pub mod redact;
pub mod sanitize;
pub mod similarity;
pub mod time;
pub(crate) mod yaml;

pub use atomic_file::{AtomicFile, write_whole};
pub use command_line::CommandLine;
pub use hashing::{RunningDigest, sha256_hex};
pub use hint::Hint;
