//! The words that say which tickets are read and how.

use clap::Args;

use crate::api::Tickets;
use crate::cli::complete;
use crate::config::{Flags, Settings};
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::TypedInstructions;
use crate::source::{DEFAULT_TIMEOUT, SourceLocation, SourceUri, TicketSource};
use crate::ticket::FieldPaths;

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

    /// Longest time to wait for an answer of a server with tickets [default: 30s], and for the server of the registry in all, such as 2m; a watch ends after so long
    #[arg(long, value_name = "TIME", value_parser = crate::cli::duration::parse)]
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
}

impl TicketArgs {
    /// Adds what was typed to the settings' flags.
    pub fn note(&self, flags: &mut Flags) {
        flags.set("tickets", "--tickets", (!self.tickets.is_empty()).then(|| self.tickets.join(" ")));
        flags.set("database", "--database", self.database.as_ref());
        flags.set("collection", "--collection", self.collection.as_ref());
        flags.set("requester_field", "--requester-field", self.requester_field.as_ref());
        flags.set("executable_field", "--executable-field", self.executable_field.as_ref());
        flags.set("size_field", "--size-field", self.size_field.as_ref());
    }

    /// What was typed.
    pub fn tickets(&self) -> Tickets {
        Tickets {
            places: self.tickets.clone(),
            database: self.database.clone(),
            collection: self.collection.clone(),
            timeout: self.timeout,
            requester_field: self.requester_field.clone(),
            executable_field: self.executable_field.clone(),
            size_field: self.size_field.clone(),
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

    /// The fields that name requester, executable and size.
    pub fn paths(settings: &Settings) -> Result<FieldPaths> {
        FieldPaths::new(settings.text("requester_field"), settings.text("executable_field"), settings.text("size_field"))
    }

    /// Opens the place that is named; nothing is read yet.
    ///
    /// Errors: [`ErrorKind::Usage`] when no place is named, or one that hivectl cannot read.
    pub fn open(&self, settings: &Settings) -> Result<Box<dyn TicketSource>> {
        self.location(settings)?.open(TicketArgs::paths(settings)?)
    }

    /// Where the tickets are; nothing is opened yet.
    ///
    /// Errors: [`ErrorKind::Usage`] when no place is named, and those of [`SourceLocation::parse`].
    pub fn location(&self, settings: &Settings) -> Result<SourceLocation> {
        SourceLocation::parse(&SourceUri {
            places: self.places(settings)?,
            typed: !self.tickets.is_empty(),
            database: settings.text("database").map(str::to_owned),
            collection: settings.text("collection").map(str::to_owned),
            timeout: self.timeout.unwrap_or(DEFAULT_TIMEOUT),
        })
    }

    fn places(&self, settings: &Settings) -> Result<Vec<String>> {
        match (self.tickets.as_slice(), settings.get("tickets")) {
            ([], None) => Err(Error::new(ErrorKind::Usage, "no tickets were named").hint(
                "name a file with `--tickets FILE`, `--tickets -` for stdin, `--tickets mongodb://HOST:PORT`, or set HIVECTL_TICKETS or MONGODB_URI",
            )),
            ([], Some(setting)) => Ok(vec![setting.revealed()?.value]),
            (typed, _) => Ok(typed.to_vec()),
        }
    }
}
