//! The words that say which tickets are read and how.

use clap::Args;

use crate::api::Tickets;
use crate::api::words::TypedInstructions;
use crate::cli::complete;

/// Where tickets come from.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tickets")]
pub struct TicketArgs {
    /// File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated),
    /// or mongodb://HOST:PORT
    #[arg(long, value_name = "PATH", add = complete::files(&["ndjson", "jsonl", "json", "csv", "parquet", "gz", "zst"]))]
    pub tickets: Vec<String>,

    /// Database of a MongoDB with tickets [default: the URI's, else neural_hive_orchestration]
    #[arg(long, value_name = "NAME")]
    pub database: Option<String>,

    /// Collection of a MongoDB with tickets [default: execution_tickets]
    #[arg(long, value_name = "NAME")]
    pub collection: Option<String>,

    /// Longest time to wait for a server with tickets [default: 5s to reach it, 30s for an answer], and for the server of the registry in all, such as 2m; a watch ends after so long
    #[arg(long, value_name = "TIME", value_parser = crate::base::duration::parse)]
    pub timeout: Option<std::time::Duration>,

    /// Field that names who asked for the ticket [default: metadata.requested_by]
    #[arg(long, value_name = "FIELD")]
    pub requester_field: Option<String>,

    /// Field that names what the ticket runs
    #[arg(long, value_name = "FIELD")]
    pub executable_field: Option<String>,

    /// Field with the size of the work
    #[arg(long, value_name = "FIELD")]
    pub size_field: Option<String>,

    /// How times are written: auto (each as it looks), epoch-ms, epoch-s, iso, or a pattern such as '%d/%m/%Y %H:%M'
    /// [default: as they look, and numbers in texts where all of a column are]
    #[arg(long, value_name = "FORM")]
    pub time_format: Option<String>,
}

/// How old tickets may be that say something of today.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Tickets")]
pub struct AgeArgs {
    /// Age of the newest usable ticket from which on tickets of a server are refused and a file's told to be old, such as
    /// 48h [default: the window, 48h at least]
    #[arg(long, value_name = "TIME", value_parser = crate::base::duration::parse)]
    pub max_ticket_age: Option<std::time::Duration>,
}

impl AgeArgs {
    /// The same tickets, no older than was typed.
    pub fn limit(self, tickets: Tickets) -> Tickets {
        Tickets { max_age: self.max_ticket_age, ..tickets }
    }
}

impl TicketArgs {
    /// What was typed.
    pub fn tickets(&self) -> Tickets {
        Tickets {
            places: self.tickets.clone(),
            database: self.database.clone(),
            collection: self.collection.clone(),
            timeout: self.timeout,
            max_age: None,
            requester_field: self.requester_field.clone(),
            executable_field: self.executable_field.clone(),
            size_field: self.size_field.clone(),
            time_format: self.time_format.clone(),
        }
    }

    /// What of fields was typed, beside what was typed of labels.
    pub fn typed(&self, labels: TypedInstructions) -> TypedInstructions {
        TypedInstructions {
            requester_field: self.requester_field.clone(),
            executable_field: self.executable_field.clone(),
            size_field: self.size_field.clone(),
            ..labels
        }
    }
}
