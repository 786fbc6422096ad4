//! The words that say which tickets are read and how.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Where tickets come from. A field that is `None` is what the settings say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tickets {
    /// Files, globs, `-` for standard input, or one URI of a server; empty for what the settings name.
    pub places: Vec<String>,
    /// Database on a server.
    pub database: Option<String>,
    /// Collection on a server.
    pub collection: Option<String>,
    /// Longest time to wait for the server, to be reached and to answer.
    pub timeout: Option<Duration>,
    /// Age of the newest usable ticket from which on those of a server are refused, and those of a file told to be old.
    /// It counts where something is learned, judged or checked.
    pub max_age: Option<Duration>,
    /// Field that names who asked for the ticket.
    pub requester_field: Option<String>,
    /// Field that names what the ticket runs.
    pub executable_field: Option<String>,
    /// Field with the size of the work.
    pub size_field: Option<String>,
    /// How times are written: `auto`, `epoch-ms`, `epoch-s`, `iso`, or a pattern with `%`.
    pub time_format: Option<String>,
}
