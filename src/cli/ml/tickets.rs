//! The words that say which tickets are read and how.

use clap::Args;

use crate::api::Tickets;
use crate::base::redact::carries_secret;
use crate::config::{Flags, Settings};
use crate::error::{Error, ErrorKind, Result};
use crate::source::mongodb::MongoPlace;
use crate::source::{MongoTickets, TicketFiles, TicketSource};
use crate::ticket::FieldPaths;

/// How long an answer of a server is waited for, where nothing else is said.
pub const USUAL_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(30);

/// Where tickets come from.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tickets")]
pub struct TicketArgs {
    /// File with tickets (NDJSON, JSON, CSV or Parquet; plain, gz or zst), a glob, - for stdin (can be repeated),
    /// or mongodb://HOST:PORT
    #[arg(long, value_name = "PATH")]
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

    /// The fields that name requester, executable and size.
    pub fn paths(settings: &Settings) -> Result<FieldPaths> {
        FieldPaths::new(settings.text("requester_field"), settings.text("executable_field"), settings.text("size_field"))
    }

    /// Opens the place that is named; nothing is read yet.
    ///
    /// Errors: [`ErrorKind::Usage`] when no place is named, or one that hivectl cannot read.
    pub fn open(&self, settings: &Settings) -> Result<Box<dyn TicketSource>> {
        match self.server(settings)? {
            Some(place) => Ok(Box::new(MongoTickets::new(place, TicketArgs::paths(settings)?))),
            None => Ok(Box::new(TicketFiles::open(&self.places(settings)?, TicketArgs::paths(settings)?)?)),
        }
    }

    /// The collection that is named, where it is one on a server.
    ///
    /// Errors: [`ErrorKind::Usage`] for a server among several places, one that hivectl cannot read, and a
    /// password on the command line.
    pub fn server(&self, settings: &Settings) -> Result<Option<MongoPlace>> {
        let places = self.places(settings)?;
        let Some(server) = places.iter().find(|place| place.contains("://")) else { return Ok(None) };
        if !MongoPlace::is_meant_by(server) {
            let scheme = server.split("://").next().unwrap_or_default();
            return Err(Error::new(ErrorKind::Usage, format!("this version of hivectl cannot read tickets from {scheme}://"))
                .hint("name files with `--tickets FILE`, or a MongoDB with `--tickets mongodb://HOST:PORT`"));
        }
        if places.len() > 1 {
            return Err(Error::new(ErrorKind::Usage, "a server was named together with other places, tickets come from one of them")
                .hint("give `--tickets` a single time"));
        }
        if !self.tickets.is_empty() && carries_secret(server) {
            return Err(Error::new(ErrorKind::Usage, "--tickets carries a password, which would stay in the shell's history")
                .hint("put the whole URI into the environment variable MONGODB_URI and leave `--tickets` out"));
        }
        MongoPlace::new(server, settings.text("database"), settings.text("collection"), self.timeout.unwrap_or(USUAL_TIMEOUT)).map(Some)
    }

    /// Where drift baselines are to be written too; `None` where that is not asked for.
    ///
    /// Errors: [`ErrorKind::Usage`] when it is asked for and the tickets are not on a server.
    pub fn place_of_baselines(&self, settings: &Settings) -> Result<Option<MongoPlace>> {
        match (settings.is_on("baseline_to_mongodb"), self.server(settings)) {
            (false, _) => Ok(None),
            (true, Ok(Some(place))) => Ok(Some(place)),
            (true, Err(error)) => Err(error),
            (true, Ok(None)) => Err(Error::new(ErrorKind::Usage, "--baseline-to-mongodb writes beside the tickets, and these are files")
                .hint("read the tickets from the server: `--tickets mongodb://HOST:PORT`, or set MONGODB_URI")),
        }
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
