//! The words that say which tickets are read and how.

use clap::Args;

use crate::config::{Flags, Settings};
use crate::error::{Error, ErrorKind, Result};
use crate::source::TicketFiles;
use crate::ticket::FieldPaths;

/// Where tickets come from.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tickets")]
pub struct TicketArgs {
    /// File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, or - for stdin (can be repeated)
    #[arg(long, value_name = "PATH")]
    pub tickets: Vec<String>,

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
        flags.set("requester_field", "--requester-field", self.requester_field.as_ref());
        flags.set("executable_field", "--executable-field", self.executable_field.as_ref());
        flags.set("size_field", "--size-field", self.size_field.as_ref());
    }

    /// The fields that name requester, executable and size.
    pub fn paths(settings: &Settings) -> Result<FieldPaths> {
        FieldPaths::new(settings.text("requester_field"), settings.text("executable_field"), settings.text("size_field"))
    }

    /// Opens the files.
    ///
    /// Errors: [`ErrorKind::Usage`] when no place is named, or one that is a server.
    pub fn open(&self, settings: &Settings) -> Result<TicketFiles> {
        let places = match (self.tickets.as_slice(), settings.get("tickets")) {
            ([], None) => {
                return Err(Error::new(ErrorKind::Usage, "no tickets were named")
                    .hint("name a file with `--tickets FILE`, `--tickets -` for stdin, or set HIVECTL_TICKETS"));
            }
            ([], Some(setting)) => vec![setting.value.clone()],
            (typed, _) => typed.to_vec(),
        };
        if let Some(server) = places.iter().find(|place| place.contains("://")) {
            let scheme = server.split("://").next().unwrap_or_default();
            return Err(Error::new(ErrorKind::Usage, format!("this version of hivectl cannot read tickets from {scheme}://"))
                .hint("name files with `--tickets FILE`"));
        }
        TicketFiles::open(&places, TicketArgs::paths(settings)?)
    }
}
